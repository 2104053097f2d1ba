"""The language of filters: from what was typed to a query, or to what is wrong with it and where.

    query  = terms with blanks between them, each of which must hold
    term   = ["!"] (word | "~" word | text-field ":" word | time-field ("<" | ">" | "<=" | ">=") duration)
    word   = anything up to a blank, or anything in double quotes

A plain word is looked for in all that a line shows of a task; ``field:""`` asks for an empty text. Signs and blanks of
full width, as Chinese and Japanese input methods send them, are the same as the plain ones. Fields, phases and kinds
may be written in Chinese as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecovai_tui.language import later, sentences, tr
from ecovai_tui.tasks.filter import QueryError
from ecovai_tui.tasks.model import Kind
from ecovai_tui.tasks.terms import (
    KIND,
    LYRICS,
    PATTERN,
    PHASE,
    PHASES,
    TEXTS,
    TIMES,
    WORD,
    PatternError,
    Term,
    Terms,
    read_pattern,
)
from ecovai_tui.tasks.text import clean_line, folded, suggestion, truncate
from ecovai_tui.tasks.times import seconds_of

_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_PLAIN_SIGNS = _FULL_WIDTH | {ord("“"): ord('"'), ord("”"): ord('"')}

_KINDS: Mapping[str, frozenset[str]] = {kind.value: frozenset({kind.value}) for kind in Kind}
_CHOICES = {PHASE: PHASES, KIND: _KINDS}

FIELDS = (PHASE, *TEXTS, KIND, LYRICS, *TIMES)
"""Every field there is."""

_EXAMPLES = {
    PHASE: "phase:failed", KIND: "kind:lyrics", LYRICS: "lyrics:rain", "title": "title:rain", "label": "label:demo",
    "reason": "reason:quota", "model": "model:v5", "tag": "tag:jazz", "id": "id:346c5d10", "family": "family:suno",
    "age": "age>10m", "took": "took>2m", "added": "added<1d",
}  # fmt: skip
_A_TIME = later("30s, 10m, 12h, 7d or 1:30")

_FIELD = r"([A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff_-]*)(:|[<>]=?)"
_IN_CHINESE = {
    "状态": PHASE, "类型": KIND, "歌词": LYRICS, "标题": "title", "备注": "label", "原因": "reason", "模型": "model",
    "风格": "tag", "任务": "id", "任务类型": "family", "提交": "age", "用时": "took", "添加": "added",
    "等待中": "waiting", "生成中": "running", "可试听": "streaming", "已完成": "done", "部分完成": "partial",
    "失败": "failed", "查不到": "missing", "未知": "unknown", "状态未知": "unknown", "进行中": "active",
    "已结束": "final", "音乐": "music", "其他": "other", "图片": "picture", "视频": "video",
}  # fmt: skip
"""The words of a query in Chinese; ``歌词`` is also a kind."""
_LONGEST_SHOWN = 30


def read_query(text: str) -> Terms | None:
    """Return what a text asks for, None where it asks for nothing; raises QueryError."""
    terms = tuple(_Reader(text.translate(_PLAIN_SIGNS)).terms())
    return Terms(text, terms) if terms else None


class _Reader:
    """Goes through a text once, term by term."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def terms(self) -> Iterator[Term]:
        """Yield every term; raises QueryError at the first fault."""
        while self._skip_blanks():
            begin = self._place
            negated = self._take("!")
            if negated and self._at_blank():
                raise QueryError(begin, tr("! needs what is not wanted, such as !demo."))
            yield self._term()._replace(negated=negated)

    def _term(self) -> Term:
        if self._take("~"):
            return self._pattern()
        if field := re.compile(_FIELD).match(self._text, self._place):
            return self._of_field(field[1], field[2])
        begin = self._place
        word = self._value()
        if not word:
            raise QueryError(begin, tr("there is nothing between these quotes. Write a word, or take them away."))
        return Term(WORD, folded(word), "")

    def _pattern(self) -> Term:
        if self._at_blank():
            raise QueryError(self._place - 1, tr("~ needs a pattern, such as ~rain|snow."))
        begin = self._place + (self._text[self._place] == '"')
        try:
            return Term(PATTERN, read_pattern(self._value()), "~")
        except PatternError as error:
            raise QueryError(min(begin + error.place, len(self._text)), str(error)) from None

    def _of_field(self, typed: str, operator: str) -> Term:
        begin, field = self._place, _IN_CHINESE.get(typed, typed.lower())
        if field not in FIELDS:
            told = tr('there is no field "{field}".', field=_shown(typed))
            remedy = tr("For a word with a sign in it, write it in quotes.")
            raise QueryError(begin, sentences(told, suggestion(field, FIELDS), remedy))
        example = _EXAMPLES[field]
        if (field in TIMES) == (operator == ":"):
            raise QueryError(
                begin, tr("{field} is written another way, such as {example}.", field=field, example=example)
            )
        self._place += len(typed) + len(operator)
        if self._at_blank():
            if field in TIMES:
                told = _needs_time(field, operator, example)
            elif field in _CHOICES:
                told = tr("{field}: needs a {field}, such as {example}.", field=field, example=example)
            else:
                told = tr("{field}: needs a word, such as {example}.", field=field, example=example)
            raise QueryError(begin, told)
        if field in TIMES:
            return self._time(field, operator)
        return self._choice(field) if field in _CHOICES else self._text_of(field)

    def _time(self, field: str, operator: str) -> Term:
        begin = self._place
        seconds = seconds_of(self._value().lower())
        if seconds is None:
            raise QueryError(begin, _needs_time(field, operator, tr(_A_TIME)))
        return Term(field, seconds, operator)

    def _choice(self, field: str) -> Term:
        begin = self._place + (self._text[self._place] == '"')
        allowed = frozenset[str]()
        for word in re.split("[,、]", self._value()):
            name = word.strip().lower()
            name = _IN_CHINESE.get(name, name)
            if name and name not in _CHOICES[field]:
                told = tr('there is no {field} "{name}".', field=tr(field), name=_shown(name))
                told = sentences(told, suggestion(name, _CHOICES[field]))
                raise QueryError(min(begin, len(self._text)), told)
            allowed |= _CHOICES[field].get(name, frozenset())
            begin += len(word) + 1
        return Term(field, allowed)

    def _text_of(self, field: str) -> Term:
        begin = self._place
        word = folded(self._value())
        if field == LYRICS and not word:
            raise QueryError(
                begin, tr("{field}: needs a word, such as {example}.", field=field, example=_EXAMPLES[field])
            )
        return Term(field, word)

    def _value(self) -> str:
        """Take a word, or what stands in quotes."""
        begin = self._place
        if not self._take('"'):
            self._place = next((place for place in self._ahead() if self._text[place].isspace()), len(self._text))
            return self._text[begin : self._place]
        end = self._text.find('"', self._place)
        if end < 0:
            raise QueryError(begin, tr('these quotes have no end. Write " behind the last word.'))
        self._place = end + 1
        return self._text[begin + 1 : end]

    def _skip_blanks(self) -> bool:
        self._place = next((place for place in self._ahead() if not self._text[place].isspace()), len(self._text))
        return self._place < len(self._text)

    def _ahead(self) -> range:
        return range(self._place, len(self._text))

    def _at_blank(self) -> bool:
        return self._place == len(self._text) or self._text[self._place].isspace()

    def _take(self, sign: str) -> bool:
        taken = self._text.startswith(sign, self._place)
        self._place += taken
        return taken


def _needs_time(field: str, operator: str, example: str) -> str:
    return tr("{field}{operator} needs a time, such as {example}.", field=field, operator=operator, example=example)


def _shown(name: str) -> str:
    return truncate(clean_line(name), _LONGEST_SHOWN)
