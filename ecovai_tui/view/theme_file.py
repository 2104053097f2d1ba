"""One theme file, read strictly: what is wrong with it is said in words, and nothing half-right gets through."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypedDict, TypeVar

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import could_be_key, quoted, words_of_system
from ecovai_tui.store.toml import TomlError, parse_toml
from ecovai_tui.tasks.model import Phase
from ecovai_tui.view.theme_faults import ThemeError, ThemeFault, fault, theme_error

_ANSI_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_NAMES = frozenset(
    {"ansi_default", *(f"ansi_{kind}{colour}" for kind in ("", "bright_") for colour in _ANSI_COLOURS)}
)
"""The terminal's own colours, in Textual's words."""

_HEX_LENGTHS = frozenset({len("#rgb"), len("#rrggbb")})
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_STRENGTHS = frozenset(f"{share}%" for share in range(101))
_STYLE_WORDS = frozenset(
    {"b", "bold", "dim", "i", "italic", "u", "underline", "uu", "o", "overline", "reverse", "strike", "blink"}
)

_ROLES = ("primary", "secondary", "warning", "error", "success", "accent")
_GROUNDS = ("background", "foreground", "surface", "panel", "boost", "primary-background", "secondary-background")
_PARTS = {
    "text": ("muted", "disabled", *_ROLES),
    "foreground": ("muted", "disabled"),
    "background": ("muted",),
    "border": ("blurred",),
    "surface": ("active",),
    "block-hover": ("background",),
    "block-cursor": ("foreground", "background", "text-style"),
    "block-cursor-blurred": ("foreground", "background", "text-style"),
    "ansi": ("background", "foreground"),
    "scrollbar": ("hover", "active", "corner-color", "background", "background-hover", "background-active"),
    "link": ("color", "color-hover", "background", "background-hover", "style", "style-hover"),
    "footer": ("foreground", "background", "item-background"),
    "footer-key": ("foreground", "background"),
    "footer-description": ("foreground", "background"),
    "input-cursor": ("foreground", "background", "text-style"),
    "input-selection": ("foreground", "background"),
    "screen-selection": ("foreground", "background"),
    "button": ("foreground", "color-foreground", "focus-text-style"),
    **{f"markdown-h{level}": ("color", "background", "text-style") for level in range(1, 7)},
}
_SHADES = [f"{way}-{step}" for way in ("lighten", "darken") for step in (1, 2, 3)]

VARIABLE_NAMES = frozenset(
    {
        *("text", "border", "scrollbar", *_ROLES, *_GROUNDS),
        *(f"{role}-muted" for role in _ROLES),
        *(f"{name}-{shade}" for name in (*_ROLES, *_GROUNDS) for shade in _SHADES),
        *(f"{name}-{part}" for name, parts in _PARTS.items() for part in parts),
    }
)
"""Every variable that Textual derives from a theme and that a theme may set itself."""

AUTO_NAMES = frozenset(
    {"text", "text-muted", "text-disabled", "block-cursor-foreground", "button-color-foreground"}
    | {"link-color", "link-color-hover"}
)
"""Those that may be ``auto``: black or white, whichever can be read."""


def is_ansi(value: str) -> bool:
    """Return whether the value names one of the terminal's own colours."""
    return value.partition(" ")[0] in ANSI_NAMES


def is_colour(value: str) -> bool:
    """Return whether the value is ``#rgb``, ``#rrggbb`` or one of the terminal's own colours."""
    is_hex = value.startswith("#") and len(value) in _HEX_LENGTHS and _HEX_DIGITS.issuperset(value[1:])
    return is_hex or value in ANSI_NAMES


def is_variable_colour(value: str, name: str) -> bool:
    """Return whether the variable of that name can be this colour, with or without a strength such as ``60%``.

    ``transparent`` always can be; ``auto`` only where Textual itself has it, as elsewhere it ends the program.
    """
    colour, has_strength, strength = value.partition(" ")
    if has_strength and strength not in _STRENGTHS:
        return False
    return colour == "transparent" or (colour == "auto" and name in AUTO_NAMES) or is_colour(colour)


