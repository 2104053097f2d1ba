"""A disk that cannot be written: each key that saves says why in one sentence, and nothing on the screen is lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from app_harness import MakeApp, MakeSession, said, song, until

TROUBLES = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
}


@pytest.mark.parametrize("number", TROUBLES, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("key", ["x", "u"])
async def test_a_save_that_fails_is_told_of_and_changes_nothing(
    make_session: MakeSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, number: int, key: str
) -> None:
    session = make_session(song(1), song(2))
    session.watch_list.remove(["task-2"], session.clock.now())
    session.engine.mirror()
    before = session.watch_list.path.read_bytes()

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", fail)
    app = make_app(session)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: TROUBLES[number] in said(app), "the sentence")
        assert app.main.task_list.shown == ["task-1"]
    assert session.watch_list.path.read_bytes() == before
