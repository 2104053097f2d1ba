"""The house stays as small as it has become: each figure may only fall, and nothing imports in a circle."""

from __future__ import annotations

from architecture.house import circles, figures

GOALS = {
    "modules": 130,
    "lines": 16_000,
    "module_longest": 400,
    "function_median": 7,
    "function_ninth_decile": 18,
    "function_longest": 40,
    "modules_with_one_importer": 30,
    "file_names_twice": 5,
    "imports_in_functions": 15,
    "type_checking_blocks": 24,
}
"""What the house shall come to."""

LIMITS = GOALS | {
    "modules": 161,
    "lines": 40_600,
    "imports_in_functions": 34,
}
"""What it has come to, where that is more: lower a limit whenever there is less, and never raise one."""


def test_the_figures_of_the_house_only_fall() -> None:
    reached = figures()._asdict()
    assert {name: value for name, value in reached.items() if value > LIMITS.get(name, value)} == {}


def test_no_circles() -> None:
    assert circles() == []
