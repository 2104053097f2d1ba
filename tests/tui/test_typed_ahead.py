"""Keys wait for the dialog that they are meant for."""

from __future__ import annotations

import pytest
from textual import events

from ecovai_tui.tui.typed_ahead import TypedAhead


class Dialog:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.keys = TypedAhead(self.take)
        self.taken = ""

    async def take(self, key: events.Key) -> None:
        self.taken += key.key


def key(letter: str) -> events.Key:
    return events.Key(letter, letter)


@pytest.fixture
def dialog() -> Dialog:
    return Dialog()


def test_no_key_is_held_while_no_dialog_opens(dialog: Dialog) -> None:
    assert not dialog.keys.hold_below(key("x"))
    assert not dialog.keys.hold_above(key("x"))


async def test_keys_reach_the_dialog_in_the_order_of_typing(dialog: Dialog) -> None:
    dialog.keys.begin()
    assert dialog.keys.hold_above(key("c"))  # later, but quicker on its way
    assert dialog.keys.hold_below(key("a"))
    assert dialog.keys.hold_below(key("b"))
    await dialog.keys.hand_over()
    assert dialog.taken == "abc"


async def test_once_handed_over_keys_go_their_usual_way(dialog: Dialog) -> None:
    dialog.keys.begin()
    await dialog.keys.hand_over()
    await dialog.keys.hand_over()
    assert not dialog.keys.hold_below(key("x"))
    assert dialog.taken == ""
