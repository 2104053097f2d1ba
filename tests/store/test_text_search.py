"""Texts are found in the lyrics of every task of a gateway, and style tags in older files as in new ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.schema import TAGS
from ecovai_tui.store.task_rows import find_lyrics_in_file
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task

ORIGIN = "https://gateway.example"


def song(name: str, *lyrics: str, tags: str = "") -> Task:
    clips = tuple(Clip(f"{name}-{n}", Phase.DONE, lyrics=text, tags=tags) for n, text in enumerate(lyrics))
    return Task(name, Kind.MUSIC, Phase.DONE, clips=clips, source='{"lyrics": "in the source alone"}')


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "replica.sqlite3"
    with closing(Replica(path, ORIGIN)) as replica:
        replica.record(
            [
                song("rain", "[Verse]\nRain on the café"),
                song("second", "", "100 % of the rain"),
                song("cjk", "城市之光\n雨夜"),
                Task("text", Kind.LYRICS, Phase.DONE, lyrics=Lyrics("Title", "Rain\nagain")),
                Task("title", Kind.LYRICS, Phase.DONE, lyrics=Lyrics("Rain", "Sun")),
                Task("bare", Kind.MUSIC, Phase.RUNNING),
            ],
            1.0,
        )
        yield path


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("rain", {"rain", "second", "text"}),
        ("cafe", {"rain"}),
        ("rain on", {"rain"}),
        ("雨夜", {"cjk"}),
        ("% of", {"second"}),
        ("in the source", set()),
        ("snow", set()),
    ],
)
def test_a_text_is_found_in_lyrics(file: Path, text: str, ids: set[str]) -> None:
    assert find_lyrics_in_file(file, ORIGIN, [text]) == {text: ids}


def test_several_texts_are_each_found(file: Path) -> None:
    assert find_lyrics_in_file(file, ORIGIN, ["sun", "again"]) == {"sun": {"title"}, "again": {"text"}}


def test_another_gateways_lyrics_are_not_found(file: Path) -> None:
    assert find_lyrics_in_file(file, "https://other.example", ["rain"]) == {"rain": set()}


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        find_lyrics_in_file(tmp_path / "none", ORIGIN, ["rain"])
    assert not (tmp_path / "none").exists()


def test_the_tags_of_an_older_file_become_part_of_each_line(tmp_path: Path) -> None:
    path = tmp_path / "replica.sqlite3"
    with closing(Replica(path, ORIGIN)) as replica:
        replica.record([song("a", "x", "y", tags="jazz, piano"), song("b", "x")], 1.0)
        new = {name: found.summary.tags for name, found in replica.watched_tasks(["a", "b"]).items()}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE task DROP COLUMN tags")
        for statement in TAGS:
            connection.execute(statement)
    with closing(Replica(path, ORIGIN)) as replica:
        old = {name: found.summary.tags for name, found in replica.watched_tasks(["a", "b"]).items()}
    assert old == new == {"a": "jazz, piano", "b": ""}
