"""What tmux lets through: the options that a program in it depends on, and the lines to add where they hinder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.tasks.text import clean_line
from ecovai_tui.terminal.sequences import run_tmux

LONGEST_ESCAPE_TIME = 50
"""Milliseconds: beyond that, tmux holds the escape key for so long that it is felt; its own default is 500."""

_SEPARATOR = "|"
"""Stands in no option that is asked for; tmux writes it as it is under any locale."""

_NAMES = (
    "version",
    "focus-events",
    "set-clipboard",
    "allow-passthrough",
    "escape-time",
    "client_termname",
    "client_termfeatures",
    "client_termtype",
)


class TmuxOptions(NamedTuple):
    """What the server of this pane answers; "" for what its version does not know."""

    version: str
    focus_events: str
    set_clipboard: str
    allow_passthrough: str
    escape_time: str
    client_termname: str
    """The TERM of the terminal outside; "" where nobody is attached."""
    client_termfeatures: str
    """What tmux believes of the terminal outside, parted by commas."""
    client_termtype: str = ""
    """What the terminal outside calls itself."""


class Line(NamedTuple):
    """A line for ``~/.tmux.conf``, and what it is good for."""

    text: str
    good_for: str


def ask_tmux(environment: Mapping[str, str]) -> TmuxOptions | None:
    """Return the options of the tmux around this program, or None where there is none, or it does not answer."""
    if not environment.get("TMUX"):
        return None
    question = _SEPARATOR.join(f"#{{{name}}}" for name in _NAMES)
    told = run_tmux(["display-message", "-p", question], environment)
    answers = (told or b"").decode(errors="replace").rstrip("\n").split(_SEPARATOR)
    if len(answers) != len(_NAMES):
        return None
    return TmuxOptions(*(clean_line(answer) for answer in answers))


def lines_to_add(options: TmuxOptions, *, notifies_desktop: bool, many_colours: bool) -> Iterator[Line]:
    """Yield what to add to ``~/.tmux.conf``; ``many_colours`` says that the terminal outside has 24 bit colours."""
    if options.focus_events == "0":
        yield Line("set -g focus-events on", tr("asks the gateway less while nobody looks at the pane"))
    if options.set_clipboard == "off":
        yield Line("set -s set-clipboard external", tr("copied ids reach the clipboard of the terminal outside"))
    if notifies_desktop and options.allow_passthrough in {"0", "off"}:
        yield Line("set -g allow-passthrough on", tr('notify = "desktop" reaches the desktop'))
    if options.escape_time.isdecimal() and int(options.escape_time) > LONGEST_ESCAPE_TIME:
        yield Line(
            "set -s escape-time 10", tr("esc acts at once, not after {escape_time} ms", escape_time=options.escape_time)
        )
    outside = options.client_termname
    if outside and many_colours and not {"RGB", "rgb"} & set(options.client_termfeatures.split(",")):
        yield Line(f"set -as terminal-features '{outside}:RGB'", tr("themes keep their 24 bit colours"))
