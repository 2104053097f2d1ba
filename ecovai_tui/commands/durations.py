"""Durations as people write them on a command line."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError

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
