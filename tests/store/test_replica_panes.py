"""Many panes at one replica: the ledger, the requests of all, and wishes for the pane that asks."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import PIPE

import pytest

from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task

ORIGIN = "https://gateway.example"
NOW = 1_790_000_000.0
MOST_PER_MINUTE = 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.sqlite3"


@pytest.fixture
def leader(path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(path)


@pytest.fixture
def follower(path: Path, leader: Replica, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(path)


OTHER_PROCESS = """
import sys
from pathlib import Path
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchList
from ecovai_tui.tasks.model import Kind, Phase, Task
replica = Replica(Path(sys.argv[1]), "https://gateway.example")
replica.mirror(WatchList(ids=("a",)), 1.0)
for number, phase in enumerate([Phase.WAITING, Phase.RUNNING, Phase.FAILED]):
    replica.record([Task("a", Kind.MUSIC, phase)], 2.0 + number)
replica.ask("refresh", 5.0)
assert replica.problem == ""
"""


def test_another_process_is_noticed_and_its_ledger_read(path: Path, leader: Replica) -> None:
    version, row = leader.data_version(), leader.last_change()
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, path], check=True)
    assert leader.data_version() != version
    assert [(change.what, change.after) for _, change in leader.changes_after(row)] == [
        ("appeared", "waiting"),
        ("phase", "running"),
        ("phase", "failed"),
    ]
    assert leader.watched()[0].summary.phase is Phase.FAILED
    assert leader.take_intents() == ["refresh"]


def test_the_version_stays_while_nobody_else_writes(leader: Replica, follower: Replica) -> None:
    version = leader.data_version()
    leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    follower.watched()
    assert follower.take_intents() == []
    assert leader.data_version() == version


def test_a_follower_reads_on_from_the_row_it_knows(leader: Replica, follower: Replica) -> None:
    leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    rows = follower.changes_after(0)
    leader.record([Task("a", Kind.MUSIC, Phase.FAILED)], NOW + 1)
    assert [change.after for _, change in follower.changes_after(rows[-1][0])] == ["failed"]
    assert follower.changes_after(follower.last_change()) == []


def test_rows_of_the_ledger_are_never_used_twice(leader: Replica) -> None:
    leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    row = leader.last_change()
    leader._database.run(lambda connection: connection.execute("DELETE FROM change"))
    leader.record([Task("b", Kind.MUSIC, Phase.RUNNING)], NOW)
    assert leader.changes_after(row)[0][0] > row


def test_what_was_recorded_names_its_rows_of_the_ledger(leader: Replica, follower: Replica) -> None:
    follower.record([Task("b", Kind.MUSIC, Phase.RUNNING)], NOW)
    recorded = leader.record([Task("a", Kind.MUSIC, Phase.RUNNING), Task("c", Kind.MUSIC, Phase.RUNNING)], NOW)
    assert [row for row, change in leader.changes_after(0) if change.id in "ac"] == list(recorded.rows)
    again = leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW + 1)
    assert list(again.rows) == []
    assert list(again.joined(recorded).rows) == list(recorded.joined(again).rows) == list(recorded.rows)


def test_the_state_of_the_link_is_passed_on_for_each_gateway(leader: Replica, follower: Replica) -> None:
    assert follower.published_link() == ""
    leader.publish_link("fine")
    leader.publish_link("down")
    assert follower.published_link() == "down"


def always(_requests: Sequence[float], _now: float) -> bool:
    return True


def test_requests_of_all_panes_count_together_for_a_minute(leader: Replica, follower: Replica) -> None:
    for pane, at in ((leader, NOW), (follower, NOW + 5), (leader, NOW + 10)):
        assert pane.claim_request(lambda at=at: at, always) == at  # type: ignore[misc]  # the moment of this turn
    assert leader.requests_since(NOW - 1) == follower.requests_since(NOW - 1) == [NOW, NOW + 5, NOW + 10]
    assert leader.requests_since(NOW + 5) == [NOW + 10]
    follower.claim_request(lambda: NOW + 66, always)
    assert leader.requests_since(0.0) == [NOW + 10, NOW + 66]


def test_requests_of_a_clock_that_was_wrong_are_forgotten(leader: Replica) -> None:
    leader.claim_request(lambda: NOW + 86_400, always)
    leader.claim_request(lambda: NOW, always)
    assert leader.requests_since(0.0) == [NOW]


def test_a_claim_that_the_rule_is_against_is_not_counted(leader: Replica, follower: Replica) -> None:
    leader.claim_request(lambda: NOW, always)
    told: list[tuple[Sequence[float], float]] = []
    assert follower.claim_request(lambda: NOW + 1, lambda *seen: told.append(seen)) is None  # type: ignore[func-returns-value]
    assert told == [([NOW], NOW + 1)]
    assert leader.requests_since(0.0) == [NOW]


CLAIM_AS_OFTEN_AS_IT_GOES = """
import sys, time
from pathlib import Path
from ecovai_tui.store.replica import Replica, ReplicaBusy
replica, most = Replica(Path(sys.argv[1]), "https://gateway.example"), int(sys.argv[2])
def below_the_cap(requests, now):
    time.sleep(0.002)  # others have the time to come in between, if they can
    return len(requests) < most
print("ready", flush=True)
sys.stdin.read(1)
won = 0
for _ in range(most):
    try:
        won += replica.claim_request(time.time, below_the_cap) is not None
    except ReplicaBusy:
        pass
print(won)
"""


def test_eight_processes_that_claim_at_once_share_the_cap_and_never_exceed_it(path: Path, leader: Replica) -> None:
    command = [sys.executable, "-c", CLAIM_AS_OFTEN_AS_IT_GOES, str(path), str(MOST_PER_MINUTE)]
    children = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(8)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    won = [int(child.communicate()[0]) for child in children]
    assert sum(won) == len(leader.requests_since(0.0)) == MOST_PER_MINUTE
    assert leader.problem == ""


def test_a_wish_is_taken_once_and_not_doubled(leader: Replica, follower: Replica) -> None:
    for intent in ("refresh", "refresh a", "refresh"):
        follower.ask(intent, NOW)
    assert leader.take_intents() == ["refresh", "refresh a"]
    assert follower.take_intents() == []


def test_a_wish_that_is_repeated_keeps_its_age_until_it_is_taken(leader: Replica, follower: Replica) -> None:
    assert leader.oldest_intent() is None
    follower.ask("refresh", NOW)
    oldest = leader.oldest_intent()
    follower.ask("refresh", NOW + 1)
    follower.ask("refresh a", NOW + 1)
    assert leader.oldest_intent() == oldest
    leader.take_intents()
    follower.ask("refresh", NOW + 2)
    assert leader.oldest_intent() not in {None, oldest}


def test_a_file_that_another_program_writes_to_is_busy_and_not_given_up(path: Path, leader: Replica) -> None:
    leader.mirror(WatchList(ids=("a",)), NOW)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ReplicaBusy, match="Another program is writing"):
        leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW)
    assert [task.id for task in leader.watched()] == ["a"], "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert leader.record([Task("a", Kind.MUSIC, Phase.RUNNING)], NOW).seen == {"a"}
    assert leader.problem == ""
