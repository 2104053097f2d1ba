"""The board is in step with the replica, whoever is in the way."""

from __future__ import annotations

from app_harness import MakeSession, song

from ecovai_tui.monitor.update import Link, Role, Update
from ecovai_tui.store.replica import ReplicaBusy
from ecovai_tui.tui.board import Board
from ecovai_tui.tui.feed import FIRST_ROWS, SLICE_ROWS, Feed

MANY = FIRST_ROWS + SLICE_ROWS + 7


async def test_a_long_list_comes_in_slices_and_in_order(make_session: MakeSession) -> None:
    session = make_session(*(song(number) for number in range(MANY)))
    board = Board()
    feed = Feed(session.replica, board)
    feed.load_first()
    assert len(board.shown) == FIRST_ROWS
    sizes = [len(board.shown) async for _ in feed.load_rest()]
    assert sizes == [FIRST_ROWS + SLICE_ROWS, MANY, MANY]
    assert board.shown == [f"task-{number}" for number in range(MANY)]


def test_what_came_between_the_first_screen_and_the_first_update_is_not_forgotten(make_session: MakeSession) -> None:
    session = make_session(song(1))
    board = Board()
    feed = Feed(session.replica, board)
    feed.load_first()
    session.monitor.learn(song(2))
    session.watch_list.add(["task-2"], now=session.clock.now())
    session.monitor.mirror()
    assert feed.take(Update(Link(), Role.LEADING))
    assert "task-2" in board


def test_an_update_that_could_not_be_read_is_read_with_the_next(make_session: MakeSession) -> None:
    session = make_session(song(1))
    board = Board()
    replica = BusyOnce(session.replica)
    feed = Feed(replica, board)  # type: ignore[arg-type]  # a stand-in
    feed.load_first()
    assert not board.shown
    replica.busy = True
    assert not feed.take(Update(Link(), Role.LEADING, changed=frozenset({"task-1"})))
    assert feed.take(Update(Link(), Role.LEADING))
    assert board.shown == ["task-1"]


class BusyOnce:
    """A replica that another program is in the way of, once for every time it is told so."""

    def __init__(self, replica: object) -> None:
        self.busy = True
        self._replica = replica

    def __getattr__(self, name: str) -> object:
        if self.busy:
            self.busy = False
            raise ReplicaBusy("replica.sqlite3")  # type: ignore[arg-type]
        return getattr(self._replica, name)
