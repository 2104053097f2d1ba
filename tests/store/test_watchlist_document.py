"""The TOML text of a watch list, with everything that people write into it."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.store.watchlist import add_ids, label_ids
from ecovai_tui.store.watchlist_document import WatchList, WatchListError, read_document, read_moment, write_document
from ecovai_tui.tasks.model import is_id

PATH = Path("/home/me/watchlist.toml")
IDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40).filter(is_id)


def read(text: str) -> WatchList:
    return read_document(text.encode(), PATH)


def test_the_file_reads_as_the_manual_shows_it() -> None:
    watch_list = WatchList(
        ids=("346c5d10-a4a1-4f49-a851-66a7dae6cfaf",), labels={"346c5d10-a4a1-4f49-a851-66a7dae6cfaf": "edm test"}
    )
    assert write_document(watch_list).decode() == (
        "# The tasks that ecovai-tui watches. You may edit this file, also while the program runs.\n"
        "# Comments other than these are not kept; a note on a task belongs under [labels].\n"
        "version = 1\n"
        "ids = [\n"
        '    "346c5d10-a4a1-4f49-a851-66a7dae6cfaf",\n'
        "]\n"
        "\n"
        "[labels]\n"
        '346c5d10-a4a1-4f49-a851-66a7dae6cfaf = "edm test"\n'
    )


def test_duplicates_in_the_file_are_collapsed() -> None:
    assert read('ids = ["a", "b", "a"]').ids == ("a", "b")


def test_entries_that_are_no_ids_are_not_watched_but_stay_and_are_told() -> None:
    found = read('ids = ["my song", "a", 5, "-x"]')
    assert found.ids == ("a",)
    assert len(found.notes) == 1
    assert "my song" in found.notes[0]
    assert tomllib.loads(write_document(found).decode())["ids"] == ["a", "my song", 5, "-x"]


def test_labels_and_times_that_cannot_be_used_stay_and_are_told() -> None:
    found = read(
        'ids = ["a"]\n[labels]\na = 5\nb = "pop"\n[removed]\nc = "yesterday"\n"not an id" = 2026-01-01T00:00:00Z'
    )
    assert found.labels == {"b": "pop"}
    assert found.removed == {}
    assert len(found.notes) == 2
    written = tomllib.loads(write_document(found).decode())
    assert written["labels"] == {"a": 5, "b": "pop"}
    assert written["removed"] == {"c": "yesterday", "not an id": datetime(2026, 1, 1, tzinfo=UTC)}


def test_a_note_stays_short_and_clean_however_much_is_wrong() -> None:
    note = read("ids = [" + ", ".join(f'"bad {n}\\u001b[31m{"x" * 100}"' for n in range(50)) + "]").notes[0]
    assert "and 47 more" in note
    assert note.isprintable()
    assert len(note) < 300


def test_unknown_keys_and_tables_survive() -> None:
    text = 'version = 1\nids = ["a"]\ncolour = "red"\n[other]\nwhen = 1979-05-27\n[[list]]\nx = 1.5\n'
    before = tomllib.loads(text)
    assert tomllib.loads(write_document(read(text)).decode()) == before


def test_an_id_that_is_pasted_in_again_is_no_longer_removed() -> None:
    found = read('ids = ["a"]\n[removed]\na = 2026-01-01T00:00:00Z\n')
    assert (found.ids, found.removed) == (("a",), {})


def test_a_label_with_escape_codes_is_cleaned() -> None:
    assert read('[labels]\na = "one\\u001b[31m two\\nthree\\u202e"').labels == {"a": "one two three"}


LONG_NOTE = "verse one: slower\nverse two: " + "x" * 300


def test_a_long_label_written_by_hand_stays_as_it_is_in_the_file() -> None:
    found = read(f'ids = ["a"]\n[labels]\na = """{LONG_NOTE}"""')
    assert found.labels["a"] == LONG_NOTE.replace("\n", " ")[:200]
    again = read_document(write_document(add_ids(found, ["b"])), PATH)
    assert again.labels == found.labels
    assert again.labels_as_written == {"a": LONG_NOTE}


def test_a_label_written_by_hand_gives_way_to_a_new_one() -> None:
    found = read(f'ids = ["a", "b"]\n[labels]\na = """{LONG_NOTE}"""\nb = """{LONG_NOTE}"""')
    again = read_document(write_document(label_ids(label_ids(found, ["a"], "new"), ["b"], "")), PATH)
    assert (again.labels, again.labels_as_written) == ({"a": "new"}, {})


@pytest.mark.parametrize("text", ["\ufeffids = ['a']", "ids = ['a']\r\n", "ids = [\r\n'a',\r\n]\r\n"])
def test_a_file_from_another_editor_reads_the_same(text: str) -> None:
    assert read(text).ids == ("a",)


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b'ids = ["a"\nx = 1', 2, "Unclosed array"),
        (b'ids = [\n"a\n]', 2, "Illegal character"),
        (b'version = 1\nids = "a"', 2, "ids must be a list"),
        (b"\n\nlabels = 3", 3, "labels must be a table"),
        (b"ids = []\n[removed]\n[[removed.x]]\n[removed]", 4, "twice"),
        (b"version = true", 1, "version must be a whole number"),
        (b'ids = ["a"]\n# \xff\xfe', 2, "not UTF-8"),
        (b"x = " + b"[" * 5000, None, "nested too deeply"),
        (b"x = " + b"9" * 5000, None, "limit"),
        (b"", None, "is empty"),
        (b"\n \n", None, "is empty"),
    ],
)
def test_a_file_that_does_not_parse_names_the_file_the_line_and_the_reason(
    data: bytes, line: int | None, reason: str
) -> None:
    with pytest.raises(WatchListError) as caught:
        read_document(data, PATH)
    assert (caught.value.path, caught.value.line) == (PATH, line)
    assert reason in str(caught.value)
    assert str(PATH) in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_newer_version_is_read_but_says_that_it_must_not_be_written() -> None:
    found = read('version = 2\nids = ["a"]')
    assert found.ids == ("a",)
    assert "version 2" in found.read_only


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), 1767323045.678901),
        ("2026-01-02T03:04:05Z", 1767323045.0),
        ("2026-01-02T04:04:05+01:00", 1767323045.0),
        (1767323045, 1767323045.0),
        (True, None),
        (1e300, None),
        (float("nan"), None),
        ("soon", None),
        ([], None),
        (datetime(1, 1, 1), None),  # noqa: DTZ001 - a hand-written time names no zone
    ],
)
def test_moments_are_read_in_every_form_that_names_one(value: object, expected: float | None) -> None:
    assert read_moment(value) == expected


@settings(deadline=None)
@given(
    ids=st.lists(IDS, unique=True),
    labels=st.dictionaries(st.text(max_size=30), st.text(max_size=60)),
    removed=st.dictionaries(IDS, st.integers(0, 4_000_000_000_000_000).map(lambda number: number / 1_000_000)),
)
def test_every_watch_list_reads_back_as_it_was_written(
    ids: list[str], labels: dict[str, str], removed: dict[str, float]
) -> None:
    first = read_document(
        write_document(WatchList(tuple(ids), labels, {name: at for name, at in removed.items() if name not in ids})),
        PATH,
    )
    assert first.ids == tuple(ids)
    assert first.labels.keys() == labels.keys()
    assert read_document(write_document(first), PATH) == first


TOML_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=9), TOML_VALUES, max_size=4))
def test_whatever_else_stands_in_the_file_survives(extra: dict[str, object]) -> None:
    extra = {name: value for name, value in extra.items() if name not in {"version", "ids", "labels", "removed"}}
    again = read_document(write_document(WatchList(ids=("a",), extra=extra)), PATH)
    assert again.extra == extra


def test_a_file_as_we_write_it_is_read_like_any_other() -> None:
    names = ("a", "task_1", "x" * 191, "it's#not=[toml]")
    data = write_document(WatchList(ids=names, labels={"a": "one"}))
    found = read_document(data, PATH)
    assert found == read_document(b"# by hand\n" + data, PATH)
    assert found.ids == names


def test_what_follows_the_ids_keeps_its_line_number() -> None:
    data = write_document(WatchList(ids=("a", "b", "c"))) + b"[labels\n"
    with pytest.raises(WatchListError) as caught:
        read_document(data, PATH)
    assert caught.value.line == data.count(b"\n")
