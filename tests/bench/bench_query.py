"""Measure how long it takes to filter many tasks by each kind of expression, against one look at every title.

    python tests/bench/bench_query.py [--tasks 10000] [--rounds 9]

``first`` is with nothing known of the tasks' texts, as for the first key of a filter, ``next`` the median of the keys
after it. ``ratio`` is ``next`` by the time that looking for a word in the title of every task takes, which is the
figure to trust on a busy machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import median

from ecovai_tui.tasks import terms
from ecovai_tui.tasks.filter import Moment
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import NEWEST_FIRST, Filter, query_of, select

EXPRESSIONS = (
    "rain",
    "midnight rain",
    "stal",
    "!rain",
    "雨",
    "café",
    '"too little money"',
    "~rain|snow",
    "~n.ght.*r",
    "~a.*b.*c.*z",
    "phase:failed,partial",
    "title:rain",
    "model:v5",
    "label:demo",
    "tag:jazz",
    "id:0099",
    "kind:music",
    "family:suno",
    "age>10m",
    "took>2m",
    "added<1d",
    "lyrics:rain",
    "!lyrics:rain age<1d phase:done rain !~demo label:demo took<5m",
)
NOW = 1_700_000_000.0
WORDS = ("Midnight", "Rain", "Harbour", "Lights", "Café", "城市之光", "雨夜", "Neon", "Sun", "Snow", "of", "the")
TAGS = ("smooth jazz, piano", "synthwave, 80s, female voice", "吉他, 民谣", "sea shanty, accordion, slow")
REASONS = (
    "insufficient_user_quota",
    "Song Description contained artist name",
    "channel not found",
    "generation timed out",
)


def main() -> int:
    """Measure and print a line for each expression."""
    parser = argparse.ArgumentParser(description="measure filtering by each kind of expression")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    wanted = parser.parse_args()
    tasks = make_tasks(wanted.tasks)
    plain = median(seconds(lambda: [task for task in tasks if "rain" in task.summary.title]) for _ in range(99))
    lyrics = {"rain": frozenset(task.id for task in tasks[::3])}
    moment = Moment(NOW, interval_of=lambda _summary, _now: 5.0, lyrics=lyrics)
    sys.stdout.write(f"{'expression':<82} {'hits':>6} {'first ms':>9} {'next ms':>8} {'ratio':>6}\n")
    for text in EXPRESSIONS:
        query = query_of(text)
        chosen = Filter(query and query.at(moment))
        forget()
        first = seconds(lambda chosen=chosen: select(tasks, chosen, NEWEST_FIRST))  # type: ignore[misc]
        times = [seconds(lambda chosen=chosen: select(tasks, chosen, NEWEST_FIRST)) for _ in range(wanted.rounds)]  # type: ignore[misc]
        hits, middle = len(select(tasks, chosen, NEWEST_FIRST)), median(times)
        sys.stdout.write(f"{text:<82} {hits:>6} {first * 1e3:>9.1f} {middle * 1e3:>8.1f} {middle / plain:>6.1f}\n")
    return 0


def forget() -> None:
    """Let nothing be known of any task's texts."""
    terms._LINES.clear()
    terms._folded.cache_clear()
    terms._explained.cache_clear()
    terms._found_once.cache_clear()


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def make_tasks(number: int) -> list[WatchedTask]:
    """Make tasks with texts of all kinds, a third of them in wide letters, an eighth failed and an eighth active."""
    chance = Random(1)
    return [_task(place, chance) for place in range(number)]


def _task(place: int, chance: Random) -> WatchedTask:
    phase = (Phase.FAILED, Phase.RUNNING, *[Phase.DONE] * 6)[place % 8]
    submitted = NOW - 60.0 * place / 10
    summary = TaskSummary(
        f"{chance.getrandbits(128):032x}",
        Kind.MUSIC,
        phase,
        title=" ".join(chance.choices(WORDS, k=4)),
        model=f"chirp-v{place % 5}",
        tags=chance.choice(TAGS),
        clip_phases=(phase, phase),
        fail_reason=chance.choice(REASONS) if phase is Phase.FAILED else "",
        submitted_at=submitted,
        finished_at=submitted + chance.uniform(20, 300) if phase.final else None,
        quiet_since=submitted,
        seen_at=NOW,
    )
    return WatchedTask(summary, f"demo {place % 40}" if place % 3 else "", submitted, place)


if __name__ == "__main__":
    sys.exit(main())
