"""Counting how much is done between two turns of the event loop, which no clock can tell on a busy machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest


class Turns:
    """Counts the work of methods by the step of the event loop in which it was done."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.work: Counter[int] = Counter()
        self._patch, self._step = patch, 0
        run = asyncio.Handle._run

        def run_and_count(handle: asyncio.Handle) -> None:
            self._step += 1
            run(handle)

        patch.setattr(asyncio.Handle, "_run", run_and_count)

    def count(self, owner: type, name: str, amount: Callable[..., int]) -> None:
        """Count each call of a method by what ``amount`` makes of its arguments."""
        method = getattr(owner, name)

        def call(itself: object, *args: Any, **named: Any) -> object:
            self.work[self._step] += amount(*args, **named)
            return method(itself, *args, **named)

        self._patch.setattr(owner, name, call)

    @property
    def most(self) -> int:
        """The most that was done in one step."""
        return max(self.work.values(), default=0)
