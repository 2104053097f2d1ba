"""What the dialects of all families have in common: requests from ids, and Tasks from the bytes of a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, NamedTuple, Protocol, cast
from urllib.parse import quote

from pydantic import ValidationError

from ecovai_tui.gateway.envelope import open_reply
from ecovai_tui.gateway.fields import unquoted
from ecovai_tui.tasks.families import own_id
from ecovai_tui.tasks.model import Kind, Phase, Task

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

    def read(
        self, body: bytes, status: int, headers: Mapping[str, str], asked: Sequence[str], now: float | None
    ) -> tuple[Task, ...]:
        """Return the tasks of a reply under the ids asked for; raises GatewayError for all that is no answer."""
        payload = unquoted(open_reply(body, status, headers, now, self.is_answer))
        rows = payload if isinstance(payload, list) else [payload]
        objects = [row for row in map(unquoted, rows) if isinstance(row, Mapping) and row]
        if len(asked) == len(objects) == 1:
            task = self._safely(objects[0], asked[0])
            return (task._replace(id=asked[0]),) if task else ()
        told = {task.id: task for raw in objects if (task := self._safely(raw, ""))}
        return tuple(told[own_id(name)]._replace(id=name) for name in dict.fromkeys(asked) if own_id(name) in told)

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
