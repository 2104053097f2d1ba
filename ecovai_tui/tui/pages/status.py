"""The status bar: which gateway, how many tasks in each phase, how the link is, who asks, and when it looks again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ecovai_tui.interface.cells import ellipsis_of
from ecovai_tui.monitor.update import Link, Role, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.times import clock_time, coarse_duration
from ecovai_tui.tui.pages.asking import asked_part, failed_since
from ecovai_tui.tui.pages.lines import Line, Span, Tone
from ecovai_tui.tui.pages.parts import GAP, MARGIN, Part, fit_parts, part


class Status(NamedTuple):
    """All that the status bar tells."""

    gateway: str
    profile: str
    counts: Mapping[Phase, int]
    shown: int
    total: int
    filter: str
    """The filter in words, "" for none."""
    marked: int
    link: Link
    role: Role
    interval: float
    heard_at: float = 0.0
    """When the gateway last told of any task, 0 for never."""
    asked_at: float | None = None
    """When the user last asked for an answer now, None once that is old news."""
    step: int = 5
    """Seconds between two values of a countdown."""
    demo: bool = False
    ascii: bool = False

    def counts_down(self, now: float) -> bool:
        """Tell whether the bar changes by time alone."""
        return self.link.next_look is not None and _far(self, now)


def status_line(status: Status, now: float, width: int) -> Line:
    """Return the bar in so many cells."""
    left = [
        part(45, *([] if status.demo else [Span(status.gateway, Tone.STRONG)]), None),
        part(46, *([Span(status.profile, Tone.MUTED)] if status.profile and not status.demo else []), None),
        part(30, *([Span("DEMO", Tone.ALERT)] if status.demo else []), None),
        _counts(status),
        _selection(status),
    ]
    return fit_parts(
        left, [_age(status, now), _link(status, now), _role(status)], width, ellipsis_of(ascii_only=status.ascii)
    )


def _counts(status: Status) -> Part:
    glyphs = {phase: phase.ascii_glyph if status.ascii else phase.glyph for phase in status.counts}
    words = [Span(f"{glyphs[phase]} {number} {phase}", phase) for phase, number in status.counts.items()]
    numbers = [Span(f"{glyphs[phase]} {number}", phase) for phase, number in status.counts.items()]
    dense = [Span(f"{glyphs[phase]}{number}", phase) for phase, number in status.counts.items()]
    return part(50, _spaced(words, GAP), _spaced(numbers, GAP), _spaced(dense, MARGIN))


def _spaced(spans: Sequence[Span], gap: Span) -> tuple[Span, ...]:
    return tuple(span for one in spans for span in (gap, one))[1:]


def _selection(status: Status) -> Part:
    said = [f"{status.shown} of {status.total}: {status.filter}"] if status.filter else []
    said += [f"{status.marked} marked"] if status.marked else []
    if not said:
        return part(20, None)
    short = f"{status.shown}/{status.total}" if status.filter else said[-1]
    return part(20, Span(", ".join(said), Tone.TAG), Span(short, Tone.TAG))


def _age(status: Status, now: float) -> Part:
    """Return of when the data is, for as long as no answer has come or none comes any more."""
    current = status.link.last_reply is not None and status.link.trouble is None
    if current or not status.heard_at:
        return part(35, None)
    moment = clock_time(status.heard_at, now)
    return part(35, Span(f"all as of {moment}", Tone.STRONG), Span(f"as of {moment}", Tone.STRONG), None)


def _link(status: Status, now: float) -> Part:
    seconds = status.link.unanswered(now)
    if seconds:
        return part(40, *(Span(text, Tone.ALERT) for text in _no_answer(status.link.trouble, seconds)))
    asked_at = status.asked_at
    if asked_at is not None and not status.link.paused and not failed_since(asked_at, status.link):
        return asked_part(asked_at, status.link, status.role)
    hindrance = _hindrance(status, now)
    if hindrance:
        return part(40, *(Span(text, Tone.ALERT) for text in hindrance))
    return part(40, Span(_rhythm(status, now), Tone.MUTED), None)


def _no_answer(trouble: Trouble | None, seconds: int) -> tuple[str, ...]:
    """Return for how long the request under way has had no answer, in a long form and shorter ones."""
    words = f"no answer for {seconds} s"
    short = (words, "no answer")
    return short if trouble is None or trouble.kind in words else (f"{trouble.kind}, {words}", *short)


def _hindrance(status: Status, now: float) -> tuple[str, ...]:
    """Return why the gateway is not asked, in a long form and a short one; () while it is."""
    if status.role is Role.READ_ONLY:
        return ("no key",)
    if status.link.paused:
        return ("paused",)
    if status.link.trouble is not None:
        word = status.link.trouble.kind
        return f"{word}, next try in {_look(status, now)}", word
    return ()


def _rhythm(status: Status, now: float) -> str:
    """Return how often, or when next, the gateway is asked."""
    if status.role is Role.FOLLOWING:
        return "another pane asks"
    if status.link.next_look is None:
        return "nothing due"
    return f"next look in {_look(status, now)}" if _far(status, now) else f"every {status.interval:g} s"


def _role(status: Status) -> Part:
    return part(80, Span(status.role.value, Tone.MUTED), None)


def _far(status: Status, now: float) -> bool:
    """Tell whether the next look is further off than the usual interval, so that a countdown says something."""
    look = status.link.next_look
    return look is not None and (status.link.trouble is not None or look - now > 2 * max(status.interval, 5.0))


def _look(status: Status, now: float) -> str:
    look = status.link.next_look
    if look is None:
        return "a while"
    seconds = max(0.0, look - now)
    return coarse_duration(math.ceil(seconds / status.step) * status.step) if seconds else "a moment"
