"""Files that are damaged, locked, newer, full or gone: the program goes on, and says what it means."""

from __future__ import annotations

import errno
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from ecovai_tui.store import database
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

ORIGIN = "https://gateway.example"
NOW = 1_790_000_000.0
MINUTE = 60.0

Opener = Callable[..., Replica]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "replica.sqlite3"


@pytest.fixture
def filled(path: Path) -> Path:
    """A file with three tasks, as a pane left it that ended."""
    replica = Replica(path, ORIGIN)
    fill(replica)
    replica.close()
    return path


def fill(replica: Replica) -> None:
    replica.mirror(WatchList(ids=("a", "b", "c")), NOW)
    lyrics = "la " * 3000
    replica.record(
        [Task(n, Kind.MUSIC, Phase.RUNNING, clips=(Clip(n, Phase.RUNNING, lyrics=lyrics),)) for n in "abc"], NOW
    )


def damage_pages(path: Path) -> None:
    """Overwrite everything behind the first page, which holds the version and the names of the tables."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def refuse(*_: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied")


def is_on_disk(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA database_list").fetchone()[2])


def works(replica: Replica) -> bool:
    """Return whether a replica takes what it is told and gives it back."""
    replica.mirror(WatchList(ids=("x",)), NOW)
    replica.record([Task("x", Kind.MUSIC, Phase.RUNNING)], NOW)
    found = replica.watched()
    return [task.id for task in found] == ["x"] and found[0].summary.phase is Phase.RUNNING


def test_the_file_and_its_directory_are_for_the_user_alone(filled: Path, open_replica: Opener) -> None:
    filled.chmod(0o644)
    replica = open_replica(filled)
    fill(replica)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in filled.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert set(modes) == {"replica.sqlite3", "replica.sqlite3-wal", "replica.sqlite3-shm"}
    assert stat.S_IMODE(filled.parent.stat().st_mode) == 0o700


def test_a_replica_in_memory_works_and_has_no_problem() -> None:
    replica = Replica(None, ORIGIN)
    assert works(replica)
    assert (replica.problem, replica.heal(NOW)) == ("", False)
    replica.close()


def test_a_symbolic_link_stays_and_the_file_behind_it_is_used(path: Path, tmp_path: Path, open_replica: Opener) -> None:
    real = tmp_path / "elsewhere" / "real.sqlite3"
    real.parent.mkdir()
    path.parent.mkdir()
    path.symlink_to(real)
    replica = open_replica(path)
    assert works(replica)
    assert path.is_symlink()
    assert real.is_file()
    assert replica.heal(NOW) is False


@pytest.mark.parametrize(
    "contents", [b"this is no database, " * 400, b"\0" * 9000, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_a_file_that_is_no_database_is_set_aside_and_begun_again(
    path: Path, contents: bytes, open_replica: Opener
) -> None:
    path.parent.mkdir()
    path.write_bytes(contents)
    first, second = open_replica(path), open_replica(path)
    aside = path.with_name("replica.sqlite3.damaged")
    assert aside.read_bytes() == contents
    assert first.problem.startswith(f"{path} was damaged and is now replica.sqlite3.damaged")
    assert second.problem == ""
    assert works(first)
    assert second.watched_ids() == ["x"], "both work with the new file"
    assert first.heal(NOW) is True, "what was known before is gone"
    assert (first.heal(NOW), first.problem) == (False, "")


def test_pages_found_damaged_while_running_are_set_aside_and_told(filled: Path, open_replica: Opener) -> None:
    damage_pages(filled)
    replica, other = open_replica(filled), open_replica(filled)
    assert replica.problem == "", "opening reads only the first page"
    assert replica.watched() == []
    assert "was damaged" in replica.problem
    assert "The watch list is not affected" in replica.problem
    assert works(replica)
    assert replica.heal(NOW) is True, "what was read before is out of date"
    assert other.heal(NOW) is True, "it is another file by now"
    assert other.watched_ids() == ["x"]


def test_a_new_file_is_never_set_aside_for_the_damaged_one_before_it(filled: Path, open_replica: Opener) -> None:
    damage_pages(filled)
    first, second = open_replica(filled), open_replica(filled)
    first.watched()
    assert works(first)
    assert [task.id for task in second.watched()] == ["x"], "it found the damage too, but took up the new file"
    assert first.watched_ids() == ["x"]


def test_a_damaged_file_that_cannot_be_moved_stays_and_memory_goes_on(
    filled: Path, open_replica: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage_pages(filled)
    replica = open_replica(filled)
    monkeypatch.setattr(Path, "replace", refuse)
    replica.watched()
    assert "it is damaged" in replica.problem
    assert works(replica)


def test_the_log_of_a_damaged_file_goes_with_it(filled: Path, open_replica: Opener) -> None:
    with closing(sqlite3.connect(filled)) as other:
        other.execute("SELECT count(*) FROM task").fetchone()
        damage_pages(filled)
        replica = open_replica(filled)
        replica.watched()
        assert Path(f"{filled}.damaged-wal").exists()
        assert Path(f"{filled}.damaged-shm").exists()
        assert works(replica)


def test_a_locked_file_is_not_damaged_and_is_taken_up_when_it_is_free(filled: Path, open_replica: Opener) -> None:
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    replica = open_replica(filled)
    assert "another program has locked it" in replica.problem
    assert works(replica)
    assert replica.heal(NOW) is False
    other.execute("COMMIT")
    other.close()
    assert replica.heal(NOW + 1) is False, "it does not try at every tick"
    assert replica.heal(NOW + MINUTE) is True
    assert replica.problem == ""
    assert replica.watched_ids() == ["a", "b", "c"]


def test_what_another_program_has_half_written_is_not_read(filled: Path, open_replica: Opener) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("PRAGMA cache_size = 1")
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE task SET phase = 'failed', title = hex(randomblob(4000))")
        other.execute("UPDATE payload SET content = hex(randomblob(40000))")
        replica = open_replica(filled)
        assert "another program has locked it" in replica.problem
        assert replica.watched() == []
        assert works(replica)
        other.execute("ROLLBACK")
    assert replica.heal(NOW + MINUTE) is True
    assert {task.summary.phase for task in replica.watched()} == {Phase.RUNNING}


def test_a_copy_that_is_damaged_gives_way_to_an_empty_replica(
    filled: Path, open_replica: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage_pages(filled)
    monkeypatch.setattr(database, "_make_private", refuse)
    replica = open_replica(filled)
    assert replica.watched() == []
    assert "permission denied" in replica.problem
    assert works(replica)


def test_a_file_of_a_newer_version_is_left_alone(filled: Path, open_replica: Opener) -> None:
    changer = sqlite3.connect(filled)
    changer.execute("PRAGMA user_version = 99")
    changer.close()
    replica = open_replica(filled)
    assert "newer ecovai-tui" in replica.problem
    assert works(replica)
    reader = sqlite3.connect(filled)
    assert reader.execute("SELECT count(*) FROM task").fetchone() == (3,)
    reader.close()


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_newer_file_that_another_program_has_locked_is_no_trouble(
    filled: Path, open_replica: Opener, begin: str, journal: str
) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
        other.execute("PRAGMA user_version = 99")
        other.execute(begin)
        replica = open_replica(filled)
        assert "cannot be used" in replica.problem
        assert works(replica)


def test_a_newer_file_that_cannot_be_written_is_no_trouble(
    filled: Path, open_replica: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(filled)) as changer:
        changer.execute("PRAGMA user_version = 99")
    monkeypatch.setattr(database, "_make_private", refuse)
    replica = open_replica(filled)
    assert "newer ecovai-tui" in replica.problem
    assert works(replica)


def test_a_file_that_is_deleted_while_open_is_begun_again(filled: Path, open_replica: Opener) -> None:
    replica = open_replica(filled)
    for file in filled.parent.iterdir():
        file.unlink()
    assert replica.heal(NOW) is True
    assert replica.watched_ids() == []
    assert works(replica)
    assert replica.heal(NOW) is False
    assert open_replica(filled).watched_ids() == ["x"]


def test_a_directory_that_cannot_be_made_leads_to_memory(tmp_path: Path, open_replica: Opener) -> None:
    (tmp_path / "state").write_text("a file where a directory should be")
    replica = open_replica(tmp_path / "state" / "replica.sqlite3")
    assert "cannot be used" in replica.problem
    assert replica.problem.isprintable()
    assert works(replica)
    assert replica.heal(NOW + MINUTE) is False


def test_a_directory_in_place_of_the_file_leads_to_memory(path: Path, open_replica: Opener) -> None:
    path.mkdir(parents=True)
    replica = open_replica(path)
    assert "cannot be used" in replica.problem
    assert works(replica)


def test_links_in_a_circle_lead_to_memory(path: Path, open_replica: Opener) -> None:
    path.parent.mkdir()
    path.symlink_to(path)
    replica = open_replica(path)
    assert "cannot be used" in replica.problem
    assert works(replica)


def test_a_file_that_cannot_be_written_still_shows_what_it_holds(
    filled: Path, open_replica: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_make_private", refuse)
    replica = open_replica(filled)
    assert "permission denied" in replica.problem
    assert replica.watched_ids() == ["a", "b", "c"]
    assert replica.task("a") is not None
    assert works(replica)


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("max_page_count = 1", "the disk is full"), ("query_only = 1", "it cannot be written")],
)
def test_a_disk_that_fills_up_while_running_leads_to_memory_with_all_that_was_known(
    filled: Path, open_replica: Opener, pragma: str, words: str
) -> None:
    replica = open_replica(filled)
    replica._database.run(lambda connection: connection.execute(f"PRAGMA {pragma}"))
    more = [Task(f"new{n}", Kind.MUSIC, Phase.RUNNING, source="x" * 5000) for n in range(50)]
    assert len(replica.record(more, NOW + 1).seen) == 50
    assert words in replica.problem
    assert set(replica.summaries(["a", "new7"])) == {"a", "new7"}
    assert replica.heal(NOW + 2 * MINUTE) is True
    assert replica.problem == "", "there is room again"
    assert set(replica.summaries(["a", "new7"])) == {"a"}


@pytest.mark.parametrize(
    "pragma",
    [
        pytest.param("max_page_count = 1", id="full"),
        pytest.param("query_only = 1", id="read-only"),
    ],
)
def test_a_file_that_still_takes_no_writes_is_not_gone_back_to(
    filled: Path, open_replica: Opener, monkeypatch: pytest.MonkeyPatch, pragma: str
) -> None:
    def restricted(connection: sqlite3.Connection) -> sqlite3.Connection:
        prepared(connection).execute(f"PRAGMA {pragma}")
        return connection

    prepared = database._prepared
    with monkeypatch.context() as disk:
        disk.setattr(
            database,
            "_prepared",
            lambda connection: restricted(connection) if is_on_disk(connection) else prepared(connection),
        )
        replica = open_replica(filled)
        replica.record([Task("a", Kind.MUSIC, Phase.DONE, source="x" * 500_000)], NOW + 1)
        assert replica.problem
        assert replica.heal(NOW + 2) is True
        assert replica.heal(NOW + MINUTE) is False, "the file opens, but takes nothing"
        assert replica.summaries(["a"])["a"].phase is Phase.DONE, "what memory learned is still known"
    assert replica.heal(NOW + 2 * MINUTE) is True
    assert replica.problem == ""
    told = replica._database.run(
        lambda connection: connection.execute("SELECT count(*) FROM gateway WHERE origin = ''").fetchone()
    )
    assert told == (0,), "the trial leaves nothing behind"


REPLICA_UNDER_A_LIMIT = """
import resource, signal, sys
from pathlib import Path
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Kind, Phase, Task
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, most = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
replica = Replica(path, "https://gateway.example")
replica.record([Task(f"new{n}", Kind.MUSIC, Phase.RUNNING, source="x" * 5000) for n in range(50)], 1_790_000_000.0)
print(replica.problem, len(replica.summaries([f"new{n}" for n in range(50)])))
"""


@pytest.mark.parametrize("most", [20_000, 60_000], ids=["at the start", "while running"])
def test_a_limit_of_the_files_size_is_told_of_and_leads_to_memory(filled: Path, most: int) -> None:
    command = [sys.executable, "-c", REPLICA_UNDER_A_LIMIT, str(filled), str(most)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "nothing more can be written: the disk, a quota or a limit of the file's size refuses it" in done.stdout
    assert done.stdout.endswith(" 50\n"), "all is known in memory"


def test_a_mistake_of_ours_is_not_taken_for_a_bad_file(filled: Path, open_replica: Opener) -> None:
    replica = open_replica(filled)
    with pytest.raises(sqlite3.IntegrityError):
        replica._database.run(lambda connection: connection.execute("INSERT INTO task (origin) VALUES ('x')"))
    assert replica.problem == ""
