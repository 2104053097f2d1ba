"""What the dialects of all families have in common: the ways to ask, requests from ids, and Tasks from a reply."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal, NamedTuple, Protocol, cast
from urllib.parse import quote

from pydantic import ValidationError

from ecovai_tui.gateway.envelope import open_reply
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.fields import as_line, first_document, text_of, unquoted
from ecovai_tui.gateway.unwrapping import folded
from ecovai_tui.language import said
from ecovai_tui.tasks.families import FAMILIES, own_id
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

UNREADABLE = "it could not be read"


class Request(NamedTuple):
    """What is to be sent to a gateway."""

    method: Literal["GET", "POST"]
    path: str
    body: object = None
    key_header: str = ""
    """A header besides ``Authorization`` in which some gateways want the key under this path."""


def in_url(asked: str) -> str:
    """Return the maker's own id of a task as it stands in a path or a query."""
    return quote(own_id(asked), safe="")


class Dialect(Protocol):
    """How one family is asked for and read; both without a clock or a network."""

    @property
    def name(self) -> str:
        """The family."""

    @property
    def ways(self) -> Sequence[Callable[[Sequence[str]], Request]]:
        """The requests that ask for these ids, as different gateways take them; the one most often there first."""

    @property
    def several(self) -> int:
        """Which of the ways asks for several at once, where a gateway has it; below 0 where none does."""

    def read(
        self, body: bytes, status: int, headers: Mapping[str, str], asked: Sequence[str], now: float | None
    ) -> tuple[Task, ...]:
        """Return the tasks of a reply under the ids asked for; raises GatewayError for all that is no answer."""


@dataclass(frozen=True, slots=True)
class ObjectDialect:
    """A family whose tasks are JSON objects of their own, one or a list of them."""

    name: str
    ways: tuple[Callable[[Sequence[str]], Request], ...]
    is_answer: Callable[[Mapping[str, object]], bool]
    """Knows an object that is an answer without an envelope."""
    read_one: Callable[[Mapping[str, object], str], Task | None]
    """Reads the object of a task, given the id asked for, "" where several were; None: the task is not there."""
    several: int = -1

    def read(
        self, body: bytes, status: int, headers: Mapping[str, str], asked: Sequence[str], now: float | None
    ) -> tuple[Task, ...]:
        """Return the tasks of a reply under the ids asked for; raises GatewayError for all that is no answer."""
        payload = unquoted(open_reply(body, status, headers, now, self.is_answer))
        rows = payload if isinstance(payload, list) else [payload]
        objects = [row for row in map(unquoted, rows) if isinstance(row, Mapping) and row]
        if len(asked) == len(objects) == 1 and self._may_be(objects[0], asked[0], listed=isinstance(payload, list)):
            task = self._safely(objects[0], asked[0])
            return (task._replace(id=asked[0]),) if task else ()
        told = {task.id: task for raw in objects if (task := self._safely(raw, ""))}
        return tuple(told[own_id(name)]._replace(id=name) for name in dict.fromkeys(asked) if own_id(name) in told)

    def _may_be(self, raw: Mapping[str, object], asked: str, *, listed: bool) -> bool:
        """Return whether the one object of a reply is what was asked for: a list may be of the whole account."""
        task = self._safely(raw, "") if listed else None
        return task is None or task.id in {"", own_id(asked)}

    def _safely(self, raw: Mapping[str, object], asked: str) -> Task | None:
        """Return the task of an object; what cannot be read becomes a note, never an exception."""
        try:
            return self.read_one(raw, asked)
        except (ValidationError, ValueError, TypeError, ArithmeticError, RecursionError):
            return Task(id=own_id(asked), kind=Kind.UNKNOWN, phase=Phase.UNKNOWN, note=UNREADABLE)


def dialect_of(family: str) -> Dialect:
    """Return the dialect of a family, whose module is imported only when a task of it is asked for."""
    module = import_module(f"ecovai_tui.gateway.families.{family.replace('-', '_')}")
    return cast(Dialect, module.DIALECT)


NOT_THERE = frozenset({Problem.WEB_PAGE, Problem.WRONG_PATH})
"""The errors of a gateway that has no such route."""

SINGLE = ("/suno/fetch/{}", "/v1/video/generations/{}", "/v1/tasks/{}")
"""The paths of one task of new-api's table: one-hub's first has Suno's tasks alone, the last came in September 2026.

The last two take a key that is limited to models, the last one always.
"""

OF_THE_FAMILY = NOT_THERE | {Problem.MODEL_RESTRICTED, Problem.FORBIDDEN, Problem.REJECTED}
"""The errors that say nothing about other families."""


def single_path(way: int, task_id: str) -> str:
    """Return the path by which one task of new-api's table is asked for."""
    return SINGLE[way].format(quote(task_id, safe=""))


