"""A watch list that cannot be read or saved: the program says so, loses nothing, and goes on."""

from __future__ import annotations

import json
import re
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator.server import Simulator

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")


@pytest.fixture
def watch_list(home: Path) -> Path:
    return home / "data" / "watchlist-simulator.toml"


def run_program(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], env=environment, check=False, capture_output=True, text=True)


def run_with_room(most: int, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no file can grow beyond so many bytes."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [PROGRAM, *arguments], env=environment, preexec_fn=limit, capture_output=True, text=True, check=False
    )


def wait_for_rows(terminal: Terminal, count: int) -> None:
    """Wait until so many tasks stand in the table."""
    row = re.compile(r"^│[ ❯]..[◌▸►✓◒✗?!] ", re.MULTILINE)
    terminal.wait_until(lambda: len(row.findall(terminal.text)) == count, f"{count} rows")


def test_a_file_that_was_broken_by_hand_is_told_of_kept_and_read_again_when_mended(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator, watch_list: Path
) -> None:
    terminal = open_quickly(*simulator.ids[-2:], environment=on_simulator, columns=160)
    terminal.wait_for("2 watched")
    whole = watch_list.read_text()
    broken = whole.replace('",\n]', '",\n')
    watch_list.write_text(broken)
    terminal.wait_for("line [0-9]+")
    wait_for_rows(terminal, 2)
    terminal.press("x")
    terminal.settle()
    assert watch_list.read_text() == broken, "a file that cannot be read is never overwritten"
    added = run_program(on_simulator, "add", simulator.ids[0])
    assert added.returncode == 2
    assert "watchlist-simulator.toml" in added.stderr
    assert watch_list.read_text() == broken
    new = simulator.submit(title="After mending")
    watch_list.write_text(whole.replace("ids = [", f'ids = [\n    "{new}",'))
    terminal.wait_for("After mending")
    terminal.wait_until_gone("line [0-9]+")


def test_a_file_that_vanishes_takes_nothing_with_it(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator, watch_list: Path
) -> None:
    terminal = open_quickly(*simulator.ids[-2:], environment=on_simulator, columns=160)
    terminal.wait_for("2 watched")
    away = watch_list.with_suffix(".away")
    watch_list.rename(away)
    terminal.wait_for("gone, so|and is gone|is gone")
    wait_for_rows(terminal, 2)
    terminal.press("x")
    terminal.settle()
    assert not watch_list.exists(), "no new list begins in its place"
    away.rename(watch_list)
    new = simulator.submit(title="After its return")
    assert run_program(on_simulator, "add", new).returncode == 0
    terminal.wait_for("After its return")


def test_a_save_that_does_not_fit_leaves_the_old_file(
    on_simulator: dict[str, str], simulator: Simulator, watch_list: Path
) -> None:
    assert run_program(on_simulator, "add", *simulator.ids[-2:]).returncode == 0
    before = watch_list.read_bytes()
    done = run_with_room(len(before), on_simulator, "add", *simulator.ids[:20])
    assert done.returncode == 2
    assert "Cannot save" in done.stderr
    assert "Traceback" not in done.stderr
    assert watch_list.read_bytes() == before
    assert [path.name for path in watch_list.parent.iterdir() if path.suffix == ".new"] == []


def test_a_replica_that_does_not_fit_is_told_of_and_the_answer_is_given_all_the_same(
    on_simulator: dict[str, str], simulator: Simulator, home: Path
) -> None:
    known, asked = simulator.ids[-1:], simulator.ids[-5:]
    assert run_program(on_simulator, "fetch", *known).returncode == 0
    done = run_with_room(8192, on_simulator, "fetch", "--json", *asked)
    assert done.returncode == 0, done.stderr
    assert {task["id"] for task in json.loads(done.stdout)["tasks"]} == set(asked)
    assert "What is learned now will be forgotten at the end" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(home / "state" / "replica-simulator.sqlite3")) as replica:
        assert replica.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = replica.execute("SELECT id FROM task WHERE seen_at IS NOT NULL").fetchall()
    assert kept == [(known[0],)]
