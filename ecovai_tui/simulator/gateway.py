"""The simulated gateway: a request in, a reply out, submissions included; it knows nothing of sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from hashlib import sha256
from random import Random
from urllib.parse import unquote, urlsplit

from ecovai_tui.simulator.dialect import Answer, short_id
from ecovai_tui.simulator.dialects import find_dialect
from ecovai_tui.simulator.family_dialect import Asked
from ecovai_tui.simulator.family_dialects import dialect_for, find_family
from ecovai_tui.simulator.replies import (
    AFTERWARDS,
    FAMILY_FAULTS,
    FILE_FAULTS,
    HTML_TYPE,
    INSTEAD,
    REFUSED,
    RESTRICTED,
    SUBMIT_FAULTS,
    TEXT_TYPE,
    WEB_APP,
    BadBodyError,
    FaultPlan,
    Reply,
    Request,
    Scene,
    encode,
    read_batch_query,
    read_object,
)
from ecovai_tui.simulator.scripts import ARTIST_REASON, Json, Script, find_script
from ecovai_tui.simulator.songs import INSTRUMENTAL, RAIN_VERSES, Song
from ecovai_tui.simulator.studio import Studio, prefixed
from ecovai_tui.simulator.world import PRICE, Options, Taken, World

FIELDS = {
    "gpt_description_prompt": "text", "prompt": "text", "mv": "text", "title": "text", "tags": "text",
    "continue_at": "number", "continue_clip_id": "text", "task_id": "text", "make_instrumental": "flag",
}  # fmt: skip
"""The fields of new-api's ``SunoSubmitReq``; all others are dropped without a word."""

CONCAT, UPLOAD = "CONCAT", "uploads/audio-url"
SCRIPTS_BY_ACTION = {"MUSIC": "song", "LYRICS": "lyrics", CONCAT: "single-clip"}
DEFAULT_MODEL = "chirp-v3-0"
FORBIDDEN_ARTIST = ARTIST_REASON.rpartition(" ")[2]
TITLE_WORDS = 6


