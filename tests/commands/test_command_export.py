"""Everything that is known goes out in three formats, harmless, and every id comes back in."""

from __future__ import annotations

import csv
import io
import json
import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from command_process import Run
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.commands.export import CSV_COLUMNS, FORMATS, _inert
from ecovai_tui.commands.shared.cached_tasks import Known, read_since, with_known
from ecovai_tui.commands.shared.command_line import Place
from ecovai_tui.commands.shared.ids import find_ids
from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.store.files import find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Lyrics, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.task_json import TaskDocument, report, task_document

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
CLIP = "ee97a08d-b10e-4b0c-8a4f-2f2b2d2a4f6e"
DIGITS = "17350521802760039"
ODD = ("odd", "=1+1", "'=quoted", "@x", "a,b", 'say"so"', "tick`tock", "``", "[list]", "a|b", "#1")
ORIGIN = "https://api.ecovai.cn"
NOW = 1_700_000_000.0
DAY = 86_400.0
ALL_FORMATS = pytest.mark.parametrize("form", sorted(FORMATS))

HOSTILE = (
    "two\nlines", "with | pipe", 'with "quotes"', "tab\there", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)",
    "＝1+1", "# heading", "- item", "`code`", "`" + UUID + "` · done", UUID, "<b>&lt;</b>", "[link](http://x)",
    "夜明け",
)  # fmt: skip


def song(name: str, title: str = "", submitted_at: float = NOW, phase: Phase = Phase.DONE) -> Task:
    clip = Clip(
        CLIP, phase, title=title, model="chirp-v4", tags=f"{UUID}, pop",
        audio_url=f"https://cdn.example/a ({CLIP}).mp3",
        lyrics=f"[Verse]\nla\n`{CLIP}` · sung\n{CLIP}", error="=1+1",
    )  # fmt: skip
    return Task(name, Kind.MUSIC, phase, submitted_at=submitted_at, finished_at=NOW, clips=(clip,))


@pytest.fixture
def know(home: Path) -> Callable[..., None]:
    """Make tasks watched and known."""

    def store(*tasks: Task) -> None:
        watch_list = WatchListFile(home / "data" / "watchlist.toml")
        watch_list.add([task.id for task in tasks], now=NOW)
        replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
        replica.mirror(watch_list.read(), NOW)
        replica.record(tasks, NOW)
        replica.close()

    return store


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_was_exported_can_be_added_again_and_nothing_else(run: Run, know: Callable[..., None]) -> None:
    ids = [UUID[::-1].replace("-", "0"), DIGITS, *ODD, "task_" + "x" * 32]
    know(*(song(name, f"{CLIP} {name}") for name in ids))
    exported = run("export").stdout
    assert CLIP in exported
    other = {"ECOVAI_PROFILE": "other", "ECOVAI_BASE_URL": "https://other.example", "ECOVAI_API_KEY": "sk-of-other"}
    added = run("add", "-", piped=exported, **other)
    assert set(added.stdout.split()) == set(ids)
    assert set(run("ls", "--ids", **other).stdout.split()) == set(ids)


def test_whatever_a_title_holds_no_id_is_lost_and_none_is_made_up(run: Run, know: Callable[..., None]) -> None:
    ids = [f"task_{number:032}" for number in range(len(HOSTILE))]
    know(*(song(name, title) for name, title in zip(ids, HOSTILE, strict=True)))
    exported = run("export").stdout
    assert set(find_ids(exported)) == set(ids)
    assert set(find_ids(exported.replace("\n", "\r\n"))) == set(ids), "as Windows keeps it"


def test_logs_and_replies_beside_an_export_are_read_as_ever(run: Run, know: Callable[..., None]) -> None:
    know(song("odd-1"))
    exported = run("export").stdout
    reply = json.dumps({"code": "success", "data": UUID})
    assert find_ids(f"{DIGITS}\n{exported}{reply}\n{exported}") == [DIGITS, "odd-1", UUID]


