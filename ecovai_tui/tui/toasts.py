"""Toasts: what ends, those of a burst together, one at a time, in the panel's edge or in place of the footer."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from textual.screen import Screen
from textual.timer import Timer

from ecovai_tui.language import clauses, tr
from ecovai_tui.tasks.judging import Change, reason_of
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.text import ELLIPSIS, shorten_sentence, truncate
from ecovai_tui.tasks.times import exact_duration, time_of_day
from ecovai_tui.tui.widgets.lines import Frame
from ecovai_tui.view.lines import GAP, MARGIN, Line, Span, Tone, ellipsis_of, glyph_of, line

Gravity: TypeAlias = Literal["information", "warning", "error"]
"""How bad the news are, in Textual's words."""


TOGETHER = 2.0
"""Seconds within which ends of tasks are told as one."""


class Ends:
    """The tasks that ended or asked for the user lately: those of a burst are told together, and rung for once."""

    def __init__(self) -> None:
        self._ended: dict[str, Phase] = {}
        self._last = -inf

    def note(self, changes: Iterable[Change], now: float) -> bool | None:
        """Take in changes; return whether a burst begins with them, None where no task ended or asked for somebody."""
        told = list(changes)
        final = {change.id: Phase(change.after) for change in told if change.makes_final}
        final |= {change.id: Phase.WAITING for change in told if change.asks_you}
        if not final:
            return None
        begins = now - self._last > TOGETHER
        self._ended = final if begins else {**self._ended, **final}
        self._last = now
        return begins

    def toast(self, find: Callable[[str], WatchedTask | None], *, ascii_only: bool = False) -> "Toast":
        """Return what to say of the burst."""
        gravity = _gravity(set(self._ended.values()))
        if len(self._ended) > 1:
            counted = Counter(self._ended.values())
            words = {phase: tr("need you") if phase is Phase.WAITING else tr(phase) for phase in Phase}
            told = [tr("{n} {phase}", n=counted[phase], phase=words[phase]) for phase in Phase if counted[phase]]
            return Toast(clauses(*told), gravity=gravity)
        [(id_, phase)] = self._ended.items()
        sign = glyph_of(phase, ascii_only=ascii_only)
        watched = find(id_)
        name = (watched and (watched.summary.title or watched.label)) or id_
        return Toast(_ending(phase, watched), gravity=gravity, sign=sign, phase=phase, name=name)

    def only(self, id_: str | None) -> bool:
        """Return whether the burst is of this task alone."""
        return self._ended.keys() == {id_}


def _ending(phase: Phase, watched: WatchedTask | None) -> str:
    """Return how a task ended, with ``NAME`` in the place of its name."""
    if phase is Phase.WAITING:
        return tr("{name} needs you: answer it in the gateway", name=NAME)
    if phase is not Phase.DONE:
        reason = reason_of(watched.summary) if watched else ""
        told = {Phase.FAILED: tr("{name} failed", name=NAME), Phase.PARTIAL: tr("{name} is partial", name=NAME)}.get(
            phase, ""
        )
        told = told or tr("{name} is {phase}", name=NAME, phase=tr(phase))
        return tr("{ending}: {reason}", ending=told, reason=reason) if reason else told
    took = watched.summary.duration if watched else None
    if took is None:
        return tr("{name} is done", name=NAME)
    return tr("{name} is done after {duration}", name=NAME, duration=exact_duration(took))


def _gravity(phases: set[Phase]) -> Gravity:
    if Phase.FAILED in phases:
        return "error"
    return "warning" if phases & {Phase.PARTIAL, Phase.WAITING} else "information"


LEAST_NAME = 10
"""Cells of a name that are left at least."""


NAME = "\0"
"""Stands in a text where a name comes, which no cleaned text has."""


class Toast(NamedTuple):
    """One thing that is said."""

    text: str
    title: str = ""
    gravity: Gravity = "information"
    sign: str = ""
    phase: Phase = Phase.UNKNOWN
    """The colour of the sign."""
    name: str = ""
    """What comes where the text has ``NAME``, and is cut where there is little room."""

    @property
    def line(self) -> Line:
        """All of it in one line."""
        return self.within(None)

    def row(self, width: int, key: str, ellipsis: str = ELLIPSIS) -> Line:
        """Return it as a row of its own, cut behind a word where it is too long; ``key`` shows the rest then."""
        room = width - 2 * MARGIN.width
        *begin, text = self.within(room, ellipsis).spans
        hint = GAP, Span(key, Tone.TAG), Span(f" {tr('reads on')}", Tone.MUTED)
        left = room - sum(span.width for span in begin)
        if text.width > left:
            cut = text._replace(text=shorten_sentence(text.text, left - sum(span.width for span in hint), ellipsis))
            return Line((MARGIN, *begin, cut, *hint))
        return Line((MARGIN, *begin, text))

    def within(self, width: int | None, ellipsis: str = ELLIPSIS) -> Line:
        """Return it with the name cut for so many cells, None for as many as it takes."""
        grave = self.gravity != "information" and not self.sign
        tone = Tone.ALERT if grave and not self.title else Tone.PLAIN
        words = "  ".join(self.text.split("\n"))
        before, _, after = words.rpartition(NAME) if self.name else ("", "", words)
        begin, text = (Span(before, tone),) if before else (), Span(after, tone)
        title = (Span(f"{self.title}  ", Tone.ALERT if grave else Tone.STRONG),) if self.title else ()
        sign = (Span(f"{self.sign} ", self.phase),) if self.sign else ()
        room = (
            None
            if width is None
            else max(LEAST_NAME, width - sum(span.width for span in (*sign, *title, *begin, text)))
        )
        name = self.name if room is None else truncate(self.name, room, ellipsis)
        return Line((*sign, *title, *begin, *((Span(name),) if name else ()), text))


