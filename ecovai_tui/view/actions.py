"""The registry of actions and their keys: the bindings, the footer, the help and the palette all read it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.language import later, listed, sentences, tr
from ecovai_tui.store.errors import SettingsError, quoted
from ecovai_tui.store.settings_file import SETTING_NAMES, KeyRules
from ecovai_tui.store.settings_tables import COMMAND, FILTER
from ecovai_tui.tasks.text import nearest, suggestion

NAMED_KEYS = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace", "tab",
    "enter", "escape", "space", "comma", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
"""Keys that are written by name; every other key is its character."""

SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "escape": "esc", "comma": ",",
}  # fmt: skip
"""How a key is written where it is read rather than typed."""

SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""Keys that are one and the same to most terminals."""

MODIFIER = r"(?:ctrl|shift|alt|super)\+"
"""Begins a key that is pressed with another one."""


def shown_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as people read it: an arrow for ``up`` (the word in ASCII), ``^d`` for ``ctrl+d``."""
    shown = SHOWN.get(key, key.replace("ctrl+", "^") if key.startswith("ctrl+") else key)
    return key if ascii_only and not shown.isascii() else shown


def shown_keys(keys: Iterable[str], *, ascii_only: bool = False) -> str:
    """Return several keys as people read them, separated by blanks."""
    return " ".join(shown_key(key, ascii_only=ascii_only) for key in keys)


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys that a text with commas names, each once, as terminals send them."""
    return tuple(dict.fromkeys(_as_sent(part) for part in map(str.strip, text.split(",")) if part))


def _as_sent(key: str) -> str:
    """Return a key as terminals send it: shift with a letter is a capital, and ctrl knows small letters alone."""
    if len(key) == len("shift+x") and key.startswith("shift+") and key[-1].isalpha():
        return key[-1].upper()
    return key.lower() if len(key) == len("ctrl+x") and key.startswith("ctrl+") else key


def is_key(key: str) -> bool:
    """Return whether a terminal may send a key of this name."""
    plain = re.sub(MODIFIER, "", key)
    return (len(plain) == 1 and plain.isprintable()) or plain in NAMED_KEYS


