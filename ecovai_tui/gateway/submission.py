"""What can be submitted: the kinds, their fields and limits as data, and the request that they come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from ecovai_tui.language import later, listed, tr

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"


class Kind(StrEnum):
    """What one submission makes."""

    MUSIC = later("music")
    LYRICS = later("lyrics")
    UPLOAD = later("upload")
    CONCAT = later("concat")


PATHS = {
    Kind.MUSIC: "/suno/submit/music",
    Kind.LYRICS: "/suno/submit/lyrics",
    Kind.UPLOAD: "/suno/uploads/audio-url",
    Kind.CONCAT: "/suno/submit/concat",
}

PRICED_AS = {Kind.MUSIC: "suno_music", Kind.LYRICS: "suno_lyrics"}
"""The model under which new-api lists the price; resellers have no common name for the others."""


class Field(NamedTuple):
    """A field of the request for a song."""

    name: str
    type: type[str | float | bool] = str
    in_words: str = ""
    kept_by_stock: bool = True
    """Stock new-api and one-hub pass it on; they drop what they do not know without a word (read in their sources)."""


SONG_FIELDS = (
    Field("prompt", in_words=later("lyrics")),
    Field("title", in_words=later("title")),
    Field("tags", in_words=later("style")),
    Field("mv", in_words=later("model")),
    Field("gpt_description_prompt", in_words=later("description")),
    Field("make_instrumental", bool),
    Field("continue_clip_id"),
    Field("continue_at", float),
    Field("task_id"),
    Field("task", kept_by_stock=False),
    Field("cover_clip_id", kept_by_stock=False),
    Field("persona_id", kept_by_stock=False),
    Field("negative_tags", kept_by_stock=False),
    Field("infill_start_s", float, kept_by_stock=False),
    Field("infill_end_s", float, kept_by_stock=False),
    Field("generation_type", kept_by_stock=False),
    Field("notify_hook", kept_by_stock=False),
)
"""The fields of a song that gateways of this family document."""

_BY_NAME = {field.name: field for field in SONG_FIELDS}


class Limits(NamedTuple):
    """How many characters a model takes, and how long its songs are; gateways check none of it, Suno does."""

    minutes: int
    """The longest song."""
    prompt: int
    tags: int
    title: int
    gpt_description_prompt: int = 500
    """Some take 3,000; what is longer than 500 is refused or cut by others."""


_SHORT, _LONG = Limits(4, 3000, 200, 80), Limits(8, 5000, 1000, 100)

LIMITS = {
    "chirp-v3-0": _SHORT,
    "chirp-v3-5": _SHORT,
    "chirp-v4": _SHORT,
    "chirp-auk": _LONG,
    "chirp-v4-5": _LONG,
    "chirp-bluejay": _LONG,
    "chirp-crow": _LONG,
    "chirp-v5": _LONG,
    "chirp-fenix": _LONG,
    "chirp-v5-5": _LONG,
}
"""By what stands in ``mv`` (documentation of resellers, 2025 and 2026)."""


def limits_of(model: str) -> Limits:
    """Return the limits of a model: without a name those of old, since gateways then take chirp-v3; else the newest."""
    return LIMITS.get(model, _LONG) if model else _SHORT


class Submission(NamedTuple):
    """One paid request."""

    kind: Kind
    fields: Mapping[str, Value]

    @property
    def path(self) -> str:
        """Where it goes, below the gateway's address."""
        return PATHS[self.kind]

    @property
    def body(self) -> str:
        """The JSON that is sent; the same fields always give the same text."""
        return json.dumps(self.fields, ensure_ascii=False, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """The SHA-256 of path and body, by which the same request is found again."""
        return sha256(f"{self.path}\n{self.body}".encode()).hexdigest()


def song(**fields: Value) -> Submission:
    """Return a song of the fields that are not None or empty, in the order of ``SONG_FIELDS``, others behind them."""
    said = {name: value for name, value in fields.items() if value is not None and value != ""}
    known = {name: said[name] for name in _BY_NAME if name in said}
    return Submission(Kind.MUSIC, known | said)


def lyrics(topic: str) -> Submission:
    """Return a request for lyrics about a topic."""
    return Submission(Kind.LYRICS, {"prompt": topic})


def upload(url: str) -> Submission:
    """Return a request to fetch a file of music from an address."""
    return Submission(Kind.UPLOAD, {"url": url})


def concat(clip: str) -> Submission:
    """Return a request to join an extended clip with what it extends."""
    return Submission(Kind.CONCAT, {"clip_id": clip, "is_infill": False})


def clip_of_unknown_task(submission: Submission) -> str | None:
    """Return the clip that is to be extended, where the task that made it is not named; else None."""
    clip = submission.fields.get("continue_clip_id")
    return clip if isinstance(clip, str) and "task_id" not in submission.fields else None


def with_task(submission: Submission, task_id: str | None) -> Submission:
    """Return an extension with the id of the task that made the clip, where that is known."""
    return submission._replace(fields={**submission.fields, "task_id": task_id}) if task_id else submission


def value_of(name: str, text: str) -> Value:
    """Return what a text means as the value of a field; ValueError where the field cannot have it.

    What nobody knows counts as JSON where it is a number, a truth value, a list or an object, else as text.
    """
    field = _BY_NAME.get(name)
    if field is not None and field.type is str:
        return text
    try:
        value: Value = json.loads(text)
    except ValueError:
        value = text
    if field is None:
        return text if value is None else value
    fits = isinstance(value, bool) if field.type is bool else isinstance(value, int | float)
    if not fits or isinstance(value, bool) != (field.type is bool):
        raise ValueError(tr("true or false") if field.type is bool else tr("a number"))
    return value


def warnings_of(submission: Submission) -> Iterator[str]:
    """Yield what should be known before money is spent, a sentence each."""
    if submission.kind is not Kind.MUSIC:
        return
    yield from _too_long(submission.fields)
    yield from _dropped(submission.fields)
    yield from _outdone(submission.fields)
    if submission.fields.get("continue_clip_id") and not submission.fields.get("task_id"):
        yield tr("Many gateways extend a clip only if task_id names the task that made it.")


def _too_long(fields: Mapping[str, Value]) -> Iterator[str]:
    model = fields.get("mv")
    limits = limits_of(model if isinstance(model, str) else "")._asdict()
    for name, most in limits.items():
        value = fields.get(name)
        if isinstance(value, str) and len(value) > most:
            yield tr(
                "{field}: {n:,} characters, of which {model} takes {most:,}; the rest may be cut off, or all of it "
                "refused.",
                field=tr(_BY_NAME[name].in_words).capitalize(),
                n=len(value),
                model=model or tr("the default model"),
                most=most,
            )


def _dropped(fields: Mapping[str, Value]) -> Iterator[str]:
    dropped = [name for name in fields if name not in _BY_NAME or not _BY_NAME[name].kept_by_stock]
    if dropped:
        yield tr(
            "Stock gateways drop {names} without a word, and make an ordinary song, which is paid: send it "
            "only where the pages of this gateway name it.",
            names=listed(dropped),
        )


def _outdone(fields: Mapping[str, Value]) -> Iterator[str]:
    others = [tr(_BY_NAME[name].in_words) for name in ("prompt", "title", "tags") if fields.get(name)]
    if fields.get("gpt_description_prompt") and others:
        yield tr("With a description, gateways take no heed of the {names}.", names=listed(others))
