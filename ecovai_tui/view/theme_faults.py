"""What can be wrong with a theme, and with which file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.language import sentences, tr, tr_n
from ecovai_tui.store.errors import StoreError, listed
from ecovai_tui.tasks.text import clean_line


class ThemeFault(NamedTuple):
    """One thing that is wrong with a theme: what, and what to do."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return clean_line(sentences(tr("{what}.", what=self.what), self.remedy))


class ThemeError(StoreError):
    """A theme cannot be used: the file (None: no file is at fault), all its faults, and the names it may go by."""

    def __init__(self, *faults: ThemeFault, file: Path | None = None, names: Collection[str] = ()) -> None:
        self.faults = faults
        self.file = file
        self.names = frozenset(names)
        told = [str(fault) for fault in faults]
        heading = tr("it has {n} faults:", n=len(told))
        whole = told[0] if len(told) == 1 else listed(heading, told)
        super().__init__(f"{clean_line(str(file))}: {whole}" if file else whole)

    def in_one_sentence(self, shown: str = "") -> str:
        """Return the same as one sentence; `shown` is the theme that is shown in its place, if one is."""
        if len(self.faults) == 1 and not shown:
            return str(self)
        told = tr_n(
            "it has a fault, which ecovai-tui themes tells",
            "it has {n} faults, which ecovai-tui themes tells",
            len(self.faults),
        )
        if shown:
            told = tr("{told}; {shown} is shown instead", told=told, shown=shown)
        return f"{clean_line(str(self.file))}: {tr('{what}.', what=told)}"


def fault(what: str, /, *remedies: str, **values: object) -> ThemeFault:
    """Return a fault in the user's language; the values stand in the place of their names in all its texts."""
    return ThemeFault(tr(what, **values), sentences(*(tr(remedy, **values) for remedy in remedies)))


def theme_error(what: str, /, *remedies: str, **values: object) -> ThemeError:
    """Return what to raise for one fault."""
    return ThemeError(fault(what, *remedies, **values))
