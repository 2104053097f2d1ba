"""The simulated world: what it was told to be like, the tasks that live in it, and the requests that it got."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from threading import Lock, RLock

from ecovai_tui.simulator.dialects import DIALECTS, find_dialect
from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.scripts import SCRIPTS, ClipState, KindName, Part, Script, TaskState, find_script
from ecovai_tui.simulator.songs import HOSTILE_SONG, Song, song_at

NO_ANSWER = 0
"""The status of a request that was never answered."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request: when it was answered (Unix seconds), what it asked for, and how many were under way with it.

    ``concurrent`` counts the request itself: 1 means that it was alone. ``status`` is 0 if it got no answer.
    """

    at: float
    method: str
    path: str
    ids: tuple[str, ...]
    status: int
    concurrent: int


class RequestLog:
    """The last requests, oldest first, and the count of those under way; safe to use from many threads."""

    def __init__(self, size: int) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=size)
        self._lock = Lock()
        self._under_way = 0
        self._begun = 0

    def begin(self) -> tuple[int, int]:
        """Note that a request came; return its number, from 1, and how many are now under way."""
        with self._lock:
            self._begun += 1
            self._under_way += 1
            return self._begun, self._under_way

    def end(self, record: RequestRecord) -> None:
        """Note how a request ended. To be called before its answer leaves, so that a client never overtakes it."""
        with self._lock:
            self._under_way -= 1
            self._records.append(record)

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """Return the requests that were answered or given up, oldest first."""
        with self._lock:
            return tuple(self._records)

    @property
    def under_way(self) -> int:
        """Return how many requests have come and not ended."""
        with self._lock:
            return self._under_way


FEW_HAVE = ("/luma/tasks", "/v1/videos?")
"""What asks for several generations of Luma, and OpenAI's list: new-api has neither, a few resellers do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulated gateway behaves; raises ValueError for a value that makes no sense.

    ``speed`` is simulated seconds a real second; ``population`` the number of tasks at the start; ``log_size`` the
    number of requests remembered. A ``slow`` answer comes after ``slow_seconds``, that of ``slow-60`` after
    ``very_slow_seconds``, a ``hang`` ends without an answer after ``hang_seconds`` at the latest; all are real seconds.
    ``own_files`` puts the addresses of the clips' files at this server, ``file_rate`` is their bytes a second.
    ``without`` are beginnings of paths that this gateway does not have, such as ``/mj/``. The addresses of
    pictures and videos work for so many seconds as ``lives`` says.
    """

    seed: int = 1
    speed: float = 1.0
    dialect: str = "new-api-2026"
    faults: tuple[Fault, ...] = ()
    arrivals: bool = True
    population: int = 20
    log_size: int = 10_000
    slow_seconds: float = 3.0
    very_slow_seconds: float = 60.0
    hang_seconds: float = 90.0
    own_files: bool = True
    file_rate: float | None = None
    without: tuple[str, ...] = FEW_HAVE
    lives: float = 86_400.0

    def __post_init__(self) -> None:
        if self.dialect not in DIALECTS:
            raise ValueError(f"no dialect is called {self.dialect!r}; known: {', '.join(DIALECTS)}")
        if not 0 < self.speed <= 1_000_000:  # noqa: PLR2004 - far beyond any use, and still a clock
            raise ValueError(f"the speed must be more than 0 and at most 1,000,000, not {self.speed:g}")
        if self.population < 0:
            raise ValueError(f"the population cannot be {self.population}: it is a number of tasks, from 0 up")


MINUTE, HOUR = 60.0, 3600.0
FIRST_ARRIVAL = 20.0
SHORTEST_GAP, LONGEST_GAP = 45.0, 150.0

PRICE = 0.1
"""What a task costs, in dollars."""


@dataclass(frozen=True, slots=True)
class Role:
    """A task of the opening scene: its script, and how long ago it began.

    A task that is ``live`` began ``ago`` simulated seconds ago and goes on at the simulator's speed; the others began
    ``ago`` real seconds ago and went at the speed of a real gateway, so that their times look like real ones.
    """

    script: str
    ago: float
    live: bool = False


OPENING_SCENE = (
    Role("song", 45, live=True),
    Role("song", 100, live=True),
    Role("song", 16, live=True),
    Role("song", 2, live=True),
    Role("song", 19 * HOUR),
    Role("one-clip-fails", 3 * HOUR),
    Role("artist-name", 2 * HOUR),
    Role("frozen", 25 * MINUTE),
    Role("lyrics", 4 * HOUR),
    Role("unknown-word", 12 * MINUTE),
    Role("missing", 40 * MINUTE),
    Role("lyrics", 2.5, live=True),
    Role("forbidden", 26 * HOUR),
    Role("lyrics-failure", 5 * HOUR),
    Role("channel-gone", 22 * HOUR),
    Role("song", 9, live=True),
    Role("one-clip-fails", 60, live=True),
    Role("song", 1 * HOUR),
    Role("single-clip", 30 * HOUR),
    Role("artist-name", 11, live=True),
)
"""The first twenty, the most telling ones first: a smaller population takes the first of them."""

ARRIVAL_SCRIPTS = {
    "song": 10, "unseen-start": 2, "single-clip": 1, "lyrics": 3, "late-row": 1, "one-clip-fails": 2, "artist-name": 1,
    "silent-failure": 1, "lyrics-failure": 1, "forbidden": 1, "one-error-so-far": 1,
}  # fmt: skip
"""What arrives by itself, and how often in relation to the others."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A task that comes by itself ``after`` simulated seconds from the start."""

    after: float
    script: str


