"""What is found of tasks by their lyrics, which are too long to keep in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from ecovai_tui.language import tr
from ecovai_tui.store.errors import StoreError, shown_path
from ecovai_tui.tasks.text import folded

_HAVING = """
    SELECT id FROM payload WHERE origin = ? AND EXISTS (
        SELECT 1 FROM json_tree(content) AS part
        WHERE part.key IN ('lyrics', 'text') AND part.type = 'text' AND instr(folded(part.value), ?)
    )
"""

Found = Mapping[str, frozenset[str]]
"""The ids of the tasks whose lyrics have a text, by that text."""


def find_lyrics(connection: sqlite3.Connection, origin: str, texts: Iterable[str]) -> Found:
    """Return which tasks, watched or not, have each of some folded texts in their lyrics."""
    once = lru_cache(maxsize=1)(folded)  # the clips of a task have the same lyrics
    connection.create_function("folded", 1, once, deterministic=True)
    return {text: frozenset(name for (name,) in connection.execute(_HAVING, (origin, text))) for text in texts}


def find_lyrics_in_file(path: Path, origin: str, texts: Iterable[str]) -> Found:
    """Return the same from a file, by a connection of its own, so that it can be asked in a thread.

    Raises StoreError for a file that cannot be read now.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return find_lyrics(connection, origin, texts)
    except sqlite3.Error as error:
        raise StoreError(
            tr("Lyrics cannot be looked through in {path}: {error}.", path=shown_path(path), error=error)
        ) from None
