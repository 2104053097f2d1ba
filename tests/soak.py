"""The long soak: ``.venv/bin/python tests/soak.py --hours 6 --tasks 500`` says what came of it, and fails if bad."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from support.soak import Soak, soak

from ecovai_tui.simulator.dialects import DIALECTS

MOST_GROWTH = 1.1


def main() -> int:
    """Soak as the options say, print the result, and return 0 if every promise held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=6.0)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--failing", type=float, default=0.2)
    parser.add_argument("--dialect", choices=DIALECTS, default="new-api-2026")
    options = vars(parser.parse_args())
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(soak(Path(folder), measure=True, **options))
    print(_told(result), f"{time.monotonic() - began:.0f} s", sep=", ")
    for task_id, (found, truth) in result.wrong.items():
        print(f"{task_id} is {truth}, and was told as {found}", file=sys.stderr)
    held = not result.wrong and result.most_in_a_minute <= 30 and result.most_in_flight == 1
    return 0 if held and result.grown <= MOST_GROWTH else 1


def _told(result: Soak) -> str:
    return ", ".join(
        (
            f"{result.hours:g} simulated hours",
            f"{result.tasks} tasks of which {len(result.wrong)} in a wrong phase at the end",
            f"{result.requests} requests of which {result.failed_requests} failed",
            f"at most {result.most_in_a_minute} a minute and {result.most_in_flight} in flight",
            f"memory x {result.grown:.2f} after the last task came",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
