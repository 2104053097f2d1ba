"""Dialogs to choose one of a list: of a few texts, of the themes, and the palette of every action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.text import cell_width, fit, truncate
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.dialog import Dialog, dialog_bindings
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.tui.widgets.lines import Area
from ecovai_tui.tui.widgets.table_parts import Listing
from ecovai_tui.view.actions import Action, shown_keys
from ecovai_tui.view.lines import Line, Span, Spans, Tone, ellipsis_of

if TYPE_CHECKING:
    from ecovai_tui.tui.context import Context


NAME_WIDTH, TEXT_WIDTH = 12, 60

MOVES: Mapping[str, Callable[[OptionList], None]] = {
    "down": OptionList.action_cursor_down,
    "up": OptionList.action_cursor_up,
    "first": OptionList.action_first,
    "last": OptionList.action_last,
    "half-down": OptionList.action_page_down,
    "half-up": OptionList.action_page_up,
    "page-down": OptionList.action_page_down,
    "page-up": OptionList.action_page_up,
}
"""What the moving actions do here; a list is hardly longer than a page."""


class ChoiceScreen(Dialog[int]):
    """Asks for one of several entries, each a name and a text; answers with its place."""

    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings(*MOVES)

    def __init__(self, context: Context, title: str, entries: Sequence[tuple[str, str]]) -> None:
        super().__init__(context, title)
        self._entries = entries

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", tr("choose")), ("esc", tr("leave")))

    def body(self) -> Widget:
        """Return the list."""
        ellipsis = ellipsis_of(ascii_only=self.context.options.ascii)
        return OptionList(*(_prompt(entry, ellipsis) for entry in self._entries), compact=True)

    def action_move(self, action_id: str) -> None:
        """Move as one of the moving actions does."""
        MOVES[action_id](self.query_one(OptionList))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_index)


def _prompt(entry: tuple[str, str], ellipsis: str) -> Content:
    name, text = entry
    if not text:
        return Content(name)
    return Content.assemble(fit(name, NAME_WIDTH), (truncate(text, TEXT_WIDTH, ellipsis), "$text-muted"))


class ThemeScreen(ChoiceScreen):
    """Asks for a theme at the edge of the screen; leaving it brings the former one back."""

    def __init__(self, context: Context, names: Sequence[str]) -> None:
        super().__init__(context, tr("Theme"), [(name, "") for name in names])
        self._names = names
        self._former = self.app.theme

    def on_mount(self) -> None:
        """Begin at the theme in use."""
        self.query_one(OptionList).highlighted = self._names.index(self._former)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show a theme."""
        self.app.theme = self._names[event.option_index]

    def action_leave(self) -> None:
        """Take the former theme back."""
        self.app.theme = self._former
        super().action_leave()


NOTHING = later("No action has these words.")
EXPLAINED = later("A word matches anywhere; the key beside it does the same.")

GROUP_AT = 24
"""Cells from the right end at which the group begins; a longer name, or below ``ROOMY`` cells any, takes its place."""
ROOMY = 60

GUTTER = 2
"""Cells at both sides of a row, the first of which is for the cursor."""


class Hit(NamedTuple):
    """An action that has all words, and which characters of its name they match."""

    action: Action
    matched: frozenset[int]
    rank: int
    """The lower, the nearer to the top: a key or the short name, beginnings of words, words within, words elsewhere."""


def find(actions: Sequence[Action], text: str) -> list[Hit]:
    """Return the actions that have all words of a text, the nearest first, else in the registry's order."""
    hits = (_hit(action, text.split()) for action in actions)
    return sorted((hit for hit in hits if hit is not None), key=lambda hit: hit.rank)


def _hit(action: Action, words: Sequence[str]) -> Hit | None:
    name, short = tr(action.description).casefold(), (tr(action.label).casefold(), action.id)
    others = f"{short[0]}\n{short[1]}\n{tr(action.group).casefold()}"
    matched: set[int] = set()
    rank = 0
    for word in words:
        folded = word.casefold()
        at = name.find(folded)
        is_called_so = word in action.keys or any(text.startswith(folded) for text in short)
        if at < 0 and not is_called_so and folded not in others:
            return None
        matched.update(range(at, at + len(folded)) if at >= 0 else ())
        begins_word = at == 0 or (at > 0 and not name[at - 1].isalnum())
        rank += 0 if is_called_so else 1 if begins_word else 2 if at > 0 else 3
    return Hit(action, frozenset(matched), rank)


