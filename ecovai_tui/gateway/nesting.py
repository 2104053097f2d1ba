"""Gateway behind gateway: a task whose data is a task again is unwrapped, and one verdict chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecovai_tui.gateway.documents import unquoted
from ecovai_tui.gateway.wire import WireTask, folded
from ecovai_tui.tasks.phase import Evidence, Verdict

DEEPEST = 8
"""Layers that are unwrapped; four have been seen."""

TASK_MARKS = frozenset({"task_id", "action", "fail_reason", "submit_time", "finish_time", "progress", "code"})
CLIP_MARKS = frozenset(
    {"audio_url", "video_url", "image_url", "image_large_url", "metadata", "meta_data", "model_name", "mv", "duration"}
)

TEXT_MARKS = frozenset({"text", "lyric", "lyrics"})


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
        """The layer that decides: the innermost with a final word, else the innermost with any, else the outermost."""
        inwards = list(reversed(self.layers))
        final = (layer for layer in inwards if verdict_of_layer(layer).final)
        spoken = (layer for layer in inwards if layer.status)
        return next(final, None) or next(spoken, None) or self.layers[0]


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
    """Tell whether an object has fields that only clips have."""
    return not CLIP_MARKS.isdisjoint(folded(raw))


def is_task(value: object) -> bool:
    """Tell whether a value is a task rather than a clip or lyrics, also one that came without data."""
    if is_wrapper(value):
        return True
    if not isinstance(value, Mapping) or has_clip_marks(value):
        return False
    return "task_id" in folded(value) and not has_text(value)


def is_wrapper(value: object) -> bool:
    """Tell whether a value is a task with data of its own, or an envelope around one."""
    if not isinstance(value, Mapping):
        return False
    names = folded(value).keys()
    if "data" not in names:
        return False
    return not TASK_MARKS.isdisjoint(names) or ("status" in names and not has_clip_marks(value))


def has_text(raw: Mapping[str, object]) -> bool:
    """Tell whether an object has a field that lyrics have."""
    return not TEXT_MARKS.isdisjoint(folded(raw))


def _opened(content: object, *, outermost: bool) -> tuple[WireTask | None, object]:
    """Return the layer that the content is and its data; no layer and the content itself where it is none."""
    content = unquoted(content)
    if isinstance(content, list) and content and all(map(is_wrapper, content)):
        content = content[0]
    if not isinstance(content, Mapping) or not (outermost or is_task(content)):
        return None, content
    known = folded(content)
    layer = WireTask.model_validate(content)
    if "data" in known or "result" in known:
        return layer, known.get("data", known.get("result"))
    return layer, content if has_clip_marks(content) or has_text(content) else None
