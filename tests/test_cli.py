from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version

import pytest
from support.forked import Forks

from ecovai_tui import __version__
from ecovai_tui.commands.shared.command_line import COMMANDS, OPTIONS, first_word, no_arguments
from ecovai_tui.commands.shared.command_parser import make_parser
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.replies import FAULT_NAMES

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def program(environment: dict[str, str], forked: Forks) -> Start:
    def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        done = forked.run(list(arguments), environment | variables)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return start


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([], None),
        (["ls"], 0),
        (["--ascii", "ls"], 1),
        (["--profile", "ls", "add"], 2),
        (["--profile=work", "add"], 1),
        (["--log", "x"], None),
        (["-"], 0),
    ],
)
def test_the_command_is_the_first_word_that_belongs_to_no_option(words: list[str], place: int | None) -> None:
    assert first_word(words) == place


def test_the_version_is_that_of_the_package(program: Start) -> None:
    assert program("--version").stdout == f"ecovai-tui {__version__}\n"
    assert version("ecovai-tui") == __version__


def test_the_help_of_the_simulator_names_its_dialects_and_its_faults(program: Start) -> None:
    words = program("simulate", "--help").stdout.split()
    assert {*DIALECTS, *FAULT_NAMES} <= set(words)


def test_the_help_names_every_command_and_option(program: Start) -> None:
    text = program("--help").stdout
    assert all(f"  {name} " in text for name in COMMANDS)
    assert all(option.flag in text for option in OPTIONS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_examples(program: Start, command: str) -> None:
    done = program(command, "--help")
    assert "--version" in done.stdout
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert f"ecovai-tui {command}" in done.stdout


@pytest.mark.parametrize("words", [[], *([command] for command in COMMANDS)])
def test_every_help_fits_into_80_columns(program: Start, words: list[str]) -> None:
    lines = program(*words, "--help", COLUMNS="80").stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert not any("--watchlist" in line for line in lines[:4]), "the usage names the options of every command"


@pytest.mark.parametrize(
    ("word", "guess"),
    [("fetsh", "fetch"), ("staus", "status"), ("remove", "rm"), ("list", "ls"), ("demo", "--demo"), ("help", "--help")],
)
def test_a_word_that_is_no_command_gets_a_guess(program: Start, word: str, guess: str) -> None:
    done = program(word)
    assert done.returncode == 2
    assert f"did you mean {guess}?" in done.stderr


def test_a_word_that_is_nothing_at_all_says_how_to_add_it(program: Start) -> None:
    done = program("qqqqqqqq")
    assert done.returncode == 2
    assert "ecovai-tui add" in done.stderr


def test_a_second_word_that_is_no_id_is_refused_as_well(program: Start) -> None:
    assert program(UUID, "fetch").returncode == 2


@pytest.mark.parametrize("words", [["--nonsense"], ["ls", "--nonsense"], ["--interval", "soon"], ["config", "dance"]])
def test_a_wrong_option_is_one_sentence_and_exit_code_2(program: Start, words: list[str]) -> None:
    done = program(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("ecovai-tui: ")
    assert "--help" in done.stderr


@pytest.mark.parametrize("words", [[], [UUID], ["--demo"]])
def test_without_a_terminal_the_monitor_says_what_to_use_instead(program: Start, words: list[str]) -> None:
    done = program(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "ecovai-tui fetch" in done.stderr


def test_there_is_no_option_for_a_key(program: Start) -> None:
    assert program("--key", "x", "ls").returncode == 2


def test_the_monitor_is_not_imported_until_it_is_to_be_seen(environment: dict[str, str]) -> None:
    code = "import sys, ecovai_tui.cli; sys.exit('textual' in sys.modules or 'asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


@pytest.mark.parametrize(
    ("words", "variables", "told"),
    [
        ([], {"TERM": "dumb"}, 'TERM="dumb"'),
        (["--demo", "--theme", "no-such"], {"TERM": "xterm"}, "ecovai-dark"),
        (["--demo", "--theme", "nrod"], {"TERM": "xterm"}, 'Did you mean "nord"?'),
        (["--profile", "NO"], {"TERM": "xterm"}, "profile name"),
        (["--interval", "0.5"], {"TERM": "xterm"}, "from 2 to 3600"),
        (["--demo", UUID], {"TERM": "xterm"}, "takes no ids"),
    ],
)
def test_on_a_terminal_what_is_wrong_is_told_before_the_screen_is_taken(
    environment: dict[str, str], words: list[str], variables: dict[str, str], told: str
) -> None:
    control, terminal = os.openpty()
    command = [sys.executable, "-m", "ecovai_tui", *words]
    process = subprocess.Popen(command, env=environment | variables, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    text = b"".join(read_terminal(control)).decode()
    os.close(control)
    assert process.wait(timeout=30) == 2
    assert told in text
    assert "\x1b" not in text


def read_terminal(control: int) -> Iterator[bytes]:
    with suppress(OSError):  # how a terminal ends on Linux
        while piece := os.read(control, 65_536):
            yield piece


def test_a_start_that_is_told_nothing_is_what_the_parser_would_read() -> None:
    assert vars(no_arguments()) == vars(make_parser().read([]))
