"""The dialogs: adding, labelling, copying, choosing a theme, the help and the palette."""

from __future__ import annotations

from typing import TypeVar

import pytest
from app_harness import HandSession, MakeApp, MakeSession, said, song, until
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from ecovai_tui.store.errors import StoreError
from ecovai_tui.terminal.sequences import Copied, CopyWay
from ecovai_tui.tui import terminal_window
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import ids_among_words
from ecovai_tui.tui.dialogs.dialog import HelpScreen, TextScreen
from ecovai_tui.tui.dialogs.fields import AddScreen, Button, IdsArea, LabelScreen, understood
from ecovai_tui.tui.dialogs.palette import ActionPalette, ChoiceScreen, Hits, ThemeScreen
from ecovai_tui.tui.main_screen import MainScreen
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.tui.widgets.panel import PageView

Wanted = TypeVar("Wanted")
SIZE = (120, 40)


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(song(0), song(1), song(2))


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take what is copied instead of giving it to a terminal."""
    texts: list[str] = []

    async def copy(text: str, *_: object) -> tuple[Copied, bytes]:
        texts.append(text)
        return Copied(CopyWay.TERMINAL, "Sent to the terminal's clipboard"), b""

    monkeypatch.setattr(terminal_window, "copy", copy)
    return texts


async def opened(pilot: Pilot[int], kind: type[Wanted]) -> Wanted:
    """Wait for a dialog."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)
    await pilot.pause()
    assert isinstance(pilot.app.screen, kind)
    return pilot.app.screen


async def back(pilot: Pilot[int]) -> None:
    """Wait until the main screen is in front again."""
    await until(pilot, lambda: isinstance(pilot.app.screen, MainScreen), "the main screen")


def prompts(offered: OptionList) -> list[str]:
    return [str(option.prompt) for option in offered.options]


