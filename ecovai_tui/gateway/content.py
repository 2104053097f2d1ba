"""What a task holds: clips or lyrics, whatever shape they came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecovai_tui.gateway.documents import unquoted
from ecovai_tui.gateway.nesting import has_clip_marks, has_text, things_in
from ecovai_tui.gateway.scalars import is_told
from ecovai_tui.gateway.wire import WireClip, WireLyrics
from ecovai_tui.tasks.model import Clip, Kind, Lyrics
from ecovai_tui.tasks.phase import clip_error, judge_clip

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
        return Content(note="its data could not be read")
    items = list(things_in(value))
    objects = [item for item in items if isinstance(item, Mapping)]
    if objects and _are_lyrics(objects, kind):
        return _read_lyrics(objects[0])
    return _read_clips(objects, len(items))


def _are_lyrics(objects: Sequence[Mapping[str, object]], kind: Kind) -> bool:
    """Tell whether the data is a text; a text without any field of a clip is one, unless music was asked for."""
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
    note = f"{lost} of its {told} clips could not be read" if lost else ""
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
