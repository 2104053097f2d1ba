"""What a query is, and what its answer depends on: the language of filters reads one, a filter asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeAlias

from ecovai_tui.tasks.model import IntervalOf, WatchedTask

Accepts: TypeAlias = Callable[[WatchedTask], bool]


class QueryError(ValueError):
    """A query cannot be read; the text is a sentence that says what to write.

    ``place`` is where in the query the fault begins, in characters from 0, and at most its length.
    """

    def __init__(self, place: int, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place

    @property
    def sentence(self) -> str:
        """What is wrong, and what to write."""
        return str(self)


def _never(_summary: object, _now: float) -> float:
    return float("inf")


class Moment(NamedTuple):
    """What the answer to a query depends on beside the tasks; all tasks are judged by the same one."""

    now: float = 0.0
    """Unix seconds."""
    skew: float = 0.0
    """The gateway's clock minus ours, in seconds."""
    interval_of: IntervalOf = _never
    lyrics: Mapping[str, frozenset[str]] = MappingProxyType({})
    """The ids of the tasks whose lyrics have a text, by that text."""


class Query(Protocol):
    """What was typed, read once. Equal ones accept the same tasks."""

    @property
    def text(self) -> str:
        """As it was typed."""

    @property
    def timed(self) -> bool:
        """Whether the answer can become another without any change of a task: it is to be asked again now and then."""

    @property
    def costly(self) -> bool:
        """Whether looking at a task for the first time can take some hundredths of a second."""

    @property
    def lyrics(self) -> frozenset[str]:
        """The texts that are to be looked for in lyrics before the query is asked."""

    def at(self, moment: Moment) -> Query:
        """Return the same query asked at a moment."""

    def predicate(self) -> Accepts:
        """Return what says of a task whether the query accepts it."""

    def refines(self, other: Query) -> bool:
        """Return whether all that this one accepts is certainly accepted by the other as well."""
