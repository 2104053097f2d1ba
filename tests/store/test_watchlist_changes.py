"""Adding, removing, undoing and labelling, as pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.store.watchlist import add_ids, label_ids, purge_removed, remove_ids, undo_removal
from ecovai_tui.store.watchlist_document import UNDO_PERIOD, WatchList, difference
from ecovai_tui.tasks.model import are_ids, is_id

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    "text", ["a", "346c5d10-a4a1-4f49-a851-66a7dae6cfaf", "task_1", "!", "~", "a-b", '"quoted"', "a" * 191]
)
def test_every_printable_ascii_word_is_an_id(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", ["", "-a", "--help", "a b", "a\n", "\n", "é", "a\x7f", "\x1b[31m", "a" * 192])
def test_options_blanks_controls_and_long_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)


@given(st.lists(st.text("a-\n ", max_size=3) | st.sampled_from(["a" * 191, "a" * 192]), max_size=4))
def test_very_many_texts_are_judged_together_as_each_alone(texts: list[str]) -> None:
    assert are_ids(texts) == (bool(texts) and all(is_id(text) for text in texts))


def test_new_ids_are_appended_once() -> None:
    assert add_ids(WatchList(ids=("a", "b")), ["c", "a", "c"]).ids == ("a", "b", "c")


def test_a_label_goes_to_all_ids_that_are_added() -> None:
    assert add_ids(WatchList(ids=("a",)), ["a", "b"], "edm").labels == {"a": "edm", "b": "edm"}


def test_adding_without_a_label_keeps_the_label_of_before() -> None:
    assert add_ids(WatchList(ids=("a",), labels={"a": "edm"}), ["a"]).labels == {"a": "edm"}


def test_undo_brings_back_the_last_removal_as_a_group_with_labels() -> None:
    watch_list = WatchList(ids=("a", "b", "c", "d"), labels={"b": "edm"})
    removed = remove_ids(remove_ids(watch_list, ["a"], NOW), ["b", "c"], NOW + 1)
    assert removed.ids == ("d",)
    restored = undo_removal(removed, NOW + 2)
    assert set(restored.ids) == {"b", "c", "d"}
    assert restored.labels == {"b": "edm"}
    assert set(undo_removal(restored, NOW + 3).ids) == {"a", "b", "c", "d"}


def test_two_removals_at_the_same_moment_are_undone_one_by_one() -> None:
    removed = remove_ids(remove_ids(WatchList(ids=("a", "b")), ["a"], NOW), ["b"], NOW)
    assert undo_removal(removed, NOW).ids == ("b",)


def test_a_clock_that_went_back_does_not_change_which_removal_was_last() -> None:
    removed = remove_ids(remove_ids(WatchList(ids=("a", "b")), ["a"], NOW), ["b"], NOW - 3600)
    assert undo_removal(removed, NOW - 3600).ids == ("b",)


def test_a_removal_can_be_undone_for_a_day() -> None:
    removed = remove_ids(WatchList(ids=("a",)), ["a"], NOW)
    assert undo_removal(removed, NOW + UNDO_PERIOD - 1).ids == ("a",)
    assert undo_removal(removed, NOW + UNDO_PERIOD).ids == ()


def test_what_can_no_longer_be_undone_is_forgotten_with_its_label() -> None:
    watch_list = remove_ids(WatchList(ids=("a", "b"), labels={"a": "edm", "b": "pop"}), ["a"], NOW)
    assert purge_removed(watch_list, NOW + UNDO_PERIOD - 1) == watch_list
    later = purge_removed(watch_list, NOW + UNDO_PERIOD)
    assert (later.removed, later.labels) == ({}, {"b": "pop"})


def test_adding_a_removed_id_restores_it_with_its_label() -> None:
    removed = remove_ids(WatchList(ids=("a", "b"), labels={"a": "edm"}), ["a", "b"], NOW)
    restored = add_ids(removed, ["a"])
    assert restored.ids == ("a",)
    assert restored.labels == {"a": "edm"}
    assert set(restored.removed) == {"b"}


class Counted(str):
    """An id that counts how often it is compared with another."""

    __slots__ = ()
    comparisons = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return str.__eq__(self, other)


def test_bringing_back_very_many_ids_does_not_compare_each_with_all() -> None:
    ids = [Counted(f"id-{number}") for number in range(500)]
    removed = remove_ids(WatchList(ids=tuple(ids)), ids, NOW)
    Counted.comparisons = 0
    assert undo_removal(removed, NOW + 1).ids == tuple(ids)
    assert add_ids(removed, [str(name) for name in ids]).ids == tuple(ids)
    assert Counted.comparisons < 20 * len(ids)


def test_an_empty_label_takes_the_label_away() -> None:
    labelled = label_ids(WatchList(ids=("a",)), ["a"], "edm")
    assert labelled.labels == {"a": "edm"}
    assert label_ids(labelled, ["a"], "").labels == {}


def test_a_difference_names_what_came_went_and_got_another_label() -> None:
    before = WatchList(ids=("a", "b", "c"), labels={"b": "edm"})
    after = WatchList(ids=("b", "c", "d"), labels={"b": "pop", "d": "new"})
    found = difference(before, after)
    assert (found.added, found.removed, found.relabelled) == ({"d"}, {"a"}, {"b"})


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "undo", "purge"]), st.lists(NAMES, max_size=3), st.integers(0, 9000)),
    max_size=20,
)


@settings(deadline=None)
@given(STEPS)
def test_no_id_is_ever_lost_within_a_day_whatever_is_done(steps: list[tuple[str, list[str], int]]) -> None:
    watch_list, added, now = WatchList(extra={"kept": 1}), set(), NOW
    for what, names, passed in steps:
        now = min(now + passed, NOW + UNDO_PERIOD - 1)
        if what == "add":
            watch_list = add_ids(watch_list, names)
            added |= set(names)
        elif what == "remove":
            watch_list = remove_ids(watch_list, names, now)
        else:
            watch_list = undo_removal(watch_list, now) if what == "undo" else purge_removed(watch_list, now)
        assert set(watch_list.ids) | set(watch_list.removed) == added
        assert not set(watch_list.ids) & set(watch_list.removed)
        assert len(set(watch_list.ids)) == len(watch_list.ids)
        assert watch_list.extra == {"kept": 1}


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, unique=True), st.lists(NAMES, min_size=1))
def test_undo_right_after_a_removal_watches_the_same_ids_again(ids: list[str], gone: list[str]) -> None:
    watch_list = WatchList(ids=tuple(ids))
    removed = remove_ids(watch_list, gone, NOW)
    assert set(undo_removal(removed, NOW).ids) == set(ids)
