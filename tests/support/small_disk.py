"""A small file system in a mount namespace of its own, which a test can fill, empty and make read-only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Self

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")

_MOUNT_AND_WAIT = 'mount -t tmpfs -o "size=$2" tmpfs "$1" && echo mounted && exec cat'
_AS_ROOT, _AS_ANYBODY = ("--mount",), ("--mount", "--map-root-user")


def may_mount() -> bool:
    """Return whether the system lets us mount at all, which some containers do not."""
    way = _AS_ROOT if os.geteuid() == 0 else _AS_ANYBODY
    tried = ["unshare", *way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


class SmallDisk:
    """A tmpfs over a folder: only those who are started by ``command`` see it there, and it ends with the test."""

    def __init__(self, folder: Path, size: str) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._ways = _AS_ROOT if os.geteuid() == 0 else _AS_ANYBODY
        self._database = subprocess.Popen(
            ["unshare", *self._ways, "sh", "-c", _MOUNT_AND_WAIT, "sh", str(folder), size],
            stdin=PIPE, stdout=PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        assert self._database.stdout is not None
        assert self._database.stdout.readline() == "mounted\n", "the system let us mount a moment ago"
        return self

    def __exit__(self, *_details: object) -> None:
        self._database.communicate()

    def command(self, *arguments: str) -> list[str]:
        """Return a command that runs where the disk is to be seen."""
        user = () if self._ways is _AS_ROOT else ("--user", "--preserve-credentials")
        return [
            "nsenter",
            "--target",
            str(self._database.pid),
            "--mount",
            *user,
            f"--wd={Path.cwd()}",
            "--",
            *arguments,
        ]

    def run(self, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program there, which never ends with a traceback."""
        done = subprocess.run(
            self.command(PROGRAM, *arguments), env=environment | {"PATH": os.environ["PATH"]}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    def fill(self) -> None:
        """Leave no room at all."""
        block = b"\0" * 4096
        with (self.seen_from_outside / "filler").open("ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(block)
            except OSError:
                return

    def empty(self) -> None:
        """Give the room back."""
        (self.seen_from_outside / "filler").unlink()

    def make_read_only(self) -> None:
        """Let nobody write any more."""
        subprocess.run(self.command("mount", "-o", "remount,ro", str(self.folder)), check=True)

    @property
    def seen_from_outside(self) -> Path:
        """Where the test itself reaches what is on the disk."""
        return Path(f"/proc/{self._database.pid}/root{self.folder}")
