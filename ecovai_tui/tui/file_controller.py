"""Files of clips as the screen has them: which there are, saving one, and playing one with a player of the user's."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from textual.screen import Screen
from textual.timer import Timer

from ecovai_tui.engine.updates import Update
from ecovai_tui.language import tr
from ecovai_tui.store.errors import words_of_system
from ecovai_tui.store.replica import FileEntry, FileLedger, Replica
from ecovai_tui.tasks.model import Clip, Kind, Phase
from ecovai_tui.tui.context import Context, Download
from ecovai_tui.tui.task_list import TaskList
from ecovai_tui.view.lines import Spans
from ecovai_tui.view.pictures import amount_text, file_spans, progress_spans, sign_of

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("mpv", "--no-video", "--really-quiet", "--ytdl=no"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("cvlc", "--play-and-exit", "--quiet"),
    ("vlc", "--intf", "dummy", "--play-and-exit", "--quiet"),
)
"""Players and how each plays something without a window, the first that is installed is taken."""

OPENER = ("open",)
"""What plays on macOS where there is none of them."""

PLAYERS_PATIENCE = 1.0
"""Seconds that a player has to end when it is told to."""


def find_player(
    setting: Sequence[str], find: Callable[[str], str | None] = shutil.which, platform: str = sys.platform
) -> tuple[str, ...]:
    """Return the command that plays what is put behind it: the user's, else the first that is there, () for none."""
    if setting:
        return tuple(setting)
    known = (*PLAYERS, OPENER) if platform == "darwin" else PLAYERS
    return next((command for command in known if find(command[0])), ())


