"""The tasks of the simulated gateway and the time that passes for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from threading import RLock

from ecovai_tui.simulator.dialects import find_dialect
from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.parts import Part
from ecovai_tui.simulator.population import arrivals, opening_scene
from ecovai_tui.simulator.repertoire import find_script
from ecovai_tui.simulator.scripts import Script
from ecovai_tui.simulator.songs import HOSTILE_SONG, Song, song_at
from ecovai_tui.simulator.states import TaskState

SLOWEST, FASTEST = 1.14, 0.92
"""How much longer or shorter than its script a task may take."""


class World:
    """All tasks, in the order of their rows; safe to use from many threads.

    ``on_new_id`` is told, outside the lock, of every id that comes after the start.
    """

    def __init__(self, options: Options, clock: Callable[[], float], on_new_id: Callable[[str], None]) -> None:
        self._options = options
        self._clock = clock
        self._tell = on_new_id
        self._dialect = find_dialect(options.dialect)
        self._lock = RLock()
        self._parts: dict[str, Part] = {}
        self._opened = clock()
        self._arrivals = arrivals(options.seed)
        self._next = next(self._arrivals)
        self._populate()
        self.poison_id = next(reversed(self._parts), "")

    @property
    def ids(self) -> tuple[str, ...]:
        """Return every id handed out so far, oldest first, those included that a query never finds."""
        with self._lock:
            return tuple(self._parts)

    @property
    def next_arrival(self) -> float:
        """Return when the next task comes by itself, in Unix seconds."""
        return self._opened + self._next.after / self._options.speed

    def advance(self) -> None:
        """Let all tasks come that are due by now."""
        if not self._options.arrivals:
            return
        with self._lock:
            new = []
            while self.next_arrival <= self._clock():
                new.append(self._add(find_script(self._next.script), self.next_arrival).id)
                self._next = next(self._arrivals)
        for task_id in new:
            self._tell(task_id)

    def submit(self, script: Script, song: Song | None, *, hidden: float = 0.0) -> str:
        """Begin a task now and return its id; ``hidden`` is for how many simulated seconds queries miss it."""
        with self._lock:
            part = self._add(script, self._clock(), song=song, hidden=hidden)
        self._tell(part.id)
        return part.id

    def find(self, ids: Sequence[str]) -> list[TaskState]:
        """Return the states of the tasks that are known and visible now, in the order of their rows, each once."""
        now = self._clock()
        with self._lock:
            parts = [self._parts[task_id] for task_id in set(ids) if task_id in self._parts]
        return [part.state(now) for part in sorted(parts, key=lambda part: part.row) if part.visible(now)]

    def truth(self, task_id: str) -> str:
        """Return the phase that a perfect reader reports of this id now."""
        with self._lock:
            part = self._parts.get(task_id)
        return part.phase(self._clock()) if part else "missing"

    def _populate(self) -> None:
        scene = []
        for number, role in enumerate(opening_scene(self._options.seed, self._options.population)):
            speed = self._options.speed if role.live else 1.0
            pace = self._tempo(number) / speed
            scene.append((self._opened - role.ago * (pace if role.live else 1.0), pace, role.script, number))
        for born, pace, script, number in sorted(scene):
            chosen = find_script(script)
            self._add(chosen, born, pace=pace, song=_song_of(chosen, number))

    def _tempo(self, number: int) -> float:
        return Random(f"{self._options.seed}:tempo:{number}").uniform(FASTEST, SLOWEST)

    def _add(
        self, script: Script, born: float, *, pace: float | None = None, song: Song | None = None, hidden: float = 0.0
    ) -> Part:
        seed, number = self._options.seed, len(self._parts)
        part = Part(
            id=self._dialect.new_id(Random(f"{seed}:id:{number}"), script.kind),
            row=number + 1,
            seed=seed,
            script=script,
            song=song or _song_of(script, number),
            born=born,
            pace=pace or self._tempo(number) / self._options.speed,
            hidden=hidden,
        )
        self._parts[part.id] = part
        return part


def _song_of(script: Script, number: int) -> Song:
    return HOSTILE_SONG if script.hostile else song_at(number, sung=script.kind == "lyrics")
