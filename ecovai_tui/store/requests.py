"""Who may poll a gateway, and when: one request at a time of all panes together, by a lease in the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from ecovai_tui.language import later
from ecovai_tui.store import ledger, turns
from ecovai_tui.store.database import Database, transaction
from ecovai_tui.store.ledger import Plan, Recorded
from ecovai_tui.store.turns import Alone, Batch, GatewayState
from ecovai_tui.tasks.model import Task

BATCH_MOST = 50  # ids that one request names at most

MINUTE = 61.0
"""Seconds that hold a minute's requests; one more than 60, as two may come closer at the gateway than they left."""

BURST_MOST = 5
"""Requests that may go out without keeping the even spacing, where the user asks for them."""

LEASE, BEAT = 3.5, 1.0
"""Seconds for which a request counts as alive after its claim or last beat, and between two beats."""

SECOND_LOOK = 1.0
"""Seconds for which a lease that ran out must be seen unchanged before it is taken over: a clock that was put forward,
a machine that slept and a locked database all end leases of panes that live and are about to beat."""

LOCK_WAIT = 0.1
"""Who waited longer than this for the lock cannot know whether the other's beat waited too, and looks again."""

CLOCK_STEP = 2.0  # seconds; a clock that is further behind the last write was put back

UNATTENDED_REST = 30.0  # seconds between two requests at least while nobody looks at what they bring

SET_APART_FOR = 60.0  # seconds until an id that breaks its batches is polled again, alone
BREAKS_ITS_BATCH = later("the gateway fails whenever it is asked for this id")

OLD_TROUBLE = 2 * MINUTE
"""Seconds after the next try was due from which on a failure says nothing any more: nobody has tried since."""

CROWD = 10
"""Tasks of families without batches that wait for a request of their own, from which on they have precedence."""

CROWDED_SLACK = 40.0
"""Seconds for which a batch then waits, so that all are seen once a minute while that can be; else it goes first."""


class Clock(Protocol):
    """What a lease needs to know of time, both in seconds."""

    def now(self) -> float:
        """Return the time in Unix seconds; it may jump."""

    def monotonic(self) -> float:
        """Return a time that nobody sets."""


class _Row(NamedTuple):
    """What the database has of a gateway."""

    written_at: float = 0.0
    last_reply: float | None = None
    skew: float = 0.0
    trouble: str = ""
    failures: int = 0
    wait_until: float = 0.0
    floor_until: float = 0.0
    hurry: int = 0
    most_ids: int = BATCH_MOST
    suspect: str = ""

    def failing(self, now: float) -> bool:
        """Return whether somebody has tried since the last failure, or is about to."""
        return bool(self.trouble) and now < self.wait_until + OLD_TROUBLE


_READ_ROW = f"SELECT {', '.join(_Row._fields)} FROM gateway WHERE origin = ?"  # noqa: S608 - made of constants
_LAST_ASKED = "SELECT max(at) FROM request WHERE origin = ? AND at <= ?"
_MAKE_DUE = """
    INSERT INTO task (origin, id, due_at, restarted_at, unwatched_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (origin, id) DO UPDATE SET due_at = excluded.due_at, restarted_at = excluded.restarted_at, alone = 0
"""
_ANSWERED = """
    last_reply = ?, skew = coalesce(?, skew), trouble = '', failures = 0, wait_until = 0, floor_until = 0, hurry = 0,
    most_ids = min(2 * most_ids, ?), suspect = ''
"""


def burst_of(most_per_minute: int) -> int:
    """Return how many requests may come together so that the cap of a minute holds all the same."""
    return max(n for n in range(1, BURST_MOST + 1) if n == 1 or (most_per_minute % n == 0 and 6 * n <= most_per_minute))


def _next_family(
    connection: sqlite3.Connection, due: turns.Due, now: float, limit_of: turns.Limit, *, hurried: bool
) -> str:
    """Return the family of the next request: of those that go first, the one whose task waits longest.

    Nothing that the user asked for, or that was never seen, stands back for a crowd.
    """
    patient = f"min(due_at + CASE WHEN seen_at IS NULL THEN 0 ELSE {CROWDED_SLACK} END)"
    columns = f"{turns.FAMILY}, count(*), min(due_at), {patient}"
    query = f"SELECT {columns} FROM task WHERE {due.condition} AND due_at <= ? GROUP BY 1"  # noqa: S608 - as above
    rows = connection.execute(query, (*due.scope, now)).fetchall()
    alone = {family for family, *_ in rows if limit_of(family) == 1}
    crowded = not hurried and sum(count for family, count, *_ in rows if family in alone) >= CROWD
    first = {family for family, _, _, patient in rows if family not in alone and (not crowded or patient <= now)}
    return str(min((row for row in rows if row[0] in (first or alone)), key=lambda row: row[2])[0])


