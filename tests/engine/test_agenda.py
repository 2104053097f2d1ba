"""The earliest of very many is at hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.engine.plan import SPARE, Agenda

NAMES, MOMENTS = st.sampled_from("abcdef"), st.integers(0, 5).map(float)
STEPS = st.lists(
    st.tuples(st.just("put"), NAMES, MOMENTS) | st.tuples(st.just("drop"), NAMES) | st.tuples(st.just("hurry"), MOMENTS)
)


@given(STEPS, MOMENTS, st.integers(0, 6))
def test_it_is_always_in_the_order_of_the_moments(steps: list[tuple[str, str, float]], until: float, most: int) -> None:
    agenda, due = Agenda(), dict[str, float]()
    for step, *values in steps:
        getattr(agenda, step)(*values)
        if step == "hurry":
            due = {name: min(moment, values[0]) for name, moment in due.items()}
        else:
            name, *moments = values
            due.pop(name, None) if not moments else due.update({name: moments[0]})
    expected = sorted(name for name, moment in due.items() if moment <= until)
    found = agenda.earliest(until, len(due))
    assert agenda.first() == min(due.values(), default=None)
    assert sorted(found) == expected
    assert [due[name] for name in found] == sorted(due[name] for name in found)
    assert agenda.earliest(until, most) == found[:most]


def test_of_those_that_are_due_at_once_the_first_comes_first() -> None:
    agenda = Agenda()
    for name in "bca":
        agenda.put(name, 1.0)
    agenda.put("b", 2.0)
    agenda.put("b", 1.0)
    assert agenda.earliest(1.0, 3) == ["b", "c", "a"]


def test_what_is_put_in_again_and_again_takes_no_more_room() -> None:
    agenda = Agenda()
    for moment in range(10 * SPARE):
        agenda.put("always later", float(moment))
        agenda.put("always earlier", float(-moment))
    assert len(agenda._heap) <= 2 * 2 + SPARE


def test_of_many_that_are_dropped_few_are_left_to_be_skipped() -> None:
    agenda = Agenda()
    for number in range(10 * SPARE):
        agenda.put(str(number), 1.0)
    for number in range(10 * SPARE):
        agenda.drop(str(number))
    assert len(agenda._heap) <= SPARE
    assert agenda.first() is None
