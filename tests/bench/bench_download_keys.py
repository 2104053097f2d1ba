"""How long a key takes to the screen while a file of 200 MB is downloaded; the promise is 16 ms for 19 of 20.

The same is measured while curl fetches the file, in turns: what keys take then is the computer's doing, not ours, and
where it is above the promise it is the measure. Run it with ``python tests/bench/bench_download_keys.py [MB]``.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ecovai_tui.engine.session import open_session
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options
from ecovai_tui.tui.widgets.task_table import TaskTable

TASKS, PROMISE, ROUNDS = 1000, 16.0, 5


class Keys(NamedTuple):
    """How long keys took, in milliseconds."""

    alone: list[float]
    beside: list[float]
    """While curl fetches the file."""
    during: list[float]


async def measure(folder: Path, url: str) -> Keys:
    """Press keys while nothing else happens, and in turns while curl fetches and while we do."""
    variables = {"HOME": str(folder), "ECOVAI_BASE_URL": url.partition("/cdn1")[0], "ECOVAI_API_KEY": "sk-any"}
    paths = find_paths(variables)
    clips = [Clip(f"clip-{number}", Phase.DONE, title="Long", audio_url=url) for number in range(TASKS)]
    tasks = [Task(f"task-{number}", Kind.MUSIC, Phase.DONE, clips=(clip,)) for number, clip in enumerate(clips)]
    watch_list = WatchListFile(paths.watchlist(None))
    watch_list.add([task.id for task in tasks], now=1.0)
    session = open_session(load_settings(Flags(), variables, paths), paths)
    session.replica.mirror(watch_list.read(), 1.0)
    session.replica.record(tasks, 1.0)
    app = MonitorApp(session, Options(Capabilities(depth=ColourDepth.TRUE, unicode=True), paths.theme_dir, variables))
    async with app.run_test(size=(160, 48)):
        table = app.main.query_one(TaskTable)
        await asyncio.sleep(1.0)
        keys = Keys([await _key(table) for _ in range(100)], [], [])
        for number in range(ROUNDS):
            curl = await asyncio.create_subprocess_exec("curl", "-s", "-o", str(folder / "curl.mp3"), url)
            while curl.returncode is None:
                keys.beside.append(await _key(table))
                await asyncio.sleep(0.01)
            await app.main.files.keep({f"task-{number}": ()})
            while session.downloads.under_way:
                keys.during.append(await _key(table))
                await asyncio.sleep(0.01)
            assert session.downloads.all[-1].file, session.downloads.all[-1].told
    session.close()
    return keys


async def _key(table: TaskTable) -> float:
    """Return the milliseconds until a line that the key moved to is drawn."""
    began = time.perf_counter()
    table.move(1)
    await asyncio.sleep(0)
    for y in range(table.size.height):
        table.render_line(y)
    return 1000 * (time.perf_counter() - began)


def main() -> int:
    """Print both, and whether the promise is kept."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("bench_download.py"), "serve"], stdin=-1, stdout=-1, text=True
    )
    assert server.stdout is not None
    url = f"{server.stdout.readline().strip()}?mib={size}"
    with TemporaryDirectory() as folder:
        keys = asyncio.run(measure(Path(folder), url))
    server.communicate()
    slowest = [quantiles(times, n=20)[-1] for times in keys]
    for what, times, most in zip(("alone", "while curl fetches", "while we fetch"), keys, slowest, strict=True):
        print(f"a key {what}: {median(times):.1f} ms, 19 of 20 up to {most:.1f} ms of {len(times)}")
    print(f"promised while {size} MiB are fetched: {PROMISE:.0f} ms for 19 of 20, or as with curl")
    return 0 if slowest[2] <= max(PROMISE, slowest[1]) else 1


if __name__ == "__main__":
    sys.exit(main())
