"""Another pane of the same profile, played by the test: the program shows what the test says, and asks nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Self, TypeAlias

from PIL import Image

from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import FileEntry, FileLedger, FileState, Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

GATEWAY = "http://127.0.0.1:9"
"""An address at which nothing answers."""

PROFILE = "budget"
DAY = 86_400.0
NOW = time.time()
"""One moment for all tasks of a test, so that their order is theirs alone."""

TITLES = (
    "Midnight Rain over the Harbour",
    "春の歌 — 桜が散る前に",
    "夜明けのメトロ",
    "Ode an die Freude (Remix) [Verse]",
    "夜曲",
)
FOX = Task(
    "midjourney:1730000000123456", Kind.PICTURE, Phase.DONE, "SUCCESS", submitted_at=NOW, prompt="A red fox",
    clips=(Clip("c1", Phase.DONE, kind=Kind.PICTURE, image_url="https://cdn.example/a.png"),),
)  # fmt: skip
WORDS = (
    *("amber", "blossom", "canyon", "driftwood", "ember", "feather", "glass"),
    *("horizon", "island", "juniper", "kite", "lantern", "meadow", "north"),
)


class OtherPane:
    """Writes to the replica of a profile under a home what it likes; nothing of it is due, so nobody asks a gateway."""

    def __init__(self, environment: dict[str, str], clock: Callable[[], float] = time.time) -> None:
        self.now = clock
        self.environment = environment | {
            "ECOVAI_PROFILE": PROFILE,
            "ECOVAI_BASE_URL": GATEWAY,
            "ECOVAI_API_KEY": "not-a-key",
        }
        paths = find_paths(self.environment)
        self.watch_list = WatchListFile(paths.watchlist(PROFILE))
        self.replica = Replica(paths.replica(PROFILE), GATEWAY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.replica.close()

    def watch(self, tasks: Iterable[Task]) -> None:
        """Put tasks on the watch list and tell of them."""
        told = list(tasks)
        self.watch_list.add([task.id for task in told], now=self.now())
        self.replica.mirror(self.watch_list.read(), self.now())
        self._write("UPDATE gateway SET last_reply = ?, quota_at = ?", NOW, NOW + DAY)
        self.tell(*told)

    def watch_picture(self, path: Path) -> None:
        """Watch a picture of Midjourney's that was saved here, and a song below it."""
        image = Image.radial_gradient("L").resize((1024, 768)).convert("RGB")
        image.paste((200, 30, 30), (200, 200, 600, 600))
        image.save(path)
        self.watch([FOX, task(1)])
        entry = FileEntry(FOX.id, "c1", "cover", FileState.SAVED, str(path), path.stat().st_size)
        FileLedger(self.replica).note(entry)

    def tell_prompt(self, prompt: str) -> None:
        """Say that another picture was asked for than was said before."""
        self.tell(FOX._replace(prompt=prompt))

    def tell(self, *tasks: Task) -> None:
        """Say what the gateway told just now."""
        self.replica.record(tasks, self.now())

    def ask(self) -> None:
        """Begin a request that gets no answer until ``hear``."""
        now = self.now()
        self._write("INSERT INTO request (origin, at, alive_until) VALUES (?, ?, ?)", GATEWAY, now, now + 1e6)

    def hear(self) -> None:
        """Get the answer."""
        self._write("UPDATE request SET alive_until = NULL")

    def answer_after(self, seconds: float) -> None:
        """Get an answer that was so long in coming, with nothing new in it."""
        now = self.now()
        self._write("INSERT INTO request (origin, at) VALUES (?, ?)", GATEWAY, now - seconds)
        self._write("UPDATE gateway SET last_reply = ?", now)

    def _write(self, query: str, *values: object) -> None:
        self.replica._database.run(lambda connection: connection.execute(query, values))


def title(number: int) -> str:
    """Return the name of a song; no two that are near are alike, so that a list that scrolls has to be painted."""
    return f"{TITLES[number % len(TITLES)]} {' '.join(Random(number).sample(WORDS, 2))}"


def lyrics(number: int) -> str:
    """Return the words of a song, of a page's length; no two songs are alike."""
    words = Random(number)
    lines = [" ".join(words.sample(WORDS, words.randint(3, 6))) for _ in range(8)]
    return "\n".join(["[Verse]", *lines, "", "[Chorus]", "夜明けのメトロが走り出す", *reversed(lines), "[End]"])


def task(number: int, phase: Phase = Phase.DONE, *, age: float = 3600.0) -> Task:
    """Return a task of two clips that was submitted ``age`` seconds ago, each number a second before the last."""
    submitted = NOW - age - number
    clip = Clip(
        f"clip-{number}-0",
        phase if phase.active or phase.final else Phase.WAITING,
        status="complete",
        title=title(number),
        model="chirp-v3-5",
        tags="synthpop, dreamy",
        lyrics=lyrics(number),
        audio_url=f"https://cdn.example/{number}.mp3",
    )
    return Task(
        f"task_{number:08}",
        Kind.MUSIC,
        phase,
        status="SUCCESS",
        submitted_at=submitted,
        started_at=submitted + 5,
        finished_at=submitted + 65 + number * 37 % 90 if phase.final else None,
        clips=(clip, clip._replace(id=f"clip-{number}-1")),
        source=f'{{"task_id": "task_{number:08}"}}',
    )


def tasks(count: int, phase: Phase = Phase.DONE, *, age: float = 3600.0) -> list[Task]:
    """Return so many tasks of one phase."""
    return [task(number, phase, age=age) for number in range(count)]


BesidePane: TypeAlias = Callable[[int], OtherPane]
"""Opens a pane that watches so many tasks."""