def _next_ids(
    connection: sqlite3.Connection, due: turns.Due, family: str, until: float, most: int
) -> tuple[tuple[str, ...], Alone]:
    """Return the ids of a family that wait longest: those that share a request, or one that is asked for alone."""
    query = f"SELECT id, alone FROM task WHERE {due.condition} AND due_at <= ? AND {turns.FAMILY} = ?"  # noqa: S608 - as above
    order, values = " ORDER BY due_at, rowid LIMIT ?", (*due.scope, until, family)
    first, alone = connection.execute(query + order, (*values, 1)).fetchone()
    if alone:
        return (first,), Alone(alone)
    rows = connection.execute(f"{query} AND alone = 0{order}", (*values, most))
    return tuple(name for name, _ in rows), Alone.NO


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _writes(
    method: Callable[Concatenate[Lease, sqlite3.Connection, float, Parameters], Result],
) -> Callable[Concatenate[Lease, Parameters], Result]:
    """Call a method of the lease within a transaction, with its connection and its moment."""

    @wraps(method)
    def within_transaction(lease: Lease, /, *args: Parameters.args, **named: Parameters.kwargs) -> Result:
        def work(connection: sqlite3.Connection) -> Result:
            with lease.writing(connection) as now:
                return method(lease, connection, now, *args, **named)

        return lease.database.run(work)

    return within_transaction


