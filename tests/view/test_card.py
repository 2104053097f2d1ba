"""The card of a task: its timeline from the ledger, what was made, its clips; whole, and within its width."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from ecovai_tui.store.ledger import Learned
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.card import Subject, card_lines, card_row, clip_place, kind_word, measured
from ecovai_tui.view.lines import Span, Tone
from ecovai_tui.view.rows import RowContext, time_text
from ecovai_tui.view.timeline import stages_of

NOW = 1_780_000_000.0  # 2026-05-28 20:26:40 UTC
HERE = RowContext(NOW, lambda _summary, _now: 5.0, zone=UTC)
LIVE = "https://audiopipe.suno.ai/?item_id=a"
CLIPS = (
    Clip("a", Phase.STREAMING, title="Harbour Lights", model="chirp-v5", duration=178.4, audio_url=LIVE, tags="shanty"),
    Clip("b", Phase.RUNNING, title="Harbour Lights"),
)


def ledger(*moves: tuple[float, Phase]) -> tuple[Change, ...]:
    """Return the ledger of a task that was seen in these phases so many seconds ago."""
    phases = [phase for _, phase in moves]
    return tuple(
        Change(NOW - ago, "t", Aspect.PHASE if place else Aspect.APPEARED, phases[place - 1] if place else "", phase)
        for place, (ago, phase) in enumerate(moves)
    )


LIFE = ledger((90, Phase.WAITING), (79, Phase.RUNNING), (31, Phase.STREAMING))
"""Submitted 91 s ago."""


def subject(
    clips: tuple[Clip, ...] = CLIPS,
    history: tuple[Change, ...] = LIFE,
    *,
    label: str = "rain take 2",
    chosen: int = 0,
    lyrics: Lyrics | None = None,
    **facts: Any,
) -> Subject:
    known: dict[str, Any] = {
        "kind": Kind.MUSIC, "phase": Phase.STREAMING, "title": "Harbour Lights", "tags": "shanty",
        "submitted_at": NOW - 91, "seen_at": NOW, "clip_phases": tuple(clip.phase for clip in clips),
    }  # fmt: skip
    summary = TaskSummary("t", **{**known, **facts})
    task = Task("t", summary.kind, summary.phase, clips=clips, lyrics=lyrics)
    return Subject(WatchedTask(summary, label), task, chosen, history)


def shown(about: Subject, width: int = 41, context: RowContext = HERE) -> list[str]:
    lines = card_lines(about, width, context)
    assert all(cell_width(one.text) <= width for one in lines)
    return [one.text for one in lines]


def test_a_song_under_way_tells_all_of_it_in_five_rows() -> None:
    assert shown(subject(), context=HERE._replace(learned_of=lambda _: Learned(116.0, 200.0, 40))) == [
        "Harbour Lights",
        "◌ 0:12  ▸ 0:48  ► 0:31  ~0:30 left",
        "2:58  chirp-v5  #rain take 2",
        "shanty",
        "[1 ► 2:58]   2 ▸ nothing to hear yet",
    ]


def test_from_60_cells_each_clip_has_a_row_of_its_own() -> None:
    assert shown(subject(chosen=1), 60)[-2:] == [
        " 1  ► streaming  2:58  can be heard, no file yet",
        "[2] ▸ running          nothing to hear yet",
    ]


def test_only_the_last_part_of_the_timeline_stands_out() -> None:
    spans = card_lines(subject(), 41, HERE)[1].spans
    assert [(span.text.strip(), span.tone) for span in spans] == [
        ("◌", Phase.WAITING), ("0:12", Tone.MUTED), ("▸", Phase.RUNNING), ("0:48", Tone.MUTED),
        ("►", Phase.STREAMING), ("0:31", Tone.PLAIN),
    ]  # fmt: skip


@pytest.mark.parametrize("now", [0, 1, 4, 5, 9, 10, 61])
def test_the_last_part_runs_at_the_beat_of_the_row(now: int) -> None:
    """All parts together are what the row says that the task took so far."""
    context = HERE._replace(now=NOW + now, step=5)
    about = subject()
    stages = stages_of(about.watched.summary, about.history, context)
    total = sum(stage.spent or 0 for stage in stages)
    assert time_text(about.watched.summary, context) == f"{total // 60}:{total % 60:02}"


def test_the_end_shows_the_sum_that_the_row_has() -> None:
    done = subject(
        history=(*LIFE, *ledger((31, Phase.STREAMING), (0, Phase.DONE))[1:]),
        phase=Phase.DONE, finished_at=NOW - 2,
    )  # fmt: skip
    assert shown(done)[1] == "◌ 0:12  ▸ 0:48  ► 0:29  ✓ 1:29"
    assert time_text(done.watched.summary, HERE) == "1:29"


@pytest.mark.parametrize(
    ("history", "facts", "timeline"),
    [
        (ledger((91, Phase.RUNNING)), {"phase": Phase.RUNNING}, "▸ from 20:25"),
        (ledger((91, Phase.RUNNING), (31, Phase.STREAMING)), {}, "▸ from 20:25  ► 0:31"),
        (ledger((91, Phase.WAITING)), {"phase": Phase.WAITING, "submitted_at": None}, "◌ from 20:25"),
        (ledger((91, Phase.DONE)), {"phase": Phase.DONE, "finished_at": NOW}, "✓ 1:31"),
        (ledger((91, Phase.FAILED)), {"phase": Phase.FAILED, "submitted_at": None}, "✗ from 20:25"),
        (ledger((91, Phase.MISSING)), {"phase": Phase.MISSING}, "? from 20:25"),
        (ledger((91, Phase.WAITING), (31, Phase.MISSING)), {"phase": Phase.MISSING}, "◌ 1:00  ? from 20:26"),
        ((), {"phase": Phase.DONE, "submitted_at": None}, "✓ done"),
        ((), {"phase": Phase.WAITING, "seen_at": None}, "◌ not seen by the gateway yet"),
    ],
)  # fmt: skip
def test_no_time_is_invented_for_what_nobody_saw(
    history: tuple[Change, ...], facts: dict[str, Any], timeline: str
) -> None:
    assert shown(subject(history=history, **facts))[1] == timeline


def test_a_clock_of_the_gateway_that_is_wrong_makes_no_time_wrong() -> None:
    about = subject(submitted_at=NOW - 91 + 3600)
    assert shown(about, context=HERE._replace(skew=3600.0))[1] == "◌ 0:12  ▸ 0:48  ► 0:31"


def test_a_phase_that_comes_again_is_told_again_and_of_the_ends_only_the_last() -> None:
    history = ledger(
        (90, Phase.WAITING), (80, Phase.RUNNING), (60, Phase.PARTIAL), (50, Phase.RUNNING), (0, Phase.DONE)
    )
    about = subject(history=history, phase=Phase.DONE, submitted_at=NOW - 90, finished_at=NOW)
    assert shown(about)[1] == "◌ 0:10  ▸ 0:30  ▸ 0:50  ✓ 1:30"


def test_the_reason_of_a_failure_stands_whole_in_its_colour_and_then_what_it_means() -> None:
    reason = "获取渠道信息失败，请联系管理员，渠道ID：7"
    about = subject(phase=Phase.FAILED, fail_reason=reason, label="")
    lines = card_lines(about, 41, HERE)
    assert "".join(one.text for one in lines if {span.tone for span in one.spans} == {Phase.FAILED}) == reason
    assert "ask the operator" in " ".join(one.text for one in lines)
    assert "chirp-v5" not in " ".join(one.text for one in lines)


def test_a_failure_without_a_reason_says_that_there_is_none() -> None:
    assert "It failed, and nobody said why: submit it" in shown(subject(phase=Phase.FAILED))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"quiet_since": NOW - 1200}, "no change since 20:06"),
        ({"seen_at": NOW - 1200}, "not heard of since 20:06"),
        ({"phase": Phase.DONE, "no_audio": True}, "no file offered"),
        ({"phase": Phase.WAITING, "status": "MODAL"}, "answer it in the gateway"),
    ],
)
def test_what_is_not_as_it_should_be_takes_no_row_of_its_own(facts: dict[str, Any], words: str) -> None:
    lines = shown(subject(**facts))
    assert lines[2] == words
    assert len(lines) == len(shown(subject()))


def test_a_lyrics_task_tells_how_much_there_is_to_sing() -> None:
    lyrics = Lyrics("Electric Dance Party", "[Verse 1]\nla la\n\n[Chorus]\noh\n\n[Verse 2]\nla", "electronic")
    about = subject((), kind=Kind.LYRICS, tags="electronic", lyrics=lyrics, label="")
    assert shown(about)[2:] == ["2 verses, 4 words  electronic"]
    assert kind_word(about) == "Lyrics task"
    assert clip_place(about) == ""


@pytest.mark.parametrize(
    ("lyrics", "words"),
    [
        ("", ""), ("[Instrumental]", ""), ("la", "1 verse, 1 word"), ("la la\n\nla", "2 verses, 3 words"),
        ("[主歌]\n风给一盏，亲人一盏", "1 verse, 8 words"), ("don't stop-it", "1 verse, 2 words"),
    ],
)  # fmt: skip
def test_verses_and_words_are_counted_in_any_script(lyrics: str, words: str) -> None:
    assert measured(lyrics) == words


@pytest.mark.parametrize("width", [20, 34, 41, 60, 66])
@pytest.mark.parametrize(
    "title", ["", "A very long title that no panel is wide enough for " * 3, "夜明けのメトロ" * 20]
)
def test_a_card_of_any_width_holds_a_title_of_any_length_in_two_rows(width: int, title: str) -> None:
    clips = tuple(clip._replace(title=title, tags="[b] " * 60) for clip in CLIPS)
    lines = shown(subject(clips, title=title), width)
    assert len(lines) <= 7
    row = card_row(subject(clips, title=title), width, HERE).text
    assert cell_width(row) <= width


def test_the_card_as_one_row_keeps_the_last_part_of_the_timeline() -> None:
    assert card_row(subject(), 80, HERE).text == " Harbour Lights  ◌ 0:12  ▸ 0:48  ► 0:31"
    assert card_row(subject(), 34, HERE, placed=True).text == " Harbour Lights  ► 0:31  1 of 2"
    assert card_row(subject(), 80, HERE, titled=False).text == (
        " ◌ 0:12  ▸ 0:48  ► 0:31  2:58  chirp-v5  #rain take 2  shanty"
    )


def test_what_the_file_of_the_clip_is_stands_last() -> None:
    about = subject()._replace(file=(Span("v ", Phase.DONE), Span("a.mp3")))
    assert shown(about)[-1] == "v a.mp3"


def test_in_ascii_all_signs_are() -> None:
    assert all(line.isascii() for line in shown(subject(), context=HERE._replace(ascii_only=True, encoding="ascii")))
