"""argparse in our manner: the parser of a command with the options that every command takes, and of the bare one."""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn, Protocol, cast

from ecovai_tui.commands.shared.command_line import COMMANDS, OPTIONS, PROGRAM, UsageError, option_flags, unknown_option
from ecovai_tui.commands.shared.output import ExitCode
from ecovai_tui.language import is_english, later, sentences, tr
from ecovai_tui.store.errors import quoted
from ecovai_tui.tasks.text import clean_line, nearest

_WIDEST = 100
_LONGEST_NAME = 80
LONGEST_COMPLAINT = 4_000
"""Characters of a complaint, with what was typed in it."""


def add_options(parser: ArgumentParser) -> None:
    """Declare the shared options, in a group of their own."""
    group = parser.add_argument_group(tr("options of every command"))
    for option in OPTIONS:
        if option.metavar:
            kind = float if option.name == "interval" else str
            group.add_argument(option.flag, metavar=option.metavar, type=kind, help=tr(option.meaning))
        else:
            group.add_argument(option.flag, action="store_true", help=tr(option.meaning))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, up to a width that is pleasant to read."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(_terminal_width(), _WIDEST))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Leave out of the usage what every command takes; it is told below."""
        shared = {*option_flags(), "--help", "--version"}
        own = [action for action in actions if shared.isdisjoint(action.option_strings)]
        super().add_usage(usage, own, groups, prefix)


def _terminal_width() -> int:
    """Return the terminal's cells in a line; argparse itself imports a slow module to ask for them."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _WIDEST


_WORDS_OF_ARGPARSE = (
    later("usage: "),
    later("argument %(argument_name)s: %(message)s"),
    later("unrecognized arguments: %s"),
    later("the following arguments are required: %s"),
    later("not allowed with argument %s"),
    later("ignored explicit argument %r"),
    later("invalid %(type)s value: %(value)r"),
    later("invalid choice: %(value)r (choose from %(choices)s)"),
    later("expected one argument"),
    later("expected at least one argument"),
    later("expected at most one argument"),
    later("expected %s argument"),
    later("one of the arguments %s is required"),
    later("expected %s arguments"),
)
"""What argparse says by itself."""


def _teach_argparse() -> None:
    """Let argparse, which would look for a catalogue of its own, take its words from ours."""
    if not is_english():
        vars(argparse).update(_=tr, ngettext=lambda one, many, n: tr(one if n == 1 else many))


class _Output(Protocol):
    def write(self, text: str, /) -> object: ...


class Parser(argparse.ArgumentParser):
    """A parser of one command with the shared options."""

    def __init__(self, command: str, *, usage: str | None = None, description: str, examples: str) -> None:
        name = f"{PROGRAM} {command}".strip()
        _teach_argparse()
        super().__init__(
            prog=name,
            usage=usage,
            description=description,
            epilog=examples.strip("\n"),
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self._positionals.title, self._optionals.title = tr("arguments"), tr("options")
        self.add_argument("-h", "--help", action="help", help=tr("show this help"))
        self.add_argument("--version", action="store_true", help=tr("show the version"))
        add_options(self)

    def format_help(self) -> str:
        """Return the help; argparse puts its own colon behind the title of a group."""
        text = super().format_help()
        for group in self._action_groups:
            text = text.replace(f"\n{group.title}:\n", f"\n{tr('{title}:', title=group.title)}\n")
        return text

    def print_help(self, file: _Output | None = None) -> None:
        """Write the help; argparse says nothing when it cannot be written."""
        (file or sys.stdout).write(self.format_help())

    def read(self, words: Sequence[str]) -> Namespace:
        """Return the arguments; raises UsageError, which names an unknown option and not the word behind it."""
        self.refuse_unknown_option(words)
        if self.usage is None:  # or argparse would take the length of its own English word off the beginning
            self.usage = self.format_usage().removeprefix(tr("usage: "))
        return self.parse_intermixed_args(words)

    def refuse_unknown_option(self, words: Sequence[str]) -> None:
        """Raise UsageError for an option that is none here; its value is not repeated, which could be a key."""
        known = list(self._option_string_actions)
        option = unknown_option(words, known)
        if option is None:
            return
        names = [flag.removeprefix("--") for flag in known if flag.startswith("--")]
        begun = [name for name in names if name.startswith(option.removeprefix("--"))]
        near = begun[0] if len(begun) == 1 else nearest(option.lstrip("-"), names)
        told = [tr("There is no option {option} here.", option=quoted(option[:_LONGEST_NAME]))]
        if near is not None:
            told.append(tr("Did you mean --{near}?", near=near))
        if self.prog == PROGRAM:
            told.append(tr("An option of one command alone stands behind its name."))
        raise UsageError(sentences(*told, self._try_help()))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; argparse quotes what was typed as it is, control characters included."""
        message = clean_line(message, LONGEST_COMPLAINT)
        told = tr("{message}.", message=message[:1].upper() + message[1:])
        raise UsageError(sentences(told, self._try_help()))

    def _try_help(self) -> str:
        return tr('Try "{program} --help".', program=self.prog)


class Command(Protocol):
    """What the module of a command offers."""

    EXAMPLES: str

    def configure(self, parser: Parser) -> None:
        """Declare the arguments."""

    def run(self, arguments: Namespace) -> ExitCode:
        """Do it."""


def find_command(name: str) -> Command:
    """Import the module of a command."""
    return cast("Command", import_module(f"ecovai_tui.commands.{name}"))


def parser_of(name: str) -> Parser:
    """Return the parser of a command, which imports it; what it reads has the command's ``run``."""
    command, summary = find_command(name), tr(COMMANDS[name])
    description = tr("{summary}.", summary=summary[0].upper() + summary[1:])
    parser = Parser(name, description=description, examples=tr(command.EXAMPLES))
    command.configure(parser)
    parser.set_defaults(run=command.run)
    return parser


_USAGE = f"{PROGRAM} [OPTIONS] [ID ...]\n       {PROGRAM} [OPTIONS] COMMAND ..."
_EXAMPLES = later("""
commands:
{commands}
  Each has a --help of its own.

examples:
  ecovai-tui --demo
  ecovai-tui 346c5d10-a4a1-4f49-a851-66a7dae6cfaf
  curl ... /suno/submit/music ... | ecovai-tui add -
  ecovai-tui --profile work

exit codes:
  0 well · 1 a task that was waited for failed · 2 usage, settings or files
  3 network or gateway · 4 time ran out · 5 key refused or used up
  6 an id is not known to the gateway · 7 nobody knows what became of a
  submission, which may have been charged · 130 interrupted
  70 a fault of the program · 141 the reader of the output has gone
""")


def make_parser() -> Parser:
    """Return the parser of the bare command."""
    commands = "\n".join(f"  {name:<12}{tr(meaning)}" for name, meaning in COMMANDS.items())
    description = tr("Watch asynchronous Suno tasks on Ecovai and gateways of its kind.")
    parser = Parser("", usage=_USAGE, description=description, examples=tr(_EXAMPLES, commands=commands))
    parser.add_argument("ids", metavar="ID", nargs="*", help=tr("put this task on the watch list first"))
    parser.add_argument("--demo", action="store_true", help=tr("show a practice gateway: no key, no network needed"))
    return parser
