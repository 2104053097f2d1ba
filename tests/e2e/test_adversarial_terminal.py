"""Whatever the terminal sends, the program goes on, and only a key does something."""

from __future__ import annotations

import fcntl
import json
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from support.terminal import ENTER, ESCAPE, PROGRAM, Open, Terminal

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.watchlist import WatchListFile

TWO = ["0f0f0f0f-1111-2222-3333-444444444444", "0f0f0f0f-1111-2222-3333-555555555555"]
MOUSE_TAIL = b"[<35;10;10M"


@pytest.fixture
def simulator() -> Simulator:
    """A gateway on which nothing happens by itself."""
    with Simulator(Options(arrivals=False)) as running:
        yield running


@pytest.fixture
def watched(simulator: Simulator, home: Path) -> tuple[str, ...]:
    file = WatchListFile(home / "data" / "watchlist-simulator.toml")
    file.path.parent.mkdir(parents=True)
    file.add(simulator.ids[:3], now=0.0)
    return tuple(simulator.ids[:3])


@pytest.fixture
def watch_list(home: Path) -> WatchListFile:
    return WatchListFile(home / "data" / "watchlist-simulator.toml")


@pytest.fixture
def terminal(open_quickly: Open, on_simulator: dict[str, str], watched: tuple[str, ...]) -> Terminal:
    """The monitor with three tasks."""
    return opened(open_quickly, on_simulator)


def opened(open_quickly: Open, environment: dict[str, str], **options: object) -> Terminal:
    terminal = open_quickly(environment=environment, **options)
    terminal.wait_for(r"[✓✗] [123]")
    terminal.settle()
    return terminal


def lives_and_did_nothing(
    terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...], data: bytes = b""
) -> None:
    """See that a key still acts, and that no task was removed and no dialog opened."""
    terminal.press("/")
    terminal.wait_for("enter keep ")
    terminal.press(ESCAPE)
    terminal.wait_until_gone("enter keep ")
    assert "Add tasks" not in terminal.text, data
    assert watch_list.read().ids == watched, data


NO_KEYS = (
    b"\x1b[200~\xd2\xb9\xc7\xfa\x1b[201~",
    b"\x1b[200~\xb9\xc7\xfa\xff\x1b[201~",
    b"\xe9",
    b"\x81x\x81a",
    b"\x1b[106;1:2u",
    b"\x1b[99999999;5u",
    b"\x1b[55296u",
    b"\x1b[120;1:3u",
    b"\x1bP>|xterm(388)\x1b\\",
    b"\x1b]11;rgb:3030/3434/4646\x1b\\",
    b"\x1b]11;xqa\x07",
    b"\x1b_xqa\x1b\\",
    b"\x1b^xqa\x1b\\",
    b"\x1bXxqa\x1b\\",
    b"\x9d11;xqa\x9c",
    b"\x1b[?64;1;2c",
    b"\x1b[<200;5;5M",
    b"\x1b[<0;9999;9999M\x1b[<0;9999;9999m",
    b"\x1b[Mxqa",
)


def test_what_is_no_key_does_nothing(terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...]) -> None:
    for data in NO_KEYS:
        terminal.press(data)
        lives_and_did_nothing(terminal, watch_list, watched, data)


def test_a_string_that_stands_still_in_the_middle_does_nothing(
    terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...]
) -> None:
    for piece in (b"\x1b]1", b"1;rgb:x", b"xqa\x1b", b"\\"):
        terminal.press(piece)
        terminal.read_for(0.3)
    lives_and_did_nothing(terminal, watch_list, watched)


def test_a_byte_that_is_no_utf_8_is_replaced_in_a_field(terminal: Terminal) -> None:
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.settle()
    terminal.press(b"caf\xe9 \xb9\xc7")
    terminal.wait_for("caf\ufffd")


@pytest.mark.parametrize("variables", [{}, {"SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22"}], ids=["near", "over ssh"])
def test_a_mouse_report_in_two_pieces_costs_nothing_that_was_typed(
    open_quickly: Open, on_simulator: dict[str, str], watched: tuple[str, ...], variables: dict[str, str]
) -> None:
    terminal = opened(open_quickly, on_simulator | variables)
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.settle()
    terminal.press(TWO[0])
    terminal.wait_for("1 new id")
    terminal.press(ESCAPE)
    terminal.read_for(0.5)
    terminal.press(MOUSE_TAIL)
    terminal.settle()
    terminal.wait_for("1 new id")
    assert TWO[0] in terminal.text
    assert "35;10" not in terminal.text


