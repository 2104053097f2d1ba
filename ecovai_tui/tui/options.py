"""What the command line decides about one run of the TUI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.store.identifiers import is_id
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
