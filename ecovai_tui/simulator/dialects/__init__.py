"""The dialects of the family: one module for each kind of gateway."""

from __future__ import annotations

from ecovai_tui.simulator.dialects.base import Dialect
from ecovai_tui.simulator.dialects.new_api import NewApi2024, NewApi2026, OneHub
from ecovai_tui.simulator.dialects.resellers import Flat, Nested, SunoApi

_BY_NAME: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (NewApi2024(), NewApi2026(), OneHub(), SunoApi(), Nested(), Flat())
}

DIALECTS = tuple(_BY_NAME)
"""The names of all dialects."""


def find_dialect(name: str) -> Dialect:
    """Return the dialect of this name, which must be one of ``DIALECTS``."""
    return _BY_NAME[name]