class Group(StrEnum):
    """What an action is for; the help shows the groups in this order."""

    MOVE = later("Move")
    PANEL = later("Clip and panel")
    FIND = later("Find")
    ACT = later("Act")
    TAKE = later("Take")
    VIEW = later("View")
    LEAVE = later("Leave")


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
    scope: Scope = Scope.BOTH
    asks: bool = False
    """It opens a dialog, to which the keys belong that are typed behind its own."""
    query: str = ""
    """What it shows, where it is a saved filter."""
    command: str = ""
    """What it runs, where it is a command line of the user's."""


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
    Action("panel", ("enter", "tab"), "panel", "Go to the panel, and back to the table", Group.PANEL),
    Action("previous-tab", ("[",), "tab", "Show the tab to the left", Group.PANEL),
    Action("next-tab", ("]",), "tab", "Show the tab to the right", Group.PANEL),
    Action("tab-1", ("1",), "lyrics", "Show lyrics, or what was asked for", Group.PANEL),
    Action("tab-2", ("2",), "details", "Show times, addresses, what was asked", Group.PANEL),
    Action("tab-3", ("3",), "history", "Show what each phase took", Group.PANEL),
    Action("tab-4", ("4",), "JSON", "Show what the gateway sent", Group.PANEL),
    Action("zoom", ("f",), "zoom", "Give the panel the whole screen, or take it back", Group.PANEL),
    Action("panel-off", ("d",), "panel off", "Put the panel away, or show it again", Group.PANEL),
    Action(
        "filter", ("/",), "filter", "Show only what matches: words, !not, ~regex, phase:failed, age>10m", Group.FIND
    ),
    Action("sort", ("s",), "sort", "Sort by the next column", Group.FIND),
    Action("reverse", ("S",), "reverse", "Turn the order round", Group.FIND),
    Action("failed-only", ("!",), "failed", "Show only what failed, in whole or in part, or is missing", Group.FIND),
    Action("active-only", ("v",), "active", "Show only what is still under way", Group.FIND),
    Action("next-failed", ("n",), "next failed", "To the next task that failed", Group.FIND),
    Action("previous-failed", ("N",), "previous failed", "To the previous task that failed", Group.FIND),
    Action("add", ("a",), "add", "Watch more tasks: paste ids, links, JSON or log lines", Group.ACT, asks=True),
    Action(
        "create",
        ("c",),
        "create",
        "Make a song or lyrics; on a failed one, change and send it anew",
        Group.ACT,
        asks=True,
    ),
    Action("extend", ("E",), "extend", "Extend the clip from a second that you choose", Group.ACT, asks=True),
    Action("remove", ("x",), "remove", "Stop watching the task, or all marked ones", Group.ACT),
    Action("undo", ("u",), "undo", "Take back the last removal or label, then the one before", Group.ACT),
    Action("label", ("e",), "label", "Write a label on the task, or on all marked ones", Group.ACT, asks=True),
    Action(
        "mark",
        ("space",),
        "mark",
        "Mark the task, or unmark it, and go on; in the panel, one page down",
        Group.ACT,
        scope=Scope.TABLE,
    ),
    Action("mark-to-here", ("V",), "mark to here", "Mark all from the last marked task to this one", Group.ACT),
    Action("unmark-all", ("U",), "unmark", "Unmark all", Group.ACT),
    Action("refresh", ("r",), "refresh", "Ask the gateway now", Group.ACT),
    Action("pause", ("p",), "pause", "Stop asking the gateway, or go on", Group.ACT),
    Action("copy-id", ("y",), "copy id", "Copy the id of the task, or of all marked ones", Group.TAKE),
    Action(
        "copy-audio", ("Y",), "copy audio", "Copy the audio address of the clip, or all of the marked tasks", Group.TAKE
    ),
    Action(
        "copy-menu",
        ("ctrl+y",),
        "copy menu",
        "Choose what to copy: addresses, lyrics, prompt, reason, JSON, a curl line",
        Group.TAKE,
        asks=True,
    ),
    Action("download", ("D",), "download", "Keep the file of the clip, or all of the marked tasks", Group.TAKE),
    Action("play", ("P",), "play", "Play the clip, or stop it; over SSH, show its address", Group.TAKE),
    Action("open", ("o",), "open", "Open the clip's audio in a browser; over SSH, show its address", Group.TAKE),
    Action("theme", ("t",), "theme", "Choose a theme, seeing it at once", Group.VIEW, asks=True),
    Action(
        "compact", ("C",), "compact", "Put the footer away, and the status bar while all is well, or not", Group.VIEW
    ),
    Action("slower", ("+",), "slower", "Ask the gateway less often in this run", Group.VIEW),
    Action("faster", ("-",), "faster", "Ask the gateway more often in this run", Group.VIEW),
    Action("redraw", ("ctrl+l",), "redraw", "Paint the whole screen anew", Group.VIEW),
    Action("help", ("?",), "help", "Show all keys", Group.VIEW, asks=True),
    Action("messages", ("i",), "messages", "Read in whole what is wrong, and what was said", Group.VIEW, asks=True),
    Action("palette", (":", "ctrl+p"), "palette", "Find an action by its name", Group.VIEW, asks=True),
    Action(
        "back", ("escape",), "back", "One step back: out of the panel, the zoom, the filter, the marks", Group.LEAVE
    ),
    Action("suspend", ("ctrl+z",), "suspend", "Go back to the shell for a while; fg comes back here", Group.LEAVE),
    Action("quit", ("q",), "quit", "Leave the program", Group.LEAVE),
    Action(
        "quit-anywhere", ("ctrl+c", "ctrl+q"), "quit", "Leave, also while typing", Group.LEAVE, scope=Scope.EVERYWHERE
    ),
)
"""Every action there is. Each has a performer in the TUI; none is listed before it works."""


class Place(StrEnum):
    """Where the keyboard is, and what it is on, as far as the footer has other keys for it."""

    TABLE = "table"
    FAILURE = "failure"
    """The table, on a task that failed."""
    MARKS = "marks"
    """The table, with marked tasks."""
    EMPTY = "empty"
    PANEL = "panel"
    ZOOM = "zoom"


