"""Kill a program that submits, again and again, at random moments; no id may be lost, and nothing paid twice.

Run it as ``python tests/submissions_killed.py [KILLS] [SEED]``; it prints one line, and exits with 1 if anything was
lost.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from support.nursery import Nursery, kill_and_tell

from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, State
from ecovai_tui.store.watchlist import WatchListFile

LONGEST_LIFE = 1.2
"""Of the time that a submission takes that nobody kills."""

FAULTS = (Fault("lost-reply", 0.1), Fault("refused-after", 0.1), Fault("double-document", 0.1), Fault("slow", 0.3))


class Tally(NamedTuple):
    """What was seen in all rounds."""

    kills: int
    taken: int
    """Submissions that the gateway took and charged."""
    written: int
    """Of these, the ids that stand in the receipts."""
    unknown: int
    """Of these, the receipts that say that nobody knows."""
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    """What was taken more than once."""
    unwatched: tuple[str, ...]
    """Ids of which the receipt is whole and the watch list cannot be read."""
    secrets: int
    """Receipts with the key in them."""

    @property
    def well(self) -> bool:
        """Whether nothing was lost, paid twice or told."""
        return not (self.lost or self.twice or self.unwatched or self.secrets)

    @property
    def line(self) -> str:
        """The result in one line."""
        return (
            f"{self.kills} kills: {self.taken} submissions taken, of which {self.written} ids are in the receipts and "
            f"{self.unknown} receipts say unknown; {len(self.lost)} lost, {len(self.twice)} taken twice, "
            f"{self.secrets} with the key"
        )


def kill_submissions(kills: int, seed: int, folder: Path) -> Tally:
    """Kill as often as asked, and return what was seen; now and then the same is submitted once more."""
    chance = random.Random(seed)
    options = Options(seed=seed, arrivals=False, population=0, faults=FAULTS, slow_seconds=0.05)
    with Simulator(options) as simulator:
        children = Nursery(folder, simulator)
        usual = max(children.run(_words("nobody kills this", number)) for number in range(3))
        for number in range(kills):
            words = _words("a song", number)
            children.run(words, chance.random() * LONGEST_LIFE * usual)
            if chance.random() < 0.1:
                children.run(words)
        children.close()
        return _tally(kills, simulator, folder)


def _words(about: str, number: int) -> list[str]:
    return ["submit", "music", "--describe", f"{about} {number}"]


def _tally(kills: int, simulator: Simulator, folder: Path) -> Tally:
    path = folder / "data" / "receipts.jsonl"
    receipts = ReceiptFile(path).read(time.time())
    watched = WatchListFile(folder / "data" / "watchlist.toml").read().ids
    by_digest: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_digest.setdefault(receipt.request.digest, []).append(receipt)
    written = [each for each in simulator.taken if any(each.id in it.ids for it in by_digest.get(each.digest, ()))]
    unknown = [
        each
        for each in simulator.taken
        if each not in written and any(it.state is State.UNKNOWN for it in by_digest.get(each.digest, ()))
    ]
    counts = Counter(each.digest for each in simulator.taken)
    return Tally(
        kills,
        len(simulator.taken),
        len(written),
        len(unknown),
        lost=tuple(each.id for each in simulator.taken if each not in written and each not in unknown),
        twice=tuple(digest for digest, count in counts.items() if count > 1),
        unwatched=tuple(sorted(set(watched) - {name for receipt in receipts for name in receipt.ids})),
        secrets=path.read_text().count(simulator.key),
    )


if __name__ == "__main__":
    sys.exit(kill_and_tell(kill_submissions))
