"""The colours that widgets read from the theme in use."""

from __future__ import annotations

import pytest
from textual.color import Color

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.widgets.palette import Palette

BLACK = Color.parse("#000000")


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("#5fafff", "#5FAFFF"),
        ("#ffffff 40%", "#666666"),
        ("auto", "#FFFFFF"),
        ("auto 60%", "#999999"),
        ("transparent", "#000000"),
    ],
)
def test_a_colour_is_seen_as_it_looks_on_its_ground(value: str, seen: str) -> None:
    assert Palette({"text-muted": value}).colour("text-muted", BLACK).hex == seen


def test_a_colour_of_the_terminal_stays_the_terminals_own() -> None:
    assert Palette({"accent": "ansi_cyan"}).colour("accent", BLACK).ansi == Color.parse("ansi_cyan").ansi


def test_a_theme_without_phases_has_colours_for_them_all_the_same() -> None:
    names = ("muted", "secondary", "primary", "success", "warning", "error")
    palette = Palette({f"text-{name}": "#00ff00" for name in names} | {"phase-failed": "#ff0000"})
    assert {palette.phase(phase, BLACK).hex for phase in Phase if phase is not Phase.FAILED} == {"#00FF00"}
    assert palette.phase(Phase.FAILED, BLACK).hex == "#FF0000"
