"""Catalogues without their being compiled: the Chinese one as its source has it, and one that marks every text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from pathlib import Path
from typing import NamedTuple

import ecovai_tui
from ecovai_tui import language
from ecovai_tui.tasks import terms
from ecovai_tui.view import first_start

SOURCE = Path(ecovai_tui.__path__[0]) / "locale" / "zh_CN" / "LC_MESSAGES" / "ecovai_tui.po"


class Entry(NamedTuple):
    """One message of a source: what it is in English, and in the other language."""

    one: str
    many: str
    texts: tuple[str, ...]
    fuzzy: bool


def entries(source: Path = SOURCE) -> list[Entry]:
    """Return what a source has, its head left out."""
    blocks = source.read_text(encoding="utf-8").strip().split("\n\n")
    return [entry for entry in map(_entry, blocks) if entry.one]


def _entry(block: str) -> Entry:
    parts: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        if found := re.match(r"(msg\w+(?:\[\d\])?) (.*)", line):
            name = found[1]
        parts[name] = parts.get(name, "") + ast.literal_eval(line[line.index('"') :])
    texts = tuple(text for name, text in parts.items() if name.startswith("msgstr"))
    return Entry(parts["msgid"], parts.get("msgid_plural", ""), texts, "#, fuzzy" in block)


class Chinese(NullTranslations):
    """The Chinese catalogue."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = {entry.one: entry.texts[0] for entry in entries()}

    def gettext(self, message: str) -> str:
        return self._texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._texts.get(msgid1, msgid2)


_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "äßçđéƒğĥíĵķłmñöþqŕšťúvŵxýžÄBÇĐÉFĞĤÍĴĶŁMÑÖÞQŔŠŤÚVŴXÝŽ"
)


class Marked(NullTranslations):
    """A language in which the letters of every text have marks, and names in braces have none."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(\{[^{}]*\}|%\([^)]*\)[a-z]|%[srd])", message)
        return "".join(part if at % 2 else part.translate(_LETTERS) for at, part in enumerate(parts))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def speaking(catalogue: NullTranslations) -> Iterator[None]:
    """Take all texts from a catalogue meanwhile; what is kept of texts is forgotten."""
    _forget()
    language.use_catalogue(catalogue)
    try:
        yield
    finally:
        language.use_catalogue(None)
        _forget()


def _forget() -> None:
    first_start.start_page.cache_clear()
    terms._explained.cache_clear()
    terms._LINES.clear()