@dataclass(slots=True)
class Routes:
    """Remembers for each family the way that is taken now, and for an id that was found elsewhere its own way."""

    _ways: dict[str, int] = field(default_factory=dict)
    _of_ids: dict[str, int] = field(default_factory=dict)
    _working: set[tuple[str, int]] = field(default_factory=set)
    _singly: set[str] = field(default_factory=set)
    """The families of which this gateway does not tell several at once."""
    _absent: set[str] = field(default_factory=set)
    _given_up: set[str] = field(default_factory=set)

    def way(self, family: str, task_id: str = "") -> int:
        """Return the way for a family, or for one of its ids."""
        return self._of_ids.get(task_id, self._ways.get(family, 0))

    def works(self, family: str, way: int) -> None:
        """Note that a way was answered as it should be."""
        self._working.add((family, way))

    def most_ids(self, family: str) -> int:
        """Return how many ids of a family the next request may name."""
        return 1 if family in self._singly else FAMILIES[family].most_ids

    def otherwise(self, dialect: Dialect, task_id: str) -> int:
        """Return the way by which one task is looked for that was not found: not that by which it was asked for."""
        way = self.way(dialect.name, task_id)
        left_out_of_several = (dialect.name, dialect.several) in self._working and way != dialect.several
        return way if left_out_of_several else (way + 1) % len(dialect.ways)

    def found(self, task_id: str, way: int) -> None:
        """Note where a task was found that its family's way does not lead to."""
        self._of_ids[task_id] = way

    def single(self, task_id: str) -> str:
        """Return the path by which one task of new-api's table is asked for."""
        return single_path(self.way("", task_id), task_id)

    def tries_next(self, task_id: str, *, absent: bool) -> bool:
        """Note that a task of the table was not found, and return whether another path may have it.

        ``absent`` says that the gateway has not got the path itself. No id is looked for like this a second time.
        """
        way = self.way("", task_id)
        if absent:
            self._absent.add(SINGLE[way])
        left = [each for each in range(way + 1, len(SINGLE)) if SINGLE[each] not in self._absent]
        if left and task_id not in self._given_up:
            self._of_ids[task_id] = left[0]
            return True
        self._of_ids.pop(task_id, None)
        self._given_up.add(task_id)
        return False

    def judged(self, dialect: Dialect, way: int, error: GatewayError, *, alone: bool) -> GatewayError:
        """Return what an error says about a family: that its next way is to be tried, that none is left, or itself.

        A way that has worked before is not doubted for a web page, such as one that tells of maintenance. ``alone``
        says that one task was asked for; where several were, each is next.
        """
        family = dialect.name
        doubted = OF_THE_FAMILY - NOT_THERE if (family, way) in self._working else OF_THE_FAMILY
        if error.problem not in doubted:
            return error
        is_left = (family, way) not in self._working
        if way == dialect.several:
            self._singly.add(family)
        if alone or way == self._ways.get(family, 0):
            following = self._ways.get(family, 0) + 1
            is_left &= following < len(dialect.ways)
            self._ways[family] = following if is_left else 0
        else:
            is_left = True
        problem = Problem.NEXT_ROUTE if is_left else Problem.WRONG_ROUTE
        told = error.message if error.problem not in NOT_THERE else ""
        return GatewayError(
            problem,
            about=family,
            message=said("{family}: {told}", family=family, told=told) if told and not is_left else "",
            detail=error.detail,
            request_id=error.request_id,
            status=error.status,
        )


def artifacts_path(path: str) -> str:
    """Return the path that tells the files of a task where a path of the newest gateways tells its state alone."""
    return f"{path}/artifacts" if path.startswith("/v1/tasks/") else ""


def with_artifacts(task: Task, body: bytes, root: str) -> Task:
    """Return a finished task with the files that a reply tells; as it is where it tells none yet.

    Their addresses are the gateway's own, below ``root``, which wants the key for them: those in the reply work for
    whoever has them, and nobody else shall.
    """
    try:
        told = first_document(text_of(body))
    except (ValueError, RecursionError):
        return task
    rows = unquoted(told.get("artifacts")) if isinstance(told, Mapping) else None
    found = (
        [_artifact(task, folded(row), root) for row in rows if isinstance(row, Mapping)]
        if isinstance(rows, list)
        else []
    )
    clips = tuple(clip for clip in found if clip is not None)[:MOST_FILES]
    return task._replace(clips=clips, kind=clips[0].kind) if clips else task


def _artifact(task: Task, row: Mapping[str, object], root: str) -> Clip | None:
    """Return the clip that a file is; None for one of a kind that is not shown."""
    key, kind = as_line(row.get("key")), _KINDS.get(as_line(row.get("type")).lower())
    if kind is None or not re.fullmatch(_KEY, key):
        return None
    address = f"{root}/v1/tasks/{in_url(task.id)}/artifacts/{key}/content"
    clip = Clip(f"{task.id}-{key}", Phase.DONE, task.status, kind=kind)
    if kind is Kind.MUSIC:
        return clip._replace(audio_url=address)
    return clip._replace(video_url=address) if kind is Kind.VIDEO else clip._replace(image_url=address)


MOST_FILES = 64
_KEY = r"[A-Za-z0-9][A-Za-z0-9._~-]{0,127}"
_KINDS = {"video": Kind.VIDEO, "image": Kind.PICTURE, "audio": Kind.MUSIC}
