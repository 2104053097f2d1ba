"""Several programs at one watch list, and programs that are killed while they save."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ecovai_tui.store.watchlist import WatchListFile

NOW = 1_790_000_000.0
PROGRAMS = 8
EACH = 25

ADD = """
import sys
from pathlib import Path
from ecovai_tui.store.watchlist import WatchListFile
path, number, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
file = WatchListFile(path, patience=60.0)
sys.stdin.read(1)
for turn in range(count):
    added = file.add([f"task_{number}_{turn}"], f"label {number} {turn}", now=1790000000.0)
    assert added.new, added
    if turn % 5 == 4:
        gone = f"task_{number}_{turn - 1}"
        assert file.remove([gone], 1790000000.0) == (gone,)
"""


def test_many_programs_adding_and_removing_at_once_all_get_their_way(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, path, str(number), str(EACH)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(PROGRAMS)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"\n")
        child.stdin.flush()
    errors = [child.communicate()[1].decode() for child in children]
    assert errors == [""] * PROGRAMS
    found = WatchListFile(path).read()
    removed = {f"task_{number}_{turn}" for number in range(PROGRAMS) for turn in range(EACH) if turn % 5 == 3}
    every = {f"task_{number}_{turn}" for number in range(PROGRAMS) for turn in range(EACH)}
    assert set(found.removed) == removed
    assert set(found.ids) == every - removed
    assert len(found.labels) == PROGRAMS * EACH
    assert len(set(found.removed.values())) == len(removed), "each removal can be undone by itself"


def test_a_kill_at_any_moment_of_a_save_damages_nothing_and_loses_no_acknowledged_id() -> None:
    script = Path(__file__).with_name("kill_saves.py")
    done = subprocess.run(
        [sys.executable, script, "--kills", "40", "--seed", "7"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "40 of them in the middle of a save" in done.stdout
    assert "0 lost, 0 damaged files" in done.stdout
