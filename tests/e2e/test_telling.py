"""What is said while something is typed stands in the last line, and covers nothing of it."""

from __future__ import annotations

import pytest
from support.other_pane import OtherPane, task, tasks
from support.terminal import ESCAPE, Open

from ecovai_tui.tasks.model import Phase

SIZES = [(40, 10), (80, 24), (120, 40), (200, 50)]
OPENING = {"/": "/  ", "a": "Add tasks", "e": "Label of", "\x19": "Copy", ":": "All actions", "?": "Help"}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_news_cover_nothing_of_what_is_open(
    environment: dict[str, str], open_quickly: Open, size: tuple[int, int]
) -> None:
    columns, lines = size
    with OtherPane(environment) as pane:
        pane.watch(tasks(20))
        terminal = open_quickly(environment=pane.environment, columns=columns, lines=lines)
        terminal.wait_for("done|✓")
        for number, (key, shown) in enumerate(OPENING.items()):
            pane.tell(task(19, Phase.RUNNING))
            terminal.wait_for(r"▸ ?1")
            terminal.press(key)
            terminal.wait_for(shown)
            terminal.settle()
            before = terminal.text.splitlines()
            assert before[-1].strip(), "neither keys nor news"
            pane.tell(task(19, Phase.FAILED if number % 2 else Phase.DONE))
            terminal.wait_for(r"[✓✗] (?!done|failed)\S.* (is done|failed)")
            terminal.settle()
            after = terminal.text.splitlines()
            where = [y for y, line in enumerate(before) if shown in line]
            assert [after[y].find(shown) for y in where] == [before[y].find(shown) for y in where]
            terminal.sent_for(ESCAPE)
            terminal.sent_for(ESCAPE)
