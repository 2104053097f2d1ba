"""Regular expressions that people type: read so that none can hold up the program, whatever it is matched with."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from math import factorial, prod
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.tasks.text import without_accents

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


class PatternError(ValueError):
    """A pattern cannot be used; the text is a sentence that says why, and ``place`` where, in characters."""

    def __init__(self, place: int, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may mean something else in a later Python
            return re.compile(plain, re.IGNORECASE | re.MULTILINE)
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