def test_an_escape_that_is_not_taken_back_leaves_the_dialog(terminal: Terminal) -> None:
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.settle()
    terminal.press(TWO[0])
    terminal.wait_for("1 new id")
    terminal.press(ESCAPE)
    terminal.wait_until_gone("Add tasks")
    terminal.settle()
    terminal.press("j", MOUSE_TAIL)
    terminal.settle()
    assert "Add tasks" not in terminal.text


def test_the_size_is_the_terminals_own(
    open_quickly: Open, on_simulator: dict[str, str], watched: tuple[str, ...]
) -> None:
    terminal = opened(open_quickly, on_simulator | {"COLUMNS": "80", "LINES": "24"}, columns=120, lines=40)

    def lines_used() -> int:
        return max(place for place, line in enumerate(terminal.text.split("\n"), start=1) if line.strip())

    assert lines_used() == 40
    assert max(map(len, terminal.text.split("\n"))) > 100
    terminal.screen.resize(30, 100)
    fcntl.ioctl(terminal.file, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    terminal.wait_until(lambda: lines_used() == 30, "laid out in 30 lines")


@pytest.mark.parametrize("line_end", ["\r", "\n"])
def test_two_ids_that_are_typed_quickly_are_both_added(
    terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...], line_end: str
) -> None:
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.settle()
    terminal.press(line_end.join([*TWO, ""]))
    terminal.wait_until(lambda: watch_list.read().ids == (*watched, *TWO), "both added")


def test_lines_for_a_field_of_one_line_run_as_no_keys(
    terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...]
) -> None:
    terminal.press("e")
    terminal.wait_for("Label of")
    terminal.settle()
    terminal.press("one\r\x1b[32mxx\rxx")
    terminal.wait_until(lambda: list(watch_list.read().labels.values()) == ["one"], "labelled")
    terminal.settle()
    assert watch_list.read().ids == watched


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.05])
def test_a_key_soon_after_escape_takes_effect(
    terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...], pause: float
) -> None:
    terminal.press("/")
    terminal.wait_for("enter keep ")
    terminal.settle()
    terminal.press(ESCAPE)
    if pause:
        terminal.read_for(pause)
    terminal.press("x")
    terminal.wait_until(lambda: len(watch_list.read().ids) == 2, "a task removed")
    terminal.wait_until_gone("enter keep ")


def test_escape_and_a_key_are_alt_where_the_user_says_so(
    open_quickly: Open, on_simulator: dict[str, str], watched: tuple[str, ...], home: Path
) -> None:
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\nadd = "alt+x"\n')
    terminal = opened(open_quickly, on_simulator)
    terminal.press(ESCAPE + b"x")
    terminal.wait_for("Add tasks")


def test_the_doctor_tells_what_was_ignored(
    terminal: Terminal, on_simulator: dict[str, str], watch_list: WatchListFile, watched: tuple[str, ...]
) -> None:
    terminal.press(b"\x1b]11;rgb:1/2/3\x1b\\\x1b]11;rgb:1/2/3\x1b\\\x1bP1$r0m\x1b\\")
    lives_and_did_nothing(terminal, watch_list, watched)
    terminal.press("q")
    assert terminal.exit_code() == 0
    done = subprocess.run(
        [PROGRAM, "doctor", "--offline", "--json"], env=on_simulator, capture_output=True, check=False
    )
    found = {finding["name"]: finding["text"] for finding in json.loads(done.stdout)}
    assert "3 sequences that are no keys" in found["terminal"]
    assert "such as OSC 11, DCS; they were ignored" in found["terminal"]


FAULTY = """
import sys
from ecovai_tui.tui.textual_patches.driver import Translator

def crash(translator, tokens):
    secret = "sk-of-a-local-variable"
    raise ValueError("a fault of our own")

Translator.messages = crash
from ecovai_tui.cli import main
sys.exit(main([]))
"""


def test_a_fault_of_the_thread_that_reads_ends_as_every_other(on_simulator: dict[str, str]) -> None:
    with Terminal([sys.executable, "-c", FAULTY], environment=on_simulator, knows_frames=False) as terminal:
        terminal.wait_for("watch")
        terminal.press("r")
        assert terminal.exit_code() == 70
        assert terminal.modes_left_on() == set()
        assert terminal.line_modes_restored()
        assert b"unexpected went wrong" in terminal.received
        assert b"Traceback" not in terminal.received
        assert b"local-variable" not in terminal.received


def test_enter_alone_still_answers(terminal: Terminal, watch_list: WatchListFile, watched: tuple[str, ...]) -> None:
    terminal.press("a")
    terminal.wait_for("Add tasks")
    terminal.settle()
    terminal.press(TWO[0])
    terminal.settle()
    terminal.press(ENTER)
    terminal.wait_until(lambda: watch_list.read().ids == (*watched, TWO[0]), "added")
