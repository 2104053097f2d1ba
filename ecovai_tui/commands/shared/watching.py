"""Running the engine for a command that waits, and the changes that it reports as lines for people."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from ecovai_tui.commands.shared.output import ExitCode, on_terminal, say, write_error
from ecovai_tui.engine.schedule import LOST_INTERVAL
from ecovai_tui.engine.session import Session
from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.language import listed, tr
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.judging import Aspect, Change, reason_of
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.reasons import explain, told
from ecovai_tui.tasks.times import exact_duration, full_time

_KEPT_OF_OTHERS = 1_000
"""Changes of tasks that are not watched that are kept at most."""


class NewChanges:
    """The ledger's entries since a command began, each once, from this process and all others.

    They are read from the ledger and not taken from the engine's updates: what another program records is in the
    replica before the engine notices it, so that a command could see the end and leave without telling of it.
    """

    def __init__(self, replica: Replica) -> None:
        self._row = replica.last_change()
        """All entries up to this row were read."""
        self._unread: deque[Change] = deque()
        self._of_others: deque[Change] = deque(maxlen=_KEPT_OF_OTHERS)
        """Of tasks that are not watched; one may have been added a moment ago, so that its id is yet to come."""

    def each_once(self, replica: Replica, ids: Collection[str]) -> Iterator[Change]:
        """Yield the new changes of some tasks, of each moment the one that says most.

        A change counts as told when the next one is asked for: one whose telling fails is yielded again.
        """
        self._read(replica)
        self._unread.extendleft(reversed([change for change in self._of_others if change.id in ids]))
        self._of_others = deque((change for change in self._of_others if change.id not in ids), _KEPT_OF_OTHERS)
        while self._unread:
            change = self._unread[0]
            if change.id in ids:
                yield change
            else:
                self._of_others.append(change)
            self._unread.popleft()

    def _read(self, replica: Replica) -> None:
        entries = replica.changes_after(self._row)
        self._unread += one_a_task(change for _, change in entries)
        self._row = entries[-1][0] if entries else min(self._row, replica.last_change())


def is_settled(summary: TaskSummary, began: float) -> bool:
    """Return whether nothing more is expected of a task, by one who has been looking since a moment (Unix seconds).

    That the gateway does not know a task counts only if it said so recently: the key may be another now.
    """
    told_of_late = summary.seen_at is not None and summary.seen_at >= began - LOST_INTERVAL
    return summary.phase.final or (summary.phase is Phase.MISSING and told_of_late)


def lost_of(replica: Replica, ids: Sequence[str]) -> list[str]:
    """Return those of some ids that the gateway did not know last: the engine may have given them up."""
    known = replica.summaries(ids)
    return [name for name, summary in known.items() if not (summary.phase.final or summary.phase.active)]


def one_a_task(changes: Iterable[Change]) -> list[Change]:
    """Return the change of each task that says most; those of one reply come with the phase first."""
    first: dict[tuple[str, float], Change] = {}
    for change in changes:
        first.setdefault((change.id, change.at), change)
    return list(first.values())


def in_words(change: Change, watched: WatchedTask, *, explaining: bool = True) -> str:
    """Return a line that a screen reader reads well: when, what, which song, and its id.

    ``explaining`` puts before the words of a failure what they mean.
    """
    summary = watched.summary
    parts = [full_time(change.at), _what(change, summary)]
    name = summary.title or watched.label
    if name:
        parts.append(f'"{name}"')
    parts.append(summary.id)
    reason = reason_of(summary)
    if reason and change.what in {Aspect.PHASE, Aspect.APPEARED, Aspect.REASON}:
        parts.append(f"({told(reason) if explaining else reason})")
    return "  ".join(parts)


def _what(change: Change, summary: TaskSummary) -> str:
    if change.what is Aspect.APPEARED:
        after = tr(change.after)
        return after if change.after == Phase.MISSING else tr("appeared, {phase}", phase=after)
    if change.what is Aspect.PHASE:
        after, before = tr(change.after), tr(change.before)
        if summary.duration is None:
            return tr("{after}, was {before}", after=after, before=before)
        took = exact_duration(summary.duration)
        return tr("{after}, was {before} after {took}", after=after, before=before, took=took)
    if change.what is Aspect.CLIPS:
        clips = listed([*map(tr, change.after.split(" "))])
        return tr("{phase}, clips {clips}", phase=tr(summary.phase), clips=clips)
    return tr("{phase}, {what} changed", phase=tr(summary.phase), what=tr(change.what))


class Judge(Protocol):
    """Decides when there is nothing more to wait for."""

    def take_in(self, update: Update) -> None:
        """Take in what happened."""

    def verdict(self, replica: Replica) -> ExitCode | None:
        """Return the exit code once there is nothing more to wait for.

        Runs in the replica's thread, and once more where another program was in its way.
        """

    def given_up(self) -> ExitCode | None:
        """Return the exit code if waiting on is of no use; asked where no verdict can be had."""


async def watch(session: Session, judge: Judge, *, tick: float | None = None, lost: Sequence[str] = ()) -> ExitCode:
    """Run the engine until the judge is content; it is asked at first, after each update and every ``tick`` seconds.

    ``lost`` are ids to ask for at once. What the judge raises, as for a closed pipe, is raised here.
    """
    updates: asyncio.Queue[Update] = asyncio.Queue()
    engine = session.engine
    unsubscribe = engine.subscribe(updates.put_nowait)
    tasks = {running := asyncio.create_task(engine.run())}
    if lost:
        tasks.add(asyncio.create_task(engine.refresh(lost)))
    try:
        code = await _verdict(session, judge, tick)
        while code is None:
            update = await _next_update(updates, running, tick)
            if update is not None:
                judge.take_in(update)
            code = await _verdict(session, judge, tick)
    finally:
        unsubscribe()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return code


async def _verdict(session: Session, judge: Judge, tick: float | None) -> ExitCode | None:
    """Let the judge decide; while another program is in the way, it is asked whether to wait on."""
    judging = asyncio.ensure_future(session.worker.run(judge.verdict))
    try:
        while not (await asyncio.wait({judging}, timeout=tick))[0]:
            code = judge.given_up()
            if code is not None:
                return code
        return judging.result()
    finally:
        judging.cancel()


async def _next_update(
    updates: asyncio.Queue[Update], running: asyncio.Task[None], tick: float | None
) -> Update | None:
    """Return the next update, or None after ``tick`` seconds; raises what the engine died of."""
    news = asyncio.create_task(updates.get())
    await asyncio.wait({news, running}, timeout=tick, return_when=asyncio.FIRST_COMPLETED)
    if news.done():
        return news.result()
    news.cancel()
    if running.done():
        _raise_first(running.exception())
    return None


def _raise_first(error: BaseException | None) -> None:
    """Raise the error itself and not the group that a task group makes of it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    raise error or RuntimeError("the engine ended by itself")


