"""Every screen as it was looked at last: five sizes, dark, light, 256 colours, no colours, ASCII and Chinese.

    SCREENS=take pytest tests/tui/test_screens.py

writes what there is now to ``screens/``, to be looked at before it is kept. A file has each screen as text; below
it are digests of its rows, with all colours, and with 256. Other colours show the same text, and have digests alone.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until, words
from rich.color import ColorSystem
from rich.style import Style
from support.catalogues import Chinese, Marked, speaking
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip

from ecovai_tui.engine.downloader import Progress, Saved, What, Wish
from ecovai_tui.engine.downloads import Download, Downloads, DownloadState
from ecovai_tui.engine.submitting import Submissions
from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import FileEntry, FileLedger, FileState
from ecovai_tui.tasks.file_names import Named
from ecovai_tui.tasks.model import Clip, Phase, Task
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui import panel_controller
from ecovai_tui.tui.app import MonitorApp

FOLDER = Path(__file__).parent / "screens"
TAKES = os.environ.get("SCREENS") == "take"
DIGITS = 3
"""Of the digest of one row."""


class Look(NamedTuple):
    """One run: its size, and how colours and signs are."""

    columns: int
    lines: int
    mode: str = "dark"

    @property
    def name(self) -> str:
        return f"{self.columns}x{self.lines}-{self.mode}"

    @property
    def in_full(self) -> bool:
        return self.mode in {"dark", "ascii", "chinese"}

    @property
    def options(self) -> dict[str, object]:
        depth = ColourDepth.NONE if self.mode == "mono" else ColourDepth.TRUE
        theme = {"light": "ecovai-light", "mono": "ecovai-ansi"}.get(self.mode, "ecovai-dark")
        capabilities = Capabilities(depth=depth, unicode=self.mode != "ascii")
        return {"capabilities": capabilities, "theme": theme, "ascii": self.mode == "ascii"}


SIZES = ((200, 50), (120, 40), (100, 30), (80, 24), (40, 10))
LOOKS = [Look(*size, mode) for size in SIZES for mode in ("dark", "light", "mono", "ascii")]
LOOKS += [Look(*size, "chinese") for size in ((120, 40), (80, 24), (40, 10))]
"""Those with colours are looked at with 256 of them as well."""

SCREENS: Sequence[tuple[str, Sequence[str], Sequence[str]]] = (
    ("main", ("j",), ()),
    ("panel", ("tab",), ()),
    ("details", ("2",), ()),
    ("history", ("3",), ()),
    ("json", ("4",), ("1", "escape")),
    ("zoom", ("f",), ("f",)),
    ("filter", ("slash", *"so"), ("escape",)),
    ("filter error", ("slash", *"age>"), ("escape",)),
    ("nothing found", ("slash", *"zz", "enter"), ("escape",)),
    ("marked", ("space", "space"), ("U", "g")),
    ("failed", ("n",), ("g",)),
    ("last", ("G",), ("g",)),
    ("create", ("c",), ("escape",)),
    ("add", ("a", *"n task-1"), ("escape",)),
    ("all actions", ("colon", *"co"), ("escape",)),
    ("help", ("question_mark",), ("escape",)),
)
"""Each with the keys that lead to it, and those that lead back."""


LYRICS = "[Verse]\nThe boats came in at half past four\n\n[Chorus]\nSo leave a light on"


def tasks_of_every_kind(lyrics: str = LYRICS) -> Iterator[Task]:
    for number, phase in enumerate(Phase):
        yield song(number, phase, title=("Harbour Lights", "夜明けのメトロ", "Für Elise")[number % 3])
    for number in range(len(Phase), 30):
        yield song(number, clips=number % 3, title=f"Song {number}" if number % 5 else "")
    yield words(99, lyrics)


class NoPrices(Submissions):
    """Knows no gateway to ask what anything costs."""

    async def price_of(self, kind: object) -> None:
        return None


class HalfWay(Downloads):
    """Has come so far with whatever is wanted, until it is told that all of it is there."""

    def __init__(self) -> None:
        self.all = []
        self._listeners = []

    async def keep(self, clips: Mapping[str, Iterable[str]]) -> list[Download]:
        named = [Named(Clip(clip, Phase.DONE), task=task) for task, chosen in clips.items() for clip in chosen]
        wishes = [Wish(each, What.AUDIO, Path(), "") for each in named]
        self.all = [Download(wish, DownloadState.RUNNING, Progress(2_900_000, 4_700_000)) for wish in wishes]
        return self.all

    def save(self, ledger: FileLedger, path: str) -> None:
        """Have all of it there."""
        for download in self.all:
            entry = FileEntry(download.task, download.clip, What.AUDIO.value, FileState.SAVED, path, 4_700_000)
            ledger.note(entry)
            download.saved, download.state = Saved(Path(path), entry.size), DownloadState.SAVED
            for listener in self._listeners:
                listener(download)

    def stop(self) -> None:
        pass


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_every_screen_is_as_it_was_looked_at_last(
    look: Look, make_session: MakeSession, make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_controller, "RESTED_AFTER", 0.001)
    paints = count_paints(monkeypatch)
    if look.mode == "mono":
        monkeypatch.setenv("NO_COLOR", "1")
    session = make_session(*tasks_of_every_kind())
    paths = find_paths({"ECOVAI_DATA_DIR": str(tmp_path), "HOME": str(tmp_path)})
    session.submissions = NoPrices(session.settings, paths, lambda: Secret("sk-of-nobody"), session.clock)
    with speaking(Chinese()) if look.mode == "chinese" else nullcontext():
        app = make_app(session, **look.options)
        seen = "".join([part async for part in pages(app, session, look, paints)])
    file = FOLDER / f"{look.name}.txt"
    if TAKES:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(seen)
    assert seen == file.read_text(), "Look at the screens, and keep them: SCREENS=take pytest tests/tui/test_screens.py"


def count_paints(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Have the app render nothing until a page is looked at, and return a list that grows by one a paint."""
    paints: list[None] = []

    def paint(compositor: Compositor, **_how: object) -> None:
        compositor._dirty_regions.clear()
        paints.append(None)

    monkeypatch.setattr(Compositor, "render_update", paint)
    return paints


