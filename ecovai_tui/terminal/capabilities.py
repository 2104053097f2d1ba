"""What the terminal can do, told from the environment alone: pure, asks the terminal nothing."""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple


class ColourDepth(IntEnum):
    """How many colours there are; the number is the meaning, so that depths compare."""

    NONE = 0
    SIXTEEN = 16
    MANY = 256
    TRUE = 16_777_216


_TEXTUAL_WORDS = {ColourDepth.TRUE: "truecolor", ColourDepth.MANY: "256", ColourDepth.SIXTEEN: "standard"}
"""Textual's words for TEXTUAL_COLOR_SYSTEM."""

_TRUE_TERMINALS = frozenset(
    {"kitty", "xterm-kitty", "ghostty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "wezterm", "rio"}
    | {"contour", "contour-latest"}
)
"""Terminals that have 24 bit colours in every version, though ssh forwards no COLORTERM to say so."""

_TRUE_ENDINGS = ("-direct", "-truecolor")
_MONOCHROME_ENDINGS = ("-m", "-mono")


class Capabilities(NamedTuple):
    """What the terminal can do, and what stands between it and the program."""

    depth: ColourDepth
    unicode: bool
    """False where the program draws in ASCII: the locale is not UTF-8, or the console's font has few glyphs."""
    encoding: str = "utf-8"
    """In what text is sent, in Python's words; the text of others stays as far as it has characters for it."""
    terminal: bool = True
    """False where the output is a file or a pipe."""
    dumb: bool = False
    """True where nothing is known of the terminal: no full screen can be drawn."""
    console: bool = False
    """True on the Linux console: no clipboard, no notifications, no keyboard protocol."""
    tmux: bool = False
    screen: bool = False
    ssh: bool = False

    @property
    def links(self) -> bool:
        """Whether addresses are sent as links (OSC 8): who does not know them leaves them out, but for these."""
        return self.terminal and not (self.dumb or self.console or self.screen)

    @property
    def erases_in_colour(self) -> bool:
        """Whether an erased cell takes the ground that is set, as in all that have many colours but GNU screen."""
        return self.terminal and not self.screen and (self.depth >= ColourDepth.MANY or self.console)


def read_capabilities(environment: Mapping[str, str], *, is_terminal: bool, encoding: str) -> Capabilities:
    """Return what the terminal can do.

    ``encoding`` is that of standard output, in Python's words.
    """
    term = environment.get("TERM", "").strip().lower()
    dumb = term in {"", "dumb", "unknown"}
    tmux = bool(environment.get("TMUX"))
    return Capabilities(
        depth=_colour_depth(environment, term) if is_terminal and not dumb else ColourDepth.NONE,
        unicode=not dumb and not term.startswith(("linux", "vt")) and _speaks_utf8(environment, encoding),
        encoding=_encoding(environment, encoding),
        terminal=is_terminal,
        dumb=dumb,
        console=term.startswith("linux"),
        tmux=tmux,
        screen=not tmux and (bool(environment.get("STY")) or term.startswith("screen")),
        ssh=is_ssh(environment),
    )


def is_ssh(environment: Mapping[str, str]) -> bool:
    """Return whether the program runs on another machine than the one whose screen shows it."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def textual_environment(capabilities: Capabilities, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to set before Textual is imported, as it reads them then, once.

    Without colours Textual must start in a theme of the terminal's own: otherwise it turns every later theme into
    greys, and the terminal's own colours into black on black.
    """
    changes: dict[str, str] = {}
    if _asked_depth(environment) is None:
        changes["TEXTUAL_COLOR_SYSTEM"] = _TEXTUAL_WORDS.get(capabilities.depth, "standard")
    if capabilities.depth is ColourDepth.NONE:
        changes |= {"NO_COLOR": "1", "TEXTUAL_THEME": "ansi-dark"}
    if (capabilities.console or capabilities.screen) and "TEXTUAL_DISABLE_KITTY_KEY" not in environment:
        changes["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    return changes


def _colour_depth(environment: Mapping[str, str], term: str) -> ColourDepth:
    if "NO_COLOR" in environment:  # an empty value counts, because it does for Textual
        return ColourDepth.NONE
    asked = _asked_depth(environment)
    if asked is not None:
        return asked
    depth = _named_depth(environment, term)
    # GNU screen misreads 24 bit colours as other attributes, whatever COLORTERM says.
    return min(depth, ColourDepth.MANY) if term.startswith("screen") else depth


def _asked_depth(environment: Mapping[str, str]) -> ColourDepth | None:
    asked = environment.get("TEXTUAL_COLOR_SYSTEM", "")
    return next((depth for depth, word in _TEXTUAL_WORDS.items() if word == asked), None)


def _named_depth(environment: Mapping[str, str], term: str) -> ColourDepth:
    if term.endswith(_MONOCHROME_ENDINGS) or (term.startswith("vt") and term[2:3].isdigit()):
        return ColourDepth.NONE
    is_true = term in _TRUE_TERMINALS or term.endswith(_TRUE_ENDINGS)
    if is_true or environment.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return ColourDepth.TRUE
    if "256color" in term or environment.get("TMUX"):  # tmux reads 256 colours under any TERM
        return ColourDepth.MANY
    return ColourDepth.SIXTEEN


def _speaks_utf8(environment: Mapping[str, str], encoding: str) -> bool:
    locale = _locale(environment)
    return _is_utf8(encoding) and (not locale or "utf8" in locale.lower().replace("-", ""))


def _encoding(environment: Mapping[str, str], encoding: str) -> str:
    """Return in what the terminal is sent text.

    Python sends UTF-8 also where the locale is C, as such terminals read it today, and where the system does not have
    the locale at all: if that one names another encoding, only ASCII reads the same in both.
    """
    if not _is_utf8(encoding):
        return encoding
    _, _, named = _locale(environment).partition(".")
    return "ascii" if named and not _is_utf8(named.partition("@")[0]) else "utf-8"


def _locale(environment: Mapping[str, str]) -> str:
    """Return the user's locale, "" where none is set."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    set_by_user = next((environment[name] for name in names if environment.get(name)), "")
    return environment["LANG"] if _is_coerced(environment) else set_by_user


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "").replace("-", "") == "utf8"


def _is_coerced(environment: Mapping[str, str]) -> bool:
    """Return whether it was Python (PEP 538), not the user, who set LC_CTYPE, where the user's locale is C."""
    coerced = environment.get("LC_CTYPE") in {"C.UTF-8", "C.utf8", "UTF-8"}
    return coerced and not environment.get("LC_ALL") and environment.get("LANG") in {"C", "POSIX"}