def is_style(value: str) -> bool:
    """Return whether the value is ``none`` or made of style words such as ``bold not underline``."""
    words = value.replace("not ", "").split(" ")
    return value == "none" or ("not not" not in value and _STYLE_WORDS.issuperset(words))


SIZE_LIMIT = 65_536
"""Bytes; a theme has about 3,000."""

OPTIONAL_COLOURS = (
    "secondary", "warning", "error", "success", "accent", "foreground", "background", "surface", "panel", "boost",
)  # fmt: skip
_COLOURS = ("primary", *OPTIONAL_COLOURS)
_FLAGS = ("dark", "ansi")
_FRACTIONS = ("luminosity_spread", "text_alpha")
_KEYS = ("name", *_COLOURS, *_FLAGS, *_FRACTIONS, "variables", "phases")
_ANSI_GAPS = dict.fromkeys(
    ("ansi-background", "ansi-foreground", "foreground-disabled", "surface-active"), "ansi_default"
)
"""Variables that Textual's style sheets ask for, and that it does not derive for the terminal's own colours."""

_Value = TypeVar("_Value")
_NAME = r"[a-z0-9][a-z0-9_-]{0,31}"
_COLOUR_REMEDY = later('Write "#rgb", "#rrggbb" or a colour of the terminal such as "ansi_red".')


class ThemeArguments(TypedDict, total=False):
    """What ``textual.theme.Theme(**arguments)`` takes."""

    name: str
    primary: str
    secondary: str | None
    warning: str | None
    error: str | None
    success: str | None
    accent: str | None
    foreground: str | None
    background: str | None
    surface: str | None
    panel: str | None
    boost: str | None
    dark: bool
    luminosity_spread: float
    text_alpha: float
    variables: dict[str, str]
    ansi: bool


class ThemeFile(NamedTuple):
    """A theme as its file tells it; colours that the file leaves out are Textual's to derive."""

    name: str
    primary: str
    phases: Mapping[Phase, str]
    """One colour for each phase."""
    colours: Mapping[str, str] = MappingProxyType({})
    """The other colours that the file gives, by Textual's name for them."""
    variables: Mapping[str, str] = MappingProxyType({})
    dark: bool = True
    ansi: bool = False
    """True where all colours are the terminal's own sixteen."""
    luminosity_spread: float = 0.15
    text_alpha: float = 0.95

    def arguments(self) -> ThemeArguments:
        """Return what ``textual.theme.Theme`` takes; the phases become variables named ``phase-done`` and so on."""
        phases = {f"phase-{phase}": colour for phase, colour in self.phases.items()}
        arguments: ThemeArguments = {
            "name": self.name,
            "primary": self.primary,
            "dark": self.dark,
            "ansi": self.ansi,
            "luminosity_spread": self.luminosity_spread,
            "text_alpha": self.text_alpha,
            "variables": {**(_ANSI_GAPS if self.ansi else {}), **self.variables, **phases},
        }
        for name in OPTIONAL_COLOURS:
            # mypy needs a literal key of a TypedDict; the names are its own, and a test compares the two.
            arguments[name] = self.colours.get(name)  # type: ignore[literal-required]
        return arguments


def read_theme(path: Path) -> ThemeFile:
    """Read and check one theme file.

    Raises ThemeError with all that is wrong with it.
    """
    names = {path.stem}
    try:
        document = _load(path)
        names |= {name for name in [document.get("name")] if isinstance(name, str)}
        return parse_theme(document)
    except ThemeError as error:
        raise ThemeError(*error.faults, file=path, names=names) from None


