"""The colours of the theme in use, for widgets that paint lines of their own, and the line filter for ASCII."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.textual_patches.screen_buffer import FramedApp
from ecovai_tui.view.lines import NARROW, Line, Paint, Span, Tone, encodable
from ecovai_tui.view.theme_choice import FoundThemes, choose_theme, find_theme, find_themes

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


SOFTENED, SOFTENED_BLURRED = 0.25, 0.1
"""How much of a theme's first colour lies on the row under the cursor, where the theme was not made for this program.

Textual takes all of it, on which no phase can be read.
"""


class LineColours(NamedTuple):
    """The colours of a line of the table: what it stands on, and plain text on it."""

    ground: Color
    text: Color


READABLE = 4.5
"""The contrast, from 1 to 21 by WCAG 2.1, below which letters and lines are lost on a poor screen."""


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  # of the standard


def light_of(colour: Color) -> float:
    """Return how much light a colour gives, from 0 to 1."""
    red, green, blue = map(_linear, colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((light_of(one), light_of(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: Color, ground: Color) -> Color:
    """Return a colour that can be read on a ground: as it is, or as much nearer to black or white as it takes.

    Not all themes that come with Textual keep to that. What the terminal's own colours are, nobody knows.
    """
    if colour.ansi is not None or ground.ansi is not None or contrast(colour, ground) >= READABLE:
        return colour
    end = ground.get_contrast_text(1.0)
    steps = (colour.blend(end, step / 20) for step in range(1, 20))
    return next((step for step in steps if contrast(step, ground) >= READABLE), end)


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


class Ground(StrEnum):
    """What kind of line it is; each has its own background."""

    PLAIN = "plain"
    """That of the widget."""
    HEADER = "header"
    TROUBLE = "trouble"
    CURSOR = "cursor"
    CURSOR_BLURRED = "cursor-blurred"


CURSORS = frozenset({Ground.CURSOR, Ground.CURSOR_BLURRED})

_COLOURS = {
    Tone.MUTED: "text-muted",
    Tone.WARNING: "text-warning",
    Tone.TAG: "text-accent",
    Tone.ALERT: "text-warning",
    Tone.LINE: "border-blurred",
    Tone.ACCENT: "text-accent",
    Tone.MATCH: "text-accent",
    Tone.CHOSEN: "input-cursor-foreground",
}
_BOLD = frozenset({Tone.MATCH, Tone.HEADING, Tone.STRONG, Tone.TAG, Tone.ALERT, Tone.CHOSEN})


class LineStyles:
    """The styles of a widget's lines, looked up in the theme when they are first needed."""

    def __init__(self, widget: Widget, *, strong_phases: bool = False) -> None:
        self._widget = widget
        self._strong_phases = True if strong_phases else None
        self._found: dict[tuple[Ground, Tone | Phase], Style] = {}

    def forget(self) -> None:
        """Look everything up again: the theme changed."""
        self._found.clear()

    def strip(self, line: Line, width: int, ground: Ground = Ground.PLAIN) -> Strip:
        """Return a line as a strip of exactly so many cells."""
        segments = [Segment(span.text, self._style_of(ground, span)) for span in line.spans if span.text]
        return Strip(segments).adjust_cell_length(width, self._style(ground, Tone.PLAIN))

    def _style_of(self, ground: Ground, span: Span) -> Style:
        if isinstance(span.tone, Paint):
            upper, *lower = (RichColor.from_rgb(*each.to_bytes(3, "big")) for each in span.tone if each is not None)
            return self._style(ground, Tone.PLAIN) + Style(color=upper, bgcolor=lower[0] if lower else None)
        style, app = self._style(ground, span.tone), self._widget.app
        linked = span.link and isinstance(app, FramedApp) and app.links
        return style + Style(link=span.link) if linked else style

    def _style(self, ground: Ground, tone: Tone | Phase) -> Style:
        found = self._found.get((ground, tone))
        if found is None:
            found = self._found[ground, tone] = self._look_up(ground, tone)
        return found

    def _look_up(self, ground: Ground, tone: Tone | Phase) -> Style:
        style = self._ground_style(ground)
        if style.reverse:
            return style  # reversed tones would be a patchwork of backgrounds
        palette, on = palette_of(self._widget.app), self._colours(ground).ground
        if isinstance(tone, Phase):
            return style + Style(color=readable(palette.phase(tone, on), on).rich_color, bold=self._strong_phases)
        if tone is Tone.CHOSEN and self._widget.app.native_ansi_color:
            return style + Style(reverse=True, bold=True)
        if tone is Tone.CHOSEN:
            on = palette.colour("input-cursor-background", on)
            style += Style(bgcolor=on.rich_color)
        colour = readable(palette.colour(_COLOURS[tone], on), on).rich_color if tone in _COLOURS else None
        underline = True if tone is Tone.MATCH else None
        return style + Style(color=colour, bold=True if tone in _BOLD else None, underline=underline)

    def _ground_style(self, ground: Ground) -> Style:
        if ground is Ground.PLAIN:
            _, _, on, colour = self._widget.colors
            return self._widget.rich_style + Style(color=readable(colour, on).rich_color)
        if ground in CURSORS and self._widget.app.native_ansi_color:
            blurred = ground is Ground.CURSOR_BLURRED
            return self._widget.rich_style + (Style(bold=True) if blurred else Style(reverse=True))
        background, foreground = self._colours(ground)
        bold = True if ground is Ground.HEADER else None
        return Style(color=readable(foreground, background).rich_color, bgcolor=background.rich_color, bold=bold)

    def _colours(self, ground: Ground) -> LineColours:
        row, palette = self._widget.background_colors[1], palette_of(self._widget.app)
        if ground in CURSORS:
            return palette.cursor(row, blurred=ground is Ground.CURSOR_BLURRED)
        own = {Ground.HEADER: "panel", Ground.TROUBLE: "error-muted"}.get(ground)
        background = palette.colour(own, row) if own else row
        return LineColours(background, palette.colour("foreground", background))


