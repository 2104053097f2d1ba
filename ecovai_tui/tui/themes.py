"""From theme files to Textual's themes."""

from __future__ import annotations

from textual.app import App
from textual.theme import Theme

from ecovai_tui.interface.themes import FoundThemes, choose_theme, default_theme
from ecovai_tui.terminal.capabilities import ColourDepth


def register_themes(app: App[int], found: FoundThemes) -> None:
    """Make all theme files known to the app, beside Textual's own themes."""
    for theme in found.themes.values():
        app.register_theme(Theme(**theme.arguments()))


def theme_to_begin_with(wanted: str | None, app: App[int], depth: ColourDepth) -> str:
    """Return the name of the theme for this run.

    Raises ThemeError, which lists the known ones, if the wanted one does not exist.
    """
    return choose_theme(wanted, app.available_themes) if wanted else default_theme(depth)
