"""The replica: the last known state of every task, and the ledger of what changed when, in SQLite."""

from __future__ import annotations

from .learned import Learned, learn
from .mirroring import Mirrored
from .recording import Recorded
from .replica import Replica
from .trouble import ReplicaBusy

__all__ = ["Learned", "Mirrored", "Recorded", "Replica", "ReplicaBusy", "learn"]
