"""How fast a download of 200 MB is against curl's, and how much memory it takes; the promise is 0.9 and 32 MB.

Both read from the same simulator in a process of its own, write to the same disk, and wait until it has all: curl by
``sync FILE``. What we do more is to check each frame and to write tags. They take turns, and what counts is the middle
one of the ratios. Run it with ``python tests/bench/bench_download.py [MB]``.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ecovai_tui.engine.downloader import Fetcher, Progress, What, Wish
from ecovai_tui.gateway.assets import AssetSource
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.tasks.file_names import DEFAULT_TEMPLATE, Named
from ecovai_tui.tasks.model import Clip, Phase

ROUNDS = 9
PROMISE, MOST_MEMORY = 0.9, 32.0
HALF_AN_HOUR = 1800.0


def serve() -> None:
    """Serve a song that was made half an hour ago, until the end of standard input."""
    now = time.time() - HALF_AN_HOUR
    with Simulator(Options(arrivals=False, population=0), clock=lambda: now) as simulator:
        simulator.submit()
        now += HALF_AN_HOUR
        [first, _second] = simulator._world.find(simulator.ids)[0].clips or ()
        print(f"{simulator.base_url}/cdn1/{first.id}.mp3", flush=True)
        sys.stdin.read()


def curl(url: str, folder: Path) -> float:
    """Return the seconds that curl takes until the bytes are on the disk."""
    file = str(folder / "curl.mp3")
    began = time.perf_counter()
    subprocess.run(["curl", "-s", "-o", file, url], check=True)
    subprocess.run(["sync", file], check=True)
    return time.perf_counter() - began


def ours(url: str, folder: Path) -> float:
    """Return the seconds until the bytes are on the disk and checked, and the file has its name."""
    wish = Wish(Named(Clip("clip", Phase.DONE, audio_url=url)), What.AUDIO, folder, DEFAULT_TEMPLATE, force=True)
    began = time.perf_counter()
    Fetcher(AssetSource(url, version="1")).get(wish, Progress())
    return time.perf_counter() - began


def main() -> int:
    """Print the speeds of the middle runs, which take turns, and the memory that ours took at most."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdin=-1, stdout=-1, text=True)
    assert server.stdout is not None
    url = f"{server.stdout.readline().strip()}?mib={size}"
    with TemporaryDirectory() as name:
        ours(url.replace(f"mib={size}", "mib=1"), Path(name))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        runs = [(curl(url, Path(name)), ours(url, Path(name))) for _ in range(ROUNDS)]
    server.communicate()
    theirs, mine = (median(times) for times in zip(*runs, strict=True))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    ratio = median(curls / own for curls, own in runs)
    print(f"curl {size / theirs:.0f} MiB/s, we {size / mine:.0f} MiB/s: {ratio:.2f} x (promised: {PROMISE})")
    print(f"memory: {memory:.1f} MiB more than for 1 MiB (promised: {MOST_MEMORY:.0f} at most)")
    return 0 if ratio >= PROMISE and memory <= MOST_MEMORY else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        sys.exit(main())
