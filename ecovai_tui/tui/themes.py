"""From theme files to Textual's themes: the one in use at the start, all of them once somebody chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual.app import App
from textual.theme import Theme

from ecovai_tui.interface.themes import FoundThemes, choose_theme, find_theme, find_themes


class Themes:
    """Makes theme files known to an app, beside Textual's own themes."""

    def __init__(self, app: App[int], folder: Path) -> None:
        """``folder`` is the user's; it need not exist."""
        self._app = app
        self._folder = folder
        self._found = FoundThemes({})
        self._replaced = ""

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

    def complaints(self, shown: str) -> Iterator[str]:
        """Yield a sentence for each file that cannot be used, which tells of the theme that is shown instead of its."""
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
