"""The form of a submission as data: its fields, what they come to, and what is known where nobody knows its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.gateway.billing import Charge, Price
from ecovai_tui.gateway.submission import Kind, Submission, Value, concat, limits_of, lyrics, song, upload, warnings_of
from ecovai_tui.language import clauses, later, sentences, tr
from ecovai_tui.store.receipt_file import LONGEST_SENDING, Receipt, State, taken_of_late
from ecovai_tui.tasks.model import Kind as TaskKind
from ecovai_tui.tasks.model import Task, is_id, is_web_address
from ecovai_tui.tasks.times import clock_time, full_time, seconds_of


class Way(StrEnum):
    """How a song begins, in the words of the form."""

    DESCRIBE = later("describe it")
    OWN = later("own lyrics")
    EXTEND = later("extend a clip")
    FILE = later("from a file")
    JOIN = later("join")


class Entry(StrEnum):
    """A field of the form, by the name of its value."""

    ABOUT = "about"
    LYRICS = "lyrics"
    CLIP = "clip"
    SECOND = "second"
    ADDRESS = "address"
    TITLE = "title"
    STYLE = "style"
    MODEL = "model"
    VOICE = "voice"
    LABEL = "label"
    THEN = "then"


_REST = (Entry.LABEL, Entry.THEN)
_SONG = (Entry.TITLE, Entry.STYLE, Entry.MODEL, Entry.VOICE, *_REST)
_OF_WAY = {
    Way.DESCRIBE: (Entry.ABOUT, *_SONG),
    Way.OWN: (Entry.LYRICS, *_SONG),
    Way.EXTEND: (Entry.CLIP, Entry.SECOND, Entry.LYRICS, *_SONG),
    Way.FILE: (Entry.ADDRESS, *_REST),
    Way.JOIN: (Entry.CLIP, *_REST),
}

SUNG, INSTRUMENTAL = later("sung"), "instrumental"
DOWNLOAD = "download"

FORM_KINDS = (Kind.MUSIC, Kind.LYRICS)
"""What the form makes; uploads and joined clips are ways to a song."""


class Form(NamedTuple):
    """The values of the form as they were typed."""

    kind: Kind = Kind.MUSIC
    """One of ``FORM_KINDS``."""
    way: Way = Way.DESCRIBE
    about: str = ""
    lyrics: str = ""
    clip: str = ""
    second: str = ""
    address: str = ""
    title: str = ""
    style: str = ""
    model: str = ""
    voice: str = SUNG
    label: str = ""
    then: str = ""
    """``DOWNLOAD`` where the files are to be kept once they are there."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The fields that it has, from top to bottom."""
        return (Entry.ABOUT, Entry.LABEL) if self.kind is Kind.LYRICS else _OF_WAY[self.way]

    def value(self, entry: Entry) -> str:
        """Return the value of a field."""
        value: str = getattr(self, entry.value)
        return value

    def put(self, entry: Entry, value: str) -> Form:
        """Return the form with another value in a field."""
        return Form(**{**self._asdict(), entry.value: value})

    @property
    def makes(self) -> Kind:
        """What is submitted."""
        ways = {Way.FILE: Kind.UPLOAD, Way.JOIN: Kind.CONCAT}
        return self.kind if self.kind is Kind.LYRICS else ways.get(self.way, Kind.MUSIC)

    @property
    def text(self) -> Entry | None:
        """The field of several lines, None where there is none."""
        return next((entry for entry in (Entry.ABOUT, Entry.LYRICS) if entry in self.entries), None)

    @property
    def draft(self) -> Mapping[str, str]:
        """The values that are kept as a draft, none where nothing was written yet."""
        values = {name: value for name, value in self._asdict().items() if name != "kind" and value}
        return values if values.keys() & _WRITTEN else {}


_WRITTEN = {"about", "lyrics", "clip", "address", "title", "style", "label"}
"""Values without which a draft is not worth keeping."""


def form_of_draft(kind: Kind, draft: Mapping[str, str]) -> Form:
    """Return the form of a draft; what is not a field's value is left out."""
    known = {name: value for name, value in draft.items() if name in Form._fields and name not in {"kind", "way"}}
    way = next((way for way in Way if way == draft.get("way")), Way.DESCRIBE)
    form = Form(kind, way, **known)
    return form if form.voice in {SUNG, INSTRUMENTAL} else form._replace(voice=SUNG)


def form_of_fields(kind: str, fields: Mapping[str, object], label: str = "") -> Form:
    """Return the form of what was sent before; what it has no field for is left out."""
    said = {name: text for name, value in fields.items() if (text := _as_typed(value))}
    told = said.get
    common = Form(title=told("title", ""), style=told("tags", ""), model=told("mv", ""), label=label)
    if fields.get("make_instrumental") is True:
        common = common._replace(voice=INSTRUMENTAL)
    if kind == Kind.LYRICS:
        return Form(Kind.LYRICS, about=told("prompt", ""), label=label)
    if kind == Kind.UPLOAD:
        return Form(way=Way.FILE, address=told("url", ""), label=label)
    if kind == Kind.CONCAT:
        return Form(way=Way.JOIN, clip=told("clip_id", ""), label=label)
    if "continue_clip_id" in said:
        extended = common._replace(way=Way.EXTEND, clip=said["continue_clip_id"], second=told("continue_at", ""))
        return extended._replace(lyrics=told("prompt", ""))
    if "gpt_description_prompt" in said:
        return common._replace(about=said["gpt_description_prompt"])
    return common._replace(way=Way.OWN, lyrics=told("prompt", ""))


