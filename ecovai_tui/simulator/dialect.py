"""What all dialects share: the envelope, errors, and clips and lyrics as Suno gives them."""

from __future__ import annotations

import string
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from random import Random

from ecovai_tui.simulator.scripts import OPEN_CLIP_WORDS, ClipState, Json, KindName, TaskState, uuid_from

CDN = "https://cdn1.suno.ai"
IMAGES = "https://cdn2.suno.ai"
LIVE = "https://audiopipe.suno.ai"
MAJOR_VERSIONS = {
    "chirp-v4": "v4", "chirp-auk": "v4.5", "chirp-bluejay": "v4.5+", "chirp-crow": "v5", "chirp-fenix": "v5.5",
}  # fmt: skip
REPORTED_MODELS = {"chirp-v3-0": "chirp-v3", "chirp-v3-5": "chirp-v3"}
"""Clips do not always name the model that was asked for: Suno says "chirp-v3" of songs made with version 3.5."""

FORBIDDEN = "https://studio-api.prod.suno.com/api/forbidden"


def audio_url(clip: ClipState) -> str:
    """Return where the clip can be heard: a live stream at first, a file in the end, "" while there is nothing."""
    if clip.word == "streaming":
        return f"{LIVE}/?item_id={clip.id}"
    if clip.word != "complete":
        return ""
    return {"file": f"{CDN}/{clip.id}.mp3", "forbidden": FORBIDDEN, "none.mp3": f"{CDN}/None.mp3", "": ""}[clip.audio]


def video_url(clip: ClipState) -> str:
    """Return the address of the video, "" while it is pending."""
    return f"{CDN}/{clip.id}.mp4" if clip.word == "complete" else ""


def image_url(clip: ClipState, size: str = "") -> str:
    """Return the address of the cover, "" while there is none; ``size`` is "" or "_large"."""
    return "" if clip.word in OPEN_CLIP_WORDS else f"{IMAGES}/image{size}_{clip.id}.jpeg"


def utc_text(moment: float) -> str:
    """Return a moment as Suno writes it: RFC 3339 with milliseconds and a Z."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clip_document(state: TaskState, clip: ClipState) -> dict[str, Json]:
    """Return a clip with the fields and the names of Suno's own API, which Suno-API wrote down."""
    return {
        "id": clip.id,
        "title": state.song.title,
        "handle": "timelesssubgenre031",
        "status": clip.word,
        "user_id": "f6e05d24-6022-4432-bfa7-53df9fdd263e",
        "is_liked": False,
        "metadata": metadata(state, clip),
        "reaction": None,
        "audio_url": audio_url(clip),
        "image_url": image_url(clip),
        "is_public": False,
        "video_url": video_url(clip),
        "created_at": utc_text(state.submitted),
        "is_trashed": False,
        "model_name": REPORTED_MODELS.get(clip.model, clip.model),
        "play_count": 0,
        "display_name": "TimelessSubgenre031",
        "upvote_count": 0,
        "image_large_url": image_url(clip, "_large"),
        "is_video_pending": clip.word in OPEN_CLIP_WORDS,
        "major_model_version": MAJOR_VERSIONS.get(clip.model, "v3"),
    }


def metadata(state: TaskState, clip: ClipState) -> dict[str, Json]:
    """Return what Suno keeps about the making of a clip; most of it is null most of the time."""
    return {
        "tags": state.song.tags,
        "type": "gen",
        "prompt": state.song.lyrics,
        "stream": True,
        "history": None,
        "duration": clip.duration,
        "error_type": "generation_failed" if clip.error else None,
        "error_message": clip.error or None,
        "concat_history": None,
        "refund_credits": True if clip.error else None,
        "audio_prompt_id": None,
        "gpt_description_prompt": state.song.description or None,
    }


def lyrics_document(state: TaskState) -> dict[str, Json]:
    """Return the result of a lyrics task as Suno gave it until 2025."""
    return {"id": state.id, "text": state.song.lyrics, "title": state.song.title, "status": state.text_word}


def newer_lyrics_document(state: TaskState) -> dict[str, Json]:
    """Return the result of a lyrics task as newer Suno gives it: with tags, and without an id."""
    tags: list[Json] = [tag.strip() for tag in state.song.tags.split(",")]
    song = state.song
    return {"tags": tags, "text": song.lyrics, "title": song.title, "status": state.text_word, "error_message": ""}


def content(state: TaskState, *, newer_lyrics: bool = False) -> Json:
    """Return what stands under ``data`` of a task: clips, a text, or null while there is nothing."""
    if state.clips is not None:
        return [clip_document(state, clip) for clip in state.clips]
    if not state.text_word:
        return None
    return newer_lyrics_document(state) if newer_lyrics else lyrics_document(state)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON document and the HTTP status it comes with."""

    document: Json
    status: int = HTTPStatus.OK


class Dialect(ABC):
    """How one gateway puts tasks, ids and errors into JSON; the defaults are those of new-api."""

    name: str
    error_type = "new_api_error"
    batch_limit: int | None = None
    form_bodies_panic = False
    reads_action = True
    wants_secret = False
    """Midjourney is told to those alone who have the key in the header ``mj-api-secret``."""
    tells_quota = True
    """The dashboard's two routes are there, as in one-api."""
    tells_prices = True
    takes_uploads = True
    """There are routes to upload music and to join clips, as at resellers; no stock gateway has them."""
    tells_by_video_route = False
    """``GET /v1/video/generations/ID`` returns every task, also to a key that is limited to models."""

    @abstractmethod
    def task(self, state: TaskState) -> dict[str, Json]:
        """Return a task as this gateway's batch query lists it."""

    def new_id(self, chance: Random, kind: KindName) -> str:  # noqa: ARG002 - some gateways tell kinds apart
        """Return an id of the shape that this gateway gives out."""
        return uuid_from(chance)

    def batch(self, states: Sequence[TaskState], asked: Sequence[str]) -> Answer:
        """Answer a batch query: null when ids were asked for and none was found, as Go encodes a nil slice."""
        tasks: list[Json] = [self.task(state) for state in states[: self.batch_limit]]
        return self.success(tasks if tasks or not asked else None)

    def single(self, state: TaskState) -> Answer:
        """Answer a query for one task that exists."""
        return self.success(self.task(state))

    def unknown_id(self) -> Answer:
        """Answer a query for one task that does not exist, or belongs to another user."""
        return self.task_error("task_not_exist", "task_not_exist")

    def submitted(self, task_id: str) -> Answer:
        """Answer a submission that was accepted."""
        return self.success(task_id)

    def success(self, data: Json) -> Answer:
        """Wrap what was asked for in the envelope."""
        return Answer({"code": "success", "message": "", "data": data})

    def task_error(self, code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
        """Answer with an error of the task layer."""
        return Answer({"code": code, "message": message, "data": None}, status)

    def refusal(self, status: int, message: str, request_id: str, code: str = "") -> Answer:
        """Answer with an error from before the task layer (key, quota, load): another shape, like OpenAI's."""
        error = {"message": f"{message} (request id: {request_id})", "type": self.error_type}
        return Answer({"error": {**error, **self.error_extras(code)}}, status)

    def error_extras(self, code: str) -> dict[str, str]:
        """Return what an error from before the task layer holds beside its message and type."""
        return {"code": code} if code else {}


def short_id(chance: Random, length: int) -> str:
    """Return letters and digits drawn from a seeded chance."""
    return "".join(chance.choices(string.ascii_letters + string.digits, k=length))