class Lease:
    """One pane's right to poll a gateway, shared with all others through the replica's file.

    A claim enters a row in ``request``; the tasks are not touched until the reply is recorded, so those of a pane that
    died are due still. Its token is the fence: who takes over ends the row, and what comes for an ended row is dropped.
    """

    def __init__(
        self, database: Database, origin: str, clock: Clock, most_per_minute: int, own_ids: Iterable[str] = ()
    ) -> None:
        """``own_ids`` are polled in place of those on the watch list."""
        self.database, self._origin, self._clock = database, origin, clock
        self._spacing, self._burst = MINUTE / most_per_minute, burst_of(most_per_minute)
        own = list(own_ids)
        ours = "id IN (SELECT value FROM json_each(?))" if own else "watched = 1"
        self._due = f"due_at IS NOT NULL AND origin = ? AND {ours}"
        self._scope: tuple[str, ...] = (origin, json.dumps(own)) if own else (origin,)
        self._turns = turns.Due(self._due, self._scope)
        self._lapsed: tuple[int, float] | None = None
        self._lapsed_at = 0.0

    def state(self, *, attended: bool = True) -> GatewayState:
        """Return how things stand."""

        def work(connection: sqlite3.Connection) -> GatewayState:
            now, row, wake = self._clock.now(), self._row(connection), self._next_wake(connection, attended)
            query = "SELECT at FROM request WHERE origin = ? AND alive_until > ?"
            asking = connection.execute(query, (self._origin, now)).fetchone()
            [asked] = connection.execute(_LAST_ASKED, (self._origin, row.last_reply)).fetchone()
            trouble = row.trouble if wake is not None and row.failing(now) else ""
            latency = asked and (row.last_reply or asked) - asked
            return GatewayState(row.last_reply, row.skew, trouble, asking and asking[0], wake, latency)

        return self.database.run(work)

    def claim(
        self, *, limit_of: turns.Limit = turns.limit_of, reach: float = 0.0, attended: bool = True, resting: float = 0.0
    ) -> Batch | float | None:
        """Return a batch to ask for now, or else the moment until which to wait; None for as long as nothing is due.

        Its ids are of one family. It takes along what falls due within ``reach`` seconds. ``resting`` is until when
        this process keeps still, as its own key was refused. Who finds nothing writes nothing.
        """
        wake = self.database.run(lambda connection: self._next_wake(connection, attended))
        if wake is None or max(wake, resting) > self._clock.now():
            return None if wake is None else max(wake, resting)
        return self._claim(limit_of, reach, attended=attended)

    @_writes
    def _claim(
        self, connection: sqlite3.Connection, now: float, limit_of: turns.Limit, reach: float, *, attended: bool
    ) -> Batch | float | None:
        wake = self._next_wake(connection, attended)  # again: another pane may have been quicker
        if wake is None or wake > now:
            return wake
        row = self._row(connection)
        family = _next_family(connection, self._turns, now, limit_of, hurried=bool(row.hurry))
        most = min(limit_of(family), row.most_ids)
        ids, alone = _next_ids(connection, self._turns, family, now + reach, most)
        return self._enter(connection, now, Batch(0, now, ids, alone, bool(row.hurry)))

    @_writes
    def claim_for(self, connection: sqlite3.Connection, now: float, ids: Sequence[str]) -> Batch | float:
        """Return a batch of these ids, due or not, or else the moment until which to wait: no back-off holds it up."""
        free = max(self._free_at(connection, now), self._row(connection).floor_until)
        wake = max(free, self._after(connection, 1, self._spacing))
        return wake if wake > now else self._enter(connection, now, Batch(0, now, tuple(ids), Alone.NAMED))

    @_writes
    def beat(self, connection: sqlite3.Connection, now: float, batch: Batch) -> bool:
        """Say that a request is still under way; False means that another pane took over: let go of it."""
        query = "UPDATE request SET alive_until = ? WHERE token = ? AND alive_until IS NOT NULL"
        return connection.execute(query, (now + LEASE, batch.token)).rowcount == 1

    @_writes
    def record(
        self,
        connection: sqlite3.Connection,
        now: float,
        batch: Batch,
        told: Sequence[Task],
        plan: Plan,
        *,
        skew: float | None = None,
    ) -> Recorded | None:
        """Store what a reply told, and when each of its ids is due next; None if it came too late to count."""
        if not self._end(connection, batch):
            return None
        recorded = ledger.store(connection, self._origin, told, now, plan)
        left_out = [name for name in batch.ids if name not in recorded.seen]
        if batch.alone is Alone.LEFT_OUT:
            recorded = recorded.joined(ledger.store_missing(connection, self._origin, left_out, now, plan))
        elif left_out and batch.alone is not Alone.NAMED:
            turns.miss(connection, self._origin, left_out, now, plan)
        if (suspect := self._row(connection).suspect) and suspect not in batch.ids:
            recorded = recorded.joined(self._set_apart(connection, suspect, now))
        self._note(connection, _ANSWERED, (now, skew, BATCH_MOST))
        return recorded

    @_writes
    def fail(
        self,
        connection: sqlite3.Connection,
        now: float,
        batch: Batch,
        trouble: str,
        pause: Callable[[int], float],
        *,
        floor: float = 0.0,
        suspects: float = 0.0,
    ) -> bool:
        """Take in a failure, for all panes; the tasks stay due. Return False if it came too late to count.

        ``pause`` returns how long to wait after so many failures in a row; ``floor`` is for how long the gateway itself
        asked to be left alone. ``suspects`` says that the ids may be to blame: the next batch is half as large, and an
        id that fails alone waits so long, to see whether it was that one. All in seconds.
        """
        if not self._end(connection, batch):
            return False
        if suspects and batch.alone is Alone.APART:
            self._set_apart(connection, batch.ids[0], now)
            return True
        if suspects and batch.alone is not Alone.NAMED:
            self._suspect_ids(connection, batch.ids, now + suspects)
        row = self._row(connection)
        failures = row.failures + 1 if row.failing(now) else 1
        values = (failures, trouble, now + max(floor, pause(failures)), now + floor)
        self._note(connection, "failures = ?, trouble = ?, wait_until = ?, floor_until = ?, hurry = 0", values)
        return True

    @_writes
    def rest(
        self, connection: sqlite3.Connection, now: float, batch: Batch, note: str, seconds: float, *, passing: bool
    ) -> Sequence[str]:
        """Take in that a family cannot be asked for, which is no trouble of others: it rests, with a note.

        Return the ids that have the note: where it is ``passing``, those of the batch; none if it came too late.
        """
        if not self._end(connection, batch):
            return ()
        return (turns.pause if passing else turns.rest)(connection, self._turns, batch, now + seconds, note)

    @_writes
    def give_back(self, connection: sqlite3.Connection, _now: float, batch: Batch) -> None:
        """End a request that says nothing of the gateway: its pane ends or is suspended, or its own key was refused."""
        if self._end(connection, batch) and batch.hurried:
            self._note(connection, "hurry = 1")

    @_writes
    def refresh(self, connection: sqlite3.Connection, now: float, ids: Iterable[str] = ()) -> None:
        """Make all that is open due now, and these ids even if they are settled; the pane that can serves it.

        The next request then passes spacing, rest and back-off, but not what the gateway itself asked for.
        """
        query = f"UPDATE task SET due_at = ? WHERE due_at > ? AND {self._due}"  # noqa: S608 - made of constants
        connection.execute(query, (now, now, *self._scope))
        connection.executemany(_MAKE_DUE, [(self._origin, name, now, now, now) for name in ids])
        self._note(connection, "hurry = 1")

    def _next_wake(self, connection: sqlite3.Connection, attended: bool) -> float | None:
        """Return when a claim may succeed; None if nothing is ever due."""
        now = self._clock.now()
        query = f"SELECT min(due_at) FROM task WHERE {self._due}"  # noqa: S608 - as above
        due: float | None = connection.execute(query, self._scope).fetchone()[0]
        if due is None:
            return None
        row = self._row(connection)
        if row.written_at > now + CLOCK_STEP:
            return now  # the clock was put back: a claim moves everything
        full = self._after(connection, self._burst, self._burst * self._spacing)
        free = max(due, self._free_at(connection, now), full)
        if row.hurry:
            return max(free, row.floor_until)
        rest = self._after(connection, 1, self._spacing if attended else max(self._spacing, UNATTENDED_REST))
        return max(free, row.wait_until, rest)

    def _after(self, connection: sqlite3.Connection, count: int, seconds: float) -> float:
        """Return the moment so many seconds after the last request but ``count`` - 1."""
        query = "SELECT at FROM request WHERE origin = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
        found = connection.execute(query, (self._origin, count - 1)).fetchone()
        return float(found[0]) + seconds if found else 0.0

    def _free_at(self, connection: sqlite3.Connection, now: float) -> float:
        """Return when the request under way, if any, counts as dead."""
        query = "SELECT token, alive_until FROM request WHERE origin = ? AND alive_until IS NOT NULL"
        alive: tuple[int, float] | None = connection.execute(query, (self._origin,)).fetchone()
        if alive is None or alive[1] > now:
            return 0.0 if alive is None else alive[1]
        if alive != self._lapsed:
            self._lapsed, self._lapsed_at = alive, self._clock.monotonic()
        seen_for = self._clock.monotonic() - self._lapsed_at
        return now + SECOND_LOOK - seen_for if seen_for < SECOND_LOOK else 0.0

    def _enter(self, connection: sqlite3.Connection, now: float, batch: Batch) -> Batch:
        connection.execute("DELETE FROM request WHERE origin = ? AND at <= ?", (self._origin, now - 2 * MINUTE))
        connection.execute("UPDATE request SET alive_until = NULL WHERE origin = ?", (self._origin,))
        insert = "INSERT INTO request (origin, at, alive_until) VALUES (?, ?, ?)"
        token = connection.execute(insert, (self._origin, now, now + LEASE)).lastrowid
        self._note(connection, "hurry = 0")
        return batch._replace(token=token or 0)

    def _end(self, connection: sqlite3.Connection, batch: Batch) -> bool:
        query = "UPDATE request SET alive_until = NULL WHERE token = ? AND alive_until IS NOT NULL"
        return connection.execute(query, (batch.token,)).rowcount == 1

    def _suspect_ids(self, connection: sqlite3.Connection, ids: Sequence[str], later: float) -> None:
        """Halve the batches after one failed; an id that fails alone becomes the suspect, if there is no other yet."""
        suspect = ids[0] if len(ids) == 1 and not self._row(connection).suspect else ""
        self._note(connection, "most_ids = ?, suspect = ?", (max(1, len(ids) // 2), suspect))
        connection.execute("UPDATE task SET due_at = ? WHERE origin = ? AND id = ?", (later, self._origin, suspect))

    def _set_apart(self, connection: sqlite3.Connection, name: str, now: float) -> Recorded:
        query = "UPDATE task SET due_at = ?, alone = ?, note = ? WHERE origin = ? AND id = ?"
        connection.execute(query, (now + SET_APART_FOR, Alone.APART, BREAKS_ITS_BATCH, self._origin, name))
        return Recorded(seen=frozenset({name}))

    @contextmanager
    def writing(self, connection: sqlite3.Connection) -> Iterator[float]:
        """Write all or nothing. The clock is read once the lock is held: an older one would look put back."""
        asked_at = self._clock.monotonic()
        with transaction(connection):
            if self._clock.monotonic() - asked_at > LOCK_WAIT:
                self._lapsed = None
            now = self._clock.now()
            connection.execute("INSERT OR IGNORE INTO gateway (origin) VALUES (?)", (self._origin,))
            self._straighten(connection, now)
            yield now

    def _straighten(self, connection: sqlite3.Connection, now: float) -> None:
        """Move every moment back with a clock that was put back, so that pauses and the cap stay what they were."""
        back = self._row(connection).written_at - now
        if back > CLOCK_STEP:
            origin = self._origin
            connection.execute("UPDATE task SET due_at = due_at - ? WHERE due_at > 0 AND origin = ?", (back, origin))
            query = "UPDATE request SET at = at - ?, alive_until = alive_until - ? WHERE origin = ?"
            connection.execute(query, (back, back, origin))
            moments = "wait_until = wait_until - ?, floor_until = floor_until - ?, quota_at = quota_at - ?"
            self._note(connection, moments, (back, back, back))
        self._note(connection, "written_at = ?", (now,))

    def _row(self, connection: sqlite3.Connection) -> _Row:
        found = connection.execute(_READ_ROW, (self._origin,)).fetchone()
        return _Row(*found) if found else _Row()

    def _note(self, connection: sqlite3.Connection, what: str, values: tuple[object, ...] = ()) -> None:
        connection.execute(f"UPDATE gateway SET {what} WHERE origin = ?", (*values, self._origin))  # noqa: S608 - as above
