"""How the simulated gateway speaks of pictures and videos: one dialect a family, each with faults of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import ClassVar

from ecovai_tui.simulator.dialect import Answer, utc_text
from ecovai_tui.simulator.family_dialect import (
    NOT_THERE,
    Asked,
    FamilyDialect,
    Inquiry,
    TaskTable,
    fields_of,
    milliseconds,
    path_of,
    query_of,
    text_in,
)
from ecovai_tui.simulator.replies import Request
from ecovai_tui.simulator.scripts import Json
from ecovai_tui.simulator.studio import Work


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
            return Asked(prompt=text_in(request, "prompt"))
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

    def take(self, bare_id: str) -> Answer:
        """Answer a submission."""
        return Answer({"code": 1, "description": "提交成功", "properties": {}, "result": bare_id})

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


class OpenAiVideo(FamilyDialect):
    """Videos as OpenAI has them; their bytes are at the gateway itself."""

    name = "openai-video"
    medium = "video"
    _WORDS: ClassVar = {
        "new": "queued", "queued": "queued", "running": "in_progress", "modal": "queued", "done": "completed",
        "no-link": "completed", "failed": "failed", "cancelled": "cancelled", "odd": "reviewing",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/v1/videos`` asks."""
        found = re.fullmatch(r"/v1/videos(?:/([^/]+))?", path_of(request))
        if found is None:
            return None
        if found[1] is None and request.method == "GET":
            limit = query_of(request, "limit")
            return Asked(newest=int(limit) if limit.isdecimal() else 20)
        if found[1] is None:
            return Asked(prompt=text_in(request, "prompt")) if request.method == "POST" else None
        return Asked((found[1],)) if request.method == "GET" else None

    def new_id(self, chance: Random) -> str:
        """Return an id that begins with ``video_``."""
        return f"video_{chance.getrandbits(96):024x}"

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer with one bare object, or with the list of the newest."""
        if inquiry.asked.newest:
            videos: list[Json] = [self._video(work) for work in works]
            return Answer({"object": "list", "data": videos, "has_more": len(videos) == inquiry.asked.newest})
        return Answer(self._video(works[0])) if works else NOT_THERE

    def take(self, bare_id: str) -> Answer:
        """Answer a submission with the object of a video that waits."""
        return Answer({"id": bare_id, "task_id": bare_id, "object": "video", "status": "queued", "progress": 0})

    def _video(self, work: Work) -> dict[str, Json]:
        return {
            "id": work.id,
            "object": "video",
            "model": "sora-2",
            "status": self._WORDS[work.stage],
            "progress": work.progress,
            "created_at": int(work.submitted),
            "completed_at": int(work.finished) if work.finished else None,
            "expires_at": int(work.finished + work.lives) if work.finished else None,
            "seconds": "5",
            "size": "1280x720",
            "remixed_from_video_id": None,
            "error": {"code": "moderation_blocked", "message": work.reason} if work.reason else None,
            "prompt": work.prompt,
        }


class Kling(FamilyDialect):
    """Kling's own API as gateways pass it on."""

    name = "kling"
    medium = "video"
    _WORDS: ClassVar = {
        "new": "submitted", "queued": "submitted", "running": "processing", "modal": "submitted", "done": "succeed",
        "no-link": "succeed", "failed": "failed", "cancelled": "failed", "odd": "reviewing",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/kling/v1/videos/KIND`` asks."""
        found = re.fullmatch(r"/kling/v1/videos/([^/]+)(?:/([^/]+))?", path_of(request))
        if found is None:
            return None
        if found[2] is None:
            return Asked(kind=found[1], prompt=text_in(request, "prompt")) if request.method == "POST" else None
        return Asked((found[2],), kind=found[1]) if request.method == "GET" else None

    def new_id(self, chance: Random) -> str:
        """Return eighteen digits."""
        return f"827{chance.randrange(10**15):015}"

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer in Kling's envelope; one-hub sends one without a task until it has asked Kling itself."""
        if not works or works[0].kind not in {"", inquiry.asked.kind}:
            return Answer({"code": "task_not_exist", "message": ""}, 404)
        if "kling-empty" in inquiry.faults and works[0].stage == "new":
            return Answer({"code": 0, "message": "", "request_id": ""})
        return _kling_envelope(self._task(works[0]))

    def take(self, bare_id: str) -> Answer:
        """Answer a submission."""
        return _kling_envelope({"task_id": bare_id, "task_status": "submitted"})

    def _task(self, work: Work) -> dict[str, Json]:
        videos: list[Json] = [{"id": "v1", "url": work.address, "watermark_url": "", "duration": "5.1"}]
        return {
            "task_id": work.id,
            "task_status": self._WORDS[work.stage],
            "task_status_msg": work.reason,
            "task_info": {"external_task_id": ""},
            "created_at": milliseconds(work.submitted),
            "updated_at": milliseconds(work.changed),
            "task_result": {"videos": videos if work.address else [], "images": []},
        }


def _kling_envelope(data: Json) -> Answer:
    return Answer({"code": 0, "message": "SUCCEED", "request_id": "r1", "data": data})


class Runway(FamilyDialect):
    """Runway's own API, and the feed that resellers have in its place."""

    name = "runway"
    medium = "video"
    _WORDS: ClassVar = {
        "new": "PENDING", "queued": "THROTTLED", "running": "RUNNING", "modal": "PENDING", "done": "SUCCEEDED",
        "no-link": "SUCCEEDED", "failed": "FAILED", "cancelled": "CANCELLED", "odd": "REVIEWING",
    }  # fmt: skip
    _DIGITS: ClassVar = {
        "new": "0", "queued": "0", "running": "1", "modal": "0", "done": "3", "no-link": "3", "failed": "2",
        "cancelled": "2", "odd": "9",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/runwayml/…`` or ``/runway/feed`` asks."""
        path = path_of(request)
        if (request.method, path) == ("POST", "/runway/feed"):
            return Asked((text_in(request, "task_id"),), kind="feed")
        if (request.method, path) == ("POST", "/runwayml/v1/text_to_video"):
            return Asked(prompt=text_in(request, "promptText"))
        single = re.fullmatch(r"/runwayml/v1/tasks/([^/]+)", path)
        return Asked((single[1],)) if single and request.method == "GET" else None

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer in the form that was asked for."""
        if not works:
            return NOT_THERE
        if inquiry.asked.kind == "feed":
            swapped = "runway-swapped" in inquiry.faults
            return Answer({"code": 200, "msg": "成功", "data": self._fed(works[0], swapped=swapped), "exec_time": 0})
        return Answer(self._task(works[0]))

    def take(self, bare_id: str) -> Answer:
        """Answer a submission with nothing but the id."""
        return Answer({"id": bare_id})

    def _task(self, work: Work) -> dict[str, Json]:
        task: dict[str, Json] = {
            "id": work.id, "status": self._WORDS[work.stage], "createdAt": utc_text(work.submitted),
        }  # fmt: skip
        if work.stage == "running":
            task["progress"] = work.progress / 100
        if work.address:
            task["output"] = [work.address]
        return {**task, "failure": work.reason, "failureCode": "SAFETY.INPUT.TEXT"} if work.reason else task

    def _fed(self, work: Work, *, swapped: bool) -> dict[str, Json]:
        digit = self._DIGITS[work.stage]
        return {
            "task_id": work.id,
            "state": self._WORDS[work.stage].lower(),
            "status": {"2": "3", "3": "2"}.get(digit, digit) if swapped else digit,
            "prompt": work.prompt,
            "prompt_en": work.prompt,
            "video_url": work.address or None,
            "poster": None,
            "last_frame": None,
            "msg": work.reason or None,
            "point": "320",
            "refund": "1" if self._DIGITS[work.stage] == "2" else "0",
            "create_time": str(int(work.submitted)),
            "update_time": str(int(work.changed)),
        }


class Luma(FamilyDialect):
    """Luma in both of its forms."""

    name = "luma"
    medium = "video"
    _WORDS: ClassVar = {
        "new": "queued", "queued": "queued", "running": "dreaming", "modal": "queued", "done": "completed",
        "no-link": "completed", "failed": "failed", "cancelled": "failed", "odd": "reviewing",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/luma/…`` asks."""
        path = path_of(request)
        if (request.method, path) == ("POST", "/luma/generations"):
            return Asked(prompt=text_in(request, "user_prompt"))
        if (request.method, path) == ("POST", "/luma/tasks"):
            ids = fields_of(request).get("ids")
            several = tuple(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else ()
            return Asked(several, kind="several")
        if request.method != "GET":
            return None
        if path == "/luma/v1/task":
            return Asked((query_of(request, "id"),))
        single = re.fullmatch(r"/luma/(dream-machine/v1/)?generations/([^/]+)", path)
        return Asked((single[2],), kind="api" if single[1] else "") if single else None

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer with one bare object in the form that was asked for, or with a row for each of several."""
        if inquiry.asked.kind == "several":
            return Answer({"code": "success", "message": "", "data": [self._row(work) for work in works]})
        if not works:
            return NOT_THERE
        return Answer(self._generation(works[0], of_api=inquiry.asked.kind == "api"))

    def _row(self, work: Work) -> Json:
        return {
            "id": int(work.submitted) % 1_000_000,
            "created_at": utc_text(work.submitted),
            "platform": "luma_free",
            "action": "LUMA_VIDEO",
            "status": "SUCCESS" if work.stage in {"done", "no-link"} else "IN_PROGRESS",
            "data": self._generation(work, of_api=False),
        }

    def _generation(self, work: Work, *, of_api: bool) -> dict[str, Json]:
        shared: dict[str, Json] = {
            "id": work.id, "state": self._WORDS[work.stage], "created_at": utc_text(work.submitted),
        }  # fmt: skip
        if of_api:
            assets: Json = {"video": work.address} if work.address else None
            request: Json = {"prompt": work.prompt, "generation_type": "video"}
            return {**shared, "failure_reason": work.reason or None, "assets": assets, "request": request}
        video: Json = {"url": work.address, "download_url": work.address, "width": 1280, "height": 720}
        told: dict[str, Json] = {"liked": None, "prompt": work.prompt, "video": video if work.address else None}
        return {**shared, **told} | ({"failure_reason": work.reason} if work.reason else {})

    def take(self, bare_id: str) -> Answer:
        """Answer a submission."""
        return Answer({"id": bare_id, "state": "queued", "video": None})


class Flux(FamilyDialect):
    """Flux of Black Forest Labs, whose addresses work for ten minutes."""

    name = "flux"
    medium = "picture"
    _WORDS: ClassVar = {
        "new": "Pending", "queued": "Pending", "running": "Pending", "modal": "Pending", "done": "Ready",
        "no-link": "Ready", "failed": "Content Moderated", "cancelled": "Error", "odd": "Reviewing",
    }  # fmt: skip

    def read(self, request: Request) -> Asked | None:
        """Return what a request to ``/flux/v1/…`` asks."""
        path = path_of(request)
        if (request.method, path) == ("GET", "/flux/v1/get_result"):
            return Asked((query_of(request, "id"),))
        wished = request.method == "POST" and path.startswith("/flux/v1/flux-")
        return Asked(prompt=text_in(request, "prompt")) if wished else None

    def tell(self, works: Sequence[Work], inquiry: Inquiry) -> Answer:
        """Answer with one bare object, whose word says it where there is no such task."""
        if not works:
            return Answer({"id": inquiry.asked.ids[0], "status": "Task not found", "result": None})
        work = replace(works[0], lives=min(works[0].lives, 600.0))
        result: Json = None
        if work.over and not work.reason:
            result = {"sample": work.address or None, "prompt": work.prompt, "seed": 9662, "end_time": work.finished}
        return Answer({"id": work.id, "status": self._WORDS[work.stage], "progress": None, "result": result})

    def take(self, bare_id: str) -> Answer:
        """Answer a submission."""
        return Answer({"id": bare_id, "polling_url": f"https://api.example/v1/get_result?id={bare_id}"})


FAMILY_DIALECTS: tuple[FamilyDialect, ...] = (
    Midjourney(), OpenAiVideo(), Kling(), Runway(), Luma(), Flux(), TaskTable(),
)  # fmt: skip
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
