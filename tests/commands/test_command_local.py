from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command_process import Run
from support.terminal import PROGRAM, Terminal

from ecovai_tui import monitor
from ecovai_tui.commands.rm import those_absent
from ecovai_tui.commands.shared.cached_tasks import read_duration
from ecovai_tui.commands.shared.command_parser import make_parser
from ecovai_tui.commands.shared.output import ExitCode, guarded
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
HEX = "0123456789abcdef0123456789abcdef"
ORIGIN = "https://api.ecovai.cn"
NOW = 1_700_000_000.0


def song(name: str, phase: Phase, title: str, submitted_at: float = NOW - 100) -> Task:
    clip = Clip(
        f"clip-{name}", phase, title=title, model="chirp-v4", audio_url="https://cdn/x.mp3", lyrics="[Verse]\nla"
    )
    return Task(name, Kind.MUSIC, phase, status="X", submitted_at=submitted_at, finished_at=NOW, clips=(clip,))


@pytest.fixture
def known(home: Path) -> None:
    """A watch list of three tasks of which a gateway has told."""
    watch_list = WatchListFile(home / "data" / "watchlist.toml")
    watch_list.add(["a-1", "b-2", "c-3"], label="mine", now=NOW)
    replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
    replica.mirror(watch_list.read(), NOW)
    replica.record(
        [
            song("a-1", Phase.DONE, "夜明けのメトロ"),
            song("b-2", Phase.FAILED, "=1+1", NOW - 200),
            song("c-3", Phase.RUNNING, "C", NOW),
        ],
        NOW,
    )
    replica.close()


def test_an_id_is_added_once_and_told_apart_from_one_that_was_there(run: Run) -> None:
    first, second = run("add", UUID), run("add", UUID, HEX, "--label", "x")
    assert (first.returncode, first.stderr) == (0, f"added: {UUID}\n{taken(UUID)}")
    assert second.stderr == f"added: {HEX}, already there: {UUID}\n{taken(HEX)}"
    assert run("ls", "--ids").stdout.split() == [HEX, UUID]


def taken(name: str) -> str:
    """Return what is said of an id that may be of several families."""
    return f"{name} is taken for suno. If another family (runway, luma, flux) made it: ecovai-tui add runway:{name}\n"


def test_an_id_of_another_family_keeps_its_prefix_everywhere(run: Run) -> None:
    words = ("midjourney:1730000000123456", "kling/text2video:827000000000000001")
    done = run("add", *words, f"suno:{UUID}")
    assert (done.returncode, done.stderr) == (0, "added: 3 ids (1 midjourney, 1 kling, 1 suno)\n")
    listed = json.loads(run("ls", "--json").stdout)["tasks"]
    assert {(task["id"], task["family"]) for task in listed} == {
        (words[0], "midjourney"), (words[1], "kling"), (UUID, "suno"),
    }  # fmt: skip
    assert run("ls", "--ids", "--filter", "family:kling").stdout == f"{words[1]}\n"
    assert "suno" in run("export", "--format", "csv").stdout
    assert run("rm", words[1]).stderr == f"removed: {words[1]}\n"


def test_an_id_that_is_more_likely_of_another_family_is_said_to_be_taken_for_a_song(run: Run) -> None:
    done = run("add", "1730000000123456")
    assert "taken for suno. If another family (midjourney) made it: ecovai-tui add midjourney:1730" in done.stderr


def test_a_family_that_nobody_knows_is_refused_with_those_that_are_known(run: Run) -> None:
    done = run("add", "sora:1730000000123456")
    assert done.returncode == ExitCode.USAGE
    assert '"sora" in "sora:1730000000123456" is no family of tasks. Known are: suno, midjourney,' in done.stderr
    assert run("add", "--any-shape", "sora:1730000000123456").returncode == ExitCode.WELL


def test_ids_are_found_in_a_pipe_and_handed_on(run: Run) -> None:
    reply = json.dumps({"code": "success", "message": "", "data": UUID})
    done = run("add", "-", piped=f"{reply}\n{HEX}\n")
    assert (done.returncode, done.stdout.split()) == (0, [UUID, HEX])
    assert done.stderr == f"added: 2 ids\n{taken(HEX)}"


