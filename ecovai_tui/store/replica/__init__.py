"""The replica: the last known state of every task, and the ledger of what changed when, in SQLite."""

from __future__ import annotations

from ecovai_tui.store.replica.learned import Learned, learn
from ecovai_tui.store.replica.mirroring import Mirrored
from ecovai_tui.store.replica.recording import Recorded
from ecovai_tui.store.replica.replica import Replica
from ecovai_tui.store.replica.trouble import ReplicaBusy

__all__ = ["Learned", "Mirrored", "Recorded", "Replica", "ReplicaBusy", "learn"]
