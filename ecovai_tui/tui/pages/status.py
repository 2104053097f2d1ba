"""The status bar, the window's title and all that is wrong: the state of the program in words."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.language import clauses, later, sentences, tr
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES
from ecovai_tui.tasks.text import cell_width, shorten_sentence, truncate
from ecovai_tui.tasks.times import clock_time, time_of_day
from ecovai_tui.view.lines import GAP, MARGIN, Line, Part, Span, Tone, ellipsis_of, fit_parts, glyph_of, part

ROOMY = 140
"""Cells from which on the bar tells how far downloads are."""

AT_ONCE = 1.0
"""Seconds that a request may be off and still goes out at once."""


def why_not_now(link: Link, now: float, pause_key: str) -> str:
    """Return the sentence that says why the gateway is not asked at once, "" if it is."""
    if link.read_only:
        return tr("There is no key, so nobody is asked")
    if link.paused:
        return tr("Paused: the gateway is asked when {key} goes on", key=pause_key)
    look = link.next_poll
    if link.in_flight or look is None or look - now <= AT_ONCE:
        return ""
    if link.trouble is not None:
        return tr("The gateway is left alone until {moment}", moment=time_of_day(look))
    told = later("Enough was asked within this minute: the next request goes out at {moment}")
    return tr(told, moment=time_of_day(look))


def asked_part(asked_at: float, link: Link) -> Part:
    """Return what the status bar says after a wish to ask now, until that is old news."""
    moment = time_of_day(asked_at)
    if link.last_reply is not None and link.last_reply >= asked_at:
        return _told(tr("asked {moment}", moment=moment), tr("asked"))
    return _told(tr("asking since {moment}", moment=moment), tr("asking"))


def failed_since(asked_at: float, link: Link) -> bool:
    """Return whether the request that was wished for has ended without an answer."""
    answered = link.last_reply is not None and link.last_reply >= asked_at
    return link.trouble is not None and not link.in_flight and not answered


def _told(words: str, short: str) -> Part:
    return part(25, Span(words, Tone.MUTED), Span(short, Tone.MUTED), None)


MESSAGES = "messages"
"""The action that shows in whole what is wrong, and what was said."""

PHASE_PRESS = "phase "
"""Begins the action of a count, which shows the tasks of its phase alone."""

WITH_GATEWAY, WITH_PROFILE, WITH_WORDS = 100, 120, 176
"""Cells from which on the bar has the gateway's whole name, the profile, and the names of the phases."""

BARS_FROM = ((180, 12), (140, 8), (100, 5))
"""How many latencies are drawn from so many cells on."""

NAMED_FROM = 140
"""Cells from which on it is said what they are."""

LEVELS = (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8)
"""Seconds up to which each bar but the last goes: powers of two, so that a steady gateway draws the same picture."""

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "__--==##"


class Status(NamedTuple):
    """All that the status bar tells."""

    gateway: str
    profile: str
    counts: Mapping[Phase, int]
    link: Link
    interval: float
    filter: str = ""
    """The filter in words and how many tasks it accepts, "" where that is told elsewhere."""
    heard_at: float = 0.0
    """When the gateway last told of any task, 0 for never."""
    asked_at: float | None = None
    """When the user last asked for an answer now, None once that is old news."""
    median: float | None = None
    """Seconds that a reply usually takes."""
    quota: str = ""
    """What is left to spend, in words."""
    quota_low: bool = False
    refresh_key: str = "r"
    demo: bool = False
    ascii: bool = False
    files: str = ""
    """How far downloads are, "" where none is under way."""
    failure: str = ""
    """Why the monitor ended, if it did so by an error of its own."""
    problem: str = ""
    """What is wrong with our files, a line each."""
    messages_key: str = "i"

    @property
    def troubled(self) -> bool:
        """Whether trouble has the whole bar."""
        return bool(self.link.trouble or self.failure or self.problem)


LITTLE_QUOTA = 1.0
"""In the gateway's unit: below this it is told in another colour."""


def quota_in_words(left: float | None) -> str:
    """Return what is left to the key, "" where nobody knows."""
    return "" if left is None else tr("{n:,.2f} left", n=left)


def level_of(seconds: float) -> int:
    """Return the bar of a latency, from 0."""
    return bisect_left(LEVELS, seconds)


