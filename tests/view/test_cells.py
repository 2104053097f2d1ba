from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width, clean_line
from ecovai_tui.view.lines import Cell, Span, Tone, fit_cell, text_of
from ecovai_tui.view.rows import chosen_clip_cell, clip_at, clips_cell

TITLES = st.text(max_size=40).map(clean_line)
DONE, FAILED, RUNNING = Phase.DONE, Phase.FAILED, Phase.RUNNING


def shown(cell: Cell, width: int, *, right: bool = False) -> str:
    return text_of(fit_cell(cell, width, right=right))


@given(st.lists(TITLES, min_size=1, max_size=3), st.integers(min_value=0, max_value=60), st.booleans())
def test_a_fitted_cell_takes_exactly_its_width(texts: list[str], width: int, right: bool) -> None:
    cell = Cell(tuple(Span(text) for text in texts))
    assert cell_width(shown(cell, width, right=right)) == width


def test_wide_characters_are_never_cut_in_half() -> None:
    assert shown(Cell((Span("春の歌"),)), 4) == "春… "


def test_a_cell_that_is_too_wide_shows_its_short_content() -> None:
    cell = Cell((Span("► streaming stale"),), (Span("► stale"),))
    assert shown(cell, 17) == "► streaming stale"
    assert shown(cell, 11) == "► stale    "


def test_a_title_leaves_half_of_its_room_to_the_reason() -> None:
    cell = Cell((Span("A title as long as they come"), Span("  content policy", Tone.MUTED)))
    assert shown(cell, 30) == "A title as lo…  content policy"
    assert shown(cell, 20) == "A title…  content p…"


def test_the_narrowest_title_has_room_for_the_time_that_is_left() -> None:
    cell = Cell((Span("A title as long as they come"), Span("  ~2:00 left", Tone.MUTED)))
    assert shown(cell, 22) == "A title a…  ~2:00 left"


def test_a_title_keeps_a_narrow_cell_for_itself() -> None:
    cell = Cell((Span("A title as long as they come"), Span("  content policy", Tone.MUTED)))
    assert shown(cell, 14) == "A title as lo…"
    assert shown(Cell((Span("春の歌春の歌"), Span("  content policy"))), 8) == "春の歌… "


def test_numbers_stand_at_the_right() -> None:
    assert shown(Cell((Span("1:49"),)), 7, right=True) == "   1:49"


@pytest.mark.parametrize(
    ("phases", "width", "glyphs"),
    [
        ((), 5, "     "),
        ((DONE, FAILED), 5, " ✓ ✗ "),
        ((DONE, FAILED, RUNNING), 5, "✓✗▸  "),
        ((DONE,) * 9, 5, "✓✓✓✓…"),
    ],
)
def test_each_clip_has_a_glyph(phases: tuple[Phase, ...], width: int, glyphs: str) -> None:
    assert shown(clips_cell(phases), width) == glyphs


@pytest.mark.parametrize(
    ("phases", "chosen", "glyphs"),
    [
        ((DONE, FAILED), 0, "[✓]✗ "),
        ((DONE, FAILED), 1, " ✓[✗]"),
        ((DONE, FAILED, RUNNING), 2, " ✗[▸]"),
        ((DONE, FAILED, RUNNING, DONE), 1, " ✓[✗]"),
    ],
)
def test_the_chosen_clip_stands_in_brackets_and_nothing_moves(
    phases: tuple[Phase, ...], chosen: int, glyphs: str
) -> None:
    assert shown(chosen_clip_cell(phases, chosen, 5), 5) == glyphs


@given(st.permutations(list(Phase)), st.integers(1, len(Phase)), st.integers(3, 9), st.data())
def test_a_click_on_any_clip_finds_it(every: list[Phase], count: int, width: int, data: st.DataObject) -> None:
    phases = every[:count]
    chosen = data.draw(st.none() | st.integers(0, count - 1))
    cell = clips_cell(phases) if chosen is None else chosen_clip_cell(phases, chosen, width)
    text = shown(cell, width)
    found = {phase: clip_at(text.index(phase.glyph), phases, chosen, width) for phase in phases if phase.glyph in text}
    assert found == {phase: phases.index(phase) for phase in found}
    assert found
