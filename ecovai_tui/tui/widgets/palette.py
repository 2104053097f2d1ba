"""The colours of the theme in use, for widgets that paint lines of their own.

They are read from the theme's variables. Component classes of style sheets say the same, but are parsed and matched for
every widget again: a tenth of the time to the first paint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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


SOFTENED, SOFTENED_BLURRED = 0.2, 0.1
"""How much of a theme's first colour lies on the row under the cursor, where the theme was not made for this program.

Textual takes all of it, on which no phase can be read.
"""


class LineColours(NamedTuple):
    """The colours of a line of the table: what it stands on, and plain text on it."""

    ground: Color
    text: Color


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

    def cursor(self, row: Color, *, blurred: bool = False) -> LineColours:
        """Return the colours of the row under the cursor, on which every phase can be read.

        ``row`` is the ground of the others; ``blurred`` is for a table without the keyboard.
        """
        name = "block-cursor-blurred" if blurred else "block-cursor"
        ground, primary = self.colour(f"{name}-background", row), self.colour("primary", row)
        if self._has_phases and ground != primary:
            return LineColours(ground, self.colour(f"{name}-foreground", ground))
        ground = tinted(primary, SOFTENED_BLURRED if blurred else SOFTENED, row)
        return LineColours(ground, self.colour("foreground", ground))

    @property
    def _has_phases(self) -> bool:
        return any(f"phase-{phase}" in self._variables for phase in Phase)


def palette_of(app: App[object]) -> Palette:
    """Return the palette of an app's theme."""
    return Palette(app.theme_variables)


def tinted(colour: Color, share: float, ground: Color) -> Color:
    """Return a ground with so much of a colour on it, from 0 to 1."""
    return ground + (colour.multiply_alpha(share) if share < 1 else colour)