def steady_median(latencies: Sequence[float], before: float | None) -> float | None:
    """Return the median of what is known, or the former one for as long as it has the same bar."""
    answered = [seconds for seconds in latencies if seconds != inf]
    if not answered:
        return None
    now = sorted(answered)[len(answered) // 2]
    return before if before is not None and level_of(before) == level_of(now) else now


def status_line(status: Status, now: float, width: int) -> Line:
    """Return the bar in so many cells; what has the gateway in trouble goes before what our files are in."""
    if status.link.trouble is not None and not status.failure:
        return _trouble_line(status, status.link.trouble, now, width)
    if status.troubled:
        return _fault_line(status, width)
    left = [_gateway(status, width), _profile(status, width), _counts(status, width), _filter(status)]
    right = [_files(status, width), _age(status, now), *_link(status, now, width)]
    return fit_parts(left, right, width, ellipsis_of(ascii_only=status.ascii))


def _gateway(status: Status, width: int) -> Part:
    if status.demo:
        return part(30, Span(tr("DEMO"), Tone.ALERT), None)
    name = Span(status.gateway if width >= WITH_GATEWAY else _own_name(status.gateway), Tone.STRONG)
    return part(45, name, None)


def _files(status: Status, width: int) -> Part:
    """Return how far downloads are, where there is room for that beside all else."""
    return part(48, *([Span(status.files)] if status.files and width >= ROOMY else []), None)


def _own_name(gateway: str) -> str:
    """Return what tells a gateway from others in one word: ``ecovai`` of ``api.ecovai.cn``."""
    labels = gateway.partition(":")[0].split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()
    return labels[-2] if named else gateway


def _profile(status: Status, width: int) -> Part:
    shown = status.profile and not status.demo and width >= WITH_PROFILE
    return part(46, *([Span(status.profile, Tone.MUTED)] if shown else []), None)


def _counts(status: Status, width: int) -> Part:
    words = [span for phase in status.counts for span in _count(status, phase, " ", word=True)]
    numbers = [span for phase in status.counts for span in _count(status, phase, " ")]
    forms = [words, numbers] if width >= WITH_WORDS else [numbers]
    return part(50, *map(_spaced, forms), tuple(_dense_counts(status)))


def _dense_counts(status: Status) -> list[Span]:
    return [span for phase in status.counts for span in (MARGIN, *_count(status, phase, ""))][1:]


def _count(status: Status, phase: Phase, gap: str, *, word: bool = False) -> list[Span]:
    """Return the spans of one count, the last one empty where there is no word."""
    action = f"{PHASE_PRESS}{phase}"
    count = Span(f"{glyph_of(phase, ascii_only=status.ascii)}{gap}{status.counts[phase]}", phase, action)
    return [count, Span(f" {tr(phase)}", Tone.MUTED, action)] if word else [count]


def _spaced(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(one for span in spans for one in ((GAP, span) if isinstance(span.tone, Phase) else (span,)))[1:]


def _filter(status: Status) -> Part:
    return part(20, *([Span(status.filter, Tone.TAG)] if status.filter else []), None)


def _age(status: Status, now: float) -> Part:
    """Return of when the data is, for as long as no answer has come."""
    if status.link.last_reply is not None or not status.heard_at:
        return part(35, None)
    moment = clock_time(status.heard_at, now)
    return part(
        35,
        Span(tr("all as of {moment}", moment=moment), Tone.STRONG),
        Span(tr("as of {moment}", moment=moment), Tone.STRONG),
        None,
    )


def _link(status: Status, now: float, width: int) -> list[Part]:
    """Return what the right end tells: what keeps answers from coming, else how they come."""
    bars, seconds = _bars(status, width), status.link.unanswered(now)
    if seconds:
        words = tr("no answer for {n} s", n=seconds)
        return [bars, part(10, Span(words, Tone.ALERT), Span(tr("no answer"), Tone.ALERT), None)]
    if status.link.read_only:
        says_how = Span(tr("no key, {key} says how", key=status.messages_key), Tone.ALERT, MESSAGES)
        return [part(52, says_how, Span(tr("no key"), Tone.ALERT)), part(80, Span(tr("read-only"), Tone.MUTED), None)]
    if status.link.paused:
        return [bars, part(10, Span(tr("paused"), Tone.ALERT), None)]
    if status.asked_at is not None and not failed_since(status.asked_at, status.link):
        return [bars, asked_part(status.asked_at, status.link)]
    quota = Span(status.quota, Tone.ALERT if status.quota_low else Tone.PLAIN)
    every = part(70, Span(_rhythm(status, now), Tone.MUTED), None)
    return [_usual(status, width), every, part(55, *([quota] if status.quota else []), None)]


def _usual(status: Status, width: int) -> Part:
    """Return how long the last answers took, and the figure of it."""
    if status.median is None:
        return part(50, None)
    figure = Span(_seconds(status.median))
    bars = (*_bars(status, width).forms[0], MARGIN)
    return part(50, (*bars, figure) if len(bars) > 1 else figure, figure, None)


def _bars(status: Status, width: int) -> Part:
    room = next((bars for cells, bars in BARS_FROM if width >= cells), 0)
    shown = status.link.latencies[-room:] if room else ()
    if not shown:
        return part(60, None)
    signs = ASCII_BARS if status.ascii else BARS
    name = f"{tr('answers')} " if width >= NAMED_FROM else ""
    return part(60, Span(name + "".join(signs[level_of(seconds)] for seconds in shown), Tone.MUTED), None)


LEAST_TOLD = 0.1
"""Seconds."""


def _seconds(seconds: float) -> str:
    if seconds < LEAST_TOLD:
        return tr("<{n} s", n=LEAST_TOLD)
    return tr("{n:.1f} s", n=seconds) if seconds < 10 else tr("{n:.0f} s", n=seconds)  # noqa: PLR2004  # a digit too many


def _rhythm(status: Status, now: float) -> str:
    """Return how often, or when next, the gateway is asked."""
    look = status.link.next_poll
    if look is None:
        return tr("nothing due")
    far = look - now > 2 * max(status.interval, 5.0)
    if far:
        return tr("next look at {moment}", moment=_moment(look, now))
    return tr("every {n:g} s", n=status.interval)


def _moment(moment: float, now: float) -> str:
    """Return a moment to come; to the second only where it is near."""
    return time_of_day(moment) if moment - now < TO_THE_SECOND else clock_time(moment, now)


TO_THE_SECOND = 120.0
"""Seconds within which a moment to come is told to the second."""


def _trouble_line(status: Status, trouble: Trouble, now: float, width: int) -> Line:
    """Return the whole bar in trouble: what it is, when it is tried again, of when the data is, and the counts."""
    ellipsis, again, counts = ellipsis_of(ascii_only=status.ascii), _next_try(status, now), tuple(_dense_counts(status))
    sign = Span(f"{glyph_of(Phase.FAILED, ascii_only=status.ascii)} ", Phase.FAILED)
    margins = 2 * MARGIN.width + sign.width
    rooms = width - _width((*again.forms[0], *counts)) - 2 * GAP.width, width - _width(again.forms[-1]) - GAP.width
    more = Span(tr("{key} more", key=status.messages_key), Tone.MUTED, MESSAGES)
    hint = GAP.width + more.width
    message = _message(trouble, (rooms[0] - margins, rooms[0] - margins - hint, rooms[1] - margins), ellipsis)
    heard = clock_time(status.heard_at, now)
    detail = truncate(trouble.detail, max(0, rooms[0] - cell_width(message) - margins - GAP.width), ellipsis)
    left = [
        part(0, (sign, Span(message, Tone.STRONG))),
        again,
        part(30, *([Span(detail, Tone.MUTED)] if cell_width(detail) >= LEAST_DETAIL else []), None),
        part(40, *([Span(tr("What you see is of {moment}.", moment=heard))] if status.heard_at else []), None),
        part(15, *([more] if status.problem or message.endswith(ellipsis) else []), None),
    ]
    return fit_parts(left, [part(5, counts, None)], width, ellipsis)


def _fault_line(status: Status, width: int) -> Line:
    """Return the whole bar where the program itself is in trouble: what it is, how to read all of it, the counts."""
    ellipsis, counts = ellipsis_of(ascii_only=status.ascii), tuple(_dense_counts(status))
    sign = Span(f"{glyph_of(Phase.FAILED, ascii_only=status.ascii)} ", Phase.FAILED)
    faults = [*filter(None, (status.failure, *status.problem.splitlines()))]
    key = (Span(status.messages_key, Tone.TAG, MESSAGES), Span(f" {tr('reads on')}", Tone.MUTED, MESSAGES))
    room = width - 2 * MARGIN.width - sign.width - GAP.width - _width(key)
    beside_counts = room - GAP.width - _width(counts)
    told = shorten_sentence(faults[0], beside_counts if beside_counts >= LEAST_CLAUSE else room, ellipsis)
    rest = (key,) if told != faults[0] or len(faults) > 1 else ()
    left = [part(0, (sign, Span(told, Tone.STRONG))), part(1, *rest, None)]
    return fit_parts(left, [part(2, counts, None)], width, ellipsis)


LEAST_DETAIL = 12
"""Cells of the server's own words that are worth their room."""

LEAST_CLAUSE = 30
"""Cells from which on the beginning of a sentence says more than two or three words for it."""


def _message(trouble: Trouble, rooms: tuple[int, int, int], ellipsis: str) -> str:
    """Return what the trouble is: the whole sentence, else its first clause, else the words for it.

    ``rooms`` are the cells beside all that the bar says then, beside what is said of a sentence that is cut as well,
    and beside the little that is never left out.
    """
    whole = trouble.message
    clause = tr("{clause}.", clause=re.split(": |：", whole, maxsplit=1)[0].rstrip(".。"))
    for text, room in ((whole, rooms[0]), (clause, rooms[0])):
        if cell_width(text) <= room:
            return text
    room = next((room for room in rooms[1:] if room >= LEAST_CLAUSE), 0)
    return shorten_sentence(clause, room, ellipsis) if room else tr("{clause}.", clause=tr(trouble.kind).capitalize())


def _width(spans: Sequence[Span]) -> int:
    return sum(span.width for span in spans)


def _next_try(status: Status, now: float) -> Part:
    link = status.link
    if link.paused:
        return part(10, Span(tr("Paused."), Tone.ALERT))
    if link.in_flight:
        seconds = link.unanswered(now)
        return part(10, Span(tr("No answer for {n} s.", n=seconds) if seconds else tr("Asking again now.")))
    if link.next_poll is None:
        return part(10, Span(tr("{key} asks again.", key=status.refresh_key)))
    moment = _moment(link.next_poll, now)
    long = tr("Asked again at {moment}, or press {key}.", moment=moment, key=status.refresh_key)
    return part(10, Span(long), Span(tr("Again at {moment}.", moment=moment)))


PROGRAM = "ecovai-tui"


def title_text(name: str, counts: Mapping[Phase, int], link: Link) -> str:
    """Return the title; ``name`` tells the pane from others, such as the profile, "" if there is none."""
    active = sum(counts.get(phase, 0) for phase in ACTIVE_PHASES)
    said = [_short_hindrance(link), tr("{n} active", n=active) if active else ""]
    said += [tr("{n} {phase}", n=number, phase=tr(phase)) for phase, number in counts.items() if phase in FAILED_PHASES]
    words = clauses(*said) or _all_well(sum(counts.values()))
    return f"{PROGRAM} {name}: {words}" if name else f"{PROGRAM}: {words}"


def _short_hindrance(link: Link) -> str:
    if link.read_only:
        return tr("no key")
    if link.paused:
        return tr("paused")
    if link.trouble is None:
        return ""
    return tr(link.trouble.kind)


def _all_well(number: int) -> str:
    return tr("{n} done", n=number) if number else tr("no tasks")


WITHOUT_KEY = later(
    "There is no API key, so nobody is asked; what you added is kept. Three ways to give one: "
    'the environment variable ECOVAI_API_KEY; api_key_command = "pass show ecovai" in config.toml; '
    'or api_key = "..." there, in a file of mode 0600.'
)


def faults_in_words(link: Link, problem: str, failure: str) -> list[str]:
    """Return all that is wrong now in whole sentences, none while all is well.

    ``problem`` is that of our files, ``failure`` that of the monitor if it ended by an error of its own.
    """
    trouble = [sentences(link.trouble.message, link.trouble.detail)] if link.trouble else []
    return [*filter(None, (failure, *trouble, tr(WITHOUT_KEY) if link.read_only else "", *problem.splitlines()))]
