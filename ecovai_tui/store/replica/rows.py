"""A task's summary as columns of a row, and back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUMMARY_NAMES = (
    "id",
    "kind",
    "phase",
    "status",
    "title",
    "model",
    "clip_phases",
    "fail_reason",
    "note",
    "no_audio",
    "awaits_file",
    "submitted_at",
    "started_at",
    "finished_at",
    "quiet_since",
    "final_at",
    "seen_at",
    "changed_at",
)

_SUMMARY_COLUMNS = ", ".join(_SUMMARY_NAMES)

COLUMNS = f"{_SUMMARY_COLUMNS}, label, added_at, position"
"""The columns that ``read_watched`` takes, in its order."""

WRITE_SUMMARY = f"""
    INSERT INTO task (origin, {_SUMMARY_COLUMNS}, unwatched_at)
    VALUES (?, {", ".join("?" * len(_SUMMARY_NAMES))}, ?)
    ON CONFLICT (origin, id) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _SUMMARY_NAMES[1:])},
    unwatched_at = CASE WHEN watched = 1 THEN NULL ELSE excluded.unwatched_at END
"""  # noqa: S608 - made of the constants above alone
"""Write what ``summary_row`` gives; what the watch list says of the task is left alone."""

_PHASES = {phase.value: phase for phase in Phase}
_KINDS = {kind.value: kind for kind in Kind}


def summary_row(origin: str, summary: TaskSummary, now: float) -> tuple[object, ...]:
    """Return the parameters of ``WRITE_SUMMARY``."""
    return (
        origin,
        summary.id,
        summary.kind.value,
        summary.phase.value,
        summary.status,
        summary.title,
        summary.model,
        " ".join(summary.clip_phases),
        summary.fail_reason,
        summary.note,
        summary.no_audio,
        summary.awaits_file,
        summary.submitted_at,
        summary.started_at,
        summary.finished_at,
        summary.quiet_since,
        summary.final_at,
        summary.seen_at,
        summary.changed_at,
        now,
    )


def read_watched(row: Sequence[Any]) -> WatchedTask:
    """Return the watched task in a row; a word that nobody knows is ``unknown``."""
    *summary, label, added_at, position = row
    return WatchedTask(_read_summary(summary), label, added_at, position)


def _read_summary(row: Sequence[Any]) -> TaskSummary:
    name, kind, phase, status, title, model, clips, fail_reason, note, no_audio, awaits_file, *times = row
    return TaskSummary(
        name,
        _KINDS.get(kind, Kind.UNKNOWN),
        _PHASES.get(phase, Phase.UNKNOWN),
        status,
        title,
        model,
        _phases(clips),
        fail_reason,
        note,
        bool(no_audio),
        bool(awaits_file),
        *times,
    )


@lru_cache(maxsize=1024)
def _phases(words: str) -> tuple[Phase, ...]:
    return tuple(_PHASES.get(word, Phase.UNKNOWN) for word in words.split())
