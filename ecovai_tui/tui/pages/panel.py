"""What the panel is about, its tabs, and the page of each."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.interface.cells import ellipsis_of
from ecovai_tui.tasks.changes import Change
from ecovai_tui.tasks.model import Clip, Phase, Task, WatchedTask
from ecovai_tui.tui.pages.details import Moment, details_page
from ecovai_tui.tui.pages.history import history_page
from ecovai_tui.tui.pages.lines import Line, Span, Tone, line
from ecovai_tui.tui.pages.lyrics import lyrics_page
from ecovai_tui.tui.pages.parts import Part, fit_parts, part, shrinking_part
from ecovai_tui.tui.pages.source import source_page

NO_TASK = "No task is selected."

LEAST_TITLE = 18
"""Cells that a title keeps beside the phase and the place of the clip."""


class Tab(StrEnum):
    """The pages of the panel, from left to right."""

    LYRICS = "Lyrics"
    DETAILS = "Details"
    HISTORY = "History"
    JSON = "JSON"

    def beside(self, step: int) -> Tab:
        """Return the tab so many places to the right, round the end."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + step) % len(tabs)]


class Subject(NamedTuple):
    """The task and the clip that the panel is about."""

    watched: WatchedTask
    task: Task | None = None
    clip_index: int = 0
    history: tuple[Change, ...] = ()

    @property
    def clip(self) -> Clip | None:
        """The selected clip, None for a task without any."""
        if self.task is None or not self.task.clips:
            return None
        return self.task.clips[min(self.clip_index, len(self.task.clips) - 1)]

    @property
    def place(self) -> tuple[str, int]:
        """What tells one subject from another: the task's id and the clip's place."""
        return self.watched.id, self.clip_index


def panel_page(tab: Tab, subject: Subject | None, moment: Moment) -> list[Line]:
    """Return the page of a tab."""
    if subject is None:
        return [line(NO_TASK, Tone.MUTED)]
    if tab is Tab.LYRICS:
        return lyrics_page(subject.task, subject.clip, subject.watched.summary.phase)
    if tab is Tab.DETAILS:
        return details_page(subject.watched, subject.task, subject.clip, moment)
    if tab is Tab.HISTORY:
        return history_page(subject.history)
    return source_page(subject.task, subject.watched.summary.phase)


def title_line(subject: Subject | None, width: int, *, focused: bool = False, ascii_only: bool = False) -> Line:
    """Return the panel's first line: a sign of the keyboard, the title, which clip of how many, and its phase."""
    if subject is None:
        return Line()
    clip, summary = subject.clip, subject.watched.summary
    phase = clip.phase if clip and summary.phase is not Phase.MISSING else summary.phase
    title = (clip.title if clip else "") or summary.title or subject.watched.label or summary.id
    glyph = phase.ascii_glyph if ascii_only else phase.glyph
    ending = [_clip_place(subject), part(2, Span(f"{glyph} {phase}", phase), Span(glyph, phase))]
    sign = ">" if ascii_only else "❯"
    shown = shrinking_part(1, Span(title, Tone.HEADING), LEAST_TITLE)
    return fit_parts(
        [part(0, *([Span(sign, Tone.TAG)] if focused else []), None), shown],
        ending,
        width,
        ellipsis_of(ascii_only=ascii_only),
    )


def tabs_line(active: Tab, width: int, *, ascii_only: bool = False) -> Line:
    """Return the line of tabs, the active one told by more than colour."""
    spans = [Span(f"[{tab}]" if tab is active else f" {tab} ", _tab_tone(tab, active), f"tab {tab}") for tab in Tab]
    return fit_parts([part(0, tuple(spans))], [], width, ellipsis_of(ascii_only=ascii_only))


def _tab_tone(tab: Tab, active: Tab) -> Tone:
    return Tone.STRONG if tab is active else Tone.MUTED


def _clip_place(subject: Subject) -> Part:
    count = len(subject.task.clips) if subject.task else 0
    if count < 2:  # noqa: PLR2004  # one clip needs no number
        return part(3, None)
    number = min(subject.clip_index, count - 1) + 1
    return part(3, Span(f"clip {number} of {count}", Tone.MUTED), Span(f"{number}/{count}", Tone.MUTED), None)
