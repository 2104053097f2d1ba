from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.judging import Mark
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import short_duration
from ecovai_tui.view.columns import COLUMNS, lay_out
from ecovai_tui.view.lines import Span, Tone, fit_cell, text_of
from ecovai_tui.view.rows import Row, RowContext, build_row

NOW = 1_780_000_000.0  # 2026-05-28 20:26:40 UTC
HERE = RowContext(NOW, lambda _summary, _now: 5.0, zone=UTC)


def row(context: RowContext = HERE, *, label: str = "", added_at: float | None = None, **facts: Any) -> Row:
    return build_row(WatchedTask(TaskSummary("id-1", **facts), label, added_at), context)


def text(key: ColumnKey, context: RowContext = HERE, **facts: Any) -> str:
    return row(context, **facts).cell(key).text


@pytest.mark.parametrize("phase", Phase)
def test_the_phase_is_a_glyph_and_a_word(phase: Phase) -> None:
    assert text(ColumnKey.PHASE, phase=phase) == f"{phase.glyph} {phase}"
    assert text(ColumnKey.PHASE, HERE._replace(ascii_only=True), phase=phase) == f"{phase.ascii_glyph} {phase}"


def test_there_is_a_cell_for_each_column() -> None:
    assert len(row().cells) == len(COLUMNS)


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        ({"phase": Phase.RUNNING, "seen_at": NOW - 11}, (Mark.STALE,)),
        ({"phase": Phase.RUNNING, "seen_at": NOW - 9}, ()),
        ({"phase": Phase.DONE, "seen_at": NOW - 9999}, ()),
        ({"phase": Phase.RUNNING, "seen_at": NOW, "quiet_since": NOW - 600}, (Mark.STALLED,)),
        ({"phase": Phase.RUNNING, "seen_at": NOW - 99, "quiet_since": NOW - 600}, (Mark.STALE, Mark.STALLED)),
        ({"phase": Phase.DONE, "no_audio": True}, (Mark.NO_AUDIO,)),
        ({"phase": Phase.WAITING, "status": "MODAL", "seen_at": NOW}, (Mark.NEEDS_YOU,)),
        ({"phase": Phase.RUNNING, "status": "MODAL", "seen_at": NOW}, ()),
    ],
)
def test_marks_are_words_with_the_gravest_first(facts: dict[str, Any], marks: tuple[Mark, ...]) -> None:
    marked = row(**facts)
    assert marked.marks == marks
    assert marked.cell(ColumnKey.PHASE).text.removesuffix(" 1m").endswith(marks[0] if marks else facts["phase"])


@pytest.mark.parametrize(
    ("age", "words"), [(59, "stale"), (60, "stale 1m"), (3 * 3600 + 300, "stale 3h"), (50 * 3600, "stale 2d")]
)
def test_stale_data_tells_its_age_in_one_unit(age: int, words: str) -> None:
    cell = row(phase=Phase.RUNNING, seen_at=NOW - age).cell(ColumnKey.PHASE)
    assert cell.text == f"▸ running {words}"


def test_a_mark_takes_the_place_of_the_word_where_room_is_short() -> None:
    cell = row(phase=Phase.STREAMING, seen_at=NOW - 99).cell(ColumnKey.PHASE)
    assert cell.text == "► streaming stale 1m"
    assert "".join(piece.text for piece in cell.short) == "► stale 1m"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"phase": Phase.DONE, "no_audio": True}, "✓ no audio"),
        ({"phase": Phase.RUNNING, "seen_at": NOW, "quiet_since": NOW - 600}, "▸ stalled"),
        ({"phase": Phase.STREAMING, "seen_at": NOW - 59 * 60}, "► stale 59m"),
    ],
)
def test_no_mark_is_cut_in_the_column_of_phases(facts: dict[str, Any], words: str) -> None:
    (column,) = (placement for placement in lay_out(200) if placement.column.key is ColumnKey.PHASE)
    assert text_of(fit_cell(row(**facts).cell(ColumnKey.PHASE), column.width)).rstrip() == words


def test_whether_a_task_is_stale_depends_on_its_own_interval() -> None:
    patient = HERE._replace(interval_of=lambda _summary, _now: 60.0)
    assert row(patient, phase=Phase.RUNNING, seen_at=NOW - 99).marks == ()