def test_a_pipe_without_ids_is_exit_code_2(run: Run) -> None:
    done = run("add", "-", piped="no ids in here\n")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert "No id was found" in done.stderr


@pytest.mark.parametrize("name", ["odd!id", "x", "a:b.c", "job#17(2)"])
def test_an_id_of_any_shape_can_be_added(run: Run, name: str) -> None:
    assert run("add", name).returncode == 0
    assert run("ls", "--ids").stdout == f"{name}\n"


@pytest.mark.parametrize(
    "word", ["https://cdn1.suno.ai/clip.mp3", '{"code":"success"}', '["no-id"]', "cdn1.suno.ai/clip.mp3", f"req={UUID}"]
)
def test_an_address_or_json_without_an_id_is_not_taken_for_one(run: Run, word: str) -> None:
    done = run("add", word)
    assert (done.returncode, done.stderr) == (ExitCode.USAGE, f'ecovai-tui: No id was found in "{word}".\n')
    assert run("ls", "--ids").stdout == ""


@pytest.mark.parametrize(
    "word", [f"https://api.ecovai.cn/suno/fetch/{UUID}", f'{{"code":1,"data":"{UUID}"}}', f'"{UUID}"']
)
def test_the_id_in_an_address_or_json_is_added(run: Run, word: str) -> None:
    assert run("add", word).returncode == 0
    assert run("ls", "--ids").stdout == f"{UUID}\n"


@pytest.mark.parametrize("word", ["two words", "", "é", "x" * 192])
def test_what_cannot_be_an_id_is_refused(run: Run, word: str) -> None:
    done = run("add", word)
    assert done.returncode == ExitCode.USAGE
    assert "cannot be an id" in done.stderr
    assert run("ls", "--ids").stdout == ""


@pytest.mark.parametrize("gap", [",", ";", " ", ", ", "\n"])
def test_ids_in_one_word_are_parted_by_every_command_that_takes_ids(asking: Run, gateway: Simulator, gap: str) -> None:
    ids = [gateway.submit(script="song"), gateway.submit(script="song")]
    word = gap.join(ids)
    assert asking("add", word).stderr == "added: 2 ids\n"
    assert asking("rm", f"{word}{gap}").stderr == "removed: 2 ids\n"
    for words in (["follow", word, "--until-final"], ["wait", word], ["fetch", word]):
        done = asking(*words)
        assert done.returncode == ExitCode.WELL, "which tells of two tasks that ended well"
        assert all(name in done.stdout for name in ids) or words[0] == "follow"
    assert {name for record in gateway.requests for name in record.ids} == set(ids)


@pytest.mark.parametrize("word", ["null", "submit.log", "None"])
def test_what_is_plainly_no_id_is_added_only_when_any_shape_is_asked_for(run: Run, word: str) -> None:
    done = run("add", word)
    assert (done.returncode, done.stdout, run("ls", "--ids").stdout) == (ExitCode.USAGE, "", "")
    assert f"ecovai-tui add --any-shape {word}" in done.stderr
    assert run("add", "--any-shape", word).returncode == ExitCode.WELL
    assert run("ls", "--ids").stdout == f"{word}\n"
    assert run("rm", word).stderr == f"removed: {word}\n"
    assert run("add", "-", piped=f"{word}\n").returncode == ExitCode.USAGE
    assert run("add", "-", "--any-shape", piped=f"{word}\n").stdout == f"{word}\n"


@pytest.mark.parametrize("command", ["fetch", "wait", "follow"])
@pytest.mark.parametrize("word", ["null", "submit.log"])
def test_nobody_is_asked_for_what_is_plainly_no_id(asking: Run, gateway: Simulator, command: str, word: str) -> None:
    assert asking(command, word).returncode == ExitCode.USAGE
    assert gateway.requests == ()


def test_one_word_that_is_no_id_keeps_all_from_being_added(run: Run) -> None:
    assert run("add", UUID, "null").returncode == ExitCode.USAGE
    assert run("ls", "--ids").stdout == ""


