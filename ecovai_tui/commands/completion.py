"""``ecovai-tui completion``: print the completion for a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.commands.catalogue import COMMANDS, find_command
from ecovai_tui.commands.completion_scripts import SCRIPTS, Completion, Flag
from ecovai_tui.commands.exit_codes import ExitCode
from ecovai_tui.commands.front_door import make_parser
from ecovai_tui.commands.output import write
from ecovai_tui.commands.parser import Parser

if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, Namespace
    from collections.abc import Iterable

EXAMPLES = """
examples:
  cd ~/.local/share/bash-completion/completions
  ecovai-tui completion bash > ecovai-tui
  ecovai-tui completion zsh > ~/.zfunc/_ecovai-tui
  ecovai-tui completion fish > ~/.config/fish/completions/ecovai-tui.fish

zsh looks into ~/.zfunc if ~/.zshrc says so before it calls compinit:
  fpath+=(~/.zfunc); autoload -Uz compinit; compinit
"""

_TAKES_IDS = frozenset({"rm", "fetch", "follow", "wait"})


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=sorted(SCRIPTS), help="the shell it is for")


def run(arguments: Namespace) -> ExitCode:
    """Print the script; ids are looked up when they are completed, by ls --ids."""
    first = Completion("", "", _flags(_actions(make_parser())))
    write(SCRIPTS[arguments.shell]([_completion(name) for name in COMMANDS], first).rstrip("\n"))
    return ExitCode.WELL


def _completion(name: str) -> Completion:
    parser = Parser(name, description="", examples="")
    find_command(name).configure(parser)
    actions = list(_actions(parser))
    words = [str(choice) for action in actions if not action.option_strings for choice in action.choices or ()]
    return Completion(name, COMMANDS[name], _flags(actions), tuple(words), takes_ids=name in _TAKES_IDS)


def _actions(parser: Parser) -> Iterable[Action]:
    return parser._actions  # noqa: SLF001 - argparse has no other way to ask for what was declared


def _flags(actions: Iterable[Action]) -> tuple[Flag, ...]:
    return tuple(
        Flag(
            action.option_strings[-1],
            action.help or "",
            takes_value=action.nargs != 0,
            choices=tuple(map(str, action.choices or ())),
        )
        for action in actions
        if action.option_strings
    )
