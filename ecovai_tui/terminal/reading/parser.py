"""Parts what is read into tokens, whatever the pieces it comes in.

Two things cannot be told apart by bytes alone, so that time decides. An escape with nothing behind it is the escape key
once ``escape_delay`` is over; what then comes and can only be the rest of a sequence is dropped for ``TAIL`` seconds.
And a sequence that has begun is waited on for ``PATIENCE`` seconds, so that no letter of it becomes a key.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from ecovai_tui.terminal.reading.key_codes import (
    BAD,
    CSI,
    EIGHT_BIT,
    ESCAPE,
    INSIDE,
    INTRODUCERS,
    NO_SECOND_BYTES,
    OSC_END,
    PARTS,
    PASTE_END,
    PASTE_START,
    RUN,
    STRING_END,
    STRINGS,
    X10_MOUSE,
    Answer,
    Characters,
    CursorAt,
    EscapeThen,
    Focus,
    Ignored,
    Key,
    Paste,
    Text,
    Token,
    as_answer,
    character_key,
    is_rest,
    kind,
    meaning,
    pasted,
    unfinished,
)

ESCAPE_DELAY = 0.1
"""Seconds after which an escape with nothing behind it is the escape key, where the line is quick."""

PATIENCE = 3.0
"""Seconds of silence after which the rest of what has begun is no longer waited for."""

TAIL = 5.0
"""Seconds for which the rest of a sequence is recognised whose beginning was given up."""

LONG, BRIEF = 8.0, 0.1
"""A string that goes on for so many seconds ends at the first pause of so many: somebody may be typing."""

INTRODUCER_PATIENCE = 1.0
"""Seconds for which a bracket behind an escape may begin a sequence: nobody types the two so quickly."""

DAMAGE_SPREADS = 0.1
"""Seconds for which letters behind a byte that is no UTF-8 may be a part of its character."""

LONGEST = 64
"""Characters of a sequence that are kept; one that is longer means nothing."""


class _State(Enum):
    GROUND = auto()
    ESCAPE = auto()
    CSI = auto()
    """Also SS3."""
    STRING = auto()
    """OSC, DCS, APC, PM or SOS."""
    PASTE = auto()


class Reader:
    """Takes bytes as they come, with the moment at which they did (seconds of any clock), and gives tokens.

    Its owner calls ``tick`` when ``deadline`` has come and nothing else did: bytes that were there by then, and
    were read late because the program was busy, are no silence.
    """

    def __init__(self, escape_delay: float = ESCAPE_DELAY) -> None:
        self.escape_delay = escape_delay
        """Seconds; a slow line needs more of them."""
        self._characters = Characters()
        self._state = _State.GROUND
        self._sequence = ""
        """What has come of a sequence, as if it were of seven bits."""
        self._by_hand = False
        """Whether the sequence began with an escape, which can be a key."""
        self._carried = ""
        """What may be the beginning of what ends a string or a paste."""
        self._pasted: list[str] = []
        self._paste_goes_on = False
        """A paste was given up before its end came."""
        self._began = self._last = self._given_until = 0.0
        self._held = ""
        """What may be a key, or the second piece of a sequence whose first was taken for the escape key."""
        self._given = ""
        """What was given up of a sequence."""
        self._late = False
        """What is being read is the rest of that."""
        self._escape_is_fresh = False
        """The escape came in this read."""
        self._damaged = self._damaged_before = False
        """Bytes of this read were no UTF-8, or of the one just before it."""
        self._paused = False
        """There was a moment of silence since the last read."""
        self._tokens: list[Token] = []

    @property
    def deadline(self) -> float | None:
        """The moment at which silence means something, None where it never will."""
        waits = [wait for wait in (self._characters.wait, self._wait) if wait]
        return self._last + min(waits) if waits else None

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Return what can be told once these bytes have come, in one read."""
        self._take(self._characters.cut_off(data), now)
        self._escape_is_fresh = False
        self._damaged_before, self._damaged = self._damaged and not self._paused, False
        self._take(self._characters.decode(data), now)
        self._paused = False
        self._last = now
        return self._told()

    def tick(self, now: float) -> list[Token]:
        """Return what silence until now means."""
        if self._wait and now >= self._last + self._wait:
            self._give_up(now)
        if self._characters.wait and now >= self._last + self._characters.wait:
            self._take(self._characters.cut_off(), now)
        return self._told()

    def _told(self) -> list[Token]:
        tokens, self._tokens = self._tokens, []
        return tokens

    @property
    def _wait(self) -> float:
        """The seconds for which the rest of something is waited for, 0 where nothing has begun."""
        match self._state:
            case _State.GROUND if self._held:
                return self.escape_delay
            case _State.GROUND:
                return DAMAGE_SPREADS if (self._damaged or self._characters.wait) and not self._paused else 0.0
            case _State.ESCAPE:
                return self.escape_delay
            case _State.STRING if self._last - self._began > LONG:
                return BRIEF
        return max(self.escape_delay, INTRODUCER_PATIENCE) if self._can_be_keys else PATIENCE

    @property
    def _can_be_keys(self) -> bool:
        """Whether only an escape and a bracket have come, or the like: they can be two keys."""
        more = self._late or self._carried or self._characters.wait
        return self._by_hand and len(self._sequence) == len(CSI) and not more

    def _give_up(self, now: float) -> None:
        """Make the best of what has come: nothing more will."""
        match self._state:
            case _State.GROUND if not self._held:
                self._paused = True
                return
            case _State.GROUND:
                self._tokens.append(Text(self._held))
                self._sequence, self._held = ESCAPE + self._held, ""
            case _State.ESCAPE:
                self._tokens.append(Key("escape", ESCAPE))
                self._sequence = ESCAPE
            case _State.PASTE:
                self._pasted.append(self._carried)
                self._end_paste()
                self._paste_goes_on = True
            case _:
                self._abandon()
        self._given, self._given_until = self._sequence, now + TAIL
        self._sequence = self._carried = ""
        self._state = _State.GROUND

    def _abandon(self) -> None:
        """Take a sequence that does not go on for two keys, or for nothing."""
        if self._can_be_keys:
            self._tokens.append(EscapeThen(character_key(self._sequence[1]), at_once=False))
        else:
            self._ignore(kind(self._sequence))
        self._state = _State.GROUND

    def _take(self, text: str, now: float) -> None:
        if text and self._state is _State.GROUND:
            text = self._with_beginning(text, now)
        text, self._carried = self._carried + text, ""
        place = 0
        while place < len(text):
            place = self._step(text, place, now)

    def _with_beginning(self, text: str, now: float) -> str:
        """Return what came in one read with what belongs before it, where that was held or given up."""
        if self._paste_goes_on and len(text) > 1 and text[0] != ESCAPE:
            self._state = _State.PASTE
            return text
        self._paste_goes_on = False
        text, self._held = self._held + text, ""
        if now > self._given_until:
            self._given = ""
        if self._given == ESCAPE and text in INTRODUCERS:
            self._held, text = text, ""
        elif self._given and is_rest(self._given, text):
            text, self._given, self._late = self._given + text, "", True
        return text

    def _step(self, text: str, place: int, now: float) -> int:
        """Read on from a place, and return the next."""
        match self._state:
            case _State.GROUND:
                return self._ground(text, place, now)
            case _State.ESCAPE:
                return self._escape(text, place, now)
            case _State.CSI:
                return self._csi(text, place)
            case _State.STRING:
                return self._string(text, place)
            case _State.PASTE:
                return self._paste(text, place)

    def _ground(self, text: str, place: int, now: float) -> int:
        if found := re.compile(RUN).match(text, place):
            self._run(found.group())
            return found.end()
        character = text[place]
        if character == ESCAPE:
            self._state, self._escape_is_fresh = _State.ESCAPE, True
        elif character in EIGHT_BIT:
            self._begin(EIGHT_BIT[character], now, by_hand=False)
        elif character > "\x7f":
            self._ignore("C1")
        else:
            self._tokens.append(character_key(character))
        return place + 1

    def _run(self, text: str) -> None:
        """Take text; behind a byte that is no UTF-8 no letter is a key: in GBK it can be the second byte."""
        for part in re.findall(PARTS, text):
            self._damaged = self._damaged or re.search(BAD, part) is not None
            damaged = (self._damaged or self._damaged_before) and not re.fullmatch(NO_SECOND_BYTES, part)
            self._tokens.append(Text(re.sub(BAD, "\ufffd", part), damaged))

    def _escape(self, text: str, place: int, now: float) -> int:
        character, self._state = text[place], _State.GROUND
        if character in INTRODUCERS:
            self._begin(character, now, by_hand=True)
        elif character == "\\" and self._escape_is_fresh:
            self._ignore("ST")
        elif character == ESCAPE or character > "\x7f":
            self._tokens.append(Key("escape", ESCAPE))
            return place
        else:
            self._tokens.append(EscapeThen(character_key(character), at_once=self._escape_is_fresh))
        return place + 1

    def _begin(self, introducer: str, now: float, *, by_hand: bool) -> None:
        self._state = _State.STRING if introducer in STRINGS else _State.CSI
        self._sequence, self._by_hand = ESCAPE + introducer, by_hand
        self._began = self._last = now

    def _csi(self, text: str, place: int) -> int:
        if self._sequence.startswith(X10_MOUSE):
            return self._x10_mouse(text, place)
        found = re.compile(INSIDE).match(text, place)
        end = found.end() if found else place
        self._keep(text[place:end])
        if end == len(text):
            return end
        final = text[end]
        if not "@" <= final <= "~" or (self._sequence == "\x1b[[" and final not in "ABCDE"):
            self._abandon()
            return end
        self._keep(final)
        if self._sequence not in {X10_MOUSE, "\x1b[["}:
            self._end_csi()
        return end + 1

    def _x10_mouse(self, text: str, place: int) -> int:
        whole = len(X10_MOUSE) + 3
        end = place + whole - len(self._sequence)
        self._keep(text[place:end])
        if len(self._sequence) == whole:
            self._ignore(kind(X10_MOUSE))
            self._state = _State.GROUND
        return end

    def _end_csi(self) -> None:
        self._state = _State.PASTE if self._sequence == PASTE_START else _State.GROUND
        if self._late:
            self._end_late()
        elif self._sequence not in {PASTE_START, PASTE_END}:
            token = as_answer(self._sequence) or meaning(self._sequence)
            self._tokens += [token] if token is not None else []

    def _end_late(self) -> None:
        """Drop what is the rest of a sequence; only what the program must know of is told all the same."""
        self._ignore(kind(self._sequence))
        token = as_answer(self._sequence) or meaning(self._sequence)
        if isinstance(token, Focus | CursorAt | Answer):
            self._tokens.append(token)

    def _string(self, text: str, place: int) -> int:
        found = re.compile(OSC_END if self._sequence[1] == "]" else STRING_END).search(text, place)
        if found:
            self._keep(text[place : found.start()])
            self._end_string()
            self._state = _State.GROUND
            return found.end()
        end = len(text) - unfinished(text[place:], ESCAPE + "\\")
        self._keep(text[place:end])
        self._carried = text[end:]
        return len(text)

    def _end_string(self) -> None:
        answer = as_answer(self._sequence)
        if answer is None or self._late:
            self._ignore(kind(self._sequence))
        self._tokens += [answer] if answer else []

    def _paste(self, text: str, place: int) -> int:
        end = text.find(PASTE_END, place)
        if end < 0:
            end = len(text) - unfinished(text[place:], PASTE_END)
            self._pasted.append(text[place:end])
            self._carried = text[end:]
            return len(text)
        self._pasted.append(text[place:end])
        self._end_paste()
        return end + len(PASTE_END)

    def _end_paste(self) -> None:
        if text := pasted("".join(self._pasted)):
            self._tokens.append(Paste(text))
        self._pasted, self._paste_goes_on, self._state = [], False, _State.GROUND
        self._sequence = ""

    def _keep(self, text: str) -> None:
        self._sequence += text[: max(0, LONGEST - len(self._sequence))]

    def _ignore(self, what: str) -> None:
        self._tokens.append(Ignored(what, self._late))
        self._late = False
