"""``ecovai-tui completion``: print the completion for a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.commands.catalogue import COMMANDS, find_command
from ecovai_tui.commands.completion_scripts import SCRIPTS, Completion
from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.commands.options import option_flags
from ecovai_tui.commands.output import write
from ecovai_tui.commands.parser import Parser

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

EXAMPLES = """
examples:
  ecovai-tui completion bash > ~/.local/share/bash-completion/completions/ecovai-tui
  ecovai-tui completion zsh > ~/.zfunc/_ecovai-tui
  ecovai-tui completion fish > ~/.config/fish/completions/ecovai-tui.fish
"""

_TAKES_IDS = frozenset({"rm", "fetch", "follow", "wait"})


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=sorted(SCRIPTS), help="the shell it is for")


def run(arguments: Namespace) -> ExitCode:
    """Print the script; ids are looked up when they are completed, by ls --ids."""
    shared = (*option_flags(), "--help")
    commands = tuple(
        Completion(name, meaning, _words_of(name), takes_ids=name in _TAKES_IDS) for name, meaning in COMMANDS.items()
    )
    write(SCRIPTS[arguments.shell](commands, (*shared, "--version", "--demo"), shared).rstrip("\n"))
    return ExitCode.WELL


def _words_of(name: str) -> tuple[str, ...]:
    """Return the options of a command that are not shared, and the words it takes as its first."""
    parser = Parser(name, description="", examples="")
    find_command(name).configure(parser)
    shared = {*option_flags(), "--help", "-h"}
    words: list[str] = []
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask for what was declared
        words += [flag for flag in action.option_strings if flag not in shared]
        if not action.option_strings and action.choices:
            words += map(str, action.choices)
    return tuple(words)
