"""What of a task and its clip can be copied."""

from __future__ import annotations

from dataclasses import dataclass

from ecovai_tui.tui.pages.panel import Subject
from ecovai_tui.tui.pages.source import pretty_source


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to take along, and what it is called."""

    name: str
    text: str


def copies_of(subject: Subject) -> list[Copy]:
    """Return everything that there is to copy, the likeliest first."""
    summary, task, clip = subject.watched.summary, subject.task, subject.clip
    found = [Copy("id", summary.id)]
    if clip is not None:
        found += [Copy("audio", clip.audio_url), Copy("video", clip.video_url), Copy("image", clip.image_url)]
        found += [Copy("clip id", clip.id), Copy("lyrics", clip.lyrics), Copy("tags", clip.tags)]
    if task is not None:
        found.append(Copy("all audio", "\n".join(clip.audio_url for clip in task.clips if clip.has_audio)))
        found += [Copy("lyrics", task.lyrics.text)] if task.lyrics else []
        found.append(Copy("JSON", pretty_source(task.source)))
    found += [Copy("title", summary.title), Copy("label", subject.watched.label), Copy("reason", summary.fail_reason)]
    return [copy for copy in found if copy.text.strip()]
