"""Programs of the user's: run once for all panes, without a shell and the key, few at once, and not for long."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ecovai_tui.engine.hooks import MOST_AT_ONCE, Hooks, words_of
from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.engine.worker import ReplicaWorker, SystemClock
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Flags, Settings, load_settings
from ecovai_tui.store.settings_tables import FIELDS, Hook, QuietHours
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

TITLE = "--help $(rm -rf /) \x1b[31mred; 'quoted'"
CLEAN = "--help $(rm -rf /) red; 'quoted'"


class Bench(NamedTuple):
    """A replica with tasks, and hooks on it."""

    settings: Settings
    replica: Replica
    faults: list[str]
    out: Path

    def hooks(self, *hooks: Hook, **changes: object) -> Hooks:
        """Return what runs some hooks, as in a pane of its own."""
        settings = self.settings._replace(hooks=hooks, **changes)  # type: ignore[arg-type]
        return Hooks(settings, ReplicaWorker(self.replica), SystemClock(), self.faults.append, patience=0.3)

    def writing(self, on: str = "final", *words: str) -> Hook:
        """Return a hook that writes its words and its variables down, each on a line."""
        script = self.out.with_suffix(".sh")
        script.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" "$ECOVAI_PHASE" "${{ECOVAI_API_KEY-no key}}" >> {self.out}\n'
        )
        script.chmod(0o755)
        return Hook(on, (str(script), *words))

    @property
    def written(self) -> list[str]:
        """What was written down."""
        return self.out.read_text().splitlines() if self.out.exists() else []


@pytest.fixture
def bench(environment: dict[str, str], tmp_path: Path, open_replica: Callable[..., Replica]) -> Bench:
    paths = find_paths(environment)
    replica = open_replica(tmp_path / "replica.sqlite3")
    clips = (Clip("c", Phase.DONE, title=TITLE),)
    replica.record([Task(name, Kind.MUSIC, Phase.DONE, clips=clips) for name in ("t1", "t2")], 1.0)
    return Bench(load_settings(Flags(), environment, paths), replica, [], tmp_path / "out")


def ended(*names: str, phase: str = "done") -> Update:
    return Update(Link(), changes=tuple(Change(1.0, name, Aspect.PHASE, "running", phase) for name in names))


async def test_a_hook_gets_its_words_whole_and_never_the_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECOVAI_API_KEY", "sk-secret")
    hooks = bench.hooks(bench.writing("final", "title={title}", "{id}"))
    hooks.follow(ended("t1"))
    await hooks.finish()
    assert bench.written == [f"title={CLEAN}", "t1", "done", "no key"]
    assert os.environ["ECOVAI_API_KEY"]


def test_a_title_never_becomes_an_option() -> None:
    values = dict.fromkeys(FIELDS, "") | {"title": "--help"}
    assert words_of(Hook("final", ("x", "{title}", "--title={title}")), values) == ["x", "help", "--title=--help"]


async def test_of_all_panes_one_runs_it(bench: Bench) -> None:
    panes = [bench.hooks(bench.writing("final", "{id}")) for _ in range(3)]
    for pane in panes:
        pane.follow(ended("t1"))
        await pane.finish()
    assert bench.written.count("t1") == 1


async def test_what_failed_runs_the_hooks_for_the_end_and_for_failures(bench: Bench) -> None:
    hooks = bench.hooks(bench.writing("final", "end"), bench.writing("failed", "failure"))
    hooks.follow(ended("t1", phase="failed"))
    hooks.follow(ended("t2"))
    await hooks.finish()
    assert (bench.written.count("end"), bench.written.count("failure")) == (2, 1)


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (("/nothing/here",), "The hook /nothing/here cannot be started: No such file or directory."),
        (("sh", "-c", "exit 3"), "The hook sh ended with an error (3)."),
        (("sh", "-c", "sleep 60 & wait"), "The hook sh took longer than 0.3 s and was ended."),
    ],
)
async def test_a_hook_that_fails_is_told_once(command: tuple[str, ...], fault: str, bench: Bench) -> None:
    hooks = bench.hooks(Hook("final", command))
    for name in ("t1", "t2"):
        hooks.follow(ended(name))
        await hooks.finish()
    assert bench.faults == [fault]


async def test_few_run_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    running = most = 0

    def run(*_words: object) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)  # what a program takes
        running -= 1
        return ""

    monkeypatch.setattr("ecovai_tui.engine.hooks.run_command", run)
    hooks = bench.hooks(*[Hook("final", (str(number),)) for number in range(12)])
    hooks.follow(ended("t1"))
    await hooks.finish()
    assert 1 < most <= MOST_AT_ONCE


async def test_none_runs_in_quiet_hours(bench: Bench) -> None:
    local = time.localtime()
    now = local.tm_hour * 60 + local.tm_min
    quiet = QuietHours((now - 5) % 1440, (now + 5) % 1440)
    hooks = bench.hooks(bench.writing("final", "{id}"), quiet_hours=quiet)
    hooks.follow(ended("t1"))
    await hooks.finish()
    await asyncio.sleep(0)
    assert bench.written == []


async def test_a_command_runs_once_for_each_task_and_says_what_is_wrong(bench: Bench) -> None:
    hooks = bench.hooks()
    script = bench.writing("key").command[0]
    assert await hooks.run_command(f"{script} '{{title}} {{id}}' ''", ["t1", "t2"]) == ""
    assert sorted(bench.written) == sorted(
        [f"{CLEAN.lstrip('-')} t1", "", "done", "no key", f"{CLEAN.lstrip('-')} t2", "", "done", "no key"]
    )
    assert "needs a file" in await hooks.run_command("no-such-program {path}", ["t1"]), "it is not begun"
    assert "cannot be started" in await hooks.run_command("no-such-program", ["t1"])
    assert "ended with an error (3)" in await hooks.run_command("sh -c 'exit 3'", ["t1", "t2"])
