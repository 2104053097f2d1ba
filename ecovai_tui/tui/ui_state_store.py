"""What the command line decides about one run of the TUI, and what the screen remembers from run to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.ui_state import IgnoredInput, UiState, read_ui_state, remember
from ecovai_tui.tasks.model import is_id
from ecovai_tui.terminal.capabilities import Capabilities


def ids_among_words(text: str) -> list[str]:
    """Return every word that can be an id, each once."""
    words = (word.strip("\"'`,;") for word in text.split())
    return list(dict.fromkeys(word for word in words if is_id(word)))


class Options(NamedTuple):
    """How the TUI is to look and behave in this run."""

    capabilities: Capabilities
    themes_folder: Path
    """Where the user's own themes are; it need not exist."""
    environment: Mapping[str, str] = MappingProxyType({})
    theme: str | None = None
    """The theme to begin with; None for the one that suits the terminal."""
    ui_state: Path | None = None
    """The file that tells how the screen was left; None where nothing is remembered."""
    demo: bool = False
    """Then nothing is written."""
    mouse: bool = True
    ascii: bool = False
    slow_link: bool | None = None
    """The user's word on the link; None for asking the terminal, where it is far away."""
    find_ids: Callable[[str], Sequence[str]] = ids_among_words
    """Finds ids in a pasted text."""


class UiStateStore:
    """Holds how the screen was left last time, and writes down how it is left now; the demo writes nothing."""

    def __init__(self, options: Options) -> None:
        self._path = options.ui_state
        self._writes = not options.demo
        self._depth = options.capabilities.depth.name.lower()
        self._written = read_ui_state(options.ui_state)
        self.state = self._written
        """How the screen is now; begins as it was left."""
        self._ignored = IgnoredInput()

    @property
    def theme(self) -> str | None:
        """The theme that was picked on a terminal of as many colours, None if there is none."""
        return self.state.themes.get(self._depth)

    def pick_theme(self, theme: str) -> None:
        """Remember a theme for terminals of as many colours."""
        self.state = self.state.with_theme(self._depth, theme)
        self.save()

    def note_ignored(self, kind: str, now: float) -> None:
        """Count one more thing that the terminal sent and that is no key; the first of a run begins anew."""
        self._ignored = self._ignored.with_one(kind, now)
        self.state = self.state._replace(ignored=self._ignored)

    def note(self, now: UiState) -> None:
        """Remember the order, the panel and its tab."""
        self.state = now._replace(themes=self.state.themes, ignored=self.state.ignored)

    def save(self) -> None:
        """Write down what became different; a disk that takes nothing only costs the memory."""
        if self._path is not None and self._writes:
            with suppress(StoreError):
                remember(self._path, self._written, self.state)
                self._written = self.state
