"""The language of filters: what each rule accepts, and what is said of a text that is none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecovai_tui.tasks.filter import Moment, Query, QueryError
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.query import FIELDS, read_query
from ecovai_tui.tasks.selection import Filter, query_of

NOW = 1_000_000.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

CAFE = WatchedTask(
    TaskSummary(
        "346c5d10", Kind.MUSIC, Phase.DONE, title="Café at Midnight", model="chirp-v4-5", tags="smooth jazz, piano",
        submitted_at=NOW - HOUR, finished_at=NOW - HOUR + 100.0,
    ),
    label="demo take 2", added_at=NOW - 2 * HOUR,
)  # fmt: skip
QUOTA = WatchedTask(
    TaskSummary(
        "broken", Kind.MUSIC, Phase.FAILED, title="Night Rain", fail_reason="insufficient_quota",
        submitted_at=NOW - 2 * DAY, finished_at=NOW - 2 * DAY + 5.0,
    ),
    added_at=NOW - 2 * DAY,
)  # fmt: skip
QUIET = WatchedTask(
    TaskSummary(
        "quiet", Kind.MUSIC, Phase.RUNNING, title="快乐Weekend！", model="chirp-v5",
        submitted_at=NOW - 20 * MINUTE, quiet_since=NOW - 15 * MINUTE, seen_at=NOW - 1.0,
    ),
)  # fmt: skip
UNSEEN = WatchedTask(
    TaskSummary("unseen", Kind.LYRICS, Phase.RUNNING, submitted_at=NOW - 90.0, seen_at=NOW - 60.0), added_at=NOW - 90.0
)
MODAL = WatchedTask(TaskSummary("midjourney:17", Kind.OTHER, Phase.WAITING, status="MODAL"), added_at=NOW - 30.0)
SILENT = WatchedTask(TaskSummary("silent", Kind.MUSIC, Phase.PARTIAL, no_audio=True, title='He said "no" (twice)'))
ALL = (CAFE, QUOTA, QUIET, UNSEEN, MODAL, SILENT)
MOMENT = Moment(NOW, interval_of=lambda _summary, _now: 5.0, lyrics={"rain": frozenset({"broken", "silent"})})


def found(text: str) -> list[str]:
    """Return the ids of the tasks that a filter accepts."""
    query = query_of(text)
    accepts = Filter(query.at(MOMENT) if query else None).predicate()
    return [task.id for task in ALL if accepts(task)]


EVERY = [task.id for task in ALL]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # words
        ("", EVERY),
        ("  　", EVERY),
        ("night", ["346c5d10", "broken"]),
        ("NIGHT rain", ["broken"]),
        ("rain night", ["broken"]),
        ("rain night midnight", []),
        ("cafe", ["346c5d10"]),
        ("CAFÉ", ["346c5d10"]),
        ("ｃａｆｅ", ["346c5d10"]),
        ("快乐", ["quiet"]),
        ("快乐weekend!", ["quiet"]),
        ("take", ["346c5d10"]),
        ("jazz", ["346c5d10"]),
        ("chirp", ["346c5d10", "quiet"]),
        ("failed", ["broken"]),
        ("lyrics", ["unseen"]),
        ("346c", ["346c5d10"]),
        ("insufficient_quota", ["broken"]),
        ('"too little money"', ["broken"]),
        ("stalled", ["quiet"]),
        ("stale", ["unseen"]),
        ("needs", ["midjourney:17"]),
        ('"needs you"', ["midjourney:17"]),
        ('"no audio"', ["silent"]),
        # quotes
        ('"at midnight"', ["346c5d10"]),
        ('"midnight at"', []),
        ("“at midnight”", ["346c5d10"]),
        ('"!"', ["quiet"]),
        ('said"', []),
        ('"phase:failed"', []),
        # not
        ("!night", ["quiet", "unseen", "midjourney:17", "silent"]),
        ("night !rain", ["346c5d10"]),
        ("night ！rain", ["346c5d10"]),
        ('!"at midnight" night', ["broken"]),
        ("!stalled chirp", ["346c5d10"]),
        ("!!x", EVERY),
        # patterns
        ("~^night", ["broken"]),
        ("~caf.", ["346c5d10"]),
        ("~CAFÉ", ["346c5d10"]),
        ("~rain|weekend", ["broken", "quiet"]),
        ('~"at mid(night|day)"', ["346c5d10"]),
        ("!~[a-z]", []),
        ("~stal+ed", ["quiet"]),
        ("~night.*rain", ["broken"]),
        (r"~\(twice\)", ["silent"]),
        # choices
        ("phase:failed", ["broken"]),
        ("phase:failed,partial", ["broken", "silent"]),
        ("PHASE:Failed,", ["broken"]),
        ("phase：failed", ["broken"]),
        ("phase:active", ["quiet", "unseen", "midjourney:17"]),
        ("phase:final !phase:done", ["broken", "silent"]),
        ("kind:lyrics,other", ["unseen", "midjourney:17"]),
        # texts
        ("title:night", ["346c5d10", "broken"]),
        ("title:broken", []),
        ('title:"at midnight"', ["346c5d10"]),
        ("label:demo", ["346c5d10"]),
        ('!label:""', ["346c5d10"]),
        ('label:"" title:rain', ["broken"]),
        ("tag:JAZZ", ["346c5d10"]),
        ("model:v5", ["quiet"]),
        ("id:346c", ["346c5d10"]),
        ("reason:quota", ["broken"]),
        ("family:suno kind:music", ["346c5d10", "broken", "quiet", "silent"]),
        ("family:midjourney", ["midjourney:17"]),
        # durations
        ("age>10m", ["346c5d10", "broken", "quiet"]),
        ("age>1d", ["broken"]),
        ("age<1d", ["346c5d10", "quiet", "unseen", "midjourney:17"]),
        ("!age<1d", ["broken", "silent"]),
        ("age>=1h age<=1h", ["346c5d10"]),
        ("age<1h30m", ["346c5d10", "quiet", "unseen", "midjourney:17"]),
        ("took>1m", ["346c5d10", "quiet", "unseen"]),
        ("took>1:40", ["quiet"]),
        ("took>=1:40", ["346c5d10", "quiet"]),
        ("took<10", ["broken"]),
        ("took＜10", ["broken"]),
        ("added<1.5h", ["unseen", "midjourney:17"]),
        # lyrics
        ("lyrics:rain", ["broken", "silent"]),
        ("lyrics:RAIN night", ["broken"]),
        ("!lyrics:rain night", ["346c5d10"]),
        ("lyrics:snow", []),
        # together
        ("phase:failed age>1d !title:weekend night", ["broken"]),
    ],
)
def test_a_rule_of_the_language(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("rain phse:failed", 5, 'there is no field "phse". Did you mean phase?'),
        ("zzzzzz:x", 0, "Known are: added, age, "),
        ("zzzzzz:x", 0, "write it in quotes"),
        ("https://x", 0, 'there is no field "https"'),
        ("phase:faild", 6, 'there is no phase "faild". Did you mean failed?'),
        ("phase:done,faild", 11, "Did you mean failed?"),
        ('phase:"done,faild"', 12, "Did you mean failed?"),
        ("kind:song", 5, "Known are: lyrics, music, other, picture, unknown, video."),
        ("phase:", 0, "phase: needs a phase, such as phase:failed."),
        ("a label: b", 2, "label: needs a word, such as label:demo."),
        ("lights took>", 7, "took> needs a time, such as took>2m."),
        ("age>soon", 4, "age> needs a time, such as 30s, 10m, 12h, 7d or 1:30."),
        ("age>-1", 4, "age> needs a time"),
        ("age:10m", 0, "age is written another way, such as age>10m."),
        ("label>x", 0, "label is written another way, such as label:demo."),
        ('lyrics:""', 7, "lyrics: needs a word"),
        ("a !", 2, "! needs what is not wanted, such as !demo."),
        ("a ! b", 2, "! needs what is not wanted"),
        ("a ~", 2, "~ needs a pattern, such as ~rain|snow."),
        ('a "b c', 2, "these quotes have no end"),
        ('title:"b c', 6, "these quotes have no end"),
        ('""', 0, "there is nothing between these quotes"),
        ("~a(b", 2, "this is no pattern: missing )"),
        ('~"a (b"', 4, "this is no pattern: missing )"),
        ("~[z-a]", 2, "this is no pattern: bad character range"),
        ("~(a+)+$", 5, "a group cannot be repeated here"),
        ("~(ab){2}", 5, "a group cannot be repeated here"),
        (r"~(a)\1", 4, "a reference to a group is not understood"),
        ("~(?=a)", 1, "a group can begin with ( and (?: alone."),
        ("~.*.*.*.*.*.*x", 1, "this pattern could take for ever"),
        ("~" + "a?" * 30, 1, "this pattern could take for ever"),
        ("~" + "(a|b)" * 30, 1, "this pattern could take for ever"),
        ("~" + "(" * 30 + "a" + ")" * 30, 21, "these groups stand too deep"),
        ("~" + "a" * 201, 201, "a pattern has at most 200 characters"),
        ("~a{99999999999}", 1, "this pattern is too large"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: int, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        query_of(text)
    assert (caught.value.place, told in str(caught.value)) == (place, True), str(caught.value)


PIECES = st.sampled_from(
    [
        *FIELDS,
        *'!~:<>="\\()[]{}|*+?^$. ,1m',
        "phase:",
        "failed",
        "age>",
        "10m",
        "雨",
        "é",
        "！",
        "“",
        "\n",
        "(?",
        "a*",
        "[^",
    ]
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=16).map("".join))
@example('~[[a]"')
@example("~{,1}")
@example("took>" + "9" * 50 + "d")
def test_any_text_is_a_query_or_a_fault_with_a_place_in_it(text: str) -> None:
    query = query_or_fault(text)
    if isinstance(query, QueryError):
        assert 0 <= query.place <= len(text)
        assert str(query)[-1] in ".?"
    elif query is None:
        assert not text.strip()
    else:
        accepts = query.at(MOMENT).predicate()
        assert all(accepts(task) in {True, False} for task in ALL)


def query_or_fault(text: str) -> Query | QueryError | None:
    """Return what is read, or what is wrong."""
    try:
        return read_query(text)
    except QueryError as error:
        return error


@pytest.mark.parametrize(
    "pattern", ["~.*.*x", "~a?a?a?a?a*a*x", "~(a|b|a)(a|b|a)a*a*a*x", "~[^y]*[^z]*y", "~a{0,99}a{0,99}x"]
)
def test_no_pattern_holds_up_the_program(pattern: str) -> None:
    query = read_query(pattern)
    assert query is not None
    accepts = query.predicate()
    assert not any(accepts(WatchedTask(TaskSummary(f"t{n}", title="a" * 20_000))) for n in range(3))


@pytest.mark.parametrize(
    ("text", "timed"),
    [
        ("rain", False), ("!rain phase:failed label:x ~rain.*snow", False), ("age>1m", True), ("took<1m", True),
        ("added<1d", True), ("lyrics:x", True), ("stalled", True), ("tale", True), ("~st.l", True), ("needs", False),
    ],
)  # fmt: skip
def test_time_alone_changes_the_answer_to_some_queries(text: str, timed: bool) -> None:
    query = read_query(text)
    assert query is not None
    assert query.timed is timed
    assert (query.at(MOMENT) != query) is timed


def test_the_lyrics_to_be_looked_for_are_named_folded() -> None:
    query = read_query('lyrics:Été rain !lyrics:"two Words"')
    assert query is not None
    assert query.lyrics == {"ete", "two words"}


@pytest.mark.parametrize(
    ("fine", "coarse", "refines"),
    [
        ("rain", "rai", True),
        ("midnight rain", "rain", True),
        ("rai", "rain", False),
        ("rain", "rain midnight", False),
        ("RAIN ", "rain", True),
        ("!rai", "!rain", True),
        ("!rain", "!rai", False),
        ("rain phase:failed", "rain", True),
        ("rain", "rain phase:failed", False),
        ("title:rain", "title:ra", True),
        ("title:rain", "rain", False),
        ("label:x", 'label:""', False),
        ('label:""', "label:x", False),
        ("~rain x", "~rain", True),
        ("x ~rain", "x", True),
        ("age>1d rain", "rain", True),
        ("age>2d", "age>1d", False),
        ("stal", "sta", False),
        ("stalled", "stalle", False),
        ("lyrics:rain", "lyrics:rai", False),
    ],
)
def test_a_query_is_finer_while_its_words_grow(fine: str, coarse: str, refines: bool) -> None:
    assert Filter(query_of(fine)).refines(Filter(query_of(coarse))) is refines


def test_a_task_that_changed_is_looked_at_again() -> None:
    accepts = Filter(query_of("sunrise")).predicate()
    assert not accepts(CAFE)
    assert accepts(CAFE._replace(summary=CAFE.summary._replace(title="Sunrise")))


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("状态:失败,部分完成", "phase:failed,partial"),
        ("状态：进行中", "phase:active"),
        ("类型:歌词", "kind:lyrics"),
        ("歌词:rain", "lyrics:rain"),
        ("!标题:雨", "!title:雨"),
        ("用时>2m 提交<1d", "took>2m age<1d"),
        ('备注:""', 'label:""'),
        ("状态：失败、查不到，未知", "phase:failed,missing,unknown"),
        ("提交＞10分钟 用时<=1小时30分 添加＜2天", "age>10m took<=1h30m added<2d"),
        ("～雨｜雪　！“两 词”", '~雨|雪 !"两 词"'),
        ("任务类型:suno 任务:346c", "family:suno id:346c"),
    ],
)
def test_a_query_may_be_written_in_chinese(chinese: str, english: str) -> None:
    meant, written = read_query(english), read_query(chinese)
    assert meant is not None
    assert written is not None
    assert written.terms == meant.terms
