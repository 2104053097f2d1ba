"""``download`` and ``wait --download`` as scripts see them: paths, JSON, exit codes, and never twice."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from command_process import Run

from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.tags import clip_of


def songs(home: Path) -> list[str]:
    """Return the names in the default folder."""
    return sorted(path.name for path in (home / "Music" / "ecovai-tui").iterdir())


def finished(gateway: Simulator, script: str = "song", title: str = "Harbour Lights") -> str:
    """Return the id of a task that has ended."""
    task_id = gateway.submit(script=script, title=title)
    while gateway.truth(task_id) not in {"done", "partial", "failed"}:
        time.sleep(0.01)  # gives way to the other thread
    return task_id


def test_a_task_is_saved_once_and_its_paths_are_printed(asking: Run, gateway: Simulator, home: Path) -> None:
    task_id = finished(gateway)
    done = asking("download", task_id)
    assert done.returncode == ExitCode.WELL
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert sorted(path.name for path in paths) == songs(home)
    assert len({clip_of(path) for path in paths}) == 2
    asked = len(gateway.file_requests)
    again = asking("download", task_id)
    assert sorted(again.stdout.splitlines()) == sorted(done.stdout.splitlines())
    assert len(gateway.file_requests) == asked
    paths[0].rename(paths[0].with_name("renamed.mp3"))
    assert "renamed.mp3" in asking("download", task_id).stdout
    assert len(gateway.file_requests) == asked
    assert len(songs(home)) == 2


def test_options_say_what_is_saved_where_and_how_it_is_named(asking: Run, gateway: Simulator, tmp_path: Path) -> None:
    words = ("--into", str(tmp_path / "album"), "--name", "{n} {title}", "--what", "audio,cover,lyrics,json", "--json")
    done = asking("download", finished(gateway), *words)
    files: list[dict[str, Any]] = json.loads(done.stdout)["files"]
    names = sorted(path.name for path in (tmp_path / "album").iterdir())
    assert sorted(Path(file["path"]).name for file in files) == names
    assert {name[:16] for name in names} == {"1 Harbour Lights", "2 Harbour Lights"}
    assert {Path(name).suffix for name in names} == {".mp3", ".jpeg", ".txt", ".json"}
    assert not [file["error"] for file in files if file["error"]]


def test_what_was_saved_stands_in_the_json_of_a_task(asking: Run, gateway: Simulator) -> None:
    task_id = finished(gateway)
    asking("add", task_id)
    done = asking("wait", "--download", "--json")
    [task] = json.loads(done.stdout)["tasks"]
    for clip in task["clips"]:
        [file] = clip["files"]
        assert (file["what"], Path(file["path"]).stat().st_size) == ("audio", file["size"])
    [exported] = json.loads(asking("export").stdout)["tasks"]
    assert [clip["files"] for clip in exported["clips"]] == [clip["files"] for clip in task["clips"]]


def test_whoever_waits_may_have_the_files_at_once(asking: Run, gateway: Simulator, home: Path) -> None:
    done = asking("wait", gateway.submit(title="Harbour Lights"), "--download")
    assert done.returncode == ExitCode.WELL
    assert sorted(Path(line).name for line in done.stdout.splitlines()) == songs(home)


def test_of_the_watch_list_all_that_is_finished_is_saved(asking: Run, gateway: Simulator, home: Path) -> None:
    ids = [finished(gateway), finished(gateway, "one-clip-fails"), finished(gateway, "artist-name")]
    asking("add", *ids)
    asking("fetch")
    done = asking("download")
    assert (done.returncode, done.stderr) == (ExitCode.WELL, "")
    assert len(songs(home)) == 3


@pytest.mark.parametrize(
    ("script", "told", "code"),
    [
        ("artist-name", "It failed, so there is nothing to save.", ExitCode.TASK_FAILED),
        ("forbidden", "the song is not unlocked for downloads.", ExitCode.GATEWAY),
        ("nowhere", "its address leads nowhere (None.mp3).", ExitCode.GATEWAY),
    ],
)
def test_what_cannot_be_saved_is_told(script: str, told: str, code: ExitCode, asking: Run, gateway: Simulator) -> None:
    done = asking("download", finished(gateway, script))
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_an_unknown_id_is_told(asking: Run) -> None:
    done = asking("download", "11111111-2222-4333-8444-555555555555")
    assert done.returncode == ExitCode.NOT_KNOWN
    assert "The gateway does not know it" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--what", "music"), "there is no kind 'music'; known: audio, cover, lyrics, video, json"),
        (("--name", "{titel}"), "this template cannot be used: there is no {titel}"),
        (("--jobs", "9"), "invalid choice: 9 (choose from 1, 2, 3, 4, 5, 6, 7, 8)"),
        (("--readonly",), "A read-only run (--readonly, or readonly = true in the settings) saves nothing."),
    ],
)
def test_options_that_cannot_be_meant_are_told(words: tuple[str, ...], told: str, asking: Run) -> None:
    done = asking("download", *words)
    assert (done.returncode, told in done.stderr) == (ExitCode.USAGE, True)


def test_a_folder_that_takes_nothing_is_told(asking: Run, gateway: Simulator) -> None:
    done = asking("download", finished(gateway), "--into", "/proc/nothing-here")
    assert done.returncode == ExitCode.GATEWAY
    assert "Cannot save /proc/nothing-here: " in done.stderr


def test_what_is_followed_is_saved_by_itself_where_that_is_set(run: Run, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("auto_download = true\n")
    with Simulator(Options(speed=60.0, arrivals=False, population=0)) as gateway:
        there = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
        done = run("follow", gateway.submit(title="Harbour Lights"), "--until-final", **there)
    assert done.returncode == ExitCode.WELL
    saved = [Path(line.partition(": Saved: ")[2]).name for line in done.stderr.splitlines()]
    assert len(saved) == 2
    assert sorted(saved) == songs(home)


def test_hooks_run_for_what_is_saved_and_for_what_is_followed(run: Run, home: Path) -> None:
    script = home / "hook"
    (home / "config").mkdir(parents=True)
    script.write_text(f'#!/bin/sh\necho "$ECOVAI_EVENT $1" >> {home}/told\n')
    script.chmod(0o755)
    hooks = [f'[[hooks]]\non = "{on}"\ncommand = ["{script}", "{{title}}"]\n' for on in ("final", "downloaded")]
    (home / "config" / "config.toml").write_text("".join(hooks))
    with Simulator(Options(speed=60.0, arrivals=False, population=0)) as gateway:
        there = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
        task_id = gateway.submit(title="Harbour Lights")
        run("follow", task_id, "--until-final", **there)
        assert run("download", task_id, "--readonly", **there).returncode == ExitCode.USAGE
        run("download", task_id, **there)
    assert sorted((home / "told").read_text().splitlines()) == [
        "downloaded Harbour Lights", "downloaded Harbour Lights", "final Harbour Lights",
    ]  # fmt: skip
