"""Two gateways on one watch list: neither waits for the other."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.store.files import Paths
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.turns import Batch


def open_one(folder: Path, base_url: str) -> Session:
    """Open a session of the profile without a name on a gateway."""
    paths, gateway = Paths(folder, folder, folder), {"ECOVAI_BASE_URL": base_url, "ECOVAI_API_KEY": "sk-two-gateways"}
    return open_session(load_settings(Flags(), gateway, paths), paths)


def test_each_gateway_has_a_lease_of_its_own(tmp_path: Path) -> None:
    addresses = ("https://one.example", "https://other.example", "https://one.example/")
    with ExitStack() as stack:
        sessions = [stack.enter_context(closing(open_one(tmp_path, address))) for address in addresses]
        claimed = [session.replica.lease(session.clock).claim_for(["t1"]) for session in sessions]
        assert [isinstance(each, Batch) for each in claimed] == [True, True, False]
