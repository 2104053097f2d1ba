from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.file_names import FIELDS, LONGEST, Named, faults_of, file_name
from ecovai_tui.tasks.model import Clip, Phase

CLIP = "a539ec18-0000-4000-8000-000000000000"
texts = st.text(max_size=400)
templates = st.lists(st.sampled_from([f"{{{field}}}" for field in FIELDS] + [" - ", "song", "·"]), max_size=6).map(
    "".join
)


def named(title: str, clip: str = CLIP, **fields: object) -> Named:
    return Named(Clip(clip, Phase.DONE, title=title, model="chirp-v5"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Harbour Lights", "Harbour Lights-a539ec18.mp3"),
        ("千里共婵娟", "千里共婵娟-a539ec18.mp3"),
        ("", "untitled-a539ec18.mp3"),
        ("...", "untitled-a539ec18.mp3"),
        ("a/b\\c: d?", "a_b_c_ d_-a539ec18.mp3"),
        ("../../etc/passwd", "_.._etc_passwd-a539ec18.mp3"),
        ("-rf *", "rf _-a539ec18.mp3"),
        ("\x1b[31mred\u202e", "red-a539ec18.mp3"),
        (".hidden", "hidden-a539ec18.mp3"),
    ],
)
def test_a_file_is_named_after_its_song(title: str, name: str) -> None:
    assert file_name(named(title), "mp3") == name


def test_pictures_of_the_same_day_have_names_of_their_own() -> None:
    first, second = (file_name(named("rain", clip), "png") for clip in ("1756069421264944", "1756069421300211"))
    assert (first, second) == ("rain-21264944.png", "rain-21300211.png")


def test_a_template_says_what_is_in_a_name() -> None:
    song = named("Harbour Lights", number=2, task="task_0123456789", label="rain", made_at=1_716_191_749.0)
    assert file_name(song, "m4a", "{date} {n} {title} ({label}) {model} {task}") == (
        "2024-05-20 2 Harbour Lights (rain) chirp-v5 23456789-a539ec18.m4a"
    )
    assert file_name(song, "mp3", "{clip}", whole_id=True) == f"{CLIP}.mp3"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{title}-{clip}", ""),
        ("{titel}", "there is no {titel}; a name is made of {title} {clip} {task} {label} {model} {date} {n}"),
        ("{title}/{n}", 'a name holds no "/"; the folder is told by download_dir or --into'),
        ("{title", "a brace in it is not closed"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(template: str, fault: str) -> None:
    assert faults_of(template) == fault


def test_a_long_name_is_cut_at_a_character() -> None:
    name = file_name(named("夜明けのメトロ" * 40), "mp3")
    assert len(name.encode()) <= LONGEST
    assert name.endswith("-a539ec18.mp3")
    assert set(name.removesuffix("-a539ec18.mp3")) == set("夜明けのメトロ")


@given(texts, texts, templates, st.sampled_from(["mp3", "jpeg"]))
def test_any_title_gives_a_legal_name(title: str, label: str, template: str, ending: str) -> None:
    name = file_name(named(title, label=label), ending, template)
    assert name.endswith(f".{ending}")
    assert 0 < len(name.encode()) <= LONGEST
    assert not set('/\\:*?"<>|\0') & set(name)
    assert name == unicodedata.normalize("NFC", name)
    assert name[0] not in ".- "
    assert not {"Cc", "Cs"} & set(map(unicodedata.category, name))
    assert "a539ec18" in name


@given(texts, templates, st.sets(st.uuids(), min_size=2, max_size=2))
def test_two_clips_have_two_names(title: str, template: str, clips: set[UUID]) -> None:
    first, second = (named(title, str(clip)) for clip in clips)
    assert file_name(first, "mp3", template, whole_id=True) != file_name(second, "mp3", template, whole_id=True)