class Themes:
    """Makes theme files known to an app, beside Textual's own themes."""

    def __init__(self, app: App[int], folder: Path) -> None:
        """``folder`` is the user's; it need not exist."""
        self._app = app
        self._folder = folder
        self._found = FoundThemes({})
        self._replaced = ""
        self._told: frozenset[str] = frozenset()
        """What was said of files that cannot be used."""

    def fingerprint(self) -> object:
        """Return what is another value once one of the user's theme files was changed, added or removed."""
        found = []
        with suppress(OSError):
            for path in sorted(self._folder.glob("*.toml")):
                status = path.stat()
                found.append((path.name, status.st_mtime_ns, status.st_size))
        return tuple(found)

    def reload(self, say: Callable[[str], None]) -> None:
        """Take in theme files that changed, show the one in use as it is now, and say once which cannot be used.

        Of a file that has become faulty the last sound state stays in use.
        """
        before = self._app.current_theme
        self._register(find_themes(self._folder))
        if self._app.current_theme != before:
            self._app.mutate_reactive(type(self._app).theme)
        told = self._told
        self._told = frozenset(map(str, self._found.problems))
        if new := [problem.in_one_sentence() for problem in self._found.problems if str(problem) not in told]:
            say("\n".join(new))

    def find(self, name: str) -> str | None:
        """Make one theme known and return its name, or None if it does not exist."""
        self._register(find_theme(name, self._folder))
        return name if name in self._app.available_themes else None

    def require(self, name: str, usual: str) -> str:
        """Do the same with a theme that must be there; where its file has faults, the usual one takes its place.

        Raises ThemeError, which lists the known ones, if there is none of that name.
        """
        found = self.find(name)
        if found is None and self._found.problem_of(name) is not None:
            self._replaced, found = name, self.find(usual)
        return found or choose_theme(name, self.names())

    def begin_with(self, wanted: str | None, picked: str | None, usual: str) -> str:
        """Return the theme of the settings, else the one picked last time if it is still there, else the usual one.

        Raises ThemeError as ``require`` does.
        """
        if wanted is None and picked is not None and self.find(picked):
            return picked
        return self.require(wanted or usual, usual)

    def complaints(self, shown: str) -> Iterator[str]:
        """Yield a sentence for each file that cannot be used, which tells of the theme that is shown instead of its."""
        self._told = frozenset(map(str, self._found.problems))
        for problem in self._found.problems:
            yield problem.in_one_sentence(shown if self._replaced in problem.names else "")

    def names(self) -> list[str]:
        """Make all themes known, and return their names in order: those made for this program first."""
        found = find_themes(self._folder)
        self._register(found)
        return [*sorted(found.themes), *sorted(self._app.available_themes.keys() - found.themes.keys())]

    def _register(self, found: FoundThemes) -> None:
        for theme in found.themes.values():
            self._app.register_theme(Theme(**theme.arguments()))
        self._found = found


class SignFilter(LineFilter):
    """Puts stand-ins of the same width in the place of what the terminal cannot show as we mean it."""

    def __init__(self, shown: Callable[[str], str]) -> None:
        super().__init__()
        self._shown = shown

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  # Textual's signature
        """Return the segments with stand-ins."""
        return [self._replaced(segment) for segment in segments]

    def _replaced(self, segment: Segment) -> Segment:
        text = self._shown(segment.text)
        return segment if text == segment.text else Segment(text, segment.style, segment.control)


def encoding_filter(encoding: str) -> SignFilter:
    """Return what leaves nothing on the screen that an encoding has no character for."""
    return SignFilter(lambda text: encodable(text, encoding))


def narrow_filter() -> SignFilter:
    """Return what leaves no sign of ours on the screen that a terminal of East Asia may draw two cells wide."""
    table = str.maketrans(dict(NARROW))
    return SignFilter(lambda text: text if text.isascii() else text.translate(table))
