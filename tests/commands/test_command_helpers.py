from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_process import Run
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.commands.export import CSV_COLUMNS
from ecovai_tui.commands.shared.command_line import COMMANDS
from ecovai_tui.commands.shared.output import ExitCode, aligned
from ecovai_tui.gateway.billing import SUBSCRIPTION
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.tasks.text import cell_width

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"


@given(st.lists(st.lists(st.text("ab夜✓", max_size=6), min_size=3, max_size=3), min_size=1))
def test_cells_stand_under_each_other_whatever_their_width(lines: list[list[str]]) -> None:
    starts = set()
    for line, text in zip(lines, aligned([[*line, "|"] for line in lines]), strict=True):
        assert text.endswith("|")
        starts.add(cell_width(text))
        assert all(cell in text for cell in line)
    assert len(starts) == 1


def simulate(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ecovai_tui", "simulate", *arguments],
        env=environment | {"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.fixture
def simulating(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = simulate(environment, "--tasks", "3", "--speed", "100", "--no-arrivals")
    yield process
    process.kill()
    process.communicate()


def test_the_practice_gateway_prints_ids_and_a_ready_command_line(run: Run, simulating: subprocess.Popen[str]) -> None:
    assert simulating.stdout is not None
    assert simulating.stderr is not None
    simulating.stderr.readline()
    *variables, program = simulating.stderr.readline().split()
    ids = [simulating.stdout.readline().strip() for _ in range(3)]
    assert program == "ecovai-tui"
    fetched = run("fetch", *ids, "--json", **dict(each.split("=", 1) for each in variables))
    document = json.loads(fetched.stdout)
    assert document["profile"] == "simulator"
    assert [task["id"] for task in document["tasks"]] == ids


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_practice_gateway_ends_well_when_told_to(simulating: subprocess.Popen[str], number: signal.Signals) -> None:
    assert simulating.stdout is not None
    simulating.stdout.readline()
    simulating.send_signal(number)
    _, errors = simulating.communicate(timeout=30)
    assert simulating.returncode == ExitCode.WELL
    assert len(errors.splitlines()) == 1 + 1


def test_ids_go_from_the_practice_gateway_to_the_watch_list_as_they_come(environment: dict[str, str], run: Run) -> None:
    process = simulate(environment, "--tasks", "2", "--no-arrivals")
    adding = subprocess.Popen(
        [sys.executable, "-m", "ecovai_tui", "add", "-"],
        env=environment, stdin=process.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert adding.stdout is not None
    added = {adding.stdout.readline().strip() for _ in range(2)}
    listed = set(run("ls", "--ids").stdout.split())
    process.send_signal(signal.SIGINT)
    adding.communicate(timeout=30)
    process.communicate(timeout=30)
    assert listed == added
    assert (process.returncode, adding.returncode) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fault", "nonsense"], "html200"),
        (["--dialect", "nonsense"], "new-api-2026"),
        (["--speed", "0"], "speed"),
        (["--tasks", "-1"], "population"),
        (["--port", "70000"], "Port 70000 cannot be used"),
        (["--port", "1e3"], "--help"),
    ],
)
def test_a_practice_gateway_that_cannot_be_is_refused(run: Run, arguments: list[str], told: str) -> None:
    done = run("simulate", *arguments)
    assert done.returncode == ExitCode.USAGE
    assert told in done.stderr


def test_a_port_that_is_taken_is_told(run: Run, gateway: Simulator) -> None:
    done = run("simulate", "--port", gateway.base_url.rpartition(":")[2])
    assert done.returncode == ExitCode.USAGE
    assert "cannot be used" in done.stderr


def complete(run: Run, environment: dict[str, str], tmp_path: Path, *words: str) -> list[str]:
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").stdout)
    (tmp_path / "ecovai-tui").write_text(f'#!/bin/sh\nexec {sys.executable} -m ecovai_tui "$@"\n')
    (tmp_path / "ecovai-tui").chmod(0o755)
    quoted = " ".join(f"'{word}'" for word in words)
    given = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}"
    line = f'. {script}; {given}; _ecovai_tui; printf "%s\\n" "${{COMPREPLY[@]}}"'
    there = environment | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", line], env=there, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["ecovai-tui", "st"], ["status"]),
        (["ecovai-tui", "--pro"], ["--profile"]),
        (["ecovai-tui", "wait", "--time"], ["--timeout"]),
        (["ecovai-tui", "--ascii", "config", "pa"], ["path"]),
        (["ecovai-tui", "fetch", "346"], [UUID]),
    ],
)
def test_bash_completes(
    run: Run, environment: dict[str, str], tmp_path: Path, words: list[str], completed: list[str]
) -> None:
    run("add", UUID)
    assert complete(run, environment, tmp_path, *words) == completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_every_shell_knows_every_command(run: Run, shell: str) -> None:
    text = run("completion", shell).stdout
    assert all(name in text for name in COMMANDS)
    assert "fail-fast" in text