class RejectedError(Exception):
    """The gateway does not take a submission; ``code`` and ``message`` are what it answers, with status 400."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Submission:
    """A task to begin."""

    script: Script
    song: Song


def read_submission(action: str, body: bytes, known_ids: Collection[str]) -> Submission:
    """Read a submission; raises BadBodyError or RejectedError. The name of a famous band makes the task fail."""
    if action == UPLOAD:
        return _upload(read_object(body, {"url": "text"}))
    fields = read_object(body, FIELDS | {"clip_id": "text", "is_infill": "flag"})
    if action.upper() == CONCAT and not fields.get("clip_id"):
        raise RejectedError("invalid_request", "clip_id is empty")
    if action.upper() not in SCRIPTS_BY_ACTION:
        raise RejectedError("invalid_request", "invalid_action")
    if action.upper() == "LYRICS" and not fields.get("prompt"):
        raise RejectedError("invalid_request", "prompt_empty")
    _check_origin(_text(fields, "continue_clip_id"), _text(fields, "task_id"), known_ids)
    return Submission(_script(action, fields), _song(fields))


def _upload(fields: dict[str, Json]) -> Submission:
    url = _text(fields, "url")
    if not url.startswith(("http://", "https://")):
        raise RejectedError("invalid_request", "url_empty")
    name = url.rpartition("/")[2]
    return Submission(find_script("single-clip"), Song(name, "", INSTRUMENTAL))


def _check_origin(clip_id: str, task_id: str, known_ids: Collection[str]) -> None:
    if clip_id and not task_id:
        raise RejectedError("invalid_request", "task id is empty")
    if task_id and task_id not in known_ids:
        raise RejectedError("task_not_exist", "task_origin_not_exist")


def _script(action: str, fields: dict[str, Json]) -> Script:
    wish = " ".join(_text(fields, name) for name in ("gpt_description_prompt", "prompt", "title", "tags"))
    if action.upper() == "MUSIC" and FORBIDDEN_ARTIST in wish.lower():
        return find_script("artist-name")
    return find_script(SCRIPTS_BY_ACTION[action.upper()])


def _song(fields: dict[str, Json]) -> Song:
    """Return the song that was wished for: a description makes Suno ignore title, tags and lyrics."""
    description, model = _text(fields, "gpt_description_prompt"), _text(fields, "mv") or DEFAULT_MODEL
    lyrics = INSTRUMENTAL if fields.get("make_instrumental") else RAIN_VERSES
    if description:
        return Song(_title_of(description), "pop", lyrics, description, model)
    prompt = _text(fields, "prompt")
    title = _text(fields, "title") or _title_of(prompt)
    return Song(title, _text(fields, "tags"), prompt or lyrics, model=model)


def _title_of(text: str) -> str:
    words = [word for word in text.split() if not word.startswith("[")]
    return " ".join(words[:TITLE_WORDS]).title()


def _text(fields: dict[str, Json], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


QUOTA_PER_DOLLAR = 500_000
MODELS = {"music": "suno_music", "lyrics": "suno_lyrics"}


def prices() -> Json:
    """Return the answer of ``/api/pricing``: a price for each call (``quota_type`` 1), and the ratio of each group."""
    models: list[Json] = [
        {
            "model_name": name,
            "quota_type": 1,
            "model_ratio": 0,
            "model_price": PRICE,
            "owner_by": "",
            "completion_ratio": 0,
            "enable_groups": ["default"],
        }
        for name in MODELS.values()
    ]
    return {"success": True, "data": models, "group_ratio": {"default": 1}, "usable_group": {"default": "default"}}


def spendings(taken: Sequence[Taken]) -> Json:
    """Return the answer of ``/api/log/token``: a line of type 2 for each submission, the newest first."""
    lines: list[Json] = [
        {
            "id": number,
            "created_at": int(each.at),
            "type": 2,
            "content": "",
            "username": "simulator",
            "token_name": "simulator",
            "model_name": MODELS.get(each.kind, "suno_music"),
            "quota": round(PRICE * QUOTA_PER_DOLLAR),
            "use_time": 1,
            "other": json.dumps({"is_task": True, "model_price": PRICE, "group_ratio": 1}),
        }
        for number, each in enumerate(taken, 1)
    ]
    return {"success": True, "message": "", "data": lines[::-1]}


API_PREFIXES = ("/v1", "/api", "/assets")
FETCH, SUBMIT, VIDEO = "/suno/fetch", "/suno/submit", "/v1/video/generations"


class Question(Enum):
    """What can be asked of a gateway."""

    BATCH = auto()
    SINGLE = auto()
    VIDEO = auto()
    """A single task of any kind, by the route that newer versions of new-api have for videos."""
    SUBMIT = auto()
    GRANTED = auto()
    """What the key was granted in all."""
    USED = auto()
    """What the key has used of it."""
    SPENT = auto()
    """For what the key was charged, line by line."""
    PRICES = auto()
    SEEN = auto()
    """What has become of pictures and videos, or new ones."""
    MOVED = auto()
    WRONG_ADDRESS = auto()
    WEB_PAGE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A question and what stands in the path beside it: the id, the action, or nothing."""

    question: Question
    argument: str = ""

    @property
    def path_is_of_money(self) -> bool:
        """Whether what is asked is what the key was granted, has used or would have to pay."""
        return self.question in {Question.GRANTED, Question.USED, Question.SPENT, Question.PRICES}


WHOLE_PATHS = {
    ("POST", FETCH): Route(Question.BATCH),
    ("POST", f"{FETCH}/"): Route(Question.MOVED, FETCH),
    ("GET", "/v1/dashboard/billing/subscription"): Route(Question.GRANTED),
    ("GET", "/v1/dashboard/billing/usage"): Route(Question.USED),
    ("GET", "/api/log/token"): Route(Question.SPENT),
    ("GET", "/api/pricing"): Route(Question.PRICES),
    ("POST", "/suno/uploads/audio-url"): Route(Question.SUBMIT, UPLOAD),
}


