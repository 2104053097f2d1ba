"""What became of the user's wish to ask the gateway now: nothing to be seen is no answer to a key."""

from __future__ import annotations

from ecovai_tui.monitor.update import Link, Role
from ecovai_tui.tasks.times import time_of_day
from ecovai_tui.tui.pages.lines import Span, Tone
from ecovai_tui.tui.pages.parts import Part, part

AT_ONCE = 1.0
"""Seconds that a request may be off and still goes out at once."""


def why_not_now(link: Link, role: Role, now: float, pause_key: str) -> str:
    """Return the sentence that says why the gateway is not asked at once, "" if it is."""
    if role is Role.READ_ONLY:
        return "There is no key, so nobody is asked"
    if link.paused:
        return f"Paused: the gateway is asked when {pause_key} goes on"
    look = link.next_look
    if role is Role.FOLLOWING or link.in_flight or look is None or look - now <= AT_ONCE:
        return ""
    if link.trouble is not None:
        return f"The gateway is left alone until {time_of_day(look)}"
    return f"Enough was asked within this minute: the next request goes out at {time_of_day(look)}"


def asked_part(asked_at: float, link: Link, role: Role) -> Part:
    """Return what the status bar says after a wish to ask now, until that is old news."""
    moment = time_of_day(asked_at)
    if role is Role.FOLLOWING:
        return _told(f"leading pane asked {moment}", f"asked {moment}")
    if link.last_reply is not None and link.last_reply >= asked_at:
        return _told(f"asked {moment}", "asked")
    return _told(f"asking since {moment}", "asking")


def failed_since(asked_at: float, link: Link) -> bool:
    """Tell whether the request that was wished for has ended without an answer."""
    answered = link.last_reply is not None and link.last_reply >= asked_at
    return link.trouble is not None and not link.in_flight and not answered


def _told(words: str, short: str) -> Part:
    return part(25, Span(words, Tone.MUTED), Span(short, Tone.MUTED), None)
