"""Reading the ids back from our own CSV and Markdown, where ids of clips and the words of songs stand beside them."""

from __future__ import annotations

import csv
import re
from typing import Protocol

from ecovai_tui.commands.export_formats import CSV_COLUMNS, MARKDOWN_TITLE, read_cell

_CSV_HEADING = ",".join(CSV_COLUMNS)
_ID_LINE = re.compile(r"(`+) ?([!-~]+) ?\1 · ")
_OTHER_LINES = ("#", "- ", "    ")


class Reader(Protocol):
    """Reads one export, line by line."""

    def take(self, line: str) -> list[str] | None:
        """Return the ids in a line; None when the export is over and the line belongs to something else."""


def reader_of(heading: str) -> Reader | None:
    """Return what reads the export that begins with this line, None if none does."""
    if heading.rstrip() == _CSV_HEADING:
        return _Sheet()
    return _Page() if heading.startswith(MARKDOWN_TITLE) else None


class _Sheet:
    """CSV: the first cell of each record, which may go over several lines."""

    def __init__(self) -> None:
        self._record = ""

    def take(self, line: str) -> list[str] | None:
        """Return the ids that a line completes; None where it is no line of such a file."""
        self._record += f"{line}\n"
        if self._record.count('"') % 2:
            return []
        record, self._record = self._record, ""
        cells = next(csv.reader([record.strip("\r\n")], strict=False), [])
        if record.strip() in {_CSV_HEADING, ""}:
            return []
        return [read_cell(cells[0])] if len(cells) == len(CSV_COLUMNS) else None


class _Page:
    """Markdown: the word in code type at the beginning of a line."""

    def take(self, line: str) -> list[str] | None:
        """Return the id that a line begins with, if any; None where it is no line of such a file."""
        if not line.strip() or line.startswith(_OTHER_LINES):
            return []
        found = _ID_LINE.match(line)
        return [found[2]] if found else None