def _as_typed(value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if isinstance(value, str) else f"{value:g}" if number else ""


def form_of_task(task: Task, place: int, label: str = "") -> Form:
    """Return the form of what a task was asked for, as far as its clip at a place tells, the first in place of none."""
    clip = task.clips[place] if place < len(task.clips) else next(iter(task.clips), None)
    if task.kind is TaskKind.LYRICS:
        return Form(Kind.LYRICS, about=clip.description if clip else "", label=label)
    if clip is None:
        return Form(title=task.title, style=task.tags, model=task.model, label=label)
    if clip.description:  # title and style are Suno's own then
        return Form(about=clip.description, model=clip.model, label=label)
    common = Form(title=clip.title, style=clip.tags, model=clip.model, label=label)
    return common._replace(way=Way.OWN, lyrics=clip.lyrics) if clip.lyrics else common


class FormError(Exception):
    """What is still missing before the form can be sent, as a sentence, and in which field."""

    def __init__(self, entry: Entry, sentence: str) -> None:
        super().__init__(sentence)
        self.entry = entry


def submission_of(form: Form) -> Submission:
    """Return the request that a form comes to; raises FormError."""
    if form.kind is Kind.LYRICS:
        return lyrics(_written(form.about, Entry.ABOUT, tr("What are the lyrics about?")))
    if form.way is Way.FILE:
        return upload(_address(form))
    if form.way is Way.JOIN:
        return concat(_clip(form, tr("Which extended clip is to be joined with what it extends?")))
    return song(**_fields_of_way(form), title=form.title.strip(), tags=form.style.strip(), mv=form.model.strip())


def _fields_of_way(form: Form) -> dict[str, Value]:
    sung = form.voice != INSTRUMENTAL
    voice: dict[str, Value] = {"make_instrumental": None if sung else True}
    if form.way is Way.DESCRIBE:
        return voice | {"gpt_description_prompt": _written(form.about, Entry.ABOUT, tr("What is the song about?"))}
    if form.way is Way.EXTEND:
        extended: dict[str, Value] = {
            "continue_clip_id": _clip(form, tr("Which clip is to be extended?")),
            "continue_at": _second(form),
        }
        return voice | extended | {"prompt": form.lyrics.strip()}
    if sung or not form.style.strip():
        return voice | {"prompt": _written(form.lyrics, Entry.LYRICS, tr("The lyrics are empty."))}
    return voice | {"prompt": form.lyrics.strip()}


def _written(text: str, entry: Entry, missing: str) -> str:
    if not text.strip():
        raise FormError(entry, missing)
    return text.strip()


def _address(form: Form) -> str:
    address = _written(
        form.address, Entry.ADDRESS, tr("Where does the file lie? The gateway fetches it from https://...")
    )
    if not is_web_address(address):
        raise FormError(
            Entry.ADDRESS, tr("This is no web address. The gateway itself fetches the file, from https://...")
        )
    return address


def _clip(form: Form, missing: str) -> str:
    clip = _written(form.clip, Entry.CLIP, missing)
    if not is_id(clip):
        raise FormError(Entry.CLIP, tr("This cannot be the id of a clip."))
    return clip


def _second(form: Form) -> float:
    seconds = seconds_of(_written(form.second, Entry.SECOND, tr("From which second on, as 80 or 1:20?")))
    if seconds is None:
        raise FormError(Entry.SECOND, tr("The second is written as 80 or 1:20."))
    return int(seconds) if seconds == int(seconds) else seconds


_LIMITED = {Entry.ABOUT: "gpt_description_prompt", Entry.LYRICS: "prompt", Entry.TITLE: "title", Entry.STYLE: "tags"}
"""The field of the request whose limit holds."""


class Count(NamedTuple):
    """How many characters a text has, and how many the model takes."""

    written: int
    most: int

    @property
    def over(self) -> bool:
        """Whether it is too long."""
        return self.written > self.most

    @property
    def text(self) -> str:
        """It as ``96 of 500``."""
        return tr("{done} of {whole}", done=f"{self.written:,}", whole=f"{self.most:,}")

    @property
    def short_text(self) -> str:
        """It as ``96 / 500``."""
        return f"{self.written:,} / {self.most:,}"


def count_of(form: Form, entry: Entry) -> Count | None:
    """Return how long the text of a field is against the limit of the model; None for a field without a limit."""
    if entry not in _LIMITED or form.kind is Kind.LYRICS:
        return None
    limits: dict[str, int] = limits_of(form.model.strip())._asdict()
    return Count(len(form.value(entry).strip()), limits[_LIMITED[entry]])


def length_of(model: str) -> str:
    """Return how long a song of a model is at most."""
    return tr("{n} minutes at most.", n=limits_of(model).minutes)


def models_used(receipts: Iterable[Receipt], models: Iterable[str]) -> Sequence[str]:
    """Return the models to offer, each once: those of receipts, then those of tasks, the newest first of both."""
    sent = (receipt.fields.get("mv") for receipt in sorted(receipts, key=lambda each: -each.at))
    named = [model for model in sent if isinstance(model, str)]
    return list(dict.fromkeys(filter(None, [*named, *models])))


def model_beside(models: Sequence[str], model: str) -> str:
    """Return the model behind this one, the first behind the last and for one that nobody has used."""
    if not models:
        return model
    return models[(models.index(model) + 1) % len(models)] if model in models else models[0]


def cost_line(form: Form, price: Price | None, left: float | None) -> str:
    """Return what comes of it and what it costs of what is left, as far as both are known."""
    made = {Kind.MUSIC: tr("2 clips"), Kind.LYRICS: tr("1 text")}.get(form.makes, tr("1 clip"))
    cost = rest = "" if left is None else tr("{n:.2f} left", n=left)
    if price is not None and rest:
        cost = tr("about ${amount:.2f} of {rest}", amount=price.amount, rest=rest)
    elif price is not None:
        cost = tr("about ${amount:.2f}", amount=price.amount)
    return clauses(made, cost, tr("sent once"))


class Repetition(NamedTuple):
    """What went out a short while ago and is the same, or nearly so."""

    receipt: Receipt
    exact: bool

    def warning(self, now: float) -> str:
        """Return it as a sentence, its time by the local clock."""
        told = later("The same went out at {moment}.") if self.exact else later("Almost the same went out at {moment}.")
        moment = clock_time(self.receipt.at, now)
        if self.receipt.title:
            moment = tr("{moment} ({title})", moment=moment, title=self.receipt.title)
        return tr(told, moment=moment)


def repetition_of(submission: Submission, receipts: Iterable[Receipt], gateway: str, now: float) -> Repetition | None:
    """Return what was sent of late with the same text, the very same before what only is alike."""
    of_late = [receipt for receipt in receipts if taken_of_late(receipt, gateway, now)]
    exact = [receipt for receipt in of_late if receipt.request.digest == submission.digest]
    core = _core(submission.kind, submission.fields)
    alike = [receipt for receipt in of_late if _core(receipt.request.kind, receipt.fields) == core]
    found = exact or alike
    return Repetition(found[-1], bool(exact)) if found else None


def _core(kind: str, fields: Mapping[str, object]) -> tuple[object, ...]:
    """Return what makes a submission the same for people: its text, whatever its case and blanks, and its clip."""
    texts = (fields.get(name) for name in ("gpt_description_prompt", "prompt", "url", "clip_id"))
    read = tuple(" ".join(text.split()).casefold() if isinstance(text, str) else "" for text in texts)
    return str(kind), *read, fields.get("continue_clip_id"), fields.get("continue_at")


def warnings_before(submission: Submission, repetition: Repetition | None, now: float) -> Iterator[str]:
    """Yield what is to be known before money is spent, a line each, the gravest first."""
    if repetition is not None:
        yield sentences(repetition.warning(now), tr("Send will ask first."))
    yield from warnings_of(submission)


EARLY = 10.0
"""Seconds by which the gateway's clock may be behind ours."""


def unknown_ones(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the receipts whose outcome is unknown."""
    return [receipt for receipt in receipts if receipt.state is State.UNKNOWN]


def what_of(receipt: Receipt) -> str:
    """Return what it was to make."""
    names = {
        Kind.MUSIC: tr("Song"),
        Kind.LYRICS: tr("Lyrics"),
        Kind.UPLOAD: tr("Upload"),
        Kind.CONCAT: tr("Joined clip"),
    }
    return next((name for kind, name in names.items() if kind == receipt.request.kind), tr("Submission"))


def used_in_words(before: float, after: float) -> str:
    """Return what the key's use before and after says of a submission whose outcome is unknown."""
    told = later(
        "The key had used {before:.2f} before and {after:.2f} after it, in the units of the site: something was "
        "charged."
    )
    if after <= before:
        told = later(
            "The key had used {before:.2f} before and {after:.2f} after it, in the units of the site: nothing was "
            "charged by then."
        )
    return tr(told, before=before, after=after)


def charges_about(receipt: Receipt, charges: Sequence[Charge]) -> Iterator[str]:
    """Yield what was charged from when it was sent until its answer would have come at the latest."""
    since, until = receipt.at - EARLY, receipt.at + LONGEST_SENDING
    for charge in charges:
        if since <= charge.at <= until:
            yield tr(
                "{model} was charged {n:,.0f} units at {moment}.",
                model=charge.model,
                n=charge.quota,
                moment=full_time(charge.at),
            )
