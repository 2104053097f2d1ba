"""``ecovai-tui download``: keep the files of finished tasks, whole, tagged and never twice; saving while waiting."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.commands.shared.cached_tasks import accepted_ids, add_filter_option, mirror, nothing_meant
from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.fetch_all import fetch_all
from ecovai_tui.commands.shared.output import ExitCode, most_telling, say, write_json, write_now
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.commands.shared.target_ids import add_ids_argument, chosen_ids
from ecovai_tui.commands.shared.watching import LiveLine
from ecovai_tui.engine.downloader import What, Wish
from ecovai_tui.engine.downloads import JOBS, Download, DownloadState, Plan, wishes_of
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.language import later, sentences, tr, tr_n
from ecovai_tui.store.files import anchored, find_paths
from ecovai_tui.tasks.file_names import faults_of
from ecovai_tui.tasks.model import Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import iso_time
from ecovai_tui.view.pictures import amount_text, shown_folder, size_text

EXAMPLES = later("""
examples:
  ecovai-tui download
  ecovai-tui download --filter 'label:album' --into ~/Music/album
  ecovai-tui download ID --what audio,cover,lyrics --name '{date} {title}'
  curl ... submit | ecovai-tui add - | ecovai-tui wait - --download

The path of each file goes to standard output. What is there already is not
fetched again (--force does). A file is whole or not there: what breaks off goes
on from there the next time.

exit codes:
  0 all there · 1 a task has nothing to save · 2 settings · 3 a file could not
  be saved · 6 the gateway does not know an id
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_ids_argument(parser)
    add_filter_option(parser)
    kinds = tr(", ").join(What)
    parser.add_argument("--into", metavar="DIR", help=tr("the folder (default: download_dir in the settings)"))
    parser.add_argument("--name", metavar="TEMPLATE", type=read_template, help=tr("how files are named"))
    parser.add_argument(
        "--what", metavar="KINDS", type=read_kinds, default=(What.AUDIO,), help=tr("which: {kinds}", kinds=kinds)
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, choices=range(1, 9), default=JOBS, help=tr("files at once, up to 8")
    )
    parser.add_argument("--force", action="store_true", help=tr("fetch also what is there already"))
    parser.add_argument("--json", action="store_true", help=tr("print what became of each file as JSON"))


def read_template(text: str) -> str:
    """Return a template of names; raises argparse's error for one that cannot be used."""
    if fault := faults_of(text):
        raise ArgumentTypeError(tr("this template cannot be used: {fault}", fault=fault))
    return text


def read_kinds(text: str) -> tuple[What, ...]:
    """Return the kinds of files that a list with commas names; raises argparse's error for another word."""
    words = [word.strip().lower() for word in text.split(",")]
    for word in words:
        if word not in set(What):
            raise ArgumentTypeError(tr("there is no kind {word!r}; known: {what}", word=word, what=tr(", ").join(What)))
    return tuple(dict.fromkeys(map(What, words)))


def run(arguments: Namespace) -> ExitCode:
    """Save the files of the tasks that are meant."""
    paths = find_paths(os.environ)
    settings = read_settings(arguments, paths)
    watched = chosen_ids(arguments.ids, settings.watchlist)
    if settings.readonly:
        raise UsageError(tr("A read-only run (--readonly, or readonly = true in the settings) saves nothing."))
    ids = accepted_ids(arguments, watched)
    if not ids:
        say(sentences(nothing_meant(watched=bool(watched)), tr("So there is nothing to save.")))
        return ExitCode.WELL
    plan = Plan.of(settings)._replace(what=arguments.what, force=arguments.force)
    if arguments.into:
        plan = plan._replace(folder=Path(anchored(arguments.into, "--into")))
    if arguments.name:
        plan = plan._replace(template=arguments.name)
    session = open_session(settings, paths)
    try:
        return _save(session, ids, plan, arguments)
    finally:
        session.close()


def _save(session: Session, ids: Sequence[str], plan: Plan, arguments: Namespace) -> ExitCode:
    mirror(session.replica, session.watch_list)
    wanted = wanted_of(session, ids, named=bool(arguments.ids))
    saving = Saving(quiet=arguments.json)
    wishes = wishes_for(wanted, plan)
    code = asyncio.run(saving.save(session, wishes, arguments.jobs)) if wishes else ExitCode.WELL
    if arguments.json:
        write_json(_report(session, saving.downloads))
    saved = {wish.named.task for wish in wishes}
    nothing = [_code_of(each.watched.summary.phase) for each in wanted if each.watched.id not in saved]
    return most_telling([code, *nothing])


