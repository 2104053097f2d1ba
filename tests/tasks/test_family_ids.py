"""Telling the family of a task by its id, by a path that names it, and by the look of its id."""

from __future__ import annotations

import pytest

from ecovai_tui.commands.shared.ids import IdFinder, find_ids
from ecovai_tui.commands.shared.target_ids import ids_of_word
from ecovai_tui.tasks import families
from ecovai_tui.tasks.families import (
    FAMILIES,
    family_of,
    kind_in,
    named_in_paths,
    own_id,
    prefix_of_path,
)
from ecovai_tui.tasks.model import is_id

SONG = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"


@pytest.mark.parametrize(
    ("task_id", "family", "kind", "own"),
    [
        (SONG, "suno", "", SONG),
        ("midjourney:1730000000123456", "midjourney", "", "1730000000123456"),
        ("kling/text2video:827000000000000001", "kling", "text2video", "827000000000000001"),
        (f"runway:{SONG}", "runway", "", SONG),
        ("openai-video:video_68f0a1", "openai-video", "", "video_68f0a1"),
        ("job:17", "suno", "", "job:17"),
        ("suno:midjourney:17", "suno", "", "midjourney:17"),
    ],
)
def test_an_id_is_parted_into_family_kind_and_what_the_gateway_calls_it(
    task_id: str, family: str, kind: str, own: str
) -> None:
    assert (family_of(task_id), kind_in(task_id), own_id(task_id)) == (family, kind, own)
    assert families.prefixed(family, own, kind) == task_id
    assert is_id(task_id)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("GET /mj/task/1730000000123456/fetch", "midjourney:1730000000123456"),
        ("https://api.ecovai.cn/mj-fast/mj/task/1730000000123456/fetch", "midjourney:1730000000123456"),
        ("/kling/v1/videos/image2video/827000000000000001", "kling/image2video:827000000000000001"),
        ("/kling/v1/images/generations/827000000000000001", "kling/generations:827000000000000001"),
        (f"https://x.example/runwayml/v1/tasks/{SONG}", f"runway:{SONG}"),
        (f"/luma/v1/task?id={SONG}", f"luma:{SONG}"),
        (f"/luma/generations/{SONG}", f"luma:{SONG}"),
        (f"/flux/v1/get_result?id={SONG}", f"flux:{SONG}"),
        ("/v1/videos/video_68f0a1/content", "openai-video:video_68f0a1"),
        (f"/suno/fetch/{SONG}", SONG),
        ("/v1/video/generations/task_9fQx", "task_9fQx"),
    ],
)
def test_a_path_tells_the_family(text: str, named: str) -> None:
    assert list(named_in_paths(text).values()) == [named]
    assert prefix_of_path(text).partition("/")[0] == family_of(named)


def test_a_path_without_an_id_tells_the_family_of_what_stands_beside_it() -> None:
    assert prefix_of_path("POST /mj/task/list-by-condition") == "midjourney"
    assert prefix_of_path("POST /kling/v1/videos/image2video") == "kling/image2video"
    assert prefix_of_path("POST /runway/feed") == "runway"
    assert prefix_of_path("POST /suno/submit/music then /luma/generations") == ""
    assert named_in_paths("no path here") == {}


@pytest.mark.parametrize(
    ("task_id", "prefix", "named"),
    [
        ("17", "midjourney", "midjourney:17"),
        ("kling:17", "kling/image2video", "kling/image2video:17"),
        ("kling/text2video:17", "kling/image2video", "kling/text2video:17"),
        ("luma:17", "midjourney", "luma:17"),
        (SONG, "suno", SONG),
    ],
)
def test_an_id_takes_the_family_of_what_stands_around_it_unless_it_bears_one(
    task_id: str, prefix: str, named: str
) -> None:
    assert families.in_family(task_id, prefix) == named


@pytest.mark.parametrize(
    ("bare_id", "certain", "likely"),
    [
        ("1730000000123456", "", ["midjourney"]),
        ("827000000000000001", "", ["kling"]),
        ("task_" + "9" * 32, "suno", []),
        ("video_68f0a1", "openai-video", []),
        (SONG, "", ["runway", "luma", "flux"]),
        (SONG.replace("-", ""), "", ["runway", "luma", "flux"]),
        ("346c5d10", "", []),
    ],
)
def test_the_look_of_an_id_tells_its_family_where_no_other_has_such_ids(
    bare_id: str, certain: str, likely: list[str]
) -> None:
    assert (families.family_by_look(bare_id), families.families_resembling(bare_id)) == (certain, likely)
    assert families.canonical(bare_id) == families.prefixed(certain or "suno", bare_id)


@pytest.mark.parametrize(
    ("text", "undecided"),
    [
        (SONG, True),
        (f"{SONG}, 17\nand more", True),
        (f"suno:{SONG}", False),
        (f"POST /suno/submit/music {SONG}", False),
        (f'{{"code":"success","message":"","data":"{SONG}"}}', False),
        ("", False),
    ],
)
def test_an_id_is_undecided_where_neither_it_nor_its_line_tells_a_family(text: str, undecided: bool) -> None:
    assert families.undecided_in([f"runway:{SONG}", SONG], text) == (SONG if undecided else "")


def test_each_family_but_the_default_one_has_a_path_that_asks_for_one_task() -> None:
    assert families.question_of(SONG) == ""
    assert families.question_of("kling/image2video:8270") == "/kling/v1/videos/image2video/8270"
    for name in FAMILIES.keys() - {"suno"}:
        path = families.question_of(f"{name}:17300000")
        assert [own_id(found) for found in named_in_paths(path).values()] == ["17300000"]


def test_each_family_stands_under_its_name_and_asks_for_at_least_one_id() -> None:
    assert all(name == family.name and family.most_ids >= 1 for name, family in FAMILIES.items())


@pytest.mark.parametrize("bare", [SONG, "song-1", "v1", "task_" + "9" * 32])
def test_an_id_written_with_the_default_family_is_the_one_without_it(bare: str) -> None:
    written = f"suno:{bare}"
    assert ids_of_word(written) == find_ids(written) == find_ids(f'["{written}"]') == [bare]
    assert ids_of_word(written, any_shape=True) == IdFinder(any_shape=True).feed(f"{written}\n") == [bare]
    assert ids_of_word("luma:8c1f0001", any_shape=True) == ["luma:8c1f0001"]
