"""The pictures and videos of the simulated gateway: what becomes of each, and when their addresses die."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from threading import RLock
from typing import Literal, Protocol

from ecovai_tui.simulator.dialect import CDN, IMAGES

Medium = Literal["picture", "video"]
Stage = Literal["new", "queued", "running", "modal", "done", "no-link", "failed", "cancelled", "odd"]

PHASES: dict[Stage, str] = {
    "new": "waiting", "queued": "waiting", "running": "running", "modal": "waiting", "done": "done",
    "no-link": "done", "failed": "failed", "cancelled": "failed", "odd": "unknown",
}  # fmt: skip
"""The phase that a perfect reader reports of each stage."""

REASON = "The prompt was rejected by the moderation"
LIVES = 86_400.0
"""Seconds for which an address works after the end, as at Discord."""

PROMPTS = (
    "A rainy night at a small country station, warm windows, film grain, nobody there --ar 16:9 --v 7",
    "Paper lanterns drift over a canal at dusk, camera low over the water, five seconds",
    "山茶花，水彩 --ar 3:4 --v 6.1",
    "A paper boat crosses a flooded street in the rain",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds from ``at`` (simulated seconds after the submission) on; ``progress`` in per cent."""

    at: float
    stage: Stage
    progress: int = 0


def _rising(first: float, step: float, *progress: int) -> tuple[Scene, ...]:
    return tuple(Scene(first + step * number, "running", each) for number, each in enumerate(progress))


_BEGUN = (Scene(0, "new"), Scene(3, "queued"))
COURSES: dict[str, tuple[Scene, ...]] = {
    "picture": (*_BEGUN, *_rising(6, 6, 0, 15, 31, 46, 62, 93), Scene(44, "done", 100)),
    "video": (*_BEGUN, *_rising(10, 16, 0, 18, 37, 55, 74, 92), Scene(110, "done", 100)),
    "slow": (*_BEGUN, *_rising(10, 100, 0, 15, 31, 46, 62, 77, 93), Scene(720, "done", 100)),
    "late-link": (*_BEGUN, Scene(6, "running"), Scene(30, "no-link", 100), Scene(60, "done", 100)),
    "no-link": (*_BEGUN, Scene(6, "running"), Scene(30, "no-link", 100)),
    "needs-you": (*_BEGUN, Scene(6, "modal")),
    "rejected": (*_BEGUN, Scene(6, "running"), Scene(18, "failed", 100)),
    "stopped": (*_BEGUN, Scene(6, "running", 15), Scene(18, "cancelled", 15)),
    "odd-word": (*_BEGUN, Scene(6, "odd")),
    "stuck": (*_BEGUN, Scene(6, "running", 31)),
    "lost": (),
}
"""The courses of events by name; ``slow`` is for those who watch at a higher speed, ``lost`` is never found."""


@dataclass(frozen=True, slots=True)
class Work:
    """A picture or a video at one moment."""

    id: str
    """As the gateway has it, without a prefix."""
    kind: str
    """What stands for it in the path, as ``text2video``; "" for anything."""
    medium: Medium
    stage: Stage
    progress: int
    prompt: str
    submitted: float
    started: float | None
    finished: float | None
    changed: float
    lives: float
    """Seconds for which its addresses work."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.stage in {"done", "no-link", "failed", "cancelled"}

    @property
    def reason(self) -> str:
        """Return why it failed, "" where it did not."""
        return REASON if self.stage == "failed" else ""

    @property
    def address(self) -> str:
        """Return where it is, with until when in Discord's way; "" while it is nowhere."""
        if self.stage != "done":
            return ""
        place = f"{IMAGES}/made/{self.id}.jpeg" if self.medium == "picture" else f"{CDN}/made/{self.id}.mp4"
        return f"{place}?ex={int((self.finished or 0) + self.lives):x}&is={int(self.finished or 0):x}"


