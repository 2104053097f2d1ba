"""What is typed fast takes effect in its order, and what is meant for a dialog waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual import events

from ecovai_tui.tui.textual_patches import type_ahead
from ecovai_tui.tui.textual_patches.type_ahead import LONGEST, Typed, TypedAhead


def letters_of(typed: Typed) -> str:
    if isinstance(typed, events.MouseEvent):
        return "<" if isinstance(typed, events.MouseDown) else ">"
    return typed.key if isinstance(typed, events.Key) else typed.text


def click() -> tuple[Typed, Typed]:
    down, up = (
        kind(None, 4, 3, 0, 0, button=1, shift=False, meta=False, ctrl=False)
        for kind in (events.MouseDown, events.MouseUp)
    )
    return down, up


class Screen:
    """Remembers what it was given; what it was given last takes effect when the test says so."""

    def __init__(self) -> None:
        self.keys = TypedAhead(lambda _typed: (), self.take, lambda: self.at_rest, self.call_later)
        self.taken = ""
        self.at_rest = True
        self.to_be_waited_for = True
        self._calls: list[Callable[[], Awaitable[None]]] = []

    async def take(self, typed: Typed) -> bool:
        self.taken += letters_of(typed)
        return self.to_be_waited_for

    def call_later(self, callback: Callable[[], Awaitable[None]]) -> None:
        self._calls.append(callback)

    async def type(self, letters: str) -> None:
        for letter in letters:
            await self.keys.take(events.Key(letter, letter))

    async def work(self, turns: int = 20) -> None:
        """Do what was to be done later, so many times."""
        for _ in range(turns):
            calls, self._calls = self._calls, []
            for call in calls:
                await call()


@pytest.fixture
def screen() -> Screen:
    return Screen()


async def test_a_key_that_comes_alone_is_delivered_at_once(screen: Screen) -> None:
    await screen.type("a")
    assert screen.taken == "a"


async def test_the_next_key_waits_until_the_one_before_it_took_effect(screen: Screen) -> None:
    screen.at_rest = False
    await screen.type("abc")
    await screen.work()
    assert screen.taken == "a"
    screen.at_rest = True
    await screen.work()
    assert screen.taken == "abc"


async def test_a_click_waits_behind_the_keys_that_were_typed_before_it(screen: Screen) -> None:
    screen.at_rest = False
    await screen.type("ab")
    for half in click():
        assert screen.keys.takes(half)
        await screen.keys.take(half)
    await screen.type("c")
    await screen.work()
    assert screen.taken == "a"
    screen.at_rest = True
    await screen.work()
    assert screen.taken == "ab<>c"


async def test_a_click_that_no_key_waits_before_is_not_held_up(screen: Screen) -> None:
    screen.keys.hold()
    assert not any(map(screen.keys.takes, click()))


async def test_what_a_widget_was_given_already_is_not_taken_again(screen: Screen) -> None:
    key = events.Key("a", "a")
    assert screen.keys.takes(key)
    key._set_forwarded()
    assert not screen.keys.takes(key)


async def test_keys_that_leave_the_focus_alone_do_not_wait_for_each_other(screen: Screen) -> None:
    screen.at_rest = screen.to_be_waited_for = False
    await screen.type("jjj")
    assert screen.taken == "jjj"


async def test_what_never_comes_to_rest_does_not_take_the_keyboard_away(screen: Screen) -> None:
    screen.at_rest = False
    await screen.type("ab")
    await asyncio.sleep(LONGEST)
    await screen.work()
    assert screen.taken == "ab"


async def test_what_is_typed_for_a_dialog_waits_until_it_is_ready_pastes_too(screen: Screen) -> None:
    screen.keys.hold()
    await screen.type("ab")
    await screen.keys.take(events.Paste("pasted"))
    await screen.type("c")
    await screen.work()
    assert screen.taken == ""
    await screen.keys.hand_over()
    await screen.work()
    assert screen.taken == "abpastedc"


async def test_a_dialog_that_opens_another_holds_the_rest_for_that(screen: Screen) -> None:
    async def take(typed: Typed) -> bool:
        screen.taken += typed.key if isinstance(typed, events.Key) else ""
        if screen.taken.endswith("o"):
            screen.keys.hold()
        return True

    screen.keys = TypedAhead(lambda _typed: (), take, lambda: True, screen.call_later)
    screen.keys.hold()
    await screen.type("oabc")
    await screen.keys.hand_over()
    await screen.work()
    assert screen.taken == "o"
    await screen.keys.hand_over()
    await screen.work()
    assert screen.taken == "oabc"


async def test_what_is_held_and_never_handed_over_is_delivered_in_the_end(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST_HOLD", 0.01)
    screen.keys.hold()
    await screen.type("a")
    assert screen.taken == ""
    while not screen.taken:
        await asyncio.sleep(0.001)
        await screen.work()
    assert screen.taken == "a"
