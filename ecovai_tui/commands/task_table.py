"""The list of tasks for people: the same cells as in the monitor's table."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from ecovai_tui.commands.output import on_terminal, say, write
from ecovai_tui.commands.table import painted, write_table
from ecovai_tui.interface.cells import ASCII_ELLIPSIS, fit_cell
from ecovai_tui.interface.columns import COLUMNS, GAP, ColumnKey, columns_of, lay_out
from ecovai_tui.interface.rows import RowContext, build_row
from ecovai_tui.monitor.schedule import DEFAULT_INTERVAL, interval_of
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import ELLIPSIS
from ecovai_tui.terminal.capabilities import read_capabilities

if TYPE_CHECKING:
    from ecovai_tui.store.replica import Learned


def write_tasks(
    tasks: Iterable[WatchedTask],
    now: float,
    learned_of: Callable[[TaskSummary], Learned | None],
    *,
    interval: float = DEFAULT_INTERVAL,
    ascii_only: bool | None = None,
) -> None:
    """Write one line for each task: laid out for the terminal's width; in a pipe whole, its cells parted by tabs.

    ``learned_of`` tells how long tasks like one took. ``interval`` is the user's, in seconds; ``ascii_only`` None means
    as the terminal and the locale can.
    """
    plain = draws_ascii() if ascii_only is None else ascii_only

    def look(summary: TaskSummary, moment: float) -> float:
        return interval_of(summary, moment, interval)

    context = RowContext(now, look, ascii_only=plain, encoding=sys.stdout.encoding, learned_of=learned_of)
    listed = list(tasks)
    if not listed:
        return
    if on_terminal(sys.stdout):
        _write_for_terminal(listed, context)
    else:
        rows = (build_row(task, context) for task in listed)
        write_table([column.header for column in COLUMNS], ([cell.text for cell in row.cells] for row in rows))


def tell_reasons(tasks: Iterable[WatchedTask]) -> None:
    """Say on standard error what the reasons of failed tasks mean, each once, where that is known."""
    from ecovai_tui.tasks.reasons import explain, told  # noqa: PLC0415 - ls, which starts often, needs none of it

    failed = (task.summary for task in tasks if task.summary.phase in {Phase.FAILED, Phase.PARTIAL})
    for words in dict.fromkeys(summary.fail_reason for summary in failed):
        if explain(words):
            say(f"ecovai-tui: {told(words)}")


def draws_ascii() -> bool:
    """Tell whether only ASCII is safe where the output goes."""
    capabilities = read_capabilities(
        os.environ, is_terminal=on_terminal(sys.stdout), encoding=sys.stdout.encoding or "ascii"
    )
    return not capabilities.unicode and (capabilities.terminal or "utf" not in sys.stdout.encoding.lower())


def _write_for_terminal(tasks: Sequence[WatchedTask], context: RowContext) -> None:
    columns = columns_of(labelled=any(task.label for task in tasks))
    placements = lay_out(get_terminal_size().columns, columns)
    context = context._replace(id_in_column=any(place.column.key is ColumnKey.ID for place in placements))
    headings = (fit_heading(place.column.header, place.width, right=place.column.right) for place in placements)
    write((" " * GAP).join(headings).rstrip())
    ellipsis = ASCII_ELLIPSIS if context.ascii_only else ELLIPSIS
    for row in (build_row(task, context) for task in tasks):
        cells = (
            fit_cell(row.cell(place.column.key), place.width, right=place.column.right, ellipsis=ellipsis)
            for place in placements
        )
        write((" " * GAP).join("".join(painted(piece.text, piece.tone) for piece in cell) for cell in cells).rstrip())


def fit_heading(text: str, width: int, *, right: bool) -> str:
    """Return a heading in exactly so many cells; headings are ASCII."""
    return text[:width].rjust(width) if right else text[:width].ljust(width)
