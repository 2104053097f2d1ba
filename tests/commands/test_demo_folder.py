"""No demo leaves a directory behind for good, and none loses the one it works in."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from ecovai_tui.commands import simulate as module
from ecovai_tui.commands.simulate import PREFIX, demo_folder

RUNNING = """
from ecovai_tui.commands.simulate import demo_folder
with demo_folder() as folder:
    (folder / "replica").touch()
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made here."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_the_directory_is_gone_when_the_demo_ends(place: Path) -> None:
    with demo_folder() as folder:
        (folder / "replica").touch()
        assert left(place) == [folder.name]
    assert left(place) == []


def test_what_a_killed_demo_left_is_removed_by_the_next(place: Path) -> None:
    command = [sys.executable, "-c", RUNNING]
    with subprocess.Popen(
        command, env={"TMPDIR": str(place)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        assert theirs.name in left(place), "it was made"
        with demo_folder():
            assert theirs.exists(), "it still runs"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert theirs.exists()
    with demo_folder() as ours:
        assert left(place) == [ours.name]


def test_demos_at_the_same_time_leave_each_other_alone(place: Path) -> None:
    with ExitStack() as stack:
        folders = [stack.enter_context(demo_folder()) for _ in range(3)]
        assert left(place) == sorted(folder.name for folder in folders)


def test_what_only_looks_like_a_demos_directory_stays(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (place / f"{PREFIX}link").symlink_to(elsewhere)
    (place / f"{PREFIX}file").touch()
    with demo_folder():
        pass
    assert left(place) == [f"{PREFIX}file", f"{PREFIX}link", "elsewhere"]


def test_a_directory_that_was_taken_for_abandoned_is_made_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, taken = module._opened, []

    def taken_away_once(folder: Path) -> int:
        lock = opened(folder)
        if not taken:
            taken.append(folder)
            folder.rmdir()
        return lock

    monkeypatch.setattr(module, "_opened", taken_away_once)
    with demo_folder() as folder:
        assert [folder.name] == left(place)
        assert taken != [folder]
