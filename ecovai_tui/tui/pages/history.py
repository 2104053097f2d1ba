"""The History tab: what we saw change, when, and how long each state lasted."""

from __future__ import annotations

from collections.abc import Sequence

from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.times import MINUTE, coarse_duration, exact_duration, full_time
from ecovai_tui.tui.pages.lines import Line, Span, Tone, line


def history_page(history: Sequence[Change]) -> list[Line]:
    """Return the ledger of one task, newest on top; each entry tells how long after the one before it came."""
    if not history:
        return [line("Nothing has been seen of this task yet.", Tone.MUTED)]
    earlier = (None, *history[:-1])
    entries = [_entry(change, before) for change, before in zip(history, earlier, strict=True)]
    return [one for entry in reversed(entries) for one in entry]


def change_in_words(change: Change) -> str:
    """Return what changed as a sentence."""
    before, after = change.before, change.after
    return {
        Aspect.APPEARED: "not known to the gateway" if after == Phase.MISSING else f"first seen, {after}",
        Aspect.PHASE: f"{after}, was {before}",
        Aspect.STATUS: f"the gateway's word is now {after or 'empty'}, it was {before or 'empty'}",
        Aspect.CLIPS: f"clips: {_clips(after)}, was {_clips(before)}",
        Aspect.TITLE: f"title: {after}" if after else "the title is gone",
        Aspect.REASON: f"reason: {after}" if after else "the fail reason is gone",
        Aspect.AUDIO: "the audio address is missing" if after else "the audio address has come",
        Aspect.CONTENT: "something else about it changed",
    }[change.what]


def _entry(change: Change, before: Change | None) -> tuple[Line, ...]:
    stamp = Span(full_time(change.at) + "  ", Tone.MUTED)
    tone = Tone.STRONG if change.what in {Aspect.PHASE, Aspect.APPEARED} else Tone.PLAIN
    spans = [stamp, Span(change_in_words(change), tone)]
    if before is not None and change.at - before.at >= 1:
        spans.append(Span(f"  after {_lasted(change.at - before.at)}", Tone.MUTED))
    return (Line(tuple(spans), indent=2),)


def _lasted(seconds: float) -> str:
    return coarse_duration(seconds) if seconds < MINUTE else exact_duration(seconds)


def _clips(phases: str) -> str:
    return phases.replace(" ", ", ") or "none"
