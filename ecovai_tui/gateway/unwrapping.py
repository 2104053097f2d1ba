"""Gateway behind gateway: a task whose data is a task again is unwrapped, down to its clips or lyrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ecovai_tui.gateway.fields import is_told, unquoted
from ecovai_tui.gateway.wire_models import WireClip, WireLyrics, WireTask, folded
from ecovai_tui.language import tr
from ecovai_tui.tasks.judging import Evidence, Verdict, clip_error, judge_clip
from ecovai_tui.tasks.model import Clip, Kind, Lyrics

DEEPEST = 8
"""Layers or wrappers that are opened; four have been seen."""

TASK_MARKS = frozenset({"task_id", "action", "fail_reason", "submit_time", "finish_time", "progress", "code"})
ADDRESS_MARKS = frozenset({"audio_url", "video_url", "image_url", "image_large_url"})
CLIP_MARKS = ADDRESS_MARKS | {"metadata", "meta_data", "model_name", "mv", "duration"}
TEXT_MARKS = frozenset({"text", "lyric", "lyrics"})
STATUS_MARKS = frozenset({"status", "state"})

CLIP_LISTS = ("clips", "songs", "suno_data", "tracks", "clip", "song")
"""Names under which clips lie and nothing else."""

LISTS = ("data", "result", "results", "output", "outputs", "response", "items", "list", "tasks", "records")
"""Names under which anything may lie."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A task taken out of its wrappers."""

    layers: Sequence[WireTask]
    """From the gateway that we asked to the one nearest to Suno; never empty."""
    content: object
    """Its data: clips, lyrics or nothing."""
    too_deep: bool = False

    @property
    def verdict_layer(self) -> WireTask:
        """The layer that decides: the innermost with a final word, else with one that we know, else with any."""
        inwards = list(reversed(self.layers))
        spoken = [layer for layer in inwards if layer.status]
        final = [layer for layer in inwards if verdict_of_layer(layer).final]
        known = [layer for layer in spoken if verdict_of_layer(layer) is not Verdict.UNHEARD_OF]
        return next(iter([*final, *known, *spoken, self.layers[0]]))


def unwrap(raw: Mapping[str, object]) -> Unwrapped:
    """Return the layers of a task and what is inside the innermost one."""
    layers: list[WireTask] = []
    content: object = raw
    while len(layers) < DEEPEST:
        layer, inner = _opened(content, outermost=not layers)
        if layer is None:
            return Unwrapped(layers, inner)
        layers.append(layer)
        content = inner
    return Unwrapped(layers, None, too_deep=True)


def verdict_of_layer(layer: WireTask) -> Verdict:
    """Return what one gateway of the chain says, a stopped task with a reason counting as failed."""
    return Evidence(status=layer.status, fail_reason=layer.fail_reason, progress=layer.progress).verdict


def has_clip_marks(raw: Mapping[str, object]) -> bool:
    """Return whether an object has fields that only clips have."""
    return not CLIP_MARKS.isdisjoint(folded(raw))


def is_task(value: object) -> bool:
    """Return whether a value is a task rather than a clip or lyrics, also one that came without data."""
    if is_wrapper(value):
        return True
    if not isinstance(value, Mapping) or has_clip_marks(value):
        return False
    return "task_id" in folded(value) and not has_text(value)


def is_wrapper(value: object) -> bool:
    """Return whether a value is a task with data of its own, or an envelope around one."""
    if not isinstance(value, Mapping):
        return False
    names = folded(value).keys()
    if "data" not in names and not wraps_clips(value):
        return False
    return not TASK_MARKS.isdisjoint(names) or ("status" in names and not has_clip_marks(value))


def has_text(raw: Mapping[str, object]) -> bool:
    """Return whether an object has a field that lyrics have."""
    return not TEXT_MARKS.isdisjoint(folded(raw))