class Hint(NamedTuple):
    """What a footer says of one or two actions that belong together."""

    actions: tuple[str, ...]
    words: str
    between: str = " "
    """What stands between the keys: a dash where the actions are the first and the last of several."""


UP_TO = ".."


def _hints(*pairs: tuple[str, str]) -> tuple[Hint, ...]:
    return tuple(
        Hint(tuple(names.replace(UP_TO, " ").split()), words, "-" if UP_TO in names else " ") for names, words in pairs
    )


_TAKING = (("add", later("add")), ("create", later("create")), ("download", later("download")))
_REST = (
    ("copy-id", later("copy id")),
    ("remove", later("remove")),
    ("sort", later("sort")),
    ("zoom", later("zoom")),
    ("palette", later("all actions")),
)
_SCROLLING = (("down up", later("scroll")), ("tab-1..tab-4", later("tabs")), ("previous-clip next-clip", later("clip")))

FOOTERS: Mapping[Place, tuple[Hint, ...]] = MappingProxyType(
    {
        Place.TABLE: _hints(("panel", later("read")), ("filter", later("find")), *_TAKING, *_REST),
        Place.FAILURE: _hints(
            ("panel", later("read")),
            ("create", later("change and send anew")),
            ("next-failed", later("next failed")),
            ("failed-only", later("failed only")),
            *_REST,
        ),
        Place.MARKS: _hints(
            ("download", later("download")),
            ("copy-audio", later("copy addresses")),
            ("label", later("label")),
            ("remove", later("remove")),
            ("unmark-all", later("unmark all")),
        ),
        Place.EMPTY: _hints(("create", later("create")), ("add", later("add")), ("palette", later("all actions"))),
        Place.PANEL: _hints(
            *_SCROLLING,
            ("zoom", later("zoom")),
            ("copy-audio", later("copy address")),
            ("play", later("play")),
            ("back", later("back to tasks")),
        ),
        Place.ZOOM: _hints(*_SCROLLING, ("copy-id", later("copy id")), ("zoom", later("back to the table"))),
    }
)
"""What the footer says, from left to right; an action that there is not, or that has no key, is left out."""

LAST_HINTS = _hints(("help", later("help")), ("quit", later("quit")))
"""What stands at its right end wherever the keyboard is."""


_DEFAULTS = {action.id: action.keys for action in ACTIONS}
_EASY, _EVERYWHERE = "quit", "quit-anywhere"
_SUCH_AS = {_EASY: "q", _EVERYWHERE: "ctrl+c"}

CHANGING = frozenset({"add", "remove", "undo", "label", "create", "extend", "download"})
"""The actions that spend money, or change what is on the disk beside what the program remembers of its own look."""


def bound_actions(
    user_keys: Mapping[str, str],
    filters: Mapping[str, str] = MappingProxyType({}),
    commands: Mapping[str, str] = MappingProxyType({}),
    *,
    readonly: bool = False,
) -> tuple[Action, ...]:
    """Return all actions with the keys they have in the end: the user's, else the default ones.

    ``user_keys`` maps an action's id to its keys, separated by commas; "" takes all keys from it. Each of the saved
    ``filters``, and of the user's own ``commands``, is an action as well. What changes something has no key in a
    ``readonly`` run. Raises SettingsError for an unknown action, and for all that ``key_faults`` finds.
    """
    own = (*(_showing(*each) for each in filters.items()), *(_running(*each) for each in commands.items()))
    actions = (*ACTIONS, *own)
    ids = frozenset(action.id for action in actions)
    unknown = (f"[keys] {name}: {_unknown_action(name)}" for name in user_keys if name not in ids)
    known = {name: text for name, text in user_keys.items() if name in ids}
    faults = (*unknown, *(f"[keys] {fault}" for fault in key_faults(known)))
    if faults:
        raise SettingsError(*faults)
    bound = _bound(user_keys) | (
        dict.fromkeys({*CHANGING, *(each.id for each in own if each.command)}, ()) if readonly else {}
    )
    return tuple(action._replace(keys=bound.get(action.id, ())) for action in actions)


