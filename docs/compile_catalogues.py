"""Compile the catalogues of translations: a hook of the build, and a script for those who translate.

`python docs/compile_catalogues.py` first brings the catalogues up to date with the texts in the code.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # the script does without
    BuildHookInterface = object

PACKAGE = Path(__file__).parents[1] / "ecovai_tui"
FOLDER = PACKAGE / "locale"
DOMAIN = "ecovai_tui"
TEXTS = {"tr": (0,), "later": (0,), "said": (0,), "tr_n": (0, 1), "Action": (2, 3)}
"""The functions with texts for people, and which of their arguments those are; the two of ``tr_n`` are one message."""


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
    for file in sorted(PACKAGE.rglob("*.py")):
        for text in texts_of(ast.parse(file.read_text(encoding="utf-8"))):
            catalogue.add(text, locations=[(str(file.relative_to(PACKAGE)), 0)])
    return catalogue


def texts_of(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts of one module, those of one and of several as a pair."""
    for node in ast.walk(tree):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if name in TEXTS:
            places = [node.args[place] for place in TEXTS[name]]
            texts = [place.value for place in places if isinstance(place, ast.Constant) and place.value]
            if name == "tr_n":
                yield tuple(texts)
            else:
                yield from texts


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
