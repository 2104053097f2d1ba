"""Which themes there are: those that come with the program, and the user's own, which win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import quoted, words_of_system
from ecovai_tui.view.theme_faults import ThemeError, ThemeFault
from ecovai_tui.view.theme_file import ThemeArguments, ThemeFile, read_theme

__all__ = [
    "DARK_THEME",
    "PLAIN_THEME",
    "FoundThemes",
    "ThemeArguments",
    "ThemeError",
    "ThemeFile",
    "choose_theme",
    "default_theme",
    "find_theme",
    "find_themes",
    "read_theme",
    "shipped_folder",
    "theme_text",
]

DARK_THEME = "ecovai-dark"
"""The theme where nobody chose one."""

PLAIN_THEME = "ecovai-ansi"
"""The theme for terminals with few colours or none."""

FULL_COLOURS = 256
"""Below this many colours those of the other themes fall together."""


class FoundThemes(NamedTuple):
    """The themes that can be used, by name, and what was wrong with the others."""

    themes: Mapping[str, ThemeFile]
    problems: tuple[ThemeError, ...] = ()

    def problem_of(self, name: str) -> ThemeError | None:
        """Return what is wrong with the file of a theme, None if it has none or nothing is wrong with it."""
        return next((problem for problem in self.problems if name in problem.names), None)


def find_themes(user_folder: Path, shipped: Path | None = None) -> FoundThemes:
    """Read every theme of the program and of the user's folder; a broken file is a problem and stops no other."""
    shipped = shipped or shipped_folder()
    program, faults = _read_folder(shipped)
    if not program:
        faults.append(_problem(tr("the program's own themes are missing"), tr("Install ecovai-tui again."), shipped))
    own, own_faults = _read_folder(user_folder)
    return FoundThemes({**program, **own}, (*faults, *own_faults))


def find_theme(name: str, user_folder: Path) -> FoundThemes:
    """Read no more than is needed to know one theme: the user's folder, and if it is not there, the program's file.

    The result has no theme of that name if neither of the two has it, or if the file cannot be used.
    """
    own, faults = _read_folder(user_folder)
    path = shipped_folder() / f"{name}.toml"
    if name not in own and path.name in {file.name for file in _theme_paths(path.parent, faults)}:
        own = {**own, **_read_files([path], faults)}
    return FoundThemes(own, tuple(faults))


def theme_text(name: str, user_folder: Path) -> str:
    """Return the file of a theme as it stands, the user's own before the program's; raises ThemeError if none has it.

    A file with faults is found by its name as well: it is to be mended.
    """
    for folder in (user_folder, shipped_folder()):
        for path in _theme_paths(folder, []):
            if name in (_read_files([path], []) or {path.stem}):
                return _text_of(path)
    raise _unknown(name, find_themes(user_folder).themes)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _problem(
            tr("it cannot be read ({why})", why=words_of_system(error)), tr("Check this file."), path
        ) from None


def choose_theme(wanted: str, known: Iterable[str]) -> str:
    """Return the wanted name if there is such a theme.

    Raises ThemeError that lists the known ones otherwise.
    """
    names = set(known)
    if wanted in names:
        return wanted
    raise _unknown(wanted, names)


def _unknown(wanted: str, known: Iterable[str]) -> ThemeError:
    names = sorted(known)
    nearest = get_close_matches(wanted, names, n=1)
    guess = tr('Did you mean "{near}"?', near=nearest[0]) if nearest else ""
    known = tr("There are: {names}.", names=tr(", ").join(names))
    return _problem(tr("there is no theme {name}", name=quoted(wanted)), sentences(guess, known))


def default_theme(colours: int) -> str:
    """Return the theme that suits a terminal of so many colours when nobody chose one."""
    return DARK_THEME if colours >= FULL_COLOURS else PLAIN_THEME


def shipped_folder() -> Path:
    """Return where the program's own themes are: inside the package (a wheel), else beside it (a checkout)."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def _read_folder(folder: Path) -> tuple[dict[str, ThemeFile], list[ThemeError]]:
    problems: list[ThemeError] = []
    return _read_files(_theme_paths(folder, problems), problems), problems


def _read_files(paths: Iterable[Path], problems: list[ThemeError]) -> dict[str, ThemeFile]:
    themes: dict[str, ThemeFile] = {}
    for path in paths:
        try:
            theme = read_theme(path)
            _refuse_second(theme, themes, path)
        except ThemeError as problem:
            problems.append(problem)
        else:
            themes[theme.name] = theme
    return themes


def _theme_paths(folder: Path, problems: list[ThemeError]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(
            _problem(tr("themes cannot be read ({why})", why=words_of_system(error)), tr("Check this folder."), folder)
        )
        return []


def _refuse_second(theme: ThemeFile, themes: Mapping[str, ThemeFile], path: Path) -> None:
    if theme.name in themes:
        raise _problem(
            tr('another file in this folder is already called "{name}"', name=theme.name), tr("Change its name."), path
        )


def _problem(what: str, remedy: str, file: Path | None = None) -> ThemeError:
    return ThemeError(ThemeFault(what, remedy), file=file)
