"""The installed program with a home of its own, a simulated gateway for it, and the guard over all keys."""

from __future__ import annotations

from support.kept_code import import_share

# isort: split
import compileall
import gc
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from support.at_rest import pilots_wait_for_rest
from support.forked import SCREEN, Forks, forks
from support.key_guard import KEYS, KeyGuard, reading_along
from support.other_pane import BesidePane, OtherPane, tasks
from support.terminal import PROGRAM, Open, Terminal

import ecovai_tui
from ecovai_tui.simulator.cdn import FileReply, FileRequest, Files
from ecovai_tui.simulator.scripts import Script
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.songs import Song
from ecovai_tui.simulator.world import Options, World
from ecovai_tui.store.replica import Replica

OpenReplica = Callable[..., Replica]

GUARD = KeyGuard()


def pytest_configure(config: pytest.Config) -> None:
    """Set no time for examples; compile the program once, before any worker begins, and the tests once for all workers.

    The tests start it thousands of times: where PYTHONDONTWRITEBYTECODE is set, every start would compile it again.
    """
    settings.register_profile("unhurried", settings.default, deadline=None)
    settings.load_profile("unhurried")
    worker = getattr(config, "workerinput", None)
    if worker is None:
        compileall.compile_dir(ecovai_tui.__path__[0], quiet=2)
    elif config.args == config.getini("testpaths"):
        import_share(Path(__file__).parent, int(worker["workerid"].removeprefix("gw")), worker["workercount"])


def pytest_collection_finish() -> None:
    """Have Python's collector leave alone what stays to the end, and look at the rest less often: apps are many."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def key_guard() -> Iterator[KeyGuard]:
    """The one that reads along whatever children print, and what stands in their arguments."""
    with reading_along(GUARD):
        yield GUARD


@pytest.fixture(autouse=True)
def files_with_key(key_guard: KeyGuard, request: pytest.FixtureRequest) -> Iterator[set[Path]]:
    """The files into which this test writes a key by itself; a key in any other file or output makes it fail."""
    exempt: set[Path] = set()
    yield exempt
    folder = request.node.funcargs.get("tmp_path")
    if folder is not None:
        key_guard.look_at_files(folder, exempt)
    if complaint := key_guard.complaint():
        pytest.fail(complaint, pytrace=False)


@pytest.fixture(autouse=True)
def paid_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a simulator of this process takes the same submission twice, unless it says so."""
    taken: Counter[tuple[int, str]] = Counter()
    submit = World.submit

    def count_and_submit(self: World, script: Script, song: Song | None, **options: Any) -> str:
        if digest := options.get("digest"):
            taken[id(self), digest] += 1
        return submit(self, script, song, **options)

    monkeypatch.setattr(World, "submit", count_and_submit)
    yield
    twice = [digest for (_, digest), count in taken.items() if count > 1]
    if twice and request.node.get_closest_marker("pays_twice") is None:
        pytest.fail(f"{len(twice)} submissions were sent and taken twice", pytrace=False)


@pytest.fixture(autouse=True)
def files_without_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which a request for a file carried a key to a simulator of this process.

    A video that the gateway itself holds is the one file that needs it.
    """
    told: list[str] = []
    answer = Files.answer

    def look_and_answer(self: Files, request: FileRequest) -> FileReply:
        words = repr((request.path, dict(request.headers))).encode()
        is_held = request.path.startswith(("/v1/videos/", "/v1/tasks/")) and "cookie" not in request.headers
        if is_held:
            return answer(self, request)
        if "authorization" in request.headers or "cookie" in request.headers or KEYS.search(words):
            told.append(request.path)
        return answer(self, request)

    monkeypatch.setattr(Files, "answer", look_and_answer)
    yield
    if told:
        pytest.fail(f"{len(told)} requests for files carried a key", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test whose captured output or log holds a key."""
    report = yield
    if report.when == "teardown":
        for heading, content in report.sections:
            GUARD.look(content, f"the section {heading!r} of the report")
        if complaint := GUARD.complaint():
            report.outcome, report.longrepr = "failed", f"{item.nodeid}: {complaint}"
    return report


@pytest.fixture(scope="session")
def forked() -> Iterator[Forks]:
    """What runs commands to their ends, quicker than a process that starts from nothing."""
    with forks() as forked:
        yield forked


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder under which everything lies that the program may write."""
    return tmp_path / "home"


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """Variables that keep the program away from the real home."""
    return {
        "HOME": str(home),
        "ECOVAI_CONFIG_DIR": str(home / "config"),
        "ECOVAI_DATA_DIR": str(home / "data"),
        "ECOVAI_STATE_DIR": str(home / "state"),
        "TZ": "UTC",
    }


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A gateway with twenty tasks, ten times as fast as the real one."""
    with Simulator(Options(speed=10.0)) as running:
        yield running


@pytest.fixture
def on_simulator(environment: dict[str, str], simulator: Simulator) -> dict[str, str]:
    """Variables that lead the program to the simulator."""
    return environment | {
        "ECOVAI_PROFILE": "simulator",
        "ECOVAI_BASE_URL": simulator.base_url,
        "ECOVAI_API_KEY": simulator.key,
    }


@pytest.fixture
def beside(environment: dict[str, str]) -> Iterator[BesidePane]:
    """Open another pane of the profile, which leads so many finished tasks; it ends with the test."""
    with ExitStack() as stack:

        def start(count: int) -> OtherPane:
            pane = stack.enter_context(OtherPane(environment))
            pane.watch(tasks(count))
            return pane

        yield start


@pytest.fixture(scope="session")
def forked_screens() -> Iterator[Forks]:
    """What opens the monitor, quicker than a process that starts from nothing."""
    with forks(*SCREEN) as them:
        yield them


@pytest.fixture(scope="session")
def pilots_wait() -> Iterator[None]:
    """Have Textual's pilot go on when the app rests, as it should."""
    with pilots_wait_for_rest():
        yield


@pytest.fixture
def open_quickly(open_program: Open, forked_screens: Forks) -> Open:
    """Start the program in a terminal as a fork, where its own start is not what is looked at."""
    return partial(open_program, forks=forked_screens)


@pytest.fixture
def open_program(environment: dict[str, str]) -> Iterator[Open]:
    """Start the program in a terminal; it is ended with the test."""
    with ExitStack() as stack:

        def start(*arguments: str, **options: object) -> Terminal:
            chosen = {"environment": environment, **options}
            return stack.enter_context(Terminal([PROGRAM, *arguments], **chosen))  # type: ignore[arg-type]

        yield start


@pytest.fixture
def open_replica() -> Iterator[OpenReplica]:
    """Open replicas, in memory where no file is given, that are closed with the test."""
    with ExitStack() as stack:

        def open_one(path: Path | None = None, origin: str = "https://gateway.example") -> Replica:
            return stack.enter_context(closing(Replica(path, origin)))

        yield open_one
