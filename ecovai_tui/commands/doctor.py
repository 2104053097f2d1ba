"""``ecovai-tui doctor``: look for what could be wrong, and say what to do about it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ecovai_tui.commands.exit_codes import ExitCode, most_telling
from ecovai_tui.commands.findings import Finding, Look, examine
from ecovai_tui.commands.output import write, write_json
from ecovai_tui.commands.table import aligned, painted
from ecovai_tui.store.paths import find_paths
from ecovai_tui.tasks.model import Phase

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

EXAMPLES = """
examples:
  ecovai-tui doctor
  ecovai-tui doctor --offline
  ecovai-tui --profile work doctor --json

One small request goes to the gateway, unless --offline is given. The key is never shown.
"""


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
    lines = aligned([("ok" if finding.well else "!!", finding.name, finding.text) for finding in findings])
    for finding, line in zip(findings, lines, strict=True):
        write(painted(line[:2], Phase.DONE if finding.well else Phase.FAILED) + line[2:])
