"""Copying from inside the TUI: off the event loop, since tmux may take its time."""

from __future__ import annotations

from ecovai_tui.monitor.threads import in_thread
from ecovai_tui.tasks.text import truncate
from ecovai_tui.terminal.clipboard import Copied, copy_text, load_tmux_buffer
from ecovai_tui.tui.options import Options

SHOWN_LINES, SHOWN_WIDTH = 4, 300
"""What a toast shows of a copied text, in lines and cells a line."""


async def copy(text: str, options: Options) -> tuple[Copied, bytes]:
    """Copy the text; return what came of it, and the bytes that the terminal still has to be sent."""
    sequences: list[bytes] = []

    def work() -> Copied:
        return copy_text(
            text, options.capabilities, sequences.append, lambda data: load_tmux_buffer(data, options.environment)
        )

    return await in_thread(work), b"".join(sequences)


def shown(text: str) -> str:
    """Return as much of a copied text as a toast has room for."""
    lines = text.split("\n")
    more = [f"… and {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else []
    return "\n".join([*(truncate(part, SHOWN_WIDTH) for part in lines[:SHOWN_LINES]), *more])
