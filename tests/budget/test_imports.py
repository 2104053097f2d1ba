"""What each command may load: modules are most of the time that a start takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.other_pane import OtherPane, tasks
from support.terminal import Terminal

A_TASK = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"

HEAVY = {"httpx", "pydantic", "ssl", "email", "markdown_it", "pygments", "asyncio", "textual", "http"}
SIMULATOR = "ecovai_tui.simulator"
NEVER_BEFORE_THE_FIRST_PAINT = {
    "httpx", "pydantic", "ssl", "email", "http", "html", "markdown_it", "pygments", "filelock", "tree_sitter",
    "socketserver", "mutagen", "argparse",
    "ecovai_tui.engine.downloads", "ecovai_tui.engine.hooks", SIMULATOR, "ecovai_tui.gateway.client",
    "ecovai_tui.gateway.families.suno", "ecovai_tui.tui.actions",
    "ecovai_tui.tui.dialogs.dialog", "ecovai_tui.tui.dialogs.palette", "textual.widgets._markdown",
}  # fmt: skip

CHINESE = {"LANG": "zh_CN.UTF-8", "LC_CTYPE": "C.UTF-8"}
OF_CHINESE = {"gettext", "locale", "_locale", "copy", "weakref", "_weakrefset", "struct", "_struct"}
"""What opens the catalogue."""

IN_BOTH_LANGUAGES = pytest.mark.parametrize("spoken", [{}, CHINESE], ids=["English", "Chinese"])

OPENED = """
import sys
opened = []
def note(event, values):
    if event == "open" and str(values[0]).endswith(".mo"):
        opened.append(str(values[0]))
sys.addaudithook(note)
"""
REPORT = """
import json
report, *words = sys.argv[1:]
before = set(sys.modules)
from ecovai_tui.cli import main
try:
    main(words)
except SystemExit:
    pass
finally:
    with open(report, "w") as file:
        json.dump([sorted(name for name in set(sys.modules) - before if sys.modules[name]), opened], file)
"""

REPORT_AT_FIRST_PAINT = """
import json, os
[report] = sys.argv[1:]
from ecovai_tui.cli import import_asyncio_alone, main
import_asyncio_alone()
from textual.app import App
display = App._display
def display_and_report(app, screen, frame):
    display(app, screen, frame)
    if frame is not None:
        App._display = display
        loaded = {name: compiled(name, module) for name, module in sorted(sys.modules.items())}
        with open(report + ".part", "w") as file:
            json.dump([loaded, opened], file)
        os.replace(report + ".part", report)
def compiled(name, module):
    things = vars(module).values() if name.startswith("ecovai_tui") else ()
    kinds = [kind for kind in things if isinstance(kind, type) and kind.__module__ == name]
    told = [vars(kind).get("__annotations__", {}) for kind in kinds if hasattr(kind, "_field_defaults")]
    return sum(type(note).__name__ == "ForwardRef" for notes in told for note in notes.values())
App._display = display_and_report
main([])
"""


def modules_of(words: list[str], environment: dict[str, str], report: Path) -> set[str]:
    """Return what a command imports beyond a bare interpreter, the catalogue's own needs left out.

    It fails where the catalogue is opened for English, and where it is not, or twice, for Chinese.
    """
    command = [sys.executable, "-c", OPENED + REPORT, str(report), *words]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    modules, opened = json.loads(report.read_text())
    in_chinese = environment.get("LANG") == CHINESE["LANG"]
    assert len(opened) == in_chinese
    return set(modules) - (OF_CHINESE if in_chinese else set())


def loaded(modules: set[str], names: set[str]) -> set[str]:
    """Return which of the names, or parts of them, are among the modules."""
    return {name for name in names if any(f"{module}.".startswith(f"{name}.") for module in modules)}


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize(
    ("words", "most"),
    [
        (["--version"], 90),
        (["--help"], 115),
        (["status"], 130),
        (["status", "--json"], 135),
        (["ls"], 160),
        (["add", A_TASK], 160),
        (["rm", A_TASK], 160),
        (["add", "--help"], 125),
        (["config", "path"], 130),
        (["keys"], 125),
        (["themes"], 120),
    ],
)
def test_a_command_loads_no_more_than_it_needs(
    words: list[str], most: int, spoken: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> None:
    modules = modules_of(words, environment | spoken, tmp_path / "modules.json")
    assert not loaded(modules, HEAVY | {SIMULATOR})
    assert len(modules) <= most, sorted(modules)


def test_a_command_that_asks_loads_no_screen(environment: dict[str, str], tmp_path: Path) -> None:
    modules = modules_of(["fetch", "--help"], environment, tmp_path / "modules.json")
    assert not loaded(modules, {"textual", "httpx", "pydantic", SIMULATOR})


def test_the_gateway_brings_no_command_line_of_others(environment: dict[str, str]) -> None:
    code = "import sys, ecovai_tui.gateway.client; sys.exit(bool({'click', 'pygments'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


@IN_BOTH_LANGUAGES
def test_the_first_paint_waits_for_nothing_that_is_needed_later(
    spoken: dict[str, str], environment: dict[str, str], tmp_path: Path
) -> None:
    report = tmp_path / "modules.json"
    with OtherPane(environment | spoken) as pane:
        pane.watch(tasks(30))
        command = [sys.executable, "-c", OPENED + REPORT_AT_FIRST_PAINT, str(report)]
        with Terminal(command, environment=pane.environment) as terminal:
            terminal.wait_for("Midnight Rain")
            terminal.wait_until(report.exists, "the report")
            terminal.settle()
    compiled: dict[str, int]
    compiled, opened = json.loads(report.read_text())
    ours = [name for name in compiled if name.startswith("ecovai_tui")]
    assert "textual.app" in compiled
    assert len(opened) == bool(spoken)
    assert not loaded(set(compiled), NEVER_BEFORE_THE_FIRST_PAINT | (set() if spoken else {"gettext"}))
    assert len(ours) <= 150
    assert sum(compiled[name] for name in ours) <= 170  # a NamedTuple compiles each annotation that is a string


def test_no_family_but_the_default_one_is_loaded_before_a_task_of_it_is_asked_for() -> None:
    families = "{name for name in map(dialect_name, OTHERS) if name in sys.modules}"
    script = (
        "import sys, ecovai_tui.engine.session, ecovai_tui.gateway.client\n"
        "from ecovai_tui.gateway.families.protocol import dialect_of\n"
        "from ecovai_tui.tasks.families import DEFAULT_FAMILY, FAMILIES\n"
        "OTHERS = FAMILIES.keys() - {DEFAULT_FAMILY}\n"
        "dialect_name = lambda family: 'ecovai_tui.gateway.families.' + family.replace('-', '_')\n"
        f"print({families} or 'none')\ndialect_of('luma')\nprint({families})"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["none", "{'ecovai_tui.gateway.families.luma'}"]