def test_the_doctor_finds_nothing_where_nothing_is_wrong(run: Run, gateway: Simulator) -> None:
    done = run("doctor", "--json", ECOVAI_BASE_URL=gateway.base_url, ECOVAI_API_KEY=gateway.key)
    assert done.returncode == ExitCode.WELL
    assert {finding["code"] for finding in json.loads(done.stdout)} == {0}


def test_the_doctor_tells_what_is_left_of_the_quota_and_where_it_is_told(run: Run, gateway: Simulator) -> None:
    done = run("doctor", ECOVAI_BASE_URL=gateway.base_url, ECOVAI_API_KEY=gateway.key)
    assert re.search(rf"\d+\.\d\d left, in the units of the site \({SUBSCRIPTION}\)", done.stdout)


def test_the_doctor_goes_on_after_what_is_broken(run: Run, home: Path, gateway: Simulator) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "watchlist.toml").write_text("ids = oops\n")
    done = run("doctor", "--json", ECOVAI_BASE_URL=gateway.base_url, ECOVAI_API_KEY="sk-wrong")
    codes = {finding["name"]: finding["code"] for finding in json.loads(done.stdout)}
    assert done.returncode == ExitCode.KEY
    assert (codes["watch list"], codes["gateway"], codes["settings"]) == (ExitCode.USAGE, ExitCode.KEY, ExitCode.WELL)


def test_the_doctor_asks_nobody_when_told_so(run: Run, gateway: Simulator) -> None:
    run("doctor", "--offline", ECOVAI_BASE_URL=gateway.base_url, ECOVAI_API_KEY=gateway.key)
    assert gateway.requests == ()


@pytest.mark.parametrize(
    ("variables", "code", "text"),
    [
        ({}, 0, "none is set"),
        ({"HTTPS_PROXY": "http://u:hidden@127.0.0.1:9"}, 0, "the gateway is asked through the one set in HTTPS_PROXY"),
        ({"all_proxy": "socks://127.0.0.1:9"}, 0, "the gateway is asked through the one set in all_proxy"),
        (
            {"ALL_PROXY": "http://127.0.0.1:9", "NO_PROXY": "x, *.example"},
            0,
            "the one set in ALL_PROXY is not used, since NO_PROXY has the entry *.example",
        ),
        ({"HTTP_PROXY": "http://127.0.0.1:9"}, 0, "none is set"),
        (
            {"ALL_PROXY": "socks4://u:hidden@127.0.0.1:9"},
            3,
            (
                "The proxy set in ALL_PROXY does not work: correct the setting, or add the gateway to NO_PROXY.\n"
                "  Details: socks4 proxies cannot be used, only http, https, socks5 and socks5h"
            ),
        ),
    ],
)
def test_the_doctor_tells_which_proxy_is_used_and_what_keeps_one_out_of_the_way(
    run: Run, variables: dict[str, str], code: int, text: str
) -> None:
    done = run(
        "doctor", "--offline", "--json", ECOVAI_BASE_URL="https://gateway.example", ECOVAI_API_KEY="sk-any", **variables
    )
    (found,) = [finding for finding in json.loads(done.stdout) if finding["name"] == "proxy"]
    assert (done.returncode, found["code"], found["text"]) == (code, code, text)
    assert "hidden" not in done.stdout + done.stderr


def test_the_doctor_tells_that_no_proxy_stands_before_this_computer(run: Run, gateway: Simulator) -> None:
    pair = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
    done = run("doctor", "--json", ALL_PROXY="http://127.0.0.1:9", **pair)
    texts = {finding["name"]: finding["text"] for finding in json.loads(done.stdout)}
    assert done.returncode == ExitCode.WELL
    assert texts["proxy"] == "the one set in ALL_PROXY is not used, since the gateway is this computer"


def test_the_log_tells_of_a_fault_that_the_screen_does_not(environment: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import sys; from ecovai_tui.commands import ls; from ecovai_tui import cli\n"
        "def broken(_): raise ZeroDivisionError('inner words')\n"
        "ls.run = broken; sys.exit(cli.main(sys.argv[1:]))"
    )
    log = tmp_path / "log.txt"
    command = [sys.executable, "-c", code, "ls"]
    for words in ([], ["--log", str(log)]):
        done = subprocess.run([*command, *words], env=environment, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == ExitCode.FAULT
        assert "inner words" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert "inner words" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_columns_of_a_spreadsheet_are_a_promise() -> None:
    assert CSV_COLUMNS[:3] == ("task_id", "kind", "phase")
    assert len(set(CSV_COLUMNS)) == len(CSV_COLUMNS) == 20