def test_an_id_that_older_versions_took_as_it_stood_can_be_removed(run: Run, home: Path) -> None:
    WatchListFile(home / "data" / "watchlist.toml").add([f"{UUID},{HEX}", "a,b"], now=NOW)
    assert run("rm", f"{UUID},{HEX}").stderr == f"removed: {UUID},{HEX}\n"
    assert run("rm", "a,b", "null").stderr == "removed: a,b\nnot on the watch list: null\n"


REFUSAL = json.dumps({"code": "invalid_request", "message": "prompt_empty", "data": None})


@pytest.mark.parametrize("command", ["add", "fetch", "wait", "follow"])
def test_a_refusal_that_is_piped_in_ends_with_exit_code_3_and_the_gateways_words(asking: Run, command: str) -> None:
    done = asking(command, "-", piped=REFUSAL)
    assert (done.returncode, done.stdout) == (ExitCode.GATEWAY, "")
    assert "invalid_request: prompt_empty" in done.stderr
    assert asking("ls", "--ids").stdout == ""


def test_ids_beside_a_refusal_are_added_and_asked_for(asking: Run, gateway: Simulator) -> None:
    name = gateway.submit(script="song")
    piped = f"{REFUSAL}\n{json.dumps({'code': 'success', 'data': name})}\n"
    added = asking("add", "-", piped=piped)
    assert (added.returncode, added.stdout) == (ExitCode.GATEWAY, f"{name}\n")
    waited = asking("wait", "-", piped=piped)
    assert waited.returncode == ExitCode.WELL
    assert all("prompt_empty" in done.stderr for done in (added, waited))


@pytest.mark.parametrize(
    "word", [f"{UUID},{HEX}", f"{UUID}\r", f'"{UUID}"', f"https://gateway.example/suno/fetch/{UUID}"]
)
def test_the_monitor_takes_ids_as_every_command_does(run: Run, word: str) -> None:
    assert "The monitor needs a terminal" in run(word).stderr
    assert "is no such command" in run(f"{word},lss").stderr


def test_a_removal_can_be_taken_back(run: Run) -> None:
    run("add", UUID, HEX)
    assert run("rm", UUID).stderr == f"removed: {UUID}\n"
    assert run("ls", "--ids").stdout == f"{HEX}\n"
    assert run("rm", "--undo").returncode == 0
    assert set(run("ls", "--ids").stdout.split()) == {UUID, HEX}


def test_removing_what_is_not_there_is_exit_code_2(run: Run) -> None:
    run("add", UUID)
    done = run("rm", UUID, HEX)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == f"removed: {UUID}\nnot on the watch list: {HEX}\n"


def test_many_removals_are_told_by_their_number(run: Run) -> None:
    run("add", UUID, HEX)
    assert run("rm", UUID, HEX).stderr == "removed: 2 ids\n"
    assert run("rm", "--undo").stderr == "put back: 2 ids\n"


