"""What rows, card and pages say of pictures and videos."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tui.pages.panel_page import Tab, details_page, first_tab, panel_page, tabs_line
from ecovai_tui.view.card import Subject, card_lines, clip_place, kind_word
from ecovai_tui.view.rows import RowContext, build_row

NOW = datetime(2026, 11, 30, 19, 31, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0
HERE = RowContext(NOW, lambda _summary, _now: 60.0, zone=UTC)
PROMPT = "A rainy night at a small country station\nnobody there --ar 16:9 --v 7"
ADDRESS = "https://cdn.example/a.webp"


def picture(**facts: object) -> Task:
    values = {
        "kind": Kind.PICTURE, "phase": Phase.RUNNING, "status": "IN_PROGRESS", "prompt": PROMPT,
        "submitted_at": NOW - 41, **facts,
    }  # fmt: skip
    return Task("midjourney:1730000000123456", **values)  # type: ignore[arg-type]


def clip(**facts: object) -> Clip:
    values = {
        "phase": Phase.DONE,
        "kind": Kind.PICTURE,
        "image_url": ADDRESS,
        "model": "mj v7",
        "size": "16:9",
        **facts,
    }
    return Clip("c1", **values)  # type: ignore[arg-type]


def watched(task: Task, files: int = 0) -> WatchedTask:
    summary = TaskSummary(
        task.id, task.kind, task.phase, task.status, title=task.title, model=task.model,
        clip_phases=tuple(each.phase for each in task.clips), awaits_file=task.awaits_file,
        submitted_at=task.submitted_at, seen_at=NOW, progress=task.progress, expires_at=task.expires_at,
    )  # fmt: skip
    return WatchedTask(summary, files=files)


def card(task: Task, files: int = 0, width: int = 60) -> list[str]:
    return [shown.text for shown in card_lines(Subject(watched(task, files), task), width, HERE)]


def note(task: Task, files: int = 0) -> str:
    told = build_row(watched(task, files), HERE).note
    return told.text if told else ""


def test_a_measured_progress_stands_in_the_row_and_in_the_card_the_number_first() -> None:
    running = picture(progress=46.0, clips=(clip(phase=Phase.RUNNING),))
    assert note(running) == "46 % ▰▰▰▰▱▱▱▱▱▱"
    assert "46 % ▰▰▰▰▱▱▱▱▱▱  told by the gateway" in card(running)
    assert "mj v7  16:9" in card(running)
    assert build_row(watched(running), HERE).cell(ColumnKey.CLIPS).text.strip() == "▢"
    ascii_row = build_row(watched(running), HERE._replace(ascii_only=True))
    assert ascii_row.note is not None
    assert ascii_row.note.text == "46 % ####......"


def test_where_nobody_measures_it_no_progress_is_invented() -> None:
    assert note(picture()) == ""
    assert not any("%" in row for row in card(picture()))


def test_a_task_that_waits_for_the_user_says_so_in_place_of_its_progress() -> None:
    waiting = picture(phase=Phase.WAITING, status="MODAL", progress=10.0)
    assert note(waiting) == "answer it in the gateway"
    assert build_row(watched(waiting), HERE).cell(ColumnKey.PHASE).text == "◌ waiting needs you"


@pytest.mark.parametrize(
    ("left", "files", "row", "told"),
    [
        (DAY - 3 * HOUR, 0, "", "address works until tomorrow 16:31"),
        (600.0, 0, "address until 19:41", "address works until 19:41"),
        (600.0, 1, "", "address works until 19:41"),
        (-600.0, 0, "address gone since 19:21", "address has not worked since 19:21"),
    ],
)
def test_an_address_that_dies_is_told_and_marked_within_the_hour_unless_saved(
    left: float, files: int, row: str, told: str
) -> None:
    done = picture(phase=Phase.DONE, status="SUCCESS", clips=(clip(expires_at=NOW + left),))
    assert note(done, files) == row
    assert told in card(done, files)
    details = [shown.text.strip() for shown in details_page(Subject(watched(done, files), done), HERE)]
    assert told in details
    assert f"picture    {ADDRESS}" in details


def test_several_pictures_are_counted_and_chosen_from() -> None:
    four = picture(phase=Phase.DONE, clips=tuple(clip() for _ in range(4)))
    assert build_row(watched(four), HERE).cell(ColumnKey.LENGTH).text == "4 pics"
    assert clip_place(Subject(watched(four), four)) == "picture 1 of 4"
    assert any(row.startswith("4 pictures") for row in card(four))
    assert any(row.startswith("[1] ✓ done") for row in card(four)), "each has a row of its own"
    grid = picture(phase=Phase.DONE, clips=(clip(),), options=("U1", "U2", "U3", "U4", "V1"))
    assert clip_place(Subject(watched(grid), grid)) == "grid of 4"


def test_a_video_tells_length_model_and_size() -> None:
    facts = {"kind": Kind.VIDEO, "image_url": "", "video_url": "https://cdn.example/v.mp4", "duration": 5.0}
    made = clip(**facts, model="kling 2.1", size="1280x720")
    video = Task("kling/text2video:8270", Kind.VIDEO, Phase.DONE, "succeed", prompt="Lanterns", clips=(made,))
    subject = Subject(watched(video), video)
    assert kind_word(subject) == "Video"
    assert "0:05  kling 2.1  1280x720" in card(video)
    assert not any("hear" in row for row in card(video))


def test_what_was_asked_for_is_the_first_page_and_below_it_what_can_be_done_next() -> None:
    task = picture(phase=Phase.DONE, clips=(clip(),), options=("U1", "V1"))
    subject = Subject(watched(task), task)
    page = [shown.text for shown in panel_page(Tab.LYRICS, subject, HERE, 60)]
    assert page[:3] == ["What was asked for", *PROMPT.split("\n")]
    assert page[-1] == "U1  V1"
    assert (first_tab(subject), first_tab(None)) == ("Prompt", "Lyrics")
    assert "1 Prompt" in tabs_line(Tab.LYRICS, 60, "Prompt").text


def test_a_picture_that_is_done_without_an_address_says_so() -> None:
    task = picture(phase=Phase.DONE, status="SUCCESS", clips=(clip(image_url=""),))
    assert note(task) == "no address yet"
    assert "no address yet" in " ".join(card(task))
