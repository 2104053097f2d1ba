"""Making a song in the form: nothing is sent before Send, nothing is sent twice, and no text is lost."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from app_harness import said, screen_text, until
from textual.pilot import Pilot
from textual.widgets import Input

from ecovai_tui.engine.session import open_session
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, Request, State
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.actions.creating import UnknownScreen
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options as RunOptions
from ecovai_tui.tui.dialogs.create import MEANT, SENDING, CreateScreen
from ecovai_tui.view.submission_form import Way

ABOUT = "rain"


class Stage:
    """A gateway, and the program on it."""

    def __init__(self, simulator: Simulator, variables: dict[str, str], folder: Path) -> None:
        self.simulator, self.variables, self.folder = simulator, variables, folder
        self.paths: Paths = find_paths(variables)

    @asynccontextmanager
    async def program(
        self, size: tuple[int, int] = (120, 40), *, readonly: bool = False, ascii_only: bool = False
    ) -> AsyncIterator[Hands]:
        settings = load_settings(Flags(readonly=readonly or None), self.variables, self.paths)
        session = open_session(settings, self.paths, reads_quota=True)
        options = RunOptions(Capabilities(depth=ColourDepth.TRUE, unicode=True), self.folder, ascii=ascii_only)
        app = MonitorApp(session, options)
        async with app.run_test(size=size) as pilot:
            yield Hands(app, pilot, self)
        session.close()

    def watch(self, *names: str) -> None:
        WatchListFile(self.paths.watchlist("simulator")).add(names, now=time.time())

    @property
    def watched(self) -> tuple[str, ...]:
        return WatchListFile(self.paths.watchlist("simulator")).read().ids

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        return ReceiptFile(self.paths.receipts).read(time.time())

    @property
    def draft(self) -> dict[str, Any]:
        path = self.paths.drafts("simulator")
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(receipt.request.body) for receipt in self.receipts]


class Hands:
    """Somebody at the keyboard of the program."""

    def __init__(self, app: MonitorApp, pilot: Pilot[int], stage: Stage) -> None:
        self.app, self.pilot, self.stage = app, pilot, stage

    @property
    def seen(self) -> str:
        return screen_text(self.app)

    async def see(self, text: str) -> None:
        await until(self.pilot, lambda: " ".join(text.split()) in self.folded, text)

    @property
    def folded(self) -> str:
        """What is seen without frames and line ends."""
        return " ".join(self.seen.replace("│", " ").split())

    async def open(self, key: str = "c") -> None:
        await self.pilot.press(key)
        await until(self.pilot, lambda: isinstance(self.app.screen, CreateScreen), "the form")
        await self.pilot.pause()

    def files_of(self, task_id: str) -> int:
        watched = self.app.main.task_list.find(task_id)
        return watched.files if watched else 0

    async def type(self, text: str) -> None:
        await self.pilot.press(
            *("enter" if letter == "\n" else "space" if letter == " " else letter for letter in text)
        )

    async def press_send(self) -> None:
        form = self.app.screen
        assert isinstance(form, CreateScreen)
        while str(getattr(self.app.focused, "content", "")) not in {" Send ", " Close "}:
            await self.pilot.press("shift+tab")
        await self.pilot.press("enter")
        await self.pilot.pause()

    async def send(self, about: str, told: str) -> None:
        """Fill in a new form, send it, and see what is told of it."""
        await self.open()
        await self.type(about)
        await self.press_send()
        await self.see(told)


Open = Callable[..., Stage]


@pytest.fixture
def open_stage(environment: dict[str, str], tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def start(faults: str = "", **options: Any) -> Stage:
            chosen = {"speed": 60.0, "arrivals": False, "population": 0, **options}
            simulator = stack.enter_context(Simulator(Options(faults=parse_faults(faults), **chosen)))
            variables = environment | {
                "ECOVAI_PROFILE": "simulator",
                "ECOVAI_BASE_URL": simulator.base_url,
                "ECOVAI_API_KEY": simulator.key,
            }
            return Stage(simulator, variables, tmp_path / "themes")

        yield start


Program = Callable[[], AbstractAsyncContextManager[Hands]]


async def test_nothing_is_sent_before_send_and_then_once_and_the_row_is_there(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        await hands.open()
        assert "nothing is sent before you press Send" in hands.seen
        await hands.type(ABOUT)
        await hands.see(f"{len(ABOUT)} of 500")
        await hands.see("2 clips, about $0.10 of")
        assert stage.simulator.taken == ()
        await hands.press_send()
        await hands.see("Accepted as")
        assert stage.bodies() == [{"gpt_description_prompt": ABOUT}]
        await hands.pilot.press("enter")
        await until(hands.pilot, lambda: hands.app.screen is hands.app.main, "the table")
        await until(hands.pilot, lambda: hands.app.main.table.cursor_id == stage.simulator.ids[0], "its row")
    assert stage.watched == stage.simulator.ids
    assert stage.draft == {}


async def test_the_files_are_kept_once_they_are_there_where_that_was_ticked(open_stage: Open) -> None:
    stage = open_stage(speed=600.0)
    async with stage.program() as hands:
        await hands.open()
        await hands.type(ABOUT)
        await hands.pilot.press(*["tab"] * 6, "space")
        await hands.press_send()
        await hands.see("Accepted as")
        await hands.pilot.press("escape")
        [task_id] = stage.simulator.ids
        await hands.pilot.press("r")
        await until(hands.pilot, lambda: hands.files_of(task_id) > 0 and not hands.app.main.files.summary, "the files")


async def test_while_it_is_sent_the_dialog_says_so_and_leaving_it_stops_nothing(open_stage: Open) -> None:
    stage = open_stage("slow-60", very_slow_seconds=2.0)
    async with stage.program() as hands:
        await hands.send(ABOUT, SENDING)
        await hands.pilot.press("escape")
        await until(hands.pilot, lambda: hands.app.screen is hands.app.main, "the table")
        await until(hands.pilot, lambda: "Accepted as" in said(hands.app), "the outcome")
    assert stage.watched == stage.simulator.ids
    assert stage.draft == {}


@pytest.mark.pays_twice
async def test_the_same_text_is_asked_about_first(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        for again in (False, True):
            await hands.open()
            await hands.type(ABOUT)
            if again:
                await hands.see("he same went out at")
            await hands.press_send()
            await hands.see(MEANT if again else "Accepted as")
            if not again:
                await hands.pilot.press("escape")
        assert len(stage.simulator.taken) == 1
        await hands.pilot.press("enter")
        await hands.see("Accepted as")
        assert len(stage.simulator.taken) == 2


async def test_what_was_refused_is_said_and_can_be_changed(open_stage: Open) -> None:
    stage = open_stage("saturated-429")
    async with stage.program() as hands:
        await hands.send(ABOUT, "Nothing was charged.")
        assert stage.draft["music"]["about"] == "rain"
        assert stage.receipts[-1].state is State.REFUSED


async def test_what_is_missing_is_named_and_nothing_is_sent(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        await hands.open()
        await hands.press_send()
        await hands.see("What is the song about?")
        assert not stage.receipts


async def test_a_draft_outlives_escape_and_a_kill(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        await hands.open()
        await hands.type("rain")
        await hands.pilot.press("escape")
        await hands.open()
        await hands.see("rain")
        await hands.type(" and snow")
        await until(hands.pilot, lambda: stage.draft["music"]["about"] == "rain and snow", "the draft")
    async with stage.program() as hands:
        await hands.open()
        await hands.see("rain and snow")


async def test_each_kind_has_its_draft_and_each_way_its_fields(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        await hands.open()
        await hands.type("rain")
        await hands.pilot.press("shift+tab", "right_square_bracket")
        await until(hands.pilot, lambda: "Style" not in hands.seen, "the fields of lyrics")
        assert "rain" not in hands.seen
        await hands.pilot.press("tab")
        await hands.type("sun")
        await hands.pilot.press("shift+tab", "left_square_bracket")
        await hands.see("rain")
        await hands.pilot.press("tab")
        for _ in list(Way)[1:]:
            await hands.pilot.press("right")
            await hands.pilot.pause()
        assert "Clip" in hands.seen
        assert "Style" not in hands.seen
        await hands.pilot.press("right")
        await hands.see("rain")
        await hands.pilot.press("escape")
    assert stage.draft["music"]["about"] == "rain"
    assert stage.draft["lyrics"]["about"] == "sun"


async def test_the_request_can_be_looked_at_first(open_stage: Open) -> None:
    stage = open_stage()
    async with stage.program() as hands:
        await hands.open()
        await hands.type("rain")
        await hands.pilot.press("ctrl+r")
        await hands.see('"gpt_description_prompt": "rain"')
        await hands.see(f"POST {stage.simulator.base_url}/suno/submit/music")
        await hands.pilot.press("escape")
        await hands.see("About")
        assert not stage.receipts


async def test_a_failed_task_gives_its_texts_and_a_clip_is_extended(open_stage: Open) -> None:
    stage = open_stage()
    failed = stage.simulator.submit(title="Harbour Lights", script="artist-name")
    stage.watch(failed)
    async with stage.program() as hands:
        await until(hands.pilot, lambda: "failed" in hands.seen, "the failure")
        await hands.open()
        await hands.see("Harbour Lights")
        await hands.pilot.press("escape")
        assert stage.draft.get("music") is None


async def test_a_clip_is_extended_from_the_second_that_is_asked_for(open_stage: Open) -> None:
    stage = open_stage()
    task_id = stage.simulator.submit(title="Harbour Lights")
    stage.watch(task_id)
    async with stage.program() as hands:
        await until(hands.pilot, lambda: "done" in hands.seen, "the song")
        await hands.open("E")
        await hands.type("1:20")
        await hands.press_send()
        await hands.see("Accepted as")
    [body] = stage.bodies()
    assert (body["continue_at"], body["task_id"]) == (80, task_id)


async def test_nothing_can_be_made_in_a_run_that_changes_nothing(open_stage: Open) -> None:
    async with open_stage().program(readonly=True) as hands:
        await hands.pilot.press("c")
        await hands.pilot.pause()
        assert hands.app.screen is hands.app.main


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 10)], ids=str)
async def test_the_field_with_the_cursor_is_seen_at_every_size(open_stage: Open, size: tuple[int, int]) -> None:
    async with open_stage().program(size, ascii_only=True) as hands:
        await hands.open()
        for _ in range(10):
            await hands.pilot.press("tab")
            await hands.pilot.pause()
            focused = hands.app.focused
            assert focused is not None
            whole, seen = focused.region, focused.visible_region if hasattr(focused, "visible_region") else None
            assert hands.app.screen.find_widget(focused).visible_region, (focused, whole, seen)
        assert hands.seen.isascii()


async def test_an_unknown_outcome_is_a_row_until_the_user_says_what_came_of_it(open_stage: Open) -> None:
    stage = open_stage("lost-reply")
    async with stage.program() as hands:
        await hands.send(ABOUT, "may have been taken and charged")
        await hands.pilot.press("escape")
        await until(hands.pilot, lambda: bool(hands.app.main.task_list.unsettled), "its row")
        assert hands.app.main.table.ids[0] == "receipt 1"
        await hands.pilot.press("g", "enter")
        await until(hands.pilot, lambda: isinstance(hands.app.screen, UnknownScreen), "the dialog")
        await hands.see("something was charged")
        [found] = stage.simulator.ids
        hands.app.screen.query_one(Input).value = found
        await hands.pilot.press("enter")
        await until(hands.pilot, lambda: hands.app.main.table.cursor_id == found, "its row")
        assert not hands.app.main.task_list.unsettled
    assert stage.watched == (found,)
    assert [receipt.ids for receipt in stage.receipts] == [(found,)]


async def test_that_nothing_came_of_a_script_s_submission_is_written_down(open_stage: Open) -> None:
    stage = open_stage()
    file = ReceiptFile(stage.paths.receipts)
    request = Request("music", "/suno/submit/music", '{"prompt":"x"}', "d", stage.simulator.base_url, "simulator")
    file.end(file.begin(request, time.time()).number, State.UNKNOWN, time.time(), told="The connection broke.")
    async with stage.program() as hands:
        await until(hands.pilot, lambda: "receipt 1" in hands.app.main.task_list.unsettled, "its row")
        await hands.pilot.press("g", "x")
        assert "It stays until you say what came of it" in said(hands.app)
        await hands.pilot.press("enter")
        await hands.see("The connection broke.")
        await hands.pilot.press("tab", "tab", "tab", "enter")
        await hands.see("No charge about then.")
        await hands.pilot.press("shift+tab", "enter")
        await until(hands.pilot, lambda: not hands.app.main.task_list.unsettled, "the end of its row")
    assert [receipt.state for receipt in stage.receipts] == [State.NOTHING]


async def test_leaving_while_a_submission_is_under_way_waits_for_its_answer(open_stage: Open) -> None:
    stage = open_stage("slow-60", very_slow_seconds=2.0)
    async with stage.program() as hands:
        await hands.send(ABOUT, SENDING)
        await hands.pilot.press("ctrl+c")
        assert "leaves when its id is here" in said(hands.app)
        await until(hands.pilot, lambda: bool(stage.receipts[-1].ids), "the answer")
    assert stage.receipts[-1].ids == stage.simulator.ids


async def test_told_twice_it_leaves_at_once_and_nobody_knows(open_stage: Open) -> None:
    stage = open_stage("slow-60", very_slow_seconds=30.0)
    async with stage.program() as hands:
        await hands.open()
        await hands.type("rain")
        await hands.press_send()
        await until(hands.pilot, lambda: bool(stage.simulator.taken), "the request")
        await hands.pilot.press("ctrl+c", "ctrl+c")
    assert [receipt.state for receipt in stage.receipts] in ([State.SENDING], [State.UNKNOWN])


async def test_an_id_that_was_paid_before_a_kill_is_on_the_list(open_stage: Open) -> None:
    stage = open_stage()
    task_id = stage.simulator.submit(title="Paid")
    file = ReceiptFile(stage.paths.receipts)
    request = Request("music", "/p", "{}", "d", stage.simulator.base_url, "simulator", "take 1")
    file.end(file.begin(request, time.time()).number, State.ACCEPTED, time.time(), ids=[task_id])
    async with stage.program() as hands:
        await until(hands.pilot, lambda: stage.watched == (task_id,), "the id")
        await until(hands.pilot, lambda: hands.app.main.table.cursor_id == task_id, "its row")
