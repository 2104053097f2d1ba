"""The form of a submission: what it comes to, and what is said of it before it is paid."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ecovai_tui.gateway.billing import Price
from ecovai_tui.gateway.submission import Kind, Submission, lyrics, song
from ecovai_tui.store.receipt_file import Receipt, Request, State
from ecovai_tui.tasks.model import Clip, Phase, Task
from ecovai_tui.tasks.model import Kind as TaskKind
from ecovai_tui.view.submission_form import (
    INSTRUMENTAL,
    Entry,
    Form,
    FormError,
    Way,
    cost_line,
    count_of,
    form_of_draft,
    form_of_fields,
    form_of_task,
    length_of,
    model_beside,
    models_used,
    repetition_of,
    submission_of,
    warnings_before,
)

NOW, HERE = 1_800_000_000.0, "https://g.example"
LYRICS = Kind.LYRICS


def sent(submission: Submission, ago: float = 60, state: State = State.ACCEPTED, gateway: str = HERE) -> Receipt:
    request = Request(submission.kind, submission.path, submission.body, submission.digest, gateway)
    return Receipt(1, NOW - ago, request, state)


@pytest.mark.parametrize(
    ("form", "path", "fields"),
    [
        (
            Form(about=" rain ", model="chirp-v5", style="slow"),
            "/suno/submit/music",
            {"tags": "slow", "mv": "chirp-v5", "gpt_description_prompt": "rain"},
        ),
        (
            Form(way=Way.OWN, lyrics="[Verse]\nRain\n", title="Rain", about="not this"),
            "/suno/submit/music",
            {"prompt": "[Verse]\nRain", "title": "Rain"},
        ),
        (
            Form(way=Way.OWN, style="piano", voice=INSTRUMENTAL),
            "/suno/submit/music",
            {"tags": "piano", "make_instrumental": True},
        ),
        (
            Form(way=Way.EXTEND, clip="c-1", second="1:20", lyrics="More"),
            "/suno/submit/music",
            {"prompt": "More", "continue_clip_id": "c-1", "continue_at": 80},
        ),
        (Form(way=Way.FILE, address="https://a.example/a.mp3"), "/suno/uploads/audio-url", None),
        (Form(way=Way.JOIN, clip="c-1"), "/suno/submit/concat", {"clip_id": "c-1", "is_infill": False}),
        (Form(LYRICS, Way.JOIN, about="rain"), "/suno/submit/lyrics", {"prompt": "rain"}),
    ],
)
def test_each_way_is_one_request(form: Form, path: str, fields: Mapping[str, object] | None) -> None:
    submission = submission_of(form)
    assert submission.path == path
    assert submission.fields == (fields or {"url": "https://a.example/a.mp3"})


@pytest.mark.parametrize(
    ("form", "entry"),
    [
        (Form(), Entry.ABOUT),
        (Form(LYRICS, about=" \n"), Entry.ABOUT),
        (Form(way=Way.OWN), Entry.LYRICS),
        (Form(way=Way.OWN, voice=INSTRUMENTAL), Entry.LYRICS),
        (Form(way=Way.EXTEND), Entry.CLIP),
        (Form(way=Way.EXTEND, clip="two words"), Entry.CLIP),
        (Form(way=Way.EXTEND, clip="c"), Entry.SECOND),
        (Form(way=Way.EXTEND, clip="c", second="soon"), Entry.SECOND),
        (Form(way=Way.FILE, address="a.mp3"), Entry.ADDRESS),
        (Form(way=Way.JOIN), Entry.CLIP),
    ],
)
def test_what_is_missing_is_named_with_its_field(form: Form, entry: Entry) -> None:
    with pytest.raises(FormError) as caught:
        submission_of(form)
    assert caught.value.entry is entry


def test_a_form_comes_back_from_its_draft_whatever_else_stands_there() -> None:
    form = Form(way=Way.OWN, lyrics="[Verse]", voice=INSTRUMENTAL)
    assert form_of_draft(Kind.MUSIC, form.draft) == form
    assert form_of_draft(Kind.MUSIC, {"way": "no way", "voice": "?", "other": "x", "kind": "x"}) == Form()


@pytest.mark.parametrize(
    "form",
    [
        Form(about="rain", model="chirp-v5", style="slow", label="take 1"),
        Form(way=Way.OWN, lyrics="[Verse]\nRain", title="Rain", voice=INSTRUMENTAL),
        Form(way=Way.EXTEND, clip="c-1", second="80.5", lyrics="More"),
        Form(way=Way.FILE, address="https://a.example/a.mp3"),
        Form(way=Way.JOIN, clip="c-1"),
        Form(LYRICS, about="rain"),
    ],
)
def test_what_was_sent_comes_back_into_the_form(form: Form) -> None:
    sent_before = submission_of(form)
    assert form_of_fields(sent_before.kind, sent_before.fields, form.label) == form


def test_what_is_known_of_a_task_comes_into_the_form() -> None:
    described = Clip("c-1", Phase.FAILED, title="Suno's", tags="Suno's", model="chirp-v5", description="rain")
    written = Clip("c-2", Phase.FAILED, title="Rain", tags="slow", lyrics="[Verse]")
    task = Task("t", TaskKind.MUSIC, Phase.FAILED, clips=(described, written))
    assert form_of_task(task, 0, "take 1") == Form(about="rain", model="chirp-v5", label="take 1")
    assert form_of_task(task, 1) == Form(way=Way.OWN, title="Rain", style="slow", lyrics="[Verse]")
    assert form_of_task(Task("t", TaskKind.LYRICS, Phase.FAILED), 0) == Form(LYRICS)


def test_nothing_written_is_no_draft() -> None:
    assert Form(model="chirp-v5", way=Way.JOIN).draft == {}


def test_texts_are_counted_in_characters_against_the_limit_of_the_model() -> None:
    form = Form(about="港" * 96, style="x" * 201, lyrics="y" * 3001, model="chirp-v4")
    about, style, words = (count_of(form, entry) for entry in (Entry.ABOUT, Entry.STYLE, Entry.LYRICS))
    assert about is not None
    assert (about.text, about.short_text, about.over) == ("96 of 500", "96 / 500", False)
    assert style is not None
    assert style.over
    assert words is not None
    assert words.text == "3,001 of 3,000"
    assert count_of(form, Entry.LABEL) is None
    assert (length_of("chirp-v4"), length_of("chirp-v5")) == ("4 minutes at most.", "8 minutes at most.")


def test_models_are_those_that_were_used_and_come_round() -> None:
    receipts = [sent(song(prompt="a", mv="chirp-v4"), 90), sent(song(prompt="b", mv="chirp-v5"), 60), sent(lyrics("c"))]
    models = models_used(receipts, ["chirp-v4", "", "chirp-auk"])
    assert models == ["chirp-v5", "chirp-v4", "chirp-auk"]
    assert [model_beside(models, model) for model in ("", "chirp-v5", "chirp-auk", "mine")] == [
        "chirp-v5", "chirp-v4", "chirp-v5", "chirp-v5",
    ]  # fmt: skip
    assert model_beside([], "mine") == "mine"


@pytest.mark.parametrize(
    ("form", "price", "left", "told"),
    [
        (Form(), Price(0.1, {}), 12.4, "2 clips, about $0.10 of 12.40 left, sent once"),
        (Form(), Price(0.1, {}), None, "2 clips, about $0.10, sent once"),
        (Form(), None, 12.4, "2 clips, 12.40 left, sent once"),
        (Form(way=Way.FILE), None, None, "1 clip, sent once"),
        (Form(LYRICS, Way.FILE), Price(0.01, {}), None, "1 text, about $0.01, sent once"),
    ],
)
def test_what_it_costs_is_said_as_far_as_it_is_known(
    form: Form, price: Price | None, left: float | None, told: str
) -> None:
    assert cost_line(form, price, left) == told


def test_the_same_text_is_warned_of_also_where_the_rest_differs() -> None:
    before = sent(song(prompt="Rain  on\ntin", title="Harbour Lights", mv="chirp-v4"))
    other = song(prompt="rain on TIN", title="Other", mv="chirp-v5")
    found = repetition_of(other, [before], HERE, NOW)
    assert found is not None
    assert not found.exact
    [first, *_] = warnings_before(other, found, NOW)
    assert first.startswith("Almost the same went out at ")
    assert first.endswith(" (Harbour Lights). Send will ask first.")
    exact = repetition_of(song(prompt="Rain  on\ntin", title="Harbour Lights", mv="chirp-v4"), [before], HERE, NOW)
    assert exact is not None
    assert exact.exact


@pytest.mark.parametrize(
    "before",
    [
        sent(song(prompt="rain"), ago=601),
        sent(song(prompt="rain"), state=State.REFUSED),
        sent(song(prompt="rain"), gateway="https://other.example"),
        sent(song(prompt="rain", continue_clip_id="c")),
        sent(lyrics("rain")),
        sent(song(prompt="snow")),
    ],
)
def test_what_is_no_repetition_is_not_warned_of(before: Receipt) -> None:
    assert repetition_of(song(prompt="rain"), [before], HERE, NOW) is None
