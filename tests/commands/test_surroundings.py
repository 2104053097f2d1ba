"""Odd surroundings: pipes that are full, homes that are none, terminals that are narrow or want no colours."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_process import Run
from support.terminal import Terminal

from ecovai_tui.commands.shared.output import ExitCode, tabbed
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task
from ecovai_tui.tasks.text import cell_width

ORIGIN = "https://api.ecovai.cn"
UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
MANY = 3000
"""Tasks whose list as JSON is larger than any pipe."""

COLOUR = "\x1b["


FEW = 40
"""Tasks whose list is longer than a page."""


@pytest.fixture
def known(home: Path) -> None:
    """A watch list of many tasks of which a gateway has told."""
    make_known(home, MANY)


@pytest.fixture
def few_known(home: Path) -> None:
    """A watch list of few tasks of which a gateway has told."""
    make_known(home, FEW)


def make_known(home: Path, count: int) -> None:
    now = time.time()
    ids = [f"task-{number}" for number in range(count)]
    watch_list = WatchListFile(home / "data" / "watchlist.toml")
    watch_list.add(ids, now=now)
    replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
    replica.mirror(watch_list.read(), now)
    clip = Clip("c", Phase.DONE, title="夜明けのメトロ", model="chirp-v4", audio_url="https://cdn/x.mp3")
    replica.record([Task(name, Kind.MUSIC, Phase.DONE, submitted_at=now, clips=(clip,)) for name in ids], now)
    replica.close()


@pytest.mark.parametrize("words", [["ls", "--json"], ["export"], ["export", "--format", "csv"], ["ls"]])
def test_a_reader_that_does_not_read_holds_nobody_who_presses_ctrl_c(
    environment: dict[str, str], known: None, words: list[str]
) -> None:
    command = [sys.executable, "-m", "ecovai_tui", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        while not is_blocked(process):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == ExitCode.INTERRUPTED
        assert process.stderr.read() == b""


def is_blocked(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a process waits for room in a pipe."""
    return "pipe_write" in Path(f"/proc/{process.pid}/wchan").read_text() or waits_in_write(process.pid)


def waits_in_write(pid: int) -> bool:
    """Tell the same where the kernel does not name what a process waits for: by its system call, which is write."""
    try:
        return Path(f"/proc/{pid}/syscall").read_text().startswith("1 ")
    except OSError:
        return False


def test_a_slow_reader_gets_everything(environment: dict[str, str], known: None) -> None:
    command = [sys.executable, "-m", "ecovai_tui", "ls", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while not is_blocked(process):
            assert process.poll() is None
        assert len(json.loads(process.stdout.read())["tasks"]) == MANY
        assert process.wait(timeout=20) == ExitCode.WELL


@pytest.mark.parametrize("words", [["ls"], ["ls", "--json"], ["status"], ["export", "--format", "markdown"], ["keys"]])
def test_a_file_gets_what_a_pipe_gets_and_no_colours(
    environment: dict[str, str], run: Run, known: None, tmp_path: Path, words: list[str]
) -> None:
    def without_times(text: str) -> str:
        return re.sub(r'\d+s|"as_of": ".*?"|^# Songs, .*', "", text)

    with (tmp_path / "out").open("w") as file:
        command = [sys.executable, "-m", "ecovai_tui", *words]
        subprocess.run(command, env=environment | {"FORCE_COLOR": "1"}, stdout=file, check=True)
    written = (tmp_path / "out").read_text("utf-8")
    assert COLOUR not in written
    assert without_times(written) == without_times(run(*words).stdout)


LONG = "千里共婵娟 " * 40 + "end"


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (["ls"], 9), (["fetch"], 9), (["wait"], 9), (["wait", "--any"], 9),
        (["keys"], 3), (["themes"], 2), (["config", "show"], 3), (["doctor", "--offline"], 3),
    ],
)  # fmt: skip
def test_a_table_in_a_pipe_is_parted_by_tabs_and_neither_padded_nor_cut(
    asking: Run, gateway: Simulator, words: list[str], columns: int
) -> None:
    ids = [gateway.submit(script="song", title=LONG), gateway.submit(script="artist-name", title="Short")]
    asking("add", *ids, "--label", "a label")
    asking("wait")
    lines = asking(*words).stdout.splitlines()
    assert {line.count("\t") for line in lines} == {columns - 1}
    assert not any(cell != cell.strip() for line in lines for cell in line.split("\t"))
    if columns == 9:
        rows = [line.split("\t") for line in lines]
        assert rows[0] == ["Phase", "Clips", "Took", "Title", "Length", "Label", "Submitted", "Model", "Id"]
        assert {row[-1] for row in rows[1:]} == set(ids)
        assert any(row[3].startswith(LONG) for row in rows)


