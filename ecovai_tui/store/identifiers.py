"""What can be the id of a task at all."""

from __future__ import annotations

import re

_ID = re.compile(r"[!-,.-~][!-~]{0,190}")


def is_id(text: str) -> bool:
    """Tell whether a text can be an id: 1 to 191 characters from ``!`` to ``~``, not beginning with ``-``.

    191 is the length of the id's column in new-api and one-hub.
    """
    return _ID.fullmatch(text) is not None
