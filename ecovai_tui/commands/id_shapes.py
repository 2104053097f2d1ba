"""What the ids of tasks look like, and where in plain text they stand.

Gateways hand out UUIDs, 32 hexadecimal digits (Suno-API), ``task_`` and 32 characters (new-api since 2026), and 17
digits (a reseller). To everything else an id is an opaque string; only these shapes can be told from other words.
"""

from __future__ import annotations

import re

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEX = r"[0-9a-fA-F]{32}"
_LOOKS_LIKE_ID = re.compile(rf"{_UUID}|{_HEX}|task_[0-9A-Za-z_-]{{4,186}}|[0-9]{{15,191}}")
_IN_TEXT = re.compile(
    rf"(?<![0-9A-Za-z_-])(?:{_UUID}|{_HEX}|task_[0-9A-Za-z]{{16,186}})(?![0-9A-Za-z_-])"
    r"|(?<=/suno/fetch/)[0-9A-Za-z_][0-9A-Za-z_-]{7,190}"
)
_OTHER_IDS = re.compile(r"(?i)\b(?:request|clip|trace|span|session|user|item|parent)[ _-]?id\W{1,4}[0-9a-z-]+")
_FILES = re.compile(r"(?i)https?://[^\s\"'<>]*(?:suno\.(?:ai|com)/|\.(?:mp3|mp4|m4a|wav|jpe?g|png|webp)\b)[^\s\"'<>]*")
_BARE_WORD = re.compile(r"(?=.*[0-9])[0-9A-Za-z_][0-9A-Za-z_.:-]{7,190}")


def looks_like_id(word: str) -> bool:
    """Tell whether a bare word has one of the shapes that no command and no file has."""
    return _LOOKS_LIKE_ID.fullmatch(word) is not None


def ids_in_text(text: str) -> list[str]:
    """Return the ids in one line of text, in order; ids that are said to be another thing's are left out.

    A line that is a single word may be an id of any shape, if only it has a digit.
    """
    word = text.strip().strip("\"',;")
    if looks_like_id(word) or _BARE_WORD.fullmatch(word):
        return [word] if _could_be_bare(word) else []
    return _IN_TEXT.findall(_FILES.sub(" ", _OTHER_IDS.sub(" ", text)))


def _could_be_bare(word: str) -> bool:
    return not re.fullmatch(r"[0-9]{1,14}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]+(?:\.[0-9]+)+", word)