def parse_theme(document: Mapping[str, object]) -> ThemeFile:
    """Check the contents of a theme file, and return them as a theme.

    Raises ThemeError with all that is wrong.
    """
    faults: list[ThemeFault] = []
    meant = _refuse_unknown(document, _TOP, faults)
    colours = _read_colours(document, [key for key in _COLOURS if key in document], "", faults)
    if "primary" not in document.keys() | meant:
        faults.append(
            fault(later('"primary" is missing'), later("Every other colour is derived from it."), _COLOUR_REMEDY)
        )
    theme = ThemeFile(
        name="" if "name" in meant else _attempt(lambda: _read_name(document), faults, ""),
        primary=colours.pop("primary", ""),
        colours=colours,
        phases=_read_phases(document, faults),
        variables=_read_variables(document, faults),
        dark=_attempt(lambda: _read_flag(document, "dark", default=True), faults, instead=True),
        ansi=_attempt(lambda: _read_flag(document, "ansi", default=False), faults, instead=True),
        luminosity_spread=_attempt(lambda: _read_fraction(document, "luminosity_spread", default=0.15), faults, 0.0),
        text_alpha=_attempt(lambda: _read_fraction(document, "text_alpha", default=0.95), faults, 0.0),
    )
    faults += _ansi_faults(theme)
    if faults:
        raise ThemeError(*faults)
    return theme


def _load(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise theme_error(
            later("it cannot be read ({why})"), later("Check the file and its permissions."), why=words_of_system(error)
        ) from None
    if len(data) > SIZE_LIMIT:
        raise theme_error(later("it is larger than {n:,} bytes"), later("A theme is a short TOML file."), n=SIZE_LIMIT)
    try:
        return parse_toml(data)
    except TomlError as error:
        raise theme_error(
            later("it is {what} ({where})"), later("Correct that line."), what=error.what, where=error.where
        ) from None


def _attempt(work: Callable[[], _Value], faults: list[ThemeFault], instead: _Value) -> _Value:
    """Return what comes of some work; where that is faults, they go to the others."""
    try:
        return work()
    except ThemeError as error:
        faults.extend(error.faults)
        return instead


class _Table(NamedTuple):
    """One of the tables of a theme file: what is said of a name that it does not know, and which names there are."""

    unknown: str
    known: Collection[str]


_TOP = _Table(later("no key is called {name}"), _KEYS)
_PHASES = _Table(later("no phase is called {name}"), tuple(str(phase) for phase in Phase))
_VARIABLES = _Table(later("no variable of Textual is called {name}"), VARIABLE_NAMES)


def _refuse_unknown(found: Collection[str], table: _Table, faults: list[ThemeFault]) -> set[str]:
    """Add the names that are not known to the faults, and return the known ones that they may have been meant to be."""
    meant = set()
    for name in found:
        if name not in table.known:
            nearest = get_close_matches(name, sorted(table.known), n=1)
            meant.update(nearest)
            guess = later('Did you mean "{near}"?') if nearest else later("Remove it.")
            remedy = _elsewhere(name, table) or tr(guess, near="".join(nearest))
            faults.append(ThemeFault(tr(table.unknown, name=quoted(name)), remedy))
    return meant


def _elsewhere(name: str, table: _Table) -> str:
    """Return where a name belongs that is one of another table, else ""."""
    if table is not _TOP:
        return tr("Did it mean to stand above the tables?") if name in _KEYS else ""
    headers = [header for header, other in (("phases", _PHASES), ("variables", _VARIABLES)) if name in other.known]
    return tr("Did it mean to stand under [{header}]?", header=headers[0]) if headers else ""


def _read_name(document: Mapping[str, object]) -> str:
    name = document.get("name")
    if not isinstance(name, str) or not re.fullmatch(_NAME, name):
        remedy = later('Write name = "my-theme": up to 32 small letters, digits, "-" and "_".')
        raise theme_error(later('"name" is missing') if name is None else later('"name" is not a name'), remedy)
    return name


def _read_colours(
    table: Mapping[str, object], keys: Iterable[str], prefix: str, faults: list[ThemeFault]
) -> dict[str, str]:
    return {key: _attempt(partial(_read_colour, table[key], f"{prefix}{key}"), faults, "") for key in keys}


def _read_colour(value: object, key: str) -> str:
    if not isinstance(value, str) or not is_colour(value):
        raise theme_error(later('"{key}" is not a colour: {value}'), _COLOUR_REMEDY, key=key, value=_shown(value))
    return value


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str) and could_be_key(value) else repr(value)


