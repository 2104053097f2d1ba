"""What the leader tells the others of its link arrives as it was."""

from __future__ import annotations

import pytest

from ecovai_tui.engine.panes import heard, told
from ecovai_tui.engine.updates import Link, Trouble


@pytest.mark.parametrize(
    "link",
    [
        Link(),
        Link(Trouble("下了", "detail", 5.0, key_refused=True), next_poll=9.0, skew=-1.5),
        Link(asking_since=7.5, next_poll=7.5),
    ],
)
def test_a_link_arrives_as_it_was(link: Link) -> None:
    assert heard(told(link)) == link


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"trouble": 1}'])
def test_a_text_that_is_none_counts_as_no_link(text: str) -> None:
    assert heard(text) == Link()


def test_what_only_another_version_knows_is_left_out() -> None:
    assert heard('{"trouble": null, "in_flight": true, "next_poll": 9.0}') == Link(next_poll=9.0)