class Player:
    """Plays one thing at a time. A thread waits for each child from its beginning, so that none is left behind."""

    def __init__(self, ended: Callable[[int], None] = lambda _code: None) -> None:
        """Take who is told, in the thread that waited, with which code a player ended that nobody stopped."""
        self._ended = ended
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def playing(self) -> bool:
        """Whether something is being played."""
        return self._child is not None

    def play(self, command: Sequence[str], what: str) -> None:
        """Begin to play a file or an address; raises OSError where the player cannot be started."""
        self.stop()
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(  # noqa: S603 - the user's own player, without a shell
            [*command, what], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        with self._lock:
            self._child = child
        threading.Thread(target=self._wait, args=(child,), name="player", daemon=True).start()

    def stop(self) -> bool:
        """End what is being played, and return whether there was something."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return False
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PLAYERS_PATIENCE)
        if child.poll() is None:
            child.kill()
            child.wait()
        return True

    def _wait(self, child: subprocess.Popen[bytes]) -> None:
        code = child.wait()
        with self._lock:
            ours, self._child = self._child is child, None if self._child is child else self._child
        if ours:
            self._ended(code)


BEAT = 2.0
"""Seconds between two looks at how far downloads are."""


class FileController:
    """Downloads beside the screen; until the first is wanted, nothing that fetches is even imported."""

    def __init__(
        self,
        screen: Screen[None],
        context: Context,
        task_list: TaskList,
        *,
        show: Callable[[frozenset[str]], None],
        take_in: Callable[[Update], None],
    ) -> None:
        """Take what shows again what is told of tasks, and what takes in that a task has a file now."""
        self._screen = screen
        self._context = context
        self._task_list = task_list
        self._show_tasks = show
        self._take = take_in
        self._sign = sign_of(ascii_only=context.options.ascii)
        self._begun = False
        self._timer: Timer | None = None
        self._told: dict[str, str] = {}
        self._summary = ""
        self._awaited: set[str] = set()
        """The tasks of which the user wants the files once they are finished."""
        self._saved: list[str] = []
        self._player = Player(self._player_ended)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def go_on(self) -> None:
        """Take up what was wanted in a former run and is not there yet."""
        session = self._context.session
        if session.settings.readonly:
            return
        entries = await session.worker.run(lambda replica: FileLedger(replica).wanted())
        if entries:
            clips: dict[str, tuple[str, ...]] = {}
            for entry in entries:
                clips[entry.task] = (*clips.get(entry.task, ()), entry.clip)
            await self.keep(clips)

    async def keep(self, clips: Mapping[str, Iterable[str]]) -> int:
        """Begin to fetch the clips of tasks, or all that are finished, and return how many files that are."""
        downloads = self._context.session.downloads
        if not self._begun:
            downloads.subscribe(self._follow)
            self._begun = True
        begun = await downloads.keep(clips)
        self._show()
        return len(begun)

    def follow_engine(self, update: Update) -> None:
        """Keep what was finished just now, where the settings say so, or the user did of this task."""
        settings = self._context.session.settings
        if settings.readonly or not (settings.auto_download or self._awaited):
            return
        usable = {Phase.DONE, Phase.PARTIAL}
        awaited = {task.id for task in update.tasks if task.id in self._awaited and task.summary.phase in usable}
        self._awaited -= awaited
        if wanted := awaited | (update.finished if settings.auto_download else set()):
            self._screen.run_worker(self.keep(dict.fromkeys(wanted, ())))

    def keep_once_done(self, task_id: str) -> None:
        """Keep the files of a task once they are there, in this run."""
        self._awaited.add(task_id)

    def told_of(self, task_id: str) -> str:
        """Return what the row of a task tells of its files that are under way; "" where none is."""
        return self._told.get(task_id, "")

    @property
    def summary(self) -> str:
        """What the status bar tells of all that is under way, as of the last look; "" where nothing is."""
        return self._summary

    def spans_of(self, clip: Clip | None, entries: Iterable[FileEntry]) -> Spans:
        """Return what the card says of the file of a clip."""
        if clip is None:
            return ()
        ascii_only = self._context.options.ascii
        for download in self._under_way:
            if download.clip == clip.id:
                return progress_spans(download.percent, download.done, download.total, ascii_only=ascii_only)
        home = self._context.options.environment.get("HOME", "")
        saved = [entry.file for entry in entries if entry.path and entry.clip == clip.id]
        return file_spans(saved, home, ascii_only=ascii_only) if saved else ()

    def let_go(self) -> None:
        """End the player, and leave what is under way for the next time."""
        self.stop_playing()
        if self._begun:
            self._context.session.downloads.stop()

    @property
    def playing(self) -> bool:
        """Whether something is being played."""
        return self._player.playing

    def stop_playing(self) -> None:
        """End what is being played; takes up to a second."""
        self._player.stop()

    def play(self, what: str) -> str:
        """Play a file or an address, and return why that cannot be; "" where it plays."""
        command = find_player(self._context.session.settings.player)
        if not command:
            return tr('No player is there: install mpv, or name one in the settings: player = "mpv --no-video"')
        self._loop = asyncio.get_running_loop()
        try:
            self._player.play(command, what)
        except OSError as error:
            return tr("{program} cannot be started: {why}", program=command[0], why=words_of_system(error))
        return ""

    async def file_of(self, clip: Clip, task_id: str) -> str:
        """Return where the music of a clip was saved, if it is still there."""

        def find(replica: Replica) -> str:
            found = (
                each.path
                for each in FileLedger(replica).of_tasks([task_id])
                if (each.clip, each.what) == (clip.id, "video" if clip.kind is Kind.VIDEO else "audio")
            )
            return next((path for path in found if path and Path(path).is_file()), "")

        return await self._context.session.worker.run(find)

    @property
    def _under_way(self) -> list[Download]:
        return list(self._context.session.downloads.under_way) if self._begun else []

    def _follow(self, download: Download) -> None:
        if not self._screen.display:
            return
        if download.over:
            self._tell(download)
        self._show()
        if download.file:
            self._screen.run_worker(self._take_in(download.task))

    def _tell(self, download: Download) -> None:
        if download.told:
            self._context.say(f"{download.title}: {download.told}", gravity="error")
        if download.file:
            self._saved.append(download.file)
        if not self._under_way and self._saved:
            what = self._saved[0] if len(self._saved) == 1 else tr("{n} files", n=len(self._saved))
            self._context.say(f"{self._sign} {tr('Saved: {what}', what=what)}")
            self._saved.clear()

    async def _take_in(self, task_id: str) -> None:
        """Show in the row of a task that it has a file now."""
        session = self._context.session
        tasks = await session.worker.run(lambda replica: replica.watched_of([task_id]))
        if self._screen.display:
            self._take(Update(session.engine.link, changed=frozenset({task_id}), tasks=tuple(tasks)))

    def _show(self) -> None:
        """Tell how far everything is, where it differs from what was told last."""
        under_way = self._under_way
        before, tasks = self._told, {download.task for download in under_way}
        self._told = {name: self._how_far([each for each in under_way if each.task == name]) for name in tasks}
        changed = {name for name in {*before, *self._told} if before.get(name) != self._told.get(name)}
        more = f"  {tr('{n} more to come', n=len(under_way) - 1)}" if len(under_way) > 1 else ""
        summary, self._summary = self._summary, f"{self._how_far(under_way[:1])}{more}" if under_way else ""
        if changed or summary != self._summary:
            self._show_tasks(frozenset(changed))
        if under_way and self._timer is None:
            self._timer = self._screen.set_interval(BEAT, self._show)
        elif not under_way and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _how_far(self, downloads: list[Download]) -> str:
        """Return how much of some files has come, in percent where it is known of how much."""
        done = sum(download.done for download in downloads)
        totals = [download.total for download in downloads]
        total = None if None in totals else sum(filter(None, totals))
        told = f"{100 * done // total} %" if total else amount_text(done, None) if done else "0 %"
        return f"{self._sign} {told}"

    def _player_ended(self, code: int) -> None:
        """Tell of a player that failed; called in the thread that waited for it."""
        with suppress(RuntimeError):  # the monitor has ended meanwhile
            if code and self._loop is not None:
                self._loop.call_soon_threadsafe(self._tell_failure, code)

    def _tell_failure(self, code: int) -> None:
        if self._screen.display:
            self._context.say(tr("The player ended with an error ({code})", code=code), gravity="warning")
