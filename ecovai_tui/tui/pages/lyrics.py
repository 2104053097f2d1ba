"""The Lyrics tab: the words of the selected clip, or of the lyrics task."""

from __future__ import annotations

import re

from ecovai_tui.tasks.model import Clip, Phase, Task
from ecovai_tui.tasks.reasons import told
from ecovai_tui.tui.pages.lines import Line, Tone, line

_TAG = re.compile(r"\s*\[[^\[\]\n]{1,60}\]\s*")


NOT_KNOWN = "The gateway does not know this id with this key."
NO_LONGER_KNOWN = "The gateway no longer knows this id with this key. What it said before:"


def lyrics_page(task: Task | None, clip: Clip | None, phase: Phase) -> list[Line]:
    """Return the words that are sung, or a sentence that says why there are none; ``phase`` is the task's by now."""
    if task is None:
        return [line(NOT_KNOWN if phase is Phase.MISSING else "Nothing is known of this task yet.", Tone.MUTED)]
    text = clip.lyrics if clip else ""
    text = text or (task.lyrics.text if task.lyrics else "")
    if text.strip():
        return [*_reason(task, clip, phase), *(_lyric(words) for words in text.strip("\n").split("\n"))]
    return [*_reason(task, clip, phase), *_without_lyrics(clip, phase)]


def _reason(task: Task, clip: Clip | None, phase: Phase) -> list[Line]:
    """Return what is wrong with the clip or the task: whoever looks at a failure wants to know that first."""
    reason = NO_LONGER_KNOWN if phase is Phase.MISSING else told((clip.error if clip else "") or task.fail_reason)
    return [line(reason, Tone.ALERT), line()] if reason else []


def _lyric(words: str) -> Line:
    return line(words, Tone.TAG) if _TAG.fullmatch(words) else line(words, indent=2)


def _without_lyrics(clip: Clip | None, phase: Phase) -> list[Line]:
    waiting = "No lyrics yet." if phase.active else "No lyrics."
    described = clip.description if clip else ""
    if not described:
        return [line(waiting, Tone.MUTED)]
    return [line(waiting, Tone.MUTED), line(), line("Asked for", Tone.HEADING), *map(line, described.split("\n"))]
