"""The parts of a query and which tasks each accepts; patterns are read so that none can hold up the program."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import factorial, prod
from operator import attrgetter, ge, gt, le, lt
from typing import NamedTuple, TypeAlias

from ecovai_tui.language import tr
from ecovai_tui.tasks.families import family_of
from ecovai_tui.tasks.filter import Accepts, Moment, Query, QueryError
from ecovai_tui.tasks.judging import TIMED_MARKS, Mark, marks_of, reason_of
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.reasons import told
from ecovai_tui.tasks.text import folded, without_accents

STEPS = 2_000_000
"""Steps that matching one text may take: some hundredths of a second."""

SHORTEST_REACH = 40
"""A pattern that may only see fewer characters of a text than this is refused."""

LONGEST, DEEPEST = 200, 20
"""Characters of a pattern, and groups within each other, at most."""

_PARTS = (
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escaped character, a class
    r"|\(\?:|\(\?|[()|]"
    r"|[*+?][+?]?|\{\d+(?:,\d*)?\}[+?]?|\{,\d+\}[+?]?"  # how often
    r"|."
)


class PatternError(QueryError):
    """A pattern cannot be used; the text is a sentence that says why, and ``place`` where, in characters."""


class Pattern(NamedTuple):
    """A pattern, and how far into a text it is looked for (characters), so that no match takes for ever."""

    compiled: re.Pattern[str]
    reach: int
    repeats: int
    """How many repetitions without a bound it has: what the work grows by."""

    @property
    def costly(self) -> bool:
        """Whether a text can take some hundredths of a second, so that it is looked at once only."""
        return self.repeats > 1

    def found_in(self, text: str) -> bool:
        """Return whether the pattern is found in a folded text."""
        return (_found_once if self.costly else _found)(self.compiled, text, self.reach)


def _found(compiled: re.Pattern[str], text: str, reach: int) -> bool:
    return compiled.search(text, 0, reach) is not None


_found_once = lru_cache(maxsize=131_072)(_found)


def read_pattern(text: str) -> Pattern:
    """Return a pattern for folded texts; raises PatternError for one that is none, and for one that could not end.

    Python's matcher tries every way to divide a text among the parts of a pattern. With k repetitions these are about
    n to the power of k + 1, over its factorial, for n characters: so a pattern with more of them sees less of a text.
    Only repeated groups and references to groups would take more; they are not understood.
    """
    plain = without_accents(text)
    if len(plain) > LONGEST:
        raise PatternError(LONGEST, tr("a pattern has at most {longest} characters. Shorten it.", longest=LONGEST))
    repeats, ways = _Reading(plain).cost()
    reach = int((STEPS / ways * factorial(repeats + 1)) ** (1 / (repeats + 1)))
    if reach < SHORTEST_REACH:
        raise PatternError(0, tr("this pattern could take for ever. Use fewer of * + ? { and |."))
    return Pattern(_compiled(plain), reach, repeats)


def _compiled(plain: str) -> re.Pattern[str]:
    """Return what matches folded texts: a pattern that is folded itself need not ignore case, which is slow."""
    case = re.NOFLAG if plain == plain.casefold() else re.IGNORECASE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may mean something else in a later Python
            return re.compile(plain, case | re.MULTILINE)
    except re.error as error:
        raise PatternError(min(error.pos or 0, len(plain)), tr("this is no pattern: {msg}.", msg=error.msg)) from None
    except (OverflowError, RecursionError):
        raise PatternError(0, tr("this pattern is too large. Shorten it.")) from None


class _Reading:
    """Goes through a pattern once and counts what its matching costs."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._repeats = 0
        self._ways = 1
        self._branches = [1]
        """How many alternatives the pattern, and each group that is open, has so far."""

    def cost(self) -> tuple[int, int]:
        """Return the number of repetitions, and in how many ways choices can be made; raises PatternError."""
        before = ""
        for found in re.finditer(_PARTS, self._plain, re.DOTALL):
            self._read(found[0], before, found.start())
            before = found[0]
        return self._repeats, self._ways * prod(self._branches)

    def _read(self, part: str, before: str, place: int) -> None:
        if part == "(?":
            raise PatternError(place, tr("a group can begin with ( and (?: alone."))
        if part[0] == "\\" and part[1:] in set("123456789"):
            raise PatternError(place, tr("a reference to a group is not understood. Write out what it stands for."))
        if part in {"(", "(?:"}:
            self._open(place)
        elif part == ")" and len(self._branches) > 1:
            self._ways *= self._branches.pop()
        elif part == "|":
            self._branches[-1] += 1
        elif part[0] == "?":
            self._ways *= 2
        elif part[0] in "*+" or (part[0] == "{" and len(part) > 1):
            self._repeat(before, place)

    def _open(self, place: int) -> None:
        if len(self._branches) > DEEPEST:
            raise PatternError(place, tr("these groups stand too deep within each other. Use fewer."))
        self._branches.append(1)

    def _repeat(self, before: str, place: int) -> None:
        if before == ")":
            raise PatternError(
                place, tr("a group cannot be repeated here. Repeat a character, or a class such as [a-z].")
            )
        self._repeats += 1


