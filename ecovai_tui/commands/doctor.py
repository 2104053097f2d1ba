"""``ecovai-tui doctor``: look for what could be wrong, and say what to do about it."""

from __future__ import annotations

import os
import sys
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

from ecovai_tui.commands.exit_codes import ExitCode, most_telling
from ecovai_tui.commands.findings import Finding, Look, examine
from ecovai_tui.commands.output import on_terminal, write, write_json
from ecovai_tui.commands.table import aligned, painted, tabbed
from ecovai_tui.store.paths import find_paths
from ecovai_tui.tasks.model import Phase

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

EXAMPLES = """
examples:
  ecovai-tui doctor
  ecovai-tui doctor --offline
  ecovai-tui --profile work doctor --json

One small request goes to the gateway, unless --offline is given. The key is
never shown.
"""

_GAP = 2
_NARROWEST = 30


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--offline", action="store_true", help="do not ask the gateway")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: Namespace) -> ExitCode:
    """Print every finding; the exit code is that of the gravest."""
    look = Look(arguments, find_paths(os.environ), offline=arguments.offline)
    findings = list(examine(look))
    if arguments.json:
        write_json([{"name": each.name, "code": int(each.code), "text": each.text} for each in findings])
    else:
        _write(findings)
    codes = [finding.code for finding in findings]
    return most_telling(codes) or (ExitCode.USAGE if ExitCode.USAGE in codes else ExitCode.WELL)


def _write(findings: list[Finding]) -> None:
    if not on_terminal(sys.stdout):
        for finding in findings:
            write(tabbed((_sign(finding), finding.name, finding.text)))
        return
    heads = aligned([(_sign(finding), finding.name, "") for finding in findings])
    indent = max(map(len, heads)) + _GAP
    for finding, head in zip(findings, heads, strict=True):
        first, *rest = _folded(finding.text, indent)
        write(painted(head[:2], Phase.DONE if finding.well else Phase.FAILED) + head[2:].ljust(indent - 2) + first)
        for line in rest:
            write(" " * indent + line)


def _sign(finding: Finding) -> str:
    return "ok" if finding.well else "!!"


def _folded(text: str, indent: int) -> list[str]:
    """Return a text in lines of the terminal's width."""
    width = max(_NARROWEST, get_terminal_size().columns - indent)
    return [
        part for line in text.splitlines() for part in wrap(line, width, break_long_words=False, break_on_hyphens=False)
    ]
