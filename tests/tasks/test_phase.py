"""The table of judging, a test for each row: clips decide what is usable, the task's word decides what is over."""

from __future__ import annotations

import pytest

from ecovai_tui.tasks.model import Clip, Lyrics, Phase
from ecovai_tui.tasks.phase import Evidence, Verdict, judge, judge_clip, verdict_of

CDN = "https://cdn1.suno.ai/c1.mp3"
LIVE = "https://audiopipe.suno.ai/?item_id=c1"
ADDRESSES = {"complete": CDN, "streaming": LIVE}
OPEN_WORDS = ("NOT_START", "SUBMITTED", "QUEUED", "", "IN_PROGRESS", "MODAL")


def clips(words: str) -> tuple[Clip, ...]:
    """Return clips as gateways send them: the complete and the streaming ones have an address."""
    return tuple(
        Clip(f"c{place}", judge_clip(word, ADDRESSES.get(word, "")), word, audio_url=ADDRESSES.get(word, ""))
        for place, word in enumerate(words.split())
    )


def phase_of(word: str, clip_words: str = "", **evidence: object) -> Phase:
    return judge(Evidence(status=word, clips=clips(clip_words), **evidence))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("word", ["NOT_START", "SUBMITTED", "QUEUED", "PENDING", ""])
@pytest.mark.parametrize("clip_words", ["", "submitted submitted", "submitted queued", "queued queued"])
def test_a_task_that_has_not_begun_is_waiting(word: str, clip_words: str) -> None:
    assert phase_of(word, clip_words) is Phase.WAITING


@pytest.mark.parametrize("clip_words", ["", "submitted submitted", "submitted queued", "queued queued"])
def test_a_task_in_progress_with_nothing_to_hear_is_running(clip_words: str) -> None:
    assert phase_of("IN_PROGRESS", clip_words) is Phase.RUNNING


@pytest.mark.parametrize("word", OPEN_WORDS)
@pytest.mark.parametrize(
    "clip_words",
    ["streaming streaming", "streaming submitted", "complete streaming", "complete queued", "error streaming"],
)
def test_an_open_task_with_something_to_hear_is_streaming(word: str, clip_words: str) -> None:
    assert phase_of(word, clip_words) is Phase.STREAMING


@pytest.mark.parametrize("word", OPEN_WORDS)
@pytest.mark.parametrize("clip_words", ["error submitted", "error queued", "queued error"])
def test_an_open_task_with_one_failed_clip_and_one_still_open_is_running(word: str, clip_words: str) -> None:
    assert phase_of(word, clip_words) is Phase.RUNNING


@pytest.mark.parametrize("word", OPEN_WORDS)
@pytest.mark.parametrize(
    ("clip_words", "phase"),
    [
        ("complete complete", Phase.DONE),
        ("complete", Phase.DONE),
        ("complete error", Phase.PARTIAL),
        ("error complete", Phase.PARTIAL),
        ("error error", Phase.FAILED),
    ],
)
def test_a_task_whose_clips_are_all_final_is_final_whatever_its_word(word: str, clip_words: str, phase: Phase) -> None:
    assert phase_of(word, clip_words) is phase


@pytest.mark.parametrize("word", ["IN_PROGRESS", "QUEUED", "", "MODAL"])
@pytest.mark.parametrize(
    ("clip_words", "phase"),
    [
        ("", Phase.FAILED),
        ("complete error", Phase.PARTIAL),
        ("complete complete", Phase.DONE),
        ("queued", Phase.FAILED),
    ],
)
def test_a_task_stopped_at_100_percent_with_a_reason_is_judged_as_failure(
    word: str, clip_words: str, phase: Phase
) -> None:
    assert phase_of(word, clip_words, progress=100.0, fail_reason="quota refunded") is phase


def test_100_percent_without_a_reason_stops_nothing() -> None:
    assert phase_of("IN_PROGRESS", progress=100.0) is Phase.RUNNING


def test_a_reason_below_100_percent_stops_nothing() -> None:
    assert phase_of("IN_PROGRESS", progress=30.0, fail_reason="retrying") is Phase.RUNNING
    assert phase_of("IN_PROGRESS", progress=None, fail_reason="retrying") is Phase.RUNNING


