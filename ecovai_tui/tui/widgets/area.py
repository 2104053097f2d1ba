"""What every widget of ours is made from: where it has nothing to show, there is its ground."""

from __future__ import annotations

from textual.renderables.blank import Blank
from textual.widget import Widget


class Area(Widget):
    """A widget that is blank until something stands in it; Textual's own would show its name and id meanwhile."""

    def render(self) -> Blank:
        """Return the ground alone."""
        return Blank(self.background_colors[1])
