"""The guard over the keys sees one wherever it is, but for the one place where it belongs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.key_guard import KeyGuard, reading_along
from support.terminal import Terminal

KEY = "sk-sim-" + "aB3" * 8
SPLIT = f"'sk-sim-' + '{KEY[7:]}'"
"""The key as a program's text that does not hold it in one piece."""

PRINT = f"print({SPLIT})"


@pytest.fixture
def guard() -> KeyGuard:
    """A guard beside the one of the session, so that a key in front of it lets nobody fail."""
    return KeyGuard()


def said_by_run(_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", PRINT], capture_output=True, check=True)


def said_among_errors(_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", f"import sys; sys.exit({SPLIT})"], capture_output=True, check=False)


def read_line_by_line(_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PRINT], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _line in child.stdout:
            pass


def read_at_once(_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PRINT], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read()


def given_as_argument(_folder: Path) -> None:
    subprocess.run(["true", "--key", KEY], check=True)


def shown_in_a_terminal(_folder: Path) -> None:
    with Terminal([sys.executable, "-c", PRINT]) as terminal:
        terminal.exit_code()


PLACES = (said_by_run, said_among_errors, read_line_by_line, read_at_once, given_as_argument, shown_in_a_terminal)


@pytest.mark.parametrize("put", PLACES, ids=lambda put: put.__name__)
def test_a_key_is_seen_where_a_child_shows_it(
    guard: KeyGuard, key_guard: KeyGuard, tmp_path: Path, put: Callable[[Path], None]
) -> None:
    with reading_along(guard):
        put(tmp_path)
    assert guard.found
    assert key_guard.complaint()  # the guard of the session saw it too, and shall let it pass this once


@pytest.mark.parametrize("name", ["replica.sqlite3", "replica.sqlite3-wal", "deep/er/log.txt", f"{KEY}.txt"])
def test_a_key_is_seen_in_a_file_and_in_its_name(
    guard: KeyGuard, tmp_path: Path, files_with_key: set[Path], name: str
) -> None:
    folder = tmp_path / "home"
    file = folder / name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x00" * 5000 + KEY.encode())
    guard.look_at_files(folder)
    file.unlink()
    assert guard.found


def test_a_key_that_the_human_wrote_is_let_through(guard: KeyGuard, tmp_path: Path) -> None:
    for name in ("config.toml", "key.sh"):
        (tmp_path / name).write_text(KEY)
    guard.look_at_files(tmp_path, {tmp_path / "key.sh"})
    (tmp_path / "key.sh").unlink()
    assert not guard.found


def test_a_key_without_its_beginning_is_seen_as_well(guard: KeyGuard) -> None:
    guard.look(KEY.removeprefix("sk-"), "here")
    assert guard.complaint() == "a key stands in here"
    assert not guard.complaint()


def test_what_is_captured_is_seen(guard: KeyGuard, key_guard: KeyGuard, capsys: pytest.CaptureFixture[str]) -> None:
    with reading_along(guard):
        print(KEY)
        capsys.readouterr()
    assert guard.found
    assert key_guard.complaint()


def test_the_simulator_may_tell_its_own_key_in_its_introduction_only(guard: KeyGuard) -> None:
    introduction = (
        f"A practice gateway listens on http://127.0.0.1:8080; its key is {KEY}. ctrl+c ends it. To watch it:\n"
        f"  ECOVAI_PROFILE=simulator ECOVAI_BASE_URL=http://127.0.0.1:8080 ECOVAI_API_KEY={KEY} ecovai-tui\n"
    )
    guard.look(introduction, "the introduction", introduces=True)
    assert guard.introduced == 2
    assert not guard.found
    guard.look(introduction + f"error: {KEY}", "another line", introduces=True)
    guard.look(introduction, "another program")
    assert guard.found == ["another line", "another program"]
