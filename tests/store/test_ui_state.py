"""What the program remembers by itself: lost without harm, and never in anybody's way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.ui_state import MOST_BYTES, IgnoredInput, UiState, read_ui_state, remember
from ecovai_tui.tasks.selection import Order, SortKey

LEFT = UiState(
    {"TRUE": "nord"},
    Order(SortKey.TITLE, reverse=True),
    panel=False,
    tab="JSON",
    ignored=IgnoredInput(3, ("OSC 11",), 1_764_000_000.0),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ui.json"


def test_what_is_remembered_is_read_again(path: Path) -> None:
    remember(path, UiState(), LEFT)
    assert read_ui_state(path) == LEFT


def test_the_file_is_for_the_user_alone(path: Path) -> None:
    remember(path, UiState(), LEFT)
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_file_nothing_is_remembered(path: Path) -> None:
    assert read_ui_state(path) == read_ui_state(None) == UiState()


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'"text"',
        b"[" * 50_000,
        b" " * MOST_BYTES + b'{"tab": "JSON"}',
        b'{"themes": ["nord"], "sort": "colour", "reverse": 1, "panel": "no", "tab": 3}',
        b'{"themes": {"TRUE": 1}, "sort": ["title"], "reverse": null, "panel": {}, "tab": []}',
        b'{"ignored": 3}',
        b'{"ignored": {"number": "many", "such_as": "OSC", "at": 1e999}}',
        b'{"ignored": {"number": -1, "such_as": [11, null], "at": -1}}',
    ],
)
def test_a_damaged_or_foreign_file_counts_as_none(path: Path, found: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(found)
    assert read_ui_state(path) == UiState()
    remember(path, UiState(), LEFT)
    assert read_ui_state(path) == LEFT


def test_where_nothing_became_different_nothing_is_written(path: Path) -> None:
    remember(path, LEFT, LEFT)
    assert not path.exists()


def test_of_two_panes_each_writes_only_what_became_different_in_it(path: Path) -> None:
    remember(path, UiState(), UiState()._replace(tab="History"))
    remember(path, UiState(), UiState().with_theme("TRUE", "nord"))
    remember(path, UiState(), UiState().with_theme("SIXTEEN", "ansi-dark"))
    assert read_ui_state(path) == UiState({"TRUE": "nord", "SIXTEEN": "ansi-dark"}, tab="History")


def test_the_last_of_two_panes_wins(path: Path) -> None:
    remember(path, UiState(), UiState()._replace(order=Order(SortKey.TITLE)))
    remember(path, UiState(), UiState()._replace(order=Order(SortKey.LABEL)))
    assert read_ui_state(path).order == Order(SortKey.LABEL)


def test_what_a_newer_version_remembers_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"columns": ["id"], "tab": "JSON"}')
    remember(path, UiState(tab="JSON"), UiState(tab="History"))
    assert json.loads(path.read_text()) == {"columns": ["id"], "tab": "History"}


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ui.json").mkdir()
    with pytest.raises(StoreError):
        remember(tmp_path / "ui.json", UiState(), LEFT)


def test_some_kinds_of_what_was_ignored_are_remembered_each_once() -> None:
    ignored = IgnoredInput()
    for moment, kind in enumerate(("OSC 11", "OSC 11", "DCS", "APC", "PM")):
        ignored = ignored.with_one(kind, float(moment))
    assert ignored == IgnoredInput(5, ("OSC 11", "DCS", "APC"), 4.0)
