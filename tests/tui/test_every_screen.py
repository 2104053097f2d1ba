"""Every dialog and what every action says: past the catalogue comes nothing, and Chinese is cut nowhere English is not.

    SCREENS=take pytest tests/tui/test_every_screen.py

writes the Chinese ones to ``screens/``, as ``test_screens.py`` does with the others.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import nullcontext
from gettext import NullTranslations
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from app_harness import NOON, HandSession, MakeApp, MakeSession, song, until
from support.catalogues import Chinese, Marked, speaking
from test_screens import (
    AS_THEY_ARE,
    FOLDER,
    TAKES,
    Look,
    NoPrices,
    count_paints,
    page,
    rows,
    settled,
    tasks_of_every_kind,
)
from textual.events import Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.theme import BUILTIN_THEMES

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.receipt_file import ReceiptFile, Request, State
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.query import FIELDS
from ecovai_tui.tasks.terms import PHASES
from ecovai_tui.tui import panel_controller, toasts
from ecovai_tui.tui.actions.creating import UnknownScreen
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.dialogs.create import CreateScreen
from ecovai_tui.tui.keyboard import STEPS
from ecovai_tui.tui.pages.status import Status, quota_in_words, status_line, title_text
from ecovai_tui.view.actions import ACTIONS
from ecovai_tui.view.theme_choice import find_themes

ELSEWHERE = {
    *STEPS, "previous-clip", "next-clip", "panel", "previous-tab", "next-tab", "tab-1", "tab-2", "tab-4",
    "previous-failed", "next-failed", "unmark-all", "refresh", "compact", "redraw", "back", "filter", "palette",
    "create", "extend", "zoom", "quit", "quit-anywhere", "suspend", "download", "play", "open",
}  # fmt: skip
"""The actions that say nothing of their own, those that other steps take, and those that leave or run a program."""

REASONS = ("任务超时（1440分钟）", "可能包含敏感词", "分组 a 下模型 b 无可用渠道（distributor）", "谁也没见过的原因")


class Step(NamedTuple):
    """How a page is reached from the list, by keys and what is pasted then, and left again."""

    name: str
    keys: Sequence[str]
    pasted: str = ""
    back: Sequence[str] = ("escape",)
    opens: bool = True
    """Whether there is a dialog then."""


SIZES = ((120, 40), (80, 24), (40, 10))

WAYS = (
    Step("another theme", ("t", "down", "down")),
    Step("label of several", ("space", "space", "e"), back=("escape", "U", "g")),
    Step("nothing to add", ("a",), "zz z"),
    Step("add what is there", ("a",), "task-1 task-2"),
    Step("add of a family", ("a",), "luma:x zzz:y"),
    Step("copy from a failure", ("n", "ctrl+y"), back=("escape", "g")),
    Step("help that searches", ("question_mark", "slash"), "co", ("escape", "escape")),
    Step("help that finds nothing", ("question_mark", "slash"), "zzq", ("escape", "escape")),
    Step("no such action", ("colon",), "zzq"),
    Step("a filter by the time", ("slash",), "took>1m", opens=False),
    Step("a pattern without an end", ("slash",), "~a(b", opens=False),
    Step("a field that is none", ("slash",), "zz:a", opens=False),
    Step("a phase that is none", ("slash",), "phase:zz", opens=False),
    Step("create from a failure", ("n", "c"), back=("escape", "g")),
    Step("extend", ("g", "j", "E"), back=("escape", "g")),
    Step("zoomed history of a failure", ("n", "f", "3"), back=("f", "1", "g"), opens=False),
    Step("zoomed details of a failure", ("n", "f", "2"), back=("f", "1", "g"), opens=False),
    Step("zoomed lyrics of a failure", ("n", "f"), back=("f", "g"), opens=False),
)


def steps_of_actions() -> list[Step]:
    """Return a step for each action that has a key."""
    pressed = [action for action in ACTIONS if action.keys and action.id not in ELSEWHERE]
    return [
        Step(f"action {action.id}", (key_name(action.keys[0]),), back=("escape", "escape"), opens=action.asks)
        for action in pressed
    ]


def key_name(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


async def dialogs(app: MonitorApp, session: HandSession, look: Look, paints: list[None]) -> AsyncIterator[str]:
    """Yield the page of each step, those of the form for each kind, and that of an outcome that nobody knows."""
    async with app.run_test(size=(look.columns, look.lines)) as pilot:
        await settled(pilot, paints)
        page("what rows ask for as they are painted", app)
        session.engine.publish()
        await settled(pilot, paints)
        assert session.submissions is not None
        [receipt] = await session.submissions.read_receipts()
        app.push_screen(UnknownScreen(app.main.context, session.submissions, receipt))
        yield await seen_after(pilot, app, paints, "an outcome that nobody knows")
        yield await seen_after(pilot, app, paints, "no id of it", ("enter",))
        await pilot.press("escape", "j", "j")
        for step in (*WAYS, *steps_of_actions()):
            app.main.toasts._stop_talking()
            yield await seen_after(pilot, app, paints, *step[:3], opens=step.opens)
            await pilot.press(*step.back)
            await until(pilot, lambda: app.screen is app.main, "the list")
            await settled(pilot, paints)
        async for part in form(pilot, app, paints):
            yield part


async def seen_after(
    pilot: Pilot[int],
    app: MonitorApp,
    paints: list[None],
    name: str,
    keys: Sequence[str] = (),
    pasted: str = "",
    *,
    opens: bool = True,
) -> str:
    await pilot.press(*keys)
    await until(pilot, lambda: (app.screen is not app.main) == opens, name)
    if pasted:
        await settled(pilot, paints)
        app.post_message(Paste(pasted))
    await settled(pilot, paints)
    return text_of(name, app)


def text_of(name: str, app: MonitorApp) -> str:
    return "\n".join((f"== {name}", *(strip.text.rstrip() for strip in rows(app)), ""))


async def form(pilot: Pilot[int], app: MonitorApp, paints: list[None]) -> AsyncIterator[str]:
    """Yield the form for each kind: as it opens, as it complains, and what it would send."""
    app.main.toasts._stop_talking()
    await pilot.press("c")
    await until(pilot, lambda: isinstance(app.screen, CreateScreen), "the form")
    for number in range(2):
        await settled(pilot, paints)
        screen = app.screen
        assert isinstance(screen, CreateScreen)
        yield text_of(f"form {number}", app)
        yield await seen_after(pilot, app, paints, f"form {number} without its text", ("ctrl+r",))
        yield await seen_after(pilot, app, paints, f"form {number} with a text", (), "rain")
        await pilot.press("ctrl+r")
        await until(pilot, lambda form=screen: app.screen is not form, "the request")  # type: ignore[misc]
        yield await seen_after(pilot, app, paints, f"request of form {number}")
        await pilot.press("escape")
        screen.action_step_kind(1)
    await pilot.press("escape")


OpenSession = Callable[[], HandSession]


@pytest.fixture
def open_session(make_session: MakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenSession:
    """Watches tasks in every state, and has a submission of which nobody knows what became."""
    monkeypatch.setattr(panel_controller, "RESTED_AFTER", 0.001)
    monkeypatch.setattr(toasts, "SHOWN_FOR", 1e6)

    def open_one() -> HandSession:
        folder = tmp_path / f"{len([*tmp_path.iterdir()])}"
        return session_in(folder, make_session)

    return open_one


def session_in(folder: Path, make_session: MakeSession) -> HandSession:
    failed = [song(number, Phase.FAILED, clips=0, fail_reason=told) for number, told in enumerate(REASONS, start=40)]
    session = make_session(*tasks_of_every_kind("港"), *failed)
    paths = find_paths({"ECOVAI_DATA_DIR": str(folder), "HOME": str(folder)})
    receipts, now = ReceiptFile(paths.receipts), session.clock.now()
    body = json.dumps({"title": "Harbour Lights", "mv": "chirp-v3"})
    request = Request("music", "/suno/submit/music", body, "d", session.settings.base_url, None)
    receipts.end(receipts.begin(request, now - 60, used_before=1.0).number, State.UNKNOWN, now - 30)
    receipts.note_used(1, 1.5)
    session.submissions = NoPrices(session.settings, paths, lambda: Secret("sk-of-nobody"), session.clock)
    return session


async def walked(
    catalogue: NullTranslations | None,
    look: Look,
    session: HandSession,
    make_app: MakeApp,
    paints: list[None],
    walk: Callable[[MonitorApp, HandSession, Look, list[None]], AsyncIterator[str]] = dialogs,
) -> list[str]:
    with speaking(catalogue) if catalogue else nullcontext():
        app = make_app(session, **look.options)
        return [part async for part in walk(app, session, look, paints)]


NAMES = set(re.findall("[a-z]+", " ".join((*find_themes(Path("/nowhere")).themes, *BUILTIN_THEMES, *FIELDS, *PHASES))))
"""Words that programs read."""

AS_TYPED = {
    "rain",
    "luma",
    "zzz",
    "zzq",
    "POST",
    "prompt",
    "distributor",
    "missing",
    "unterminated",
    "subpattern",
    "clip",
}
"""Words that are typed here, those of a request, and those of Python's own about a pattern."""