def row(hit: Hit, width: int, *, under_cursor: bool = False, ascii_only: bool = False) -> Line:
    """Return a hit in so many cells: its name with what matched, its group where there is room, and its keys."""
    keys = shown_keys(hit.action.keys, ascii_only=ascii_only)
    name, room = tr(hit.action.description), width - 2 * GUTTER
    group = tr(hit.action.group) if width >= ROOMY and cell_width(name) < room - GROUP_AT else ""
    aside = max(GROUP_AT if group else 0, cell_width(keys) + 1)
    room -= aside
    name = truncate(name, room - 1, ellipsis_of(ascii_only=ascii_only))
    cursor = (">" if ascii_only else "❯") if under_cursor else " "
    rest = " " * (room - cell_width(name))
    between = " " * (aside - cell_width(group) - cell_width(keys))
    return Line(
        (
            Span(cursor.ljust(GUTTER), Tone.ACCENT),
            *_marked(name, hit.matched, Tone.STRONG if under_cursor else Tone.PLAIN),
            Span(rest),
            Span(group, Tone.MUTED),
            Span(between),
            Span(keys, Tone.TAG),
        )
    )


def _marked(name: str, matched: frozenset[int], tone: Tone) -> Spans:
    pieces = groupby(range(len(name)), lambda at: at in matched)
    return tuple(
        Span("".join(name[at] for at in places), Tone.MATCH if is_match else tone) for is_match, places in pieces
    )


class Hits(Area):
    """The hits, one a row, with a cursor."""

    ALLOW_SELECT = False

    class Chosen(Message):
        """A row was clicked."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__(id="hits")
        self._ascii_only = ascii_only
        self._hits: Sequence[Hit] = ()
        self._list = Listing(lambda: max(1, self.size.height))

    @property
    def hits(self) -> Sequence[Hit]:
        """What is offered."""
        return self._hits

    @property
    def chosen(self) -> Action | None:
        """The action under the cursor."""
        return self._hits[self._list.cursor].action if self._hits else None

    def show(self, hits: Sequence[Hit]) -> None:
        """Offer other hits, the cursor on the first."""
        self._hits = hits
        self._list.replace([hit.action.id for hit in hits])
        self._list.move_to(0)
        self.refresh()

    def move(self, step: int) -> None:
        """Move the cursor by so many rows."""
        self._list.move_to(self._list.cursor + step)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render one of the rows in view."""
        at = self._list.top + y
        if at >= len(self._hits):
            words = Line((Span(" " * GUTTER), Span(tr(NOTHING), Tone.MUTED))) if y == 0 and not self._hits else Line()
            return self._styles.strip(words, self.size.width)
        under_cursor = at == self._list.cursor
        line = row(self._hits[at], self.size.width, under_cursor=under_cursor, ascii_only=self._ascii_only)
        return self._styles.strip(line, self.size.width, Ground.CURSOR if under_cursor else Ground.PLAIN)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the pointer, and do it."""
        at = self._list.top + event.y
        if at < len(self._hits):
            self._list.move_to(at)
            self.post_message(self.Chosen())


class ActionPalette(Dialog[str]):
    """Asks for an action by its name; answers with its id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context, tr("All actions"))
        self._actions = [action for action in context.keyboard.actions if action.id != "palette"]
        self._hits = Hits(ascii_only=context.options.ascii)

    def body(self) -> Widget:
        """Return the line to type in, and what is found."""
        line = Input(placeholder=tr("what to do"), compact=True, id="wanted")
        line.cursor_blink = False
        return Vertical(line, self._hits, Static(tr(EXPLAINED), markup=False, id="explained"))

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter does what is under the cursor."""
        return (("enter", tr("do it")), ("up down", tr("choose")), ("esc", tr("leave")))

    def on_mount(self) -> None:
        """Offer all actions."""
        self._find("")

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Answer; what is typed behind it belongs to the action itself, so that nothing waits here."""
        return ModalScreen.dismiss(self, result)

    @on(Input.Changed)
    def find_while_typing(self, event: Input.Changed) -> None:
        """Offer what has the words."""
        self._find(event.value)

    @on(Input.Submitted)
    @on(Hits.Chosen)
    def answer(self) -> None:
        """Answer with the action under the cursor, unless there is none."""
        chosen = self._hits.chosen
        if chosen is not None:
            self.dismiss(chosen.id)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._hits.move(step)

    def action_page(self, step: int) -> None:
        """Move the cursor by a page."""
        self._hits.move(step * max(1, self._hits.size.height - 1))

    def _find(self, text: str) -> None:
        hits = find(self._actions, text)
        self._hits.show(hits)
        self.tell(tr("{n} of {count}", n=len(hits), count=len(self._actions)))
