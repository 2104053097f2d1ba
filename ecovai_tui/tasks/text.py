"""The one place where untrusted text is cleaned, what texts are compared by, and their width in terminal cells."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache

from ecovai_tui.language import Said, in_english, said, tr

_ESCAPE_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|(?=\x1b)|\Z)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"  # everything else that begins with ESC
)

_LINE_ENDS = r"\r\n?|[\u2028\u2029\x85\x0b\x0c]"

_INVISIBLE_RANGES = (
    (0x00, 0x1F),  # C0
    (0x7F, 0x9F),  # DEL and C1
    (0xAD, 0xAD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark, a bidi control
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors and vowel separator
    (0x200B, 0x200F),  # zero-width space, joiners and direction marks
    (0x2028, 0x202E),  # line separators, embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, isolates
    (0x3164, 0x3164),  # Hangul filler
    (0xD800, 0xDFFF),  # lone surrogates cannot be encoded
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # half-width Hangul filler
    (0xFFF0, 0xFFFB),  # interlinear annotation and specials
    (0xFFFE, 0xFFFF),  # not characters
    (0x13430, 0x1345F),  # Egyptian format controls
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D173, 0x1D17A),  # musical format controls
    (0x1F3FB, 0x1F3FF),  # skin tones: terminals disagree on their width
    (0xE0000, 0xE0FFF),  # tags and variation selectors
)

_INVISIBLE = "[" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in _INVISIBLE_RANGES) + "]"
_INVISIBLE_BUT_LAYOUT = f"(?![\t\n]){_INVISIBLE}"


def without_controls(text: str) -> str:
    """Return a text without it, its line ends made alike and its characters composed; newline and tab stay."""
    text = re.sub(_LINE_ENDS, "\n", re.sub(_ESCAPE_SEQUENCE, "", text))
    return unicodedata.normalize("NFC", re.sub(_INVISIBLE_BUT_LAYOUT, "", text))


TITLE_LIMIT = 500
"""Characters kept of anything that is shown on one line."""

TEXT_LIMIT = 200_000
"""Characters kept of lyrics and other texts of several lines."""

ELLIPSIS = "…"

_BLANKS = r"\s+"
_PLAIN = r"[\t\n -~]*"
"""Most of what gateways send has nothing to clean; to see that costs a tenth of cleaning it."""


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return untrusted text of several lines without anything that could steer a terminal; newline and tab stay."""
    if re.fullmatch(_PLAIN, text):
        return text[:limit]

    return without_controls(text[: 2 * limit])[:limit]


def clean_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """Return untrusted text as one clean line, its blanks folded."""
    return re.sub(_BLANKS, " ", clean_text(text, limit)).strip()


_ACCENTS = "[\u0300-\u036f]+"
_UNACCENTED = "[\x00-\x7f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*"
"""ASCII, kana, ideographs and Hangul: texts of these alone are as they are compared, but for capitals."""


def folded(text: str) -> str:
    """Return what texts are compared by in a search: without regard to case, accents and the width of letters."""
    if text.isascii() or re.fullmatch(_UNACCENTED, text):
        return text.lower()
    return without_accents(text).casefold()


def without_accents(text: str) -> str:
    """Return a text in letters of the usual width and without accents; marks that make another letter stay."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", text)))


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return how many terminal cells the text takes."""
    if text.isascii():
        return len(text)
    cell_len, _ = _measures()
    return cell_len(text)


def _measures() -> tuple[Callable[[str], int], Callable[[str, int], str]]:
    """Return what tells the cells of a text, and what cuts or pads it to so many."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415 - slow to import, and most texts are ASCII

    return cell_len, set_cell_size


def truncate(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return the text in at most so many cells, its end replaced by an ellipsis where it is too long."""
    if cell_width(text) <= width:
        return text
    if width <= cell_width(ellipsis):
        return ellipsis[: max(0, width)]
    return _beginning(text, width - cell_width(ellipsis)).rstrip() + ellipsis


LONG_WORD = 24
"""Cells of a word that is cut rather than left out."""


_FOLDERS = r"(?<![\w/:])~?/(?:[^\s/:]+/)+"


def shorten_sentence(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return a sentence in at most so many cells; where it is too long, files lose their folders, then it is cut.

    It is cut behind a word, or within a long one.
    """
    if cell_width(text) > width:
        text = re.sub(_FOLDERS, "", text)
    if cell_width(text) <= width:
        return text
    kept = truncate(text, width, "")
    words, _, begun = kept.rpartition(" ")
    at_word = text[len(kept) :].startswith(" ") and cell_width(kept + ellipsis) <= width
    if words and not at_word and cell_width(begun) < LONG_WORD:
        return words.rstrip(" ,;:") + ellipsis
    return truncate(text, width, ellipsis)


def _beginning(text: str, width: int) -> str:
    """Return so many cells of a text; a wide character that would stick out is replaced by a blank."""
    if text.isascii():
        return text[:width]
    _, set_cell_size = _measures()
    return set_cell_size(text, width)


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS) -> str:
    """Return the text in exactly so many cells, cut or padded."""
    text = truncate(text, width, ellipsis)
    padding = " " * (width - cell_width(text))
    return padding + text if right else text + padding


_NEAR_ENOUGH = 0.5


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like this one, or None if none is much like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only when something is wrong

    plain = {_plain(candidate): candidate for candidate in known}
    matches = get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR_ENOUGH)
    return plain[matches[0]] if matches else None


def packed(text: str) -> str:
    """Return a text as it is kept: what it was made of, or where that is not known itself; see ``unpacked``."""
    return json.dumps(_parts_of(text), ensure_ascii=False) if isinstance(text, Said) else text


def _parts_of(value: object) -> object:
    if isinstance(value, Said):
        text, values = value.made_of
        return [text, {name: _parts_of(inner) for name, inner in values.items()}]
    return value if isinstance(value, int | float) else str(value)


def unpacked(kept: str) -> str:
    """Return a text that was kept in the language of who reads it now; one that was kept whole is looked up."""
    if kept.startswith('["'):
        with suppress(ValueError, TypeError, LookupError, AttributeError):
            return _from_parts(json.loads(kept))
    return tr(kept)


def _from_parts(parts: list[object]) -> Said:
    text, values = parts
    inner = {name: _from_parts(part) if isinstance(part, list) else part for name, part in values.items()}  # type: ignore[attr-defined]
    return said(str(text), **inner)


def in_english_words(kept: str) -> str:
    """Return a text that was kept, or that was said, as JSON has it."""
    with in_english():
        return unpacked(packed(kept))


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the sentence to put behind "there is no such name": the nearest known one, or else all of them."""
    names = sorted(known)
    near = nearest(name, names)
    if near is not None:
        return tr("Did you mean {near}?", near=near)
    return tr("Known are: {names}.", names=tr(", ").join(names)) if names else tr("None is known.")


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
