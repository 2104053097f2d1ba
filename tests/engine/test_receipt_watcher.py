"""Receipts and the watch list: no id that is paid is left out, and what nobody knows is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecovai_tui.engine.disk_watcher import MAYBE_CHARGED, TAKEN_UP_WITHIN, ReceiptWatcher, receipt_of_row
from ecovai_tui.store.receipt_file import ReceiptFile, Request, State
from ecovai_tui.store.watchlist import WatchListFile

NOW, HERE = 1_800_000_000.0, "https://g.example"


class Desk:
    """A file of receipts, and what one front end sees of it."""

    def __init__(self, folder: Path) -> None:
        self.receipts = ReceiptFile(folder / "receipts.jsonl")
        self.watch_list = WatchListFile(folder / "watchlist.toml")

    def watcher(self, *, may_write: bool = True) -> ReceiptWatcher:
        return ReceiptWatcher(self.receipts, HERE, None, self.watch_list, may_write)

    def send(self, state: State = State.ACCEPTED, *, at: float = NOW, **request: str) -> int:
        known = {"kind": "music", "path": "/p", "body": "{}", "digest": "d", "gateway": HERE, **request}
        number = self.receipts.begin(Request(**known), at, again=True).number
        if state is not State.SENDING:
            self.receipts.end(number, state, at, ids=[f"id-{number}"] if state is State.ACCEPTED else ())
        return number


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_id_that_never_got_to_the_watch_list_is_taken_up_with_its_label(desk: Desk) -> None:
    desk.send(label="take 1")
    desk.watcher().look(NOW + 5)
    watched = desk.watch_list.read()
    assert (watched.ids, watched.labels) == (("id-1",), {"id-1": "take 1"})


def test_what_was_removed_stays_removed(desk: Desk) -> None:
    desk.send()
    desk.watcher().look(NOW)
    desk.watch_list.remove(["id-1"], now=NOW + 60)
    desk.watcher().look(NOW + TAKEN_UP_WITHIN - 1)
    assert desk.watch_list.read().ids == ()


@pytest.mark.parametrize(
    ("other", "now"),
    [
        ({"gateway": "https://other.example"}, NOW),
        ({"profile": "work"}, NOW),
        ({"watch_list": "/elsewhere/list.toml"}, NOW),
        ({}, NOW + TAKEN_UP_WITHIN),
    ],
)
def test_what_belongs_elsewhere_or_is_old_is_left_alone(desk: Desk, other: dict[str, str], now: float) -> None:
    desk.send(**other)
    desk.watcher().look(now)
    assert desk.watch_list.read().ids == ()


def test_nothing_is_written_where_nothing_may_be(desk: Desk) -> None:
    desk.send()
    desk.watcher(may_write=False).look(NOW)
    assert not desk.watch_list.path.exists()


def test_an_unknown_outcome_is_told_once_and_until_it_is_settled(desk: Desk) -> None:
    watcher = desk.watcher()
    assert watcher.look(NOW) is None
    number = desk.send(State.UNKNOWN)
    unknown = watcher.look(NOW)
    assert unknown is not None
    assert [receipt_of_row(row.id) for row in unknown] == [number]
    assert watcher.look(NOW) is None
    desk.receipts.settle(number, NOW, "found")
    assert watcher.look(NOW) == ()
    assert desk.watch_list.read().ids == ("found",)


def test_one_that_was_cut_off_becomes_unknown_although_nothing_is_written(desk: Desk) -> None:
    desk.send(State.SENDING)
    watcher = desk.watcher()
    assert watcher.look(NOW) is None
    unknown = watcher.look(NOW + 301)
    assert unknown is not None
    assert [row.summary.note for row in unknown] == [MAYBE_CHARGED]


def test_the_row_of_a_receipt_says_what_was_sent(desk: Desk) -> None:
    desk.send(State.UNKNOWN, body='{"prompt": "[Verse]\\nRain", "mv": "chirp-v5", "tags": "slow"}', label="take 1")
    [row] = desk.watcher().look(NOW) or ()
    summary = row.summary
    assert (summary.title, summary.model, summary.tags, row.label) == ("[Verse]", "chirp-v5", "slow", "take 1")
    assert summary.submitted_at == NOW
    assert receipt_of_row("346c5d10-a4a1-4f49-a851-66a7dae6cfaf") is None