def test_an_active_task_shows_how_long_it_has_been_under_way() -> None:
    facts = {"phase": Phase.RUNNING, "submitted_at": NOW - 83}
    assert text(ColumnKey.TIME, **facts) == "1:23"
    assert text(ColumnKey.TIME, HERE._replace(step=10), **facts) == "1:20"
    assert text(ColumnKey.TIME, HERE._replace(skew=-60.0), **facts) == "0:23"


def test_a_final_task_shows_how_long_it_took_whatever_the_step() -> None:
    facts = {"phase": Phase.DONE, "submitted_at": NOW - 500, "finished_at": NOW - 391}
    assert text(ColumnKey.TIME, HERE._replace(step=10, now=NOW + 9999), **facts) == "1:49"


def test_a_task_without_finish_time_has_no_duration() -> None:
    assert text(ColumnKey.TIME, phase=Phase.DONE, submitted_at=NOW) == ""


def test_when_is_the_submit_time_and_before_it_is_known_the_time_of_adding() -> None:
    assert text(ColumnKey.WHEN, submitted_at=NOW - 3600, added_at=NOW) == "19:26"
    assert text(ColumnKey.WHEN, added_at=NOW) == "20:26"
    assert text(ColumnKey.WHEN) == ""


def test_a_row_without_title_shows_its_label_or_its_note_and_without_all_its_id() -> None:
    assert text(ColumnKey.TITLE, title="夜曲", label="mine", seen_at=NOW) == "夜曲"
    assert text(ColumnKey.TITLE, label="mine", seen_at=NOW) == "mine"
    assert text(ColumnKey.TITLE, phase=Phase.FAILED, fail_reason="no words", seen_at=NOW) == "no words"
    assert row(seen_at=NOW).cell(ColumnKey.TITLE).spans == (Span("id-1", Tone.MUTED),)


def test_what_is_told_for_the_moment_stands_before_all_else() -> None:
    told = HERE._replace(told_of=lambda name: f"↧ 62 % of {name}")
    assert text(ColumnKey.TITLE, told, phase=Phase.FAILED, fail_reason="x", title="Rain") == "Rain  ↧ 62 % of id-1"


@pytest.mark.parametrize(
    ("seconds", "running", "final"),
    [
        (5, "0:05", "0:05"), (91, "1:31", "1:31"), (724, "12m", "12:04"), (1510, "25m", "25:10"),
        (11_400, "3h10", "3h10"), (86_400, "24h", "24h"), (200_000, "2d", "2d"),
    ],
)  # fmt: skip
def test_a_time_has_five_cells(seconds: float, running: str, final: str) -> None:
    assert short_duration(seconds, running=True) == running
    assert short_duration(seconds) == final


@pytest.mark.parametrize(
    ("ago", "told"),
    [(0, "20:26"), (86_400, "Wed 20:26"), (6 * 86_400, "Fri 20:26"), (7 * 86_400, "21 May"), (400 * 86_400, "2025-04")],
)
def test_a_moment_is_told_as_far_as_it_matters(ago: float, told: str) -> None:
    assert text(ColumnKey.WHEN, submitted_at=NOW - ago) == told


def test_of_what_is_finished_the_sign_alone_is_coloured() -> None:
    sign, word = row(phase=Phase.DONE).cell(ColumnKey.PHASE).spans
    assert (sign.tone, word.tone) == (Phase.DONE, Tone.MUTED)
    sign, word = row(phase=Phase.FAILED).cell(ColumnKey.PHASE).spans
    assert (sign.tone, word.tone) == (Phase.FAILED, Phase.FAILED)
    assert row(phase=Phase.DONE, submitted_at=0, finished_at=9).cell(ColumnKey.TIME).spans[0].tone is Tone.MUTED
    assert row(phase=Phase.RUNNING, submitted_at=NOW).cell(ColumnKey.TIME).spans[0].tone is Tone.PLAIN


