"""A reply's bytes → Tasks, or one GatewayError: every dialect that gateways of this family speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ecovai_tui.gateway.assembly import read_task
from ecovai_tui.gateway.documents import unquoted
from ecovai_tui.gateway.envelope import open_reply
from ecovai_tui.gateway.nesting import DEEPEST, has_clip_marks, has_text, is_task, parts_of, wraps_clips
from ecovai_tui.gateway.scalars import is_told
from ecovai_tui.tasks.model import Task


def read_batch(
    body: bytes, status: int, headers: Mapping[str, str], asked: Sequence[str] = (), *, now: float | None = None
) -> tuple[Task, ...]:
    """Return the tasks of a reply to a batched query, each id once.

    With ``asked`` (ids) the tasks that nobody asked for are left out. ``now`` (Unix seconds) serves to read a
    Retry-After date. Raises GatewayError for everything that is no answer.
    """
    payload = open_reply(body, status, headers, now)
    found: dict[str, Task] = {}
    for raw in _rows_in(payload):
        task = read_task(raw, asked)
        if task.id:
            found[task.id] = _better(found.get(task.id), task)
    return tuple(_answers(found, asked) if asked else found.values())


def read_single(
    body: bytes,
    status: int,
    headers: Mapping[str, str],
    task_id: str,
    *,
    now: float | None = None,
) -> Task | None:
    """Return the task of a reply to a query of one id; None if the gateway does not know it.

    new-api sends the task, Suno-API only what is inside it: a list of clips, or lyrics. A single task is the one that
    was asked for, also where a chain of gateways calls it otherwise. Raises GatewayError.
    """
    payload = unquoted(open_reply(body, status, headers, now))
    rows = list(_rows_in(payload))
    if _is_inside_of_task(payload, rows):
        return read_task({"task_id": task_id, "data": payload}, (task_id,))
    tasks = [read_task(raw, (task_id,)) for raw in rows]
    if len(tasks) == 1:
        return tasks[0]._replace(id=task_id)
    return next(_answers({task.id: task for task in tasks}, (task_id,)), None)


def _answers(told: Mapping[str, Task], asked: Sequence[str]) -> Iterator[Task]:
    """Yield the tasks that were asked for, under the ids by which they were.

    A database that compares without regard to case finds a task by an id in capitals and answers with its own: such a
    pair counts where neither the question nor the answer leaves a choice.
    """
    asked = tuple(dict.fromkeys(asked))
    for name in asked:
        alike = [other for other in told if other not in asked and other.lower() == name.lower()]
        rivals = [other for other in asked if other not in told and other.lower() == name.lower()]
        if name in told:
            yield told[name]
        elif len(alike) == len(rivals) == 1:
            yield told[alike[0]]._replace(id=name)


def _is_inside_of_task(payload: object, rows: Sequence[Mapping[str, object]]) -> bool:
    """Return whether a payload is clips or lyrics without their task."""
    if isinstance(payload, Mapping) and not is_task(payload) and wraps_clips(payload):
        return True
    return bool(rows) and not is_task(rows[0]) and (has_clip_marks(rows[0]) or has_text(rows[0]))


def _rows_in(payload: object, key: str = "", depth: int = DEEPEST) -> Iterator[Mapping[str, object]]:
    """Yield the rows of a payload: of a list, of an object around one, of one keyed by id, or the one row itself."""
    payload = unquoted(payload)
    if isinstance(payload, list):
        yield from (row for row in map(unquoted, payload) if isinstance(row, Mapping) and row)
    elif isinstance(payload, Mapping) and any(map(is_told, payload.values())):
        one = is_task(payload) or has_clip_marks(payload) or has_text(payload)
        parts = () if one or not depth else parts_of(payload)
        for name, part in parts:
            yield from _rows_in(part, name, depth - 1)
        if not parts:
            yield {**payload, "task_id": key} if key else payload


def _better(first: Task | None, second: Task) -> Task:
    """Return the one of two rows of the same task that is further on: a final one, else the one with newer times."""
    if first is None:
        return second
    return max(second, first, key=lambda task: (task.phase.final, task.newest_time or 0.0))
