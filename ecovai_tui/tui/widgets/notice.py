"""Sentences under the status bar, folded to the width; no line at all while there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip

from ecovai_tui.tui.pages.folding import fold
from ecovai_tui.tui.pages.lines import Line
from ecovai_tui.tui.widgets.area import Area
from ecovai_tui.tui.widgets.tones import ToneStyles, strip_of


class Notice(Area):
    """Lines that are there for as long as they are true."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Notice { height: auto; max-height: 5; padding: 0 1; display: none; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._styles: ToneStyles | None = None

    @property
    def lines(self) -> Sequence[Line]:
        """What is said."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Say these lines; the same lines are not painted again."""
        if list(lines) != list(self._lines):
            self._lines = lines
            self.display = bool(lines)
            self.refresh(layout=True)

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Take as many lines as the sentences need at this width."""
        return len(fold(self._lines, width))

    def render_line(self, y: int) -> Strip:
        """Render one of the folded lines."""
        if self._styles is None:
            self._styles = ToneStyles(self)
        folded = fold(self._lines, self.content_size.width)
        shown = folded[y] if y < len(folded) else Line()
        return strip_of(shown, self.content_size.width, self._styles)
