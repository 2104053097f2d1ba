"""The fields of submissions, what their texts mean, and what is said before money is spent."""

from __future__ import annotations

import pytest

from ecovai_tui.gateway.submission import LIMITS, Value, limits_of, lyrics, song, value_of, warnings_of


def test_the_same_fields_have_the_same_digest_in_whatever_order_they_came() -> None:
    assert song(title="a", prompt="b").digest == song(prompt="b", title="a", tags="", mv=None).digest
    assert song(prompt="b").digest != song(prompt="c").digest
    assert song(prompt="b").digest != lyrics("b").digest


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "1984", "1984"),
        ("continue_at", "80.5", 80.5),
        ("make_instrumental", "true", True),
        ("is_remix", "true", True),
        ("weight", "0.5", 0.5),
        ("metadata", '{"a": [1]}', {"a": [1]}),
        ("voice", "low", "low"),
        ("voice", "null", "null"),
    ],
)
def test_a_text_has_the_type_of_its_field(name: str, text: str, value: Value) -> None:
    assert value_of(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"), [("continue_at", "soon"), ("continue_at", "true"), ("make_instrumental", "1")]
)
def test_a_text_that_is_no_value_of_its_field_is_an_error(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"number|true or false"):
        value_of(name, text)


@pytest.mark.parametrize("model", ["", *LIMITS, "chirp-of-tomorrow"])
@pytest.mark.parametrize("name", ["prompt", "tags", "title", "gpt_description_prompt"])
def test_characters_are_counted_against_the_limit_of_the_model(model: str, name: str) -> None:
    most = getattr(limits_of(model), name)
    just, over = song(**{name: "灯" * most, "mv": model}), song(**{name: "灯" * (most + 1), "mv": model})
    assert list(warnings_of(just)) == []
    [warning] = warnings_of(over)
    assert f"{most + 1:,} characters" in warning
    assert f"{most:,}" in warning


@pytest.mark.parametrize("name", ["task", "cover_clip_id", "negative_tags", "persona_id", "infill_start_s", "novelty"])
def test_a_field_that_stock_gateways_drop_is_warned_of(name: str) -> None:
    [warning] = warnings_of(song(prompt="a", **{name: "x"}))
    assert name in warning
    assert "without a word" in warning


def test_a_description_makes_gateways_ignore_the_rest() -> None:
    [warning] = warnings_of(song(gpt_description_prompt="a", title="b", tags="c"))
    assert "title and style" in warning


def test_extending_needs_the_task_at_many_gateways() -> None:
    assert "task_id" in next(warnings_of(song(continue_clip_id="a", continue_at=1)))
    assert list(warnings_of(song(continue_clip_id="a", continue_at=1, task_id="t"))) == []
