"""The completion scripts of the three shells, made from the commands as they are declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_FIND_COMMAND = "ecovai-tui ls --ids 2>/dev/null"


@dataclass(frozen=True, slots=True)
class Completion:
    """What can follow the name of a command."""

    name: str
    meaning: str
    words: tuple[str, ...]
    takes_ids: bool


Script = Callable[[Sequence[Completion], Sequence[str], Sequence[str]], str]


def bash(commands: Sequence[Completion], first: Sequence[str], shared: Sequence[str]) -> str:
    """Return the script for bash; ``first`` may stand before a command, ``shared`` behind any."""
    cases = "\n".join(f"    {each.name}) words={_quoted(each.words)} ids={int(each.takes_ids)} ;;" for each in commands)
    return f"""# ecovai-tui completion for bash
_ecovai_tui() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} word command= words= ids=0
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {"|".join(each.name for each in commands)}) command=$word; break ;; esac
  done
  case $command in
    "") words={_quoted([*(each.name for each in commands), *first])} ;;
{cases}
  esac
  [ -n "$command" ] && words="$words {" ".join(shared)}"
  [ "$ids" = 1 ] && [[ $current != -* ]] && words="$words $({_FIND_COMMAND})"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _ecovai_tui ecovai-tui
"""


def zsh(commands: Sequence[Completion], first: Sequence[str], shared: Sequence[str]) -> str:
    """Return the script for zsh; ``first`` may stand before a command, ``shared`` behind any."""
    described = "\n".join(f"    {_quoted([f'{each.name}:{each.meaning}'])}" for each in commands)
    cases = "\n".join(
        f"    {each.name}) words=({' '.join(each.words)}) ids={int(each.takes_ids)} ;;" for each in commands
    )
    return f"""#compdef ecovai-tui
_ecovai_tui() {{
  local word command ids=0
  local -a described words
  described=(
{described}
  )
  for word in ${{words[2,CURRENT-1]}}; do
    case $word in ({"|".join(each.name for each in commands)}) command=$word; break ;; esac
  done
  words=()
  case $command in
    "") _describe command described; compadd -- {" ".join(first)}; return ;;
{cases}
  esac
  compadd -- $words {" ".join(shared)}
  (( ids )) && compadd -- ${{(f)"$({_FIND_COMMAND})"}}
  _files
}}
_ecovai_tui "$@"
"""


def fish(commands: Sequence[Completion], first: Sequence[str], shared: Sequence[str]) -> str:
    """Return the script for fish; ``first`` may stand before a command, ``shared`` behind any."""
    names = " ".join(each.name for each in commands)
    lines = ["# ecovai-tui completion for fish"]
    none_yet = f"-n 'not __fish_seen_subcommand_from {names}'"
    lines += [f"complete -c ecovai-tui {none_yet} -f -a {each.name} -d {_quoted([each.meaning])}" for each in commands]
    lines += [f"complete -c ecovai-tui -l {flag.removeprefix('--')}" for flag in dict.fromkeys((*first, *shared))]
    for each in commands:
        seen = f"-n '__fish_seen_subcommand_from {each.name}'"
        for word in each.words:
            kind = f"-l {word.removeprefix('--')}" if word.startswith("--") else f"-f -a {word}"
            lines.append(f"complete -c ecovai-tui {seen} {kind}")
        if each.takes_ids:
            lines.append(f"complete -c ecovai-tui {seen} -f -a '({_FIND_COMMAND})'")
    return "\n".join(lines)


def _quoted(words: Sequence[str]) -> str:
    text = " ".join(words).replace("'", "'\\''")
    return f"'{text}'"


SCRIPTS: Mapping[str, Script] = {"bash": bash, "zsh": zsh, "fish": fish}
"""What makes the script of each shell."""
