"""A pane whose key is refused keeps none of the others from the gateway: another key may work."""

from __future__ import annotations

from support.terminal import Open

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options


def test_a_script_with_a_key_that_works_waits_beside_a_pane_whose_key_is_refused(
    open_quickly: Open, environment: dict[str, str]
) -> None:
    with Simulator(Options(speed=600.0, population=0, arrivals=False)) as gateway:
        there = environment | {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}
        pane = open_quickly(gateway.submit(script="song"), environment=there | {"ECOVAI_API_KEY": "sk-of-last-year"})
        pane.wait_for("Key refused")
        script = open_quickly("wait", environment=there)
        assert script.exit_code() == 0, script.text
        assert "refused" not in script.text
        pane.wait_for("✓ 1")
        pane.wait_until_gone("Key refused")