def test_those_of_very_many_that_were_absent_are_found_in_one_go() -> None:
    looked_at = 0

    class Once(tuple[str, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[str]:
            nonlocal looked_at
            looked_at += 1
            return super().__iter__()

    assert those_absent(("a", "b", "c"), Once(("a", "c"))) == ["b"]
    assert looked_at == 1


def test_each_profile_has_a_watch_list_of_its_own(run: Run, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[profiles.work]\n")
    run("--profile", "work", "add", UUID)
    assert run("ls", "--ids").stdout == ""
    assert run("ls", "--ids", ECOVAI_PROFILE="work").stdout == f"{UUID}\n"


@pytest.mark.parametrize("place", ["before", "after"])
def test_options_stand_before_or_after_the_command(run: Run, tmp_path: Path, place: str) -> None:
    option = ["--watchlist", str(tmp_path / "other.toml")]
    words = [*option, "add", UUID] if place == "before" else ["add", UUID, *option]
    assert run(*words).returncode == 0
    assert UUID in (tmp_path / "other.toml").read_text()


def test_the_list_shows_title_clips_and_label(run: Run, known: None) -> None:
    lines = run("ls").stdout.splitlines()
    assert lines[0].split()[:3] == ["Phase", "Clips", "Took"]
    assert "✓ done" in lines[2]
    assert "夜明けのメトロ" in lines[2]
    assert "mine" in lines[2]


def test_on_a_terminal_the_list_has_the_columns_of_the_settings(
    environment: dict[str, str], home: Path, run: Run, known: None
) -> None:
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('columns = ["took", "title", "phase"]\n')
    with Terminal([PROGRAM, "ls"], columns=80, environment=environment) as terminal:
        terminal.wait_for("✗ failed")
        assert terminal.text.split("\n")[0].split() == ["Took", "Title", "Phase"]
    assert run("ls").stdout.startswith("Phase\tClips\tTook\t"), "a pipe has all columns"


def test_ids_of_the_command_line_are_known_before_the_first_screen(
    environment: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = find_paths(environment)
    monkeypatch.setattr("os.environ", environment)
    for ids in ([UUID], []):  # those of the command line, and those that the file has of another day
        with monitor.opened(make_parser().read(ids), paths) as session:
            assert [task.id for task in session.replica.watched()] == [UUID]
        paths.replica(None, paths.watchlist(None)).unlink()


@pytest.mark.parametrize("command", [["ls"], ["status"], ["export", "--format", "csv"]])
def test_another_watch_list_is_told_of_from_a_replica_of_its_own(
    run: Run, home: Path, known: None, command: list[str]
) -> None:
    other = home / "other.toml"
    WatchListFile(other).add(["a-1"], now=NOW)
    paths = Paths(home / "config", home / "data", home / "state")
    with closing(Replica(paths.replica(None, other), ORIGIN)) as replica:
        replica.mirror(WatchListFile(other).read(), NOW)
        replica.record([song("a-1", Phase.PARTIAL, "B")], NOW)
    assert "partial" in run(*command, "--watchlist", str(other)).stdout
    assert "partial" not in run(*command).stdout


def test_the_list_is_ascii_where_it_is_asked_for_but_for_the_titles(run: Run, known: None) -> None:
    shown = run("ls", "--ascii").stdout
    assert "夜明けのメトロ" in shown
    assert shown.replace("夜明けのメトロ", "").isascii()


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_a_locale_without_unicode_is_no_obstacle(run: Run, known: None, variables: dict[str, str]) -> None:
    for command in (["ls"], ["ls", "--json"], ["status"], ["export"], ["--help"]):
        assert run(*command, **variables).returncode == 0
    assert json.loads(run("ls", "--json", **variables).stdout)["tasks"][1]["title"] == "夜明けのメトロ"


@pytest.mark.parametrize("command", ["ls", "status"])
def test_lists_as_json_hold_counts_and_no_clips(run: Run, known: None, command: str) -> None:
    document = json.loads(run(command, "--json").stdout)
    assert (document["gateway"], document["profile"]) == (ORIGIN, "")
    assert document["counts"]["done"] == 1
    assert {task["id"] for task in document["tasks"]} == {"a-1", "b-2", "c-3"}
    assert not any("clips" in task or "lyrics" in task for task in document["tasks"])


def test_status_fills_a_text(run: Run, known: None) -> None:
    done = run("status", "--format", "{running}♪ {done}✓ {failed}✗ {active}/{final}/{total} {link}")
    assert done.stdout == "1♪ 1✓ 1✗ 1/2/3 stale\n"


def test_status_without_any_task_is_well(run: Run) -> None:
    assert run("status").stdout == "nothing is watched\n"
    assert run("status", "--format", "{total}{oldest}{age}").stdout == "0\n"


def test_an_unknown_placeholder_is_refused_with_the_known_ones(run: Run) -> None:
    done = run("status", "--format", "{oldst}")
    assert done.returncode == ExitCode.USAGE
    assert "{oldest}" in done.stderr


def test_pruning_takes_what_is_final_and_tells_it(run: Run, known: None) -> None:
    assert run("prune", "--final", "--dry-run").stdout.split() == ["a-1", "b-2"]
    assert run("prune", "--final").stdout.split() == ["a-1", "b-2"]
    assert run("ls", "--ids").stdout.split() == ["c-3"]
    assert run("rm", "--undo").stderr == "put back: 2 ids\n"


def test_pruning_tells_as_json_what_goes(run: Run, known: None) -> None:
    document = json.loads(run("prune", "--final", "--json").stdout)
    assert (document["counts"]["done"], document["counts"]["failed"], document["counts"]["running"]) == (1, 1, 0)
    assert [task["id"] for task in document["tasks"]] == ["a-1", "b-2"]
    assert run("ls", "--ids").stdout.split() == ["c-3"]


def test_pruning_never_takes_active_tasks(run: Run, known: None) -> None:
    assert run("prune", "--older-than", "0").stdout.split() == ["a-1", "b-2"]


def test_pruning_needs_to_be_told_what(run: Run) -> None:
    assert run("prune").returncode == ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1.5h", 5400), ("7d", 604_800), ("2w", 1_209_600), ("0", 0)]
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "d", "-1", "nan", "inf", "7 days", "1e999"])
def test_other_durations_are_refused(run: Run, text: str) -> None:
    done = run("prune", f"--older-than={text}")
    assert done.returncode == ExitCode.USAGE
    assert "is no duration" in done.stderr


def store_history(home: Path, ended: int, running_for: float) -> None:
    """Make one task run that was submitted so many seconds ago, after so many others that took 100 s each."""
    now = time.time()
    watch_list = WatchListFile(home / "data" / "watchlist.toml")
    watch_list.add(["running"], now=now)
    replica = Replica(home / "state" / "replica.sqlite3", ORIGIN)
    replica.mirror(watch_list.read(), now)
    replica.record([song("running", Phase.RUNNING, "On its way", now - running_for)], now)
    examples = [song(f"ended-{number}", Phase.DONE, "", now - 9000) for number in range(ended)]
    replica.record([task._replace(finished_at=now - 8900) for task in examples], now)
    replica.close()


@pytest.mark.parametrize(
    ("ended", "running_for", "title"),
    [
        (5, 20, "On its way  ~1:20 left"),
        (4, 20, "On its way"),
        (20, 500, "On its way  slower than 9 of 10"),
        (19, 500, "On its way"),
        (0, 20, "On its way"),
    ],
)
def test_the_list_tells_what_to_expect_where_enough_others_have_ended(
    run: Run, home: Path, ended: int, running_for: float, title: str
) -> None:
    store_history(home, ended, running_for)
    headings, row = (line.split("\t") for line in run("ls").stdout.splitlines())
    assert row[headings.index("Title")] == title


def test_without_a_replica_that_can_be_read_the_list_expects_nothing(run: Run, home: Path) -> None:
    store_history(home, 5, 20)
    (home / "state" / "replica.sqlite3").write_bytes(b"no database, " * 900)
    done = run("ls")
    assert "running" in done.stdout
    assert "left" not in done.stdout
    assert done.stderr.count("was damaged") == 1


def test_a_watch_list_that_does_not_parse_is_told_with_its_line_and_left_alone(run: Run, home: Path) -> None:
    file = home / "data" / "watchlist.toml"
    file.parent.mkdir(parents=True)
    file.write_text("version = 1\nids = [oops\n")
    for command in (["add", UUID], ["rm", UUID], ["ls"], ["status"]):
        done = run(*command)
        assert done.returncode == ExitCode.USAGE
        assert "line 2" in done.stderr
    assert file.read_text() == "version = 1\nids = [oops\n"


@pytest.mark.parametrize("command", [["fetch"], ["config", "check"], ["keys"], ["status"], ["ls"], ["add", UUID]])
def test_settings_that_do_not_parse_are_told_with_their_line(run: Run, home: Path, command: list[str]) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("interval = 5\ntheme = oops\n")
    done = run(*command)
    assert done.returncode == ExitCode.USAGE
    assert "line 2" in done.stderr


def test_a_theme_that_may_be_one_of_textual_is_left_to_the_monitor(run: Run, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('theme = "nord"\n')
    done = run("config", "check")
    assert done.returncode == ExitCode.WELL
    assert 'The theme "nord" is none of those that ecovai-tui themes lists.' in done.stderr


def test_the_settings_tell_that_there_is_a_key_but_not_which(run: Run) -> None:
    done = run("config", "show", ECOVAI_API_KEY="sk-AbCdEf0123456789", ECOVAI_BASE_URL="https://gateway.example")
    assert "set (from ECOVAI_API_KEY)" in done.stdout
    assert "AbCdEf" not in done.stdout + done.stderr


def test_the_path_of_the_settings_is_printed_alone(run: Run, home: Path) -> None:
    assert run("config", "path").stdout == f"{home / 'config' / 'config.toml'}\n"


def test_what_there_is_to_say_of_the_settings_is_said_as_json_too(run: Run, home: Path) -> None:
    file = home / "config" / "config.toml"
    assert json.loads(run("config", "path", "--json").stdout) == {"path": str(file)}
    assert json.loads(run("config", "show", "--json").stdout)["interval"] == {"value": "5", "source": "default"}
    assert json.loads(run("config", "check", "--json").stdout)["sound"]
    file.parent.mkdir(parents=True)
    file.write_text("intervall = 5\n")
    done = run("config", "check", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["sound"]) == (ExitCode.USAGE, False)
    assert "interval" in told["told"][0]


@pytest.mark.parametrize("command", ["themes", "keys"])
def test_what_there_is_to_choose_from_is_listed(run: Run, command: str) -> None:
    assert len(run(command).stdout.splitlines()) > 2
    assert len(json.loads(run(command, "--json").stdout)) > 1


def test_without_a_home_the_directories_must_be_named(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ecovai_tui", "ls"], env={}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == ExitCode.USAGE
    assert "HOME is not set" in done.stderr


def test_a_home_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("add", UUID, ECOVAI_DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("ecovai-tui: Cannot ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["ls", "--watchlist", "~nobody-of-that-name/w.toml"], 0),
        (["config", "check", "--watchlist", "~nobody-of-that-name/w.toml"], 0),
        (["ls", "--log", "~nobody-of-that-name/log"], 2),
    ],
)
def test_a_home_of_nobody_is_a_path_like_any_other(run: Run, words: list[str], code: int) -> None:
    done = run(*words)
    assert done.returncode == code
    assert "went wrong" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(["ls"], 0), (["status"], 0), (["export"], 0), (["prune", "--final"], 0), (["doctor", "--offline"], 2)],
)
def test_a_replica_that_cannot_be_looked_at_is_told_of(run: Run, known: None, words: list[str], code: int) -> None:
    done = run(*words, ECOVAI_STATE_DIR=f"/{'long' * 70}")
    assert done.returncode == code
    assert "too long" in done.stdout + done.stderr
    assert "output" not in done.stderr


@pytest.mark.parametrize("command", ["add", "fetch"])
def test_standard_input_that_cannot_be_read_is_not_taken_for_the_output(
    environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    unreadable = os.open(tmp_path / "write-only", os.O_WRONLY | os.O_CREAT)
    keyed = {"ECOVAI_BASE_URL": "https://gateway.example", "ECOVAI_API_KEY": "sk-any"}
    done = subprocess.run(
        [sys.executable, "-m", "ecovai_tui", command, "-"],
        env=environment | keyed, stdin=unreadable, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    os.close(unreadable)
    assert (done.returncode, done.stderr) == (2, "ecovai-tui: Standard input cannot be read: Bad file descriptor.\n")


def test_a_file_that_fails_is_not_taken_for_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    def read() -> ExitCode:
        raise PermissionError(13, "Permission denied", "/home/ada/themes")

    assert guarded(read) is ExitCode.USAGE
    assert "Cannot use /home/ada/themes: permission denied" in capsys.readouterr().err


def test_closed_standard_streams_are_no_obstacle(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m ecovai_tui status <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", command], env=environment | {"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == ExitCode.WELL


HEAVY = ("textual", "httpx", "pydantic", "asyncio")


@pytest.mark.parametrize("command", [["status"], ["ls"], ["ls", "--json"], ["add", UUID], ["rm", "a-1"], ["--version"]])
def test_quick_commands_import_nothing_heavy(environment: dict[str, str], known: None, command: list[str]) -> None:
    code = (
        "import sys; from ecovai_tui.cli import main; code = main(sys.argv[1:]);"
        f"sys.exit(code or sum(name in sys.modules for name in {HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
