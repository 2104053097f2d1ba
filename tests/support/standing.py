"""A program that stands open: what it needs as time goes by, and a gateway whose tasks never rest."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from support.terminal import PROGRAM, Terminal

from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.scripts import SCRIPTS
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.watchlist import WatchListFile

PROFILE = "standing"
FAULTS = (
    "429-retry-after", "500", "502-html", "503", "504", "reset", "cut", "slow", "html200", "garbage", "text-plain",
)  # fmt: skip
"""Faults that pass, each in one request of a hundred: a refused key would end the asking for minutes."""

FEWEST, MOST = 20, 60
"""Watched tasks, between which their number goes up and down."""

_MEMORY = re.compile(r"^VmRSS:\s*(\d+) kB$", re.MULTILINE)


class Vitals(NamedTuple):
    """What a process needs at one moment."""

    at: float
    """Seconds since it was started."""
    memory: float
    """Resident, in MiB."""
    files: int
    threads: int
    sent: int
    """Bytes to its terminal up to now."""
    worked: float
    """Seconds of processor time up to now."""
    disk: float
    """MiB in the files of its home, the database's log included."""


class Pane(Terminal):
    """The installed program in a terminal that shows nothing and counts bytes; what came is not kept."""

    def __init__(self, home: Path, environment: Mapping[str, str], *arguments: str) -> None:
        self._home = home
        self._began = time.monotonic()
        self.sent = 0
        super().__init__([PROGRAM, *arguments], environment=environment)
        os.set_inheritable(self.file, False)  # the next pane must not count it among its open files

    def vitals(self) -> Vitals:
        """Look at the process; only Linux tells."""
        process = Path(f"/proc/{self.process}")
        found = _MEMORY.search((process / "status").read_text())
        assert found is not None
        ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        return Vitals(
            at=time.monotonic() - self._began,
            memory=int(found[1]) / 1024,
            files=sum(1 for _ in (process / "fd").iterdir()),
            threads=sum(1 for _ in (process / "task").iterdir()),
            sent=self.sent,
            worked=sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
            disk=sum(path.stat().st_size for path in self._home.rglob("*") if path.is_file()) / 1024**2,
        )

    def _show_received(self, *, silent: bool = False) -> None:
        self.sent += len(self.received)
        self.received.clear()


class World:
    """A simulated gateway that is six times as fast, and the watch list of a profile under a home."""

    def __init__(self, home: Path, *, seed: int = 1, speed: float = 6.0, faulty: bool = True) -> None:
        self._random = Random(seed)
        self._going_up = True
        faults = tuple(Fault(name, 0.01) for name in FAULTS) if faulty else ()
        self.simulator = Simulator(
            Options(seed=seed, speed=speed, faults=faults, arrivals=False, population=0, log_size=100)
        ).start()
        self.environment = {
            "HOME": str(home),
            **{name: str(home / name) for name in ("ECOVAI_CONFIG_DIR", "ECOVAI_DATA_DIR", "ECOVAI_STATE_DIR")},
            "ECOVAI_PROFILE": PROFILE,
            "ECOVAI_BASE_URL": self.simulator.base_url,
            "ECOVAI_API_KEY": self.simulator.key,
        }
        self.watch_list = WatchListFile(home / "ECOVAI_DATA_DIR" / f"watchlist-{PROFILE}.toml")

    def add(self, count: int, script: str = "") -> None:
        """Begin tasks, of every sort unless a script is named, and watch them."""
        names = sorted(SCRIPTS)
        ids = [self.simulator.submit(script=script or self._random.choice(names)) for _ in range(count)]
        self.watch_list.add(ids, now=time.time())

    def move(self) -> None:
        """Add some new tasks and take some old ones away."""
        watched = self.watch_list.read().ids
        self._going_up = len(watched) < (MOST if self._going_up else FEWEST)
        coming, going = (4, 2) if self._going_up else (2, 4)
        self.add(coming)
        if len(watched) > FEWEST:
            self.watch_list.remove(watched[:going], now=time.time())
