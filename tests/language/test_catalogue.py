"""The Chinese catalogue is whole, and each of its texts takes the same values as the English one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from support.catalogues import SOURCE, Chinese, Entry, entries

import ecovai_tui
from ecovai_tui import language

PACKAGE = Path(ecovai_tui.__path__[0])
ENTRIES = entries()
TEXTS = {"tr": (0,), "later": (0,), "said": (0,), "tr_n": (0, 1), "Action": (2, 3)}
"""The functions with texts for people, and which of their arguments those are; the two of ``tr_n`` are one message."""


def texts_of(file: Path) -> Iterator[str]:
    """Yield the texts for people in a module, of those about a number the one about one thing."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and name in TEXTS:
            told = [node.args[place] for place in TEXTS[name][: 1 if name == "tr_n" else None]]
            yield from (each.value for each in told if isinstance(each, ast.Constant) and each.value)


def test_it_has_the_texts_of_the_code_and_no_others() -> None:
    in_code = {text for file in PACKAGE.rglob("*.py") for text in texts_of(file)}
    in_catalogue = {entry.one for entry in ENTRIES}
    assert in_code - in_catalogue == set(), "Run: python docs/compile_catalogues.py, and translate what is new"
    assert in_catalogue - in_code == set(), "Run: python docs/compile_catalogues.py"


def test_nothing_is_untranslated_or_doubtful() -> None:
    assert [entry.one for entry in ENTRIES if entry.fuzzy or not all(entry.texts) or len(entry.texts) != 1] == []


def values_in(text: str) -> set[str]:
    """Return what is put into a text: names in braces, and the places of argparse."""
    named = {f"{name}:{how}" for _, name, _, how in Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%(?:\(\w+\))?[sr]", text))


def is_put_into(entry: Entry) -> bool:
    """Return whether a text takes values: those that do not may hold any braces."""
    try:
        return bool(values_in(entry.one))
    except ValueError:
        return False


def test_each_text_takes_the_same_values() -> None:
    told = [entry for entry in ENTRIES if is_put_into(entry)]
    values = {entry.one: values_in(entry.one) | values_in(entry.many) for entry in told}
    assert {entry.one: entry.texts for entry in told if values_in(entry.texts[0]) != values[entry.one]} == {}


def test_signs_are_those_of_chinese_text() -> None:
    """A sign between two ideographs is of full width, and no blank stands between them."""
    in_a_filter = re.compile(r"\b(?:状态|备注|模型|风格|任务|歌词):(?=\w|\Z| )")
    wrong = re.compile(r"[\u4e00-\u9fff](?:[,;:?!]|\.(?!\.)| (?=[\u4e00-\u9fff]))[\u4e00-\u9fff]?")
    assert {
        entry.texts[0]
        for entry in ENTRIES
        if "\n" not in entry.texts[0] and wrong.search(in_a_filter.sub("", entry.texts[0]))
    } <= {"歌词 图片 视频"}


@pytest.mark.parametrize(
    ("setting", "variables", "chosen"),
    [
        ("auto", {}, "en"),
        ("auto", {"LANG": "C.UTF-8"}, "en"),
        ("auto", {"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ("auto", {"LANG": "zh_SG"}, "zh-CN"),
        ("auto", {"LANG": "zh_TW.UTF-8"}, "zh-CN"),
        ("auto", {"LANG": "zh"}, "zh-CN"),
        ("auto", {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ("auto", {"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "C", "LANG": "C"}, "zh-CN"),
        ("auto", {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("zh-CN", {"LANG": "C"}, "zh-CN"),
    ],
)
def test_the_setting_goes_before_the_locale(setting: str, variables: dict[str, str], chosen: str) -> None:
    assert language.choose_language(setting, variables) == chosen


def test_english_has_no_catalogue() -> None:
    language.set_language("en")
    assert language.is_english()
    assert language.tr("{n} files", n=3) == "3 files"
    assert [language.tr_n("{n} file", "{n} files", n) for n in (1, 2)] == ["1 file", "2 files"]


def test_a_text_is_said_in_chinese() -> None:
    language.use_catalogue(Chinese())
    try:
        assert language.tr("{n} files", n=3) == "3 个文件"
        assert language.tr_n("{n} task", "{n} tasks", 1) == "1 个任务"
        assert language.sentences("甲。", "", "乙。") == "甲。乙。"
        assert language.listed(["甲", "乙", "丙"]) == "甲、乙、丙"
        with language.in_english():
            assert language.tr("{n} files", n=3) == "3 files"
    finally:
        language.use_catalogue(None)
    assert SOURCE.exists()
