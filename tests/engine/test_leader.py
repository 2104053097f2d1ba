"""One of many panes leads, and another takes over when it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecovai_tui.engine.leader import Leadership

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from ecovai_tui.engine.leader import Leadership
lead = Leadership(Path(sys.argv[1])); lead.claim()
print(lead.held, flush=True)
sys.stdin.read()
"""


def test_the_first_leads_and_the_second_follows_until_it_resigns(tmp_path: Path) -> None:
    first, second = Leadership(tmp_path / "leader.lock"), Leadership(tmp_path / "leader.lock")
    assert first.claim()
    assert not second.claim()
    first.resign()
    assert second.claim()
    assert second.held
    assert not first.held


def test_claiming_twice_is_the_same_as_once(tmp_path: Path) -> None:
    leadership = Leadership(tmp_path / "leader.lock")
    assert leadership.claim()
    assert leadership.claim()
    leadership.resign()
    assert not leadership.held


def test_a_leader_that_is_killed_frees_the_lead(tmp_path: Path) -> None:
    lock_file = tmp_path / "leader.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_UNTIL_KILLED, str(lock_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        leadership = Leadership(lock_file)
        assert not leadership.claim()
        other.kill()
        other.wait()
        assert leadership.claim()


def test_the_lead_of_one_that_does_nothing_can_be_seized_and_it_notices(tmp_path: Path) -> None:
    stopped, second, third = (Leadership(tmp_path / "leader.lock") for _ in range(3))
    assert stopped.claim()
    assert second.seize()
    assert second.held
    assert not stopped.held
    assert not stopped.claim()
    assert not third.claim()
    second.resign()
    assert stopped.claim(), "it may lead again when its turn comes"


def test_a_lock_file_that_was_deleted_gives_the_lead_to_one_alone(tmp_path: Path) -> None:
    first, second = Leadership(tmp_path / "leader.lock"), Leadership(tmp_path / "leader.lock")
    assert first.claim()
    (tmp_path / "leader.lock").unlink()
    assert second.claim()
    assert not first.claim()
    assert [first.held, second.held] == [False, True]


def test_the_directory_of_the_lock_is_made_for_the_user_alone(tmp_path: Path) -> None:
    assert Leadership(tmp_path / "state" / "leader.lock").claim()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_who_has_nobody_to_share_with_leads() -> None:
    leadership = Leadership(None)
    assert not leadership.held
    assert leadership.claim()
    assert leadership.held


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_where_locks_do_not_work_everyone_leads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_details: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    first, second = Leadership(tmp_path / "leader.lock"), Leadership(tmp_path / "leader.lock")
    assert [first.claim(), second.claim()] == [True, True]
    assert [first.stopped_leader, second.stopped_leader] == ["", ""]
    first.resign()
    second.resign()