def find_route(method: str, path: str) -> Route:
    """Return what a request asks; new-api answers everything that it does not know with its web page."""
    bare = urlsplit(path).path
    folder, _, last = bare.rpartition("/")
    if (method, bare) in WHOLE_PATHS:
        return WHOLE_PATHS[method, bare]
    if (method, folder) == ("GET", FETCH) and last:
        return Route(Question.SINGLE, unquote(last))
    if (method, folder) == ("GET", VIDEO) and last:
        return Route(Question.VIDEO, unquote(last))
    if (method, folder) == ("POST", SUBMIT) and last:
        return Route(Question.SUBMIT, unquote(last))
    return Route(Question.WRONG_ADDRESS if bare.startswith(API_PREFIXES) else Question.WEB_PAGE)


GRANTED = 20.0
"""What the key was granted in all, in dollars."""

NO_KEY = "未提供令牌"
ROW_DELAY = 2.0
"""Simulated seconds after a submission's answer in which a query does not find the task yet."""

PANIC: Json = {
    "error": {
        "message": "Panic detected, error: runtime error: invalid memory address or nil pointer dereference. "
        "Please submit a issue here: https://github.com/Calcium-Ion/new-api",
        "type": "new_api_panic",
    }
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, and the ids that the request asked for."""

    reply: Reply
    ids: tuple[str, ...] = ()


class Gateway:
    """Answers requests about the tasks of a world, in one dialect, with the faults of one plan."""

    def __init__(self, options: Options, world: World, studio: Studio, key: str, clock: Callable[[], float]) -> None:
        self._seed = options.seed
        self._dialect = find_dialect(options.dialect)
        of_submissions = tuple(fault for fault in options.faults if fault.name in SUBMIT_FAULTS)
        self._submit_plan = FaultPlan(options.seed, of_submissions)
        of_families = tuple(fault for fault in options.faults if fault.name in FAMILY_FAULTS)
        self._family_plan = FaultPlan(options.seed, of_families)
        elsewhere = {*SUBMIT_FAULTS, *FILE_FAULTS, *FAMILY_FAULTS}
        of_questions = tuple(fault for fault in options.faults if fault.name not in elsewhere)
        self._plan = FaultPlan(options.seed, of_questions)
        self._world = world
        self._studio = studio
        self._without = options.without
        self._key = key
        self._clock = clock

    def answer(self, request: Request) -> Outcome:
        """Return what the gateway answers to this request."""
        if self._without and request.path.startswith(self._without):
            return Outcome(_wrong_address(request) if request.path.startswith(API_PREFIXES) else _web_page())
        family = dialect_for(request)
        if family is not None:
            ids = tuple(prefixed(family.name, each) for each in (family.read(request) or Asked()).ids)
            return Outcome(self._answer_with_faults(request, Route(Question.SEEN, family.name), ids), ids)
        route = find_route(request.method, request.path)
        no_uploads = route.argument == UPLOAD and not self._dialect.takes_uploads
        if route.question is Question.WEB_PAGE or (no_uploads and route.question is Question.SUBMIT):
            return Outcome(_web_page())
        if route.question is Question.MOVED:
            return Outcome(Reply(307, headers=(("Location", route.argument),)))
        no_videos = route.question is Question.VIDEO and not self._dialect.tells_by_video_route
        no_quota = route.path_is_of_money and not self._dialect.tells_quota
        no_quota |= route.question is Question.PRICES and not self._dialect.tells_prices
        if route.question is Question.WRONG_ADDRESS or no_videos or no_quota:
            return Outcome(_wrong_address(request))
        ids = self._asked_ids(request, route)
        return Outcome(self._answer_with_faults(request, route, ids), ids)

    def _asked_ids(self, request: Request, route: Route) -> tuple[str, ...]:
        if route.question in {Question.SINGLE, Question.VIDEO}:
            return (route.argument,)
        if route.question is Question.SUBMIT or route.path_is_of_money:
            return ()
        try:
            return read_batch_query(request.body, reads_action=self._dialect.reads_action).ids
        except BadBodyError:
            return ()

    def _answer_with_faults(self, request: Request, route: Route, ids: tuple[str, ...]) -> Reply:
        scene = self._scene(request.number)
        batch = ids if route.question is Question.BATCH else ()
        fault = self._plan.strike(request.number, batch, self._world.poison_id)
        if route.question is Question.SUBMIT:
            fault = self._submit_plan.strike(request.number, (), "") or fault
        if fault == RESTRICTED and route.question is Question.VIDEO:
            fault = ""
        if fault in INSTEAD:
            return INSTEAD[fault](scene)
        refusal = None if route.question is Question.PRICES else self._refuse(self._with_key(request), scene)
        reply = refusal or self._serve(request, route, ids, scene, fault)
        return AFTERWARDS[fault](reply) if fault else reply

    def _scene(self, number: int) -> Scene:
        chance = Random(f"{self._seed}:request:{number}")
        moment = datetime.fromtimestamp(self._clock(), UTC)
        return Scene(self._dialect, f"{moment:%Y%m%d%H%M%S%f}{short_id(chance, 8)}", chance)

    def _refuse(self, request: Request, scene: Scene) -> Reply | None:
        if not request.authorization.strip():
            return scene.refusal(401, NO_KEY)
        return None if bare_key(request.authorization) == bare_key(self._key) else scene.refusal(401, REFUSED)

    def _with_key(self, request: Request) -> Request:
        """Return a request with the key where it is looked for: one-hub wants it elsewhere for Midjourney."""
        of_midjourney = "/mj/" in request.path and self._dialect.wants_secret
        return replace(request, authorization=request.secret) if of_midjourney else request

    def _serve(self, request: Request, route: Route, ids: tuple[str, ...], scene: Scene, fault: str) -> Reply:
        try:
            if route.question is Question.SEEN:
                faults = self._family_plan.all_striking(request.number)
                return scene.reply(find_family(route.argument).answer(self._studio, request, faults))
            if route.question is Question.SUBMIT:
                return scene.reply(self._submit(request, route.argument, rejected_later=fault == "moderation-later"))
            return scene.reply(self._ask(request, route, ids))
        except BadBodyError as error:
            reply = scene.reply(self._dialect.task_error("invalid_request", str(error)))
            return replace(reply, content_type=TEXT_TYPE)
        except RejectedError as error:
            return scene.reply(self._dialect.task_error(error.code, error.message))

    def _ask(self, request: Request, route: Route, ids: tuple[str, ...]) -> Answer:
        if route.path_is_of_money:
            return self._money(route.question)
        if route.question in {Question.SINGLE, Question.VIDEO}:
            found = self._world.find(ids)
            return self._dialect.single(found[0]) if found else self._dialect.unknown_id()
        asked = read_batch_query(request.body, reads_action=self._dialect.reads_action).ids
        return self._dialect.batch(self._world.find(asked), asked)

    def _money(self, question: Question) -> Answer:
        if question is Question.USED:
            return Answer({"object": "list", "total_usage": 100 * self._world.used})
        if question is Question.SPENT:
            return Answer(spendings(self._world.taken))
        if question is Question.PRICES:
            return Answer(prices())
        limits: dict[str, Json] = dict.fromkeys(("soft_limit_usd", "hard_limit_usd", "system_hard_limit_usd"), GRANTED)
        return Answer({"object": "billing_subscription", "has_payment_method": True, **limits, "access_until": 0})

    def _submit(self, request: Request, action: str, *, rejected_later: bool) -> Answer:
        if self._dialect.form_bodies_panic and not request.content_type.startswith("application/json"):
            return Answer(PANIC, 500)
        if action.upper() == CONCAT and not self._dialect.takes_uploads:
            raise RejectedError("invalid_request", "invalid_action")
        submission = read_submission(action, request.body, self._world.ids)
        script = find_script("artist-name") if rejected_later else submission.script
        digest = sha256(f"{request.path}\n".encode() + request.body).hexdigest()
        return self._dialect.submitted(self._world.submit(script, submission.song, hidden=ROW_DELAY, digest=digest))


def bare_key(text: str) -> str:
    """Return a key without ``Bearer`` and ``sk-``, both of which gateways of this family take as optional."""
    key = text.strip()
    if key[:7].lower() == "bearer ":
        key = key[7:].strip()
    return key.removeprefix("sk-")


def _web_page() -> Reply:
    return Reply(200, WEB_APP, HTML_TYPE)


def _wrong_address(request: Request) -> Reply:
    message = f"Invalid URL ({request.method} {request.path})"
    error: Json = {"message": message, "type": "invalid_request_error", "param": "", "code": ""}
    return Reply(404, encode({"error": error}))
