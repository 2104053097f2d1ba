"""What a human sees meanwhile on standard error: a line rewritten in its place, and trouble with the gateway."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ecovai_tui.commands.shared.output import on_terminal, say, write_error
from ecovai_tui.engine.updates import Link
from ecovai_tui.language import tr
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.reasons import explain, told

_CLEAR = "\r\x1b[K"
_USUAL_WIDTH = 80


class LiveLine:
    """Shows the newest state and leaves nothing behind; without a terminal it shows nothing at all."""

    def __init__(self) -> None:
        self.possible = on_terminal(sys.stderr) and os.environ.get("TERM", "") not in {"", "dumb"}
        """Whether a line can be written again in its place."""
        self._shown = ""

    def show(self, text: str) -> None:
        """Show a text of plain ASCII, cut to the width of the terminal; one that is shown already costs nothing."""
        if not self.possible:
            return
        text = text[: _width() - 1]
        if text == self._shown:
            return
        write_error(f"{_CLEAR}{text}")
        self._shown = text

    def clear(self) -> None:
        """Take the line away."""
        if not self._shown:
            return
        write_error(_CLEAR)
        self._shown = ""


def _width() -> int:
    """Return the cells in a line of the terminal, read each time, since windows change."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH


class TroubleReporter:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._told = ""
        self.key_refused = False
        """The key is of no use any more, so that waiting is not either."""

    def report(self, link: Link) -> None:
        """Tell what is new about the link."""
        trouble, self.key_refused = link.trouble, link.key_refused
        message = "" if trouble is None else trouble.message
        if message == self._told:
            return
        if trouble is None:
            say(tr("ecovai-tui: The gateway answers again."))
        else:
            details = [tr("Details: {detail}", detail=trouble.detail)] if trouble.detail else []
            say("\n  ".join([f"ecovai-tui: {message}", *details]))
        self._told = message

    @property
    def present(self) -> bool:
        """Whether the last request failed."""
        return bool(self._told)


def explain_failures(tasks: Iterable[WatchedTask]) -> None:
    """Say on standard error what the reasons of failed tasks mean, each once, where that is known."""
    failed = (task.summary for task in tasks if task.summary.phase in {Phase.FAILED, Phase.PARTIAL})
    for words in dict.fromkeys(summary.fail_reason for summary in failed):
        if explain(words):
            say(f"ecovai-tui: {told(words)}")
