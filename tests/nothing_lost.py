"""Everything that is promised about lost ids, long lists and many panes, in full and in one go.

Run it as ``python tests/nothing_lost.py``; it takes a few minutes, prints a line or a table for each promise, and exits
with 1 if one is broken.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

PROOFS = (
    ("Killed while saving", ["store/kill_saves.py", "--kills", "1000"]),
    ("Many programs adding at once", ["store/add_at_once.py", "--programs", "8", "--each", "50"]),
    ("The offline start, few tasks and many", ["bench/bench_start.py", "--tasks", "10", "10000", "100000"]),
    ("Ten panes, one load; the role passes on", ["-m", "pytest", "-q", "e2e/test_many_panes.py"]),
)


def main() -> int:
    """Run all proofs, one after the other, and tell whether all held."""
    codes = []
    for title, (first, *others) in PROOFS:
        sys.stdout.write(f"\n{title}\n")
        sys.stdout.flush()
        command = [sys.executable, first if first == "-m" else str(HERE / first), *others]
        codes.append(subprocess.run(command, check=False, cwd=HERE).returncode)
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
