from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_process import Run

from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.commands.status import NAMES
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Kind, Phase, Task

ORIGIN = "https://api.ecovai.cn"
EVERY_PLACEHOLDER = " ".join(f"{name}={{{name}}}" for name in NAMES)
OURS = {
    "ecovai_tui",
    "ecovai_tui.cli",
    "ecovai_tui.language",
    "ecovai_tui.commands",
    "ecovai_tui.commands.shared.command_line",
    "ecovai_tui.commands.shared.output",
    "ecovai_tui.commands.shared.command_parser",
    "ecovai_tui.commands.shared.cached_tasks",
    "ecovai_tui.commands.status",
    "ecovai_tui.store.database",
    "ecovai_tui.store.ledger",
    "ecovai_tui.store.replica",
    "ecovai_tui.store.requests",
    "ecovai_tui.store.schema",
    "ecovai_tui.store.task_rows",
    "ecovai_tui.store.toml",
    "ecovai_tui.store.watchlist",
    "ecovai_tui.store.watchlist_document",
    "ecovai_tui.tasks.judging",
    "ecovai_tui.tasks.families",
    "ecovai_tui.tasks.selection",
    "ecovai_tui.tasks.filter",
    "ecovai_tui.tasks.text",
    "ecovai_tui.tasks.task_json",
    "ecovai_tui.engine",
    "ecovai_tui.commands.shared",
    "ecovai_tui.engine.schedule",
    "ecovai_tui.store",
    "ecovai_tui.store.credentials",
    "ecovai_tui.store.errors",
    "ecovai_tui.store.files",
    "ecovai_tui.tasks.model",
    "ecovai_tui.tasks",
    "ecovai_tui.tasks.times",
}
"""The modules of the program that a status line may cost."""

DEAR = {"asyncio", "dataclasses", "httpx", "inspect", "logging", "pydantic", "rich", "subprocess", "textual"}
"""Modules that would make a status line late; ``inspect`` alone costs more than starting Python."""


@pytest.fixture
def watch_list(home: Path) -> WatchListFile:
    return WatchListFile(home / "data" / "watchlist.toml")


@pytest.fixture
def tell(home: Path, watch_list: WatchListFile) -> None:
    """Five hundred watched tasks in every phase."""
    now = time.time()
    phases = list(Phase)
    ids = [f"task-{number}" for number in range(500)]
    watch_list.add(ids, now=now)
    replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
    replica.mirror(watch_list.read(), now)
    tasks = [
        Task(name, Kind.MUSIC, phases[number % len(phases)], submitted_at=now - 7300) for number, name in enumerate(ids)
    ]
    replica.record(tasks, now)
    replica.close()


def test_a_status_line_imports_what_it_needs_and_no_more(environment: dict[str, str], tell: None) -> None:
    code = (
        "import sys; before = set(sys.modules); from ecovai_tui.cli import main; assert main(['status']) == 0;"
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    imported = set(done.stdout.splitlines()[-1].split())
    assert {name for name in imported if name.partition(".")[0] == "ecovai_tui"} <= OURS
    assert not imported & DEAR


def test_a_status_line_tells_counts_age_and_link(run: Run, tell: None) -> None:
    done = run("status", "--format", EVERY_PLACEHOLDER)
    told = dict(word.partition("=")[::2] for word in done.stdout.replace("2h 0", "2h_0").split())
    assert {phase: int(told[phase]) for phase in Phase} == {
        phase: 63 if place < 4 else 62 for place, phase in enumerate(Phase)
    }
    assert (told["active"], told["final"], told["total"]) == ("189", "187", "500")
    assert told["oldest"].startswith("2h_0")
    assert told["link"] == "fresh"


def test_the_long_way_tells_the_same(run: Run, tell: None, watch_list: WatchListFile) -> None:
    before = run("status", "--format", EVERY_PLACEHOLDER.replace(" age={age}", ""))
    watch_list.path.write_text(watch_list.path.read_text().replace("ids = [", "ids = [\n    7,"))
    after = run("status", "--format", EVERY_PLACEHOLDER.replace(" age={age}", ""))
    assert before.stderr == ""
    assert "not an id" in after.stderr
    assert after.stdout == before.stdout


def test_a_replica_that_is_damaged_is_told_and_every_id_waits(run: Run, tell: None, home: Path) -> None:
    for file in (home / "state").glob("replica*"):
        file.write_bytes(b"no database" * 100)
    done = run("status", "--format", "{waiting} of {total}")
    assert (done.returncode, done.stdout) == (ExitCode.WELL, "500 of 500\n")
    assert "was damaged and is now replica.sqlite3.damaged" in done.stderr


def test_a_status_as_json_holds_counts_and_tasks(run: Run, tell: None) -> None:
    document = json.loads(run("status", "--json").stdout)
    assert document["counts"] == {phase.value: 63 if place < 4 else 62 for place, phase in enumerate(Phase)}
    assert len(document["tasks"]) == 500