WORD, PATTERN, LYRICS, PHASE, KIND = "word", "pattern", "lyrics", "phase", "kind"

Value: TypeAlias = str | float | frozenset[str] | Pattern

MOST_LINES = 131_072
"""Tasks whose texts are kept at most: about 300 bytes each."""

_LINES: dict[str, tuple[WatchedTask, str]] = {}


def line_of(task: WatchedTask) -> str:
    """Return all texts of a task, folded, one a line; made once for each state of a task, since every key asks again.

    What time alone brings, as that a task is stale, is not among them.
    """
    kept = _LINES.get(task.summary.id)
    if kept is not None and kept[0] is task:
        return kept[1]
    if len(_LINES) >= MOST_LINES:
        _LINES.clear()
    summary = task.summary
    names = folded("\n".join((*_NAMES(task), tr(summary.phase))))
    line = "\n".join((folded(summary.title), folded(task.label), names, _folded(summary.tags), *_news(summary)))
    _LINES[task.summary.id] = task, line
    return line


def reason_in_full(task: WatchedTask) -> str:
    """Return why a task is not well: what that means, and the gateway's own words; "" where all is well."""
    reason = reason_of(task.summary)
    return _explained(reason) if reason else ""


class Term(NamedTuple):
    """One thing that a task must have, or with ``negated`` must not have."""

    field: str
    value: Value
    """A folded text, seconds, words of which one must be the field's, or a pattern."""
    operator: str = ":"
    negated: bool = False

    @property
    def timed(self) -> bool:
        """Whether time alone can change what it accepts."""
        if self.field in {WORD, PATTERN}:
            return any(map(_finder(self.value), map(tr, TIMED_MARKS)))
        return self.field == LYRICS or self.field in TIMES

    def implies(self, other: Term) -> bool:
        """Return whether each task that this one accepts is certainly accepted by the other."""
        if self == other:
            return True
        mine, theirs = (self.value, other.value) if not self.negated else (other.value, self.value)
        same_kind = self._replace(value=other.value) == other and (self.field == WORD or self.field in TEXTS)
        return same_kind and isinstance(mine, str) and isinstance(theirs, str) and "" != theirs in mine

    def predicate(self, moment: Moment) -> Accepts:
        """Return what says of a task whether this term accepts it at a moment."""
        accepts = _accepts(self, moment)
        return (lambda task: not accepts(task)) if self.negated else accepts


class Terms(NamedTuple):
    """A query: every term must accept a task."""

    text: str
    terms: tuple[Term, ...]
    moment: Moment = Moment()

    @property
    def timed(self) -> bool:
        """Whether time alone can change the answer."""
        return any(term.timed for term in self.terms)

    @property
    def costly(self) -> bool:
        """Whether looking at a task for the first time can take some hundredths of a second."""
        return any(isinstance(term.value, Pattern) and term.value.costly for term in self.terms)

    @property
    def lyrics(self) -> frozenset[str]:
        """The texts to be looked for in lyrics."""
        return frozenset(term.value for term in self.terms if term.field == LYRICS and isinstance(term.value, str))

    def at(self, moment: Moment) -> Terms:
        """Return the query asked at a moment; the same one, so that nothing is done twice, where time plays no part."""
        return self._replace(moment=moment) if self.timed else self

    def predicate(self) -> Accepts:
        """Return what says of a task whether all terms accept it: the plain words, which cost least, first."""
        words = tuple(str(term.value) for term in self.terms if _is_plain(term))
        tests = [term.predicate(self.moment) for term in self.terms if not _is_plain(term)]

        def has_words(task: WatchedTask) -> bool:
            return all(map(line_of(task).__contains__, words))

        tests = [*([has_words] if words else []), *tests]
        return tests[0] if len(tests) == 1 else lambda task: all(test(task) for test in tests)

    def refines(self, other: Query) -> bool:
        """Return whether each term of the other is implied by one of this query's; by an answer of now alone."""
        if not isinstance(other, Terms) or other.timed:
            return False
        return all(any(mine.implies(theirs) for mine in self.terms) for theirs in other.terms)