def things_in(value: object, key: str = "", depth: int = DEEPEST) -> Iterator[object]:
    """Yield the single things of a list, of wrappers around one, of an object keyed by id, or the one thing itself.

    A thing without an id is given the ``key`` under which it lies.
    """
    value = unquoted(value)
    if depth and isinstance(value, list):
        for item in value:
            yield from things_in(item, depth=depth - 1)
    elif depth and isinstance(value, Mapping) and (parts := parts_of(value)):
        for name, part in parts:
            yield from things_in(part, name, depth - 1)
    elif key and isinstance(value, Mapping):
        yield {"id": key, **{name: item for name, item in value.items() if is_told(item)}}
    else:
        yield value


def parts_of(raw: Mapping[str, object]) -> Sequence[tuple[str, object]]:
    """Return what an object holds that is no more than a wrapper, with the ids as its keys; nothing for a thing."""
    inner = _wrapped(raw)
    if inner is not None:
        return [("", inner)]
    values = {name: unquoted(value) for name, value in raw.items() if value is not None}
    objects = [(name, value) for name, value in values.items() if isinstance(value, Mapping)]
    if has_clip_marks(raw) or not _are_keyed(raw, objects, len(values)):
        return _only_list(raw, values)
    return objects


def wraps_clips(raw: Mapping[str, object]) -> bool:
    """Return whether an object that is no clip itself holds clips, and not rows of tasks."""
    if any(is_told(value) for name, value in folded(raw).items() if name in CLIP_LISTS):
        return _wrapped(raw) is not None
    inner = _wrapped(raw)
    return inner is not None and _holds_clips(inner)


def _are_keyed(raw: Mapping[str, object], objects: Sequence[tuple[str, Mapping[str, object]]], told: int) -> bool:
    """Return whether these objects, of so many fields that tell anything, lie in another by their ids."""
    if not objects or len(objects) == told:
        return bool(objects)
    alike = any(has_clip_marks(item) or not STATUS_MARKS.isdisjoint(folded(item)) for _, item in objects)
    return alike and folded(raw).keys().isdisjoint({"id", *STATUS_MARKS})


def _only_list(raw: Mapping[str, object], values: Mapping[str, object]) -> Sequence[tuple[str, object]]:
    """Return the list of clips that an object holds under a name that we do not know."""
    if has_clip_marks(raw) or has_text(raw):
        return ()
    return [("", value) for value in values.values() if isinstance(value, list) and _holds_clips(value)][:1]


def _wrapped(raw: Mapping[str, object]) -> object:
    """Return what a wrapper holds under a name that we know; a clip or a text is none unless there are clips in it."""
    known = folded(raw)
    single = not known.keys().isdisjoint(ADDRESS_MARKS | TEXT_MARKS)
    for name in (*CLIP_LISTS, *LISTS):
        inner = unquoted(known.get(name))
        if isinstance(inner, list | Mapping) and inner and (not single or _holds_clips(inner)):
            return inner
    return None


def _holds_clips(value: object, depth: int = DEEPEST) -> bool:
    value = unquoted(value)
    if isinstance(value, Mapping):
        if has_clip_marks(value) or not TASK_MARKS.isdisjoint(folded(value)):
            return has_clip_marks(value)
        value = list(value.values())
    return depth > 0 and isinstance(value, list) and any(_holds_clips(item, depth - 1) for item in value)


def _opened(content: object, *, outermost: bool) -> tuple[WireTask | None, object]:
    """Return the layer that the content is and its data; no layer and the content itself where it is none."""
    content = unquoted(content)
    if isinstance(content, list) and content and all(map(is_wrapper, content)):
        content = content[0]
    if not isinstance(content, Mapping) or not (outermost or is_task(content)):
        return None, content
    return WireTask.model_validate(content), _inside(content)


def _inside(task: Mapping[str, object]) -> object:
    """Return what a task holds: its data, or what lies in their place, or the clip or text that the task itself is."""
    inner, known = _wrapped(task), folded(task)
    if inner is not None:
        return inner
    if "data" in known or "result" in known:
        return next((known[name] for name in ("data", "result") if is_told(known.get(name))), None)
    return task if has_clip_marks(task) or has_text(task) else None


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
        return Content(note=tr("its data could not be read"))
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
    note = tr("{lost} of its {told} clips could not be read", lost=lost, told=told) if lost else ""
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
