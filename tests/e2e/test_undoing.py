"""What was removed comes back, also in another run of the program, in whichever way it was removed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.terminal import Open

from ecovai_tui.simulator.server import Simulator

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")


def run_program(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def watched(home: Path) -> str:
    return (home / "data" / "watchlist-simulator.toml").read_text().partition("[removed]")[0]


def test_what_was_removed_in_the_monitor_comes_back_in_the_next_run(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator, home: Path
) -> None:
    names = simulator.ids[-2:]
    first = open_quickly(*names, environment=on_simulator, columns=220)
    first.wait_for("2 watched")
    first.wait_for(names[-1][5:13])
    first.settle()
    cursor_on = next(part for part in names if part[5:13] in first.text)
    first.press("x")
    first.wait_for("removed. u brings it back")
    gone = next(part for part in (cursor_on, *names) if f'"{part}",' not in watched(home))
    first.press("q")
    assert first.exit_code() == 0
    second = open_quickly(environment=on_simulator)
    second.wait_for("1 watched")
    second.press("u")
    second.wait_for("is back")
    assert f'"{gone}",' in watched(home)
    assert f'"{names[-1]}",' in watched(home)


@pytest.mark.parametrize("how", [("rm",), ("prune", "--final")], ids=lambda words: words[0])
def test_what_a_command_removed_comes_back_by_command_and_by_key(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator, home: Path, how: Sequence[str]
) -> None:
    done = next(name for name in simulator.ids if simulator.truth(name) == "done")
    run_program(on_simulator, "add", done, "--label", "kept with it")
    run_program(on_simulator, "fetch")
    removing = (*how, done) if how == ("rm",) else how
    run_program(on_simulator, *removing)
    assert f'"{done}",' not in watched(home)
    run_program(on_simulator, "rm", "--undo")
    assert f'"{done}",' in watched(home)
    run_program(on_simulator, *removing)
    terminal = open_quickly(environment=on_simulator, columns=160)
    terminal.wait_for("Nothing to watch yet")
    terminal.press("u")
    terminal.wait_for("is back")
    terminal.wait_for("✓ done")
    assert f'"{done}",' in watched(home)
    assert f'{done} = "kept with it"' in watched(home)
