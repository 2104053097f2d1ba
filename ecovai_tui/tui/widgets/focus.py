"""Taking and losing the focus at the cost of what looks different by it."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


def change_focus(widget: Widget, event: events.Focus | events.Blur) -> None:
    """Let a widget take or lose the focus, without the full repaint that Textual's own handlers ask for."""
    event.prevent_default()
    widget.has_focus = isinstance(event, events.Focus)
    if widget.parent is not None:
        news = events.DescendantFocus(widget) if widget.has_focus else events.DescendantBlur(widget)
        widget.parent.post_message(news)
