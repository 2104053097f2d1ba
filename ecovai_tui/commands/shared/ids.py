"""Finding the ids of tasks in whatever is piped in: bare ids, replies, our own JSON, NDJSON, URLs and log lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ecovai_tui.commands.shared.id_shapes import (
    CARRIERS,
    Refusal,
    as_id,
    family_of_object,
    folded,
    ids_in_text,
    is_envelope,
    is_good,
    is_no_clip,
    is_refusal,
    looks_like_id,
    names_no_task,
    own_id,
    parted,
)
from ecovai_tui.tasks.families import as_it_stands, canonical, in_family, prefix_of_path
from ecovai_tui.tasks.model import is_id
from ecovai_tui.tasks.text import clean_text

LONGEST_DOCUMENT = 256_000_000
"""Characters after which an unfinished JSON document is read as plain lines."""

_TEXT_KEYS = frozenset({"msg", "message", "log", "line", "url", "text", "body"})
_LIST_KEYS = frozenset({"ids", "taskid", "taskids"})
_IN_NO_ID = frozenset("/{}[]\"'")
"""What stands in addresses and JSON, and in no word that is taken for an id as it stands."""
_DECODER = json.JSONDecoder(strict=True)


def find_ids(text: str) -> list[str]:
    """Return the ids of the tasks in a text, in order and each once; ids of clips are not among them."""
    return read_ids(text)[0]


def read_ids(text: str) -> tuple[list[str], list[Refusal]]:
    """Return the ids of the tasks in a text, and the gateway's refusals in it."""
    finder = IdFinder()
    return list(dict.fromkeys([*finder.feed(text), *finder.close()])), finder.refusals


class IdFinder:
    """Finds ids in a text that comes in pieces, as soon as the line or the JSON document with them is whole."""

    def __init__(self, *, any_shape: bool = False) -> None:
        """``any_shape`` takes every word that is alone in its line for an id."""
        self.refusals: list[Refusal] = []
        """The gateway's refusals so far."""
        self._any_shape = any_shape
        self._rest = ""
        self._document: list[str] = []
        self._depth = Depth()
        self._length = 0

    def feed(self, text: str) -> list[str]:
        """Take the next piece and return the ids in it; NUL parts lines as well, as in the output of find -print0."""
        *lines, self._rest = (self._rest + text.replace("\0", "\n")).split("\n")
        return [found for line in lines for found in self._take(_uncoloured(line))]

    def close(self) -> list[str]:
        """Say that nothing more comes and return the ids that are left."""
        ids = self._take(_uncoloured(self._rest))
        self._rest = ""
        return [*ids, *self._give_up()]

    def _take(self, line: str) -> list[str]:
        if not self._document and not _begins_document(line):
            return self._ids_of(line)
        self._document.append(line)
        self._depth.read(line)
        self._length += len(line)
        if self._depth.closed or self._length > LONGEST_DOCUMENT:
            return self._give_up()
        return []

    def _give_up(self) -> list[str]:
        lines, self._document, self._depth, self._length = self._document, [], Depth(), 0
        return self._ids_of("\n".join(lines))

    def _ids_of(self, text: str) -> list[str]:
        word = text.strip()
        if self._any_shape and _IN_NO_ID.isdisjoint(word) and is_id(word):
            return [as_it_stands(word)]
        found = list(_read_text(text))
        self.refusals += [each for each in found if isinstance(each, Refusal)]
        prefix = prefix_of_path(text) if "\n" not in text else ""
        return [_in_line(each, prefix) for each in found if isinstance(each, str)]


class Depth:
    """How deep in the brackets of a JSON document the lines read so far have led."""

    def __init__(self) -> None:
        self._open = 0

    def read(self, line: str) -> None:
        """Count the brackets of one more line that stand outside of strings."""
        in_string = escaped = False
        for character in line:
            if in_string:
                in_string = escaped or character != '"'
                escaped = character == "\\" and not escaped
            elif character == '"':
                in_string = True
            else:
                self._open += (character in "{[") - (character in "}]")

    @property
    def closed(self) -> bool:
        """Return whether every bracket has been closed again."""
        return self._open <= 0


