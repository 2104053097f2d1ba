"""How the instance that leads tells the others, through the replica, how the link to the gateway is."""

from __future__ import annotations

import json

from ecovai_tui.monitor.update import Link, Trouble


def told(link: Link) -> str:
    """Return a link as the text that the replica keeps for the other instances."""
    trouble = link.trouble._asdict() if link.trouble else None
    return json.dumps({**link._asdict(), "trouble": trouble}, ensure_ascii=False)


def heard(text: str) -> Link:
    """Return the link that another instance told of; a text that cannot be read counts as none.

    What only another version of the program knows is left out.
    """
    try:
        fields = json.loads(text)
        trouble = fields.pop("trouble")
        known = {name: value for name, value in fields.items() if name in Link._fields}
        return Link(trouble=Trouble(**trouble) if trouble else None, **known)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Link()
