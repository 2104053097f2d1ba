"""Moments as a watch list writes them: TOML date-times in UTC, to the microsecond."""

from __future__ import annotations

from datetime import UTC, date, datetime, time


def to_microsecond(moment: float) -> float:
    """Return a moment (Unix seconds) as it reads after it was written to the file."""
    return written_moment(moment).timestamp()


def written_moment(moment: float) -> datetime:
    """Return a moment (Unix seconds) as the file holds it."""
    return datetime.fromtimestamp(moment, UTC)


def read_moment(value: object) -> float | None:
    """Return the Unix seconds of a date-time, a date, an ISO 8601 text or a number; None for anything else.

    What names no zone is local time.
    """
    try:
        return to_microsecond(_seconds(value))
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return datetime.fromisoformat(value).timestamp()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return datetime.combine(value, time()).timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise TypeError(type(value).__name__)
