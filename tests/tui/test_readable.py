"""Every theme that can be chosen is readable: text, phases, frames and the bars of latencies, on every ground."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.widget_colours import Ground, LineStyles, contrast, readable
from ecovai_tui.tui.widgets.lines import Area
from ecovai_tui.view.lines import Line, Span, Tone
from ecovai_tui.view.theme_choice import find_themes, shipped_folder

SHIPPED = find_themes(shipped_folder()).themes
THEMES = {**BUILTIN_THEMES, **{name: Theme(**theme.arguments()) for name, theme in SHIPPED.items()}}
COLOURED = sorted(name for name, theme in THEMES.items() if not theme.ansi)


class Grounds(App[None]):
    """A widget on each of the grounds that lines stand on."""

    CSS = "#screen { background: $background; } #bar { background: $panel; } #dialog { background: $surface; }"

    def compose(self) -> ComposeResult:
        yield from (Area(id=name) for name in ("screen", "bar", "dialog"))


async def test_whatever_is_read_has_contrast_in_every_theme() -> None:
    app, weak = Grounds(), {}
    async with app.run_test() as pilot:
        for name in COLOURED:
            app.register_theme(THEMES[name])
            app.theme = name
            await pilot.pause()
            for area in app.screen.query(Area):
                styles = LineStyles(area)
                for ground in Ground:
                    for tone in (*Tone, *Phase):
                        style = next(iter(styles.strip(Line((Span("x", tone),)), 1, ground))).style
                        seen = contrast(*(Color.from_rich_color(part) for part in (style.color, style.bgcolor)))
                        if seen < 4.5:
                            weak[name, area.id, str(ground), str(tone)] = round(seen, 2)
    assert weak == {}


@pytest.mark.parametrize("ground", ["#000000", "#14161a", "#767676", "#fbfbfb", "#ffffff"])
@pytest.mark.parametrize("colour", ["#000000", "#464d59", "#b4b7bd", "#ff0000", "#ffffff"])
def test_a_colour_moves_only_as_far_as_it_takes(colour: str, ground: str) -> None:
    before, on = Color.parse(colour), Color.parse(ground)
    after = readable(before, on)
    assert contrast(after, on) >= 4.5
    assert (after == before) == (contrast(before, on) >= 4.5)


def test_the_terminals_own_colours_stay_as_they_are() -> None:
    assert readable(Color.parse("ansi_blue"), Color.parse("ansi_default")) == Color.parse("ansi_blue")
