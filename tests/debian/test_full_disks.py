"""Disks that are full or read-only in truth: the message is clear, the old file is intact, and the program goes on."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.small_disk import PROGRAM, SmallDisk, may_mount
from support.terminal import Terminal

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.watchlist import WatchListFile

pytestmark = pytest.mark.skipif(not may_mount(), reason="nothing can be mounted in this container")

FORGOTTEN = "What is learned now will be forgotten at the end"


@pytest.fixture
def data_disk(home: Path) -> Iterator[SmallDisk]:
    """The disk of the watch list."""
    with SmallDisk(home / "data", "64k") as disk:
        yield disk


@pytest.fixture
def state_disk(home: Path) -> Iterator[SmallDisk]:
    """The disk of the replica, which has room for some dozens of tasks."""
    with SmallDisk(home / "state", "1m") as disk:
        yield disk


@pytest.fixture
def ids(simulator: Simulator) -> list[str]:
    """Tasks that have ended."""
    return [name for name in simulator.ids if simulator.truth(name) == "done"]


def files(disk: SmallDisk) -> dict[str, bytes]:
    """Return what is on a disk, apart from the test's own filler."""
    return {path.name: path.read_bytes() for path in disk.seen_from_outside.iterdir() if path.name != "filler"}


@pytest.fixture
def kept(state_disk: SmallDisk, tmp_path: Path) -> Callable[[], set[str]]:
    """Return what tells which tasks the replica's file holds, as anybody with SQLite reads them."""

    def read() -> set[str]:
        copy = tmp_path / "copy.sqlite3"
        for file in state_disk.seen_from_outside.glob("replica-simulator.sqlite3*"):
            if not file.name.endswith("-shm"):
                copy.with_name(file.name.replace("replica-simulator", "copy")).write_bytes(file.read_bytes())
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return {name for (name,) in connection.execute("SELECT id FROM task WHERE seen_at IS NOT NULL")}

    return read


@pytest.mark.parametrize("command", ["add", "rm"])
@pytest.mark.parametrize(("trouble", "words"), [("fill", "the disk is full"), ("make_read_only", "is read-only")])
def test_a_watch_list_that_cannot_be_saved_stays_as_it_was(
    data_disk: SmallDisk, on_simulator: dict[str, str], ids: list[str], command: str, trouble: str, words: str
) -> None:
    assert data_disk.run(on_simulator, "add", *ids[:2]).returncode == 0
    before = files(data_disk)
    getattr(data_disk, trouble)()
    wanted = ids[1:6] if command == "add" else ids[:1]
    done = data_disk.run(on_simulator, command, *wanted)
    assert done.returncode == 2
    assert done.stdout == "", "no id is acknowledged that was not saved"
    assert words in done.stderr
    assert "watchlist-simulator.toml" in done.stderr
    assert files(data_disk) == before, "and nothing lies about"
    assert set(data_disk.run(on_simulator, "ls", "--ids").stdout.split()) == set(ids[:2])


def test_a_watch_list_is_saved_again_when_there_is_room(
    data_disk: SmallDisk, on_simulator: dict[str, str], ids: list[str]
) -> None:
    data_disk.run(on_simulator, "add", *ids[:2])
    data_disk.fill()
    assert data_disk.run(on_simulator, "add", *ids[2:4]).returncode == 2
    data_disk.empty()
    assert data_disk.run(on_simulator, "add", *ids[2:4]).returncode == 0
    assert set(data_disk.run(on_simulator, "ls", "--ids").stdout.split()) == set(ids[:4])


def test_the_monitor_says_that_an_id_was_not_saved_and_goes_on(
    data_disk: SmallDisk, on_simulator: dict[str, str], simulator: Simulator, ids: list[str]
) -> None:
    data_disk.run(on_simulator, "add", *ids[:2])
    with Terminal(data_disk.command(PROGRAM), environment=on_simulator, columns=160) as terminal:
        terminal.wait_for("✓ 2")
        before = files(data_disk)
        data_disk.fill()
        terminal.press("j", "x")
        terminal.wait_for("Cannot save")
        assert files(data_disk) == before
        data_disk.empty()
        new = simulator.submit(title="Room again")
        assert data_disk.run(on_simulator, "add", new).returncode == 0
        terminal.wait_for("Room again")


@pytest.mark.parametrize(
    ("trouble", "words"), [("fill", "the disk is full"), ("make_read_only", "the file system is read-only")]
)
def test_a_command_tells_what_it_learned_though_it_cannot_be_kept(
    *,
    state_disk: SmallDisk,
    on_simulator: dict[str, str],
    ids: list[str],
    kept: Callable[[], set[str]],
    trouble: str,
    words: str,
) -> None:
    assert state_disk.run(on_simulator, "fetch", *ids[:2]).returncode == 0
    getattr(state_disk, trouble)()
    done = state_disk.run(on_simulator, "fetch", "--json", *ids)
    assert done.returncode == 0
    assert {task["id"] for task in json.loads(done.stdout)["tasks"]} == set(ids)
    assert FORGOTTEN in done.stderr
    assert words in done.stderr
    assert kept() == set(ids[:2]), "the old file is sound"


