"""Suno, and any row of new-api's table: a reply's bytes → Tasks, or one GatewayError, in every gateway's dialect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from ecovai_tui.gateway.envelope import open_reply
from ecovai_tui.gateway.families.reading import read_row
from ecovai_tui.gateway.fields import as_line, is_told, source_of, unquoted
from ecovai_tui.gateway.unwrapping import (
    DEEPEST,
    Unwrapped,
    WireClip,
    WireLyrics,
    WireTask,
    folded,
    has_clip_marks,
    has_text,
    is_task,
    parts_of,
    things_in,
    unwrap,
    wraps_clips,
)
from ecovai_tui.language import later, said
from ecovai_tui.tasks.judging import Evidence, Judgement, clip_error, judge, judge_clip
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task
from ecovai_tui.tasks.text import packed

KINDS = {"": Kind.UNKNOWN, "MUSIC": Kind.MUSIC, "LYRICS": Kind.LYRICS}

TOO_DEEP = later("it is nested too deep to be read")
UNREADABLE = later("it could not be read")


def read_task(raw: Mapping[str, object], asked: Collection[str] = ()) -> Task:
    """Return what the gateway says of one task; what cannot be read becomes a note, never an exception."""
    try:
        return read_row(raw) if _makes_no_music(raw) else _assembled(raw, asked)
    except (ValidationError, ValueError, TypeError, ArithmeticError, RecursionError):
        return Task(id=_bare_id(raw), kind=Kind.UNKNOWN, phase=Phase.UNKNOWN, note=UNREADABLE)


def _makes_no_music(raw: Mapping[str, object]) -> bool:
    """Return whether a row is of another platform than Suno."""
    platform, action = as_line(raw.get("platform")).lower(), as_line(raw.get("action")).upper()
    if action in {"MUSIC", "LYRICS"} or platform.startswith("suno") or platform == _SUNO_CHANNEL:
        return False
    return bool(platform) or "GENERATE" in action or "VIDEO" in action or {"task_id", "url", "format"} <= raw.keys()


_SUNO_CHANNEL = "36"
"""The number of new-api's channel for Suno."""


def _assembled(raw: Mapping[str, object], asked: Collection[str]) -> Task:
    unwrapped = unwrap(raw)
    asked_kind = _kind_asked(unwrapped.layers)
    content = read_content(unwrapped.content, asked_kind)
    deciding = unwrapped.verdict_layer
    judged = _judged(unwrapped, content)
    return Task(
        id=_id(unwrapped.layers, asked),
        kind=_kind(asked_kind, content),
        phase=Phase.UNKNOWN if unwrapped.too_deep else judged.phase,
        status=deciding.status,
        fail_reason=judged.fail_reason,
        note=TOO_DEEP if unwrapped.too_deep else content.note,
        submitted_at=_first(layer.submitted or layer.created for layer in unwrapped.layers),
        started_at=_first(layer.started for layer in unwrapped.layers),
        finished_at=_first(layer.finished for layer in (deciding, *unwrapped.layers)),
        clips=judged.clips,
        lyrics=content.lyrics,
        source=source_of(raw),
    )


def _judged(unwrapped: Unwrapped, content: Content) -> Judgement:
    deciding = unwrapped.verdict_layer
    return judge(
        Evidence(
            status=deciding.status,
            clips=content.clips,
            lyrics=content.lyrics,
            lyrics_status=content.lyrics_status,
            fail_reason=deciding.fail_reason,
            progress=deciding.progress,
            other_reasons=[*(layer.fail_reason for layer in reversed(unwrapped.layers)), content.error],
        )
    )


def _id(layers: Sequence[WireTask], asked: Collection[str]) -> str:
    """Return the id that was asked for, from whichever layer has it; else the one of the gateway that we asked."""
    ids = [layer.id for layer in layers if layer.id]
    return next((id_ for id_ in ids if id_ in asked), ids[0] if ids else "")


def _kind_asked(layers: Sequence[WireTask]) -> Kind:
    action = next((layer.action for layer in layers if layer.action), "")
    return KINDS.get(action.upper(), Kind.OTHER)


