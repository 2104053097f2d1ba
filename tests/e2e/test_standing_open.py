"""The collector of cyclic garbage is off for the start alone, whatever becomes of the start."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.other_pane import OtherPane, tasks
from support.standing import Pane, World
from support.terminal import ESCAPE, Terminal

from ecovai_tui.tui.task_list import FIRST_ROWS

PROBED = """
import gc, json, os, signal, sys
from pathlib import Path
report, spoil, *words = sys.argv[1:]
def tell(*_):
    Path(report + ".part").write_text(json.dumps({"on": gc.isenabled(), "young": gc.get_count()[0]}))
    os.replace(report + ".part", report)
signal.signal(signal.SIGUSR1, tell)
exec(spoil)
from ecovai_tui.cli import main
code = main(words)
tell()
sys.exit(code)
"""
"""The program, which writes how its collector is when it gets SIGUSR1, and at its end."""

MOST_YOUNG = 20_000
"""Objects that may wait for the collector; Python lets it look at 700, or at 2,000."""

LEAVES_FIRST = """
from ecovai_tui.tui.app import MonitorApp
MonitorApp.on_mount = lambda app: app.exit(0)
"""
FAILS_AT_FIRST = """
from ecovai_tui.tui.main_screen import MainScreen
def fail(screen):
    raise ValueError("a fault of our own")
MainScreen.on_mount = fail
"""
FAILS_WHEN_READY = """
from ecovai_tui.tui.app import MonitorApp
def fail(app):
    raise ValueError("a fault of our own")
MonitorApp.on_ready = fail
"""

BROKEN_OFF: dict[str, tuple[list[str], str, int]] = {
    "help": (["--help"], "", 0),
    "unknown option": (["--no-such-option"], "", 2),
    "unknown command": (["no-such-command"], "", 2),
    "unknown theme": (["--theme", "no-such-theme"], "", 2),
    "demo with an id": (["--demo", "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"], "", 2),
    "left before the first paint": (["--demo"], LEAVES_FIRST, 0),
    "fault before the first paint": (["--demo"], FAILS_AT_FIRST, 70),
    "fault at the first paint": (["--demo"], FAILS_WHEN_READY, 70),
}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def probed(report: Path, environment: dict[str, str], *words: str, spoil: str = "") -> Terminal:
    return Terminal([sys.executable, "-c", PROBED, str(report), spoil, *words], environment=environment)


def told(terminal: Terminal, report: Path) -> dict[str, int]:
    """Ask how the collector is."""
    report.unlink(missing_ok=True)
    terminal.kill(signal.SIGUSR1)
    terminal.wait_until(report.exists, "the report")
    return dict(json.loads(report.read_text()))


@pytest.mark.parametrize("count", [0, 3, FIRST_ROWS + 150])
def test_it_is_on_while_the_program_stands_open(count: int, report: Path, environment: dict[str, str]) -> None:
    with OtherPane(environment) as pane:
        pane.watch(tasks(count))
        with probed(report, pane.environment) as terminal:
            terminal.wait_for(f"✓ {count}" if count else "Nothing to watch yet")
            terminal.settle()
            for key in ("j", "?", ESCAPE, "d", "d", "/", "a", ESCAPE):
                terminal.sent_for(key)
            found = told(terminal, report)
    assert found["on"]
    assert found["young"] < MOST_YOUNG


def test_it_is_on_in_the_demo(report: Path, environment: dict[str, str]) -> None:
    with probed(report, environment, "--demo") as terminal:
        terminal.wait_for(r"\[Verse")
        assert told(terminal, report)["on"]


@pytest.mark.parametrize(("words", "spoil", "code"), BROKEN_OFF.values(), ids=BROKEN_OFF)
def test_it_is_on_after_a_start_that_came_to_nothing(
    words: list[str], spoil: str, code: int, report: Path, environment: dict[str, str]
) -> None:
    with probed(report, environment, *words, spoil=spoil) as terminal:
        assert terminal.exit_code() == code, terminal.text
    assert json.loads(report.read_text())["on"]


def test_what_a_pane_needs_is_seen_from_outside(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.add(5)
    with Pane(tmp_path, world.environment) as pane:
        pane.wait_until(lambda: len(world.simulator.requests) > 0, "asked")
        first = pane.vitals()
        world.move()
        pane.wait_until(lambda: pane.vitals().sent > first.sent, "anything painted")
        vitals = pane.vitals()
    world.simulator.stop()
    assert vitals.at > first.at
    assert vitals.worked > 0
    assert 1 < vitals.memory < 1000
    assert vitals.files > 3
    assert vitals.threads >= 1
    assert vitals.disk > 0


def test_the_long_run_tells_how_it_went() -> None:
    script = Path(__file__).parents[1] / "standing_open.py"
    told = subprocess.run([sys.executable, script, "0.1", "still"], capture_output=True, text=True, check=False).stdout
    for name in ("memory, MiB", "open files, at most", "threads, at most", "bytes a minute"):
        assert name in told


def test_a_part_that_does_not_exist_is_told() -> None:
    script = Path(__file__).parents[1] / "standing_open.py"
    ended = subprocess.run([sys.executable, script, "1", "stil"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no part is called stil" in ended.stderr