def test_a_sheet_holds_every_title_and_no_formula(run: Run, know: Callable[..., None]) -> None:
    know(*(song(f"t{number}", title) for number, title in enumerate(HOSTILE)))
    lines = rows(run("export", "--format", "csv").stdout)
    assert {line["title"] for line in lines} == {_inert(title) for title in HOSTILE}
    cells = [cell for line in lines for cell in line.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


@given(st.text())
def test_a_cell_that_is_made_harmless_keeps_its_text(text: str) -> None:
    assert _inert(text) in {text, f"'{text}"}


def test_a_page_shows_titles_as_they_are(run: Run, know: Callable[..., None]) -> None:
    know(song("t1", "# <b>`x`</b> [a](b) *c* |d| &lt;"))
    text = run("export", "--format", "markdown").stdout
    assert r"## \# \<b\>\`x\`\</b\> \[a\](b) \*c\* \|d\| \&lt;" in text
    assert f"- [clip 1: done](https://cdn.example/a%20%28{CLIP}%29.mp3)" in text
    assert "    [Verse]\n    la\n" in text


def test_a_page_holds_the_words_of_a_lyrics_task(run: Run, know: Callable[..., None]) -> None:
    know(Task("t1", Kind.LYRICS, Phase.DONE, lyrics=Lyrics("Rain", "[Verse]\nla la", "")))
    assert "    [Verse]\n    la la" in run("export", "--format", "markdown").stdout


def test_json_holds_whole_tasks_and_their_counts(run: Run, know: Callable[..., None]) -> None:
    know(song("a"), song("b", phase=Phase.FAILED), song("c", phase=Phase.RUNNING))
    document = json.loads(run("export", "--phase", "done,failed").stdout)
    assert {task["id"] for task in document["tasks"]} == {"a", "b"}
    assert (document["counts"]["done"], document["counts"]["failed"], document["counts"]["running"]) == (1, 1, 0)
    assert document["tasks"][0]["clips"][0]["lyrics"].startswith("[Verse]\nla")
    assert document["gateway"] == ORIGIN


@pytest.mark.parametrize(
    ("form", "expected"),
    [("csv", ",".join(CSV_COLUMNS) + "\n"), ("markdown", "# Songs, "), ("json", '"tasks": []\n}\n')],
)
def test_nothing_watched_is_an_empty_export(run: Run, form: str, expected: str) -> None:
    done = run("export", "--format", form)
    assert (done.returncode, done.stderr) == (0, "Nothing is watched yet.\n")
    assert expected in done.stdout
    assert find_ids(done.stdout) == []


def test_a_choice_that_nothing_meets_says_so(run: Run, know: Callable[..., None]) -> None:
    know(song("a"))
    done = run("export", "--phase", "failed")
    assert (json.loads(done.stdout)["tasks"], done.stderr) == ([], "No watched task is meant by this.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--phase", "finished"], "there is no phase 'finished'; known: waiting, running"),
        (["--phase", "done,,failed"], "there is no phase ''"),
        (["--format", "xml"], "xml"),
        (["--since", "yesterday"], "neither an age, as 90s, 30m, 12h, 7d, 2w, nor a date"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused(run: Run, words: list[str], sentence: str) -> None:
    done = run("export", *words)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("text", "age"), [("90s", 90), ("30m", 1800), ("1.5h", 5400), ("7d", 7 * DAY), ("2w", 14 * DAY), ("0s", 0)]
)
def test_since_takes_an_age(text: str, age: float) -> None:
    before = time.time()
    assert before - age <= read_since(text) <= time.time() - age


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", datetime(2026, 11, 1)),  # noqa: DTZ001 - local time is meant
        ("20261101", datetime(2026, 11, 1)),  # noqa: DTZ001
        ("2026-11-01T18:30", datetime(2026, 11, 1, 18, 30)),  # noqa: DTZ001
        ("2026-11-01 18:30", datetime(2026, 11, 1, 18, 30)),  # noqa: DTZ001
        ("2026-11-01T18:30Z", datetime.fromisoformat("2026-11-01T18:30+00:00")),
        ("2026-11-01T18:30:05+08:00", datetime.fromisoformat("2026-11-01T10:30:05+00:00")),
    ],
)
def test_since_takes_a_date(text: str, moment: datetime) -> None:
    assert read_since(text) == moment.timestamp()


@pytest.mark.parametrize("text", ["", "-1", "90", "2026", "202611", "7 days", "2026-13-01", "nan", "1e999"])
def test_since_takes_nothing_else(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is neither an age"):
        read_since(text)


def test_since_leaves_out_what_was_submitted_before(run: Run, know: Callable[..., None]) -> None:
    now = time.time()
    know(song("new", submitted_at=now - DAY), song("old", submitted_at=now - 10 * DAY))
    week_ago = (datetime.now() - timedelta(days=7)).isoformat(timespec="seconds")  # noqa: DTZ005 - local time is meant
    for since in ("7d", "1w", "168h", week_ago[:10], week_ago):
        assert find_ids(run("export", "--since", since, TZ="").stdout) == ["new"], since


def test_a_task_that_ends_during_an_export_is_told_of_as_it_was(
    environment: dict[str, str], home: Path, know: Callable[..., None]
) -> None:
    know(song("one", phase=Phase.RUNNING))
    place = Place(find_paths(environment), None, home / "data" / "watchlist.toml", ORIGIN)

    def export_meanwhile(known: Known, replica: Replica) -> Task | None:
        know(song("one", title="It ended"))
        return replica.task(known.tasks[0].id)

    found = with_known(place, export_meanwhile)
    assert found is not None
    assert found.phase is Phase.RUNNING


def documents(count: int) -> Iterator[TaskDocument]:
    for number in range(count):
        name = f"task_{number:032}"
        yield task_document(WatchedTask(TaskSummary(name)), song(name, "A song"), NOW, 5.0)


@ALL_FORMATS
def test_a_task_is_written_before_the_next_is_read(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    written: list[int] = []

    def tasks() -> Iterator[TaskDocument]:
        for document in documents(3):
            written.append(capsys.readouterr().out.count('"task_' if form == "json" else "task_0"))
            yield document

    FORMATS[form](report([], {}, now=NOW, gateway=ORIGIN, profile=""), tasks())
    assert written == [0, 1, 1]


def test_json_in_pieces_reads_like_json_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    for count in range(3):
        head = report([], {}, now=NOW, gateway=ORIGIN, profile="")
        FORMATS["json"](head, documents(count))
        whole = {**head, "tasks": list(documents(count))}
        assert capsys.readouterr().out == json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def test_ten_thousand_tasks_go_out_and_come_back(run: Run, know: Callable[..., None]) -> None:
    ids = {f"task_{number:032}" for number in range(10_000)}
    know(*(song(name, "夜明けのメトロ") for name in ids))
    assert set(find_ids(run("export").stdout)) == ids