async def test_many_ids_are_pasted_and_added(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("a")
        dialog = await opened(pilot, AddScreen)
        dialog.query_one(IdsArea).insert("new-1 new-2\nnew-3, task-0\n")
        await pilot.press("enter")
        await back(pilot)
        await until(pilot, lambda: "new-3" in app.main.task_list, "the new tasks")
        assert session.watch_list.read().ids == ("task-0", "task-1", "task-2", "new-1", "new-2", "new-3")
        await until(pilot, lambda: "3 tasks added, 1 task watched already" in said(app), "the toast")


async def test_a_paste_without_brackets_does_not_end_at_its_first_line(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        area = (await opened(pilot, AddScreen)).query_one(IdsArea)
        for key in ("a", "enter", "x"):
            area.post_message(_key(key))
        await pilot.pause()
        assert area.text == "a\nx"
        assert isinstance(app.screen, AddScreen)


async def test_a_text_without_an_id_is_not_accepted(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        dialog = await opened(pilot, AddScreen)
        await pilot.press("enter")
        found = dialog.query_one("#found", LineBar)
        await until(pilot, lambda: found.line.text == "✗ No id in this yet", "the answer")
        await pilot.press("escape")
        await back(pilot)
        assert len(session.watch_list.read().ids) == 3


async def test_what_was_understood_is_told_while_it_is_typed_and_nothing_moves(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        dialog = await opened(pilot, AddScreen)
        found, box = dialog.query_one("#found", LineBar), dialog.query_one(".dialog")
        before = box.region
        assert found.line.text == ""
        assert found.region.height == 1
        await pilot.press(*"-")
        assert found.line.text == "✗ No id in this yet"
        await pilot.press("backspace", *"ab task-0 cd")
        assert found.line.text == "✓ 2 new ids   1 is on the list already"
        assert str(dialog.query_one("#add", Button).content) == " Add 3 "
        assert box.region == before


async def test_a_label_goes_to_all_that_is_added(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a")
        dialog = await opened(pilot, AddScreen)
        dialog.query_one(IdsArea).insert("new-1 new-2")
        await pilot.press("tab", *"for Mira", "enter")
        await back(pilot)
        await until(pilot, lambda: "new-2" in app.main.task_list, "the new tasks")
        assert session.watch_list.read().labels == {"new-1": "for Mira", "new-2": "for Mira"}


async def test_the_button_adds_and_cancel_does_not(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for button, there in (("#cancel", False), ("#add", True)):
            await pilot.press("a")
            dialog = await opened(pilot, AddScreen)
            dialog.query_one(IdsArea).text = "new-1"
            await pilot.pause()
            await pilot.click(button)
            await back(pilot)
            assert ("new-1" in session.watch_list.read().ids) is there


@pytest.mark.parametrize("size", [(40, 10), (60, 12), (80, 24), (200, 60)])
async def test_the_dialog_that_adds_is_whole_at_every_size(app: MonitorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("a")
        dialog = await opened(pilot, AddScreen)
        box = dialog.query_one(".dialog").region
        for part in ("IdsArea", "#found", "#label"):
            assert dialog.query_one(part).region.height >= 1
            assert box.contains_region(dialog.query_one(part).region), part


WATCHED = frozenset({"a", "b"})
UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], "✗ No id in this yet"),
        (["x"], "✓ 1 new id"),
        (["a"], "✓ 1 is on the list already"),
        (["a", "b"], "✓ 2 are on the list already"),
        (["a", "x", "b"], "✓ 1 new id   2 are on the list already"),
        (["y", "x"], "✓ 2 new ids"),
    ],
)
def test_what_was_understood_is_told_in_words(ids: list[str], words: str) -> None:
    assert understood(ids, WATCHED.__contains__).text == words


def test_it_is_told_what_an_id_was_taken_for_that_may_be_of_several_families() -> None:
    guessed = "✓ 1 new id   taken for suno, else write runway:ID"
    assert understood([UUID], WATCHED.__contains__, UUID).text == guessed
    assert understood([UUID], WATCHED.__contains__, f"GET /suno/fetch/{UUID}").text == "✓ 1 new id"
    assert understood([UUID], {UUID}.__contains__, UUID).text == "✓ 1 is on the list already"


def test_words_that_can_be_ids_are_found_once_each() -> None:
    assert ids_among_words('"a", b\n-c b\u0007') == ["a", "b"]


async def test_a_watch_list_that_cannot_be_written_is_told(
    app: MonitorApp, session: HandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("Cannot save the watch list: the disk is full.")

    monkeypatch.setattr(session.watch_list, "remove", fail)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "the disk is full" in said(app), "the toast")
        assert "task-0" in app.main.task_list


async def test_a_label_is_written_and_taken_away(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e")
        await opened(pilot, LabelScreen)
        await pilot.press(*"for the film", "enter")
        await until(pilot, lambda: session.watch_list.read().labels.get("task-0") == "for the film", "the label")
        await back(pilot)
        await pilot.press("e")
        line = (await opened(pilot, LabelScreen)).query_one(Input)
        assert line.value == "for the film"
        line.value = ""
        await pilot.press("enter")
        await until(pilot, lambda: not session.watch_list.read().labels, "the end of the label")


async def test_esc_leaves_a_label_as_it_is(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e")
        await opened(pilot, LabelScreen)
        await pilot.press("x", "escape")
        await back(pilot)
        assert not session.watch_list.read().labels


async def test_y_copies_the_id_and_shows_it(app: MonitorApp, copied: list[str]) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("j", "y")
        await until(pilot, lambda: "task-1" in said(app), "the toast")
    assert copied == ["task-1"]


async def test_y_copies_all_marked_ids(app: MonitorApp, copied: list[str]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "space", "y")
        await until(pilot, lambda: bool(copied), "the copy")
    assert copied == ["task-0\ntask-1"]


async def test_capital_y_copies_the_audio_address_of_the_chosen_clip(app: MonitorApp, copied: list[str]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("l", "Y")
        await until(pilot, lambda: bool(copied), "the copy")
    assert copied == ["https://cdn.example/0-1.mp3"]


async def test_capital_y_copies_all_addresses_of_all_marked_tasks(
    make_session: MakeSession, make_app: MakeApp, copied: list[str]
) -> None:
    app = make_app(make_session(song(0), song(1, clips=0), song(2, clips=1), song(3)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "space", "space", "Y")
        await until(pilot, lambda: bool(said(app)), "the toast")
        assert said(app).endswith("https://cdn.example/0-0.mp3  3 lines  1 task has none yet")
    assert copied == ["\n".join(f"https://cdn.example/{clip}.mp3" for clip in ("0-0", "0-1", "2-0"))]


async def test_where_no_marked_task_has_an_address_capital_y_says_so(
    make_session: MakeSession, make_app: MakeApp, copied: list[str]
) -> None:
    app = make_app(make_session(song(0, clips=0), song(1, clips=0)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "space", "Y")
        await until(pilot, lambda: said(app) == "No audio address to copy: 2 tasks have none yet", "the toast")
    assert copied == []


async def test_a_label_is_told_of_and_taken_back(app: MonitorApp, session: HandSession) -> None:
    def labels() -> dict[str, str]:
        return dict(session.watch_list.read().labels)

    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("e")
        await opened(pilot, LabelScreen)
        await pilot.press(*"one", "enter")
        await until(pilot, lambda: said(app) == 'Song 0 is labelled "one". u takes that back', "the toast")
        await pilot.press("space", "space", "e")
        await opened(pilot, LabelScreen)
        await pilot.press("ctrl+u", *"two", "enter")
        await until(
            pilot,
            lambda: said(app) == '2 tasks are labelled "two". u takes that back',
            "the toast for both",
        )
        await pilot.press("U", "x")
        await until(pilot, lambda: "removed" in said(app), "the removal")
        await pilot.press("u")
        await until(pilot, lambda: "is back" in said(app), "what was removed")
        assert labels() == {"task-0": "two", "task-1": "two"}
        await pilot.press("u")
        await until(pilot, lambda: said(app) == "2 tasks have their former labels again", "the labels")
        assert labels() == {"task-0": "one"}
        await pilot.press("u")
        await until(pilot, lambda: said(app) == "Song 0 is without a label again", "the label")
        assert labels() == {}
        await pilot.press("u")
        await until(pilot, lambda: said(app).startswith("Nothing to take back"), "the end")


async def test_without_an_audio_address_capital_y_says_so(
    make_session: MakeSession, make_app: MakeApp, copied: list[str]
) -> None:
    app = make_app(make_session(song(0, clips=0)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: "no address for this" in said(app), "the toast")
    assert copied == []


async def test_ctrl_y_offers_all_that_can_be_copied(app: MonitorApp, copied: list[str]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+y")
        await opened(pilot, ChoiceScreen)
        await pilot.press("j", "j", "k", "enter")
        await until(pilot, lambda: bool(copied), "the copy")
    assert copied == ["https://cdn.example/0-0.mp3"]


@pytest.mark.parametrize(("keys", "place"), [("G", -1), ("G g", 0), ("n", 1), ("n n p", 1)])
async def test_a_list_of_choices_knows_the_users_own_keys(
    make_session: MakeSession, make_app: MakeApp, keys: str, place: int
) -> None:
    app = make_app(make_session(song(0), keys={"down": "n", "up": "p", "next-failed": "", "pause": ""}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+y")
        await opened(pilot, ChoiceScreen)
        await pilot.press(*keys.split())
        choices = app.screen.query_one(OptionList)
        wanted = range(choices.option_count)[place]
        await until(pilot, lambda: choices.highlighted == wanted, "the choice")
        await pilot.press("q")
        await back(pilot)


async def test_a_long_text_is_offered_with_its_length(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+y")
        await opened(pilot, ChoiceScreen)
        told = prompts(app.screen.query_one(OptionList))
        assert "lyrics      2 lines  [Verse]" in told
        assert "JSON        4 lines" in told


async def test_o_shows_and_copies_the_address_where_no_browser_would_be_seen(
    app: MonitorApp, copied: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: bool(copied), "the copy")
    assert copied == ["https://cdn.example/0-0.mp3"]


async def test_o_opens_a_browser_on_a_desktop(
    session: HandSession, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(seen.append(address)) or True)
    app = make_app(session, environment={"DISPLAY": ":0"})
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: bool(seen), "the browser")
    assert seen == ["https://cdn.example/0-0.mp3"]


async def test_what_could_not_be_copied_is_shown_whole(app: MonitorApp, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> tuple[Copied, bytes]:
        return Copied(CopyWay.NOWHERE, "Not copied: this terminal has no clipboard"), b""

    monkeypatch.setattr(terminal_window, "copy", refuse)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("y")
        dialog = await opened(pilot, TextScreen)
        assert [line.text for line in dialog.query_one(PageView).lines] == ["task-0"]


async def test_a_theme_is_shown_at_once_and_kept_by_enter(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        former = app.theme
        await pilot.press("t")
        names = app.context.themes.names()
        listed = (await opened(pilot, ThemeScreen)).query_one(OptionList)
        assert listed.highlighted == names.index(former)
        await pilot.press("j")
        following = names[names.index(former) + 1]
        await until(pilot, lambda: app.theme == following, "the theme")
        await pilot.press("enter")
        await back(pilot)
        assert app.theme == following


async def test_esc_brings_the_former_theme_back(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        former = app.theme
        await pilot.press("t")
        await opened(pilot, ThemeScreen)
        await pilot.press("j", "j", "escape")
        await back(pilot)
        assert app.theme == former


async def test_every_theme_can_be_worn(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for name in app.context.themes.names():
            app.theme = name
            await pilot.pause()
        assert len(app.available_themes) > 20


async def test_the_help_scrolls_and_leaves_by_its_own_key(app: MonitorApp) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("question_mark")
        page = (await opened(pilot, HelpScreen)).query_one(PageView)
        await pilot.press("G")
        assert page.scroll_offset.y == page.max_scroll_y > 0
        await pilot.press("question_mark")
        await back(pilot)


async def test_a_search_in_the_help_finds_a_key_and_its_words_and_esc_shows_all_again(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        page = (await opened(pilot, HelpScreen)).query_one(PageView)
        before, box = page.lines, app.screen.query_one(".dialog").region
        await pilot.press("slash", *"no such thing")
        assert [line.text for line in page.lines if line.text] == ["No key does this."]
        await pilot.press("ctrl+u", "n")
        rows = [line.text.split() for line in page.lines if line.text]
        assert rows == [["Find"], ["n", "N", "next,", "previous", "failed"]]
        assert app.screen.query_one(".dialog").region == box
        await pilot.press("enter", "n", "escape")
        assert page.lines == before
        await pilot.press("escape")
        await back(pilot)


async def test_q_in_the_help_leaves_only_the_help(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await opened(pilot, TextScreen)
        await pilot.press("q")
        await back(pilot)
        assert app.is_running


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_the_palette_performs_what_is_found_by_its_name(app: MonitorApp, key: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        palette = await opened(pilot, ActionPalette)
        assert palette.query_one(Input).cursor_blink is False
        await pilot.press(*"failed, in whole")
        await until(pilot, lambda: len(palette.query_one(Hits).hits) == 1, "the match")
        await pilot.press("enter")
        await back(pilot)
        await until(pilot, lambda: app.main.task_list.filter_in_words == "failed", "the filter")


@pytest.mark.parametrize(
    ("name", "description"),
    [("unmark-all", "Unmark all"), ("copy id", "Copy the id"), ("active-only", "Show only what is")],
)
async def test_the_palette_knows_the_names_of_the_settings_and_of_the_footer(
    app: MonitorApp, name: str, description: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon")
        palette = await opened(pilot, ActionPalette)
        await pilot.press(*name)
        found = palette.query_one(Hits)
        assert found.hits[0].action.description.startswith(description)
        assert len(found.hits) < len(app.context.keyboard.actions) // 4


async def test_the_palette_moves_by_keys_and_does_what_is_clicked(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon")
        found = (await opened(pilot, ActionPalette)).query_one(Hits)
        first = found.chosen
        await pilot.press("down", "pagedown", "up")
        assert found.chosen not in {None, first}
        await pilot.press(*"zzz")
        assert found.chosen is None
        await pilot.press("enter")
        assert isinstance(app.screen, ActionPalette)
        await pilot.press("backspace", "backspace", "backspace", *"turn the order")
        await pilot.click(Hits, offset=(5, 0))
        await back(pilot)
        await until(pilot, lambda: app.main.task_list.order.reverse, "the order turned round")


def _key(name: str) -> Key:
    return Key(name, "\r" if name == "enter" else name)


@pytest.mark.parametrize("dialog", ["t", "question_mark"])
@pytest.mark.parametrize("key", ["escape", "f9", "f8"])
async def test_escape_leaves_a_dialog_also_where_the_user_chose_other_keys(
    make_session: MakeSession, make_app: MakeApp, dialog: str, key: str
) -> None:
    app = make_app(make_session(song(0), keys={"back": "f9", "quit": "f8", "down": "e", "label": ""}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(dialog)
        await until(pilot, lambda: app.screen is not app.main, "the dialog")
        await pilot.press(key)
        await until(pilot, lambda: app.screen is app.main, "the main screen")
        assert app.is_running
