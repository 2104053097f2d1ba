"""A reply is read in whatever charset it is, told rightly, wrongly or not at all."""

from __future__ import annotations

import encodings.aliases
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.gateway.fields import NO_TEXT, text_of

TITLE = "夜曲：春江花月夜"
TRADITIONAL = "夜曲：愛情轉移"
REPLY = {"code": "success", "message": "", "data": [{"task_id": "t1", "status": "SUCCESS", "data": [{"title": TITLE}]}]}

TOLD = [
    ("utf-8", ""),
    ("utf-8", "charset=utf-8"),
    ("utf-8-sig", ""),
    ("utf-16", ""),
    ("utf-16", "charset=utf-16"),
    ("utf-16", "charset=utf-8"),
    ("utf-16-le", ""),
    ("utf-16-be", ""),
    ("utf-16-le", "charset=utf-16"),
    ("utf-16-be", "charset=utf-16"),
    ("utf-16-le", "charset=UTF-16LE"),
    ("utf-16-be", "charset=utf-16be"),
    ("utf-16-be", "charset=utf-16le"),
    ("utf-16-le", "charset=gbk"),
    ("utf-32", ""),
    ("utf-32-le", ""),
    ("utf-32-be", "charset=utf-8"),
    ("gbk", ""),
    ("gbk", "charset=gbk"),
    ("gbk", "charset=GB2312"),
    ("gbk", "charset=gb18030"),
    ("gbk", "charset=x-gbk"),
    ("gbk", "charset=cp936"),
    ("gbk", "charset=utf-8"),
    ("gbk", "charset=utf8"),
    ("gbk", "charset=us-ascii"),
    ("gbk", "charset=nonsense"),
    ("gbk", "charset=utf-16"),
    ("gbk", 'charset="gbk"; boundary=x'),
    ("gbk", "CharSet = 'gbk'"),
    ("gb18030", ""),
    ("gb18030", "charset=gb2312"),
    ("big5", "charset=big5"),
    ("big5", "charset=Big5-HKSCS"),
    ("utf-8", "charset=gbk"),
    ("utf-8", "charset=gb18030"),
    ("utf-8", "charset=big5"),
    ("utf-8", "charset=iso-8859-1"),
    ("utf-8", "charset=utf-16"),
    ("utf-8", "charset=hex"),
]


@pytest.mark.parametrize(("charset", "told"), TOLD)
def test_a_reply_is_read_in_its_charset_whatever_is_told(charset: str, told: str) -> None:
    title = TRADITIONAL if charset == "big5" else TITLE
    body = json.dumps({"title": title}, ensure_ascii=False).encode(charset)
    assert json.loads(text_of(body, f"application/json; {told}").removeprefix("\ufeff")) == {"title": title}


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030", "utf-8-sig"])
def test_a_task_is_read_in_any_charset(charset: str) -> None:
    (task,) = read_batch(json.dumps(REPLY, ensure_ascii=False).encode(charset), 200, {})
    assert [clip.title for clip in task.clips] == [TITLE]


def test_a_letter_of_gb18030_that_takes_four_bytes_is_read() -> None:
    assert text_of('{"title": "夜曲 🎵"}'.encode("gb18030")) == '{"title": "夜曲 🎵"}'


@pytest.mark.parametrize("word", ["冒", "美冒", "冒险", "联通", "愛", "你好"])
def test_a_short_word_of_gbk_is_believed_where_it_is_told_although_it_may_look_like_utf_8(word: str) -> None:
    assert text_of(f'{{"title": "{word}"}}'.encode("gbk"), "text/html; charset=gb2312") == f'{{"title": "{word}"}}'


@pytest.mark.parametrize("word", ["Café", "Привет", "Ωδή", "夜", "🎵", ""])
@pytest.mark.parametrize("told", ["", "charset=utf-8", "charset=iso-8859-1", "charset=windows-1252"])
def test_what_is_utf_8_stays_so_where_no_pairs_of_bytes_are_told(word: str, told: str) -> None:
    assert text_of(word.encode(), told) == word