async def test_no_text_of_a_dialog_or_an_action_is_past_the_catalogue(
    open_session: OpenSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints, look = count_paints(monkeypatch), Look(200, 50)
    seen = "".join(await walked(Marked(), look, open_session(), make_app, paints))
    told = (AS_THEY_ARE.sub("", line) for line in seen.splitlines() if not line.startswith(("==", "--")))
    words = Counter(chain.from_iterable(re.findall(r"(?<!\w)[A-Za-z]{3,}(?!\w)", line) for line in told))
    assert words.keys() - NAMES - AS_TYPED == set()


TROUBLE = Trouble("网关。", "detail", kind="server error")
STANDING = Status("网关", "", dict.fromkeys(Phase, 1), Link(next_poll=NOON + 4), 5.0, heard_at=NOON - 60)


def standings() -> Iterator[Status]:
    """Yield what the status bar can tell."""
    yield STANDING
    for link in (
        Link(),
        Link(next_poll=NOON + 300),
        Link(paused=True),
        Link(read_only=True),
        Link(asking_since=NOON - 12),
        Link(last_reply=NOON - 2, latencies=(0.2, 4.0, 0.01), next_poll=NOON + 4),
        Link(trouble=TROUBLE, next_poll=NOON + 31),
        Link(trouble=TROUBLE, next_poll=NOON + 3_000),
        Link(trouble=TROUBLE, asking_since=NOON - 12),
        Link(trouble=TROUBLE, paused=True),
        Link(trouble=TROUBLE),
    ):
        yield STANDING._replace(link=link)
    yield STANDING._replace(demo=True)
    yield STANDING._replace(asked_at=NOON - 1)
    yield STANDING._replace(asked_at=NOON - 1, link=Link(asking_since=NOON - 1))
    yield STANDING._replace(median=0.05)
    yield STANDING._replace(median=2.0, quota=quota_in_words(3.0))
    yield STANDING._replace(failure="网关。", problem="网关。")


@pytest.mark.parametrize("width", [200, 120, 80, 40])
def test_the_status_bar_is_in_the_catalogue_and_cut_in_english_alone(
    width: int,
) -> None:
    def told() -> list[str]:
        bars = [status_line(status, NOON, width).text for status in standings()]
        return [*bars, *(title_text("", status.counts, status.link) for status in standings())]

    with speaking(Marked()):
        words = chain.from_iterable(re.findall(r"(?<!\w)[A-Za-z]{3,}(?!\w)", text) for text in told())
        assert set(words) <= {"detail", "ecovai", "tui"}
    with speaking(Chinese()):
        chinese = told()
    assert [(a, b) for a, b in zip(chinese, told(), strict=True) if a.count("…") > b.count("…")] == []


def stored(look: Look, dialogs_alone: str = "") -> dict[str, str]:
    """Return the pages of a file by their names."""
    text = (FOLDER / f"{look.name}{dialogs_alone}.txt").read_text()
    pages = [page.partition("\n") for page in re.split(r"^== ", text, flags=re.MULTILINE)[1:]]
    return {name: "\n".join(row for row in rest.splitlines() if not row.startswith("-- ")) for name, _, rest in pages}


@pytest.mark.parametrize("mode", ["dark", "chinese"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_dialog_is_as_it_was_looked_at_last(
    size: tuple[int, int], mode: str, open_session: OpenSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    paints, look = count_paints(monkeypatch), Look(*size, mode)
    seen = "".join(await walked(Chinese() if mode == "chinese" else None, look, open_session(), make_app, paints))
    file = FOLDER / f"{look.name}-dialogs.txt"
    if TAKES:
        file.write_text(seen)
    assert seen == file.read_text(), f"Look at them, and keep them: SCREENS=take pytest {Path(__file__).name}"


@pytest.mark.parametrize("which", ["", "-dialogs"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_chinese_is_cut_nowhere_where_english_is_not(size: tuple[int, int], which: str) -> None:
    chinese, english = (stored(Look(*size, mode), which) for mode in ("chinese", "dark"))
    assert chinese.keys() == english.keys()
    cuts = {name: (cuts_in(page), cuts_in(english[name])) for name, page in chinese.items()}
    assert {name: counts for name, counts in cuts.items() if counts[0] > counts[1]} == {}
    assert [row for page in chinese.values() for row in page.splitlines() if ILL_SET.search(row)] == []


def cuts_in(page: str) -> int:
    """Return how much is cut, but for messages that are beside the key that shows all of them."""
    return sum(row.count("…") for row in page.splitlines() if "查看全文" not in row)


ILL_SET = re.compile(r"(?:^|[│|])\s*[，。、：；！？）”]")
"""A row that begins with a sign that ends something."""