def _begins_document(line: str) -> bool:
    """Return whether a JSON document begins with this line and goes on in the next."""
    text = line.strip()
    if not text.startswith(("{", "[")):
        return False
    try:
        _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        return not text[error.pos :].strip()
    except (ValueError, RecursionError):  # too long a number, or nested too deep
        return False
    return False


def _read_text(text: str) -> Iterator[str | Refusal]:
    """Yield the ids and refusals of a text: of the JSON values that stand in it, and of the lines around them."""
    position = 0
    for start, end, document in _documents_in(text):
        yield from _read_lines(text[position:start])
        yield from _read_document(document, text[start:end])
        position = end
    yield from _read_lines(text[position:])


def _read_document(document: object, text: str) -> list[str | Refusal]:
    """Return the ids of a JSON document; one that is nested too deep is read as the text that it is."""
    try:
        return list(_read_value(document))
    except RecursionError:
        return list(_read_lines(text))


def _read_lines(text: str) -> Iterator[str | Refusal]:
    for line in text.splitlines():
        if '\\"' in line and "{" in line:  # JSON as a string, as loggers quote it
            yield from _read_text(line.replace("\\\\", "\\").replace('\\"', '"'))
        else:
            yield from ids_in_text(line)


def _documents_in(text: str) -> Iterator[tuple[int, int, object]]:
    """Yield the JSON objects and lists in a text with their places; after five brackets that open none it stops."""
    position, failures = 0, 0
    while failures < 5:  # noqa: PLR2004 - said in the docstring
        start = min((place for place in (text.find("{", position), text.find("[", position)) if place >= 0), default=-1)
        if start < 0:
            return
        try:
            document, position = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):  # no JSON, too long a number, or nested too deep
            failures, position = failures + 1, start + 1
        else:
            yield start, position, document


def _read_value(value: object) -> Iterator[str | Refusal]:
    if isinstance(value, dict):
        yield from _read_object(value)
    elif isinstance(value, list):
        for item in value:
            yield from _read_value(item)
    elif isinstance(value, str) and value.lstrip().startswith(("{", "[", '"')):
        yield from _read_text(value)
    elif looks_like_id(word := as_id(value)):
        yield word


def _read_object(value: dict[str, object]) -> Iterator[str | Refusal]:
    own = own_id(value)
    if own:
        family = family_of_object(value)
        yield in_family(own, family) if family else own
        return
    if is_refusal(value):
        yield Refusal(value)
    for key, part in value.items():
        yield from _read_field(key, part, value)


def _read_field(key: str, part: object, owner: Mapping[str, object]) -> Iterator[str | Refusal]:
    """Yield what one field of an object holds that is no task itself."""
    if folded(key) in _LIST_KEYS or (key in CARRIERS and isinstance(part, list) and is_good(owner)):
        yield from _read_list(part)
    elif isinstance(part, dict):
        identity = as_id(part.get("id")) if key in CARRIERS and is_good(owner) else ""
        yield from [identity] if looks_like_id(identity) and is_no_clip(part) else _read_value(part)
    elif isinstance(part, list):
        yield from _read_value([item for item in part if isinstance(item, dict | list) or not names_no_task(key)])
    elif not isinstance(part, str):
        yield from _read_value(part) if key in CARRIERS else ()
    elif part.lstrip().startswith(("{", "[")) or (key in _TEXT_KEYS and not is_envelope(owner)):
        yield from _read_text(part)
    elif key in CARRIERS:
        yield from _read_value(part)


def _read_list(value: object) -> Iterator[str | Refusal]:
    """Yield the ids in a list of ids, of whatever shape; it may be a text with commas."""
    if isinstance(value, str):
        yield from filter(None, map(as_id, parted(value)))
        return
    for item in value if isinstance(value, list) else [value]:
        word = as_id(item)
        yield from [word] if word else _read_value(item)


def _in_line(task_id: str, prefix: str) -> str:
    """Return an id as it is kept, in the family of the one path that stands in its line."""
    of_table = task_id.startswith("task_")  # a row of the gateway's own table, which the default family finds
    return canonical(task_id if of_table or not prefix else in_family(task_id, prefix))


def _uncoloured(line: str) -> str:
    """Return a line without escape sequences: logs are often coloured, and an id must not stick to its colour."""
    return clean_text(line, len(line))
