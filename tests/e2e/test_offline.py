"""Without a gateway the program opens with all that it last knew, and says how things stand."""

from __future__ import annotations

import re

from support.terminal import Open, Terminal

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

SLOWLY = 0.1
"""So slow that a song that was submitted just now still runs when the test is over."""


def on_gateway(environment: dict[str, str], simulator: Simulator) -> dict[str, str]:
    return environment | {
        "ECOVAI_PROFILE": "offline",
        "ECOVAI_BASE_URL": simulator.base_url,
        "ECOVAI_API_KEY": simulator.key,
    }


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.exit_code() == 0, terminal.received.decode()[-6000:]


def test_everything_that_was_known_is_there_with_its_age(open_quickly: Open, environment: dict[str, str]) -> None:
    with Simulator(Options(speed=SLOWLY, arrivals=False)) as simulator:
        variables = on_gateway(environment, simulator)
        running = simulator.submit(title="Still under way")
        terminal = open_quickly(*simulator.ids[-6:], environment=variables, columns=260)
        terminal.wait_until(lambda: any(running in request.ids for request in simulator.requests), "asked for")
        terminal.wait_until(lambda: "as of" not in terminal.text and "▸ " in terminal.text, "the answer")
        counts = terminal.wait_for(r"◌ \d waiting  ▸ \d")
        terminal.wait_until(lambda: len(ids_on_screen(terminal)) == 6, "all rows")
        ids = ids_on_screen(terminal)
        leave(terminal)
    terminal = open_quickly(environment=variables, columns=260)
    known = re.sub(r"(\S) (\d) waiting  (\S) (\d)", r"\1\2 \3\4", counts)
    terminal.wait_for(rf"Nothing accepts connections at 127.0.0.1.* [Aa]gain .*What you see is of \d\d:\d\d.*{known}")
    terminal.wait_for("[◌▸] stale")
    terminal.wait_until(lambda: ids_on_screen(terminal) == ids, "the rows that were known")
    leave(terminal)


def ids_on_screen(terminal: Terminal) -> set[str]:
    """Return how the ids of the table begin."""
    return set(re.findall(r"(?:waiting|running|stale) .* (\w{8,}) +[│┃]", terminal.text))
