"""Saving the files of tasks from the command line: a path a line, progress for a human, and how it ended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import NamedTuple

from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.commands.shared.output import say, write_now
from ecovai_tui.commands.shared.progress import LiveLine
from ecovai_tui.engine.downloader import Wish
from ecovai_tui.engine.downloads import Download, DownloadState, Plan, wishes_of
from ecovai_tui.engine.session import Session
from ecovai_tui.language import tr, tr_n
from ecovai_tui.tasks.model import Phase, Task, WatchedTask
from ecovai_tui.view.file_words import amount_text, shown_folder, size_text

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
