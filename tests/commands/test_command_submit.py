"""``submit`` and ``receipts`` as scripts see them: what is printed where, the exit codes, and what is written down."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from command_process import Run

from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

Open = Callable[..., Simulator]
RAIN = ("submit", "music", "--describe", "rain on a tin roof")


@pytest.fixture
def open_gateway() -> Iterator[Open]:
    """Open gateways without tasks; they end with the test."""
    with ExitStack() as stack:

        def start(faults: str = "", **options: Any) -> Simulator:
            chosen = {"speed": 600.0, "arrivals": False, "population": 0, "dialect": "ecovai", **options}
            return stack.enter_context(Simulator(Options(faults=parse_faults(faults), **chosen)))

        yield start


def at(simulator: Simulator) -> dict[str, str]:
    return {"ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}


def receipts(run: Run, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("receipts", "--json", *words).stdout)["receipts"]
    return found


@pytest.mark.parametrize(
    "words",
    [
        RAIN,
        ("submit", "music", "--lyrics", "-", "--title", "t", "--tags", "s", "--model", "chirp-v5"),
        ("submit", "music", "--instrumental", "--tags", "piano"),
        ("submit", "lyrics", "rain"),
        ("submit", "upload", "https://music.example/a.mp3"),
        ("submit", "concat", "0d0ff0a2-0000"),
    ],
)
def test_the_id_alone_is_on_standard_output_and_is_watched(
    run: Run, open_gateway: Open, words: tuple[str, ...]
) -> None:
    gateway = open_gateway()
    done = run(*words, "--label", "take 1", piped="[Verse]\n港の灯り\n", **at(gateway))
    [task_id] = gateway.ids
    assert (done.returncode, done.stdout) == (ExitCode.WELL, f"{task_id}\n")
    assert run("ls", "--ids").stdout.split() == [task_id]
    [receipt] = receipts(run)
    assert (receipt["outcome"], receipt["ids"], receipt["label"]) == ("accepted", [task_id], "take 1")
    assert receipt["used_before"] == 0
    assert receipt["used_after"] == pytest.approx(0.1)


def test_receipts_are_for_the_user_alone_and_never_hold_the_key(run: Run, open_gateway: Open, home: Path) -> None:
    gateway = open_gateway()
    run(*RAIN, **at(gateway))
    file = home / "data" / "receipts.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert gateway.key.removeprefix("sk-") not in file.read_text()


def test_a_text_with_the_key_in_it_is_not_sent(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway()
    done = run("submit", "lyrics", "-", piped=f"my {gateway.key}", **at(gateway))
    assert done.returncode == ExitCode.USAGE
    assert gateway.requests == ()


@pytest.mark.pays_twice
def test_the_same_within_ten_minutes_is_sent_again_only_if_told(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway()
    run(*RAIN, **at(gateway))
    [first] = receipts(run)
    done = run(*RAIN, "--label", "another label", **at(gateway))
    assert (done.returncode, done.stdout, len(gateway.taken)) == (ExitCode.USAGE, "", 1)
    assert first["at"].replace("T", " ").removesuffix("Z") in done.stderr
    assert first["ids"][0] in done.stderr
    assert run(*RAIN, "--again", **at(gateway)).returncode == ExitCode.WELL
    assert len(gateway.taken) == 2


@pytest.mark.parametrize(
    ("faults", "code", "outcome", "taken"),
    [
        ("lost-reply", ExitCode.UNKNOWN, "unknown", 1),
        ("refused-after", ExitCode.GATEWAY, "refused", 0),
        ("double-document", ExitCode.WELL, "accepted", 1),
        ("html", ExitCode.GATEWAY, "refused", 0),
        ("saturated-429", ExitCode.GATEWAY, "refused", 0),
        ("moderation-later", ExitCode.WELL, "accepted", 1),
        ("slow-60", ExitCode.WELL, "accepted", 1),
        ("401-exhausted", ExitCode.KEY, "refused", 0),
        ("402-money", ExitCode.KEY, "refused", 0),
        ("502-html", ExitCode.UNKNOWN, "unknown", 0),
    ],
)
def test_each_outcome_has_its_exit_code_and_receipt(
    run: Run, open_gateway: Open, faults: str, code: ExitCode, outcome: str, taken: int
) -> None:
    gateway = open_gateway(faults, very_slow_seconds=0.2)
    done = run(*RAIN, "--json", **at(gateway))
    assert done.returncode == code, done.stderr
    told = json.loads(done.stdout)
    [receipt] = receipts(run)
    assert (told["outcome"], receipt["outcome"], len(gateway.taken)) == (outcome, outcome, taken)
    assert told["receipt"] == receipt["receipt"] == 1
    assert (told["id"] != "") == (outcome == "accepted")
    assert (outcome == "accepted") or told["told"] in " ".join(done.stderr.split())


def test_no_gateway_means_that_nothing_was_sent(run: Run) -> None:
    done = run(*RAIN, ECOVAI_BASE_URL="http://127.0.0.1:9", ECOVAI_API_KEY="sk-any")
    assert (done.returncode, done.stdout) == (ExitCode.GATEWAY, "")
    assert "Nothing was sent" in done.stderr
    assert [receipt["outcome"] for receipt in receipts(run)] == ["refused"]


def test_a_dry_run_shows_body_and_price_and_sends_nothing(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway()
    done = run(*RAIN, "--dry-run", **at(gateway))
    assert done.returncode == ExitCode.WELL
    assert json.loads(done.stdout) == {"gpt_description_prompt": "rain on a tin roof"}
    assert "$0.1" in done.stderr
    assert [request.path for request in gateway.requests] == ["/api/pricing"]
    assert json.loads(run(*RAIN, "--dry-run", "--json", **at(gateway)).stdout)["price"] == 0.1
    assert receipts(run) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("submit music --describe x --field negative_tags=drums --dry-run", "without a word"),
        ("submit music", "--describe"),
        ("submit music rain", "--describe TEXT"),
        ("submit music --title only", "--lyrics"),
        ("submit music --lyrics -", "no text in standard input"),
        ("submit music --extend c@never", "CLIP@SECONDS"),
        ("submit music --describe x --field continue_at=soon", "a number"),
        ("submit music --describe x --field continue_at", "KEY=VALUE"),
        ("submit lyrics", "TEXT"),
        ("submit lyrics x --title y", "--title is of songs alone"),
        ("submit upload a.mp3", "web address"),
        ("submit concat -- -x", "cannot be the id"),
        ("submit dance", "invalid choice"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_sent(
    run: Run, open_gateway: Open, words: str, expected: str
) -> None:
    gateway = open_gateway()
    done = run(*words.split(), **at(gateway))
    assert expected in done.stderr
    assert done.returncode == (ExitCode.WELL if "--dry-run" in words else ExitCode.USAGE)
    assert [request for request in gateway.requests if request.method == "POST"] == []


def test_extending_names_clip_and_second(run: Run, open_gateway: Open) -> None:
    words = ("submit", "music", "--extend", "clip-1@1:20.5", "--field", "task_id=t-1", "--dry-run")
    done = run(*words, **at(open_gateway()))
    assert json.loads(done.stdout) == {"continue_clip_id": "clip-1", "continue_at": 80.5, "task_id": "t-1"}


def test_extending_a_known_clip_names_the_task_that_made_it(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway()
    task_id = gateway.submit()
    known = json.loads(run("fetch", task_id, "--json", **at(gateway)).stdout)
    clip = known["tasks"][0]["clips"][1]["id"]
    done = run("submit", "music", "--extend", f"{clip}@30", **at(gateway))
    assert done.returncode == ExitCode.WELL, done.stderr
    assert receipts(run)[0]["body"] == {"continue_clip_id": clip, "continue_at": 30, "task_id": task_id}
    assert json.loads(run("submit", "music", "--extend", "other@30", "--dry-run", **at(gateway)).stdout).keys() == {
        "continue_clip_id",
        "continue_at",
    }


def test_waiting_ends_like_wait_and_keeps_standard_output_for_the_id(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway("moderation-later")
    done = run(*RAIN, "--wait", **at(gateway))
    assert (done.returncode, done.stdout) == (ExitCode.TASK_FAILED, f"{gateway.ids[0]}\n")
    assert "failed" in done.stderr


def test_an_unknown_outcome_is_explained_checked_and_settled(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway("lost-reply")
    lost = run(*RAIN, "--label", "take 2", **at(gateway))
    assert "something was charged" in lost.stderr
    told = run("receipts", "--unknown")
    assert told.stdout.splitlines()[1].startswith("1\t")
    assert all(word in told.stderr for word in ("--check", "--settle 1", "rain on a tin roof", "something was charged"))
    assert "suno_music was charged 50,000 units" in run("receipts", "--check", **at(gateway)).stdout
    assert run("receipts", "--settle", "1", "not an id").returncode == ExitCode.USAGE
    assert run("receipts", "--settle", "7", "none").returncode == ExitCode.USAGE
    assert run("receipts", "--settle", "1", gateway.ids[0]).returncode == ExitCode.WELL
    assert run("ls", "--ids").stdout.split() == [gateway.ids[0]]
    assert receipts(run, "--unknown") == []
    assert run("receipts", "--settle", "1", "none").returncode == ExitCode.USAGE


def test_an_outcome_of_which_nothing_came_may_be_sent_again(run: Run, open_gateway: Open) -> None:
    gateway = open_gateway("502-html=1-3")
    run(*RAIN, **at(gateway))
    assert run(*RAIN, **at(gateway)).returncode == ExitCode.USAGE
    assert run("receipts", "--settle", "1", "none").returncode == ExitCode.WELL
    assert run(*RAIN, **at(gateway)).returncode == ExitCode.WELL


def test_an_old_gateway_does_not_tell_charges_and_never_sees_the_key_in_an_address(
    run: Run, open_gateway: Open
) -> None:
    gateway = open_gateway("lost-reply", dialect="suno-api")
    run(*RAIN, **at(gateway))
    done = run("receipts", "--check", **at(gateway))
    assert (done.returncode, done.stdout) == (ExitCode.GATEWAY, "")
    assert all(gateway.key not in request.path for request in gateway.requests)


@pytest.fixture
def slow(open_gateway: Open) -> Simulator:
    return open_gateway("slow-60", very_slow_seconds=60.0)


@pytest.fixture
def submitting(environment: dict[str, str], slow: Simulator) -> Iterator[subprocess.Popen[str]]:
    """A submission that is under way: taken, and not answered yet."""
    command = [sys.executable, "-m", "ecovai_tui", *RAIN]
    with subprocess.Popen(
        command,
        env=environment | at(slow) | {"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        while not slow.taken:
            assert process.poll() is None
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_leaving_says_what_that_means_and_goes_only_when_told_again(
    submitting: subprocess.Popen[str], run: Run, number: signal.Signals
) -> None:
    assert submitting.stderr is not None
    submitting.send_signal(number)
    assert submitting.stderr.readline() == "\n"
    assert "may lose a song that is paid" in submitting.stderr.readline()
    assert [receipt["outcome"] for receipt in receipts(run)] == ["sending"]
    submitting.send_signal(number)
    assert submitting.wait(timeout=20) == ExitCode.UNKNOWN
    [receipt] = receipts(run)
    assert (receipt["outcome"], receipt["told"]) == ("unknown", "You left before the answer came.")


def test_a_terminal_that_is_gone_does_not_end_the_wait(submitting: subprocess.Popen[str]) -> None:
    assert submitting.stderr is not None
    for _ in range(3):
        submitting.send_signal(signal.SIGHUP)
        submitting.stderr.readline()
        assert "goes on waiting" in submitting.stderr.readline()
    assert submitting.poll() is None


def test_leaving_before_it_is_sent_sends_nothing(environment: dict[str, str], open_gateway: Open, run: Run) -> None:
    gateway = open_gateway("hang=1-1")
    variables = environment | at(gateway) | {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "ecovai_tui", *RAIN]
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, encoding="utf-8") as process:
        while not gateway.under_way:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (ExitCode.INTERRUPTED, "ecovai-tui: Nothing was sent.\n")
    assert (receipts(run), gateway.taken) == ([], ())


def test_a_full_disk_behind_standard_output_does_not_lose_the_id(
    environment: dict[str, str], open_gateway: Open, run: Run
) -> None:
    gateway = open_gateway()
    variables = environment | at(gateway) | {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "ecovai_tui", *RAIN]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, env=variables, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert b"accepted, and watched (receipt 1)" in done.stderr
    assert receipts(run)[0]["ids"] == list(gateway.ids)


def test_a_killed_program_leaves_an_unknown_outcome(
    submitting: subprocess.Popen[str], run: Run, slow: Simulator
) -> None:
    submitting.kill()
    submitting.wait()
    assert [receipt["outcome"] for receipt in receipts(run)] == ["unknown"]
    assert run(*RAIN, **at(slow)).returncode == ExitCode.USAGE


def test_a_watch_list_that_cannot_be_written_does_not_lose_the_id(run: Run, open_gateway: Open, home: Path) -> None:
    gateway = open_gateway()
    (home / "data").mkdir(parents=True)
    (home / "data" / "watchlist.toml").write_text("broken = = =")
    done = run(*RAIN, **at(gateway))
    assert (done.returncode, done.stdout) == (ExitCode.WELL, f"{gateway.ids[0]}\n")
    assert "Keep this id" in done.stderr
    assert receipts(run)[0]["ids"] == [gateway.ids[0]]


def test_where_no_receipt_can_be_written_nothing_is_sent(run: Run, open_gateway: Open, home: Path) -> None:
    gateway = open_gateway()
    (home / "data" / "receipts.jsonl").mkdir(parents=True)
    assert run(*RAIN, **at(gateway)).returncode == ExitCode.USAGE
    assert gateway.taken == ()


def test_what_an_earlier_run_paid_and_was_killed_over_is_watched(run: Run, open_gateway: Open, home: Path) -> None:
    gateway = open_gateway()
    first = run(*RAIN, "--label", "take 1", **at(gateway)).stdout.strip()
    (home / "data" / "watchlist.toml").unlink()  # as if the kill came before it
    second = run("submit", "lyrics", "rain", **at(gateway)).stdout.strip()
    assert set(run("ls", "--ids").stdout.split()) == {first, second}
