"""Compile the catalogues of translations: a hook of the build, and a script for those who translate.

`python docs/compile_catalogues.py` first brings the catalogues up to date with the texts in the code.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # the script does without
    BuildHookInterface = object

PACKAGE = Path(__file__).parents[1] / "ecovai_tui"
FOLDER = PACKAGE / "locale"
DOMAIN = "ecovai_tui"
KEYWORDS: dict[str, Any] = {"tr": None, "later": None, "tr_n": (1, 2)}
"""The functions whose arguments are texts for people."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Compiles before the wheel, or the editable install, is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the names are given
        """Compile all catalogues beside their sources."""
        compile_catalogues()


def compile_catalogues(folder: Path = FOLDER) -> None:
    """Write the compiled catalogue beside each source, whole or not at all."""
    for source in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        compiled = io.BytesIO()
        write_mo(compiled, read_catalogue(source))
        draft = source.with_suffix(".mo.new")
        draft.write_bytes(compiled.getvalue())
        draft.replace(source.with_suffix(".mo"))


def read_catalogue(source: Path) -> Catalog:
    """Read one source; it raises for what is no catalogue."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3], domain=DOMAIN, abort_invalid=True)


def extracted() -> Catalog:
    """Return all texts of the code, without translations."""
    catalogue = Catalog(project="ecovai-tui", charset="utf-8")
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for file, _line, text, comments, context in found:
        catalogue.add(text, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalogue


def update_catalogues() -> None:
    """Add the texts that are new in the code to each source, and drop those that are gone."""
    template = extracted()
    for source in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        catalogue = read_catalogue(source)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with source.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)


if __name__ == "__main__":
    update_catalogues()
    compile_catalogues()
    sys.exit(0)
