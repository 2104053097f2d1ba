"""Telling of trouble with the gateway on standard error: once when it begins, once when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.commands.output import say
from ecovai_tui.monitor.update import Role

if TYPE_CHECKING:
    from ecovai_tui.monitor.update import Link


class Troubles:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._told = ""
        self.key_refused = False
        """The key is of no use any more, so that waiting is not either."""

    def tell(self, link: Link, role: Role) -> None:
        """Tell what is new about the link; nothing of a key that was refused to another pane, whose own it is."""
        another = link.key_refused and role is Role.FOLLOWING
        trouble = None if another else link.trouble
        self.key_refused = link.key_refused and not another
        message = "" if trouble is None else trouble.message
        if message == self._told:
            return
        if trouble is None:
            say("ecovai-tui: The gateway answers again.")
        else:
            detail = f"\n  Details: {trouble.detail}" if trouble.detail else ""
            say(f"ecovai-tui: {message}{detail}")
        self._told = message

    @property
    def present(self) -> bool:
        """Tell whether the last request failed."""
        return bool(self._told)