@pytest.mark.parametrize("word", ["SUCCESS", "SUCCEEDED", "COMPLETE", "COMPLETED", "success", "Complete"])
def test_a_success_without_clips_is_done(word: str) -> None:
    assert phase_of(word) is Phase.DONE


@pytest.mark.parametrize("word", ["SUCCESS", "FAILURE"])
@pytest.mark.parametrize(
    ("clip_words", "phase"),
    [
        ("complete complete", Phase.DONE),
        ("complete streaming", Phase.DONE),
        ("complete error", Phase.PARTIAL),
        ("error streaming", Phase.PARTIAL),
        ("complete queued", Phase.PARTIAL),
        ("error error", Phase.FAILED),
        ("submitted submitted", Phase.FAILED),
    ],
)
def test_the_clips_of_a_final_task_decide_between_done_partial_and_failed(
    word: str, clip_words: str, phase: Phase
) -> None:
    assert phase_of(word, clip_words) is phase


@pytest.mark.parametrize("word", ["FAILURE", "FAIL", "FAILED", "ERROR", "failure", " Error "])
def test_a_failure_without_clips_is_failed(word: str) -> None:
    assert phase_of(word) is Phase.FAILED


@pytest.mark.parametrize("word", ["UNKNOWN", "MODAL", "WHATEVER", "成功"])
@pytest.mark.parametrize("clip_words", ["", "submitted submitted", "levitating"])
def test_a_word_that_nobody_has_seen_is_unknown(word: str, clip_words: str) -> None:
    assert phase_of(word, clip_words) is Phase.UNKNOWN


@pytest.mark.parametrize(
    ("word", "text", "lyrics_status", "phase"),
    [
        ("SUCCESS", "[Verse]", "complete", Phase.DONE),
        ("SUCCESS", "[Verse]", "", Phase.DONE),
        ("FAILURE", "[Verse]", "", Phase.DONE),
        ("IN_PROGRESS", "[Verse]", "complete", Phase.DONE),
        ("", "[Verse]", "complete", Phase.DONE),
        ("FAILURE", "", "", Phase.FAILED),
        ("IN_PROGRESS", "", "error", Phase.FAILED),
        ("SUCCESS", "", "error", Phase.FAILED),
        ("IN_PROGRESS", "[Verse]", "streaming", Phase.RUNNING),
        ("NOT_START", "", "", Phase.WAITING),
        ("WHATEVER", "", "", Phase.UNKNOWN),
    ],
)
def test_lyrics_are_done_with_a_text_and_failed_without(word: str, text: str, lyrics_status: str, phase: Phase) -> None:
    assert judge(Evidence(status=word, lyrics=Lyrics(text=text), lyrics_status=lyrics_status)) is phase


@pytest.mark.parametrize(
    ("status", "address", "phase"),
    [
        ("submitted", "", Phase.WAITING),
        ("queued", "", Phase.WAITING),
        ("", "", Phase.WAITING),
        ("generating", "", Phase.RUNNING),
        ("streaming", LIVE, Phase.STREAMING),
        ("streaming", "", Phase.STREAMING),
        ("complete", CDN, Phase.DONE),
        ("complete", "", Phase.DONE),
        ("succeeded", CDN, Phase.DONE),
        ("error", "", Phase.FAILED),
        ("error", CDN, Phase.FAILED),
        ("levitating", "", Phase.UNKNOWN),
        ("levitating", CDN, Phase.STREAMING),
        ("", CDN, Phase.STREAMING),
        ("", "https://cdn1.suno.ai/None.mp3", Phase.WAITING),
    ],
)
def test_the_phase_of_a_clip(status: str, address: str, phase: Phase) -> None:
    assert judge_clip(status, address) is phase


def test_a_streaming_clip_without_an_address_cannot_be_heard_yet() -> None:
    silent = Clip("c1", Phase.STREAMING, "streaming")
    assert judge(Evidence(status="IN_PROGRESS", clips=(silent,))) is Phase.RUNNING


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("in progress", Verdict.UNDER_WAY),
        ("In-Progress", Verdict.UNDER_WAY),
        ("processing", Verdict.UNDER_WAY),
        ("not_start", Verdict.NEW),
        ("UNKNOWN", Verdict.UNHEARD_OF),
    ],
)
def test_words_are_known_however_they_are_spelled(word: str, verdict: Verdict) -> None:
    assert verdict_of(word) is verdict