def test_latin_that_is_told_is_read_as_such() -> None:
    assert text_of("Cafés créées – 10 €".encode("cp1252"), "text/plain; charset=ISO-8859-1") == "Cafés créées – 10 €"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"title":"夜曲月夜'.encode()[:-1] + b'"}', '{"title":"夜曲月\ufffd"}'),
        ('{"title":"夜曲月夜'.encode()[:-2] + b'"}', '{"title":"夜曲月\ufffd"}'),
        ('{"title":"夜曲月夜'.encode()[:-2], '{"title":"夜曲月\ufffd'),
        ('{"title":"Привет'.encode()[:-1] + b'"}', '{"title":"Приве\ufffd"}'),
        ('{"title":"夜曲月夜'.encode("gbk")[:-1] + b'"}', '{"title":"夜曲月\ufffd"}'),
        ('{"title":"夜曲月夜'.encode("gbk")[:-1], '{"title":"夜曲月\ufffd'),
        ('{"title":"夜曲"}'.encode("utf-16-le")[:-1], '{"title":"夜曲"\ufffd'),
        ('{"title":"夜曲"}'.encode("utf-16-be")[:-1], '{"title":"夜曲"\ufffd'),
        ('{"title":"夜曲"}'.encode("utf-16")[:-3], '{"title":"夜曲\ufffd'),
        ('{"title":"夜'.encode("utf-16-le") + b"\x3c\xd8" + '"}'.encode("utf-16-le"), '{"title":"夜\ufffd"}'),
        ('{"title":"夜曲"}'.encode("utf-32-le")[:-2], '{"title":"夜曲"\ufffd'),
        (b"the upstream is gone \xff for now", "the upstream is gone \ufffd for now"),
        (b"\xe9 noir", "\ufffd noir"),
        (b"\xff\xfe", ""),
        (b"\0\0", "\0\0"),
        (b'\0{"a":"b"}\0', '\0{"a":"b"}\0'),
        (b'{"title":"\0x"}', '{"title":"\0x"}'),
    ],
)
def test_what_is_cut_or_damaged_costs_no_more_than_that(body: bytes, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(("told", "least"), [("", 20), ("charset=utf-8", 20), ("charset=gbk", 30)])
def test_utf_8_that_is_cut_stays_so_also_where_gbk_is_told(told: str, least: int) -> None:
    body = json.dumps({"title": TITLE * 3}, ensure_ascii=False).encode()
    for length in range(least, len(body)):
        assert text_of(body[:length], told).rstrip(NO_TEXT) == body[:length].decode("utf-8", "ignore")


@pytest.mark.parametrize(
    "garbage", [b"\x89PNG\x1a\xff\xfe\xfd\xfc", bytes(range(128, 256)), b"\x1f\x8b\x08\xee\xdd\xcc"]
)
def test_what_is_no_text_is_not_taken_for_chinese(garbage: bytes) -> None:
    assert text_of(garbage) == garbage.decode("utf-8", "replace")


CHARSETS = sorted({*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "idna", "punycode", "undefined"})


@pytest.mark.parametrize(
    "name", [*CHARSETS, "unicode_escape", "raw_unicode_escape", "mbcs", "aliases", "x" * 5000, ".."]
)
def test_no_name_of_a_charset_is_a_fault(name: str) -> None:
    for body in (TITLE.encode("gbk"), b"\\N{x} \xff\\x", bytes(range(256)), b""):
        text_of(body, f"text/html; charset={name}").encode()


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_bytes_and_no_header_are_a_fault(body: bytes, told: str) -> None:
    text_of(body, told).encode()
    text_of(body, f"text/html; charset={told}").encode()


COMMON = st.text(st.characters(codec="gb2312", min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40)


@given(COMMON, st.sampled_from(["gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32-be", "utf-8"]))
def test_what_is_told_is_read(title: str, charset: str) -> None:
    text = json.dumps({"title": title}, ensure_ascii=False)
    assert text_of(text.encode(charset), f"application/json; charset={charset}") == text


@given(COMMON, st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8", "utf-8-sig"]))
def test_unicode_is_read_whatever_is_told(title: str, charset: str) -> None:
    text = json.dumps({"title": title}, ensure_ascii=False)
    for told in ("", "gbk", "big5", "utf-8", "utf-16", "iso-8859-1"):
        assert text_of(text.encode(charset), f"application/json; charset={told}") == text