async def pages(app: MonitorApp, session: HandSession, look: Look, paints: list[None]) -> AsyncIterator[str]:
    """Yield each screen as it stands in the file."""
    async with app.run_test(size=(look.columns, look.lines)) as pilot:
        await settled(pilot, paints)
        page("what rows ask for as they are painted", app)
        session.engine.publish()
        await settled(pilot, paints)
        for name, keys, back in SCREENS:
            await pilot.press(*keys)
            await settled(pilot, paints)
            yield page(name, app, in_full=look.in_full)
            await pilot.press(*back)
        trouble = Trouble("No way to the gateway.", kind="offline", since=session.clock.now() - 60)
        session.engine.tell(Link(trouble=trouble, next_poll=session.clock.now() + 40))
        await settled(pilot, paints)
        yield page("trouble", app, in_full=look.in_full)
        await pilot.press("i")
        await settled(pilot, paints)
        yield page("messages", app, in_full=look.in_full)
        await pilot.press("escape")
        session.engine.tell(Link(asking_since=session.clock.now() - 12, latencies=(0.2, 0.3, 0.2, 4.0)))
        await settled(pilot, paints)
        yield page("late", app, in_full=look.in_full)
        session.engine.tell(Link(read_only=True))
        session.watch_list.remove(session.watch_list.read().ids, now=session.clock.now())
        session.engine.mirror()
        await settled(pilot, paints)
        yield page("empty", app, in_full=look.in_full)
        session.watch_list.undo_last(now=session.clock.now())
        session.engine.mirror()
        session.engine.tell(Link())
        await settled(pilot, paints)
        async for part in pages_of_a_file(app, session, pilot, paints, look):
            yield part
        app.say("Id copied")
        await settled(pilot, paints)
        yield page("toast", app, in_full=look.in_full)