def test_a_cell_holds_nothing_that_parts_cells() -> None:
    assert tabbed([" a\tb", "c\nd\r", "", "é "]) == "a b\tc d\t\té"


@pytest.mark.parametrize("words", [["ls"], ["status"], ["add", UUID], ["config", "path"], ["doctor"], ["export"]])
def test_without_a_home_one_sentence_says_what_to_set(run: Run, words: list[str]) -> None:
    nowhere = dict.fromkeys(("HOME", "ECOVAI_CONFIG_DIR", "ECOVAI_DATA_DIR", "ECOVAI_STATE_DIR"), "")
    done = run(*words, **nowhere)
    assert done.returncode == ExitCode.USAGE
    assert "HOME is not set" in done.stderr + done.stdout


def test_without_a_home_named_directories_are_enough(run: Run) -> None:
    assert run("add", UUID, HOME="").returncode == ExitCode.WELL
    assert run("ls", "--ids", HOME="").stdout == f"{UUID}\n"


@pytest.fixture
def unwritable(tmp_path: Path) -> dict[str, str]:
    """A home in which nothing can be kept, not even by root: a file stands in the place of a directory."""
    folder = tmp_path / "unwritable"
    folder.mkdir()
    (folder / ".local").write_text("")
    return {"HOME": str(folder), "ECOVAI_CONFIG_DIR": "", "ECOVAI_DATA_DIR": "", "ECOVAI_STATE_DIR": ""}


def test_in_an_unwritable_home_what_needs_no_file_works(
    asking: Run, gateway: Simulator, unwritable: dict[str, str]
) -> None:
    name = gateway.submit(script="song")
    fetched = asking("fetch", name, "--json", **unwritable)
    assert (fetched.returncode, len(json.loads(fetched.stdout)["tasks"])) == (ExitCode.WELL, 1)
    assert "will be forgotten" in fetched.stderr
    waited = asking("wait", name, **unwritable)
    assert waited.returncode == ExitCode.WELL
    assert asking("follow", name, "--until-final", **unwritable).returncode == ExitCode.WELL


def test_in_an_unwritable_home_what_was_to_be_kept_is_told_as_lost(run: Run, unwritable: dict[str, str]) -> None:
    done = run("add", UUID, **unwritable)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert done.stderr.startswith("ecovai-tui: Cannot ")
    assert done.stderr.count("\n") == 1


def test_a_home_that_can_only_be_read_shows_what_is_in_it(run: Run, home: Path, known: None) -> None:
    for folder in (home / "data", home / "state"):
        folder.chmod(0o500)
    try:
        assert run("status", "--format", "{done}").stdout == f"{MANY}\n"
        assert len(run("ls", "--ids").stdout.splitlines()) == MANY
    finally:
        for folder in (home / "data", home / "state"):
            folder.chmod(0o700)


def shown(environment: dict[str, str], *words: str, columns: int = 80) -> tuple[str, str]:
    """Run a command in a terminal, and return its screen and all that it sent."""
    command = [sys.executable, "-m", "ecovai_tui", *words]
    with Terminal(command, columns=columns, environment=environment) as terminal:
        assert terminal.exit_code() == ExitCode.WELL
        return terminal.text, terminal.received.decode()


def test_a_terminal_gets_colours_unless_it_is_told_otherwise(environment: dict[str, str], few_known: None) -> None:
    assert COLOUR in shown(environment, "ls")[1]
    assert COLOUR not in shown(environment | {"NO_COLOR": "1"}, "ls")[1]
    assert COLOUR not in shown(environment | {"TERM": "dumb"}, "ls")[1]


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_no_line_of_a_list_is_wider_than_the_terminal(
    environment: dict[str, str], few_known: None, columns: int
) -> None:
    _, sent = shown(environment | {"NO_COLOR": "1"}, "ls", columns=columns)
    assert max(map(cell_width, sent.splitlines())) <= columns


