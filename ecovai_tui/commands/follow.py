"""``ecovai-tui follow``: print a line for every change."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from enum import StrEnum

from ecovai_tui.commands.shared.cached_tasks import add_filter_option, mirror, read_filter
from ecovai_tui.commands.shared.output import ExitCode, say, write_json_line, write_now
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.commands.shared.target_ids import add_ids_argument, chosen_ids
from ecovai_tui.commands.shared.task_report import describe, saved_files
from ecovai_tui.commands.shared.watching import NewChanges, TroubleReporter, in_words, is_settled, lost_of, watch
from ecovai_tui.engine.downloads import Download
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.engine.updates import Update
from ecovai_tui.language import later, tr
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.filter import Moment, Query
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.times import iso_time


class Event(StrEnum):
    """What a line of ``follow`` is about."""

    APPEARED = "appeared"
    CHANGED = "changed"
    FINAL = "final"
    MISSING = "missing"


class Follower:
    """Prints what the engine tells, until the end that was asked for."""

    def __init__(
        self, session: Session, ids: Sequence[str], *, as_json: bool, until_final: bool, query: Query | None = None
    ) -> None:
        """Print only the changes of tasks that the query accepts as they are then; its end counts the others too."""
        self._session = session
        self._ids = set(ids)
        self._as_json = as_json
        self._until_final = until_final
        self._query = query
        self._earliest = session.clock.now()
        self._troubles = TroubleReporter()
        self._news = NewChanges(session.replica)

    def verdict(self, replica: Replica) -> ExitCode | None:
        """Print what changed, and return the exit code if that was the end."""
        code = self.given_up() or self._settled(replica)
        for change in self._news.each_once(replica, self._ids):
            self._print(replica, change)
        return code

    def given_up(self) -> ExitCode | None:
        """Return the exit code if the key is refused."""
        return ExitCode.KEY if self._troubles.key_refused else None

    def take_in(self, update: Update) -> None:
        """Take in which ids are watched, and how the link is."""
        self._ids = (self._ids | update.added) - update.removed
        if update.notice:
            say(update.notice)
        self._troubles.report(update.link)

    def _settled(self, replica: Replica) -> ExitCode | None:
        if not self._until_final:
            return None
        self._earliest = min(self._earliest, self._session.clock.now())
        known = replica.summaries(list(self._ids))
        settled = all(name in known and is_settled(known[name], self._earliest) for name in self._ids)
        return ExitCode.WELL if settled else None

    def _print(self, replica: Replica, change: Change) -> None:
        watched = replica.watched_tasks([change.id]).get(change.id)
        if watched is None or not self._accepts(replica, watched):
            return
        if not self._as_json:
            write_now(in_words(change, watched))
            return
        whole = replica.task(change.id)
        now, interval = self._session.clock.now(), self._session.engine.interval
        task = describe(watched, whole, now, interval, saved_files(replica, [change.id]))
        write_json_line({"at": iso_time(change.at), "event": event_of(change).value, "task": task})

    def _accepts(self, replica: Replica, watched: WatchedTask) -> bool:
        if self._query is None:
            return True
        lyrics = replica.find_lyrics(self._query.lyrics) if self._query.lyrics else {}
        interval = self._session.engine.interval
        moment = Moment(self._session.clock.now(), interval_of=lambda _task, _now: interval, lyrics=lyrics)
        return self._query.at(moment).predicate()(watched)


def event_of(change: Change) -> Event:
    """Return which event of the contract a change is; a task that is final at first sight is final above all."""
    if change.what in {Aspect.PHASE, Aspect.APPEARED}:
        if change.after == Phase.MISSING:
            return Event.MISSING
        if Phase(change.after).final:
            return Event.FINAL
    return Event.APPEARED if change.what is Aspect.APPEARED else Event.CHANGED


EXAMPLES = later("""
examples:
  ecovai-tui follow
  ecovai-tui follow --json --until-final |
    jq -r 'select(.event == "final") | .task.title'
  ecovai-tui follow --filter 'label:album phase:done,failed' >> album.log

The changes go to standard output, each on a line at once; trouble with the
network goes to standard error.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    add_filter_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print an object a line: at, event, task"))
    parser.add_argument("--until-final", action="store_true", help=tr("end when every task is final or missing"))


def run(arguments: Namespace) -> ExitCode:
    """Follow until ctrl+c, until the reader has gone, until the key is refused, or until all is final."""
    query, paths = read_filter(arguments), find_paths(os.environ)
    settings = read_settings(arguments, paths)
    ids = chosen_ids(arguments.ids, settings.watchlist)
    key = find_key(settings)
    session = open_session(settings, paths, key=key, ids=ids if arguments.ids else ())
    if arguments.ids:
        mirror(session.replica, session.watch_list)
    follower = Follower(session, ids, as_json=arguments.json, until_final=arguments.until_final, query=query)
    try:
        lost = lost_of(session.replica, ids) if arguments.until_final and not arguments.ids else ()
        return asyncio.run(_follow(session, follower, lost))
    finally:
        session.close()


def _tell(download: Download) -> None:
    """Say what became of a file; standard output is for the changes."""
    if download.told:
        say(f"ecovai-tui: {download.title}: {download.told}")
    elif download.saved is not None and not download.saved.already:
        say(tr("ecovai-tui: Saved: {path}", path=download.saved.path))


async def _follow(session: Session, follower: Follower, lost: Sequence[str]) -> ExitCode:
    """Follow to the end, run the user's hooks and save files meanwhile; what is begun may end."""
    session.start_hooks(lambda fault: say(f"ecovai-tui: {fault}"))
    keeps = session.settings.auto_download and not session.settings.readonly
    if keeps:
        session.downloads.subscribe(_tell)
        session.engine.subscribe(session.downloads.keep_finished)
    try:
        code = await watch(session, follower, lost=lost)
        if keeps:
            await session.downloads.settle()
    finally:
        if keeps:
            session.downloads.stop()
    if session.hooks is not None:
        await session.hooks.finish()
    return code
