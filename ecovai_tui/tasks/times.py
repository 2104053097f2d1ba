"""Durations and moments in words; times are Unix seconds, durations are seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from ecovai_tui.language import later, tr

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
COARSE_AFTER = 10 * MINUTE
"""From here on a running time is told in minutes only, so that it changes a line less often."""

_DAYS_TOLD_BY_NAME = 6

UNITS = {
    "s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY,
    "秒": 1, "分": MINUTE, "分钟": MINUTE, "时": HOUR, "小时": HOUR, "天": DAY, "周": 7 * DAY,
}  # fmt: skip
"""The seconds of each unit that a duration can be written with."""

_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_UNIT = "分钟|小时|[smhdw秒分时天周]"
_DURATION = rf"(?:{_NUMBER}(?:{_UNIT}))+|{_NUMBER}"
_ON_A_CLOCK = r"(?:([0-9]{1,9}):)?([0-9]{1,9}):([0-5][0-9])"


def seconds_of(text: str) -> float | None:
    """Return the seconds of ``90``, ``1.5h``, ``1h30m``, ``7d`` or ``1:49``, None for a text that is no duration."""
    if found := re.fullmatch(_ON_A_CLOCK, text):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return hours * HOUR + minutes * MINUTE + seconds
    if not re.fullmatch(_DURATION, text):
        return None
    return sum(float(number) * UNITS.get(unit, 1) for number, unit in re.findall(rf"({_NUMBER})({_UNIT})?", text))


def exact_duration(seconds: float) -> str:
    """Return a duration that is over as ``1:49`` or ``1:02:03``."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // HOUR, whole % HOUR // MINUTE, whole % MINUTE
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def floored_duration(seconds: float, step: int = 1) -> int:
    """Return the seconds of a growing duration that are shown: floored to ``step``, after ten minutes to minutes."""
    whole = max(0, int(seconds))
    return whole - whole % (step if whole < COARSE_AFTER else MINUTE)


def short_duration(seconds: float, *, running: bool = False) -> str:
    """Return a duration in five cells: ``1:31``, ``12:04``, ``3h10``, ``24h``, ``2d``; while it runs ``25m``."""
    whole = max(0, round(seconds))
    if whole < (COARSE_AFTER if running else HOUR):
        return exact_duration(whole)
    if whole < HOUR:
        return f"{whole // MINUTE}m"
    hours, days = whole // HOUR, whole // DAY
    if hours < TO_THE_MINUTE:
        return f"{hours}h{whole % HOUR // MINUTE:02}"
    return f"{hours}h" if days < TO_THE_HOUR else f"{days}d"


TO_THE_MINUTE, TO_THE_HOUR = 10, 2
"""Hours and days up to which a short duration is told to the minute, and to the hour."""


def coarse_duration(seconds: float) -> str:
    """Return a duration in its one or two largest units, the same in all languages: ``42s``, ``3h 05m``, ``2d 04h``."""
    pattern, n, rest = _in_units(seconds)
    return pattern.format(n=n, rest=rest)


def duration_in_words(seconds: float) -> str:
    """Return the same as a part of a sentence in the user's language."""
    pattern, n, rest = _in_units(seconds)
    return tr(pattern, n=n, rest=rest)


def _in_units(seconds: float) -> tuple[str, int, int]:
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return later("{n}s"), whole, 0
    if whole < HOUR:
        return later("{n}m"), whole // MINUTE, 0
    if whole < DAY:
        return later("{n}h {rest:02}m"), whole // HOUR, whole % HOUR // MINUTE
    return later("{n}d {rest:02}h"), whole // DAY, whole % DAY // HOUR


def clock_time(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """Return a moment as the local clock told it: ``14:03``, ``Tue 14:03`` within a week, else the date.

    ``zone`` is the local one when it is left out.
    """
    then, today = _local(moment, zone), _local(now, zone)
    days = today.toordinal() - then.toordinal()
    if not days:
        return f"{then.hour:02}:{then.minute:02}"
    if not 0 < days <= _DAYS_TOLD_BY_NAME:
        return f"{then:%Y-%m-%d}"
    return f"{tr(_WEEKDAYS[then.weekday()])} {then:%H:%M}"


def short_moment(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """Return a moment in few cells: ``14:03``, ``Tue 14:03`` within a week, ``24 Nov`` within a year, ``2025-11``."""
    then, today = _local(moment, zone), _local(now, zone)
    days = today.toordinal() - then.toordinal()
    if 0 <= days <= _DAYS_TOLD_BY_NAME:
        return clock_time(moment, now, zone)
    if abs(days) >= _DAYS_OF_A_YEAR:
        return f"{then:%Y-%m}"
    return tr("{day} {month}", day=then.day, month=tr(_MONTHS[then.month - 1]))


_DAYS_BESIDE = {0: "{clock}", 1: later("tomorrow {clock}"), -1: later("yesterday {clock}")}
_WEEKDAYS = (
    later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun")
)  # fmt: skip
_MONTHS = (
    later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun"),
    later("Jul"), later("Aug"), later("Sep"), later("Oct"), later("Nov"), later("Dec"),
)  # fmt: skip
_DAYS_OF_A_YEAR = 300
"""Days within which a day and a month tell which year is meant."""


def coming_time(moment: float, now: float, zone: tzinfo | None = None) -> str:
    """Return a moment that may lie ahead, to the minute: ``17:06``, ``tomorrow 17:06``, ``3 Dec 17:06``."""
    then = _local(moment, zone)
    days = then.toordinal() - _local(now, zone).toordinal()
    clock = f"{then.hour:02}:{then.minute:02}"
    if days in _DAYS_BESIDE:
        return tr(_DAYS_BESIDE[days], clock=clock)
    day = tr("{day} {month}", day=then.day, month=tr(_MONTHS[then.month - 1]))
    return tr("{day} {clock}", day=day, clock=clock)


def full_time(moment: float, zone: tzinfo | None = None) -> str:
    """Return a moment with date and second, in local time."""
    return _local(moment, zone).strftime("%Y-%m-%d %H:%M:%S")


def time_of_day(moment: float, zone: tzinfo | None = None) -> str:
    """Return a moment of today to the second, in local time."""
    return _local(moment, zone).strftime("%H:%M:%S")


def next_midnight(now: float, zone: tzinfo | None = None) -> float:
    """Return when the next day begins by the local clock, from when on ``clock_time`` returns other text."""
    tomorrow = _local(now, zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()


def iso_time(moment: float | None) -> str | None:
    """Return a moment as ISO 8601 in UTC to the second, as our JSON has it."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(iso: str | None) -> float | None:
    """Return the Unix seconds of a time that ``iso_time`` wrote."""
    return datetime.fromisoformat(iso).timestamp() if iso else None


def _local(moment: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(moment, zone)