def test_a_label_stands_beside_the_title_only_where_it_says_something_else() -> None:
    assert text(ColumnKey.LABEL, title="夜曲", label="mine") == "mine"
    assert text(ColumnKey.LABEL, title="夜曲", label="夜曲") == ""
    assert text(ColumnKey.LABEL, label="mine") == ""


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"phase": Phase.FAILED, "fail_reason": "content policy", "title": "Rain"}, "Rain  content policy"),
        ({"phase": Phase.FAILED, "fail_reason": "content policy", "seen_at": NOW}, "content policy"),
        ({"phase": Phase.PARTIAL, "note": "one clip is gone", "title": "Rain"}, "Rain  one clip is gone"),
        ({"phase": Phase.UNKNOWN, "status": "MODERATING", "title": "Rain"}, "Rain  the gateway says MODERATING"),
        ({"phase": Phase.MISSING, "title": "Rain"}, "Rain  not known with this key"),
        ({"phase": Phase.WAITING, "status": "MODAL", "title": "Rain"}, "Rain  answer it in the gateway"),
        ({"phase": Phase.DONE, "no_audio": True, "title": "Rain"}, "Rain  no file offered"),
        ({"phase": Phase.RUNNING, "seen_at": NOW, "quiet_since": NOW - 3600, "title": "A"}, "A  no change since 19:26"),
        ({"phase": Phase.WAITING}, "id-1  not seen by the gateway yet"),
        ({"phase": Phase.MISSING, "seen_at": NOW}, "id-1  not known with this key"),
        ({"phase": Phase.DONE, "fail_reason": "of another day", "title": "Rain"}, "Rain"),
        ({"phase": Phase.RUNNING, "note": "no clip could be read", "title": "Rain"}, "Rain  no clip could be read"),
    ],
)
def test_what_is_not_well_stands_beside_the_title(facts: dict[str, Any], shown: str) -> None:
    assert text(ColumnKey.TITLE, **facts) == shown


def test_a_lyrics_task_says_so_where_songs_name_their_model() -> None:
    assert text(ColumnKey.MODEL, kind=Kind.LYRICS) == "lyrics"
    assert text(ColumnKey.MODEL, kind=Kind.MUSIC, model="chirp-v4") == "chirp-v4"


@pytest.mark.parametrize(
    ("phase", "status", "shown"),
    [
        (Phase.PARTIAL, "FAILURE", True),
        (Phase.FAILED, "FAILURE", True),
        (Phase.DONE, "FAILURE", True),
        (Phase.DONE, "IN_PROGRESS", False),
        (Phase.DONE, "SUCCESS", False),
        (Phase.RUNNING, "IN_PROGRESS", False),
    ],
)
def test_the_reason_of_a_failure_stands_in_the_row_whatever_is_usable(phase: Phase, status: str, shown: bool) -> None:
    told = text(ColumnKey.TITLE, phase=phase, status=status, title="Rain", fail_reason="the channel is gone")
    assert ("the channel is gone" in told) is shown


SUNG = {"title": "春の歌 – é", "label": "夜", "model": "声", "fail_reason": "内容", "phase": Phase.FAILED}


def test_ascii_is_for_our_own_signs_and_leaves_the_text_of_others() -> None:
    cells = row(HERE._replace(ascii_only=True), clip_phases=tuple(Phase), **SUNG).cells
    shown = "".join(span.text for cell in cells for span in (*cell.spans, *cell.short))
    assert {character for character in shown if not character.isascii()} == set("春の歌–é夜声内容")


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("utf-8", "春の歌 – é"), ("gbk", "春の歌 – é"), ("iso8859-1", "?????? - é"), ("ascii", "?????? - ?")],
)
def test_of_the_text_of_others_stays_what_can_be_written(encoding: str, title: str) -> None:
    assert text(ColumnKey.TITLE, HERE._replace(encoding=encoding), **SUNG).startswith(title)


def test_that_a_file_was_saved_stands_behind_the_clips() -> None:
    saved = WatchedTask(TaskSummary("id-1", clip_phases=(Phase.DONE, Phase.DONE)), files=1)
    assert build_row(saved, HERE).cell(ColumnKey.CLIPS).text == " ✓ ✓ ↧"
    words = WatchedTask(TaskSummary("id-1", Kind.LYRICS), files=1)
    assert build_row(words, HERE).cell(ColumnKey.CLIPS).text == " ✎   ↧"