MOST_KEPT = 50
"""Toasts that can be read again."""


class Toasts:
    """What is said: the newest, and again a warning that gave way to small talk, until a key is pressed."""

    def __init__(self) -> None:
        self._warning: Toast | None = None
        self._small_talk: Toast | None = None
        self._old = False
        """Whether the time of all that stands is over."""

    @property
    def shown(self) -> Toast | None:
        """What stands now."""
        return self._small_talk or self._warning

    def add(self, toast: Toast) -> None:
        """Say this, in place of what was said last."""
        self._old = False
        if toast.gravity == "information":
            self._small_talk = toast
        else:
            self._warning, self._small_talk = toast, None

    def grow_old(self) -> None:
        """Let small talk go: its time is over."""
        self._small_talk, self._old = None, True

    def take_key(self) -> bool:
        """Let a warning go that has stood long enough, as a key tells that somebody is there; return whether it did."""
        if not self._old or self._warning is None:
            return False
        self._warning = None
        return True


SHOWN_FOR = 5.0
"""Seconds for which something is said at least; a warning then stays until a key is pressed."""


class ToldEnd(NamedTuple):
    """What is said of tasks that ended."""

    toast: Toast
    shown: bool
    """It is not seen anyway."""
    rings: bool
    """Nothing was rung for just before."""
    asks: str = ""
    """The change by which a task waits for the user, the same in all panes; "" where one ended as well."""


class ToastController:
    """Shows toasts, one at a time, and keeps the last ones to be read again."""

    def __init__(
        self,
        screen: Screen[None],
        place: Frame,
        now: Callable[[], float],
        show_footer: Callable[[], None],
        *,
        messages_key: str,
        ascii_only: bool,
    ) -> None:
        """``place`` is the panel's; ``show_footer`` lays out the footer, which asks here what it has to say."""
        self._screen = screen
        self._place = place
        self._now = now
        self._show_footer = show_footer
        self._messages_key = messages_key
        self._ascii_only = ascii_only
        self._toasts, self._ends = Toasts(), Ends()
        self._kept = deque[tuple[float, Toast]](maxlen=MOST_KEPT)
        self._talking: Timer | None = None
        """Ends when what was said last has stood for its time."""
        self._edged = True

    @property
    def lines(self) -> Sequence[Line]:
        """What is said, [] for nothing."""
        return [self._toasts.shown.line] if self._toasts.shown else []

    @property
    def kept(self) -> Sequence[Line]:
        """What was said lately, the newest first, each with its time."""
        moments = [Span(f"{time_of_day(moment)}  ", Tone.MUTED) for moment, _ in reversed(self._kept)]
        told = (toast.line for _, toast in reversed(self._kept))
        return [Line((moment, *said.spans), moment.width) for moment, said in zip(moments, told, strict=True)]

    def tell_ends(
        self, changes: Iterable[Change], now: float, find: Callable[[str], WatchedTask | None], cursor: str | None
    ) -> ToldEnd | None:
        """Return what to say of the tasks that became final by changes, None where none did; ``now`` is monotonic."""
        told = list(changes)
        begins = self._ends.note(told, now)
        if begins is None:
            return None
        toast = self._ends.toast(find, ascii_only=self._ascii_only)
        asks = "" if any(change.makes_final for change in told) else min(f"{c.id} {c.at}" for c in told if c.asks_you)
        return ToldEnd(toast, not self._ends.only(cursor), begins, asks)

    def show(self, toast: Toast) -> None:
        """Say something for its time."""
        self._toasts.add(toast)
        self._kept.append((self._now(), toast))
        if self._talking is not None:
            self._talking.stop()
        self._talking = self._screen.set_timer(SHOWN_FOR, self._stop_talking)
        self.show_again()

    def take_key(self) -> None:
        """Take a warning away that has stood for long enough, as somebody is there."""
        if self._toasts.take_key():
            self.show_again()

    def show_again(self) -> None:
        """Show what stands where there is room for it now: in the panel's edge, else in the footer."""
        toast, place, front = self._toasts.shown, self._place, self._screen.app.screen
        spans = toast.within(place.room).spans if toast and front is self._screen else ()
        self._edged = toast is not None and bool(spans) and place.can_say(spans, cut=bool(toast.name))
        place.say(spans if self._edged else ())
        told = toast is not None and not self._edged
        self._screen.set_class(told, "-told")
        front.set_class(told, "-told")  # the footer of a dialog gives way as well
        self._show_footer()

    def row(self, width: int) -> Line | None:
        """Return what the footer has to say, None where it is nothing."""
        toast = None if self._edged else self._toasts.shown
        return toast and toast.row(width, self._messages_key, ellipsis_of(ascii_only=self._ascii_only))

    def _stop_talking(self) -> None:
        self._toasts.grow_old()
        self.show_again()


def messages_page(faults: Sequence[str], kept: Sequence[Line], *, ascii_only: bool) -> list[Line]:
    """Return in whole what is wrong now, and what was said lately."""
    sign = Span(f"{glyph_of(Phase.FAILED, ascii_only=ascii_only)} ", Phase.FAILED)
    wrong = [Line((sign, Span(fault)), sign.width) for fault in faults]
    said = [line(tr("What was said"), Tone.HEADING), *kept] if kept else []
    page = [line(tr("What is wrong"), Tone.HEADING), *wrong, *([line()] if said else [])] if wrong else []
    return [*page, *said] or [line(tr("All is well, and nothing was said yet."))]
