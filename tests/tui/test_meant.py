"""Text that comes in one read belongs to the field that had the focus, and elsewhere its characters are keys."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from textual import events
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.terminal.reading.key_codes import character_key
from ecovai_tui.tui.textual_patches.driver import TypedBehindEscape, TypedText
from ecovai_tui.tui.textual_patches.type_ahead import BAD_BYTES, LEFT_OVER, Meaning


@dataclass
class Screen:
    """What has the focus, which keys are bound, and what was ignored."""

    focused: Widget | None = None
    bound: frozenset[str] = frozenset()
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meaning = Meaning(lambda: self.focused, lambda key: key in self.bound, self.ignored.append)

    def text(self, text: str, *, read: int = 1, damaged: bool = False) -> list[str]:
        return self.shown(TypedText(text, read=read, damaged=damaged))

    def behind_escape(self, character: str, *, at_once: bool) -> list[str]:
        return self.shown(TypedBehindEscape(character_key(character), at_once=at_once))

    def shown(self, typed: TypedText | TypedBehindEscape) -> list[str]:
        return [
            f"paste {each.text!r}" if isinstance(each, events.Paste) else getattr(each, "key", "?")
            for each in self.meaning.of(typed)
        ]


@pytest.fixture
def table() -> Screen:
    return Screen()


@pytest.fixture
def in_field() -> Screen:
    return Screen(Input())


def test_characters_are_keys_in_the_table(table: Screen) -> None:
    assert table.text("x/\rj") == ["x", "slash", "enter", "j"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("id-1", ["paste 'id-1'"]),
        ("id-1\rid-2\r", ["paste 'id-1\\nid-2'", "enter"]),
        ("id-1\nid-2\n", ["paste 'id-1\\nid-2'", "enter"]),
        ("id-1\r\n", ["paste 'id-1'", "enter"]),
        ("\r", ["enter"]),
        ("\t\t", ["tab", "tab"]),
        ("\tid-1\tid-2\t", ["tab", "paste 'id-1\\tid-2'", "tab"]),
    ],
)
def test_text_with_line_ends_is_for_the_field(in_field: Screen, text: str, meant: list[str]) -> None:
    assert [each.replace("\\r", "\\n") for each in in_field.text(text)] == meant


def test_in_a_form_a_tab_always_leads_on() -> None:
    field_of_form = Input()
    field_of_form.tab_leads_on = True  # type: ignore[attr-defined]
    assert Screen(field_of_form).text("id-1\tid-2") == ["paste 'id-1'", "tab", "paste 'id-2'"]


def test_text_behind_the_line_that_closed_the_field_is_no_key(in_field: Screen) -> None:
    assert in_field.text("label\r") == ["paste 'label'", "enter"]
    in_field.focused = None
    assert in_field.text("xq") == []
    assert in_field.ignored == [LEFT_OVER]
    assert in_field.text("xq", read=2) == ["x", "q"]


def test_text_in_the_read_that_opened_the_field_is_typed_key_by_key(table: Screen) -> None:
    assert table.text("/") == ["slash"]
    table.focused = Input()
    assert table.text("ab\rj") == ["a", "b", "enter", "j"]


def test_an_escape_in_a_read_leads_the_text_behind_it_on(in_field: Screen) -> None:
    assert in_field.text("ab") == ["paste 'ab'"]
    assert in_field.behind_escape("j", at_once=True) == ["escape", "j"]
    in_field.focused = None
    assert in_field.text("kx") == ["k", "x"]


def test_text_of_another_encoding_is_no_key_but_text(table: Screen, in_field: Screen) -> None:
    assert table.text("\ufffdx", damaged=True) == []
    assert table.ignored == [BAD_BYTES]
    assert in_field.text("\ufffdx", damaged=True) == ["paste '\ufffdx'"]


@pytest.mark.parametrize("at_once", [True, False])
def test_escape_and_a_key_are_alt_and_that_key_only_where_this_is_bound(table: Screen, at_once: bool) -> None:
    assert table.behind_escape("x", at_once=at_once) == ["escape", "x"]
    table.bound = frozenset({"alt+x"})
    assert table.behind_escape("x", at_once=at_once) == ["alt+x"]
    assert table.behind_escape("j", at_once=at_once) == ["escape", "j"]


@pytest.mark.parametrize(("character", "key"), [("b", "ctrl+left"), ("f", "ctrl+right"), ("\x7f", "ctrl+w")])
def test_option_and_an_arrow_move_by_words_in_a_field(
    table: Screen, in_field: Screen, character: str, key: str
) -> None:
    assert in_field.behind_escape(character, at_once=True) == [key]
    assert in_field.behind_escape(character, at_once=False)[0] == "escape"
    assert table.behind_escape(character, at_once=True)[0] == "escape"