@dataclass(frozen=True, slots=True)
class _Order:
    """A work as it was asked for."""

    id: str
    kind: str
    medium: Medium
    course: tuple[Scene, ...]
    prompt: str
    born: float
    speed: float

    def at(self, now: float, lives: float) -> Work:
        elapsed = (now - self.born) * self.speed
        scene = self.course[max(0, bisect_right(self.course, elapsed, key=lambda scene: scene.at) - 1)]
        return Work(
            id=self.id,
            kind=self.kind,
            medium=self.medium,
            stage=scene.stage,
            progress=scene.progress,
            prompt=self.prompt,
            submitted=self.born,
            started=self._reached({"running"}, elapsed),
            finished=self._reached({"done", "no-link", "failed", "cancelled"}, elapsed),
            changed=self.born + scene.at / self.speed,
            lives=lives,
        )

    def _reached(self, stages: set[Stage], elapsed: float) -> float | None:
        first = next((scene.at for scene in self.course if scene.stage in stages and scene.at <= elapsed), None)
        return None if first is None else self.born + first / self.speed


class Maker(Protocol):
    """What a studio must know of a family to make a work of it."""

    @property
    def name(self) -> str:
        """The family."""

    @property
    def medium(self) -> Medium:
        """What it makes."""

    def new_id(self, chance: Random) -> str:
        """Return an id of the shape that this family has."""


class Studio:
    """All pictures and videos, by family; safe to use from many threads.

    ``speed`` is that of the simulator. ``on_new_id`` is told of every new one, by its id with the family's prefix.
    """

    def __init__(
        self,
        seed: int,
        speed: float,
        clock: Callable[[], float],
        on_new_id: Callable[[str], None],
        *,
        lives: float = LIVES,
    ) -> None:
        """``lives`` is for how many seconds addresses work."""
        self._seed = seed
        self._speed = speed
        self._clock = clock
        self._tell = on_new_id
        self._lock = RLock()
        self._orders: dict[tuple[str, str], _Order] = {}
        self._lives = lives

    def order(self, maker: Maker, course: str = "", *, kind: str = "", prompt: str = "", ago: float = 0.0) -> str:
        """Begin a work, ``ago`` simulated seconds ago, and return its id with the prefix of its family.

        Raises ValueError for a course that nobody knows.
        """
        course = course or maker.medium
        if course not in COURSES:
            raise ValueError(f"no course is called {course!r}; known: {', '.join(COURSES)}")
        with self._lock:
            number = len(self._orders)
            bare_id = maker.new_id(Random(f"{self._seed}:work:{number}"))
            words = prompt or PROMPTS[number % len(PROMPTS)]
            born = self._clock() - ago / self._speed
            order = _Order(bare_id, kind, maker.medium, COURSES[course], words, born, self._speed)
            self._orders[maker.name, bare_id] = order
        task_id = prefixed(maker.name, bare_id, kind)
        self._tell(task_id)
        return task_id

    def find(self, family: str, ids: Sequence[str]) -> list[Work]:
        """Return those of the works that a query finds now."""
        now = self._clock()
        with self._lock:
            orders = [self._orders[family, each] for each in dict.fromkeys(ids) if (family, each) in self._orders]
        return [order.at(now, self._lives) for order in orders if order.course]

    def newest(self, family: str, most: int) -> list[str]:
        """Return the bare ids of the newest works of a family, the newest first."""
        with self._lock:
            return [bare_id for name, bare_id in reversed(self._orders) if name == family][:most]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id with the prefix of its family, oldest first."""
        with self._lock:
            return tuple(prefixed(family, order.id, order.kind) for (family, _), order in self._orders.items())

    def truth(self, task_id: str) -> str:
        """Return the phase that a perfect reader reports now of a work, by its id with the prefix."""
        prefix, _, bare_id = task_id.partition(":")
        found = self.find(prefix.partition("/")[0], [bare_id])
        return PHASES[found[0].stage] if found else "missing"

    def has(self, name: str, expires: float) -> bool:
        """Return whether a file of this name can be had now, from an address that works until ``expires``."""
        with self._lock:
            families = [family for family, bare_id in self._orders if bare_id == name]
        done = any(work.stage == "done" for family in families for work in self.find(family, [name]))
        return done and self._clock() < expires


def prefixed(family: str, bare_id: str, kind: str = "") -> str:
    """Return an id as a client writes it."""
    return f"{family}/{kind}:{bare_id}" if kind else f"{family}:{bare_id}"
