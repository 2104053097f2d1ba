"""The colours that widgets read from the theme in use."""

from __future__ import annotations

import pytest
from textual.color import Color

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tui.widget_colours import Palette

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


CURSOR = {
    "primary": "#88c0d0",
    "foreground": "#eeeeee",
    "block-cursor-background": "#343943",
    "block-cursor-foreground": "#ffffff",
    "block-cursor-blurred-background": "#26292e",
    "block-cursor-blurred-foreground": "#e2e3e6",
}


@pytest.mark.parametrize(("blurred", "ground", "text"), [(False, "#343943", "#FFFFFF"), (True, "#26292E", "#E2E3E6")])
def test_the_cursor_of_a_theme_with_phases_looks_as_the_theme_says(blurred: bool, ground: str, text: str) -> None:
    colours = Palette({**CURSOR, "phase-done": "#00ff00"}).cursor(BLACK, blurred=blurred)
    assert (colours.ground.hex, colours.text.hex) == (ground, text)


@pytest.mark.parametrize(
    "variables",
    [CURSOR, {**CURSOR, "block-cursor-background": "#88c0d0", "phase-done": "#00ff00"}],
    ids=["made for other programs", "solid as Textual has it"],
)
def test_any_other_cursor_is_softened_so_that_phases_can_be_read(variables: dict[str, str]) -> None:
    colours = Palette({**variables, "block-cursor-foreground": "#2e3440"}).cursor(BLACK)
    assert colours.text.hex == "#EEEEEE"
    assert colours.ground.brightness < 0.2
