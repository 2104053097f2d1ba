"""The installed program left open in a terminal: ``.venv/bin/python tests/standing_open.py 60`` fails if it grows.

    python tests/standing_open.py [MINUTES] [PART ...]

The parts stand open beside each other, each a program, a home and a gateway of its own. The table tells of the four
quarters of the time: memory of the last may be 3 % above that of the second, open files and threads no more than
before, bytes to the terminal about the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import fmean

from support.standing import FEWEST, MOST, Pane, Vitals, World

MOST_GROWTH = 1.03
MOST_MORE_BYTES = 1.25
SAMPLES = 240
"""How often a process is looked at; at least a second lies between two looks."""

STEP = 6.0
"""Seconds between two changes of the watch list."""

BLUR, FOCUS, ESCAPE = "\x1b[O", "\x1b[I", "\x1b"
KEYS = ("j", "j", "d", "d", "]", "?", ESCAPE, "k", "a", ESCAPE, "/", "r", ESCAPE, "s", "t", ESCAPE, "f", "f", "G", "g")
"""What somebody types who looks around, dialogs and a filter included."""

Act = Callable[[World, Pane], None]


def move(world: World, _pane: Pane) -> None:
    """Let tasks come and go."""
    world.move()


def look_away_and_back(world: World, pane: Pane) -> None:
    """Let tasks come and go, and the terminal's focus too."""
    world.move()
    pane.press(BLUR if int(time.monotonic() / STEP) % 2 else FOCUS)


def use() -> Act:
    """Return what lets tasks come and go, and types."""
    keys = cycle(KEYS)

    def act(world: World, pane: Pane) -> None:
        world.move()
        for _ in range(3):
            pane.press(next(keys))
            pane.read_for(0.2)

    return act


def rest(_world: World, _pane: Pane) -> None:
    """Let nothing happen."""


def take_away(world: World, _pane: Pane) -> None:
    """Take the gateway away, if that was not done yet."""
    world.simulator.stop()


@dataclass(frozen=True)
class Part:
    """One way of standing open."""

    about: str
    script: str
    """Which sort of tasks there are at the start; "" for all sorts."""
    act: Callable[[], Act]


PARTS = {
    "moving": Part(f"{FEWEST} to {MOST} tasks come and go, 11 % of the requests faulty", "", lambda: move),
    "still": Part("60 tasks of which nothing more comes", "artist-name", lambda: rest),
    "away": Part("60 tasks under way, and no gateway at their address", "frozen", lambda: take_away),
    "focus": Part("as moving, while the terminal's focus comes and goes", "", lambda: look_away_and_back),
    "used": Part("as moving, while somebody types, opens dialogs and filters", "", use),
}


@dataclass
class RunningPart:
    """One part under way."""

    name: str
    pane: Pane
    world: World
    act: Act
    seen: list[Vitals] = field(default_factory=list)


def main() -> int:
    """Let the parts stand open, print the result, and return 0 if nothing grew."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("minutes", metavar="MINUTES", type=float, nargs="?", default=60.0)
    parser.add_argument("parts", metavar="PART", nargs="*", help=", ".join(PARTS))
    options = parser.parse_args()
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(PARTS)}")
    with ExitStack() as stack:
        parts = [_begun(stack, name, number) for number, name in enumerate(options.parts or PARTS, 1)]
        _stand(parts, options.minutes * 60)
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {options.minutes:g} minutes, terminals of 120x40")
        grown = [f"{part.name}: {what}" for part in parts for what in _told(part)]
    print(*grown, sep="\n", end="\n" if grown else "")
    return 1 if grown else 0


def _begun(stack: ExitStack, name: str, number: int) -> RunningPart:
    home, part = Path(stack.enter_context(tempfile.TemporaryDirectory())), PARTS[name]
    world = World(home, seed=number)
    stack.callback(world.simulator.stop)
    world.add(MOST if part.script else FEWEST, part.script)
    pane = stack.enter_context(Pane(home, world.environment))
    pane.wait_until(lambda: pane.sent > 0, "the first paint")
    return RunningPart(name, pane, world, part.act())


def _stand(parts: Sequence[RunningPart], seconds: float) -> None:
    began = time.monotonic()
    look_at, act_at = began, began + STEP
    while (now := time.monotonic()) < began + seconds:
        if now >= look_at:
            look_at = now + max(1.0, seconds / SAMPLES)
            for part in parts:
                part.seen.append(part.pane.vitals())
        if now >= act_at:
            act_at = now + STEP
            for part in parts:
                part.act(part.world, part.pane)
        for part in parts:
            part.pane.read(0.2 / len(parts))


def _told(part: RunningPart) -> list[str]:
    """Print a table of the four quarters, and return what grew that should not."""
    quarters = list(_quarters(part.seen))
    memory = [fmean(one.memory for one in quarter) for quarter in quarters]
    files, threads = ([max(one[place] for one in quarter) for quarter in quarters] for place in (2, 3))
    sent, worked = ([_a_second(quarter, place) for quarter in quarters] for place in (4, 5))
    disk = [quarter[-1].disk for quarter in quarters]
    print(f"\n{part.name}: {PARTS[part.name].about}\n{'':<28}{'1st':>9}{'2nd':>9}{'3rd':>9}{'4th quarter':>13}")
    _line("memory, MiB", memory, ".1f", f"  x {memory[3] / memory[1]:.3f}")
    _line("open files, at most", files, "d")
    _line("threads, at most", threads, "d")
    _line("bytes a minute", [60 * one for one in sent], ",.0f")
    _line("processor, ms a second", [1000 * one for one in worked], ".1f")
    _line("files of its home, MiB", disk, ".1f")
    checks = {
        "memory": memory[3] <= MOST_GROWTH * memory[1],
        "open files": files[3] <= max(files[1:3]),
        "threads": threads[3] <= max(threads[1:3]),
        "bytes a minute": 60 * sent[3] <= MOST_MORE_BYTES * max(60 * sent[1], 100),
    }
    return [f"too much: {what}" for what, held in checks.items() if not held]


def _line(name: str, values: Sequence[float], form: str, after: str = "") -> None:
    print(f"{name:<28}" + "".join(f"{value:>9{form}}" for value in values) + after)


def _quarters(seen: Sequence[Vitals]) -> Iterator[Sequence[Vitals]]:
    for quarter in range(4):
        yield seen[len(seen) * quarter // 4 : len(seen) * (quarter + 1) // 4 + 1]


def _a_second(quarter: Sequence[Vitals], place: int) -> float:
    return (quarter[-1][place] - quarter[0][place]) / (quarter[-1].at - quarter[0].at)


if __name__ == "__main__":
    sys.exit(main())
