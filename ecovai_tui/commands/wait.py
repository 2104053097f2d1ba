"""``ecovai-tui wait``: wait until tasks are final; the exit code says how they ended."""

from __future__ import annotations

import asyncio
import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ecovai_tui.commands.download import Saving, Wanted, wishes_for
from ecovai_tui.commands.shared.cached_tasks import (
    accepted_ids,
    add_filter_option,
    mirror,
    nothing_meant,
    read_duration,
)
from ecovai_tui.commands.shared.command_line import PROGRAM, UsageError
from ecovai_tui.commands.shared.output import ExitCode, most_telling, say, write_json
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.commands.shared.target_ids import add_ids_argument, chosen_ids
from ecovai_tui.commands.shared.task_report import make_report, saved_files, write_as_set
from ecovai_tui.commands.shared.watching import (
    LiveLine,
    NewChanges,
    TroubleReporter,
    explain_failures,
    in_words,
    is_settled,
    lost_of,
    watch,
)
from ecovai_tui.engine.downloads import JOBS, Plan
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.language import later, sentences, tr, tr_n
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.tasks.model import Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import exact_duration


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
        self._ids = ids
        self._aim = aim
        self._now = now
        self._whole = whole
        self._steady = steady
        self._earliest = now()
        self._began = steady()
        self._live = LiveLine()
        self._troubles = TroubleReporter()
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

    def end(self, code: ExitCode) -> None:
        """Say what is not plain from the result."""
        self.leave()
        if code not in {ExitCode.TIMED_OUT, ExitCode.GATEWAY}:
            return
        still = sum(not task.summary.phase.final for task in self.tasks)
        told = tr_n(
            "Time ran out after {waited}, and {n} task is not final. It may still finish: do not submit it again. "
            "Running the same command again goes on waiting.",
            "Time ran out after {waited}, and {n} tasks are not final. They may still finish: do not submit them "
            "again. Running the same command again goes on waiting.",
            still,
            waited=exact_duration(self._waited),
        )
        say(f"{PROGRAM}: {told}")

    def leave(self) -> None:
        """Take the live line away."""
        self._live.clear()

    def take_in(self, update: Update) -> None:
        """Take in which ids are watched, and how the link is."""
        self.leave()
        self._ids = [name for name in self._ids if name not in update.removed] if update.removed else self._ids
        if update.notice:
            say(update.notice)
        self._link = update.link
        self._troubles.report(update.link)

    def verdict(self, replica: Replica) -> ExitCode | None:
        """Return the exit code when it is over, and report progress."""
        self._known = replica.watched_tasks(self._ids)
        if not self._live.possible:
            self._report_changes(replica)
        self._show()
        self._earliest = min(self._earliest, self._now())
        known = {name: watched.summary for name, watched in self._known.items()}
        code = self._aim.verdict(known, self._ids, self._earliest)
        if code is None:
            code = self._no_use()
        if code is not None and self._whole:
            found = {name: replica.task(name) for name in self._ids}
            self._wholes = {name: task for name, task in found.items() if task is not None}
        return code

    def given_up(self) -> ExitCode | None:
        """Return the exit code if there is no more time, though another program keeps us from knowing how things stand.

        What was known before must do then.
        """
        code = self._no_use()
        if code is not None:
            self.leave()
            told = tr("What is shown was known earlier: another program is writing to the replica.")
            if self._whole:
                told = tr(
                    "What is shown was known earlier, without clips and lyrics: another program is writing to the "
                    "replica."
                )
            say(f"{PROGRAM}: {told}")
        return code

    def _no_use(self) -> ExitCode | None:
        """Return the exit code if waiting on is of no use or there is no more time for it, however the tasks stand."""
        if self._troubles.key_refused:
            return ExitCode.KEY
        if self._aim.timeout is not None and self._waited >= self._aim.timeout:
            return most_telling([ExitCode.TIMED_OUT, *([ExitCode.GATEWAY] if self._troubles.present else [])])
        return None

    @property
    def _waited(self) -> float:
        return self._steady() - self._began

    def _report_changes(self, replica: Replica) -> None:
        """Report the changes up to what is known, and beyond: never less than the verdict goes by."""
        for change in self._news.each_once(replica, frozenset(self._ids)):
            watched = replica.watched_tasks([change.id]).get(change.id)
            if watched is not None:
                say(in_words(change, watched, explaining=False))

    def _show(self) -> None:
        found = [task.summary.phase for task in self.tasks]
        told = [tr("{n} {phase}", n=found.count(phase), phase=tr(phase)) for phase in Phase if phase in found]
        if unanswered := self._link.unanswered(self._now()):
            told.append(tr("no answer for {n} s", n=unanswered))
        self._live.show("  ".join([exact_duration(self._waited), *told]))


