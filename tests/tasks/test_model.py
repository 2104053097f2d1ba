"""What a task, a clip and a summary know of themselves."""

from __future__ import annotations

import pytest

from ecovai_tui.tasks.judging import summarise
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, TaskSummary

CDN = "https://cdn1.suno.ai/c1.mp3"
LIVE = "https://audiopipe.suno.ai/?item_id=c1"
FORBIDDEN = "https://studio-api.prod.suno.com/api/forbidden"


@pytest.mark.parametrize(
    ("phase", "address", "usable", "playable", "has_file"),
    [
        (Phase.DONE, CDN, True, True, True),
        (Phase.DONE, "", True, False, False),
        (Phase.DONE, FORBIDDEN, True, False, False),
        (Phase.DONE, "https://cdn1.suno.ai/None.mp3", True, False, False),
        (Phase.STREAMING, LIVE, True, True, False),
        (Phase.STREAMING, "", False, False, False),
        (Phase.FAILED, CDN, False, False, True),
        (Phase.WAITING, "", False, False, False),
    ],
)
def test_what_a_clip_is_good_for(phase: Phase, address: str, usable: bool, playable: bool, has_file: bool) -> None:
    clip = Clip("c1", phase, audio_url=address)
    assert (clip.usable, clip.playable, clip.has_file) == (usable, playable, has_file)


def done(*addresses: str, phase: Phase = Phase.DONE) -> Task:
    return Task("t1", Kind.MUSIC, phase, clips=tuple(Clip("c", Phase.DONE, audio_url=a) for a in addresses))


@pytest.mark.parametrize(
    ("task", "no_audio", "awaits_file"),
    [
        (done(CDN, CDN), False, False),
        (done(CDN, FORBIDDEN), True, True),
        (done(), True, True),
        (done(phase=Phase.FAILED), False, False),
        (Task("t", Kind.MUSIC, Phase.PARTIAL, clips=(Clip("c", Phase.STREAMING, audio_url=LIVE),)), False, True),
        (Task("t", Kind.LYRICS, Phase.DONE, lyrics=Lyrics(text="la")), False, False),
        (Task("t", Kind.MUSIC, Phase.STREAMING, clips=(Clip("c", Phase.STREAMING, audio_url=LIVE),)), False, False),
    ],
)
def test_a_finished_song_without_an_address_is_marked(task: Task, no_audio: bool, awaits_file: bool) -> None:
    assert (task.no_audio, task.awaits_file) == (no_audio, awaits_file)


PICTURE = "https://cdn.example/a.webp"


def seen(*addresses: str, kind: Kind = Kind.PICTURE, phase: Phase = Phase.DONE) -> Task:
    """Return a task that made pictures or videos at these addresses."""
    at = "image_url" if kind is Kind.PICTURE else "video_url"
    clips = (Clip("c", Phase.DONE, kind=kind, expires_at=100.0 + place) for place, _ in enumerate(addresses))
    return Task("t", kind, phase, clips=tuple(c._replace(**{at: a}) for c, a in zip(clips, addresses, strict=True)))


@pytest.mark.parametrize(
    ("task", "awaits_file"),
    [
        (seen(PICTURE), False),
        (seen(PICTURE, kind=Kind.VIDEO), False),
        (seen(), True),
        (seen("", kind=Kind.VIDEO), True),
        (seen(PICTURE, ""), True),
        (seen(phase=Phase.FAILED), False),
        (seen(phase=Phase.RUNNING), False),
    ],
)
def test_a_picture_or_video_needs_no_audio_but_a_file(task: Task, awaits_file: bool) -> None:
    assert (task.no_audio, task.awaits_file) == (False, awaits_file)
    assert summarise(task, None, 1.0, content_changed=True).no_file is awaits_file


def test_the_addresses_of_a_task_work_until_the_first_of_them_dies() -> None:
    assert seen(PICTURE, PICTURE).expires_at == 100.0
    assert Task("t", Kind.MUSIC, Phase.DONE).expires_at is None


def test_only_what_can_be_heard_or_watched_can_be_played() -> None:
    picture, video = seen(PICTURE).clips[0], seen(PICTURE, kind=Kind.VIDEO).clips[0]
    assert (picture.playable, video.playable) == (False, True)


def test_what_was_asked_for_stands_in_the_place_of_a_title() -> None:
    assert Task("t", Kind.PICTURE, Phase.DONE, prompt="red fox\n--v 7").title == "red fox --v 7"


def test_a_task_without_finish_time_has_no_duration() -> None:
    assert TaskSummary("t", phase=Phase.FAILED, submitted_at=100.0).duration is None


def test_a_duration_is_never_negative() -> None:
    assert TaskSummary("t", phase=Phase.DONE, submitted_at=200.0, finished_at=100.0).duration == 0.0


def test_elapsed_time_goes_by_the_gateways_clock_and_is_never_negative() -> None:
    running = TaskSummary("t", phase=Phase.RUNNING, submitted_at=1000.0)
    assert running.elapsed(940.0, skew=90.0) == 30.0
    assert running.elapsed(940.0) == 0.0
    assert TaskSummary("t", phase=Phase.DONE, submitted_at=1000.0).elapsed(2000.0) is None


def test_a_task_is_stale_when_its_look_is_overdue_by_more_than_one_interval() -> None:
    running = TaskSummary("t", phase=Phase.RUNNING, seen_at=1000.0)
    assert not running.stale(1010.0, 5.0)
    assert running.stale(1010.1, 5.0)


def test_final_and_unseen_tasks_are_never_stale() -> None:
    assert not TaskSummary("t", phase=Phase.DONE, seen_at=0.0).stale(1e9, 5.0)
    assert not TaskSummary("t").stale(1e9, 5.0)


def test_every_phase_has_one_cell_glyphs_of_its_own() -> None:
    assert len({phase.glyph for phase in Phase}) == len({phase.ascii_glyph for phase in Phase}) == len(Phase)
    assert all(len(phase.glyph) == len(phase.ascii_glyph) == 1 and phase.ascii_glyph.isascii() for phase in Phase)


def test_no_phase_is_final_and_active_at_once() -> None:
    assert {phase for phase in Phase if phase.final} == {Phase.DONE, Phase.PARTIAL, Phase.FAILED}
    assert {phase for phase in Phase if phase.active} == {Phase.WAITING, Phase.RUNNING, Phase.STREAMING}
