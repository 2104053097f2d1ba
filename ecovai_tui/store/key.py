"""The API key: wrapped so that nothing shows it, cleaned before it is used."""

from __future__ import annotations

import re
from typing import NoReturn

from ecovai_tui.store.errors import SettingsError

_BEARER = re.compile(r"\Abearer(\s+|\Z)", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")


class Secret:
    """A text that shows itself to nobody but the one who calls `reveal`: no repr, no str, no pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; for the Authorization header and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down")


def clean_key(text: str, source: str) -> Secret:
    """Return the key without the blanks around it and without one leading "Bearer ".

    Raises SettingsError, naming the source but not the key, for what cannot be a key: it must be printable
    ASCII without blanks.
    """
    key = _BEARER.sub("", text.strip())
    if not key:
        raise SettingsError(f"The key from {source} is empty.")
    if not _PRINTABLE.fullmatch(key):
        raise SettingsError(
            f"The key from {source} cannot be a key: it contains a blank, or a character that is not plain ASCII. "
            "Copy it anew from the gateway's web page."
        )
    return Secret(key)
