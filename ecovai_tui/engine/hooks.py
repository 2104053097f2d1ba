"""Running the user's own programs, by a key or when something happens: few at once, and never for long."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ecovai_tui.engine.downloads import Download
from ecovai_tui.engine.updates import Update
from ecovai_tui.engine.worker import Clock, ReplicaWorker, in_thread
from ecovai_tui.language import tr
from ecovai_tui.store.errors import words_of_system
from ecovai_tui.store.replica import FileLedger, Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.settings_tables import FIELDS, Hook
from ecovai_tui.tasks.judging import Change
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import clean_line

MOST_AT_ONCE = 4
PATIENCE = 60.0
"""Seconds that a hook may take."""

SECRET = "ECOVAI_API_KEY"  # noqa: S105 - the name of a variable
_FIELD = re.compile("{(" + "|".join(FIELDS) + ")}")


class Hooks:
    """Runs hooks beside the event loop, to which all methods belong."""

    def __init__(
        self,
        settings: Settings,
        worker: ReplicaWorker,
        clock: Clock,
        report: Callable[[str], None],
        *,
        patience: float = PATIENCE,
    ) -> None:
        """``report`` is told once of each hook that fails."""
        self._settings = settings
        self._worker = worker
        self._clock = clock
        self._report = report
        self._patience = patience
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._told: set[Hook] = set()

    def follow(self, update: Update) -> None:
        """Run what is wanted for the tasks that became final; a listener of the engine."""
        for change in update.changes:
            if change.makes_final:
                self._begin(self._for_task(change))

    def follow_download(self, download: Download) -> None:
        """Run what is wanted for a file that was saved; a listener of the downloads."""
        if download.saved is not None and not download.saved.already:
            self._begin(self._for_file(download))

    async def run_command(self, command: str, ids: Iterable[str]) -> str:
        """Run a command line once for each of the tasks, and return what was wrong with one of them, else "".

        It is told of the first file of each that was saved and is still there.
        """
        hook = Hook("key", tuple(shlex.split(command)))
        faults = await asyncio.gather(*(self._for_key(hook, task_id) for task_id in ids))
        return next(filter(None, faults), "")

    async def finish(self, seconds: float = PATIENCE) -> None:
        """Wait for those that are under way, but so many seconds at most."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        running = asyncio.get_running_loop().create_task(work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def _for_task(self, change: Change) -> None:
        events = ["final", *(["failed"] if change.after == Phase.FAILED else [])]
        watched = await self._known(change.id)
        values = values_of(watched) | {"phase": change.after}
        await asyncio.gather(*(self._happened(event, change.id, values) for event in events))

    async def _for_file(self, download: Download) -> None:
        saved = download.saved
        if saved is not None:
            watched = await self._known(download.task)
            values = values_of(watched) | {"clip": download.clip, "path": str(saved.path), "title": download.title}
            await self._happened("downloaded", f"{download.clip} {saved.path}", values)

    async def _for_key(self, hook: Hook, task_id: str) -> str:
        values = values_of(await self._known(task_id)) | {"event": hook.on}
        saved = await self._worker.run(lambda replica: _saved(replica, task_id))
        if not saved and any("{path}" in word for word in hook.command):
            return tr("needs a file, and none is saved yet.")
        return await self._outcome(hook, values | saved)

    async def _known(self, task_id: str) -> WatchedTask:
        found = await self._worker.run(lambda replica: replica.watched_tasks([task_id]))
        return found.get(task_id) or WatchedTask(TaskSummary(task_id))

    async def _happened(self, event: str, about: str, values: Mapping[str, str]) -> None:
        """Run the hooks of an event, unless another pane does."""
        wanted = [hook for hook in self._settings.hooks if hook.on == event]
        now, quiet = self._clock.now(), self._settings.quiet_hours
        if not wanted or (quiet and quiet.holds(now)):
            return
        if await self._worker.run(lambda replica: replica.claim_event(about, event, now)):
            await asyncio.gather(*(self._run(hook, {**values, "event": event}) for hook in wanted))

    async def _run(self, hook: Hook, values: Mapping[str, str]) -> None:
        fault = await self._outcome(hook, values)
        if fault and hook not in self._told:
            self._told.add(hook)
            self._report(tr("The hook {program} {fault}", program=clean_line(hook.command[0]), fault=fault))

    async def _outcome(self, hook: Hook, values: Mapping[str, str]) -> str:
        async with self._room:
            return await in_thread(run_command, words_of(hook, values), variables_of(values), self._patience)


def _saved(replica: Replica, task_id: str) -> dict[str, str]:
    """Return what is told of the first file of a task that is there; this looks at the disk."""
    entries = FileLedger(replica).of_tasks([task_id])
    found = next((each for each in entries if each.path and Path(each.path).is_file()), None)
    return {"clip": found.clip, "path": found.path} if found else {}


def values_of(watched: WatchedTask) -> dict[str, str]:
    """Return what is told of a task, each on one clean line."""
    summary = watched.summary
    told = {
        "title": summary.title or watched.label or watched.id,
        "id": watched.id,
        "label": watched.label,
        "phase": summary.phase.value,
        "reason": summary.fail_reason,
        "model": summary.model,
    }
    return dict.fromkeys(FIELDS, "") | {name: clean_line(value) for name, value in told.items()}


def words_of(hook: Hook, values: Mapping[str, str]) -> list[str]:
    """Return the words of a command; a value never makes an option of a word that is none."""
    program, *others = hook.command
    return [program, *(_filled(word, values) for word in others)]


def _filled(word: str, values: Mapping[str, str]) -> str:
    filled = _FIELD.sub(lambda found: values[found[1]], word)
    return filled if word.startswith("-") else filled.lstrip("-")


def variables_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a hook: ours without the key, and the values."""
    ours = {name: value for name, value in os.environ.items() if name != SECRET}
    return ours | {f"ECOVAI_{name.upper()}": values[name] for name in FIELDS}


def run_command(words: Sequence[str], variables: Mapping[str, str], patience: float) -> str:
    """Run a program to its end, and return what was wrong with it; takes up to ``patience`` seconds."""
    quiet = subprocess.DEVNULL
    try:
        child = subprocess.Popen(  # noqa: S603 - the user's own program, without a shell
            list(words), env=dict(variables), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except (OSError, ValueError) as error:
        return tr("cannot be started: {why}.", why=words_of_system(error) if isinstance(error, OSError) else error)
    try:
        code = child.wait(patience)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return tr("took longer than {n:g} s and was ended.", n=patience)
    return tr("ended with an error ({code}).", code=code) if code else ""
