"""How the simulated gateway speaks of pictures and videos: one dialect a family, each with faults of its own."""

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
from ecovai_tui.simulator.scripts import Json
from ecovai_tui.simulator.studio import Medium, Studio, Work


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a family: works by their bare ids, or a new one."""

    ids: tuple[str, ...] = ()
    kind: str = ""
    """What stands in the path for the kind of the work."""
    prompt: str | None = None
    """What is wished for, of a submission."""


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

    @abstractmethod
    def new_id(self, chance: Random) -> str:
        """Return an id of the shape that this family has."""

    @abstractmethod
    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer a query for works, of which those that exist are given."""

    @abstractmethod
    def take(self, bare_id: str, inquiry: Inquiry) -> Answer:
        """Answer a submission that was taken."""

    def answer(self, studio: Studio, request: Request, faults: frozenset[str]) -> Answer:
        """Answer a request of this family's."""
        asked = self.read(request) or Asked()
        if asked.prompt is None:
            return self.tell(studio.find(self.name, asked.ids), Inquiry(request, asked, faults))
        task_id = studio.order(self, kind=asked.kind, prompt=asked.prompt)
        return self.take(task_id.partition(":")[2], Inquiry(request, asked, faults))


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


def query_of(request: Request, name: str) -> str:
    """Return one value of a request's query, "" for none."""
    return parse_qs(urlsplit(request.path).query).get(name, [""])[0]


def milliseconds(moment: float | None) -> int:
    """Return a moment in Unix milliseconds, 0 for "not yet"."""
    return int((moment or 0) * 1000)


class Midjourney(FamilyDialect):
    """The table ``midjourneys`` of new-api: bare replies, milliseconds, real progress."""

    name = "midjourney"
    medium = "picture"
    _WORDS: ClassVar = {
        "new": "", "queued": "SUBMITTED", "running": "IN_PROGRESS", "modal": "MODAL", "done": "SUCCESS",
        "no-link": "SUCCESS", "failed": "FAILURE", "cancelled": "CANCEL", "odd": "REVIEWING",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/mj/…`` asks; one mode or another may stand before it."""
        found = re.fullmatch(r"(?:/mj-\w+)?/mj/(task|submit)/(.+)", path_of(request))
        if found is None:
            return None
        if (request.method, found[1]) == ("POST", "submit"):
            return Asked(prompt=str(fields_of(request).get("prompt", "")))
        if (request.method, found[2]) == ("POST", "list-by-condition"):
            ids = fields_of(request).get("ids")
            return Asked(tuple(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else ())
        single = re.fullmatch(r"([^/]+)/fetch", found[2])
        return Asked((single[1],)) if single and request.method == "GET" else None

    def new_id(self, chance: Random) -> str:
        """Return sixteen digits."""
        return f"17{chance.randrange(10**14):014}"

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer with a bare list, or with one bare object."""
        rows: list[Json] = [self._row(work, inquiry) for work in works]
        if inquiry.request.method == "POST":
            return Answer(rows)
        if rows:
            return Answer(rows[0])
        return Answer({"description": "task_no_found ", "type": "upstream_error", "code": 4}, 400)

    def take(self, bare_id: str, inquiry: Inquiry) -> Answer:
        """Answer a submission; some resellers send the id as a number."""
        result: Json = int(bare_id) if "numeric-ids" in inquiry.faults else bare_id
        return Answer({"code": 1, "description": "提交成功", "properties": {}, "result": result})

    def _row(self, work: Work, inquiry: Inquiry) -> dict[str, Json]:
        shown = "mj-rand" in inquiry.faults and work.address
        address = f"{work.address}&rand={inquiry.request.number}" if shown else work.address
        return {
            "id": int(work.id) if "numeric-ids" in inquiry.faults else work.id,
            "action": "IMAGINE",
            "customId": "",
            "botType": "",
            "prompt": work.prompt,
            "promptEn": work.prompt,
            "description": "Submit success",
            "state": "",
            "submitTime": milliseconds(work.submitted),
            "startTime": milliseconds(work.started),
            "finishTime": milliseconds(work.finished),
            "imageUrl": address,
            "videoUrl": "",
            "videoUrls": None,
            "status": self._WORDS[work.stage],
            "progress": f"{work.progress}%" if work.stage != "new" else "",
            "failReason": work.reason,
            "buttons": _buttons() if work.stage == "done" else None,
            "maskBase64": "",
            "properties": {"finalPrompt": "", "finalZhPrompt": ""},
        }


def _buttons() -> list[Json]:
    upscales = [{"customId": f"MJ::JOB::upsample::{n}::x", "emoji": "", "label": f"U{n}"} for n in range(1, 5)]
    reroll = {"customId": "MJ::JOB::reroll::0::x", "emoji": "🔄", "label": ""}
    return [{**each, "type": 2, "style": 2} for each in (*upscales, reroll)]


FAMILY_DIALECTS: tuple[FamilyDialect, ...] = (Midjourney(),)
"""Every family beside Suno that the simulator speaks."""


def dialect_for(request: Request) -> FamilyDialect | None:
    """Return the family that a request is about; None for Suno and for what nobody knows."""
    return next((each for each in FAMILY_DIALECTS if each.read(request) is not None), None)


def find_family(name: str) -> FamilyDialect:
    """Return the dialect of a family; raises ValueError, naming all known ones."""
    for each in FAMILY_DIALECTS:
        if each.name == name:
            return each
    raise ValueError(f"no family is called {name!r}; known: {', '.join(each.name for each in FAMILY_DIALECTS)}")
