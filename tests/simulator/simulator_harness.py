"""What the tests of the simulator share: a clock to turn by hand and a client that hides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

from ecovai_tui.simulator.server import Simulator

MORNING = 1_760_000_000.25


class FakeClock:
    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One keep-alive connection that sends the right key unless told otherwise."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.connection = HTTPConnection(urlsplit(simulator.base_url).netloc, timeout=10)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> None:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = {"Authorization": f"Bearer {self.simulator.key}", "Content-Type": "application/json", **given}
        self.connection.request(method, path, data, {name: value for name, value in wanted.items() if value})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        self.send(method, path, body, **headers)
        response = self.connection.getresponse()
        return Response(response.status, dict(response.getheaders()), response.read())

    def file(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, Authorization="", **headers)

    def batch(self, ids: Sequence[str]) -> Response:
        return self.ask("POST", "/suno/fetch", {"ids": list(ids), "action": ""})

    def task(self, task_id: str) -> dict[str, Any]:
        [task] = self.batch([task_id]).json()["data"]
        return dict(task)


class Run(Protocol):
    """Starts simulators; by default with nobody on stage and nobody arriving."""

    def __call__(self, *, on_new_id: Callable[[str], None] | None = None, **options: Any) -> Simulator: ...


Connect = Callable[[Simulator], Client]
Strike = Callable[[str], Response]


class Play(Protocol):
    """Plays one script in a dialect for some seconds; gives the simulator, a client and the id."""

    def __call__(self, dialect: str, script: str = "song", elapsed: float = 200) -> tuple[Simulator, Client, str]: ...
