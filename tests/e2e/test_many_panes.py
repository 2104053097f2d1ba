"""Many instances on one profile: the gateway sees one client, whoever of them comes and goes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options, RequestRecord

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")
PANES = 10
WRITERS, EACH = 8, 50
TAKEN_OVER_WITHIN = 20.0
"""Seconds: five, as tests/store/test_lease.py counts by a clock of its own, and what a busy machine needs."""


def open_panes(open_quickly: Open, environment: dict[str, str], count: int) -> list[Terminal]:
    """Open panes one after the other, each with the list on its screen."""
    panes = [open_quickly(environment=environment, columns=140, lines=12) for _ in range(count)]
    for pane in panes:
        pane.wait_for("waiting|done|running|streaming|Nothing to watch yet")
    return panes


def run_program(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([PROGRAM, *arguments], env=environment, check=True, capture_output=True)


def test_ten_panes_are_one_client_to_the_gateway(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator
) -> None:
    known = simulator.ids[-8:]
    run_program(on_simulator, "add", *known)
    panes = open_panes(open_quickly, on_simulator, PANES)
    before = len(simulator.requests)
    watched = [simulator.submit(title=f"Heard by all {number}") for number in range(3)]
    run_program(on_simulator, "add", *watched)
    for pane in panes:
        pane.wait_for("Heard by all 0")
    panes[0].wait_until(lambda: len(simulator.requests) >= before + 3, "three requests more")
    requests = simulator.requests
    assert max(request.concurrent for request in requests) == 1
    assert {name for request in requests for name in request.ids} == {*known, *watched}
    starts = [request.at for request in requests]
    assert all(sum(start <= at < start + 60 for at in starts) <= 30 for start in starts)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTERM], ids=str)
def test_another_pane_asks_when_the_one_that_asks_goes(
    open_quickly: Open, environment: dict[str, str], end: signal.Signals
) -> None:
    faults = parse_faults("hang=1-1")
    with Simulator(Options(speed=1.0, population=0, arrivals=False, faults=faults)) as gateway:
        there = environment | {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
        first = open_quickly(gateway.submit(title="Asked for again"), environment=there, columns=140)
        first.wait_until(lambda: gateway.under_way == 1, "a request without an answer")
        others = open_panes(open_quickly, there, 2)
        assert not answered(gateway)
        first.kill(end)
        gone_at = time.time()
        others[0].wait_until(lambda: answered(gateway), "another request")
        assert answered(gateway)[0].at - gone_at <= TAKEN_OVER_WITHIN
        for pane in others:
            pane.wait_for("Asked for again")
        if end in {signal.SIGSTOP, signal.SIGTSTP}:
            first.wait_for_stop()
            first.kill(signal.SIGCONT)
            first.wait_for("Asked for again")
        count = len(answered(gateway))
        others[0].wait_until(lambda: len(answered(gateway)) > count + 1, "more requests")
        assert all(request.concurrent <= 2 for request in gateway.requests), "the one that hangs and one more"


def answered(gateway: Simulator) -> list[RequestRecord]:
    return [request for request in gateway.requests if request.status == 200]


def test_what_is_refreshed_in_one_pane_is_asked_for_once(
    open_quickly: Open, on_simulator: dict[str, str], simulator: Simulator
) -> None:
    done = next(name for name in simulator.ids if simulator.truth(name) == "done")
    run_program(on_simulator, "add", done)
    panes = open_panes(open_quickly, on_simulator, 2)
    for pane in panes:
        pane.wait_for("✓ done")
        pane.settle()
    before = len(simulator.requests)
    panes[1].press("r")
    panes[0].wait_until(lambda: len(simulator.requests) > before, "another request")


def test_programs_that_add_while_a_monitor_is_open_all_get_their_way_and_it_shows_them(
    open_quickly: Open, on_simulator: dict[str, str], home: Path
) -> None:
    terminal = open_quickly(environment=on_simulator, columns=140)
    terminal.wait_for("Nothing to watch yet")
    script = Path(__file__).parents[1] / "store" / "add_at_once.py"
    done = subprocess.run(
        [sys.executable, script, "--watchlist", str(home / "data" / "watchlist-simulator.toml"),
         "--programs", str(WRITERS), "--each", str(EACH)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{WRITERS * EACH} kept" in done.stdout
    terminal.wait_for(f"◌ {WRITERS * EACH}")
