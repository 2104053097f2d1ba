"""Finding the ids of tasks in whatever is piped in: bare ids, replies, our own JSON, NDJSON, URLs and log lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ecovai_tui.commands.id_shapes import ids_in_text, looks_like_id
from ecovai_tui.tasks.text import clean_text

if TYPE_CHECKING:
    from ecovai_tui.commands.exported import Reader

LONGEST_DOCUMENT = 256_000_000
"""Characters after which an unfinished JSON document is read as plain lines."""

_LONGEST_ID = 191
_EXPORTS_BEGIN = ("task_id,", "# Songs, ")
_TEXT_KEYS = frozenset({"msg", "message", "log", "line", "url", "text"})
_TASK_KEYS = frozenset({"kind", "action", "clips"})
_DECODER = json.JSONDecoder(strict=True)


def find_ids(text: str) -> list[str]:
    """Return the ids of the tasks in a text, in order and each once; ids of clips are not among them."""
    finder = IdFinder()
    return unique([*finder.feed(text), *finder.close()])


def unique(ids: Iterable[str]) -> list[str]:
    """Return each id once, in the order of their first sight."""
    return list(dict.fromkeys(ids))


class IdFinder:
    """Finds ids in a text that comes in pieces, as soon as the line or the JSON document with them is whole."""

    def __init__(self) -> None:
        self._rest = ""
        self._document: list[str] = []
        self._depth = Depth()
        self._length = 0
        self._export: Reader | None = None
        """What reads the export that we are in the midst of."""

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
        exported = None if self._document else self._take_exported(line)
        if exported is not None:
            return exported
        if not self._document and not _begins_document(line):
            return list(_ids_of_text(line))
        self._document.append(line)
        self._depth.read(line)
        self._length += len(line)
        if self._depth.closed or self._length > LONGEST_DOCUMENT:
            return self._give_up()
        return []

    def _take_exported(self, line: str) -> list[str] | None:
        """Return the ids in a line of our own CSV or Markdown, None where it is not of that."""
        if line.startswith(_EXPORTS_BEGIN):
            from ecovai_tui.commands.exported import reader_of  # noqa: PLC0415 - most input is no export

            self._export = reader_of(line) or self._export
        ids = self._export.take(line) if self._export else None
        if ids is None:
            self._export = None
        return ids

    def _give_up(self) -> list[str]:
        lines, self._document, self._depth, self._length = self._document, [], Depth(), 0
        return list(_ids_of_text("\n".join(lines)))


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
        """Tell whether every bracket has been closed again."""
        return self._open <= 0


def _begins_document(line: str) -> bool:
    """Tell whether a JSON document begins with this line and goes on in the next."""
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


def _ids_of_text(text: str) -> Iterator[str]:
    """Yield the ids of a text: of the JSON values that stand in it, and of the lines around them."""
    position = 0
    for start, end, document in _documents_in(text):
        yield from _ids_of_lines(text[position:start])
        yield from _ids_of_document(document, text[start:end])
        position = end
    yield from _ids_of_lines(text[position:])


def _ids_of_document(document: object, text: str) -> list[str]:
    """Return the ids of a JSON document; one that is nested too deep is read as the text that it is."""
    try:
        return list(_ids_of_json(document))
    except RecursionError:
        return list(_ids_of_lines(text))


def _ids_of_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
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


def _ids_of_json(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _ids_of_object(value)
    elif isinstance(value, list):
        for item in value:
            yield from _ids_of_json(item)
    elif isinstance(value, str) and looks_like_id(value):
        yield value


def _ids_of_object(value: dict[str, object]) -> Iterator[str]:
    own = _own_id(value)
    if own:
        yield own
        return
    for key, part in value.items():
        if isinstance(part, dict | list):
            yield from _ids_of_list(part) if key == "ids" else _ids_of_json(part)
        elif isinstance(part, str) and key in _TEXT_KEYS and not _is_envelope(value):
            yield from ids_in_text(part)


def _own_id(value: dict[str, object]) -> str:
    """Return the id of the task that an object is, or of the one that a reply to a submit names; else ""."""
    if "audio_url" in value:
        return ""
    if "task_id" in value:
        return _as_id(value["task_id"])
    if _TASK_KEYS & value.keys():
        return _as_id(value.get("id"))
    return next(filter(None, (_as_id(value.get(key)) for key in ("data", "result"))), "") if "code" in value else ""


def _ids_of_list(value: object) -> Iterator[str]:
    yield from filter(None, map(_as_id, value)) if isinstance(value, list) else _ids_of_json(value)


def _is_envelope(value: dict[str, object]) -> bool:
    return "code" in value or "type" in value


def _as_id(value: object) -> str:
    """Return a value as an id if it can be one: 1 to 191 visible ASCII characters; numbers are taken too."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    fits = 0 < len(text) <= _LONGEST_ID and not text.startswith("-") and all("!" <= letter <= "~" for letter in text)
    return text if fits else ""


def _uncoloured(line: str) -> str:
    """Return a line without escape sequences: logs are often coloured, and an id must not stick to its colour."""
    return clean_text(line, len(line))
