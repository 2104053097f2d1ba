"""Keys that are typed before the dialog which they belong to stands on the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events

Deliver = Callable[[events.Key], Awaitable[None]]


class TypedAhead:
    """Holds keys while a dialog opens, so that they reach it and not the screen below."""

    def __init__(self, deliver: Deliver) -> None:
        """``deliver`` hands a key on as if it were typed now."""
        self._deliver = deliver
        self._holding = False
        self._below: list[events.Key] = []
        """Keys that were on their way to the screen below when the dialog was asked for."""
        self._above: list[events.Key] = []
        """Keys that came once the dialog was there, but not ready."""

    def begin(self) -> None:
        """Hold all keys from now on: a dialog is about to open."""
        self._holding = True

    def hold_below(self, key: events.Key) -> bool:
        """Hold a key that reached the screen below; tell whether it is held."""
        return self._hold(key, self._below)

    def hold_above(self, key: events.Key) -> bool:
        """Hold a key that is meant for the dialog; tell whether it is held."""
        return self._hold(key, self._above)

    async def hand_over(self) -> None:
        """Hand on what was held, in the order of typing: the dialog is ready, or will not come."""
        while held := self._below or self._above:
            await self._deliver(held.pop(0))
        self._holding = False

    def _hold(self, key: events.Key, held: list[events.Key]) -> bool:
        if self._holding:
            held.append(events.Key(key.key, key.character))
        return self._holding
