"""``--filter`` means the same in every command, and a fault in it is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_process import Run

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

ORIGIN = "https://api.ecovai.cn"
NOW = 1_700_000_000.0
RAIN, SUN, BROKEN, NEVER_TOLD = "rain-1", "sun-2", "broken-3", "never-4"
EVERY = [NEVER_TOLD, BROKEN, SUN, RAIN]


def song(name: str, title: str, at: float, phase: Phase = Phase.DONE, *, lyrics: str = "", reason: str = "") -> Task:
    clip = Clip(f"clip-{name}", phase, title=title, model="chirp-v4", tags="jazz, piano", lyrics=lyrics)
    return Task(name, Kind.MUSIC, phase, fail_reason=reason, submitted_at=at, finished_at=at + 60.0, clips=(clip,))


@pytest.fixture
def known(home: Path) -> WatchListFile:
    """Four watched tasks, of three of which a gateway has told."""
    watch_list = WatchListFile(home / "data" / "watchlist.toml")
    watch_list.add([RAIN, SUN], label="album", now=NOW)
    watch_list.add([BROKEN, NEVER_TOLD], now=NOW)
    replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
    replica.mirror(watch_list.read(), NOW)
    replica.record(
        [
            song(RAIN, "Regen in der Früh", NOW, lyrics="[Verse]\nUmbrellas everywhere"),
            song(SUN, "Sun", NOW + 1, lyrics="Nothing but light"),
            song(BROKEN, "Rain", NOW + 2, Phase.FAILED, reason="insufficient_user_quota"),
        ],
        NOW,
    )
    replica.close()
    return watch_list


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", EVERY),
        ("frueh", []),
        ("fruh", [RAIN]),
        ("rain phase:failed", [BROKEN]),
        ("label:album !sun", [RAIN]),
        ('"too little money"', [BROKEN]),
        ("phase:waiting", [NEVER_TOLD]),
        ("tag:jazz took>=1m", [BROKEN, SUN, RAIN]),
        ("lyrics:umbrella", [RAIN]),
        ("~^s.n$", [SUN]),
    ],
)
def test_ls_lists_what_the_filter_accepts(run: Run, known: WatchListFile, text: str, ids: list[str]) -> None:
    done = run("ls", "--ids", "--filter", text)
    assert (done.returncode, done.stdout.split()) == (0, ids)


def test_every_shape_of_the_list_is_filtered(run: Run, known: WatchListFile) -> None:
    report = json.loads(run("ls", "--json", "--filter=sun").stdout)
    assert ([task["id"] for task in report["tasks"]], report["counts"]["done"]) == ([SUN], 1)
    assert [SUN in line for line in run("ls", "--filter=sun").stdout.splitlines()] == [False, True]


def test_a_filter_without_a_hit_is_told_from_an_empty_list(run: Run, known: WatchListFile) -> None:
    assert run("ls", "--filter", "nowhere").stderr == "No watched task is meant by this.\n"
    known.remove(EVERY, NOW)
    assert "Nothing is watched yet." in run("ls", "--filter", "nowhere").stderr


def test_export_joins_the_filter_with_its_own_options(run: Run, known: WatchListFile) -> None:
    done = run("export", "--phase", "done", "--filter", "!lyrics:umbrella")
    assert [task["id"] for task in json.loads(done.stdout)["tasks"]] == [SUN]


def test_status_counts_what_the_filter_accepts(run: Run, known: WatchListFile) -> None:
    assert run("status", "--format", "{done} {failed} {total}", "--filter", "label:album").stdout == "2 0 2\n"


def test_prune_takes_off_what_the_filter_accepts_and_never_what_is_active(run: Run, known: WatchListFile) -> None:
    assert run("prune", "--filter", "!sun", "--dry-run").stdout.split() == [BROKEN, RAIN]
    assert run("prune", "--filter", "!sun", "--final").stdout.split() == [BROKEN, RAIN]
    assert set(known.read().ids) == {SUN, NEVER_TOLD}


@pytest.mark.parametrize("text", ["", "  "])
def test_prune_takes_nothing_off_for_a_filter_that_asks_for_nothing(run: Run, known: WatchListFile, text: str) -> None:
    done = run("prune", "--filter", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert set(known.read().ids) == set(EVERY)


def test_wait_and_fetch_are_about_what_the_filter_accepts(asking: Run, gateway: Simulator) -> None:
    song_id, broken_id = gateway.submit(script="song"), gateway.submit(script="artist-name")
    asking("add", song_id, "--label", "album")
    asking("add", broken_id)
    waited = asking("wait", "--filter", "label:album", "--json", "--timeout", "60")
    assert (waited.returncode, [task["id"] for task in json.loads(waited.stdout)["tasks"]]) == (0, [song_id])
    fetched = asking("fetch", "--filter", "!label:album", "--json")
    assert [task["id"] for task in json.loads(fetched.stdout)["tasks"]] == [broken_id]


@pytest.mark.parametrize("command", ["wait", "fetch"])
def test_a_command_that_asks_says_that_the_filter_leaves_nothing(asking: Run, gateway: Simulator, command: str) -> None:
    asking("add", gateway.submit(script="song"))
    done = asking(command, "--filter", "nowhere")
    assert (done.returncode, done.stderr.split(" So ")[0]) == (0, "No watched task is meant by this.")


def test_ids_and_a_filter_exclude_each_other(run: Run) -> None:
    done = run("wait", "346c5d10-a4a1-4f49-a851-66a7dae6cfaf", "--filter", "x", ECOVAI_API_KEY="k")
    assert (done.returncode, "either ids or --filter" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["ls", "export", "prune", "status", "wait", "fetch"])
def test_a_fault_is_told_with_its_place(run: Run, command: str) -> None:
    done = run(command, "--filter", "雨 phase:faild age<1d", ECOVAI_API_KEY="k")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        'ecovai-tui: --filter cannot be read: there is no phase "faild". Did you mean failed?',
        "  雨 phase:faild age<1d",
        "           ^",
    ]


def test_a_long_filter_is_shown_around_its_fault(run: Run) -> None:
    told, shown, sign = run("ls", "--filter", "word " * 50 + "age>soon" + " more" * 50).stderr.splitlines()
    assert shown[sign.index("^") :].startswith("soon more")
    assert len(shown) < 100
    assert "age> needs a time" in told


@pytest.mark.parametrize("text", ["phase:Ab12Cd34Ef56Gh78Ij90Kl", 'phase:"\x1b[31mred"'])
def test_neither_what_may_be_a_key_nor_a_control_sequence_is_repeated(run: Run, text: str) -> None:
    done = run("ls", "--filter", text)
    assert done.returncode == 2
    assert "Ab12" not in done.stderr
    assert "\x1b" not in done.stderr
