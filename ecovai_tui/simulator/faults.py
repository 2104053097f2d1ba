"""Which requests go wrong, and how: faults by name, drawn from the seed and the number of the request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

BIG_BATCH = 10
"""The most ids in a batch that the fault ``big-batch-500`` lets through."""

RESTRICTED = "restricted"
"""The fault of a key with a list of models: refused everywhere but at the route for single videos."""

REFUSALS = (
    "429", "429-retry-after", "500", "502-html", "503", "504", "html200", "empty200", "garbage",
    "401", "401-exhausted", "401-expired", "401-disabled", "401-database", "401-upstream", "402-money",
    "403-model", RESTRICTED, "403-banned", "403-ip", "403-group", "403-empty", "413", "redirect",
    "cloudflare", "cloudflare-1010", "cloudflare-521", "waf405", "nginx401", "nginx403", "nginx405", "aws403",
    "big-batch-500", "poison",
)  # fmt: skip
"""Faults that answer in place of the gateway: it does nothing of what was asked."""

DAMAGES = ("reset", "cut", "slow", "hang", "double", "text-plain")
"""Faults that happen to the gateway's own answer on its way: what was asked has been done."""

FAULT_NAMES = (*REFUSALS, *DAMAGES)
"""Every fault that ``parse_faults`` understands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the share of requests, from 0 to 1, that it strikes; raises ValueError if there is no such fault.

    Of all requests, counted from 1, it strikes none before ``first`` and none after ``last`` (None: for ever).
    """

    name: str
    rate: float = 1.0
    first: int = 1
    last: int | None = None

    def __post_init__(self) -> None:
        if self.name not in FAULT_NAMES:
            raise ValueError(f"no fault is called {self.name!r}; known: {', '.join(FAULT_NAMES)}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"the rate of the fault {self.name} must be from 0 to 1, not {self.rate:g}")

    def may_strike(self, number: int) -> bool:
        """Return whether the request of this number is one of those that it can strike at all."""
        return self.first <= number and (self.last is None or number <= self.last)


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Read faults as ``html200,cut=0.2,401=3-6``; raises ValueError whose text names the known ones.

    ``3-6`` are the third to the sixth request.
    """
    return tuple(_parse_fault(part.strip()) for part in text.split(",") if part.strip())


def _parse_fault(text: str) -> Fault:
    name, separator, rate = (part.strip() for part in text.partition("="))
    if not separator:
        return Fault(name)
    if span := re.fullmatch(r"(\d+)-(\d+)", rate):
        return Fault(name, first=int(span[1]), last=int(span[2]))
    try:
        share = float(rate)
    except ValueError:
        raise ValueError(
            f"the rate of the fault {name} is not a number: {rate!r}; write for example {name}=0.2"
            f" (known faults: {', '.join(FAULT_NAMES)})"
        ) from None
    return Fault(name, share)


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The faults of one simulator: the same seed and the same request always meet the same fault."""

    seed: int
    faults: tuple[Fault, ...]

    def strike(self, number: int, ids: Sequence[str], poison_id: str) -> str:
        """Return the fault that strikes the request of this number ("" for none); the first one named wins.

        ``ids`` are those of a batch; empty for any other request. ``poison_id`` is the one that ``poison`` hates.
        """
        return next((fault.name for fault in self.faults if self._strikes(fault, number, ids, poison_id)), "")

    def _strikes(self, fault: Fault, number: int, ids: Sequence[str], poison_id: str) -> bool:
        if not fault.may_strike(number):
            return False
        if fault.name == "big-batch-500" and len(ids) <= BIG_BATCH:
            return False
        if fault.name == "poison" and poison_id not in ids:
            return False
        return Random(f"{self.seed}:{number}:{fault.name}").random() < fault.rate
