"""``ecovai-tui completion``: print the completion for a shell, made from the commands as they are declared."""

from __future__ import annotations

import re
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ecovai_tui.commands.shared.command_line import COMMANDS
from ecovai_tui.commands.shared.command_parser import Parser, find_command, make_parser
from ecovai_tui.commands.shared.output import ExitCode, write
from ecovai_tui.language import later, tr

_FIND_IDS = "ecovai-tui ls --ids 2>/dev/null"
_FLAGS_WITH_FILE = frozenset({"--log", "--lyrics", "--watchlist"})


@dataclass(frozen=True, slots=True)
class Flag:
    """An option that can be completed."""

    name: str
    meaning: str
    takes_value: bool
    choices: tuple[str, ...] = ()

    @property
    def takes_file(self) -> bool:
        """Whether its value is the name of a file."""
        return self.name in _FLAGS_WITH_FILE


@dataclass(frozen=True, slots=True)
class Completion:
    """What can follow the name of a command; without a name, the program's own."""

    name: str
    meaning: str
    flags: tuple[Flag, ...]
    words: tuple[str, ...] = ()
    takes_ids: bool = False


Script = Callable[[Sequence[Completion], Completion], str]


def bash(commands: Sequence[Completion], first: Completion) -> str:
    """Return the script for bash; ``first`` is what can stand before a command."""
    names = [each.name for each in commands]
    cases = "\n".join(
        f"    {each.name}) words={_quoted([*each.words, *_names(each.flags)])} ids={int(each.takes_ids)} ;;"
        for each in commands
    )
    values = "\n".join(f"    {flag.name}) {_bash_value(flag)}; return ;;" for flag in _with_value([*commands, first]))
    return f"""# ecovai-tui completion for bash
_ecovai_tui() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} word command= words= ids=0
  COMPREPLY=()
  case ${{COMP_WORDS[COMP_CWORD-1]}} in
{values}
  esac
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {"|".join(names)}) command=$word; break ;; esac
  done
  case $command in
    "") words={_quoted([*names, *_names(first.flags)])} ;;
{cases}
  esac
  [ "$ids" = 1 ] && [[ $current != -* ]] && words="$words $({_FIND_IDS})"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -F _ecovai_tui ecovai-tui
"""


def zsh(commands: Sequence[Completion], first: Completion) -> str:
    """Return the script for zsh; ``first`` is what can stand before a command."""
    described = "\n".join(f"    {_quoted([f'{each.name}:{each.meaning}'])}" for each in commands)
    cases = "\n".join(f"        {each.name}) _arguments -S{_zsh_arguments(each)} ;;" for each in commands)
    return f"""#compdef ecovai-tui
_ecovai_tui_ids() {{
  local -a found=(${{(f)"$({_FIND_IDS})"}})
  compadd -- $found
}}
_ecovai_tui() {{
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands=(
{described}
  )
  _arguments -C -S{_zsh_flags(first.flags)} '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
{cases}
      esac ;;
  esac
}}
if [ "$funcstack[1]" = _ecovai-tui ]; then _ecovai_tui "$@"; else compdef _ecovai_tui ecovai-tui; fi
"""


def fish(commands: Sequence[Completion], first: Completion) -> str:
    """Return the script for fish; ``first`` is what can stand before a command."""
    none_yet = f"-n 'not __fish_seen_subcommand_from {' '.join(each.name for each in commands)}'"
    lines = ["# ecovai-tui completion for fish", "complete -c ecovai-tui -f"]
    lines += [f"complete -c ecovai-tui {none_yet} -a {each.name} -d {_quoted([each.meaning])}" for each in commands]
    lines += [_fish_flag(none_yet, flag) for flag in first.flags]
    for each in commands:
        seen = f"-n '__fish_seen_subcommand_from {each.name}'"
        lines += [f"complete -c ecovai-tui {seen} -a {word}" for word in each.words]
        lines += [_fish_flag(seen, flag) for flag in each.flags]
        if each.takes_ids:
            lines.append(f"complete -c ecovai-tui {seen} -a '({_FIND_IDS})'")
    return "\n".join(lines)


def _bash_value(flag: Flag) -> str:
    if flag.takes_file:
        return 'COMPREPLY=($(compgen -f -- "$current"))'
    return f'COMPREPLY=($(compgen -W {_quoted(flag.choices)} -- "$current"))' if flag.choices else ":"


def _zsh_arguments(command: Completion) -> str:
    words = f" '1: :({' '.join(command.words)})'" if command.words else ""
    ids = " '*: :_ecovai_tui_ids'" if command.takes_ids else ""
    return _zsh_flags(command.flags) + words + ids


def _zsh_flags(flags: Iterable[Flag]) -> str:
    return "".join(f" {_quoted([_zsh_flag(flag)])}" for flag in flags)


def _zsh_flag(flag: Flag) -> str:
    meaning = re.sub(r"([][:\\])", r"\\\1", flag.meaning)
    spec = f"{flag.name}[{meaning}]"
    if not flag.takes_value:
        return spec
    values = "_files" if flag.takes_file else f"({' '.join(flag.choices)})" if flag.choices else ""
    return f"{spec}: :{values}"


def _fish_flag(condition: str, flag: Flag) -> str:
    values = " -r -F" if flag.takes_file else " -x" if flag.takes_value else ""
    choices = f" -a {_quoted(flag.choices)}" if flag.choices else ""
    name = flag.name.removeprefix("--")
    return f"complete -c ecovai-tui {condition} -l {name}{values}{choices} -d {_quoted([flag.meaning])}"


def _with_value(completions: Iterable[Completion]) -> Iterable[Flag]:
    """Return each flag with a value once; should two commands differ, the one that has choices."""
    flags = [flag for each in completions for flag in each.flags if flag.takes_value]
    return {flag.name: flag for flag in sorted(flags, key=lambda flag: bool(flag.choices))}.values()


def _names(flags: Iterable[Flag]) -> list[str]:
    return [flag.name for flag in flags]


def _quoted(words: Sequence[str]) -> str:
    text = " ".join(words).replace("'", "'\\''")
    return f"'{text}'"


SCRIPTS: Mapping[str, Script] = {"bash": bash, "zsh": zsh, "fish": fish}
"""What makes the script of each shell."""


EXAMPLES = later("""
examples:
  cd ~/.local/share/bash-completion/completions
  ecovai-tui completion bash > ecovai-tui
  ecovai-tui completion zsh > ~/.zfunc/_ecovai-tui
  ecovai-tui completion fish > ~/.config/fish/completions/ecovai-tui.fish

zsh looks into ~/.zfunc if ~/.zshrc says so before it calls compinit:
  fpath+=(~/.zfunc); autoload -Uz compinit; compinit
""")

_TAKES_IDS = frozenset({"rm", "fetch", "follow", "wait"})


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=sorted(SCRIPTS), help=tr("the shell it is for"))


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
    return Completion(name, tr(COMMANDS[name]), _flags(actions), tuple(words), takes_ids=name in _TAKES_IDS)


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
