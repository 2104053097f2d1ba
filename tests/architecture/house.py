"""The figures of the house, from syntax trees and imports: `python tests/architecture/house.py` prints them."""

from __future__ import annotations

import ast
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PACKAGE = "ecovai_tui"
ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Import = ast.Import | ast.ImportFrom


class Figures(NamedTuple):
    """How large the house is; lengths are in lines."""

    modules: int
    lines: int
    module_median: float
    module_longest: int
    function_median: float
    function_ninth_decile: float
    function_longest: int
    modules_with_one_importer: int
    file_names_twice: int
    imports_in_functions: int
    type_checking_blocks: int


def modules(root: Path = ROOT) -> Mapping[str, Path]:
    """Return the file of each module by its dotted name; a package goes by the name of its folder."""
    files = sorted((root / PACKAGE).rglob("*.py"))
    return {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def figures(root: Path = ROOT) -> Figures:
    """Measure the house. Packages that only have a docstring count as no module."""
    trees = {name: ast.parse(file.read_text("utf-8")) for name, file in modules(root).items()}
    rooms = {name: file for name, file in modules(root).items() if file.name != "__init__.py"}
    lengths = sorted(len(file.read_text("utf-8").splitlines()) for file in rooms.values())
    functions = sorted(length(node) for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function))
    names = Counter(file.name for file in rooms.values())
    return Figures(
        modules=len(rooms),
        lines=sum(len(file.read_text("utf-8").splitlines()) for file in modules(root).values()),
        module_median=statistics.median(lengths),
        module_longest=lengths[-1],
        function_median=statistics.median(functions),
        function_ninth_decile=functions[len(functions) * 9 // 10],
        function_longest=functions[-1],
        modules_with_one_importer=sum(len(users) == 1 for name, users in importers(trees).items() if name in rooms),
        file_names_twice=sum(count > 1 for count in names.values()),
        imports_in_functions=sum(len(list(imports_inside(tree))) for tree in trees.values()),
        type_checking_blocks=sum(is_type_checking(node) for tree in trees.values() for node in ast.walk(tree)),
    )


def importers(trees: Mapping[str, ast.Module]) -> Mapping[str, set[str]]:
    """Return who imports each module, imports for type-checking and in functions counted."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for name, tree in trees.items():
        for node in ast.walk(tree):
            for imported in imported_modules(node, trees):
                users[imported].add(name)
    return users


def imported_modules(node: ast.AST, known: Mapping[str, ast.Module]) -> Iterator[str]:
    """Yield the modules of ours that one statement imports."""
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield from [name for name in (whole if whole in known else node.module,) if name in known]
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)


def imports_inside(tree: ast.Module) -> Iterator[Import]:
    """Yield the imports that stand in functions, each once."""
    inside = {id(node): node for outer in ast.walk(tree) if isinstance(outer, Function) for node in ast.walk(outer)}
    yield from (node for node in inside.values() if isinstance(node, Import))


def is_type_checking(node: ast.AST) -> bool:
    """Return whether a statement is a block for type-checkers alone."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def length(function: Function) -> int:
    """Return the lines of a function, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def circles(root: Path = ROOT) -> list[tuple[str, ...]]:
    """Return the groups of modules that import each other in a circle, type-checking imports counted."""
    trees = {name: ast.parse(file.read_text("utf-8")) for name, file in modules(root).items()}
    graph = {
        name: {imported for node in ast.walk(tree) for imported in imported_modules(node, trees)} - {name}
        for name, tree in trees.items()
    }
    return [tuple(sorted(group)) for group in _groups(graph) if len(group) > 1]


def _groups(graph: Mapping[str, set[str]]) -> list[set[str]]:
    reachable = {name: _reachable(graph, name) for name in graph}
    groups: list[set[str]] = []
    seen: set[str] = set()
    for name in graph:
        if name not in seen:
            groups.append({name} | {other for other in reachable[name] if name in reachable[other]})
            seen |= groups[-1]
    return groups


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return found


if __name__ == "__main__":
    for title, figure in figures()._asdict().items():
        print(f"{title.replace('_', ' '):28}{figure:>8,}")
    for group in circles():
        print("circle:", ", ".join(group))
