"""The language of what people read: English as it stands in the code, or a catalogue of GNU gettext.

A catalogue is opened only for another language than English. JSON, exit codes and the names of settings are English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

DOMAIN = "ecovai_tui"
ENGLISH, CHINESE = "en", "zh-CN"
LANGUAGES = ("auto", ENGLISH, CHINESE)
"""What the setting ``language`` may be; ``auto`` leaves it to the environment."""

FOLDER = Path(__file__).parent / "locale"
_LOCALES = {CHINESE: "zh_CN"}
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Catalogue(Protocol):
    """The texts of another language by the English ones."""

    def gettext(self, text: str, /) -> str:
        """Return the text for another."""

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        """Return the text for so many."""


_catalogue: Catalogue | None = None


def choose_language(setting: str, environment: Mapping[str, str]) -> str:
    """Return the language that a setting names, or else the locale; all Chinese is simplified Chinese."""
    if setting in _LOCALES or setting == ENGLISH:
        return setting
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    word = locale.partition(".")[0].partition("_")[0].partition("-")[0]
    return CHINESE if word.lower() == "zh" else ENGLISH


def set_language(language: str) -> None:
    """Let all texts be in a language from now on; one whose catalogue was not compiled stays English."""
    locale = _LOCALES.get(language)
    if locale is None:
        use_catalogue(None)
        return
    from gettext import translation  # noqa: PLC0415 - slow to import, and English needs none

    use_catalogue(translation(DOMAIN, FOLDER, [locale], fallback=True))


def use_catalogue(catalogue: Catalogue | None) -> None:
    """Take all texts from a catalogue; None is English."""
    global _catalogue  # noqa: PLW0603 - a process speaks one language
    _catalogue = catalogue


@contextmanager
def in_english() -> Iterator[None]:
    """Let texts be English meanwhile: for what programs read."""
    before = _catalogue
    use_catalogue(None)
    try:
        yield
    finally:
        use_catalogue(before)


def is_english() -> bool:
    """Return whether texts are those of the code."""
    return _catalogue is None


def later(text: str) -> str:
    """Return a text as it is: one that stands in a table, for the catalogue, and is translated where it is used."""
    return text


def tr(text: str, /, **values: object) -> str:
    """Return a text in the user's language, with values in the place of names in braces, if there are any."""
    if _catalogue is not None and text:
        text = _catalogue.gettext(text)
    return text.format(**values) if values else text


class Said(str):
    """A text in the user's language that knows what it was made of, so that it can be kept and said in another one."""

    __slots__ = ("made_of",)
    made_of: tuple[str, Mapping[str, object]]
    """The English text, and the values in it."""


def said(text: str, /, **values: object) -> Said:
    """Return the same as ``tr``, for what is kept as well."""
    whole = Said(tr(text, **values))
    whole.made_of = text, values
    return whole


def sentences(*told: str) -> str:
    """Return sentences in a row, empty ones left out; not every language has a blank between them."""
    return _joined(later("{first} {then}"), told)


def clauses(*told: str) -> str:
    """Return parts of a sentence with commas between them, empty ones left out."""
    return _joined(later("{first}, {then}"), told)


def listed(names: Sequence[str]) -> str:
    """Return one name, or several with "and" before the last one."""
    *others, last = names
    return tr("{others} and {last}", others=tr(", ").join(others), last=last) if others else last


def _joined(pattern: str, told: Iterable[str]) -> str:
    whole = ""
    for each in filter(None, told):
        whole = said(pattern, first=whole, then=each) if whole else each
    return whole


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the text for a number of things, which is ``n`` in it, in the user's language."""
    text = (one if n == 1 else many) if _catalogue is None else _catalogue.ngettext(one, many, n)
    return text.format(n=n, **values)
