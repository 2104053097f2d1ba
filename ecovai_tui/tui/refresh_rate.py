"""How often time passes on the screen: each step of a clock costs a slow link bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

if TYPE_CHECKING:
    from textual.widget import Widget


KEPT_TIMER = "_Screen__update_timer"
"""Where Textual's screen keeps the timer that paints."""


class RefreshRate(NamedTuple):
    """How often time passes; all in seconds but the frames."""

    tick: float
    """Between two looks at the clock while something runs."""
    calm: int
    """Running times are told in such steps."""
    close: int
    """Those of the selected task, and countdowns, in such."""
    frames: int
    """Paints in a second at most."""


USUAL = RefreshRate(tick=5.0, calm=10, close=5, frames=60)
SLOW = RefreshRate(tick=60.0, calm=60, close=60, frames=4)
"""For a slow link: times per minute, and keys that come fast share a paint. No key waits longer for it."""


def limit_frames(screen: Widget, per_second: int) -> None:
    """Let a screen paint only so often; Textual knows a limit for the whole run alone (TEXTUAL_FPS).

    Its timer reads its interval once when it starts, so another takes its place. There is no public way, and without
    it all still works.
    """
    timer, paint = getattr(screen, KEPT_TIMER, None), getattr(screen, "_on_timer_update", None)
    if not hasattr(screen, KEPT_TIMER) or paint is None:
        return
    if isinstance(timer, Timer):
        timer.stop()
    setattr(screen, KEPT_TIMER, screen.set_interval(1 / per_second, paint, name="screen_update"))