_CLEAR = "\r\x1b[K"
_USUAL_WIDTH = 80


class LiveLine:
    """Shows the newest state and leaves nothing behind; without a terminal it shows nothing at all."""

    def __init__(self) -> None:
        self.possible = on_terminal(sys.stderr) and os.environ.get("TERM", "") not in {"", "dumb"}
        """Whether a line can be written again in its place."""
        self._shown = ""

    def show(self, text: str) -> None:
        """Show a text of plain ASCII, cut to the width of the terminal; one that is shown already costs nothing."""
        if not self.possible:
            return
        text = text[: _width() - 1]
        if text == self._shown:
            return
        write_error(f"{_CLEAR}{text}")
        self._shown = text

    def clear(self) -> None:
        """Take the line away."""
        if not self._shown:
            return
        write_error(_CLEAR)
        self._shown = ""


def _width() -> int:
    """Return the cells in a line of the terminal, read each time, since windows change."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH


class TroubleReporter:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._told = ""
        self.key_refused = False
        """The key is of no use any more, so that waiting is not either."""

    def report(self, link: Link) -> None:
        """Tell what is new about the link."""
        trouble, self.key_refused = link.trouble, link.key_refused
        message = "" if trouble is None else trouble.message
        if message == self._told:
            return
        if trouble is None:
            say(tr("ecovai-tui: The gateway answers again."))
        else:
            details = [tr("Details: {detail}", detail=trouble.detail)] if trouble.detail else []
            say("\n  ".join([f"ecovai-tui: {message}", *details]))
        self._told = message

    @property
    def present(self) -> bool:
        """Whether the last request failed."""
        return bool(self._told)


def explain_failures(tasks: Iterable[WatchedTask]) -> None:
    """Say on standard error what the reasons of failed tasks mean, each once, where that is known."""
    failed = (task.summary for task in tasks if task.summary.phase in {Phase.FAILED, Phase.PARTIAL})
    for words in dict.fromkeys(summary.fail_reason for summary in failed):
        if explain(words):
            say(f"ecovai-tui: {told(words)}")