async def pages_of_a_file(
    app: MonitorApp, session: HandSession, pilot: Pilot[int], paints: list[None], look: Look
) -> AsyncIterator[str]:
    """Yield how a download looks half way, and once the file is there."""
    session.files = files = HalfWay()
    await pilot.press("g", *"jjjj", "D")
    await until(pilot, lambda: bool(files.all), "the download")
    await settled(pilot, paints)
    yield page("download", app, in_full=look.in_full)
    files.save(FileLedger(session.replica), "/music/Harbour Lights-clip-3-0.mp3")
    await until(pilot, lambda: (task := app.main.task_list.find("task-3")) and task.files == 1, "the file")
    await settled(pilot, paints)
    yield page("file", app, in_full=look.in_full)
    await pilot.press("g")


async def settled(pilot: Pilot[int], paints: list[None]) -> None:
    """Wait until nothing is painted any more."""
    before = -1
    while before != len(paints):
        before = len(paints)
        await pilot.pause()


def rows(app: MonitorApp) -> list[Strip]:
    """Return the rows of the screen as it stands, what it has behind it included."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def page(name: str, app: MonitorApp, *, in_full: bool = True) -> str:
    strips = rows(app)
    text = [strip.text.rstrip() for strip in strips] if in_full else []
    styles = (" ".join(digest(strip, system) for strip in strips) for system in (None, ColorSystem.EIGHT_BIT))
    return "\n".join((f"== {name}", *text, *(f"-- {digests}" for digests in styles), ""))


def digest(strip: Strip, system: ColorSystem | None) -> str:
    looks = groupby(strip._segments, lambda segment: written(segment.style, system))
    told = "".join(f"{''.join(segment.text for segment in run)}{look}" for look, run in looks)
    return hashlib.sha256(told.encode()).hexdigest()[:DIGITS]


@cache
def written(style: Style | None, system: ColorSystem | None) -> str:
    if style is None:
        return "-"
    colours = [colour.downgrade(system) if system else colour for colour in (style.color, style.bgcolor) if colour]
    return f"{[colour.get_ansi_codes() for colour in colours]}{style.bold}{style.underline}{style.reverse}{style.dim}"


AS_THEY_ARE = re.compile(
    r"Harbour Lights|Für Elise|A title|[Ss]ong \d+|Words of song \d+, clip \d+"
    r"|\[?Verse\]?|words-99|SUCCESS|chirp-v3|task-\d+|clip-[\d-]+|n task-1|Id copied|/music\b/?|\.mp3|\bMB\b"  # data
    r"|/home/\S+|No way to the gateway\.|https?://\S+|gateway\.example|/ (?:so|age>|zz)|\"(?:so|age|zz)\""
    r"|ecovai-tui [-\w]+.*|curl .*|export .*|api_key\S* = .*|config\.toml|\S+\.toml|sk-\S+"  # commands and settings
    r"|(?:phase|label|model|tag|id|lyrics|title|age|took):?[>:]?\w*|!(?:not|demo)|~\^?\w+|rain lights"  # filters
    r"|\b(?:enter|esc|tab|space|up|down|left|right|Home|End|PgUp|PgDn|ctrl\+\w)\b"  # keys
)


async def test_no_text_reaches_a_screen_past_the_catalogue(
    make_session: MakeSession, make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_controller, "RESTED_AFTER", 0.001)
    paints, look = count_paints(monkeypatch), Look(200, 50)
    session = make_session(*tasks_of_every_kind("港"))
    paths = find_paths({"ECOVAI_DATA_DIR": str(tmp_path), "HOME": str(tmp_path)})
    session.submissions = NoPrices(session.settings, paths, lambda: Secret("sk-of-nobody"), session.clock)
    with speaking(Marked()):
        app = make_app(session, **look.options)
        seen = "".join([part async for part in pages(app, session, look, paints) if not part.startswith("== json")])
    told = (AS_THEY_ARE.sub("", line) for line in seen.splitlines() if not line.startswith(("==", "--")))
    assert [line for line in told if re.search(r"(?<!\w)[A-Za-z]{3,}(?!\w)", line)] == []
