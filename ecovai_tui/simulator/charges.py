"""What submissions cost and what was charged for them, as new-api tells it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ecovai_tui.simulator.scripts import Json
from ecovai_tui.simulator.world import PRICE, Taken

QUOTA_PER_DOLLAR = 500_000
MODELS = {"music": "suno_music", "lyrics": "suno_lyrics"}


def prices() -> Json:
    """Return the answer of ``/api/pricing``: a price for each call (``quota_type`` 1), and the ratio of each group."""
    models: list[Json] = [
        {
            "model_name": name,
            "quota_type": 1,
            "model_ratio": 0,
            "model_price": PRICE,
            "owner_by": "",
            "completion_ratio": 0,
            "enable_groups": ["default"],
        }
        for name in MODELS.values()
    ]
    return {"success": True, "data": models, "group_ratio": {"default": 1}, "usable_group": {"default": "default"}}


def spendings(taken: Sequence[Taken]) -> Json:
    """Return the answer of ``/api/log/token``: a line of type 2 for each submission, the newest first."""
    lines: list[Json] = [
        {
            "id": number,
            "created_at": int(each.at),
            "type": 2,
            "content": "",
            "username": "simulator",
            "token_name": "simulator",
            "model_name": MODELS.get(each.kind, "suno_music"),
            "quota": round(PRICE * QUOTA_PER_DOLLAR),
            "use_time": 1,
            "other": json.dumps({"is_task": True, "model_price": PRICE, "group_ratio": 1}),
        }
        for number, each in enumerate(taken, 1)
    ]
    return {"success": True, "message": "", "data": lines[::-1]}