def test_chinese_is_folded_by_its_cells(environment: dict[str, str]) -> None:
    there = environment | {"NO_COLOR": "1", "LANG": "zh_CN.UTF-8"}
    with Terminal(
        [sys.executable, "-m", "ecovai_tui", "doctor", "--offline"], columns=60, environment=there
    ) as terminal:
        terminal.exit_code()
        sent = terminal.received.decode()
    assert "三种方式" in sent
    assert [line for line in sent.splitlines() if cell_width(line) > 60 and not re.search("[!-~]{40}", line)] == []


@pytest.mark.parametrize("columns", [80, 40])
def test_a_list_shows_an_id_without_title_once(run: Run, environment: dict[str, str], columns: int) -> None:
    run("add", UUID)
    screen, _ = shown(environment, "ls", columns=columns)
    headings, row = screen.splitlines()[:2]
    assert row[headings.index("Title") :].startswith("346c5d10")
    assert row.count("346c5d10") == 1


def test_a_width_that_is_set_wins(environment: dict[str, str], few_known: None) -> None:
    _, sent = shown(environment | {"NO_COLOR": "1", "COLUMNS": "50"}, "ls")
    assert max(map(cell_width, sent.splitlines())) <= 50


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["status", "ls --json", "add 346c5d10-a4a1-4f49-a851-66a7dae6cfaf", "keys"])
def test_a_stream_that_is_closed_is_no_obstacle(environment: dict[str, str], closed: str, words: str) -> None:
    command = f"{sys.executable} -m ecovai_tui {words} {closed}"
    done = subprocess.run(
        ["sh", "-c", command], env=environment | {"PATH": os.environ["PATH"]}, capture_output=True, check=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (ExitCode.WELL, False)


@pytest.mark.parametrize("columns", [20, 80])
def test_the_live_line_of_a_wait_leaves_nothing_behind(
    environment: dict[str, str], gateway: Simulator, columns: int
) -> None:
    ids = [gateway.submit(script=script) for script in ("song", "artist-name", "one-clip-fails", "frozen")]
    there = environment | {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
    command = [sys.executable, "-m", "ecovai_tui", "wait", "--timeout", "2", *ids]
    with Terminal(command, columns=columns, environment=there) as terminal:
        assert terminal.exit_code() == ExitCode.TIMED_OUT
        assert "\r\x1b[K0:0" in terminal.received.decode()
        assert terminal.text.splitlines()[0].startswith("ecovai-tui: Time")


def test_a_dumb_terminal_gets_a_line_for_each_change(environment: dict[str, str], gateway: Simulator) -> None:
    name = gateway.submit(script="song")
    there = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key, "TERM": "dumb"}
    _, sent = shown(environment | there, "wait", name)
    assert COLOUR not in sent
    assert name in sent


def test_a_full_disk_behind_standard_output_loses_no_id(environment: dict[str, str], run: Run) -> None:
    ids = [f"task_{number:032}" for number in range(6000)]  # more than is read at once
    done = with_full("stdout", environment, ["add", "-"], piped="\n".join(ids))
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.endswith("ecovai-tui: The output cannot be written: No space left on device.\n")
    assert sorted(run("ls", "--ids").stdout.split()) == ids


def test_a_full_disk_behind_standard_error_ends_no_work(environment: dict[str, str], run: Run) -> None:
    ids = [f"task_{number:032}" for number in range(6000)]
    done = with_full("stderr", environment, ["add", "-"], piped="\n".join(ids))
    assert done.returncode == ExitCode.WELL
    assert done.stdout.split() == ids
    assert sorted(run("ls", "--ids").stdout.split()) == ids


def test_a_full_disk_behind_standard_error_does_not_change_how_a_wait_ends(environment: dict[str, str]) -> None:
    nowhere = {"ECOVAI_BASE_URL": "http://127.0.0.1:9", "ECOVAI_API_KEY": "sk-sim-of-a-full-disk"}
    done = with_full("stderr", environment | nowhere, ["wait", UUID, "--timeout", "5"])
    assert done.returncode == ExitCode.GATEWAY
    assert UUID in done.stdout


def with_full(
    stream: str, environment: dict[str, str], words: list[str], piped: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the program with a full disk behind one of its standard streams."""
    with Path("/dev/full").open("w") as full:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {stream: full}
        return subprocess.run(
            [sys.executable, "-m", "ecovai_tui", *words],
            env=environment, input=piped, encoding="utf-8", timeout=60, check=False, **streams,
        )  # fmt: skip
