"""From a task's layers and content to a Task, judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pydantic import ValidationError

from ecovai_tui.gateway.content import Content, read_content
from ecovai_tui.gateway.nesting import Unwrapped, unwrap
from ecovai_tui.gateway.scalars import as_line
from ecovai_tui.gateway.source import source_of
from ecovai_tui.gateway.wire import WireTask, folded
from ecovai_tui.tasks.model import Kind, Phase, Task
from ecovai_tui.tasks.phase import Evidence, Judgement, judge

KINDS = {"": Kind.UNKNOWN, "MUSIC": Kind.MUSIC, "LYRICS": Kind.LYRICS}

TOO_DEEP = "it is nested too deep to be read"
UNREADABLE = "it could not be read"


def read_task(raw: Mapping[str, object], asked: Collection[str] = ()) -> Task:
    """Return what the gateway says of one task; what cannot be read becomes a note, never an exception."""
    try:
        return _assembled(raw, asked)
    except (ValidationError, ValueError, TypeError, ArithmeticError, RecursionError):
        return Task(id=_bare_id(raw), kind=Kind.UNKNOWN, phase=Phase.UNKNOWN, note=UNREADABLE)


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
