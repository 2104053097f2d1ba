"""The setting of columns: what is refused, and in which words."""

from __future__ import annotations

import pytest

from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.settings_tables import ColumnKey, read_columns


def test_every_column_can_be_named() -> None:
    names = tuple(key.value for key in ColumnKey)
    assert read_columns(list(names), "config.toml") == names
    assert read_columns(["title", "phase"], "config.toml") == ("title", "phase")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("title", 'config.toml: columns must be a list of names, such as ["phase", "took", "title"].'),
        (["title", 3], "must be a list of names"),
        (["title", "labell"], 'no column is called "labell". Did you mean label?'),
        (["title", "id", "title"], "names a column twice"),
        (["id"], 'has no "title"'),
        ([], 'has no "title"'),
    ],
)
def test_what_is_no_list_of_columns_is_told(value: object, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_columns(value, "config.toml")
    assert words in str(refused.value)
