"""Which tasks a command is about: the ids it was given, those piped in, or the whole watch list."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.id_shapes import Refusal, is_file_name, is_word_for_nothing, looks_like_id, parted
from ecovai_tui.commands.shared.ids import find_ids, read_ids
from ecovai_tui.commands.shared.output import explained, say
from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import StoreError, words_of_system
from ecovai_tui.store.files import expand_home
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.families import FAMILIES, as_it_stands, canonical
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.text import clean_line

if TYPE_CHECKING:
    from ecovai_tui.gateway.errors import GatewayError


def whole_lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines that each piece completes, as one text, and at the end what is left."""
    begun: list[bytes] = []
    for piece in _in_utf8(pieces):
        lines, newline, rest = piece.rpartition(b"\n")
        if newline:
            yield b"".join((*begun, lines, newline)).decode("utf-8", "replace")
            begun.clear()
        begun.append(rest)
    yield b"".join(begun).decode("utf-8", "replace")


def _in_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in UTF-8; PowerShell and some editors write UTF-16, which the first four bytes show."""
    beginning = iter(pieces)
    first = next(beginning, b"")
    encoding = json.detect_encoding(first)
    if encoding.startswith("utf-8"):
        yield first
        yield from beginning
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode()
    for piece in beginning:
        yield decoder.decode(piece).encode()


STANDARD_INPUT = "-"

_IN_JSON = frozenset("{}[]")
_IN_ADDRESSES = frozenset("/\"'")
_MOST_REFUSALS = 3
"""Refusals whose words are shown; a file may hold any number."""


def add_ids_argument(parser: ArgumentParser) -> None:
    """Declare the ids of a command that falls back on the watch list."""
    meaning = tr("an id, or - to find ids in standard input (default: the whole watch list)")
    parser.add_argument("ids", metavar="ID", nargs="*", help=meaning)


def chosen_ids(words: Sequence[str], watch_list: Path) -> tuple[str, ...]:
    """Return the ids that the words name, each once; raises UsageError, StoreError, and GatewayError for a refusal."""
    if not words:
        return WatchListFile(watch_list).read().ids
    listed = ids_listed(words, watch_list)
    ids = [
        found
        for word in words
        for found in (_piped_ids() if word == STANDARD_INPUT else ids_of_word(word, listed=listed))
    ]
    if not ids:
        raise UsageError(tr("No id was found in what was piped in."))
    return tuple(dict.fromkeys(ids))


def ids_listed(words: Sequence[str], watch_list: Path) -> frozenset[str]:
    """Return the watched ids, where a word may be one of an unusual shape; none where the list cannot be read."""
    if all(map(looks_like_id, words)):
        return frozenset()
    try:
        return frozenset(WatchListFile(watch_list).read().ids)
    except StoreError:  # it has its say where the list is needed
        return frozenset()


def ids_of_word(word: str, *, listed: Collection[str] = (), any_shape: bool = False) -> list[str]:
    """Return the ids in one word of the command line: one, several with commas, or those in an address or JSON.

    A word that is ``listed``, or with ``any_shape`` any that can be an id, is one as it stands. Raises UsageError, and
    GatewayError for a reply in which the gateway refuses.
    """
    parts = parted(word)
    if (any_shape and is_id(word)) or (word in listed and not all(map(looks_like_id, parts))):
        return [word if word in listed else as_it_stands(word)]
    if not _IN_JSON.isdisjoint(word):
        return _ids_within(word)
    if not parts:
        raise _no_id(word)
    return [found for part in parts for found in _ids_of_part(part, listed, any_shape)]


def _ids_of_part(part: str, listed: Collection[str], any_shape: bool) -> list[str]:
    if part in listed or looks_like_id(part):
        return [part if part in listed else canonical(part)]
    if not any_shape:
        _refuse_what_is_plainly_none(part)
        _refuse_unknown_family(part)
    if looks_like_id(re.split("[=:]", part)[-1]) or not _IN_ADDRESSES.isdisjoint(part):
        return _ids_within(part)
    if is_id(part):
        return [part]
    words = part.split()
    found = find_ids("\n".join(words) if all(map(find_ids, words)) else part)
    if found:
        return found
    raise _no_id(part)


def _ids_within(text: str) -> list[str]:
    found, refusals = read_ids(text)
    if ids := [each for each in found if is_id(each)]:
        return ids
    if refusals:
        raise refused(refusals)
    raise UsageError(tr('No id was found in "{words}".', words=clean_line(text)))


def _refuse_what_is_plainly_none(word: str) -> None:
    shown = clean_line(word)
    all_the_same = tr("If it is an id all the same: ecovai-tui add --any-shape {shown}", shown=shown)
    if is_word_for_nothing(word):
        told = tr('"{shown}" is no id but what programs print where there is none.', shown=shown)
        raise UsageError(f"{told}\n  {all_the_same}")
    if is_file_name(word) or ("://" not in word and os.path.lexists(expand_home(word))):
        told = tr('"{shown}" is the name of a file and no id.', shown=shown)
        way = tr("To find the ids in it: ecovai-tui add - < {shown}", shown=shown)
        raise UsageError(f"{sentences(told, way)}\n  {all_the_same}")


_OTHER_FAMILY = re.compile(r"([A-Za-z][A-Za-z-]+)(?:/[a-z0-9-]+)?:[0-9A-Za-z_]\S*")
_NAMES_AN_ID = re.compile(r"(?i)(?:.*[_-])?(?:task|job)?[_-]?(?:ids?|uuid)|task|job|https?|localhost")


def _refuse_unknown_family(word: str) -> None:
    found = _OTHER_FAMILY.fullmatch(word)
    if found and found[1] not in FAMILIES and not _NAMES_AN_ID.fullmatch(found[1]):
        shown, known = clean_line(word), tr(", ").join(FAMILIES)
        told = tr(
            '"{name}" in "{shown}" is no family of tasks. Known are: {known}.', name=found[1], shown=shown, known=known
        )
        raise UsageError(told + tr("\n  If it is an id all the same: ecovai-tui add --any-shape {shown}", shown=shown))


def _no_id(word: str) -> UsageError:
    """Return what to raise for a word; what cannot be seen is written out, or it would look like an id."""
    shown = clean_line("".join(each if each.isprintable() else f"<U+{ord(each):04X}>" for each in word))
    return UsageError(
        tr('"{shown}" cannot be an id: an id is 1 to 191 visible ASCII characters and begins with no "-".', shown=shown)
    )


def refused(refusals: Iterable[Refusal]) -> GatewayError:
    """Return what to raise for replies in which the gateway refuses: its own words, each once."""
    from ecovai_tui.gateway import errors  # noqa: PLC0415 - needed only when something is wrong

    words = [errors.words_of(refusal.reply) for refusal in refusals]
    told = list(dict.fromkeys(filter(None, (each.told for each in words))))
    more = [tr("and {n} more", n=len(told) - _MOST_REFUSALS)] if len(told) > _MOST_REFUSALS else []
    request_id = next(filter(None, (each.request_id for each in words)), "")
    return errors.GatewayError(
        errors.Problem.REJECTED, detail="; ".join([*told[:_MOST_REFUSALS], *more]), request_id=request_id
    )


def unreadable_input(error: OSError) -> UsageError:
    """Return what to raise when standard input cannot be read."""
    return UsageError(tr("Standard input cannot be read: {strerror}.", strerror=words_of_system(error)))


def _piped_ids() -> list[str]:
    try:
        text = "".join(whole_lines([sys.stdin.buffer.read()]))
    except OSError as error:
        raise unreadable_input(error) from None
    found, refusals = read_ids(text)
    ids = [each for each in found if is_id(each)]
    if refusals:
        refusal = refused(refusals)
        if not ids:
            raise refusal
        say(f"ecovai-tui: {explained(refusal)}")
    return ids
