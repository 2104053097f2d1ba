"""The Lyrics tab: the words of the selected clip, or of the lyrics task."""

from __future__ import annotations

import re

from ecovai_tui.tasks.model import Clip, Task
from ecovai_tui.tasks.reasons import told
from ecovai_tui.tui.pages.lines import Line, Tone, line

_TAG = re.compile(r"\s*\[[^\[\]\n]{1,60}\]\s*")


def lyrics_page(task: Task | None, clip: Clip | None) -> list[Line]:
    """Return the words that are sung, or a sentence that says why there are none."""
    if task is None:
        return [line("Nothing is known of this task yet.", Tone.MUTED)]
    text = clip.lyrics if clip else ""
    text = text or (task.lyrics.text if task.lyrics else "")
    if text.strip():
        return [*_reason(task, clip), *(_lyric(words) for words in text.strip("\n").split("\n"))]
    return [*_reason(task, clip), *_without_lyrics(task, clip)]


def _reason(task: Task, clip: Clip | None) -> list[Line]:
    """Return why the clip or the task failed: whoever looks at a failure wants to know that first."""
    reason = told((clip.error if clip else "") or task.fail_reason)
    return [line(reason, Tone.ALERT), line()] if reason else []


def _lyric(words: str) -> Line:
    return line(words, Tone.TAG) if _TAG.fullmatch(words) else line(words, indent=2)


def _without_lyrics(task: Task, clip: Clip | None) -> list[Line]:
    waiting = "No lyrics yet." if task.phase.active else "No lyrics."
    described = clip.description if clip else ""
    if not described:
        return [line(waiting, Tone.MUTED)]
    return [line(waiting, Tone.MUTED), line(), line("Asked for", Tone.HEADING), *map(line, described.split("\n"))]
