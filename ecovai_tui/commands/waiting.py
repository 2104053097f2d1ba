"""Waiting for tasks: when it is over, how it ended, and what the human hears meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecovai_tui.commands.exit_codes import ExitCode, most_telling
from ecovai_tui.commands.following import NewChanges, in_words, is_settled
from ecovai_tui.commands.live_line import LiveLine
from ecovai_tui.commands.output import say
from ecovai_tui.commands.troubles import Troubles
from ecovai_tui.monitor.update import Link
from ecovai_tui.store.replica import ReplicaBusy
from ecovai_tui.tasks.model import Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import exact_duration

if TYPE_CHECKING:
    from ecovai_tui.monitor.update import Update
    from ecovai_tui.store.replica import Replica


@dataclass(frozen=True, slots=True)
class Aim:
    """What is waited for; ``timeout`` in seconds, None for ever."""

    any: bool = False
    fail_fast: bool = False
    strict: bool = False
    timeout: float | None = None

    def verdict(self, known: Mapping[str, TaskSummary], ids: Sequence[str], began: float) -> ExitCode | None:
        """Return the exit code if the tasks are where the aim is, else None; it ``began`` then (Unix seconds)."""
        ended = {name: known[name].phase for name in ids if name in known and is_settled(known[name], began)}
        codes = [self.code_of(phase) for phase in ended.values()]
        over = (
            len(ended) == len(ids)
            or (self.any and bool(ended))
            or (self.fail_fast and any(code is not ExitCode.WELL for code in codes))
        )
        return most_telling(codes) if over else None

    def code_of(self, phase: Phase) -> ExitCode:
        """Return the exit code that one task's end asks for."""
        if phase is Phase.MISSING:
            return ExitCode.NOT_KNOWN
        failed = phase is Phase.FAILED or (self.strict and phase is Phase.PARTIAL)
        return ExitCode.TASK_FAILED if failed else ExitCode.WELL


class Waiter:
    """Judges by the replica how the tasks stand, and keeps the human informed on standard error.

    Once it is over it holds what is to be printed, so that nothing has to be read any more.
    """

    def __init__(
        self,
        replica: Replica,
        ids: Sequence[str],
        aim: Aim,
        now: Callable[[], float],
        *,
        whole: bool = False,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """``whole`` asks for whole tasks at the end; ``steady`` is a clock in seconds that nobody sets."""
        self._replica = replica
        self._ids = ids
        self._aim = aim
        self._now = now
        self._whole = whole
        self._steady = steady
        self._earliest = now()
        self._began = steady()
        self._live = LiveLine()
        self._troubles = Troubles()
        self._news = NewChanges(replica)
        self._link = Link()
        self._known: Mapping[str, WatchedTask] = {}
        self._wholes: dict[str, Task] = {}

    @property
    def tasks(self) -> list[WatchedTask]:
        """How the tasks stand by the last look, in the order in which they were asked for."""
        return [self._known.get(name) or WatchedTask(TaskSummary(name)) for name in self._ids]

    def task(self, task_id: str) -> Task | None:
        """Return a whole task, if it was asked for and the end has been reached."""
        return self._wholes.get(task_id)

    def judge(self, update: Update | None) -> ExitCode | None:
        """Return the exit code when it is over, and tell of progress.

        Raises ReplicaBusy, but not beyond the time that there is: then what was known before must do.
        """
        if update is not None:
            self._take_in(update)
        try:
            return self._verdict()
        except ReplicaBusy as error:
            code = self._given_up()
            if code is None:
                raise
            self.leave()
            without = ", without clips and lyrics" if self._whole else ""
            say(f"ecovai-tui: What is shown was known earlier{without}. {error}")
            return code

    def end(self, code: ExitCode) -> None:
        """Say what is not plain from the result."""
        self.leave()
        if code not in {ExitCode.TIMED_OUT, ExitCode.GATEWAY}:
            return
        still = sum(not task.summary.phase.final for task in self.tasks)
        tasks = "1 task is" if still == 1 else f"{still} tasks are"
        say(
            f"ecovai-tui: Time ran out after {exact_duration(self._waited)}, and {tasks} not final. "
            "They may still finish: do not submit them again. Running the same command again goes on waiting."
        )

    def leave(self) -> None:
        """Take the live line away."""
        self._live.clear()

    def _take_in(self, update: Update) -> None:
        self.leave()
        self._ids = [name for name in self._ids if name not in update.removed] if update.removed else self._ids
        if update.notice:
            say(update.notice)
        self._link = update.link
        self._troubles.tell(update.link, update.role)

    def _verdict(self) -> ExitCode | None:
        self._known = self._replica.watched_tasks(self._ids)
        if not self._live.possible:
            self._tell_changes()
        self._show()
        self._earliest = min(self._earliest, self._now())
        known = {name: watched.summary for name, watched in self._known.items()}
        code = self._aim.verdict(known, self._ids, self._earliest)
        if code is None:
            code = self._given_up()
        if code is not None and self._whole:
            found = {name: self._replica.task(name) for name in self._ids}
            self._wholes = {name: task for name, task in found.items() if task is not None}
        return code

    def _given_up(self) -> ExitCode | None:
        """Return the exit code if waiting on is of no use or there is no more time for it, however the tasks stand."""
        if self._troubles.key_refused:
            return ExitCode.KEY
        if self._aim.timeout is not None and self._waited >= self._aim.timeout:
            return most_telling([ExitCode.TIMED_OUT, *([ExitCode.GATEWAY] if self._troubles.present else [])])
        return None

    @property
    def _waited(self) -> float:
        return self._steady() - self._began

    def _tell_changes(self) -> None:
        """Tell of the changes up to what is known, and beyond: never less than the verdict goes by."""
        for change in self._news.each_once(frozenset(self._ids)):
            watched = self._replica.watched_tasks([change.id]).get(change.id)
            if watched is not None:
                say(in_words(change, watched, explaining=False))

    def _show(self) -> None:
        found = [task.summary.phase for task in self.tasks]
        told = "  ".join(f"{found.count(phase)} {phase}" for phase in Phase if phase in found)
        unanswered = self._link.unanswered(self._now())
        no_answer = f"  no answer for {unanswered} s" if unanswered else ""
        self._live.show(f"{exact_duration(self._waited)}  {told}{no_answer}")