def opening_scene(seed: int, size: int) -> list[Role]:
    """Return ``size`` roles: the telling ones, then as many more as are wanted, of every script in turn."""
    chance = Random(f"{seed}:population")
    extras = (_extra(chance, number) for number in range(size - len(OPENING_SCENE)))
    return [*OPENING_SCENE[:size], *extras]


def _extra(chance: Random, number: int) -> Role:
    script = list(SCRIPTS)[number % len(SCRIPTS)]
    if number // len(SCRIPTS) % 2:
        return Role(script, chance.uniform(0.1 * HOUR, 48 * HOUR))
    return Role(script, chance.uniform(0, 110), live=True)


def arrivals(seed: int) -> Iterator[Arrival]:
    """Yield, without end, the tasks that come by themselves, in the order of their coming."""
    after = FIRST_ARRIVAL
    for number in count():
        chance = Random(f"{seed}:arrival:{number}")
        [script] = chance.choices(list(ARRIVAL_SCRIPTS), list(ARRIVAL_SCRIPTS.values()))
        yield Arrival(after, script)
        after += chance.uniform(SHORTEST_GAP, LONGEST_GAP)


@dataclass(frozen=True, slots=True)
class Taken:
    """A submission that was taken and charged: its id, when (Unix seconds), and the SHA-256 of its path and body."""

    id: str
    at: float
    kind: KindName
    digest: str


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
        self._taken: list[Taken] = []
        self._of_clip: dict[str, Part] = {}
        self._indexed = 0
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

    def submit(self, script: Script, song: Song | None, *, hidden: float = 0.0, digest: str = "") -> str:
        """Begin a task now and return its id; ``hidden`` is for how many simulated seconds queries miss it.

        ``digest`` is that of the request that asked for it.
        """
        with self._lock:
            part = self._add(script, self._clock(), song=song, hidden=hidden)
            if digest:
                self._taken.append(Taken(part.id, part.born, script.kind, digest))
        self._tell(part.id)
        return part.id

    def find(self, ids: Sequence[str]) -> list[TaskState]:
        """Return the states of the tasks that are known and visible now, in the order of their rows, each once."""
        now = self._clock()
        with self._lock:
            parts = [self._parts[task_id] for task_id in set(ids) if task_id in self._parts]
        return [part.state(now) for part in sorted(parts, key=lambda part: part.row) if part.visible(now)]

    def clip(self, clip_id: str) -> ClipState | None:
        """Return how a clip is now, None for one that no task here has."""
        now = self._clock()
        with self._lock:
            for part in list(self._parts.values())[self._indexed :]:
                self._of_clip |= dict.fromkeys((clip.id for clip in part.state(now).upcoming), part)
            self._indexed = len(self._parts)
            found = self._of_clip.get(clip_id)
        clips = () if found is None else found.state(now).clips or ()
        return next((clip for clip in clips if clip.id == clip_id), None)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """The submissions that were taken and charged, oldest first."""
        with self._lock:
            return tuple(self._taken)

    @property
    def used(self) -> float:
        """What all tasks so far have cost, in dollars."""
        return PRICE * len(self.ids)

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