EXAMPLES = later("""
examples:
  ecovai-tui wait --timeout 10m && echo ready
  ecovai-tui wait --filter label:album --download
  curl … /suno/submit/music … | ecovai-tui add - | ecovai-tui wait - --json |
    jq -r '.tasks[].clips[].audio_url'

exit codes:
  0 all ended well · 1 a task failed (with --strict also: only partly done)
  3 no network at the end · 4 time ran out · 5 key refused
  6 the gateway does not know an id · 130 interrupted

The state is kept: after an interruption or a time-out a second run goes on
where this one ended.
""")

_TICK = 1.0


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    add_filter_option(parser)
    parser.add_argument("--timeout", metavar="S", type=read_duration, help=tr("give up after so long, as 300 or 10m"))
    parser.add_argument("--any", action="store_true", help=tr("end when one of the tasks is final"))
    parser.add_argument("--fail-fast", action="store_true", help=tr("end when one of the tasks has failed"))
    parser.add_argument("--strict", action="store_true", help=tr("a task that is only partly done has failed"))
    parser.add_argument("--download", action="store_true", help=tr("save what was made, like ecovai-tui download"))
    parser.add_argument("--json", action="store_true", help=tr("print whole tasks as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Wait, and print how the tasks stand at the end."""
    paths = find_paths(os.environ)
    settings = read_settings(arguments, paths)
    watched = chosen_ids(arguments.ids, settings.watchlist)
    ids = accepted_ids(arguments, watched)
    if not ids:
        say(sentences(nothing_meant(watched=bool(watched)), tr("So there is nothing to wait for.")))
        return ExitCode.WELL
    aim = Aim(any=arguments.any, fail_fast=arguments.fail_fast, strict=arguments.strict, timeout=arguments.timeout)
    output = Output.JSON if arguments.json else Output.WORDS if arguments.download else Output.TABLE
    key, alone = find_key(settings), bool(arguments.ids)
    return wait_for(settings, paths, key, ids, aim, alone=alone, output=output, download=arguments.download)


class Output(Enum):
    """How the end is told: by a table or JSON on standard output, or in words on standard error."""

    TABLE = auto()
    JSON = auto()
    WORDS = auto()


def wait_for(
    settings: Settings,
    paths: Paths,
    key: Secret,
    ids: tuple[str, ...],
    aim: Aim,
    *,
    alone: bool,
    output: Output,
    download: bool = False,
) -> ExitCode:
    """Wait until tasks are where the aim is, and tell how they stand; ``alone`` asks for no others of the list.

    ``download`` saves what was made before it is told.
    """
    if download and settings.readonly:
        raise UsageError(tr("A read-only run (--readonly, or readonly = true in the settings) saves nothing."))
    session = open_session(settings, paths, key=key, ids=ids if alone else ())
    mirror(session.replica, session.watch_list)
    waiter = Waiter(session.replica, ids, aim, session.clock.now, whole=output is Output.JSON)
    try:
        lost = () if alone else lost_of(session.replica, ids)
        code = asyncio.run(watch(session, waiter, tick=_TICK, lost=lost))
        waiter.end(code)
        saved = _save(session, waiter, quiet=output is not Output.WORDS) if download else ExitCode.WELL
        _print(session, waiter, output)
    finally:
        waiter.leave()
        session.close()
    return code if saved is ExitCode.WELL else most_telling([code, saved])


def _save(session: Session, waiter: Waiter, *, quiet: bool) -> ExitCode:
    """Save what was made; of tasks that are not over, or failed, there is nothing."""
    tasks = [Wanted(watched, session.replica.task(watched.id)) for watched in waiter.tasks]
    made = [each for each in tasks if each.task and any(clip.phase is Phase.DONE for clip in each.task.clips)]
    wishes = wishes_for(made, Plan.of(session.settings))
    saving = Saving(quiet=quiet)
    return asyncio.run(saving.save(session, wishes, JOBS)) if wishes else ExitCode.WELL


def _print(session: Session, waiter: Waiter, output: Output) -> None:
    now, settings = session.clock.now(), session.settings
    if output is Output.JSON:
        files = saved_files(session.replica, [task.id for task in waiter.tasks])
        write_json(make_report(settings, waiter.tasks, waiter.task, now, files).document)
        return
    if output is Output.TABLE:
        write_as_set(waiter.tasks, now, settings, session.replica)
    else:
        for task in waiter.tasks:
            say("  ".join(filter(None, [tr(task.summary.phase), task.summary.title or task.label, task.id])))
    explain_failures(waiter.tasks)