def _showing(name: str, text: str) -> Action:
    return Action(
        f"{FILTER}{name}", (), name, tr("Show only {words}, or all again", words=text), Group.FIND, query=text
    )


def _running(name: str, line: str) -> Action:
    does = tr("Run {name}: {words}", name=name, words=line)
    return Action(f"{COMMAND}{name}", (), name, does, Group.ACT, command=line)


def key_faults(user_keys: Mapping[str, str], below: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield what is wrong with the keys that a user gives to actions, and not with those already that they lie over.

    That is: a key that no terminal sends, one key for two actions, a default key counting as well, and no way out.
    """
    for name, text in user_keys.items():
        yield from _spelling_faults(name, text)
    merged = {**below, **user_keys}
    known = {*_clashes(below), *_closed_ways_out(below)}
    yield from (fault for fault in (*_clashes(merged), *_closed_ways_out(merged)) if fault not in known)


def _bound(user_keys: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of each action; what is no key is left out."""
    chosen = {name: tuple(filter(is_key, split_keys(text))) for name, text in user_keys.items()}
    return {**_DEFAULTS, **chosen}


def _spelling_faults(name: str, text: str) -> Iterator[str]:
    keys = split_keys(text)
    if text and not keys:
        told = tr('there is no key in it. Write comma for ",", space for " ", and "" for no key.')
        yield f'{name} = "{text}": {told}'
    for key in keys:
        if not is_key(key):
            yield f"{name} = {quoted(key)}: {sentences(tr('there is no key of this name.'), _remedy(name, key))}"
        elif name == _EVERYWHERE and (len(key) == 1 or key in {"space", "comma", "backspace"}):
            told = tr("it works while typing too, where this key is needed. Take one such as ctrl+x.")
            yield f'{name} = "{key}": {told}'


def _remedy(name: str, key: str) -> str:
    if name in SETTING_NAMES:
        return tr("{name} is a setting as well: did it mean to stand above the tables?", name=name)
    near = nearest(re.sub(MODIFIER, "", key), NAMED_KEYS)
    guess = "" if near is None else tr("Did you mean {near}?", near=near)
    how = tr("Write a character, or a name such as f5, pagedown or ctrl+d, and commas between several.")
    return sentences(guess, how)


def _unknown_action(name: str) -> str:
    return sentences(tr("there is no action of this name."), suggestion(name, _DEFAULTS))


def _clashes(user_keys: Mapping[str, str]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    bound = _bound(user_keys)
    for name in (*user_keys, *(name for name in bound if name not in user_keys)):
        for key in bound[name]:
            owners.setdefault(SAME_KEYS.get(key, key), []).append(name)
    for key, names in owners.items():
        if len(names) > 1:
            told = later('"{key}" is given to both {names}.')
            if names[-1] not in user_keys:
                told = later('"{key}" is given to both {names} (by default).')
            yield sentences(tr(told, key=key, names=listed(names)), _way_to_part(names[-1], user_keys))


def _way_to_part(last: str, user_keys: Mapping[str, str]) -> str:
    if last in user_keys:
        return tr("Take it from one of them.")
    if last in _SUCH_AS:
        return tr('Write {name} = "..." with another key as well.', name=last)
    return tr('Write {name} = "..." with another key as well, or {name} = "" for none.', name=last)


def _closed_ways_out(user_keys: Mapping[str, str]) -> Iterator[str]:
    """Yield a fault for each way to leave the program without a key: there is to be one while typing, and one else."""
    bound = _bound(user_keys)
    for name, other in (_EASY, _EVERYWHERE), (_EVERYWHERE, _EASY):
        if user_keys.get(name) == "":
            told = later('{name} = "": neither it nor {other} would be left to leave the program by.')
            if bound[other]:
                told = later('{name} = "": only {other} ({keys}) would be left to leave the program by.')
            told = tr(told, name=name, other=other, keys=shown_keys(bound[other]))
            yield sentences(told, tr("Give it a key, such as {key}.", key=_SUCH_AS[name]))


KEY_RULES = KeyRules(_DEFAULTS.keys(), key_faults)
"""What the reader of the settings file needs to know of the tables of keys."""