def _read_table(document: Mapping[str, object], key: str) -> dict[str, object]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise theme_error(
            later('"{key}" is not a table'), later("Write [{key}] on a line of its own, and its values below."), key=key
        )
    return table


def _read_phases(document: Mapping[str, object], faults: list[ThemeFault]) -> dict[Phase, str]:
    before = len(faults)
    table = _attempt(lambda: _read_table(document, "phases"), faults, dict[str, object]())
    if len(faults) > before:
        return {}
    meant = _refuse_unknown(table, _PHASES, faults)
    missing = [f'"{phase}"' for phase in Phase if phase not in table.keys() | meant]
    if missing:
        faults.append(
            fault(
                later("[phases] has no {names}"),
                later("Give each a colour."),
                _COLOUR_REMEDY,
                names=tr(", ").join(missing),
            )
        )
    colours = _read_colours(table, [phase for phase in Phase if phase in table], "phases.", faults)
    return {Phase(name): colour for name, colour in colours.items()}


def _read_variables(document: Mapping[str, object], faults: list[ThemeFault]) -> dict[str, str]:
    table = _attempt(lambda: _read_table(document, "variables"), faults, dict[str, object]())
    _refuse_unknown(table, _VARIABLES, faults)
    known = {name: value for name, value in table.items() if name in VARIABLE_NAMES}
    return {name: _attempt(partial(_read_variable, value, name), faults, "") for name, value in known.items()}


def _read_variable(value: object, name: str) -> str:
    if name.endswith(("-style", "-style-hover")):
        if isinstance(value, str) and is_style(value):
            return value
        raise theme_error(
            later('"{key}" is not a style: {value}'),
            later('Write words such as "bold" or "reverse".'),
            key=f"variables.{name}",
            value=_shown(value),
        )
    if isinstance(value, str) and is_variable_colour(value, name):
        return value
    more = later('"transparent" does as well, and a strength as in "#5fafff 40%".')
    key = f"variables.{name}"
    raise theme_error(later('"{key}" is not a colour: {value}'), _COLOUR_REMEDY, more, key=key, value=_shown(value))


def _read_flag(document: Mapping[str, object], key: str, *, default: bool) -> bool:
    value = document.get(key, default)
    if not isinstance(value, bool):
        raise theme_error(
            later('"{key}" is neither true nor false: {value}'),
            later("Write {key} = true or {key} = false."),
            key=key,
            value=_shown(value),
        )
    return value


def _read_fraction(document: Mapping[str, object], key: str, *, default: float) -> float:
    value = document.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise theme_error(
            later('"{key}" is not a number from 0 to 1: {value}'),
            later("Leave it out, or write {key} = {default}."),
            key=key,
            value=_shown(value),
            default=default,
        )
    return float(value)


def _ansi_faults(theme: ThemeFile) -> Iterator[ThemeFault]:
    """Yield the terminal's own colours where Textual would turn them into fixed ones."""
    if theme.ansi:
        return
    phases = {phase.value: colour for phase, colour in theme.phases.items()}
    for key, value in {"primary": theme.primary, **theme.colours, **theme.variables, **phases}.items():
        if is_ansi(value):
            what = later('"{key}" is {value}, which only a theme of the terminal\'s own colours may use')
            remedy = later("Add ansi = true, or write the colour as #rrggbb.")
            yield fault(what, remedy, key=key, value=value)
