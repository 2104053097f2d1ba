"""A reply's bytes → Tasks, or one GatewayError: every dialect that gateways of this family speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ecovai_tui.gateway.assembly import read_task
from ecovai_tui.gateway.content import items_of
from ecovai_tui.gateway.documents import unquoted
from ecovai_tui.gateway.envelope import open_reply
from ecovai_tui.gateway.nesting import has_clip_marks, has_text, is_task
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
    for raw in _tasks_in(payload):
        task = read_task(raw, asked)
        if task.id and (not asked or task.id in asked):
            found[task.id] = _better(found.get(task.id), task)
    return tuple(found.values())


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
    if _is_inside_of_task(payload):
        return read_task({"task_id": task_id, "data": payload}, (task_id,))
    tasks = [read_task(raw, (task_id,)) for raw in _tasks_in(payload)]
    if len(tasks) == 1:
        return tasks[0]._replace(id=task_id)
    return next((task for task in tasks if task.id == task_id), None)


def _is_inside_of_task(payload: object) -> bool:
    """Tell whether a payload is clips or lyrics without their task."""
    one = payload[0] if isinstance(payload, list) and payload else payload
    one = unquoted(one)
    return isinstance(one, Mapping) and not is_task(one) and (has_clip_marks(one) or has_text(one))


def _tasks_in(payload: object) -> Iterator[Mapping[str, object]]:
    payload = unquoted(payload)
    if isinstance(payload, Mapping) and _is_keyed(payload):
        yield from ({**item, "task_id": key} for key, item in payload.items() if isinstance(item, Mapping))
        return
    one = isinstance(payload, Mapping) and (is_task(payload) or has_clip_marks(payload) or has_text(payload))
    for item in [payload] if one else items_of(payload) or ():
        raw = unquoted(item)
        if isinstance(raw, Mapping) and raw:
            yield raw


def _is_keyed(payload: Mapping[str, object]) -> bool:
    """Tell whether an object holds tasks by their ids instead of being one."""
    values = [item for item in payload.values() if item is not None]
    return bool(values) and all(isinstance(item, Mapping) for item in values) and not has_clip_marks(payload)


def _better(first: Task | None, second: Task) -> Task:
    """Return the one of two rows of the same task that is further on: a final one, else the one with newer times."""
    if first is None:
        return second
    return max(second, first, key=lambda task: (task.phase.final, task.newest_time or 0.0))