@pytest.mark.parametrize(
    ("trouble", "words"), [("fill", "the disk is full"), ("make_read_only", "the file system is read-only")]
)
def test_what_was_known_is_shown_though_nothing_can_be_written(
    state_disk: SmallDisk, on_simulator: dict[str, str], ids: list[str], trouble: str, words: str
) -> None:
    state_disk.run(on_simulator, "fetch", *ids[:2])
    state_disk.run(on_simulator, "add", *ids[:2])
    getattr(state_disk, trouble)()
    done = state_disk.run(on_simulator, "ls", "--json")
    assert done.returncode == 0
    assert {task["id"]: task["final"] for task in json.loads(done.stdout)["tasks"]} == dict.fromkeys(ids[:2], True)
    assert words in done.stderr or not done.stderr


def test_the_monitor_goes_on_from_memory_when_the_disk_fills_up(
    state_disk: SmallDisk,
    on_simulator: dict[str, str],
    simulator: Simulator,
    ids: list[str],
    kept: Callable[[], set[str]],
) -> None:
    state_disk.run(on_simulator, "add", *ids[:2])
    with Terminal(state_disk.command(PROGRAM), environment=on_simulator, columns=160, lines=60) as terminal:
        terminal.wait_for("✓ 2")
        terminal.settle()
        state_disk.fill()
        many = [simulator.submit(title=f"After the disk was full {number}") for number in range(40)]
        assert state_disk.run(on_simulator, "add", *many).returncode == 0
        terminal.wait_for("After the disk was full 39")
        terminal.wait_for("the disk is full")
        terminal.press("q")
        assert terminal.exit_code() == 0
    assert kept() >= set(ids[:2])
    state_disk.empty()
    assert set(state_disk.run(on_simulator, "ls", "--ids").stdout.split()) == {*ids[:2], *many}, "no id is lost"


def test_the_monitor_opens_on_a_disk_that_is_read_only(
    state_disk: SmallDisk, on_simulator: dict[str, str], simulator: Simulator, ids: list[str]
) -> None:
    state_disk.run(on_simulator, "fetch", *ids[:2])
    state_disk.make_read_only()
    state_disk.run(on_simulator, "add", *ids[:2])
    with Terminal(state_disk.command(PROGRAM), environment=on_simulator, columns=160) as terminal:
        terminal.wait_for("the file system is read-only")
        new = simulator.submit(title="Heard of from memory")
        assert state_disk.run(on_simulator, "add", new).returncode == 0
        terminal.wait_for("Heard of from memory")
        terminal.press("q")
        assert terminal.exit_code() == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("room", [16, 2048])
def test_an_output_that_fills_the_disk_ends_in_a_sentence_and_one_that_fits_is_whole(
    home: Path, environment: dict[str, str], tmp_path: Path, room: int, unbuffered: str
) -> None:
    many = 2_000
    WatchListFile(home / "data" / "watchlist.toml").add([f"task_{number:032}" for number in range(many)], now=1.0)
    with SmallDisk(tmp_path / "disk", f"{room}k") as disk:
        line = f'PYTHONUNBUFFERED={unbuffered} "{PROGRAM}" ls --json > "{disk.folder}/out"'
        done = subprocess.run(
            disk.command("sh", "-c", line), env=environment | {"PATH": os.environ["PATH"]}, check=False,
            stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        written = (disk.seen_from_outside / "out").read_bytes()
    if room == 16:
        assert done.returncode == 2
        assert done.stderr == "ecovai-tui: The output cannot be written: No space left on device.\n"
    else:
        assert (done.returncode, done.stderr) == (0, "")
        assert len(json.loads(written)["tasks"]) == many


@pytest.fixture
def music_disk(home: Path) -> Iterator[SmallDisk]:
    """The disk of what is downloaded, which has room for a few songs."""
    with SmallDisk(home / "Music", "4m") as disk:
        yield disk


@pytest.mark.parametrize(("trouble", "words"), [("fill", "the disk is full"), ("make_read_only", "is read-only")])
def test_a_file_that_cannot_be_saved_is_told_and_nothing_stands_under_its_name(
    music_disk: SmallDisk, on_simulator: dict[str, str], simulator: Simulator, trouble: str, words: str
) -> None:
    task_id = next(name for name in simulator.ids if simulator.truth(name) == "done")
    getattr(music_disk, trouble)()
    done = music_disk.run(on_simulator, "download", task_id)
    assert done.returncode == 3
    assert words in done.stderr
    assert not list(music_disk.seen_from_outside.rglob("*.mp3"))
    if trouble == "fill":
        music_disk.empty()
        assert music_disk.run(on_simulator, "download", task_id).returncode == 0
        assert len(list(music_disk.seen_from_outside.rglob("*.mp3"))) in {1, 2}
