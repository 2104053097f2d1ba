"""The table of judging, a test for each row: clips decide what is usable, the task's word decides what is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.judging import (
    CLIP_WORDS,
    TASK_WORDS,
    Evidence,
    Judgement,
    Verdict,
    clip_error,
    judge,
    judge_clip,
    verdict_of,
)
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task

CDN = "https://cdn1.suno.ai/c1.mp3"
LIVE = "https://audiopipe.suno.ai/?item_id=c1"
ADDRESSES = {"complete": CDN, "streaming": LIVE}
OPEN_WORDS = ("NOT_START", "SUBMITTED", "QUEUED", "", "IN_PROGRESS", "MODAL")
NO_CHANNEL = "获取渠道信息失败，请联系管理员，渠道ID：1"

OVER = [
    # word, clips, phase of the task, phases of its clips, whether the mark "no audio" stands beside it
    ("SUCCESS", "complete complete", Phase.DONE, "done done", False),
    ("SUCCESS", "complete error", Phase.PARTIAL, "done failed", False),
    ("SUCCESS", "error error", Phase.FAILED, "failed failed", False),
    ("SUCCESS", "finished finished", Phase.DONE, "done done", True),
    ("SUCCESS", "queued queued", Phase.DONE, "done done", True),
    ("SUCCESS", "submitted", Phase.DONE, "done", True),
    ("SUCCESS", "generating levitating", Phase.DONE, "done done", True),
    ("SUCCESS", "complete queued", Phase.DONE, "done done", True),
    ("SUCCESS", "error queued", Phase.PARTIAL, "failed done", True),
    ("SUCCESS", "complete streaming", Phase.DONE, "done streaming", False),
    ("SUCCESS", "streaming streaming", Phase.DONE, "streaming streaming", False),
    ("SUCCESS", "error streaming", Phase.PARTIAL, "failed streaming", False),
    ("SUCCESS", "silent silent", Phase.DONE, "done done", True),
    ("FAILURE", "complete complete", Phase.DONE, "done done", False),
    ("FAILURE", "complete error", Phase.PARTIAL, "done failed", False),
    ("FAILURE", "complete queued", Phase.PARTIAL, "done failed", False),
    ("FAILURE", "complete streaming", Phase.PARTIAL, "done streaming", False),
    ("FAILURE", "streaming streaming", Phase.PARTIAL, "streaming streaming", False),
    ("FAILURE", "error streaming", Phase.PARTIAL, "failed streaming", False),
    ("FAILURE", "queued streaming", Phase.PARTIAL, "failed streaming", False),
    ("FAILURE", "silent silent", Phase.FAILED, "failed failed", False),
    ("FAILURE", "error error", Phase.FAILED, "failed failed", False),
    ("FAILURE", "submitted submitted", Phase.FAILED, "failed failed", False),
    ("FAILURE", "generating queued", Phase.FAILED, "failed failed", False),
    ("FAILURE", "levitating", Phase.FAILED, "failed", False),
    ("CANCELLED", "queued queued", Phase.FAILED, "failed failed", False),
    ("CANCEL", "complete queued", Phase.PARTIAL, "done failed", False),
]
"""Every row of the table for a task that is over; a silent clip says "streaming" and has no address."""


STATUS = {"silent": "streaming"}


def clip_of(status: str, address: str, clip_id: str = "c", error: str = "") -> Clip:
    """Return a clip judged by itself, as a reader makes it."""
    return Clip(clip_id, judge_clip(status, address), status, audio_url=address, error=clip_error(status, error))


def clips(words: str) -> tuple[Clip, ...]:
    """Return clips as gateways send them: the complete and the streaming ones have an address."""
    return tuple(
        clip_of(STATUS.get(word, word), ADDRESSES.get(word, ""), f"c{place}")
        for place, word in enumerate(words.split())
    )


def judged(word: str, clip_words: str = "", **evidence: object) -> Judgement:
    return judge(Evidence(status=word, clips=clips(clip_words), **evidence))  # type: ignore[arg-type]  # fields by name


def phase_of(word: str, clip_words: str = "", **evidence: object) -> Phase:
    return judged(word, clip_words, **evidence).phase


@pytest.mark.parametrize(("word", "clip_words", "phase", "clip_phases", "no_audio"), OVER)
def test_a_task_that_is_over_and_its_clips_tell_one_story(
    word: str, clip_words: str, phase: Phase, clip_phases: str, no_audio: bool
) -> None:
    found = judged(word, clip_words)
    assert (found.phase, " ".join(clip.phase for clip in found.clips)) == (phase, clip_phases)
    assert Task("t", Kind.MUSIC, found.phase, clips=found.clips).no_audio is no_audio


def test_what_stayed_open_has_failed_for_the_reason_of_its_task() -> None:
    found = judged("FAILURE", "complete queued streaming error", fail_reason=NO_CHANNEL)
    assert [clip.error for clip in found.clips] == ["", NO_CHANNEL, "", ""]
    assert found.fail_reason == NO_CHANNEL


def test_a_failure_tells_its_reason_also_where_every_clip_is_complete() -> None:
    found = judged("FAILURE", "complete complete", other_reasons=["", "the outer gateway gave up"])
    assert (found.phase, found.fail_reason) == (Phase.DONE, "the outer gateway gave up")


def test_a_clip_that_gives_a_reason_and_no_address_has_failed_although_it_looks_open() -> None:
    moderated = Clip("c0", Phase.WAITING, "queued", error="moderated")
    found = judge(Evidence("SUCCESS", (moderated,), other_reasons=["moderated"]))
    assert (found.phase, found.clips[0].phase, found.fail_reason) == (Phase.FAILED, Phase.FAILED, "moderated")


def test_a_clip_with_a_file_is_done_once_its_task_is_whatever_it_calls_itself() -> None:
    named = tuple(clip_of(word, CDN) for word in ("streaming", "", "levitating"))
    found = judge(Evidence("SUCCESS", named))
    assert [clip.phase for clip in found.clips] == [Phase.DONE] * 3


@pytest.mark.parametrize("word", ["CANCEL", "CANCELLED", "canceled"])
@pytest.mark.parametrize(("told", "reason"), [("", "cancelled"), ("取消任务", "取消任务")])
def test_a_cancelled_task_has_failed_and_says_so_where_no_other_reason_is_given(
    word: str, told: str, reason: str
) -> None:
    assert judged(word, fail_reason=told) == Judgement(Phase.FAILED, (), reason)


@pytest.mark.parametrize(
    ("status", "told", "error"),
    [
        ("error", "moderated", "moderated"),
        ("error", "https://x/why", "https://x/why"),
        ("cancelled", "", "cancelled"),
        ("cancelled", "by its owner", "by its owner"),
        ("complete", "https://x/v.mp4", ""),
        ("complete", "half of it is silent", "half of it is silent"),
        ("error", "", ""),
    ],
)
def test_why_a_clip_failed(status: str, told: str, error: str) -> None:
    assert clip_error(status, told) == error


@pytest.mark.parametrize("word", ["SUCCESS", "IN_PROGRESS", ""])
def test_an_address_in_the_place_of_a_reason_is_no_error(word: str) -> None:
    address = "https://cdn.example/result.mp4"
    found = judged(word, "complete", fail_reason=address, other_reasons=[address], progress=100.0)
    assert (found.phase, found.fail_reason) == (Phase.DONE, "")


def test_a_task_at_100_percent_is_not_stopped_by_an_address() -> None:
    assert phase_of("IN_PROGRESS", progress=100.0, fail_reason="https://cdn.example/result.mp4") is Phase.RUNNING


def test_a_task_that_waits_for_its_user_is_waiting() -> None:
    assert phase_of("MODAL") is Phase.WAITING


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


@pytest.mark.parametrize("word", ["FAILURE", "FAIL", "FAILED", "ERROR", "failure", " Error "])
def test_a_failure_without_clips_is_failed(word: str) -> None:
    assert phase_of(word) is Phase.FAILED


@pytest.mark.parametrize("word", ["UNKNOWN", "WHATEVER", "成功"])
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
    assert judge(Evidence(status=word, lyrics=Lyrics(text=text), lyrics_status=lyrics_status)).phase is phase


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
    assert judge(Evidence(status="IN_PROGRESS", clips=(silent,))).phase is Phase.RUNNING


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


WORDS = st.sampled_from([*TASK_WORDS, "WHATEVER", "queueing"])
FINAL_WORDS = st.sampled_from([word for word, verdict in TASK_WORDS.items() if verdict.final])
CLIPS = st.lists(
    st.builds(
        clip_of,
        st.sampled_from([*CLIP_WORDS, "", "levitating"]),
        st.sampled_from([CDN, LIVE, "", "https://cdn1.suno.ai/None.mp3"]),
        st.just("c"),
        st.sampled_from(["", "moderated", "https://x/v.mp4"]),
    ),
    max_size=4,
).map(tuple)
REASONS = st.sampled_from(["", "time out", "https://x/v.mp4"])
EVIDENCE = st.tuples(WORDS, CLIPS, REASONS, st.sampled_from([None, 0.0, 100.0])).map(
    lambda of: Evidence(of[0], of[1], fail_reason=of[2], progress=of[3])
)
USE = {Phase.FAILED: 0, Phase.STREAMING: 1, Phase.PARTIAL: 1, Phase.DONE: 2}
"""How much of a task is usable; of one that is merely waiting nothing."""


def says_error(clip: Clip) -> bool:
    return clip.phase is Phase.FAILED or bool(clip.error)


@given(FINAL_WORDS, CLIPS, REASONS)
def test_no_clip_of_a_task_that_is_over_is_open_unless_its_stream_plays(
    word: str, given_clips: tuple[Clip, ...], reason: str
) -> None:
    found = judge(Evidence(word, given_clips, fail_reason=reason))
    assert found.phase.final
    for clip in found.clips:
        assert clip.phase.final or (clip.phase is Phase.STREAMING and clip.playable)


@given(EVIDENCE)
def test_whatever_is_final_has_no_clip_that_waits(evidence: Evidence) -> None:
    found = judge(evidence)
    if found.phase.final:
        assert not {clip.phase for clip in found.clips} & {Phase.WAITING, Phase.RUNNING, Phase.UNKNOWN}


@given(CLIPS)
def test_nothing_of_a_success_has_failed_that_nobody_called_failed(given_clips: tuple[Clip, ...]) -> None:
    found = judge(Evidence("SUCCESS", tuple(clip for clip in given_clips if not says_error(clip))))
    assert found.phase is Phase.DONE
    assert Phase.FAILED not in {clip.phase for clip in found.clips}


@given(FINAL_WORDS, CLIPS, st.data())
def test_one_more_complete_clip_never_makes_a_phase_worse(
    word: str, given_clips: tuple[Clip, ...], data: st.DataObject
) -> None:
    if not given_clips:
        return
    place = data.draw(st.integers(0, len(given_clips) - 1))
    better = (*given_clips[:place], clip_of("complete", CDN), *given_clips[place + 1 :])
    before, after = judge(Evidence(word, given_clips)), judge(Evidence(word, better))
    assert USE[after.phase] >= USE[before.phase]


@given(EVIDENCE)
def test_the_phase_of_a_task_agrees_with_the_phases_of_its_clips(evidence: Evidence) -> None:
    found = judge(evidence)
    phases = {clip.phase for clip in found.clips}
    if found.phase is Phase.FAILED:
        assert phases <= {Phase.FAILED}
    if found.phase is Phase.PARTIAL:
        assert phases & {Phase.DONE, Phase.STREAMING}
        assert phases != {Phase.DONE}
    if found.phase is Phase.DONE:
        assert phases <= {Phase.DONE, Phase.STREAMING}


@given(EVIDENCE)
def test_judging_twice_changes_nothing_more(evidence: Evidence) -> None:
    once = judge(evidence)
    again = judge(Evidence(evidence.status, once.clips, fail_reason=evidence.fail_reason, progress=evidence.progress))
    assert (again.phase, again.clips) == (once.phase, once.clips)


@given(EVIDENCE)
def test_judging_keeps_every_clip_with_all_that_was_told_of_it(evidence: Evidence) -> None:
    for told, clip in zip(evidence.clips, judge(evidence).clips, strict=True):
        assert clip._replace(phase=told.phase, error=told.error) == told


@given(EVIDENCE)
def test_a_failure_always_shows_the_reason_that_it_gives(evidence: Evidence) -> None:
    if evidence.verdict is Verdict.FAILED and evidence.fail_reason:
        assert judge(evidence).fail_reason == evidence.fail_reason
