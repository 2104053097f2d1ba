"""What can be the id of a task at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ID = re.compile(r"[!-,.-~][!-~]{0,190}")
_IDS = re.compile(rf"{_ID.pattern}(?:\n{_ID.pattern})*")


def is_id(text: str) -> bool:
    """Tell whether a text can be an id: 1 to 191 characters from ``!`` to ``~``, not beginning with ``-``.

    191 is the length of the id's column in new-api and one-hub.
    """
    return _ID.fullmatch(text) is not None


def are_ids(texts: Sequence[str]) -> bool:
    """Tell whether all of very many texts can be ids, much quicker than one by one; False for none at all."""
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and _IDS.fullmatch(joined) is not None
