from __future__ import annotations

import pytest

from ecovai_tui.simulator.scripts import SCRIPTS, Beat, Script, find_script

PHASES = {"waiting", "running", "streaming", "done", "partial", "failed", "missing", "unknown"}
ACTIVE_WORDS = {"NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS"}

COURSES = {
    "song": [(0, "waiting"), (5, "waiting"), (9, "waiting"), (20, "running"), (35, "streaming"), (100, "streaming"),
             (112, "done"), (9999, "done")],
    "unseen-start": [(0, "waiting"), (112, "done")],
    "single-clip": [(0, "waiting"), (20, "running"), (60, "streaming"), (104, "done")],
    "lyrics": [(0, "waiting"), (5, "running"), (18, "done")],
    "late-row": [(0, "waiting"), (19, "waiting"), (20, "running"), (112, "done")],
    "one-clip-fails": [(0, "waiting"), (50, "streaming"), (112, "partial")],
    "one-clip-abandoned": [(50, "streaming"), (70, "partial"), (9999, "partial")],
    "streams-abandoned": [(50, "streaming"), (70, "partial"), (9999, "partial")],
    "stream-abandoned": [(100, "streaming"), (112, "partial")],
    "success-with-error": [(50, "streaming"), (112, "partial")],
    "artist-name": [(0, "waiting"), (15, "running"), (22, "failed")],
    "channel-gone": [(0, "waiting"), (25, "failed")],
    "timed-out": [(50, "running"), (90, "failed")],
    "legacy-timeout": [(50, "waiting"), (60, "failed")],
    "cancelled": [(40, "running"), (50, "failed")],
    "silent-failure": [(50, "running"), (60, "failed")],
    "lyrics-failure": [(5, "running"), (12, "failed")],
    "dead": [(50, "running"), (60, "failed")],
    "frozen": [(50, "running"), (86_400, "running")],
    "frozen-stream": [(50, "streaming"), (86_400, "streaming")],
    "forgotten": [(100, "streaming"), (112, "done")],
    "one-error-so-far": [(50, "running"), (100, "partial")],
    "forbidden": [(100, "streaming"), (112, "done")],
    "nowhere": [(100, "streaming"), (112, "done")],
    "late-address": [(100, "streaming"), (112, "done"), (128, "done")],
    "left-queued": [(50, "running"), (60, "done")],
    "finished-nowhere": [(100, "streaming"), (112, "done")],
    "needs-you": [(10, "waiting"), (86_400, "waiting")],
    "empty-success": [(50, "running"), (60, "done")],
    "unknown-word": [(0, "waiting"), (10, "unknown"), (86_400, "unknown")],
    "detour": [(5, "unknown"), (20, "running"), (112, "done")],
    "missing": [(0, "missing"), (86_400, "missing")],
    "hostile-text": [(50, "streaming"), (112, "done")],
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_goes_through_the_phases_that_are_promised(name: str) -> None:
    script = SCRIPTS[name]
    assert [(at, script.phase(at)) for at, _phase in COURSES[name]] == COURSES[name]


def test_together_the_scripts_show_every_phase() -> None:
    shown = {script.phase(beat.at) for script in SCRIPTS.values() for beat in script.beats}
    assert shown == PHASES


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=lambda script: script.name)
def test_the_beats_of_a_script_begin_at_once_and_follow_each_other(script: Script) -> None:
    times = [beat.at for beat in script.beats]
    assert times[0] == 0
    assert times == sorted(set(times))


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=lambda script: script.name)
def test_a_verdict_is_never_taken_back(script: Script) -> None:
    words = [beat.word for beat in script.beats]
    finals = [word in {"SUCCESS", "FAILURE"} for word in words]
    assert finals == sorted(finals)


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=lambda script: script.name)
def test_progress_says_nothing_but_0_and_100(script: Script) -> None:
    assert {beat.progress for beat in script.beats} <= {"0%", "100%"}


def test_a_song_takes_as_long_as_the_real_service() -> None:
    finish = find_script("song").finish()
    assert finish is not None
    assert 100 <= finish <= 130


def test_a_script_may_hide_when_it_started_and_when_it_ended() -> None:
    assert find_script("unseen-start").start() is None
    assert find_script("unseen-start").finish() is not None
    assert find_script("channel-gone").finish() is None


def test_before_its_start_a_script_stands_at_its_first_beat() -> None:
    script = Script("two", (Beat(0, "NOT_START", "waiting"), Beat(1, "QUEUED", "waiting")))
    assert script.beat(-5).word == "NOT_START"
    assert script.beat(1).word == "QUEUED"


def test_an_unknown_script_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no script is called 'opera'; known: song, "):
        find_script("opera")
