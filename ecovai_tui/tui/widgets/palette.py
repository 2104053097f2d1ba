"""The colours of the theme in use, for widgets that paint lines of their own.

They are read from the theme's variables. Component classes of style sheets say the same, but are parsed and matched for
every widget again: a tenth of the time to the first paint.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App
from textual.color import Color

from ecovai_tui.tasks.model import Phase

AUTOMATIC = "auto"
"""Stands in a theme for the colour that contrasts with the ground."""

_PHASE_STAND_INS = {
    Phase.WAITING: "text-muted",
    Phase.RUNNING: "text-secondary",
    Phase.STREAMING: "text-primary",
    Phase.DONE: "text-success",
    Phase.PARTIAL: "text-warning",
    Phase.FAILED: "text-error",
    Phase.MISSING: "text-warning",
    Phase.UNKNOWN: "text-warning",
}


class Palette:
    """The variables of one theme as colours."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def colour(self, name: str, ground: Color) -> Color:
        """Return a variable's colour as it looks on a ground: it may be translucent, or left to the contrast.

        A value is a colour, or ``auto``, and can have a strength behind it, as in ``#5fafff 40%``.
        """
        word, _, strength = self._variables[name].partition(" ")
        share = float(strength.rstrip("%")) / 100 if strength else 1.0
        if word == AUTOMATIC:
            return ground + ground.get_contrast_text(share)
        return tinted(Color.parse(word), share, ground)

    def phase(self, phase: Phase, ground: Color) -> Color:
        """Return the colour of a phase; Textual's own themes have none, so one of their others stands in for it."""
        own = f"phase-{phase}"
        return self.colour(own if own in self._variables else _PHASE_STAND_INS[phase], ground)


def palette_of(app: App[object]) -> Palette:
    """Return the palette of an app's theme."""
    return Palette(app.theme_variables)


def tinted(colour: Color, share: float, ground: Color) -> Color:
    """Return a ground with so much of a colour on it, from 0 to 1."""
    return ground + (colour.multiply_alpha(share) if share < 1 else colour)
