"""A Textual app that sends the terminal only the cells that differ from what stands on its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App

from ecovai_tui.tui.frame import Difference, Frame

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen


class FramedApp(App[int]):
    """Knows what it sent last; whoever writes to the terminal past it asks it to paint anew."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = Frame()

    async def on_event(self, event: events.Event) -> None:
        """Forget what stands on a screen whose size changes: terminals do not agree on what becomes of it."""
        if isinstance(event, events.Resize):
            self._frame.forget()
        await super().on_event(event)

    def paint_anew(self) -> None:
        """Send the whole screen, as when something else wrote to the terminal."""
        self._frame.forget()
        self.screen.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send only what differs from what stands on the terminal's screen, and nothing at all where nothing does."""
        paints = self._running and not (self._closed or self._batch_count or self.is_headless or self._driver is None)
        if paints and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            difference = Difference(renderable, self._frame, self.console)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            renderable = difference if difference.sent or cursor != self._previous_cursor_position else None
        super()._display(screen, renderable)
        StylesCache.get_inner_outer.cache_clear()  # by Textual 8.2 it keeps a thousand widgets' lines, gone or not
