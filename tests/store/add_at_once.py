"""Let several programs add ids to one watch list at once, each id in a save of its own; all must be kept.

Run it as ``python tests/store/add_at_once.py [--programs 8] [--each 50] [--watchlist FILE]``; it prints one line, and
exits with 1 if an id was lost.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ecovai_tui.store.watchlist import WatchListFile

ADD = """
import sys, time
from pathlib import Path
from ecovai_tui.store.watchlist import WatchListFile
path, number, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
watch_list = WatchListFile(path, patience=60.0)
sys.stdin.read(1)
for turn in range(count):
    watch_list.add([f"task_{number}_{turn}"], now=time.time())
"""


def main() -> int:
    """Add as often as asked, and tell the result."""
    parser = argparse.ArgumentParser(description="let several programs add ids to one watch list at once")
    parser.add_argument("--programs", type=int, default=8)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--watchlist", type=Path, help="a file to add to; a new one if left out")
    wanted, began = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.watchlist or Path(folder) / "watchlist.toml"
        errors = _add_at_once(path, wanted.programs, wanted.each)
        kept = set(WatchListFile(path).read().ids)
    asked = {f"task_{number}_{turn}" for number in range(wanted.programs) for turn in range(wanted.each)}
    sys.stderr.write(errors)
    sys.stdout.write(
        f"{wanted.programs} programs x {wanted.each} adds at once: {len(asked & kept)} kept, {len(asked - kept)} lost "
        f"({time.monotonic() - began:.0f} s)\n"
    )
    return 1 if errors or not asked <= kept else 0


def _add_at_once(path: Path, programs: int, each: int) -> str:
    """Start the programs, let them all begin together, and return what they complained of."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, path, str(number), str(each)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(programs)
    ]
    for child in children:
        if child.stdin is not None:
            child.stdin.write(b"\n")
            child.stdin.flush()
    return "".join(child.communicate()[1].decode() for child in children)


if __name__ == "__main__":
    sys.exit(main())