def _kind(asked_kind: Kind, content: Content) -> Kind:
    """Return the kind of the action, or of the content where the action says nothing or a word that we do not know."""
    if asked_kind in {Kind.MUSIC, Kind.LYRICS}:
        return asked_kind
    if content.lyrics is not None:
        return Kind.LYRICS
    if any(clip.audio_url for clip in content.clips) or (asked_kind is Kind.UNKNOWN and content.clips):
        return Kind.MUSIC
    return asked_kind


def _first(times: Iterable[float | None]) -> float | None:
    return next((time for time in times if time is not None), None)


def _bare_id(raw: Mapping[str, object]) -> str:
    known = folded(raw)
    return as_line(known.get("task_id")) or as_line(known.get("id"))


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
    body: bytes, status: int, headers: Mapping[str, str], task_id: str, *, now: float | None = None
) -> Task | None:
    """Return the task of a reply to a query of one id; None if the gateway does not know it.

    new-api sends the task, Suno-API only what is inside it: a list of clips, or lyrics. A single task is the one that
    was asked for, also where a chain of gateways calls it otherwise. Raises GatewayError.
    """
    payload = unquoted(open_reply(body, status, headers, now))
    if isinstance(payload, Mapping) and "task_id" in payload and _makes_no_music(payload):
        return read_task(payload)._replace(id=task_id)
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


MOST_CLIPS = 100
"""Clips that are kept of one task; Suno makes two."""


@dataclass(frozen=True, slots=True)
class Content:
    """The data of a task, read."""

    clips: tuple[Clip, ...] = ()
    lyrics: Lyrics | None = None
    lyrics_status: str = ""
    error: str = ""
    """The first reason that a clip or the lyrics give for having failed."""
    note: str = ""
    """What could not be read."""


def read_content(value: object, kind: Kind) -> Content:
    """Return the clips or the lyrics that a task's data holds; ``kind`` is what its action says."""
    value = unquoted(value)
    if not is_told(value):
        return Content()
    if not isinstance(value, list | Mapping):
        return Content(note=later("its data could not be read"))
    items = list(things_in(value))
    objects = [item for item in items if isinstance(item, Mapping)]
    if objects and _are_lyrics(objects, kind):
        return _read_lyrics(objects[0])
    return _read_clips(objects, len(items))


def _are_lyrics(objects: Sequence[Mapping[str, object]], kind: Kind) -> bool:
    """Return whether the data is a text; a text without any field of a clip is one, unless music was asked for."""
    if kind is Kind.MUSIC or len(objects) != 1 or has_clip_marks(objects[0]):
        return False
    return kind is Kind.LYRICS or has_text(objects[0])


def _read_lyrics(raw: Mapping[str, object]) -> Content:
    wire = WireLyrics.model_validate(raw)
    lyrics = Lyrics(title=wire.title, text=wire.text, tags=wire.tags)
    return Content(lyrics=lyrics, lyrics_status=wire.status, error=wire.error)


def _read_clips(objects: Sequence[Mapping[str, object]], told: int) -> Content:
    wires = [wire for wire in map(WireClip.model_validate, objects[:MOST_CLIPS]) if wire.says_anything]
    clips = tuple(_clip(wire) for wire in wires)
    lost = told - len(clips)
    note = packed(said("{lost} of its {told} clips could not be read", lost=lost, told=told)) if lost else ""
    return Content(clips=clips, error=next((clip.error for clip in clips if clip.error), ""), note=note)


def _clip(wire: WireClip) -> Clip:
    return Clip(
        id=wire.id,
        phase=judge_clip(wire.status, wire.audio_url),
        status=wire.status,
        title=wire.title,
        model=wire.model,
        tags=wire.tags,
        duration=wire.duration,
        lyrics=wire.lyrics,
        description=wire.description,
        audio_url=wire.audio_url,
        video_url=wire.video_url,
        image_url=wire.image_url,
        error=clip_error(wire.status, wire.error),
    )
