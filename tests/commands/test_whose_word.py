"""Only the gateway's own word ends a command as a refused key does; what stands in front of it is waited out."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_process import Run

from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options

CODES = {
    "401": (ExitCode.KEY, "does not know it"),
    "401-exhausted": (ExitCode.KEY, "quota is used up"),
    "401-expired": (ExitCode.KEY, "has expired"),
    "401-disabled": (ExitCode.KEY, "is disabled"),
    "402-money": (ExitCode.KEY, "too little money"),
    "403-banned": (ExitCode.KEY, "banned"),
    "403-ip": (ExitCode.KEY, "listed addresses"),
    "403-group": (ExitCode.KEY, "group is closed"),
    "403-model": (ExitCode.KEY, "comma"),
    "401-database": (ExitCode.GATEWAY, "database fails"),
    "401-upstream": (ExitCode.GATEWAY, "nothing to do with your key"),
    "403-empty": (ExitCode.GATEWAY, "without a word of the gateway"),
    "cloudflare": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "cloudflare-1010": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "cloudflare-521": (ExitCode.GATEWAY, "got no answer"),
    "waf405": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "nginx401": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "nginx403": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "nginx405": (ExitCode.GATEWAY, "a protection in front of the gateway"),
    "aws403": (ExitCode.GATEWAY, "a protection in front of the gateway"),
}


def gateway_with(faults: str, dialect: str = "new-api-2026", speed: float = 600.0) -> Simulator:
    return Simulator(Options(speed=speed, population=0, arrivals=False, faults=parse_faults(faults), dialect=dialect))


def there(gateway: Simulator) -> dict[str, str]:
    return {"ECOVAI_BASE_URL": gateway.base_url, "ECOVAI_API_KEY": gateway.key}


@pytest.mark.parametrize("fault", CODES)
def test_each_refusal_has_its_exit_code_and_its_sentence(run: Run, fault: str) -> None:
    code, words = CODES[fault]
    with gateway_with(fault) as gateway:
        done = run("fetch", gateway.submit(), **there(gateway))
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "<" not in done.stderr


@pytest.mark.parametrize("faults", ["cloudflare=1-4", "waf405=1-2", "401-database=1-2", "403-empty=1-2"])
def test_a_refusal_that_is_not_the_gateways_own_is_waited_out(run: Run, faults: str) -> None:
    with gateway_with(faults) as gateway:
        done = run("wait", gateway.submit(script="song"), "--timeout", "110", **there(gateway))
    assert done.returncode == ExitCode.WELL, done.stderr


@pytest.mark.parametrize(("command", "options"), [("wait", ()), ("follow", ("--until-final",))])
def test_a_key_that_has_worked_is_not_given_up_by_some_refusals(
    run: Run, command: str, options: tuple[str, ...]
) -> None:
    with gateway_with("401=2-4", speed=12.0) as gateway:
        done = run(command, gateway.submit(script="song"), *options, **there(gateway))
        statuses = [record.status for record in gateway.requests]
    assert done.returncode == ExitCode.WELL, done.stderr
    assert statuses[:5] == [200, 401, 401, 401, 200]
    assert "has worked before" in done.stderr


def test_a_key_whose_command_works_but_once_stays_in_use(run: Run, home: Path) -> None:
    """As one that asks for a passphrase at the terminal, which it has only before the first request."""
    (home / "config").mkdir(parents=True)
    with gateway_with("401=1-1") as gateway:
        (home / "give").write_text(f"test -e {home}/given && exit 1\ntouch {home}/given\necho $GIVEN\n")
        (home / "config" / "config.toml").write_text(
            f'base_url = "{gateway.base_url}"\napi_key_command = "sh {home}/give"\n'
        )
        done = run("wait", gateway.submit(script="song"), GIVEN=gateway.key)
    assert done.returncode == ExitCode.WELL, done.stderr


def test_a_key_that_never_worked_is_refused_at_once(run: Run) -> None:
    with gateway_with("401-expired") as gateway:
        done = run("wait", gateway.submit(), **there(gateway))
        assert done.returncode == ExitCode.KEY
        assert len(gateway.requests) == 2, "once more with the key obtained again"


@pytest.mark.parametrize("command", ["fetch", "wait", "doctor"])
def test_a_key_with_a_list_of_models_is_told_of_one_task_at_a_time(run: Run, command: str) -> None:
    with gateway_with("restricted") as gateway:
        names = [gateway.submit(script="song"), gateway.submit(script="lyrics")]
        done = run(command, *(names if command != "doctor" else ()), **there(gateway))
        assert done.returncode == ExitCode.WELL, done.stderr
        assert {record.concurrent for record in gateway.requests} == {1}
        paths = [record.path for record in gateway.requests]
        first, *rest = [path for path in paths if not path.startswith("/v1/dashboard/")]  # what is left, for the doctor
        assert first == "/suno/fetch"
        assert all(path.startswith("/v1/video/generations/") for path in rest)


def test_an_older_gateway_tells_such_a_key_nothing_and_the_way_out_is_named(run: Run) -> None:
    with gateway_with("restricted", "new-api-2024") as gateway:
        done = run("fetch", gateway.submit(), **there(gateway))
    assert done.returncode == ExitCode.KEY
    assert "end its list of models with a comma" in done.stderr


@pytest.mark.parametrize("command", ["fetch", "wait", "follow"])
def test_what_a_failure_means_is_said_beside_its_own_words(run: Run, command: str) -> None:
    with gateway_with("") as gateway:
        name = gateway.submit(script="artist-name")
        options = ("--until-final",) if command == "follow" else ()
        done = run(command, name, *options, **there(gateway))
    meaning = 'Suno refuses the name "metallica": take it out of that field. (Song Description contained artist name'
    assert done.stderr.count(meaning) + done.stdout.count(meaning) == 1
