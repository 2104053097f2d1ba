"""Slips of the user in settings and options: every command tells them in the same words, and does nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from command_process import Run

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.command_parser import Parser
from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Kind, Phase, Task

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
NOW = 1_700_000_000.0
KEY = "sk-AbCdEf0123456789"
READING = (
    "status", "status --json", "ls", f"add {UUID}", f"rm {UUID}", "export", "prune --final", "fetch", "wait", "follow",
    "config show", "config check", "keys",
)  # fmt: skip
"""Every command that reads settings, and the doctor apart."""

ONE = "https://one.example"
BELOW_KEYS = '[keys]\nbase_url = "https://gateway.example"\n'
BROKEN_THEME = """
name = "mine"
primray = "#fff"
dark = "yes"
accent = "red"
[phases]
done = "green"
dnoe = "#fff"
"""


@pytest.fixture
def config(home: Path) -> Path:
    """The settings file, in a directory that is there."""
    (home / "config" / "themes").mkdir(parents=True)
    return home / "config" / "config.toml"


def assert_nothing_was_made(home: Path) -> None:
    assert not list(home.glob("data/*"))
    assert not list(home.glob("state/*"))


@pytest.mark.parametrize("command", READING)
def test_a_setting_below_the_keys_is_refused_by_every_command(run: Run, home: Path, config: Path, command: str) -> None:
    config.write_text(BELOW_KEYS)
    done = run(*command.split())
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert f'{config} [keys]: there is no action "base_url".' in done.stderr
    assert "did it mean to stand above the tables?" in done.stderr
    assert_nothing_was_made(home)


def test_ids_that_are_piped_in_are_named_where_the_settings_keep_them_from_being_added(
    run: Run, home: Path, config: Path
) -> None:
    config.write_text(BELOW_KEYS)
    done = run("add", "-", piped=json.dumps({"code": "success", "data": UUID}))
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert f"Not added: {UUID}" in done.stderr
    assert_nothing_was_made(home)


def test_a_key_in_the_place_of_a_command_is_not_repeated(run: Run) -> None:
    typed = "sk-Zy0Xw1Vu2Ts3Rq4Po5"
    done = run(typed)
    assert done.returncode == ExitCode.USAGE
    assert typed not in done.stderr


@pytest.mark.parametrize("command", READING)
def test_a_profile_that_nobody_knows_is_refused_by_every_command(
    run: Run, home: Path, config: Path, command: str
) -> None:
    config.write_text("[profiles.work]\n")
    for done in (run(*command.split(), "--profile", "wrok"), run(*command.split(), ECOVAI_PROFILE="wrok")):
        assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
        assert "Did you mean work?" in done.stderr
    assert_nothing_was_made(home)


@pytest.mark.parametrize("text", [BELOW_KEYS, "mouse = 1\n", "x = [\n"])
def test_the_doctor_tells_a_fault_of_the_settings_once_and_looks_at_the_rest(run: Run, config: Path, text: str) -> None:
    config.write_text(text)
    done = run("doctor", "--offline")
    assert done.returncode == ExitCode.USAGE
    assert done.stdout.count(str(config)) == 1
    assert "watch list" in done.stdout


@pytest.mark.parametrize("command", ["ls", "fetch", "config check"])
def test_keys_that_clash_and_a_closed_way_out_are_told_together(run: Run, config: Path, command: str) -> None:
    config.write_text('[keys]\nremove = "r"\nquit = ""\n')
    done = run(*command.split())
    assert done.returncode == ExitCode.USAGE
    assert '"r" is given to both remove and refresh' in done.stderr
    assert 'quit = "": only quit-anywhere' in done.stderr


def test_a_check_as_json_tells_each_fault_by_itself(run: Run, config: Path) -> None:
    config.write_text('intervall = 5\nmouse = 1\nnotify = "loud"\n[keys]\nrefersh = "r"\nzoom = "pgdown"\nquit = ""\n')
    document = json.loads(run("config", "check", "--json").stdout)
    assert not document["sound"]
    assert len(document["told"]) == 6
    assert all(fault.startswith(str(config)) for fault in document["told"])


def test_all_faults_of_a_theme_are_told_by_themes_and_by_the_check_of_who_chose_it(run: Run, config: Path) -> None:
    config.write_text('theme = "mine"\n')
    (config.parent / "themes" / "mine.toml").write_text(BROKEN_THEME)
    for done in (run("themes"), run("config", "check"), run("doctor", "--offline")):
        assert done.returncode == ExitCode.USAGE
        for words in ("primray", '"dark" is neither', '"accent" is not', '"phases.done" is not', "dnoe"):
            assert words in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["config path", "themes", "completion bash", "simulate --help"])
def test_what_needs_no_settings_works_with_any(run: Run, config: Path, command: str) -> None:
    config.write_text(BELOW_KEYS)
    assert run(*command.split(), ECOVAI_PROFILE="wrok").returncode == ExitCode.WELL


@pytest.fixture
def two_gateways(home: Path) -> None:
    """A task that one gateway told to be done, and another one, which was asked later, to have failed."""
    watch_list = WatchListFile(home / "data" / "watchlist.toml")
    watch_list.add(["a-1"], now=NOW)
    for moment, (origin, phase) in enumerate([(ONE, Phase.DONE), ("https://two.example", Phase.FAILED)]):
        with closing(Replica(home / "state" / "replica.sqlite3", origin)) as replica:
            replica.mirror(watch_list.read(), NOW + moment)
            replica.record([Task("a-1", Kind.MUSIC, phase, submitted_at=NOW)], NOW + moment)


@pytest.mark.parametrize(
    ("words", "text", "variables", "gateway", "phase"),
    [
        ((), f'base_url = "{ONE}"', {}, ONE, "done"),
        ((), 'base_url = "https://two.example/v1/"', {}, "https://two.example", "failed"),
        ((), "", {"ECOVAI_BASE_URL": "https://ONE.example:443"}, ONE, "done"),
        (
            (),
            'base_url = "https://two.example"',
            {"ECOVAI_BASE_URL": ONE},
            ONE,
            "done",
        ),
        (("--base-url", ONE), 'base_url = "https://two.example"', {}, ONE, "done"),
        (("--base-url", ONE), "", {}, ONE, "done"),
        ((), "", {}, "https://api.ecovai.cn", "waiting"),
    ],
)
@pytest.mark.parametrize("command", ["ls", "status", "export"])
def test_the_configured_gateway_is_shown_whichever_was_asked_last(
    run: Run, config: Path, two_gateways: None, command: str,
    words: tuple[str, ...], text: str, variables: dict[str, str], gateway: str, phase: str,
) -> None:  # fmt: skip
    if text:
        config.write_text(text)
    as_json = () if command == "export" else ("--json",)
    document = json.loads(run(command, *as_json, *words, **variables).stdout)
    assert document["gateway"] == gateway
    assert [task["phase"] for task in document["tasks"]] == [phase]
    if command == "status":
        assert run("status", "--format", f"{{{phase}}}", *words, **variables).stdout == "1\n"


def test_what_the_configured_gateway_told_decides_what_is_pruned(run: Run, config: Path, two_gateways: None) -> None:
    assert run("prune", "--final").stdout == ""
    assert run("prune", "--final", "--dry-run", ECOVAI_BASE_URL=ONE).stdout == "a-1\n"


@pytest.mark.parametrize("text", ["{}", "Bearer {}", '"{}"', "'{}'", "“{}”", 'Bearer "{}"', "{}\r", '"{}"\r'])
def test_a_key_is_sent_without_the_quotes_of_a_file_of_variables(asking: Run, gateway: Simulator, text: str) -> None:
    name = gateway.submit(script="song")
    assert asking("fetch", name, ECOVAI_API_KEY=text.format(gateway.key)).returncode == ExitCode.WELL


def test_quotes_that_are_no_pair_are_told_by_that_word(run: Run) -> None:
    done = run("fetch", UUID, ECOVAI_API_KEY=f'"{KEY}')
    assert done.returncode == ExitCode.USAGE
    assert "there are quotes in it" in done.stderr
    assert KEY not in done.stderr


@pytest.mark.parametrize(
    ("option", "words"),
    [
        *(("--watchlist", f"{command} --watchlist my.toml") for command in READING),
        ("--watchlist", "ls --watchlist ./my.toml"),
        ("--log", "ls --log my.log"),
        ("ECOVAI_STATE_DIR", "ls"),
        ("ECOVAI_CONFIG_DIR", "fetch"),
        ("", "ls"),
        ("", "config show"),
        ("", f"add {UUID}"),
        ("", "ls --watchlist /nowhere/my.toml"),
    ],
)
def test_in_a_directory_that_is_gone_a_relative_path_is_told_and_a_whole_one_works(
    environment: dict[str, str], tmp_path: Path, option: str, words: str
) -> None:
    place = tmp_path / "gone"
    place.mkdir()
    variables = environment | ({option: "here"} if option.startswith("ECOVAI") else {})
    program = (
        f"import os; os.rmdir({str(place)!r}); from ecovai_tui.cli import main; "
        f"raise SystemExit(main({words.split()!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, env=variables, capture_output=True, encoding="utf-8", check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    if not option:
        assert done.returncode == ExitCode.WELL
        return
    assert done.returncode == ExitCode.USAGE
    assert "The working directory is gone" in done.stderr
    assert option in done.stderr


@pytest.mark.parametrize(
    ("words", "named", "guess"),
    [
        (["--record", "x"], '"--record"', ""),
        (["--record", "x", "ls"], '"--record"', ""),
        (["--record=x", "ls"], '"--record"', ""),
        (["ls", "--record", "x"], '"--record"', ""),
        (["config", "--record", "x"], '"--record"', ""),
        (["add", "--record", "x", UUID], '"--record"', ""),
        (["--label=x"], '"--label"', "stands behind its name"),
        (["--label", "x", "add", UUID], '"--label"', "stands behind its name"),
        (["-z"], '"-z"', ""),
        (["-z", "x"], '"-z"', ""),
        (["-z", UUID], '"-z"', ""),
        (["ls", "-jx"], '"-jx"', ""),
        (["--prof", "work", "ls"], '"--prof"', "Did you mean --profile?"),
        (["--w", "x"], '"--w"', "Did you mean --watchlist?"),
        (["--base_url", "x", "ls"], '"--base_url"', "Did you mean --base-url?"),
        (["ls", "--js"], '"--js"', "Did you mean --json?"),
        (["add", UUID, "--lable", "x"], '"--lable"', "Did you mean --label?"),
    ],
)
def test_an_option_that_nobody_knows_is_named_itself(run: Run, words: list[str], named: str, guess: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert f"There is no option {named}" in done.stderr
    assert guess in done.stderr


@pytest.mark.parametrize("words", [["--key", KEY], [f"--key={KEY}"], [f"--{KEY}"], [f"-{KEY}"]])
def test_an_option_that_nobody_knows_is_told_without_what_could_be_a_key(words: list[str]) -> None:
    with pytest.raises(UsageError, match="There is no option") as caught:
        Parser("ls", description="", examples="").read(words)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fetsh", "--json"], '"fetsh" is no such command'),
        (["ls", "--profile"], "expected one argument"),
        (["prune", "--older-than", "-1"], "is no duration"),
        (["add", UUID, "--label", "- a dash -"], "added"),
        (["add", UUID, "--label=-x"], "added"),
        (["add", "--", UUID], "added"),
    ],
)
def test_what_only_looks_like_an_option_is_none(run: Run, words: list[str], told: str) -> None:
    assert told in run(*words).stderr
