"""A program that is killed while it downloads leaves no damaged file under a name."""

from __future__ import annotations

from pathlib import Path

from downloads_killed import kill_downloads


def test_no_kill_leaves_a_damaged_file(tmp_path: Path) -> None:
    tally = kill_downloads(12, 7, tmp_path)
    assert tally.well, tally
    assert tally.files == 4
