"""What the dialects of pictures and videos share: what a request asks, and the answers of all."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from ecovai_tui.simulator.dialect import Answer
from ecovai_tui.simulator.replies import Request
from ecovai_tui.simulator.scripts import Json, uuid_from
from ecovai_tui.simulator.studio import Medium, Studio, Work


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a family: works by their bare ids, or a new one."""

    ids: tuple[str, ...] = ()
    kind: str = ""
    """What stands in the path for the kind of the work."""
    prompt: str | None = None
    """What is wished for, of a submission."""
    newest: int = 0
    """How many works a list shall have, the newest first; 0 where works are asked for by their ids."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request, what it asks, and the faults that strike its answer."""

    request: Request
    asked: Asked
    faults: frozenset[str] = frozenset()


class FamilyDialect(ABC):
    """How one family is asked for and told."""

    name: ClassVar[str]
    medium: ClassVar[Medium]

    @abstractmethod
    def read(self, request: Request) -> Asked | None:
        """Return what a request asks; None if it is none of this family's."""

    def new_id(self, chance: Random) -> str:
        """Return an id of the shape that this family has: a UUID unless it has one of its own."""
        return uuid_from(chance)

    @abstractmethod
    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer a query for works, of which those that exist are given."""

    @abstractmethod
    def take(self, bare_id: str) -> Answer:
        """Answer a submission that was taken."""

    def answer(self, studio: Studio, request: Request, faults: frozenset[str]) -> Answer:
        """Answer a request of this family's."""
        asked = self.read(request) or Asked()
        if asked.prompt is None:
            ids = studio.newest(self.name, asked.newest) if asked.newest else asked.ids
            return self.tell(studio.find(self.name, ids), Inquiry(request, asked, faults))
        task_id = studio.order(self, kind=asked.kind, prompt=asked.prompt)
        return self.take(task_id.partition(":")[2])


def fields_of(request: Request) -> dict[str, Json]:
    """Return the object in a request's body, an empty one where there is none."""
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def path_of(request: Request) -> str:
    """Return the path of a request without its query."""
    return unquote(urlsplit(request.path).path)


def text_in(request: Request, name: str) -> str:
    """Return a text of a request's body, "" for none."""
    value = fields_of(request).get(name)
    return value if isinstance(value, str) else ""


def query_of(request: Request, name: str) -> str:
    """Return one value of a request's query, "" for none."""
    return parse_qs(urlsplit(request.path).query).get(name, [""])[0]


def milliseconds(moment: float | None) -> int:
    """Return a moment in Unix milliseconds, 0 for "not yet"."""
    return int((moment or 0) * 1000)


NOT_THERE = Answer({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400)
"""What new-api answers for an id that it does not know."""


class TaskTable(FamilyDialect):
    """Any row of new-api's table as its newest version tells it: the state by one path, the files by another."""

    name = "table"
    medium = "video"
    _WORDS: ClassVar = {
        "new": "NOT_START", "queued": "QUEUED", "running": "IN_PROGRESS", "modal": "QUEUED", "done": "SUCCESS",
        "no-link": "SUCCESS", "failed": "FAILURE", "cancelled": "FAILURE", "odd": "REVIEWING",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/v1/tasks/ID`` asks."""
        found = re.fullmatch(r"/v1/tasks/([^/]+)(/artifacts)?", path_of(request))
        return Asked((found[1],), kind=found[2] or "") if found and request.method == "GET" else None

    def new_id(self, chance: Random) -> str:
        """Return an id of new-api's own."""
        return f"task_{chance.getrandbits(128):032x}"

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer with the state of a task, or with its files."""
        if not works:
            return Answer({"error": {"message": "Task not found", "type": "invalid_request_error"}}, 404)
        work = works[0]
        if not inquiry.asked.kind:
            times: dict[str, Json] = {"created_at": int(work.submitted), "finished_at": int(work.finished or 0)}
            state = {"task_id": work.id, "platform": "50", "status": self._WORDS[work.stage], "progress": "100%"}
            return Answer({**state, "fail_reason": work.reason, **times})
        content = f"https://gateway.example/v1/tasks/{work.id}/artifacts/video/content?access={'A' * 43}"
        video: Json = {"key": "video", "type": "video", "mime_type": "video/mp4", "content_url": content}
        return Answer({"task_id": work.id, "artifacts": [video] if work.stage == "done" else []})

    def take(self, bare_id: str) -> Answer:
        """Answer a submission, which has another path."""
        return Answer({"id": bare_id, "task_id": bare_id, "object": "video", "status": "queued"})
