"""What the replica knows of tasks, and how it comes to know it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ecovai_tui.store import database
from ecovai_tui.store.database import migrate
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.judging import Aspect
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, TaskSummary

ORIGIN = "https://gateway.example"
SUBMITTED = 1_790_000_000.0


@pytest.fixture
def replica(tmp_path: Path, open_replica: Callable[..., Replica]) -> Replica:
    return open_replica(tmp_path / "state" / "replica.sqlite3", ORIGIN)


def clip(name: str, phase: Phase, **others: object) -> Clip:
    return Clip(name, phase, status=phase.value, model="chirp-v4")._replace(**others)


WAITING = Task("t", Kind.MUSIC, Phase.WAITING, "NOT_START", submitted_at=SUBMITTED, source='{"n": 1}')
RUNNING = WAITING._replace(phase=Phase.RUNNING, status="IN_PROGRESS", started_at=SUBMITTED + 5)
STREAMING = RUNNING._replace(
    phase=Phase.STREAMING,
    clips=(
        clip("c1", Phase.STREAMING, title="夜に駆ける", lyrics="[Verse]\nla\tla", audio_url="https://audiopipe.x/1"),
        clip("c2", Phase.RUNNING),
    ),
)
DONE = STREAMING._replace(
    phase=Phase.DONE,
    status="SUCCESS",
    finished_at=SUBMITTED + 100,
    clips=tuple(
        old._replace(phase=Phase.DONE, duration=121.5, audio_url="https://cdn.x/1.mp3") for old in STREAMING.clips
    ),
    source='{"n": 4}',
)


def test_a_task_walks_through_its_life_and_the_ledger_tells_it(replica: Replica) -> None:
    for seconds, task in enumerate([WAITING, WAITING, RUNNING, STREAMING, STREAMING, DONE, DONE]):
        replica.record([task], SUBMITTED + seconds)
    told = [(change.at - SUBMITTED, change.what, change.before, change.after) for change in replica.history("t")]
    assert told == [
        (0, Aspect.APPEARED, "", "waiting"),
        (2, Aspect.PHASE, "waiting", "running"),
        (2, Aspect.STATUS, "NOT_START", "IN_PROGRESS"),
        (3, Aspect.PHASE, "running", "streaming"),
        (3, Aspect.CLIPS, "", "streaming running"),
        (3, Aspect.TITLE, "", "夜に駆ける"),
        (5, Aspect.PHASE, "streaming", "done"),
        (5, Aspect.STATUS, "IN_PROGRESS", "SUCCESS"),
        (5, Aspect.CLIPS, "streaming running", "done done"),
    ]


def test_every_column_of_a_summary_comes_back(replica: Replica) -> None:
    task = DONE._replace(phase=Phase.PARTIAL, fail_reason="one failed", note="a part was missing")
    replica.record([task], SUBMITTED + 200.25)
    assert replica.summaries(["t"]) == {
        "t": TaskSummary(
            id="t",
            kind=Kind.MUSIC,
            phase=Phase.PARTIAL,
            status="SUCCESS",
            title="夜に駆ける",
            model="chirp-v4",
            clip_phases=(Phase.DONE, Phase.DONE),
            fail_reason="one failed",
            note="a part was missing",
            submitted_at=SUBMITTED,
            started_at=SUBMITTED + 5,
            finished_at=SUBMITTED + 100,
            quiet_since=SUBMITTED + 100,
            final_at=SUBMITTED + 200.25,
            seen_at=SUBMITTED + 200.25,
            changed_at=SUBMITTED + 200.25,
            length=121.5,
        )
    }


@pytest.mark.parametrize(
    "task", [WAITING, STREAMING, DONE, Task("t", Kind.LYRICS, Phase.DONE, lyrics=Lyrics("T", "[Verse]\nla", "pop"))]
)
def test_a_whole_task_comes_back_with_its_source(replica: Replica, task: Task) -> None:
    replica.record([task], SUBMITTED)
    found = replica.task("t")
    assert found == task
    assert found is not None
    assert found.source == task.source


def test_what_was_recorded_names_the_changes_and_everything_seen(replica: Replica) -> None:
    other = WAITING._replace(id="u")
    replica.record([WAITING, other], SUBMITTED)
    recorded = replica.record([RUNNING, other], SUBMITTED + 5)
    assert recorded.seen == {"t", "u"}
    assert [(change.id, change.what) for change in recorded.changes] == [("t", Aspect.PHASE), ("t", Aspect.STATUS)]


def test_a_task_told_twice_in_one_reply_is_recorded_once_as_told_last(replica: Replica) -> None:
    recorded = replica.record([WAITING, RUNNING], SUBMITTED)
    assert [change.after for change in recorded.changes] == ["running"]


def test_an_empty_reply_records_nothing(replica: Replica) -> None:
    assert replica.record([], SUBMITTED) == replica.record_missing([], SUBMITTED)
    assert replica.last_change() == 0


def test_lyrics_that_change_are_a_change_though_no_line_shows_them(replica: Replica) -> None:
    replica.record([STREAMING], SUBMITTED)
    clips = (STREAMING.clips[0]._replace(lyrics="[Verse]\nother"), STREAMING.clips[1])
    recorded = replica.record([STREAMING._replace(clips=clips)], SUBMITTED + 9)
    assert [change.what for change in recorded.changes] == [Aspect.CONTENT]
    assert replica.summaries(["t"])["t"].changed_at == SUBMITTED + 9


def test_a_new_source_alone_is_stored_and_is_no_change(replica: Replica) -> None:
    replica.record([WAITING], SUBMITTED)
    assert replica.record([WAITING._replace(source='{"n": 2}')], SUBMITTED + 5).changes == ()
    found = replica.task("t")
    assert found is not None
    assert found.source == '{"n": 2}'
    assert replica.summaries(["t"])["t"].changed_at == SUBMITTED


def test_an_id_that_the_gateway_does_not_know_is_missing_until_it_is_told_of(replica: Replica) -> None:
    replica.mirror(WatchList(ids=("t",)), SUBMITTED)
    assert [change.after for change in replica.record_missing(["t"], SUBMITTED + 60).changes] == ["missing"]
    assert replica.record_missing(["t"], SUBMITTED + 120).changes == ()
    assert replica.watched()[0].summary.phase is Phase.MISSING
    recorded = replica.record([WAITING], SUBMITTED + 180)
    assert (recorded.changes[0].before, recorded.changes[0].after) == ("missing", "waiting")


def test_a_task_that_was_missing_for_a_while_counts_as_changed_when_it_is_back_as_it_was(replica: Replica) -> None:
    replica.record([WAITING], SUBMITTED)
    replica.record_missing(["t"], SUBMITTED + 60)
    replica.record([WAITING], SUBMITTED + 120)
    assert replica.summaries(["t"])["t"].changed_at == SUBMITTED + 120


def test_two_gateways_in_one_file_do_not_mix(tmp_path: Path, open_replica: Callable[..., Replica]) -> None:
    path = tmp_path / "replica.sqlite3"
    one, other = open_replica(path, ORIGIN), open_replica(path, "https://other.example")
    one.mirror(WatchList(ids=("t",)), SUBMITTED)
    one.record([DONE], SUBMITTED)
    assert (other.watched(), other.summaries(["t"]), other.task("t"), other.history("t")) == ([], {}, None, [])
    assert other.changes_after(0) == []
    assert other.durations(Kind.MUSIC) is None
    other.mirror(WatchList(), SUBMITTED)
    assert one.watched_ids() == ["t"]


def test_without_an_origin_the_gateway_that_was_used_last_is_taken(
    tmp_path: Path, open_replica: Callable[..., Replica]
) -> None:
    path = tmp_path / "replica.sqlite3"
    assert open_replica(path, "").origin == ""
    for at, origin in enumerate([ORIGIN, "https://other.example", ORIGIN]):
        open_replica(path, origin).mirror(WatchList(), SUBMITTED + at)
    assert open_replica(path, "").origin == ORIGIN


def test_a_clock_that_was_ahead_does_not_hold_on_to_the_gateway_of_then(
    tmp_path: Path, open_replica: Callable[..., Replica]
) -> None:
    path = tmp_path / "replica.sqlite3"
    for at, origin in [(SUBMITTED + 1e8, "https://old.example"), (SUBMITTED, ORIGIN)]:
        open_replica(path, origin).mirror(WatchList(), at)
    assert open_replica(path, "").origin == ORIGIN


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '{"id": "t"}', '{"id": "t", "kind": "?"}', "[" * 9999])
def test_a_payload_that_cannot_be_read_counts_as_none_and_heals_with_the_next_reply(
    replica: Replica, broken: str
) -> None:
    replica.record([DONE], SUBMITTED)
    replica._database.run(lambda connection: connection.execute("UPDATE payload SET content = ?", (broken,)))
    assert replica.task("t") is None
    replica.record([DONE], SUBMITTED + 5)
    assert replica.task("t") == DONE


def test_words_that_only_a_newer_version_knows_do_no_harm(replica: Replica) -> None:
    replica.record([DONE], SUBMITTED)
    for statement in (
        "UPDATE task SET phase = 'dreaming', kind = 'film', clip_phases = 'done dreaming'",
        "UPDATE change SET what = 'mood'",
    ):
        replica._database.run(lambda connection, text=statement: connection.execute(text))
    found = replica.summaries(["t"])["t"]
    assert (found.phase, found.kind) == (Phase.UNKNOWN, Kind.UNKNOWN)
    assert found.clip_phases == (Phase.DONE, Phase.UNKNOWN)
    assert replica.history("t") == []


def test_what_is_read_in_a_snapshot_belongs_to_one_moment(tmp_path: Path, open_replica: Callable[..., Replica]) -> None:
    path = tmp_path / "replica.sqlite3"
    writer = open_replica(path, ORIGIN)
    writer.record([Task("t", Kind.MUSIC, Phase.RUNNING)], SUBMITTED)
    reader = open_replica(path, ORIGIN)
    with reader.snapshot():
        assert reader.summaries(["t"])["t"].phase is Phase.RUNNING
        writer.record([Task("t", Kind.MUSIC, Phase.DONE, clips=(Clip("c", Phase.DONE),))], SUBMITTED + 1)
        found = reader.task("t")
        assert found is not None
        assert found.clips == ()
    assert reader.summaries(["t"])["t"].phase is Phase.DONE


def test_a_snapshot_keeps_nobody_from_writing_where_there_is_no_log(
    tmp_path: Path, open_replica: Callable[..., Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_log(connection: sqlite3.Connection) -> sqlite3.Connection:
        migrate(connection)
        return connection

    monkeypatch.setattr(database, "_prepared", without_log)
    path = tmp_path / "replica.sqlite3"
    reader, writer = open_replica(path, ORIGIN), open_replica(path, ORIGIN)
    with reader.snapshot():
        assert reader.summaries(["t"]) == {}
        writer.record([Task("t", Kind.MUSIC, Phase.RUNNING)], SUBMITTED)
        assert list(reader.summaries(["t"])) == ["t"]
