"""Copying from inside the TUI: off the event loop, since tmux may take its time."""

from __future__ import annotations

from ecovai_tui.interface.cells import ellipsis_of
from ecovai_tui.monitor.threads import in_thread
from ecovai_tui.tasks.text import truncate
from ecovai_tui.terminal.clipboard import Copied, copy_text, load_tmux_buffer
from ecovai_tui.tui.options import Options

SHOWN_WIDTH = 60
"""Cells that a toast shows of a copied text at most: enough to know it again."""


async def copy(text: str, options: Options) -> tuple[Copied, bytes]:
    """Copy the text; return what came of it, and the bytes that the terminal still has to be sent."""
    sequences: list[bytes] = []

    def work() -> Copied:
        return copy_text(
            text, options.capabilities, sequences.append, lambda data: load_tmux_buffer(data, options.environment)
        )

    return await in_thread(work), b"".join(sequences)


def shown(text: str, remark: str = "", *, ascii_only: bool = False) -> str:
    """Return how a copied text begins and how many lines it has, and a remark behind that."""
    first, *others = text.split("\n")
    begin = truncate(first, SHOWN_WIDTH, ellipsis_of(ascii_only=ascii_only))
    lines = f"{len(others) + 1} lines" if others else ""
    return "  ".join(filter(None, (begin, lines, remark)))
