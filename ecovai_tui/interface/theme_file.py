"""One theme file, read strictly: what is wrong with it is said in words, and nothing half-right gets through."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ecovai_tui.interface.theme_colours import VARIABLE_NAMES, is_ansi, is_colour, is_style, is_variable_colour
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

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

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_COLOUR_REMEDY = 'Write "#rgb", "#rrggbb" or a colour of the terminal such as "ansi_red".'


class ThemeError(Exception):
    """A theme cannot be used: the file (None: no file is at fault), what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str, file: Path | None = None) -> None:
        self.what = clean_line(what)
        self.remedy = clean_line(remedy)
        self.file = file
        place = f"{clean_line(str(file))}: " if file else ""
        super().__init__(f"{place}{self.what}. {self.remedy}")


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

    Raises ThemeError for the first thing that is wrong with it.
    """
    try:
        return parse_theme(_load(path))
    except ThemeError as error:
        raise ThemeError(error.what, error.remedy, path) from None


def parse_theme(document: Mapping[str, object]) -> ThemeFile:
    """Check the contents of a theme file, and return them as a theme.

    Raises ThemeError for the first thing that is wrong.
    """
    _check_names(document, _KEYS, "key")
    name = _read_name(document)
    colours = {key: _read_colour(document[key], key) for key in _COLOURS if key in document}
    if "primary" not in colours:
        raise ThemeError('"primary" is missing', f"Every other colour is derived from it. {_COLOUR_REMEDY}")
    theme = ThemeFile(
        name=name,
        primary=colours.pop("primary"),
        colours=colours,
        phases=_read_phases(document),
        variables=_read_variables(document),
        dark=_read_flag(document, "dark", default=True),
        ansi=_read_flag(document, "ansi", default=False),
        luminosity_spread=_read_fraction(document, "luminosity_spread", default=0.15),
        text_alpha=_read_fraction(document, "text_alpha", default=0.95),
    )
    _check_ansi(theme)
    return theme


def _load(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
        if len(data) > SIZE_LIMIT:
            raise ThemeError(f"it is larger than {SIZE_LIMIT:,} bytes", "A theme is a short TOML file.")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise ThemeError(f"it cannot be read ({error.strerror})", "Check the file and its permissions.") from None
    except UnicodeDecodeError:
        raise ThemeError("it is not UTF-8 text", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"it is not TOML ({error})", "Correct that line.") from None


def _check_names(found: Collection[str], known: Collection[str], noun: str) -> None:
    for name in found:
        if name not in known:
            nearest = get_close_matches(name, sorted(known), n=1)
            remedy = f'Did you mean "{nearest[0]}"?' if nearest else "Remove it."
            raise ThemeError(f'no {noun} is called "{name}"', remedy)


def _read_name(document: Mapping[str, object]) -> str:
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        remedy = 'Write name = "my-theme": up to 32 small letters, digits, "-" and "_".'
        raise ThemeError('"name" is missing' if name is None else '"name" is not a name', remedy)
    return name


def _read_colour(value: object, key: str) -> str:
    if not isinstance(value, str) or not is_colour(value):
        raise ThemeError(f'"{key}" is not a colour: {value!r}', _COLOUR_REMEDY)
    return value


def _read_table(document: Mapping[str, object], key: str) -> dict[str, object]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise ThemeError(f'"{key}" is not a table', f"Write [{key}] on a line of its own, and its values below.")
    return table


def _read_phases(document: Mapping[str, object]) -> dict[Phase, str]:
    table = _read_table(document, "phases")
    _check_names(table, tuple(Phase), "phase")
    for phase in Phase:
        if phase not in table:
            raise ThemeError(f'[phases] has no "{phase}"', f"Give it a colour. {_COLOUR_REMEDY}")
    return {phase: _read_colour(table[phase], f"phases.{phase}") for phase in Phase}


def _read_variables(document: Mapping[str, object]) -> dict[str, str]:
    table = _read_table(document, "variables")
    _check_names(table, VARIABLE_NAMES, "variable of Textual")
    return {name: _read_variable(value, name) for name, value in table.items()}


def _read_variable(value: object, name: str) -> str:
    if name.endswith(("-style", "-style-hover")):
        if isinstance(value, str) and is_style(value):
            return value
        raise ThemeError(f'"variables.{name}" is not a style: {value!r}', 'Write words such as "bold" or "reverse".')
    if isinstance(value, str) and is_variable_colour(value, name):
        return value
    remedy = f'{_COLOUR_REMEDY} "transparent" does as well, and a strength as in "#5fafff 40%".'
    raise ThemeError(f'"variables.{name}" is not a colour: {value!r}', remedy)


def _read_flag(document: Mapping[str, object], key: str, *, default: bool) -> bool:
    value = document.get(key, default)
    if not isinstance(value, bool):
        raise ThemeError(f'"{key}" is neither true nor false: {value!r}', f"Write {key} = true or {key} = false.")
    return value


def _read_fraction(document: Mapping[str, object], key: str, *, default: float) -> float:
    value = document.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ThemeError(
            f'"{key}" is not a number from 0 to 1: {value!r}', f"Leave it out, or write {key} = {default}."
        )
    return float(value)


def _check_ansi(theme: ThemeFile) -> None:
    """Refuse the terminal's own colours where Textual would turn them into fixed ones."""
    if theme.ansi:
        return
    phases = {phase.value: colour for phase, colour in theme.phases.items()}
    values = {"primary": theme.primary, **theme.colours, **theme.variables, **phases}
    for key, value in values.items():
        if is_ansi(value):
            what = f'"{key}" is {value}, which only a theme of the terminal\'s own colours may use'
            raise ThemeError(what, "Add ansi = true, or write the colour as #rrggbb.")
