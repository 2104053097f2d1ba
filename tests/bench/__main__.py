"""Print every measurement, with the date and the machine: ``python tests/bench``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

BENCHES = {
    "The table against DataTable": ["bench_table.py"],
    "Keys while 1,000 of 100,000 rows change every second": ["bench_keys.py"],
    "The first paint against a minimal Textual app": ["bench_first_paint.py"],
    "The first paint with few and with many watched tasks, and keys meanwhile": ["bench_start.py"],
    "Keys while 100,000 new ids come with one edit": ["bench_edit.py"],
    "Keys while 100,000 tasks are filtered and sorted": ["bench_find.py"],
    "A filter of 10,000 tasks by each kind of expression": ["bench_query.py"],
    "A status line against a bare interpreter": ["bench_status.py"],
    "A download of 200 MB against curl": ["bench_download.py"],
    "Keys while 200 MB are downloaded": ["bench_download_keys.py"],
    "Standing open all day": ["bench_idle.py"],
}


def machine() -> str:
    """Return the machine in a line."""
    named = [line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")]
    processor = named[0] if named else platform.processor()
    parts = (processor, f"{os.cpu_count()} cores", platform.platform(terse=True), f"Python {platform.python_version()}")
    return ", ".join(parts)


def _cpu_lines() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []


def main() -> int:
    """Run all; one that fails does not stop the others."""
    print(f"{time.strftime('%Y-%m-%d')} · {machine()} · load {os.getloadavg()[0]:.1f}")
    failed = 0
    for title, (script, *words) in BENCHES.items():
        print(f"\n{title}\n", flush=True)
        failed += (
            subprocess.run([sys.executable, Path(__file__).with_name(script), *words], check=False).returncode != 0
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
