"""The registry of actions: the bindings, the footer, the help, the palette and ``ecovai-tui keys`` all read it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """What an action is for; the help shows the groups in this order."""

    MOVE = "Move"
    PANEL = "Clip and panel"
    FIND = "Find"
    ACT = "Act"
    TAKE = "Take"
    VIEW = "View"
    LEAVE = "Leave"


class Scope(StrEnum):
    """Where an action works."""

    TABLE = "table"
    PANEL = "panel"
    BOTH = "both"
    EVERYWHERE = "everywhere"
    """Also in dialogs and while typing."""


class Action(NamedTuple):
    """Something that a key does; the id is what ``[keys]`` in the settings names it by."""

    id: str
    keys: tuple[str, ...]
    """As the user writes them: a character, or a name such as ``ctrl+d``."""
    label: str
    """One or two words, for the footer."""
    description: str
    """One line, for the help and the palette."""
    group: Group
    footer: int = 0
    """Place in the footer, from 1 at the left, where things stay longest as a pane narrows; 0 for none."""
    scope: Scope = Scope.BOTH
    asks: bool = False
    """It opens a dialog, to which the keys belong that are typed behind its own."""
    label_in_panel: str = ""
    """The label while the panel has the keyboard, where it is another."""
    in_panel: str = ""
    """The id of the action that its keys perform while the panel has the keyboard, where it is another."""


ACTIONS = (
    Action("down", ("j", "down"), "down", "One line down", Group.MOVE),
    Action("up", ("k", "up"), "up", "One line up", Group.MOVE),
    Action("first", ("g", "home"), "first", "To the first line", Group.MOVE),
    Action("last", ("G", "end"), "last", "To the last line", Group.MOVE),
    Action("half-down", ("ctrl+d",), "half down", "Half a page down", Group.MOVE),
    Action("half-up", ("ctrl+u",), "half up", "Half a page up", Group.MOVE),
    Action("page-down", ("pagedown",), "page down", "One page down", Group.MOVE),
    Action("page-up", ("pageup",), "page up", "One page up", Group.MOVE),
    Action("previous-clip", ("h", "left"), "clip", "Choose the clip to the left", Group.PANEL),
    Action("next-clip", ("l", "right"), "clip", "Choose the clip to the right", Group.PANEL),
    Action(
        "panel",
        ("enter", "tab"),
        "panel",
        "Go to the panel, and back to the table",
        Group.PANEL,
        footer=3,
        label_in_panel="table",
    ),
    Action("previous-tab", ("[",), "tab", "Show the tab to the left", Group.PANEL),
    Action("next-tab", ("]",), "tab", "Show the tab to the right", Group.PANEL),
    Action("zoom", ("f",), "zoom", "Give the panel the whole screen, or take it back", Group.PANEL, footer=10),
    Action("panel-off", ("d",), "panel off", "Put the panel away, or show it again", Group.PANEL),
    Action("filter", ("/",), "filter", "Show only lines that have all these words", Group.FIND, footer=4),
    Action("sort", ("s",), "sort", "Sort by the next column", Group.FIND, footer=9),
    Action("reverse", ("S",), "reverse", "Turn the order round", Group.FIND),
    Action("failed-only", ("!",), "failed", "Show only what failed, in whole or in part, or is missing", Group.FIND),
    Action("active-only", ("v",), "active", "Show only what is still under way", Group.FIND),
    Action("next-failed", ("n",), "next failed", "To the next task that failed", Group.FIND),
    Action("previous-failed", ("N",), "previous failed", "To the previous task that failed", Group.FIND),
    Action(
        "add", ("a",), "add", "Watch more tasks: paste ids, links, JSON or log lines", Group.ACT, footer=5, asks=True
    ),
    Action("remove", ("x",), "remove", "Stop watching the task, or all marked ones", Group.ACT, footer=6),
    Action("undo", ("u",), "undo", "Take back the last removal or label, then the one before", Group.ACT),
    Action("label", ("e",), "label", "Write a label on the task, or on all marked ones", Group.ACT, asks=True),
    Action(
        "mark",
        ("space",),
        "mark",
        "Mark the task, or unmark it, and go on; in the panel, one page down",
        Group.ACT,
        scope=Scope.TABLE,
        in_panel="page-down",
    ),
    Action("unmark-all", ("U",), "unmark", "Unmark all", Group.ACT),
    Action("refresh", ("r",), "refresh", "Ask the gateway now", Group.ACT, footer=8),
    Action("pause", ("p",), "pause", "Stop asking the gateway, or go on", Group.ACT),
    Action("copy-id", ("y",), "copy id", "Copy the id of the task, or of all marked ones", Group.TAKE, footer=7),
    Action(
        "copy-audio", ("Y",), "copy audio", "Copy the audio address of the clip, or all of the marked tasks", Group.TAKE
    ),
    Action(
        "copy-menu",
        ("ctrl+y",),
        "copy menu",
        "Choose what to copy: addresses, lyrics, reason, JSON",
        Group.TAKE,
        asks=True,
    ),
    Action("open", ("o",), "open", "Open the clip's audio in a browser; over SSH, show its address", Group.TAKE),
    Action("theme", ("t",), "theme", "Choose a theme, seeing it at once", Group.VIEW, asks=True),
    Action(
        "compact",
        ("C",),
        "compact",
        "Put the footer away, and the status bar while all is well, or not",
        Group.VIEW,
    ),
    Action("slower", ("+",), "slower", "Ask the gateway less often in this run", Group.VIEW),
    Action("faster", ("-",), "faster", "Ask the gateway more often in this run", Group.VIEW),
    Action("redraw", ("ctrl+l",), "redraw", "Paint the whole screen anew", Group.VIEW),
    Action("help", ("?",), "help", "Show all keys", Group.VIEW, footer=1, asks=True),
    Action("palette", (":", "ctrl+p"), "palette", "Find an action by its name", Group.VIEW, asks=True),
    Action(
        "back", ("escape",), "back", "One step back: out of the panel, the zoom, the filter, the marks", Group.LEAVE
    ),
    Action("suspend", ("ctrl+z",), "suspend", "Go back to the shell for a while; fg comes back here", Group.LEAVE),
    Action("quit", ("q",), "quit", "Leave the program", Group.LEAVE, footer=2),
    Action(
        "quit-anywhere", ("ctrl+c", "ctrl+q"), "quit", "Leave, also while typing", Group.LEAVE, scope=Scope.EVERYWHERE
    ),
)
"""Every action there is. Each has a performer in the TUI; none is listed before it works."""
