"""Playing a song with a player of the user's: one at a time, and each child is waited for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("mpv", "--no-video", "--really-quiet", "--ytdl=no"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("cvlc", "--play-and-exit", "--quiet"),
    ("vlc", "--intf", "dummy", "--play-and-exit", "--quiet"),
)
"""Players and how each plays something without a window, the first that is installed is taken."""

OPENER = ("open",)
"""What plays on macOS where there is none of them."""

PATIENCE = 1.0
"""Seconds that a player has to end when it is told to."""


def find_player(
    setting: Sequence[str],
    find: Callable[[str], str | None] = shutil.which,
    platform: str = sys.platform,
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
            child.wait(PATIENCE)
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
