"""A program that is killed while it submits loses no id, and pays nothing twice."""

from __future__ import annotations

from pathlib import Path

from submissions_killed import kill_submissions


def test_no_kill_loses_an_id_or_pays_twice(tmp_path: Path) -> None:
    tally = kill_submissions(12, 7, tmp_path)
    assert tally.well, tally
    assert tally.taken > 0
