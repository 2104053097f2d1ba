"""The recipes of docs/recipes.md, each run as it stands there against the practice gateway."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.terminal import Terminal

from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.server import Simulator

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
RECIPES: dict[str, str] = dict(
    re.findall(r"<!-- recipe: (\w+) -->\n```\w+\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


class Shell:
    """Runs lines in a folder, as a user's shell would."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment

    def __call__(self, script: str, shell: str = "sh", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [shell, "-c", script], cwd=self.folder, env=self.environment | variables,
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip


@pytest.fixture
def shell(folder: Path, shell_environment: dict[str, str]) -> Shell:
    return Shell(folder, shell_environment)


def test_every_recipe_is_tested() -> None:
    source = Path(__file__).read_text()
    assert len(RECIPES) == PAGE.read_text().count("<!-- recipe:")
    assert all(f'RECIPES["{name}"]' in source for name in RECIPES)


def test_a_song_is_made_once_however_often_the_script_runs(shell: Shell, gateway: Simulator) -> None:
    done = shell(RECIPES["song"])
    assert (done.returncode, len(gateway.ids), len(done.stdout.splitlines())) == (0, 1, 2)
    assert shell(RECIPES["song"]).returncode == ExitCode.USAGE
    assert len(gateway.ids) == 1


@pytest.mark.parametrize("name", ["sh", "bash", "zsh"])
def test_a_song_is_submitted_and_waited_for(shell: Shell, gateway: Simulator, name: str) -> None:
    done = shell(RECIPES["submit"], name)
    assert (done.returncode, len(gateway.ids)) == (0, 1)
    assert all(line.startswith(gateway.base_url) for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == 2
    assert json.loads(shell("ecovai-tui ls --json").stdout)["tasks"][0]["label"] == "rain"


def test_what_was_made_is_kept_and_a_program_told(shell: Shell, gateway: Simulator, folder: Path) -> None:
    config = folder.parent / "home" / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(RECIPES["hooks"])
    (folder / "notify-send").write_text(f'#!/bin/sh\necho "$@" >> {folder}/told\n')
    (folder / "notify-send").chmod(0o755)
    done = shell(RECIPES["keep"], PATH=f"{folder}:{shell.environment['PATH']}")
    files = [Path(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(files), done.stderr.count("cannot be started")) == (0, 2, 0)
    for file in files:
        probe = subprocess.run(["ffprobe", "-v", "error", str(file)], capture_output=True, check=True)
        assert probe.stderr == b""
    told = (folder / "told").read_text().splitlines()
    assert {line.partition(" /")[2] for line in told} == {str(file)[1:] for file in files}
    assert len(gateway.file_requests) == 4


@pytest.mark.parametrize(
    ("script", "told"), [("song", "is ready"), ("artist-name", "failed"), ("one-clip-fails", "in part")]
)
def test_a_script_acts_on_how_a_song_ended(shell: Shell, gateway: Simulator, script: str, told: str) -> None:
    assert told in shell(RECIPES["act"], id=gateway.submit(script=script)).stdout


def test_a_script_acts_on_a_refused_key(shell: Shell, gateway: Simulator) -> None:
    assert "quota" in shell(RECIPES["act"], id=gateway.submit(), ECOVAI_API_KEY="sk-wrong").stdout


def test_make_waits_for_a_song(shell: Shell, gateway: Simulator, folder: Path) -> None:
    (folder / "Makefile").write_text(RECIPES["make"])
    (folder / "rain.id").write_text(gateway.submit(script="song") + "\n")
    done = shell("make rain.urls")
    assert done.returncode == 0
    assert len((folder / "rain.urls").read_text().split()) == 2


def test_make_stops_at_a_song_that_failed(shell: Shell, gateway: Simulator, folder: Path) -> None:
    (folder / "Makefile").write_text(RECIPES["make"])
    (folder / "rain.id").write_text(gateway.submit(script="artist-name") + "\n")
    done = shell("make rain.urls")
    assert done.returncode == 2
    assert f"Error {ExitCode.TASK_FAILED:d}" in done.stderr
    assert not (folder / "rain.json").exists()


@pytest.fixture
def tmux(shell: Shell, folder: Path) -> Iterator[Callable[[], Terminal]]:
    """Open tmux in a terminal, with the recipe as its whole configuration."""
    (folder / "tmux.conf").write_text(RECIPES["tmux"])
    command = ["tmux", "-u", "-S", "socket", "-f", "tmux.conf", "new-session", "cat"]
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Terminal(command, folder=folder, environment=shell.environment))
        shell("tmux -S socket kill-server")


def test_tmux_shows_the_counts(shell: Shell, gateway: Simulator, tmux: Callable[[], Terminal]) -> None:
    failed, done = gateway.submit(script="artist-name"), gateway.submit(script="song")
    shell(f"ecovai-tui add {failed} {done}; ecovai-tui wait")
    requests = len(gateway.requests)
    tmux().wait_for("0♪ 1✓ 1✗")
    assert len(gateway.requests) == requests


def test_the_prompt_shows_what_is_under_way_and_nothing_else(shell: Shell, gateway: Simulator) -> None:
    module = tomllib.loads(RECIPES["starship"])["custom"]["ecovai"]
    assert shell(module["when"]).returncode == 1
    shell(f"ecovai-tui add {gateway.submit(script='frozen')}; ecovai-tui fetch")
    assert shell(module["when"]).returncode == 0
    assert shell(module["command"]).stdout.startswith("1♪")


def test_each_failure_is_mailed_once(shell: Shell, gateway: Simulator, folder: Path) -> None:
    (folder / "home" / "bin").mkdir(parents=True)
    script = folder / "home" / "bin" / "ecovai-failures"
    script.write_text(RECIPES["failures"])
    script.chmod(0o755)
    *settings, line = RECIPES["cron"].splitlines()
    job = line.split(maxsplit=5)[-1]
    assert [setting.partition("=")[0] for setting in settings] == ["MAILTO", "PATH"]
    ids = [gateway.submit(script=each) for each in ("artist-name", "one-clip-fails", "song", "frozen")]
    shell(f"ecovai-tui add {' '.join(ids)}; ecovai-tui wait --timeout 3s {' '.join(ids)}")
    first, second = (shell(job, HOME=str(folder / "home")) for _ in range(2))
    assert [line.split()[:2] for line in first.stdout.splitlines()] in (
        [["failed", ids[0]], ["partial", ids[1]]],
        [["partial", ids[1]], ["failed", ids[0]]],
    )
    assert first.stderr == ""
    assert (second.stdout, second.stderr) == ("", "")


def test_final_tasks_are_logged(shell: Shell, gateway: Simulator, folder: Path) -> None:
    shell(f"ecovai-tui add {gateway.submit(script='song', title='Neon Rain')}")
    assert shell(RECIPES["log"]).returncode == 0
    assert "done Neon Rain" in (folder / "songs.log").read_text()
