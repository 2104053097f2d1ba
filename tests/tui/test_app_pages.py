"""What the panel says: plain lines, folded by cells, with nothing of them read as markup."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from app_harness import NOON, plain, song, words
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.actions.tasks import Copy, copies_of, curl_line
from ecovai_tui.tui.pages.panel_page import (
    Tab,
    details_page,
    lyrics_page,
    panel_page,
    source_page,
    tabs_line,
)
from ecovai_tui.view.card import Subject, clip_place, kind_word
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import Line, Span, Tone, line
from ecovai_tui.view.rows import RowContext
from ecovai_tui.view.timeline import history_page

TEXT = st.text(st.sampled_from(" abcXYZ[]/,。、你好世界のメトロéß\t-"), max_size=120)


def at(now: float, skew: float = 0.0) -> RowContext:
    return RowContext(now, lambda _summary, _now: 5.0, skew=skew, step=5)


@given(TEXT, st.integers(4, 60), st.integers(0, 12))
def test_no_folded_line_is_wider_than_asked(text: str, width: int, indent: int) -> None:
    assert all(cell_width(part.text) <= width for part in fold([line(text, indent=indent)], width))


@given(TEXT, st.integers(4, 60))
def test_folding_loses_nothing_but_blanks(text: str, width: int) -> None:
    folded = "".join(part.text for part in fold([line(text)], width))
    assert "".join(folded.split()) == "".join(text.split())


@given(TEXT, TEXT, st.integers(4, 60))
def test_folding_keeps_the_tone_of_every_character(muted: str, strong: str, width: int) -> None:
    whole = Line((Span(muted, Tone.MUTED), Span(strong, Tone.STRONG)))
    for tone, text in ((Tone.MUTED, muted), (Tone.STRONG, strong)):
        kept = "".join(span.text for part in fold([whole], width) for span in part.spans if span.tone is tone)
        assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "width", "folded"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("", 8, [""]),
        ("夜明けのメトロ", 6, ["夜明け", "のメト", "ロ"]),
        ("你好，世界", 4, ["你", "好，", "世界"]),
        ("https://cdn.example/a", 10, ["https://cd", "n.example/", "a"]),
    ],
)
def test_lines_break_where_readers_expect(text: str, width: int, folded: list[str]) -> None:
    assert [part.text for part in fold([line(text)], width)] == folded


def test_a_folded_line_is_indented_below_its_beginning() -> None:
    assert [part.text for part in fold([line("one two three", indent=2)], 8)] == ["one two", "  three"]


def test_lyrics_show_section_tags_as_they_stand() -> None:
    [tag, words_] = lyrics_page(song(1), song(1).clips[0], Phase.DONE)
    assert (tag.text, tag.spans[0].tone) == ("[Verse]", Tone.TAG)
    assert words_.text == "Words of song 1, clip 0"


def test_whoever_looks_at_a_failure_reads_the_reason_first() -> None:
    task = song(1, Phase.FAILED, fail_reason="the prompt is too loud")
    assert plain(lyrics_page(task, task.clips[0], task.phase)).startswith("the prompt is too loud\n\n[Verse]")
    silent = task.clips[0]._replace(error="audio error")
    assert plain(lyrics_page(task, silent, task.phase)).startswith("audio error\n")


def test_markup_in_lyrics_stays_text() -> None:
    clip = song(1).clips[0]._replace(lyrics="[/Verse]\n[bold]loud[/bold] [ref 10]")
    assert plain(lyrics_page(song(1), clip, Phase.DONE)) == "[/Verse]\n[bold]loud[/bold] [ref 10]"


def test_the_words_of_a_lyrics_task_are_shown_without_a_clip() -> None:
    assert plain(lyrics_page(words(1, "la la\nla"), None, Phase.DONE)) == "la la\nla"


def test_a_song_without_lyrics_says_so_and_what_was_asked_for() -> None:
    clip = Clip("c", Phase.RUNNING, description="a calm song about rain")
    page = plain(lyrics_page(song(1, Phase.RUNNING), clip, Phase.RUNNING))
    assert "No lyrics yet." in page
    assert "a calm song about rain" in page


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.RUNNING, "No lyrics yet."),
        (Phase.DONE, "Instrumental: no words."),
        (Phase.FAILED, "No lyrics were made."),
        (Phase.PARTIAL, "No lyrics."),
    ],
)
def test_why_there_is_nothing_to_sing_stands_below_what_was_asked_for(phase: Phase, words: str) -> None:
    clip = Clip("c", phase, description="a calm song\nabout rain")
    page = plain(lyrics_page(song(1, phase), clip, phase, reasoned=False))
    assert page == f"What was asked for\na calm song\nabout rain\n\n{words}"


def test_a_failure_without_lyrics_tells_the_key_that_sends_the_text_again() -> None:
    clip = Clip("c", Phase.FAILED, description="a calm song")
    page = plain(lyrics_page(song(1, Phase.FAILED), clip, Phase.FAILED, reasoned=False, create_key="c"))
    assert page.endswith("No lyrics were made. c opens this text to be changed and sent anew.")


def test_a_reason_that_the_card_has_is_not_repeated() -> None:
    task = song(1, Phase.FAILED, fail_reason="the prompt is too loud")
    assert plain(lyrics_page(task, task.clips[0], task.phase, reasoned=False)).startswith("[Verse]")


def test_a_task_without_a_reply_has_pages_that_say_so() -> None:
    assert "Nothing is known" in plain(lyrics_page(None, None, Phase.WAITING))
    assert "has not sent anything" in plain(source_page(None, Phase.WAITING))
    assert "Nothing has been seen" in plain(history_page(TaskSummary("a"), (), 40, at(NOON)))


def test_a_task_that_the_gateway_does_not_know_says_so_on_every_page() -> None:
    known = "does not know this id with this key"
    never_seen = Subject(WatchedTask(TaskSummary("a", phase=Phase.MISSING, seen_at=NOON)))
    for tab in (Tab.LYRICS, Tab.DETAILS, Tab.JSON):
        page = plain(panel_page(tab, never_seen, at(NOON), 40))
        assert known in page
        assert "yet" not in page


def test_a_task_that_is_no_longer_known_keeps_its_words_below_a_sentence_that_says_so() -> None:
    task = song(1, Phase.STREAMING)
    gone = Subject(summary_of(task, phase=Phase.MISSING), task)
    assert plain(panel_page(Tab.LYRICS, gone, at(NOON), 40)).startswith(
        "The gateway no longer knows this id with this key. What it said before:\n\n[Verse]"
    )


STORIES = [
    # what is known, what the panel says of it, what it must not say
    ({"phase": Phase.DONE, "no_audio": True}, "an address to listen to is missing", "everything asked for is usable"),
    ({"phase": Phase.DONE, "awaits_file": True}, "a file has not come yet", "everything asked for is usable"),
    ({"phase": Phase.DONE}, "everything asked for is usable", "missing"),
    (
        {"phase": Phase.PARTIAL, "clip_phases": (Phase.STREAMING, Phase.FAILED)},
        "only a live stream can be heard",
        "some clips are usable",
    ),
    (
        {"phase": Phase.PARTIAL, "no_audio": True, "clip_phases": (Phase.DONE, Phase.FAILED)},
        "an address to listen to is missing",
        "some clips are usable",
    ),
    ({"phase": Phase.PARTIAL, "clip_phases": (Phase.DONE, Phase.STREAMING)}, "some clips are usable", "only"),
    ({"phase": Phase.UNKNOWN, "note": "it is nested too deep to be read"}, "could not be read", "nobody has seen"),
    ({"phase": Phase.UNKNOWN, "status": "REVIEWING"}, "a word that nobody has seen yet", "could not be read"),
    ({"phase": Phase.WAITING, "status": "MODAL"}, "waits for a mask or a text of yours", "not started"),
    ({"phase": Phase.MISSING, "status": "MODAL"}, "does not know this id", "of yours"),
]


@pytest.mark.parametrize(("facts", "told", "untold"), STORIES)
def test_what_a_phase_means_agrees_with_the_marks_beside_it(facts: dict[str, object], told: str, untold: str) -> None:
    page = plain(details_page(Subject(summary_of(song(1), **facts)), at(NOON)))
    assert told in page
    assert untold not in page


def test_lyrics_that_are_done_without_a_text_say_so() -> None:
    task = Task("a", Kind.LYRICS, Phase.DONE, "SUCCESS")
    page = plain(details_page(Subject(summary_of(task), task), at(NOON)))
    assert "finished, but without a text" in page
    assert "everything asked for is usable" not in page
    written = words(1, "la la")
    assert "everything asked for is usable" in plain(details_page(Subject(summary_of(written), written), at(NOON)))


@pytest.mark.parametrize(
    ("phase", "address", "told"),
    [
        (Phase.STREAMING, "https://audiopipe.suno.ai/?item_id=c", "streaming  a live stream, not a file"),
        (Phase.DONE, "", "done  no address to listen to"),
        (Phase.DONE, "https://cdn1.suno.ai/None.mp3", "done  no address to listen to"),
    ],
)
def test_a_clip_tells_what_there_is_to_hear(phase: Phase, address: str, told: str) -> None:
    clip = Clip("c", phase, audio_url=address)
    task = Task("a", Kind.MUSIC, Phase.PARTIAL, clips=(clip,))
    assert told in plain(details_page(Subject(summary_of(task), task), at(NOON)))


def summary_of(task: Task, **fields: object) -> WatchedTask:
    known: dict[str, object] = {
        "id": task.id, "kind": task.kind, "phase": task.phase, "status": task.status, "title": task.title,
        "submitted_at": task.submitted_at, "finished_at": task.finished_at, "seen_at": NOON,
    }  # fmt: skip
    return WatchedTask(TaskSummary(**{**known, **fields}), label="for the film", added_at=NOON)  # type: ignore[arg-type]


def test_details_give_every_field_and_the_raw_words() -> None:
    task = song(1, status="SUCCESS", fail_reason="one clip is silent")
    clip = task.clips[1]
    about = Subject(summary_of(task, fail_reason="one clip is silent"), task, 1)
    page = plain(details_page(about, at(NOON)))
    for part in (
        "SUCCESS",
        "one clip is silent",
        "for the film",
        "0:50",
        task.id,
        f"clip 2     {clip.id}",
        clip.audio_url,
    ):
        assert part in page


def test_what_a_failure_means_stands_before_the_words_of_whoever_said_it() -> None:
    reason = "获取渠道信息失败，请联系管理员，渠道ID：7"
    told = f"The channel was deleted meanwhile, and a result may exist upstream: ask the operator. ({reason})"
    failed = song(1, Phase.FAILED, fail_reason=reason)
    banned = failed.clips[0]._replace(error="Tags contained artist name: Björk")
    page = plain(
        details_page(Subject(summary_of(failed, fail_reason=reason), failed._replace(clips=(banned,))), at(NOON))
    )
    assert told in page
    assert 'Suno refuses the name "Björk": take it out of that field. (Tags contained artist name: Björk)' in page
    assert plain(lyrics_page(failed, failed.clips[0], failed.phase)).startswith(told)


@pytest.mark.parametrize(("phase", "told"), [(Phase.FAILED, True), (Phase.DONE, False), (Phase.RUNNING, False)])
def test_a_failure_without_a_reason_is_said_to_have_none(phase: Phase, told: bool) -> None:
    page = plain(details_page(Subject(summary_of(song(1, phase))), at(NOON)))
    assert ("nobody said why" in page) is told


@pytest.mark.parametrize(
    ("fields", "now", "mark"),
    [
        ({"phase": Phase.RUNNING, "quiet_since": NOON - 700}, NOON, "stalled"),
        ({"phase": Phase.RUNNING, "seen_at": NOON - 60}, NOON, "stale"),
        ({"no_audio": True}, NOON, "no audio"),
        ({"phase": Phase.WAITING, "status": "MODAL"}, NOON, "needs you"),
    ],
)
def test_marks_are_explained_in_words(fields: dict[str, object], now: float, mark: str) -> None:
    lines = details_page(Subject(summary_of(song(1), **fields), song(1)), at(now))
    [marked] = [one for one in lines if one.spans and one.spans[0].text.strip() == mark]
    assert marked.spans[0].tone is Tone.ALERT
    assert len(marked.spans[1].text.split()) > 3


def test_groups_of_details_stand_apart_and_what_is_not_there_is_said_quietly() -> None:
    task = song(1, Phase.RUNNING, finished_at=None)
    lines = details_page(Subject(summary_of(task), task), at(NOON))
    names = [one.text[:11].strip() for one in lines]
    assert [name for name in names if name in {"", "task", "submitted", "audio", "label"}] == [
        "task", "", "submitted", "", "audio", "", "label",
    ]  # fmt: skip
    told = {one.text[:11].strip(): (one.spans[1].text, one.spans[1].tone) for one in lines if one.spans}
    assert told["finished"] == ("not yet", Tone.MUTED)
    assert told["video"] == ("none", Tone.MUTED)
    assert told["label"] == ("for the film", Tone.ACCENT)
    assert told["next look"] == ("every 5 s while it is under way", Tone.PLAIN)


def test_the_gateways_object_is_laid_out_and_cleaned_again() -> None:
    source = json.dumps({"title": "a\x9b31mred\u202e", "list": [1, {"a": "夜"}]})
    page = plain(source_page(Task("a", Kind.MUSIC, Phase.DONE, source=source), Phase.DONE))
    assert '  "list": [\n    1,\n    {\n      "a": "夜"' in page
    assert not set(page) & {"\x9b", "\x1b", "\u202e"}


def test_an_address_leads_to_where_it_says_also_where_it_is_folded() -> None:
    clip = (
        song(1).clips[0]._replace(audio_url="https://cdn.example/夜.mp3?" + "a" * 60, image_url="javascript:alert(1)")
    )
    about = Subject(summary_of(song(1)), song(1)._replace(clips=(clip,)))
    lines = fold(details_page(about, at(NOON)), 40)
    links = [span.link for one in lines for span in one.spans if span.link]
    assert set(links) == {"https://cdn.example/%E5%A4%9C.mp3?" + "a" * 60}
    assert len(links) > 2
    assert not any(span.link for one in lines for span in one.spans if "javascript" in span.text)


def test_of_the_gateways_object_only_the_names_are_quiet() -> None:
    page = source_page(Task("a", Kind.MUSIC, Phase.DONE, source='{"a \\" b": {"c": "d: e"}}'), Phase.DONE)
    assert [[(span.text, span.tone) for span in one.spans] for one in page] == [
        [("{", Tone.PLAIN)],
        [('  "a \\" b"', Tone.MUTED), (": {", Tone.PLAIN)],
        [('    "c"', Tone.MUTED), (': "d: e"', Tone.PLAIN)],
        [("  }", Tone.PLAIN)],
        [("}", Tone.PLAIN)],
    ]


def test_a_source_that_is_not_json_is_shown_as_it_is() -> None:
    assert plain(source_page(Task("a", Kind.MUSIC, Phase.DONE, source="{half"), Phase.DONE)) == "{half"


def test_the_edge_tells_the_kind_and_which_clip_of_how_many() -> None:
    about = Subject(summary_of(song(1)), song(1), 1)
    assert (kind_word(about), clip_place(about)) == ("Song", "clip 2 of 2")
    about = Subject(summary_of(words(1, "la")), words(1, "la"))
    assert (kind_word(about), clip_place(about)) == ("Lyrics task", "")


@pytest.mark.parametrize(
    ("width", "tabs"),
    [
        (60, " 1 Lyrics    2 Details    3 History    4 JSON "),
        (41, " 1 Lyrics  2 Details  3 History  4 JSON "),
        (40, " Lyrics  Details  History  JSON "),
    ],
)
def test_tabs_have_numbers_where_there_is_room_and_one_stands_out(width: int, tabs: str) -> None:
    shown = tabs_line(Tab.HISTORY, width)
    assert shown.text == tabs
    assert [span.text.strip(" 0123456789") for span in shown.spans if span.tone is Tone.CHOSEN] == ["History"]


@pytest.mark.parametrize("width", [8, 12, 20, 40, 80])
def test_tabs_fit_any_width(width: int) -> None:
    assert cell_width(tabs_line(Tab.JSON, width).text) <= width


def test_copies_leave_out_what_is_empty() -> None:
    about = Subject(summary_of(song(1)), song(1), 0)
    names = [copy.name for copy in copies_of(about, "https://gateway.example")]
    assert names == ["id", "audio", "clip id", "lyrics", "all addresses", "JSON", "title", "label", "curl"]


def test_what_was_asked_for_can_be_copied() -> None:
    clip = song(1).clips[0]._replace(description="a calm song\nabout rain")
    about = Subject(summary_of(song(1)), song(1)._replace(clips=(clip,)))
    assert Copy("prompt", clip.description) in copies_of(about, "https://gateway.example")


def test_the_curl_line_asks_for_the_task_and_leaves_the_key_to_the_shell(tmp_path: Path) -> None:
    """The id is one that a shell would make something else of; what the command gets is what was meant."""
    seen = tmp_path / "seen"
    (tmp_path / "curl").write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {seen}\n")
    (tmp_path / "curl").chmod(0o755)
    line = curl_line("a'b$(c)`d`", "https://gateway.example/v1/")
    assert "sk-" not in line
    variables = {"PATH": f"{tmp_path}:/usr/bin:/bin", "ECOVAI_API_KEY": "sk-fake"}
    subprocess.run(["/bin/sh", "-c", line], check=True, timeout=10, env=variables)
    assert seen.read_text().splitlines() == [
        "-s",
        "https://gateway.example/v1/suno/fetch",
        "-H",
        "Authorization: Bearer sk-fake",
        "-H",
        "Content-Type: application/json",
        "-d",
        json.dumps({"ids": ["a'b$(c)`d`"], "action": ""}),
    ]
