"""Many instances on one profile: the gateway sees one client, whoever of them comes and goes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.terminal import Open, Terminal

from ecovai_tui.simulator.server import Simulator

PROGRAM = str(Path(sys.executable).parent / "ecovai-tui")
PANES = 10
WRITERS, EACH = 8, 50


def open_panes(open_program: Open, environment: dict[str, str], count: int) -> list[Terminal]:
    """Open panes one after the other; the first leads."""
    panes = [open_program(environment=environment, columns=140, lines=12)]
    panes[0].wait_for("leading")
    panes += [open_program(environment=environment, columns=140, lines=12) for _ in range(count - 1)]
    for pane in panes[1:]:
        pane.wait_for("following")
    return panes


def wait_for_one_leader(panes: Sequence[Terminal]) -> Terminal:
    """Wait until exactly one of the panes says that it leads, and return it."""

    def leader() -> Terminal | None:
        for pane in panes:
            pane.read(0.02)
        leading = [pane for pane in panes if "leading" in pane.text]
        return leading[0] if len(leading) == 1 else None

    return panes[0].wait_until(leader, "one leader")  # type: ignore[return-value]  # it waited until there is one


def run_program(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([PROGRAM, *arguments], env=environment, check=True, capture_output=True)


def test_ten_panes_are_one_client_to_the_gateway(
    open_program: Open, on_simulator: dict[str, str], simulator: Simulator
) -> None:
    known = simulator.ids[-8:]
    run_program(on_simulator, "add", *known)
    panes = open_panes(open_program, on_simulator, PANES)
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


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTSTP, signal.SIGTERM], ids=lambda number: number.name)
def test_the_role_passes_on_when_the_leader_goes(
    open_program: Open, on_simulator: dict[str, str], simulator: Simulator, end: signal.Signals
) -> None:
    first, *others = open_panes(open_program, on_simulator, 3)
    first.kill(end)
    second = wait_for_one_leader(others)
    new = simulator.submit(title="After the first leader")
    run_program(on_simulator, "add", new)
    for pane in others:
        pane.wait_for("After the first leader")
    assert max(request.concurrent for request in simulator.requests) == 1
    if end is signal.SIGTSTP:
        first.wait_for_stop()
        first.kill(signal.SIGCONT)
        first.wait_for("following")
        first.wait_for("After the first leader")
        assert "leading" in second.text


def test_an_idle_leader_that_is_stopped_without_a_word_is_replaced_and_follows_when_it_goes_on(
    open_program: Open, on_simulator: dict[str, str], simulator: Simulator
) -> None:
    first, *others = open_panes(open_program, on_simulator, 3)
    first.settle()
    first.kill(signal.SIGSTOP)
    first.wait_for_stop()
    second = wait_for_one_leader(others)
    assert not simulator.requests, "nothing was ever due"
    first.kill(signal.SIGCONT)
    first.wait_for("following")
    assert "leading" in second.text
    new = simulator.submit(title="After the first leader")
    run_program(on_simulator, "add", new)
    for pane in (first, *others):
        pane.wait_for("After the first leader")
    assert max(request.concurrent for request in simulator.requests) == 1


def test_an_intent_of_a_follower_is_obeyed_by_the_leader(
    open_program: Open, on_simulator: dict[str, str], simulator: Simulator
) -> None:
    done = next(name for name in simulator.ids if simulator.truth(name) == "done")
    run_program(on_simulator, "add", done)
    panes = open_panes(open_program, on_simulator, 2)
    panes[1].wait_for("✓ done")
    panes[1].settle()
    before = len(simulator.requests)
    panes[1].press("r")
    panes[0].wait_until(lambda: len(simulator.requests) > before, "another request")


def test_programs_that_add_while_a_monitor_is_open_all_get_their_way_and_it_shows_them(
    open_program: Open, on_simulator: dict[str, str], home: Path
) -> None:
    terminal = open_program(environment=on_simulator, columns=140)
    terminal.wait_for("No tasks are watched")
    script = Path(__file__).parents[1] / "store" / "add_at_once.py"
    done = subprocess.run(
        [sys.executable, script, "--watchlist", str(home / "data" / "watchlist-simulator.toml"),
         "--programs", str(WRITERS), "--each", str(EACH)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{WRITERS * EACH} kept" in done.stdout
    terminal.wait_for(f"{WRITERS * EACH} waiting")
