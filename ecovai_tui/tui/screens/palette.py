"""The palette: every action of the registry by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from ecovai_tui.interface.keys import shown_keys
from ecovai_tui.tui.screens.dialog import STYLES

if TYPE_CHECKING:
    from ecovai_tui.interface.actions import Action
    from ecovai_tui.tui.screens.main import MainScreen


class ActionPalette(CommandPalette):
    """Textual's palette with our actions in it."""

    CSS_PATH: ClassVar[list[str | PurePath]] = STYLES

    def __init__(self, main: MainScreen) -> None:
        super().__init__([_provider_of(main)], placeholder="What to do")
        self._main = main

    def on_mount(self) -> None:
        """Let the cursor stand still: each blink would cost the link bytes."""
        self.query_one(Input).cursor_blink = False

    def on_screen_resume(self) -> None:
        """Take the keys that were typed before the palette stood here."""
        app = self._main.app
        self.call_after_refresh(app.call_later, app.typed_ahead.hand_over)


def _provider_of(main: MainScreen) -> type[Provider]:
    """Return a provider bound to the main screen, which the palette makes an object of by itself."""
    actions = [action for action in main.app.actions if action.id != "palette"]
    ascii_only = main.app.options.ascii

    def title(action: Action) -> str:
        return f"{action.description}  ({shown_keys(action.keys, ascii_only=ascii_only) or action.id})"

    class ActionProvider(Provider):
        """Finds actions by their description, by their word in the footer, and by their name in the settings."""

        async def discover(self) -> Hits:
            """Return all actions in their own order."""
            for action in actions:
                yield DiscoveryHit(title(action), _command(main, action))

        async def search(self, query: str) -> Hits:
            """Return the actions that match."""
            matcher = self.matcher(query)
            for action in actions:
                score = max(map(matcher.match, (title(action), action.label, action.id)))
                if score:
                    yield Hit(score, matcher.highlight(title(action)), _command(main, action))

    return ActionProvider


def _command(main: MainScreen, action: Action) -> Callable[[], None]:
    return partial(main.perform, action.id)
