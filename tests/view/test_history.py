"""The history of a task: its phases drawn to scale, and under them what the ledger recorded, newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest

from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.lines import Line, Tone
from ecovai_tui.view.rows import RowContext
from ecovai_tui.view.timeline import change_lines, history_page

NOON = 1_716_206_400.0
"""2024-05-20 12:00:00 UTC."""
LATER = "https://cdn.example/a.mp3"
AT_NOON = RowContext(NOON + 4000, lambda _summary, _now: 5.0, zone=UTC)


def test_the_life_of_a_task_is_told_as_it_was_recorded(open_replica: Callable[[], Replica]) -> None:
    replica = open_replica()
    life = [
        (0, Task("t", Kind.MUSIC, Phase.WAITING, status="SUBMITTED", submitted_at=NOON)),
        (12, Task("t", Kind.MUSIC, Phase.RUNNING, status="IN_PROGRESS", submitted_at=NOON)),
        (30, Task("t", Kind.MUSIC, Phase.RUNNING, status="IN_PROGRESS", submitted_at=NOON)),
        (60, song(Phase.STREAMING, "IN_PROGRESS", Clip("c", Phase.STREAMING, title="[/b] 歌", audio_url=LATER))),
        (92, song(Phase.DONE, "SUCCESS", Clip("c", Phase.DONE, title="[/b] 歌", audio_url=LATER))),
    ]
    for after, task in life:
        replica.record([task], NOON + after)
    summary = replica.summaries(["t"])["t"]
    assert [one.text for one in history_page(summary, replica.history("t"), 61, AT_NOON)] == [
        "12:00:00  ◌ waiting    0:12  ▬▬▬▬",
        "12:00:12  ▸ running    0:48      ▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬",
        "12:01:00  ► streaming  0:32                       ▬▬▬▬▬▬▬▬▬▬▬",
        "12:01:32  ✓ done       1:32  ",
        "",
        "What changed",
        "12:01:32  clip 1  ✓ done",
        "12:01:32  status  SUCCESS, was IN_PROGRESS",
        "12:01:00  title   [/b] 歌",
        "12:01:00  clip 1  ► streaming",
        "12:00:12  status  IN_PROGRESS, was SUBMITTED",
    ]
    replica.close()


def song(phase: Phase, status: str, *clips: Clip) -> Task:
    ended = NOON + 92 if phase.final else None
    return Task("t", Kind.MUSIC, phase, status=status, clips=clips, submitted_at=NOON, finished_at=ended)


@pytest.mark.parametrize(
    ("aspect", "before", "after", "words"),
    [
        (Aspect.APPEARED, "", "running", ["first   seen"]),
        (Aspect.APPEARED, "", "missing", ["first   asked for, not known to the gateway"]),
        (Aspect.PHASE, "done", "failed", ["phase   ✗ failed, was done"]),
        (Aspect.STATUS, "", "QUEUED", ["status  QUEUED, was empty"]),
        (Aspect.STATUS, "QUEUED", "", ["status  empty, was QUEUED"]),
        (Aspect.CLIPS, "", "done failed", ["clip 1  ✓ done", "clip 2  ✗ failed"]),
        (Aspect.CLIPS, "running running", "running done", ["clip 2  ✓ done"]),
        (Aspect.CLIPS, "done", "", ["clip 1  gone"]),
        (Aspect.CLIPS, "", "a-newer-word", ["clip 1  a-newer-word"]),
        (Aspect.TITLE, "", "Rain", ["title   Rain"]),
        (Aspect.TITLE, "Rain", "", ["title   gone"]),
        (Aspect.REASON, "", "moderated", ["reason  moderated"]),
        (Aspect.REASON, "moderated", "", ["reason  gone"]),
        (Aspect.AUDIO, "", "none", ["audio   no address any more"]),
        (Aspect.AUDIO, "none", "", ["audio   the address has come"]),
        (Aspect.FILE, "", "none", ["file    no address any more"]),
        (Aspect.PROGRESS, "15 %", "46 %", ["so far  46 %"]),
        (Aspect.CONTENT, "", "", ["other   something else about it changed"]),
    ],
)
def test_every_change_is_a_name_and_a_value(aspect: Aspect, before: str, after: str, words: list[str]) -> None:
    assert [one.text for one in change_lines(Change(NOON, "t", aspect, before, after), AT_NOON)] == words


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_aspect_has_words_with_and_without_values(aspect: Aspect) -> None:
    assert list(change_lines(Change(NOON, "t", aspect, "done", "failed"), AT_NOON))
    assert list(change_lines(Change(NOON, "t", aspect, "", "done"), AT_NOON))


RUNNING = TaskSummary("t", phase=Phase.RUNNING, submitted_at=NOON)
LEDGER = (
    Change(NOON, "t", Aspect.APPEARED, "", "waiting"),
    Change(NOON + 30, "t", Aspect.PHASE, "waiting", "running"),
)


def stages(now: float, width: int = 61) -> list[Line]:
    return history_page(RUNNING, LEDGER, width, AT_NOON._replace(now=now))[:2]


def test_a_bar_is_drawn_once_its_phase_is_over_and_never_grows() -> None:
    first, second = stages(NOON + 40)
    assert first.text.endswith("▬")
    assert second.text == "12:00:30  ▸ running    0:10  "
    assert stages(NOON + 50)[0] == first
    assert second.spans[2].tone is Tone.PLAIN
    assert first.spans[2].tone is Tone.MUTED


@pytest.mark.parametrize("width", [20, 33, 38, 60, 200])
def test_a_bar_ends_within_the_page_and_is_left_out_where_there_is_no_room(width: int) -> None:
    first = stages(NOON + 40, width)[0]
    assert ("▬" in first.text) is (width >= 33)
    assert cell_width(first.text) <= max(width, 29)


def test_another_day_stands_before_its_times() -> None:
    page = history_page(RUNNING, LEDGER, 40, AT_NOON._replace(now=NOON + 86400))
    assert page[0].text == "2024-05-20"
    assert [one.text for one in page].count("2024-05-20") == 1
