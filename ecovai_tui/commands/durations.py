"""Durations and moments as people write them on a command line."""

from __future__ import annotations

import math
import time
from argparse import ArgumentTypeError
from contextlib import suppress
from datetime import datetime

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


def read_duration(text: str) -> float:
    """Return the seconds of ``90``, ``1.5h`` or ``7d``; raises argparse's error for anything else."""
    number, unit = (text[:-1], _UNITS[text[-1]]) if text[-1:] in _UNITS else (text, 1.0)
    try:
        seconds = float(number) * unit
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ArgumentTypeError(f"{text!r} is no duration; write seconds as 90, or 30m, 12h, 7d, 2w")
    return seconds


def read_since(text: str) -> float:
    """Return the moment that a date or an age names, dates in local time; raises argparse's error for other words.

    An age needs its unit here: ``2026`` and ``20261101`` are meant as dates, whatever they could be in seconds.
    """
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(text).timestamp()
    if text[-1:] in _UNITS:
        with suppress(ArgumentTypeError):
            return time.time() - read_duration(text)
    raise ArgumentTypeError(
        f"{text!r} is neither an age, as 90s, 30m, 12h, 7d, 2w, nor a date, as 2026-11-01 or 2026-11-01T18:30"
    )
