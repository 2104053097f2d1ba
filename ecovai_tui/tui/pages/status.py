"""The status bar, the window's title and the sentences under the bar: the state of the program in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES
from ecovai_tui.tasks.times import clock_time, coarse_duration, time_of_day
from ecovai_tui.view.lines import GAP, MARGIN, Line, Part, Span, Tone, ellipsis_of, fit_parts, line, part

AT_ONCE = 1.0
"""Seconds that a request may be off and still goes out at once."""


def why_not_now(link: Link, now: float, pause_key: str) -> str:
    """Return the sentence that says why the gateway is not asked at once, "" if it is."""
    if link.read_only:
        return "There is no key, so nobody is asked"
    if link.paused:
        return f"Paused: the gateway is asked when {pause_key} goes on"
    look = link.next_poll
    if link.in_flight or look is None or look - now <= AT_ONCE:
        return ""
    if link.trouble is not None:
        return f"The gateway is left alone until {time_of_day(look)}"
    return f"Enough was asked within this minute: the next request goes out at {time_of_day(look)}"


def asked_part(asked_at: float, link: Link) -> Part:
    """Return what the status bar says after a wish to ask now, until that is old news."""
    moment = time_of_day(asked_at)
    if link.last_reply is not None and link.last_reply >= asked_at:
        return _told(f"asked {moment}", "asked")
    return _told(f"asking since {moment}", "asking")


def failed_since(asked_at: float, link: Link) -> bool:
    """Return whether the request that was wished for has ended without an answer."""
    answered = link.last_reply is not None and link.last_reply >= asked_at
    return link.trouble is not None and not link.in_flight and not answered


def _told(words: str, short: str) -> Part:
    return part(25, Span(words, Tone.MUTED), Span(short, Tone.MUTED), None)


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
        """Return whether the bar changes by time alone."""
        return self.link.next_poll is not None and _far(self, now)


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
        left, [_age(status, now), _link(status, now), _read_only(status)], width, ellipsis_of(ascii_only=status.ascii)
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
        return asked_part(asked_at, status.link)
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
    if status.link.read_only:
        return ("no key",)
    if status.link.paused:
        return ("paused",)
    if status.link.trouble is not None:
        word = status.link.trouble.kind
        return f"{word}, next try in {_look(status, now)}", word
    return ()


def _rhythm(status: Status, now: float) -> str:
    """Return how often, or when next, the gateway is asked."""
    if status.link.next_poll is None:
        return "nothing due"
    return f"next look in {_look(status, now)}" if _far(status, now) else f"every {status.interval:g} s"


def _read_only(status: Status) -> Part:
    return part(80, *([Span("read-only", Tone.MUTED)] if status.link.read_only else []), None)


def _far(status: Status, now: float) -> bool:
    """Return whether the next look is further off than the usual interval, so that a countdown says something."""
    look = status.link.next_poll
    return look is not None and (status.link.trouble is not None or look - now > 2 * max(status.interval, 5.0))


def _look(status: Status, now: float) -> str:
    look = status.link.next_poll
    if look is None:
        return "a while"
    seconds = max(0.0, look - now)
    return coarse_duration(math.ceil(seconds / status.step) * status.step) if seconds else "a moment"


PROGRAM = "ecovai-tui"


def title_text(name: str, counts: Mapping[Phase, int], link: Link) -> str:
    """Return the title; ``name`` tells the pane from others, such as the profile, "" if there is none."""
    active = sum(counts.get(phase, 0) for phase in ACTIVE_PHASES)
    said = [_short_hindrance(link), f"{active} active" if active else ""]
    said += [f"{number} {phase}" for phase, number in counts.items() if phase in FAILED_PHASES]
    words = ", ".join(filter(None, said)) or _all_well(sum(counts.values()))
    return f"{PROGRAM} {name}: {words}" if name else f"{PROGRAM}: {words}"


def _short_hindrance(link: Link) -> str:
    if link.read_only:
        return "no key"
    if link.paused:
        return "paused"
    if link.trouble is None:
        return ""
    return link.trouble.kind


def _all_well(number: int) -> str:
    return f"{number} done" if number else "no tasks"


WITHOUT_KEY = (
    "There is no API key, so this shows what was known last and asks nobody. Three ways to give one: "
    'the environment variable ECOVAI_API_KEY; api_key_command = "pass show ecovai" in config.toml; '
    'or api_key = "..." there, in a file of mode 0600.'
)


def notice_lines(link: Link, problem: str, failure: str) -> list[Line]:
    """Return the lines, none while all is well.

    ``problem`` is that of our files, ``failure`` that of the monitor if it ended by an error of its own.
    """
    lines = []
    if failure:
        lines.append(line(failure, Tone.ALERT))
    if link.read_only:
        lines.append(line(WITHOUT_KEY))
    elif link.trouble is not None:
        lines.append(_trouble(link.trouble))
    return [*lines, *map(line, problem.splitlines())]


def _trouble(trouble: Trouble) -> Line:
    detail = (Span(f"  {trouble.detail}", Tone.MUTED),) if trouble.detail else ()
    return Line((Span(trouble.message, Tone.ALERT), *detail))
