from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_process import Run
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.commands.follow import Event, Follower, event_of
from ecovai_tui.commands.shared.output import ExitCode, most_telling
from ecovai_tui.commands.wait import Aim, Waiter
from ecovai_tui.engine.updates import Link, Update
from ecovai_tui.engine.worker import SystemClock
from ecovai_tui.simulator.replies import RETRY_AFTER, Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.turns import Batch
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
ORDER = (ExitCode.KEY, ExitCode.GATEWAY, ExitCode.TIMED_OUT, ExitCode.NOT_KNOWN, ExitCode.TASK_FAILED)


@given(st.lists(st.sampled_from([*ORDER, ExitCode.WELL])))
def test_where_several_codes_apply_the_gravest_is_told(codes: list[ExitCode]) -> None:
    present = [code for code in ORDER if code in codes]
    assert most_telling(codes) is (present[0] if present else ExitCode.WELL)


@pytest.fixture(params=["fetch", "wait", "follow"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_task_that_is_done_is_fetched_as_such(asking: Run, gateway: Simulator) -> None:
    name = gateway.submit(script="song")
    done = asking("wait", name)
    fetched = asking("fetch", name, "--json")
    assert (done.returncode, fetched.returncode) == (0, 0)
    (task,) = json.loads(fetched.stdout)["tasks"]
    assert (task["id"], task["phase"], task["final"]) == (name, "done", True)
    assert [clip["playable"] for clip in task["clips"]] == [True, True]


def test_the_watch_list_is_fetched_in_one_request_and_remembered(asking: Run, gateway: Simulator) -> None:
    names = [gateway.submit(script="song") for _ in range(3)]
    asking("add", *names)
    fetched = asking("fetch")
    listed = json.loads(asking("ls", "--json").stdout)
    assert fetched.returncode == 0
    assert [record.path for record in gateway.requests] == ["/suno/fetch"]
    assert {task["id"] for task in listed["tasks"] if task["seen_at"]} == set(names)
    assert listed["gateway"] == gateway.base_url


def test_fifty_ids_go_into_one_request_and_one_more_makes_two(asking: Run, gateway: Simulator) -> None:
    names = [gateway.submit() for _ in range(51)]
    assert asking("fetch", *names).returncode == 0
    assert [len(record.ids) for record in gateway.requests] == [50, 1]


def test_ids_given_to_a_question_do_not_come_onto_the_watch_list(asking: Run, gateway: Simulator) -> None:
    name = gateway.submit(script="song")
    for command in ("fetch", "wait"):
        asking(command, name)
    assert asking("ls", "--ids").stdout == ""


def test_an_unknown_id_is_missing_at_once_with_exit_code_6(asking: Run, gateway: Simulator) -> None:
    known = gateway.submit(script="song")
    fetched = asking("fetch", UUID, known, "--json")
    assert fetched.returncode == ExitCode.NOT_KNOWN
    phases = {task["id"]: task["phase"] for task in json.loads(fetched.stdout)["tasks"]}
    assert phases[UUID] == "missing"
    assert phases[known] != "missing"


def test_a_refused_key_ends_every_question_with_exit_code_5(asking: Run, command: str) -> None:
    done = asking(command, UUID, ECOVAI_API_KEY="sk-wrong")
    assert done.returncode == ExitCode.KEY
    assert done.stderr.startswith("ecovai-tui: Key refused, since the gateway does not know it")


def test_without_a_key_every_question_tells_the_three_ways_to_give_one(run: Run, command: str) -> None:
    done = run(command, UUID)
    assert done.returncode == ExitCode.USAGE
    assert all(way in done.stderr for way in ("ECOVAI_API_KEY", "api_key_command", "api_key ="))


def test_an_address_without_a_key_of_its_own_is_refused(run: Run) -> None:
    assert run("fetch", UUID, ECOVAI_BASE_URL="https://gateway.example").returncode == ExitCode.USAGE


@pytest.mark.parametrize("fault", ["html200", "empty200", "502-html", "cut", "reset", "429", "garbage"])
def test_a_gateway_in_trouble_ends_a_fetch_with_exit_code_3(run: Run, fault: str) -> None:
    with Simulator(Options(faults=(Fault(fault),))) as broken:
        done = run("fetch", UUID, ECOVAI_BASE_URL=broken.base_url, ECOVAI_API_KEY=broken.key)
    assert done.returncode == ExitCode.GATEWAY
    assert done.stdout == ""
    assert "<html" not in done.stderr.lower()


def test_an_id_that_breaks_its_batch_is_named_and_the_others_are_fetched(run: Run) -> None:
    with Simulator(Options(population=2, arrivals=False, faults=(Fault("poison"),))) as shaky:
        done = run("fetch", "--json", *shaky.ids, ECOVAI_BASE_URL=shaky.base_url, ECOVAI_API_KEY=shaky.key)
    told = {task["id"]: task["seen_at"] for task in json.loads(done.stdout)["tasks"]}
    assert done.returncode == ExitCode.GATEWAY
    assert [name for name, seen_at in told.items() if seen_at is None] == [shaky.poison_id]
    assert f"Asked for {shaky.poison_id}, the gateway fails" in done.stderr


def test_how_long_the_gateway_wants_to_be_left_alone_is_said(run: Run) -> None:
    with Simulator(Options(faults=(Fault("429-retry-after"),))) as busy:
        done = run("fetch", UUID, ECOVAI_BASE_URL=busy.base_url, ECOVAI_API_KEY=busy.key)
    assert f"It asks to be left alone for {RETRY_AFTER}s." in done.stderr


def test_time_that_runs_out_is_exit_code_4_and_warns_of_submitting_again(asking: Run, gateway: Simulator) -> None:
    done = asking("wait", gateway.submit(script="frozen"), "--timeout", "3")
    assert done.returncode == ExitCode.TIMED_OUT
    assert "do not submit it again" in done.stderr


def test_time_that_runs_out_without_a_network_is_exit_code_3(asking: Run, gateway: Simulator) -> None:
    gateway.stop()
    assert asking("wait", UUID, "--timeout", "3").returncode == ExitCode.GATEWAY


@pytest.mark.parametrize(
    ("script", "options", "code"),
    [
        ("song", (), ExitCode.WELL),
        ("lyrics", (), ExitCode.WELL),
        ("artist-name", (), ExitCode.TASK_FAILED),
        ("one-clip-fails", (), ExitCode.WELL),
        ("one-clip-fails", ("--strict",), ExitCode.TASK_FAILED),
    ],
)
def test_waiting_ends_as_the_task_ends(
    asking: Run, gateway: Simulator, script: str, options: tuple[str, ...], code: int
) -> None:
    done = asking("wait", gateway.submit(script=script), *options, "--json")
    assert done.returncode == code
    assert json.loads(done.stdout)["tasks"][0]["final"]


def test_waiting_for_any_ends_with_the_first(asking: Run, gateway: Simulator) -> None:
    names = [gateway.submit(script="frozen"), gateway.submit(script="song")]
    assert asking("wait", "--any", *names).returncode == ExitCode.WELL


def test_failing_fast_ends_with_the_first_failure(asking: Run, gateway: Simulator) -> None:
    names = [gateway.submit(script="frozen"), gateway.submit(script="artist-name")]
    assert asking("wait", "--fail-fast", *names).returncode == ExitCode.TASK_FAILED


def test_passing_trouble_does_not_end_the_waiting(run: Run) -> None:
    with Simulator(Options(speed=600.0, population=0, arrivals=False, faults=(Fault("502-html", 0.5),))) as shaky:
        name = shaky.submit(script="song")
        done = run("wait", name, ECOVAI_BASE_URL=shaky.base_url, ECOVAI_API_KEY=shaky.key)
        assert done.returncode == ExitCode.WELL
        assert shaky.truth(name) == "done"


def test_waiting_asks_nothing_while_a_pane_asks_and_goes_by_what_that_learns(
    asking: Run, gateway: Simulator, home: Path
) -> None:
    name = gateway.submit(script="frozen")
    asking("add", name)
    with closing(Replica(home / "state" / "replica.sqlite3", gateway.base_url)) as pane:
        lease = pane.lease(SystemClock())
        batch = lease.claim_for([name])
        assert isinstance(batch, Batch)
        assert asking("wait", "--timeout", "1").returncode == ExitCode.TIMED_OUT
        assert not gateway.requests
        lease.record(batch, [Task(name, Kind.MUSIC, Phase.DONE)], lambda *_: None)
        assert asking("wait", name, "--timeout", "5").returncode == ExitCode.WELL
        assert not gateway.requests


def test_following_until_all_is_final_does_not_end_with_what_was_missing_long_ago(
    open_replica: Callable[[], Replica],
) -> None:
    replica = open_replica()
    replica.record_missing(["a"], OLD)
    session = SimpleNamespace(replica=replica, clock=SimpleNamespace(now=lambda: BEGAN))
    follower = Follower(session, ["a"], as_json=False, until_final=True)  # type: ignore[arg-type]  # all that it needs
    assert follower.verdict(replica) is None
    replica.record_missing(["a"], BEGAN)
    assert follower.verdict(replica) is ExitCode.WELL


@pytest.mark.parametrize("words", [[], [UUID]])
def test_an_id_that_was_given_up_as_missing_is_asked_for_again(
    asking: Run, gateway: Simulator, home: Path, words: list[str]
) -> None:
    asking("add", UUID)
    replica = Replica(home / "state" / "replica.sqlite3", gateway.base_url)
    long_ago = time.time() - 30 * 24 * 3600
    replica.mirror(WatchListFile(home / "data" / "watchlist.toml").read(), long_ago)
    for moment in (long_ago, long_ago + 2 * 24 * 3600):
        replica.record_missing([UUID], moment)
    replica.close()
    assert asking("wait", *words, "--timeout", "5").returncode == ExitCode.TIMED_OUT
    assert [record.ids for record in gateway.requests] == [(UUID,)]


def test_an_id_that_is_taken_off_the_list_is_not_waited_for_any_more(open_replica: Callable[[], Replica]) -> None:
    replica = open_replica()
    replica.record([Task("a", Kind.MUSIC, Phase.DONE), Task("b", Kind.MUSIC, Phase.RUNNING)], BEGAN)
    waiter = Waiter(replica, ["a", "b"], Aim(), lambda: BEGAN)
    assert waiter.verdict(replica) is None
    waiter.take_in(Update(Link(), removed=frozenset({"b"})))
    assert waiter.verdict(replica) is ExitCode.WELL
    assert [task.id for task in waiter.tasks] == ["a"]


def test_an_empty_watch_list_is_nothing_to_wait_for(asking: Run) -> None:
    assert asking("wait").returncode == ExitCode.WELL


BEGAN = 1_700_000_000.0
NEVER, OLD, LATELY = None, BEGAN - 3600, BEGAN - 10


def summaries(seen_at: float | None = LATELY, **phases: Phase) -> dict[str, TaskSummary]:
    return {name: TaskSummary(name, phase=phase, seen_at=seen_at) for name, phase in phases.items()}


@pytest.mark.parametrize(
    ("aim", "known", "verdict"),
    [
        (Aim(), summaries(a=Phase.DONE, b=Phase.RUNNING), None),
        (Aim(), summaries(a=Phase.DONE), None),
        (Aim(), summaries(a=Phase.DONE, b=Phase.PARTIAL), ExitCode.WELL),
        (Aim(), summaries(OLD, a=Phase.DONE, b=Phase.PARTIAL), ExitCode.WELL),
        (Aim(), summaries(NEVER, a=Phase.DONE, b=Phase.MISSING), None),
        (Aim(), summaries(OLD, a=Phase.DONE, b=Phase.MISSING), None),
        (Aim(), summaries(a=Phase.DONE, b=Phase.MISSING), ExitCode.NOT_KNOWN),
        (Aim(), summaries(a=Phase.FAILED, b=Phase.MISSING), ExitCode.NOT_KNOWN),
        (Aim(), summaries(a=Phase.DONE, b=Phase.UNKNOWN), None),
        (Aim(any=True), summaries(a=Phase.RUNNING, b=Phase.DONE), ExitCode.WELL),
        (Aim(fail_fast=True), summaries(a=Phase.DONE, b=Phase.RUNNING), None),
        (Aim(fail_fast=True), summaries(a=Phase.FAILED, b=Phase.RUNNING), ExitCode.TASK_FAILED),
        (Aim(fail_fast=True), summaries(a=Phase.PARTIAL, b=Phase.RUNNING), None),
        (Aim(fail_fast=True, strict=True), summaries(a=Phase.PARTIAL, b=Phase.RUNNING), ExitCode.TASK_FAILED),
    ],
)
def test_the_aim_decides_when_waiting_is_over(
    aim: Aim, known: dict[str, TaskSummary], verdict: ExitCode | None
) -> None:
    assert aim.verdict(known, ("a", "b"), BEGAN) is verdict


def test_waiting_for_an_id_that_the_gateway_does_not_know_ends_with_exit_code_6(
    asking: Run, gateway: Simulator, home: Path
) -> None:
    """The first minute, in which gateways leave out new ids, is over for an id that was added an hour ago."""
    asking("add", UUID)
    replica = Replica(home / "state" / "replica.sqlite3", gateway.base_url)
    replica.mirror(WatchListFile(home / "data" / "watchlist.toml").read(), time.time() - 3600)
    replica.close()
    done = asking("wait", UUID, "--interval", "2", "--json")
    assert done.returncode == ExitCode.NOT_KNOWN
    assert [task["phase"] for task in json.loads(done.stdout)["tasks"]] == ["missing"]
    asked = [f"{record.method} {record.path.rpartition('/')[0]}" for record in gateway.requests]
    assert asked == ["POST /suno", "POST /suno", "GET /suno/fetch", "GET /v1/video/generations", "GET /v1/tasks"]


def test_following_prints_an_object_a_line_until_all_is_final(asking: Run, gateway: Simulator) -> None:
    name = gateway.submit(script="song")
    done = asking("follow", name, "--json", "--until-final")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == ExitCode.WELL
    assert [event["event"] for event in events].count("final") == 1
    assert {event["task"]["id"] for event in events} == {name}
    assert events[-1]["task"]["final"]


@pytest.mark.parametrize(
    ("what", "after", "event"),
    [
        (Aspect.APPEARED, Phase.WAITING, Event.APPEARED),
        (Aspect.APPEARED, Phase.DONE, Event.FINAL),
        (Aspect.APPEARED, Phase.MISSING, Event.MISSING),
        (Aspect.PHASE, Phase.RUNNING, Event.CHANGED),
        (Aspect.PHASE, Phase.UNKNOWN, Event.CHANGED),
        (Aspect.PHASE, Phase.PARTIAL, Event.FINAL),
        (Aspect.PHASE, Phase.MISSING, Event.MISSING),
        (Aspect.TITLE, "done", Event.CHANGED),
    ],
)
def test_each_change_is_one_event(what: Aspect, after: str, event: Event) -> None:
    assert event_of(Change(BEGAN, "a", what, "", after)) is event


def test_following_with_a_filter_prints_what_it_accepts_and_ends_with_all(asking: Run, gateway: Simulator) -> None:
    rain, sun = (gateway.submit(script="song", title=title) for title in ("Neon Rain", "Sun"))
    done = asking("follow", rain, sun, "--until-final", "--filter", "rain phase:done")
    assert done.returncode == ExitCode.WELL
    assert done.stdout
    assert all(rain in line for line in done.stdout.splitlines())
    assert asking("follow", rain, "--filter", "took>").returncode == ExitCode.USAGE


def test_following_in_words_names_the_phase_and_the_song(asking: Run, gateway: Simulator) -> None:
    name = gateway.submit(script="song", title="Neon Rain")
    lines = asking("follow", name, "--until-final").stdout.splitlines()
    assert lines
    assert all(name in line for line in lines)
    assert '"Neon Rain"' in lines[-1]


@pytest.fixture(params=["follow", "wait"])
def following(
    request: pytest.FixtureRequest, environment: dict[str, str], gateway: Simulator
) -> Iterator[subprocess.Popen[str]]:
    """A command that has told of the first change, a follow or a wait, and goes on."""
    name = gateway.submit(script="frozen")
    process = start(environment, gateway, request.param, name)
    told = process.stdout if request.param == "follow" else process.stderr
    assert told is not None
    assert name in told.readline()
    yield process
    process.kill()
    process.communicate()


def start(environment: dict[str, str], gateway: Simulator, *arguments: str) -> subprocess.Popen[str]:
    there = {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key, "PATH": os.environ["PATH"]}
    return subprocess.Popen(
        [sys.executable, "-m", "ecovai_tui", *arguments],
        env=environment | there,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_ctrl_c_is_exit_code_130_and_quiet(following: subprocess.Popen[str]) -> None:
    following.send_signal(signal.SIGINT)
    _, errors = following.communicate(timeout=30)
    assert following.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in errors
    assert len(errors.splitlines()) <= 1


def test_a_reader_that_has_gone_ends_a_command_quietly(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m ecovai_tui keys | head -n 1; echo ${{PIPESTATUS[0]}}"
    many = f"{sys.executable} -m ecovai_tui export --help | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    for line in (command, many):
        done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, encoding="utf-8", check=False)
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] in {"0", "141"}


@pytest.mark.parametrize("words", [["ls", "--json"], ["export"], ["--help"], ["export", "--help"], ["--version"]])
def test_output_that_cannot_be_written_is_told_in_one_sentence(environment: dict[str, str], words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ecovai_tui", *words],
            env=environment, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "ecovai-tui: The output cannot be written: No space left on device.\n"
