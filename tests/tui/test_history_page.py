"""The History tab tells in words what the ledger recorded of a task, and how long each state lasted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task
from ecovai_tui.tui.pages.panel_page import change_in_words, history_page
from ecovai_tui.view.lines import Tone

NOON = 1_790_000_000.0
LATER = "https://cdn.example/a.mp3"


def told(history: list[Change]) -> list[str]:
    """Return the page without the times of day, which depend on the zone."""
    return [one.text.split("  ", 1)[1] for one in history_page(history)]


def test_the_life_of_a_task_is_told_as_it_was_recorded(open_replica: Callable[[], Replica]) -> None:
    replica = open_replica()
    life = [
        (0, Task("t", Kind.MUSIC, Phase.WAITING, status="SUBMITTED")),
        (12, Task("t", Kind.MUSIC, Phase.RUNNING, status="IN_PROGRESS")),
        (30, Task("t", Kind.MUSIC, Phase.RUNNING, status="IN_PROGRESS")),
        (102, song(Phase.STREAMING, "IN_PROGRESS", Clip("c", Phase.STREAMING, title="[/b] 歌", audio_url=LATER))),
        (3802, song(Phase.DONE, "SUCCESS", Clip("c", Phase.DONE, title="[/b] 歌", audio_url=LATER))),
    ]
    for after, task in life:
        replica.record([task], NOON + after)
    history = replica.history("t")
    assert all(change.id == "t" for change in history)
    assert told(history) == [
        "clips: done, was streaming",
        "the gateway's word is now SUCCESS, it was IN_PROGRESS",
        "done, was streaming  after 1:01:40",
        "title: [/b] 歌",
        "clips: streaming, was none",
        "streaming, was running  after 1:30",
        "the gateway's word is now IN_PROGRESS, it was SUBMITTED",
        "running, was waiting  after 12s",
        "first seen, waiting",
    ]
    replica.close()


def song(phase: Phase, status: str, *clips: Clip) -> Task:
    return Task("t", Kind.MUSIC, phase, status=status, clips=clips)


@pytest.mark.parametrize(
    ("aspect", "before", "after", "words"),
    [
        (Aspect.APPEARED, "", "running", "first seen, running"),
        (Aspect.PHASE, "done", "failed", "failed, was done"),
        (Aspect.PHASE, "running", "missing", "missing, was running"),
        (Aspect.STATUS, "", "QUEUED", "the gateway's word is now QUEUED, it was empty"),
        (Aspect.STATUS, "QUEUED", "", "the gateway's word is now empty, it was QUEUED"),
        (Aspect.CLIPS, "", "done failed", "clips: done, failed, was none"),
        (Aspect.CLIPS, "done", "", "clips: none, was done"),
        (Aspect.TITLE, "", "Rain", "title: Rain"),
        (Aspect.TITLE, "Rain", "", "the title is gone"),
        (Aspect.REASON, "", "moderated", "reason: moderated"),
        (Aspect.REASON, "moderated", "", "the fail reason is gone"),
        (Aspect.AUDIO, "", "none", "the audio address is missing"),
        (Aspect.AUDIO, "none", "", "the audio address has come"),
        (Aspect.CONTENT, "", "", "something else about it changed"),
    ],
)
def test_every_change_is_a_sentence(aspect: Aspect, before: str, after: str, words: str) -> None:
    assert change_in_words(Change(NOON, "t", aspect, before, after)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ""), (0.9, ""), (1, "after 1s"), (59, "after 59s"), (60, "after 1:00"), (3725, "after 1:02:05"), (-5, "")],
)
def test_how_long_it_was_before_is_told_from_a_second_up(seconds: float, words: str) -> None:
    ledger = [
        Change(NOON, "t", Aspect.APPEARED, "", "waiting"),
        Change(NOON + seconds, "t", Aspect.PHASE, "waiting", "done"),
    ]
    assert told(ledger)[0] == f"done, was waiting  {words}".strip()


def test_a_change_of_phase_stands_out_and_the_rest_does_not() -> None:
    ledger = [Change(NOON, "t", Aspect.APPEARED, "", "waiting"), Change(NOON, "t", Aspect.TITLE, "", "Rain")]
    assert [one.spans[1].tone for one in history_page(ledger)] == [Tone.PLAIN, Tone.STRONG]
