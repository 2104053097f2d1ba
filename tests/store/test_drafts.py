"""Drafts: kept for the user alone, one of each kind, whatever stands in the file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ecovai_tui.store.receipt_file import DraftFile

RAIN = {"about": "港の灯り\n[Verse] \ud83d", "way": "describe it"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts.json"


def test_a_draft_comes_back_and_is_for_the_user_alone(path: Path) -> None:
    DraftFile(path).keep("music", {"about": "港の灯り\n[Verse]"})
    assert DraftFile(path).read("music") == {"about": "港の灯り\n[Verse]"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_there_is_one_of_each_kind(path: Path) -> None:
    file = DraftFile(path)
    file.keep("music", {"about": "rain"})
    file.keep("lyrics", {"about": "sun"})
    file.keep("music", {"about": "snow"})
    assert (file.read("music"), file.read("lyrics")) == ({"about": "snow"}, {"about": "sun"})


def test_what_was_accepted_is_forgotten_but_not_what_was_written_since(path: Path) -> None:
    file = DraftFile(path)
    file.keep("music", {"about": "rain, and more"})
    file.forget("music", {"about": "rain"})
    assert file.read("music") == {"about": "rain, and more"}
    file.forget("music", {"about": "rain, and more"})
    assert file.read("music") == {}


@pytest.mark.parametrize("damage", ["", "[]", '{"music": 5}', '{"music": {"about": 5}}', "{", "\udcff"])
def test_what_cannot_be_read_is_no_draft(path: Path, damage: str) -> None:
    path.parent.mkdir()
    path.write_text(damage, errors="surrogateescape")
    assert DraftFile(path).read("music") == {}
    DraftFile(path).keep("music", {"about": "rain"})
    assert DraftFile(path).read("music") == {"about": "rain"}


def test_half_a_character_does_not_cost_the_rest(path: Path) -> None:
    DraftFile(path).keep("music", RAIN)
    assert DraftFile(path).read("music")["about"].startswith("港の灯り")