def _is_plain(term: Term) -> bool:
    return term.field == WORD and not term.negated and not term.timed


def _finder(value: Value) -> Callable[[str], bool]:
    """Return what finds a word or a pattern in a folded text."""
    if isinstance(value, Pattern):
        return value.found_in
    word = str(value)
    return lambda text: word in text


def _accepts(term: Term, moment: Moment) -> Accepts:
    value = term.value
    if term.field in {WORD, PATTERN}:
        return _found_on_line(term, moment)
    if isinstance(value, frozenset):
        word_of = _phase_word if term.field == PHASE else _kind_word
        return lambda task: word_of(task) in value
    if term.field == LYRICS:
        having = moment.lyrics.get(str(value), frozenset())
        return lambda task: task.summary.id in having
    return _duration_is(term, moment) if term.field in TIMES else _text_has(TEXTS[term.field], str(value))


def _found_on_line(term: Term, moment: Moment) -> Accepts:
    """Return what looks in all texts of a task, and where it may be found there in what time has brought."""
    is_in = _finder(term.value)
    if not term.timed:
        return lambda task: is_in(line_of(task))

    def accepts(task: WatchedTask) -> bool:
        if is_in(line_of(task)):
            return True
        return task.summary.phase.active and any(
            map(is_in, map(tr, marks_of(task.summary, moment.now, moment.interval_of)))
        )

    return accepts


def _text_has(text_of: Callable[[WatchedTask], str], word: str) -> Accepts:
    if not word:
        return lambda task: not text_of(task)
    return lambda task: word in _folded(text_of(task))


def _duration_is(term: Term, moment: Moment) -> Accepts:
    duration_of, compare, value = TIMES[term.field], _COMPARE[term.operator], term.value
    return lambda task: (seconds := duration_of(task, moment)) is not None and compare(seconds, value)


def _news(summary: TaskSummary) -> Iterator[str]:
    """Yield, folded, what is said of a task only now and then."""
    if summary.fail_reason or summary.note or summary.phase is Phase.UNKNOWN:
        reason = reason_of(summary)
        yield _folded(_explained(reason) if reason else "")
    if summary.needs_you:
        yield tr(Mark.NEEDS_YOU)
    if summary.no_audio:
        yield tr(Mark.NO_AUDIO)


def _phase_word(task: WatchedTask) -> str:
    return task.summary.phase


def _kind_word(task: WatchedTask) -> str:
    return task.summary.kind


def _age(task: WatchedTask, moment: Moment) -> float | None:
    submitted = task.summary.submitted_at
    return _added(task, moment) if submitted is None else moment.now + moment.skew - submitted


def _added(task: WatchedTask, moment: Moment) -> float | None:
    return None if task.added_at is None else moment.now - task.added_at


def _took(task: WatchedTask, moment: Moment) -> float | None:
    elapsed = task.summary.elapsed(moment.now, moment.skew)
    return task.summary.duration if elapsed is None else elapsed


TEXTS: Mapping[str, Callable[[WatchedTask], str]] = {
    "title": lambda task: task.summary.title,
    "label": lambda task: task.label,
    "reason": reason_in_full,
    "model": lambda task: task.summary.model,
    "tag": lambda task: task.summary.tags,
    "id": lambda task: task.summary.id,
    "family": lambda task: family_of(task.summary.id),
}
"""The texts of a task that a field names."""

TIMES: Mapping[str, Callable[[WatchedTask, Moment], float | None]] = {"age": _age, "took": _took, "added": _added}
"""The durations (seconds) that a field names: since the submission, under way, since it is on the watch list."""

PHASES: Mapping[str, frozenset[str]] = {
    **{phase.value: frozenset({phase.value}) for phase in Phase},
    "active": frozenset(phase.value for phase in Phase if phase.active),
    "final": frozenset(phase.value for phase in Phase if phase.final),
}
"""What the words behind ``phase:`` stand for."""

_COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le}
_NAMES = attrgetter("summary.phase", "summary.model", "summary.kind", "summary.id")
_explained = lru_cache(maxsize=4096)(told)
_folded = lru_cache(maxsize=65_536)(folded)
