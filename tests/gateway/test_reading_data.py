"""What a task holds, in each shape that its data can have."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task
from ecovai_tui.tasks.text import unpacked

Read = Callable[..., Task]

CDN = "https://cdn1.suno.ai/c1.mp3"
CLIP = {"id": "c1", "status": "complete", "title": "City Lights", "audio_url": CDN}
LYRICS = {"id": "l1", "text": "[Verse]\nMiau", "title": "Cats", "status": "complete"}
FULL = {
    "id": "c1",
    "status": "complete",
    "title": "City Lights",
    "audio_url": CDN,
    "video_url": "https://x/v.mp4",
    "image_url": "https://x/i.png",
}
DETAILS = {"tags": "punk", "prompt": "[Verse]", "duration": 61.5, "gpt_description_prompt": "a city", "mv": "chirp-v4"}
READ = Clip(
    "c1",
    Phase.DONE,
    "complete",
    "City Lights",
    model="chirp-v4",
    tags="punk",
    duration=61.5,
    lyrics="[Verse]",
    description="a city",
    audio_url=CDN,
    video_url="https://x/v.mp4",
    image_url="https://x/i.png",
)


@pytest.mark.parametrize("data", [None, "", [], {}, " "])
def test_no_data_yet(read: Read, data: object) -> None:
    task = read(action="MUSIC", status="NOT_START", progress="0%", data=data)
    assert (task.phase, task.clips, task.lyrics, task.note) == (Phase.WAITING, (), None, "")


def test_two_clips_that_have_not_begun(read: Read) -> None:
    clips = [{"id": "a", "status": "submitted", "audio_url": ""}, {"id": "b", "status": "submitted", "audio_url": ""}]
    assert read(action="MUSIC", status="SUBMITTED", data=clips).phase is Phase.WAITING


@pytest.mark.parametrize(
    "data",
    [
        [CLIP],
        CLIP,
        json.dumps([CLIP]),
        json.dumps(CLIP),
        {"clips": [CLIP]},
        {"data": [CLIP]},
        {"c1": {"status": "complete", "title": "City Lights", "audio_url": CDN}},
        [json.dumps(CLIP)],
        json.dumps(json.dumps([CLIP])),
    ],
)
def test_clips_in_a_list_alone_as_text_or_by_id(read: Read, data: object) -> None:
    task = read(action="", status="SUCCESS", data=data)
    assert [(clip.id, clip.phase, clip.title, clip.audio_url) for clip in task.clips] == [
        ("c1", Phase.DONE, "City Lights", CDN)
    ]
    assert (task.kind, task.phase, task.note) == (Kind.MUSIC, Phase.DONE, "")


@pytest.mark.parametrize(
    "clip",
    [
        FULL | DETAILS,
        FULL | {"metadata": DETAILS},
        FULL | {"meta_data": DETAILS},
        FULL | {"metadata": json.dumps(DETAILS)},
        FULL | {"metadata": None} | DETAILS,
        FULL | {"metadata": dict.fromkeys(DETAILS)} | DETAILS,
        FULL | {"metadata": DETAILS, "tags": "", "prompt": None, "model_name": "chirp-v3"},
        FULL | {"metaData": {"gptDescriptionPrompt": "a city"} | DETAILS},
    ],
)
def test_a_clip_flat_or_with_metadata(read: Read, clip: dict[str, object]) -> None:
    assert read(action="MUSIC", status="SUCCESS", data=[clip]).clips == (READ,)


@pytest.mark.parametrize("data", [LYRICS, [LYRICS], json.dumps(LYRICS), LYRICS | {"id": None}])
@pytest.mark.parametrize("action", ["LYRICS", ""])
def test_lyrics_as_an_object_or_a_list_of_one(read: Read, action: str, data: object) -> None:
    task = read(action=action, status="SUCCESS", data=data)
    assert (task.kind, task.phase, task.clips) == (Kind.LYRICS, Phase.DONE, ())
    assert task.lyrics == Lyrics("Cats", "[Verse]\nMiau", "")


def test_newer_lyrics_have_no_id_but_tags(read: Read) -> None:
    data = {"tags": ["pop", "cats"], "text": "Miau", "title": "Cats", "status": "complete", "error_message": ""}
    assert read(action="LYRICS", status="SUCCESS", data=data).lyrics == Lyrics("Cats", "Miau", "pop, cats")


def test_the_topic_of_lyrics_is_not_their_text(read: Read) -> None:
    task = read(action="LYRICS", status="IN_PROGRESS", data={"prompt": "about cats", "text": "", "status": "submitted"})
    assert (task.phase, task.lyrics) == (Phase.RUNNING, Lyrics())


def test_failed_lyrics_tell_why(read: Read) -> None:
    data = {"text": "", "status": "error", "error_message": "moderated"}
    task = read(action="LYRICS", status="FAILURE", data=data)
    assert (task.phase, task.fail_reason) == (Phase.FAILED, "moderated")


def test_a_lyrics_task_that_holds_clips_shows_them(read: Read) -> None:
    task = read(action="LYRICS", status="SUCCESS", data=[FULL | {"metadata": DETAILS}])
    assert (task.kind, task.phase, task.clips) == (Kind.LYRICS, Phase.DONE, (READ,))


def test_a_song_with_a_text_is_not_lyrics(read: Read) -> None:
    task = read(action="", status="SUCCESS", data=[CLIP | {"text": "[Verse]"}])
    assert (task.kind, task.lyrics, task.clips[0].lyrics) == (Kind.MUSIC, None, "[Verse]")


@pytest.mark.parametrize("value", [None, 0, -1, True, [], {}, "", "x", 1.5, "\ud800", [[]], {"a": None}])
@pytest.mark.parametrize("name", [*FULL, *DETAILS, "metadata", "meta_data", "error_message", "state"])
def test_any_field_of_a_clip_may_be_of_any_type(read: Read, name: str, value: object) -> None:
    whole = read(action="MUSIC", status="SUCCESS", data=[CLIP, FULL | DETAILS | {name: value}])
    assert whole.clips[0].title == "City Lights"
    assert len(whole.clips) == 2
    assert whole.phase in {Phase.DONE, Phase.PARTIAL}


@pytest.mark.parametrize("value", [None, 0, -1, True, [], {}, "", "x", 1.5, [[]], {"a": None}])
@pytest.mark.parametrize(
    "name", ["action", "status", "fail_reason", "submit_time", "start_time", "finish_time", "progress", "data", "id"]
)
def test_any_field_of_a_task_may_be_of_any_type(read: Read, name: str, value: object) -> None:
    assert read(**{"status": "SUCCESS", "data": [CLIP], name: value}).id == "t1"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (128.92, 128.92),
        (128, 128.0),
        ("128.92", 128.92),
        ("2:31", 151.0),
        ("1:02:03", 3723.0),
        ("2:31.5", 151.5),
        (0, None),
        (-3, None),
        (None, None),
        ("", None),
        ("long", None),
        (True, None),
        (1e9, None),
    ],
)
def test_the_length_of_a_song(read: Read, told: object, seconds: float | None) -> None:
    assert read(status="SUCCESS", data=[CLIP | {"metadata": {"duration": told}}]).clips[0].duration == seconds


@pytest.mark.parametrize(
    ("told", "tags"),
    [("pop, rock", "pop, rock"), (["pop", "rock"], "pop, rock"), (["pop", None, 3], "pop, 3"), (None, ""), ({}, "")],
)
def test_tags_as_text_or_list(read: Read, told: object, tags: str) -> None:
    assert read(status="SUCCESS", data=[CLIP | {"tags": told}]).clips[0].tags == tags


@pytest.mark.parametrize(
    "address", ["None", "null", "a sentence", "javascript:alert(1)", "https://x/a b", "https://x/" + "a" * 5000, 5]
)
def test_what_is_no_web_address_is_none(read: Read, address: object) -> None:
    assert read(status="SUCCESS", data=[CLIP | {"audio_url": address}]).clips[0].audio_url == ""


def test_a_long_signed_address_is_kept_whole(read: Read) -> None:
    address = "https://cdn.example.com/a.mp3?signature=" + "a" * 1500
    assert read(status="SUCCESS", data=[CLIP | {"audio_url": address}]).clips[0].audio_url == address


@pytest.mark.parametrize(
    "clip",
    [
        {"clip_id": "c1", "state": "succeeded", "audio_url": CDN},
        {"id": "c1", "status": "", "state": "complete", "audioUrl": CDN},
        {"id": "c1", "status": "complete", "audio_url": "", "cld2AudioUrl": CDN},
        {"id": "c1", "status": "complete", "audio_url": "None", "cld2AudioUrl": CDN},
        {"id": "c1", "status": "COMPLETE", "metadata": {"audio_url": CDN}},
    ],
)
def test_the_other_names_that_resellers_have(read: Read, clip: dict[str, object]) -> None:
    (found,) = read(action="MUSIC", status="SUCCESS", data=[clip]).clips
    assert (found.id, found.phase, found.audio_url) == ("c1", Phase.DONE, CDN)


@pytest.mark.parametrize("name", ["prompt", "text", "lyric", "lyrics"])
def test_the_lyrics_of_a_clip_have_several_names(read: Read, name: str) -> None:
    assert read(action="MUSIC", status="SUCCESS", data=[CLIP | {name: "[Verse]"}]).clips[0].lyrics == "[Verse]"


@pytest.mark.parametrize(
    ("fields", "model"),
    [
        ({"mv": "chirp-v3-5", "model_name": "chirp-v3"}, "chirp-v3-5"),
        ({"model_name": "chirp-v3", "major_model_version": "v3"}, "chirp-v3"),
        ({"model_name": "", "major_model_version": "v3"}, "v3"),
        ({}, ""),
    ],
)
def test_the_model_is_the_most_exact_name_that_is_told(read: Read, fields: dict[str, str], model: str) -> None:
    assert read(status="SUCCESS", data=[CLIP | fields]).model == model


@pytest.mark.parametrize(
    ("data", "clips", "note"),
    [
        ([CLIP, None], 1, "1 of its 2 clips could not be read"),
        ([CLIP, {}, "x", 5], 1, "3 of its 4 clips could not be read"),
        ("gibberish", 0, "its data could not be read"),
        (42, 0, "its data could not be read"),
        ('{"cut": [', 0, "its data could not be read"),
    ],
)
def test_what_cannot_be_read_is_noted(read: Read, data: object, clips: int, note: str) -> None:
    task = read(action="MUSIC", status="SUCCESS", data=data)
    assert (len(task.clips), unpacked(task.note), task.phase) == (clips, note, Phase.DONE)