def wanted_of(session: Session, ids: Sequence[str], *, named: bool) -> list[Wanted]:
    """Return the tasks with all that is known of them; those not known to be over are asked for.

    Of the watch list, which nobody ``named``, what is not finished or failed is left out without a word.
    """
    replica, settings = session.replica, session.settings
    known = replica.summaries(ids)
    open_ids = [name for name in ids if name not in known or not known[name].phase.final]
    if named and open_ids:
        told = asyncio.run(fetch_all(settings, find_key(settings), replica, open_ids))
        unknown = set(open_ids) - {task.id for task in told.tasks}
    else:
        unknown = set()
    watched = replica.watched_tasks(ids)
    found = [Wanted(watched.get(name) or WatchedTask(TaskSummary(name)), replica.task(name)) for name in ids]
    found = [_missing(each) if each.watched.id in unknown else each for each in found]
    return found if named else [each for each in found if _has_files(each)]


def _missing(wanted: Wanted) -> Wanted:
    summary = wanted.watched.summary._replace(phase=Phase.MISSING)
    return wanted._replace(watched=wanted.watched._replace(summary=summary))


def _has_files(wanted: Wanted) -> bool:
    return wanted.task is not None and any(clip.phase is Phase.DONE for clip in wanted.task.clips)


def _code_of(phase: Phase) -> ExitCode:
    return ExitCode.NOT_KNOWN if phase is Phase.MISSING else ExitCode.TASK_FAILED


def _report(session: Session, downloads: Sequence[Download]) -> dict[str, object]:
    settings = session.settings
    return {
        "as_of": iso_time(session.clock.now()),
        "gateway": settings.base_url,
        "profile": settings.profile or "",
        "files": [
            {
                "task": download.task,
                "clip": download.wish.named.clip.id,
                "what": download.wish.what.value,
                "path": str(download.saved.path) if download.saved else "",
                "size": download.saved.size if download.saved else 0,
                "already": download.saved is not None and download.saved.already,
                "error": download.told,
            }
            for download in downloads
        ],
    }


_BEAT = 0.2
"""Seconds between two looks at how far it is."""


class Wanted(NamedTuple):
    """A task whose files are to be saved, and all that is known of it."""

    watched: WatchedTask
    task: Task | None


class Saving:
    """Saves files and tells of each, its path on standard output unless ``quiet``."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = LiveLine()
        self.downloads: Sequence[Download] = ()

    async def save(self, session: Session, wishes: Sequence[Wish], jobs: int) -> ExitCode:
        """Save them, and return how that ended: the network or the disk, where one was not saved."""
        session.start_hooks(lambda fault: say(f"ecovai-tui: {fault}"))
        all_of_them = session.new_downloads(jobs)
        all_of_them.subscribe(self._tell)
        self.downloads = all_of_them.request(wishes)
        settling = asyncio.ensure_future(all_of_them.settle())
        try:
            while not (await asyncio.wait({settling}, timeout=_BEAT))[0]:
                self._show()
        finally:
            all_of_them.stop()
            self._live.clear()
        settling.result()
        if session.hooks is not None:
            await session.hooks.finish()
        self._sum_up()
        failed = any(download.state is not DownloadState.SAVED for download in self.downloads)
        return ExitCode.GATEWAY if failed else ExitCode.WELL

    def _tell(self, download: Download) -> None:
        if not download.over:
            return
        self._live.clear()
        clip = download.wish.named.clip
        if download.saved is None:
            name = clip.title or download.task
            say(f"ecovai-tui: {name} ({clip.id[:8]}), {download.wish.what}: {download.told}")
        elif not self._quiet:
            write_now(str(download.saved.path))

    def _sum_up(self) -> None:
        """Tell a human how much there is now, and where."""
        saved = [download.saved for download in self.downloads if download.saved and not download.saved.already]
        if saved and self._live.possible:
            folder = shown_folder(saved[0].path.parent, os.environ.get("HOME", ""))
            size = size_text(sum(each.size for each in saved))
            say(
                tr_n(
                    "{n} file, {size}, in {folder}",
                    "{n} files, {size}, in {folder}",
                    len(saved),
                    size=size,
                    folder=folder,
                )
            )

    def _show(self) -> None:
        under_way = [download for download in self.downloads if download.state is DownloadState.RUNNING]
        over = sum(download.over for download in self.downloads)
        done = sum(download.progress.done for download in under_way)
        totals = [download.progress.total for download in under_way]
        total = None if None in totals else sum(filter(None, totals))
        percent = f"  {100 * done // total} %" if total else ""
        self._live.show(
            tr(
                "{over} of {count} saved{percent}  {amount}",
                over=over,
                count=len(self.downloads),
                percent=percent,
                amount=amount_text(done, total),
            )
        )


def wishes_for(wanted: Sequence[Wanted], plan: Plan) -> list[Wish]:
    """Return what is to be saved of tasks, and say of which there is nothing."""
    wishes = []
    for watched, task in wanted:
        found = wishes_of(watched, task, plan) if task else []
        if not found:
            say(f"ecovai-tui: {watched.summary.title or watched.id}: {_nothing_yet(watched.summary.phase)}")
        wishes += found
    return wishes


def _nothing_yet(phase: Phase) -> str:
    if phase is Phase.MISSING:
        return tr("The gateway does not know it, so there is nothing to save.")
    return (
        tr("It failed, so there is nothing to save.")
        if phase.final
        else tr("It is not finished, so nothing was saved.")
    )
