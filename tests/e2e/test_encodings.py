"""The titles of songs are shown as they are wherever the terminal can: ASCII is only what we draw ourselves."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

import pytest
from support.other_pane import BesidePane
from support.terminal import PROGRAM, Open

TITLE, CUT = "夜曲", "夜明けのメトロ"
OUR_SIGNS = "✓❯│▾…"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ({"LANG": "C.UTF-8"}, ["--ascii"]),
        ({"LANG": "C"}, []),
        ({"LANG": "POSIX"}, []),
        ({"LC_ALL": "C"}, []),
        ({"LC_ALL": "POSIX"}, ["--ascii"]),
        ({"TERM": "linux"}, []),
    ],
    ids=str,
)
def test_a_title_is_shown_whole_where_signs_are_ascii(
    beside: BesidePane, open_program: Open, locale: dict[str, str], words: Sequence[str]
) -> None:
    environment = beside(10).environment | locale
    terminal = open_program(*words, environment=environment, columns=160)
    terminal.wait_for("done")
    terminal.wait_for(TITLE)
    assert not set(OUR_SIGNS) & set(terminal.text)
    assert "??" not in terminal.text


def test_where_the_terminal_reads_another_encoding_it_gets_that(beside: BesidePane, open_program: Open) -> None:
    terminal = open_program(environment=beside(10).environment | {"PYTHONIOENCODING": "gbk"}, columns=160)
    terminal.wait_until(lambda: TITLE.encode("gbk") in terminal.received, "the title")
    assert not set(OUR_SIGNS) & set(bytes(terminal.received).decode("gbk"))


@pytest.mark.parametrize("words", [["ls"], ["ls", "--ascii"]], ids=" ".join)
@pytest.mark.parametrize(
    ("locale", "encoding"),
    [({"LANG": "C.UTF-8"}, "utf-8"), ({"LC_ALL": "C"}, "utf-8"), ({"PYTHONIOENCODING": "gbk"}, "gbk")],
    ids=str,
)
def test_a_list_shows_titles_in_the_encoding_of_the_output(
    beside: BesidePane, words: Sequence[str], locale: dict[str, str], encoding: str
) -> None:
    environment = beside(10).environment | locale | {"PATH": os.environ["PATH"]}
    done = subprocess.run([PROGRAM, *words], env=environment, capture_output=True, check=True)
    assert TITLE in done.stdout.decode(encoding)
    assert CUT in done.stdout.decode(encoding)
    assert ("✓" in done.stdout.decode(encoding)) is ("--ascii" not in words and encoding == "utf-8")
