"""The demo, as someone sees it who has just installed the program."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from support.terminal import CTRL_C, Open


def test_rows_move_through_the_phases_and_the_panel_shows_lyrics(open_program: Open) -> None:
    terminal = open_program("--demo")
    terminal.wait_for("DEMO")
    terminal.wait_for(r"\[Verse")
    first = _done(terminal.wait_for(r"✓ \d+"))
    terminal.wait_for("finished|streaming")
    terminal.wait_until(lambda: _done(terminal.text) > first, "more tasks done")


def test_nothing_of_the_users_is_written(open_program: Open, home: Path) -> None:
    terminal = open_program("--demo")
    terminal.wait_for(r"\[Verse")
    terminal.press("t")
    terminal.wait_for("ecovai-light")
    terminal.press("j", "\r")
    terminal.wait_until_gone("ecovai-light")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert not home.exists() or not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize("how", ["q", CTRL_C.decode(), signal.SIGTERM, signal.SIGHUP], ids=repr)
def test_it_leaves_no_directory_behind(
    open_program: Open, environment: dict[str, str], tmp_path: Path, how: str | signal.Signals
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    terminal = open_program("--demo", environment=environment | {"TMPDIR": str(folder)})
    terminal.wait_for("DEMO")
    assert [path.is_dir() for path in folder.iterdir()] == [True]
    if isinstance(how, signal.Signals):
        terminal.kill(how)
    else:
        terminal.press(how)
    terminal.exit_code()
    assert not list(folder.iterdir())


def _done(text: str) -> int:
    found = re.search(r"✓ (\d+)", text)
    return int(found[1]) if found else 0
