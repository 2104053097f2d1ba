"""The API key: wrapped so that nothing shows it, cleaned before it is used."""

from __future__ import annotations

import re
from typing import NoReturn

from ecovai_tui.store.errors import SettingsError, shown_path

_BEARER = re.compile(r"\Abearer(\s+|\Z)", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")
_QUOTES = {
    '"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "„": "“”", "‘": "’", "’": "’", "‚": "‘’", "«": "»", "»": "«",
    "‹": "›", "›": "‹", "「": "」", "『": "』", "＂": "＂", "＇": "＇", "〝": "〞",
}  # fmt: skip
"""What a quotation may begin with, and what may end it."""
_QUOTE_CHARACTERS = frozenset(_QUOTES).union(*_QUOTES.values())
_SHORTEST_SECRET = 20


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
    """Return the key without the blanks and quotes around it and without one leading "Bearer ".

    Files that Docker and systemd read hand quotes on that a shell would take away. Raises SettingsError, naming the
    source but not the key, for what cannot be a key: it must be printable ASCII without blanks and quotes.
    """
    key = unquoted(_BEARER.sub("", unquoted(text), count=1))
    if not key:
        raise SettingsError(f"The key from {source} is empty.")
    if not _QUOTE_CHARACTERS.isdisjoint(key):
        raise SettingsError(
            f"The key from {source} cannot be a key: there are quotes in it. Write it without quotes, "
            "or in one pair of them."
        )
    if not _PRINTABLE.fullmatch(key):
        raise SettingsError(
            f"The key from {source} cannot be a key: it contains a blank, or a character that is not plain ASCII. "
            "Copy it anew from the gateway's web page."
        )
    return Secret(key)


def unquoted(text: str) -> str:
    """Return a text without the blanks around it and without the pairs of quotes around it, typographic ones too."""
    text = text.strip()
    while len(text) > 1 and text[-1] in _QUOTES.get(text[0], ""):
        text = text[1:-1].strip()
    return text


def could_be_key(text: str) -> bool:
    """Return whether a text that stands in a wrong place could be a key, so that no message may repeat it."""
    long_words = (word for word in re.findall(r"[\w+/=.-]+", text) if len(word) >= _SHORTEST_SECRET)
    return re.search(r"(?i)\bsk-\w", text) is not None or any(map(_is_mixed, long_words))


def quoted(text: str) -> str:
    """Return a text in quotes for a message, or what stands for one that could be a key."""
    return "(hidden, as it could be a key)" if could_be_key(text) else f'"{shown_path(text)}"'


def shown_name(text: str) -> str:
    """Return a name as it stands in a message without quotes, as that of a profile, or what stands for a key."""
    return "(hidden)" if could_be_key(text) else shown_path(text)


def _is_mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))
