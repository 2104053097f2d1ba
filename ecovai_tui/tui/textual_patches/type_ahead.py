"""What is typed, one thing at a time: each key takes effect before the next is read, however fast they come.

A click that comes alone need not wait: it means what is on the screen now.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeGuard

from textual import events
from textual.widget import Widget

from ecovai_tui.tasks.text import clean_text
from ecovai_tui.terminal.reading.key_codes import character_key
from ecovai_tui.tui.textual_patches.driver import TypedBehindEscape, TypedText, key_event

Plain = events.Key | events.Paste | events.MouseDown | events.MouseUp
"""What a widget takes."""

WORDS = MappingProxyType({"b": "ctrl+left", "f": "ctrl+right", "backspace": "ctrl+w"})
"""What alt and a key do in a field: terminals send them also for option and an arrow."""

TAB_LEADS_ON = "tab_leads_on"
"""The attribute of a field that says that a tab is never a part of its text."""

BAD_BYTES = "bytes that are no UTF-8"
LEFT_OVER = "text behind the line that a field took"


def takes_text(widget: Widget | None) -> bool:
    """Return whether characters are text there."""
    return widget is not None and widget.check_consume_key("a", "a")


class Meaning:
    """Remembers which field the text of a read belongs to: the one that had the focus when it began."""

    def __init__(
        self, focused: Callable[[], Widget | None], is_bound: Callable[[str], bool], ignore: Callable[[str], None]
    ) -> None:
        """``is_bound`` tells whether a key such as ``alt+x`` does something; ``ignore`` is told what does nothing."""
        self._focused = focused
        self._is_bound = is_bound
        self._ignore = ignore
        self._read: int | None = None
        self._owner: Widget | None = None

    def of(self, typed: TypedText | TypedBehindEscape) -> Sequence[Plain]:
        """Return the keys, or the text for a field."""
        return self._text(typed) if isinstance(typed, TypedText) else self._behind_escape(typed)

    def _text(self, typed: TypedText) -> Sequence[Plain]:
        focused = self._focused()
        if typed.read != self._read:
            self._read, self._owner = typed.read, focused if takes_text(focused) else None
        if self._owner is None and not typed.damaged:
            return [key_event(character_key(character)) for character in typed.text]
        if self._owner is None or self._owner is not focused:
            self._ignore(BAD_BYTES if typed.damaged else LEFT_OVER)
            return ()
        return [*_around_tabs(typed.text, everywhere=bool(getattr(focused, TAB_LEADS_ON, False)))]

    def _behind_escape(self, typed: TypedBehindEscape) -> Sequence[Plain]:
        key, self._read = typed.key, None  # what comes behind it goes where the escape leads
        alt = f"alt+{key.name}"
        if self._is_bound(alt):
            return [events.Key(alt, None)]
        if typed.at_once and key.name in WORDS and takes_text(self._focused()):
            return [events.Key(WORDS[key.name], None)]
        return [events.Key("escape", "\x1b"), key_event(key)]


def _around_tabs(text: str, *, everywhere: bool) -> Iterator[Plain]:
    """Yield text for a field; tabs at its ends, or ``everywhere``, are the key that leads from field to field."""
    body = text.strip("\t")
    parts = re.split("(\t)", text) if everywhere or not body else text.partition(body)
    for part in parts:
        yield from (key_event(character_key(tab)) for tab in part) if not part.strip("\t") else _in_field(part)


def _in_field(text: str) -> list[Plain]:
    """Return text for a field; a line end that ends it is the enter key."""
    body = text.removesuffix("\n").removesuffix("\r")
    events_of_it: list[Plain] = [events.Paste(clean_text(body, len(body)))] if body else []
    return events_of_it if body == text else [*events_of_it, events.Key("enter", "\r")]


Typed: TypeAlias = Plain | TypedText | TypedBehindEscape

LONGEST = 1.0
"""Seconds that the next key waits at most: something that never comes to rest must not take the keyboard away."""

LONGEST_HOLD = 6.0
"""Seconds that keys are held at most: longer than the lock of the watch list is waited for."""


class Unfinished(NamedTuple):
    """A text that was being typed, and the action for which."""

    action_id: str
    text: str


class TypedAhead:
    """Delivers keys and pastes in their order, and holds them while a dialog opens or an action is performed.

    They are meant for that dialog, or for what the screen shows after that action.

    Textual only queues a key for the widget that has the focus, and performs a binding such as enter's once the key has
    come all the way up to the app again. Keys behind it would meanwhile go to a widget that is about to lose the focus.
    """

    def __init__(
        self,
        meant: Callable[[TypedText | TypedBehindEscape], Sequence[Plain]],
        deliver: Callable[[Plain], Awaitable[bool]],
        took_effect: Callable[[], bool],
        call_later: Callable[[Callable[[], Awaitable[None]]], object],
    ) -> None:
        """``meant`` tells what something stands for that means one thing in a field and another elsewhere.

        ``deliver`` gives an event to what has the focus, and tells whether the next one has to wait for its effect.

        ``took_effect`` tells whether all is done that the event led to.
        ``call_later`` calls back from the app's own queue, behind what is in it.
        """
        self._meant = meant
        self._deliver = deliver
        self._took_effect = took_effect
        self._call_later = call_later
        self.unfinished: Unfinished | None = None
        """What the last key, an escape, left unfinished; a sequence in pieces can have been taken for that key."""
        self._taken_up = ""
        self._waiting: deque[Typed] = deque()
        self._holding: asyncio.TimerHandle | None = None
        """While events are held, what ends that in any case."""
        self._busy_until: float | None = None
        """While an event takes effect, the moment at which it is given up."""

    @property
    def waiting(self) -> bool:
        """Whether more was typed than has been delivered."""
        return bool(self._waiting)

    def takes(self, event: events.Event) -> TypeGuard[Typed]:
        """Return whether an event comes this way: keys and pastes do, and a click behind keys that still wait."""
        if not isinstance(event, Typed) or event.is_forwarded:
            return False
        return bool(self._waiting) or not isinstance(event, events.MouseEvent)

    def take_back(self) -> str:
        """Return the action that an escape left unfinished, as it was none, and keep its text for that; else ""."""
        if self.unfinished is None:
            return ""
        (action_id, self._taken_up), self.unfinished = self.unfinished, None
        return action_id

    def take_up(self) -> str:
        """Return the text of what was taken back, once; else ""."""
        text, self._taken_up = self._taken_up, ""
        return text

    def hold(self) -> None:
        """Hold everything from now on: a dialog is about to open, or an action takes its time."""
        self._let_go()
        self._holding = asyncio.get_running_loop().call_later(LONGEST_HOLD, self._call_later, self.hand_over)

    async def take(self, typed: Typed) -> None:
        """Deliver an event once those before it took effect, and not while it is to be held."""
        self._waiting.append(typed)
        await self._go_on()

    async def hand_over(self) -> None:
        """Deliver what was held: the dialog is ready or will not come, or the action is done."""
        self._let_go()
        await self._go_on()

    def _let_go(self) -> None:
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None

    async def _go_on(self) -> None:
        while self._waiting and self._holding is None and self._busy_until is None:
            typed = self._waiting.popleft()
            if isinstance(typed, TypedText | TypedBehindEscape):
                self._waiting.extendleft(reversed(self._meant(typed)))
            elif await self._deliver(typed):
                self._busy_until = _now() + LONGEST
                self._call_later(self._look)

    async def _look(self) -> None:
        await asyncio.sleep(0)  # the others' turn
        if self._busy_until is not None and not self._took_effect() and _now() < self._busy_until:
            self._call_later(self._look)
        else:
            self._busy_until = None
            await self._go_on()


def _now() -> float:
    return asyncio.get_running_loop().time()
