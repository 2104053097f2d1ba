"""Completion in the shells themselves, set up as the help of the command says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.terminal import Terminal

UUID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
PLACES = {
    "bash": ".local/share/bash-completion/completions/ecovai-tui",
    "zsh": ".zfunc/_ecovai-tui",
    "fish": ".config/fish/completions/ecovai-tui.fish",
}
SETTINGS = {
    "bash": (".bashrc", "PS1='ready> '; . ~/.local/share/bash-completion/completions/ecovai-tui\n"),
    "zsh": (".zshrc", "PS1='ready> '; fpath+=(~/.zfunc); autoload -Uz compinit; compinit -u\n"),
}


@pytest.fixture
def user(home: Path, shell_environment: dict[str, str]) -> dict[str, str]:
    """A user with a watched task and the completion of all three shells."""

    def run(*words: str) -> str:
        done = subprocess.run(
            ["ecovai-tui", *words], env=shell_environment, capture_output=True, encoding="utf-8", check=True
        )
        return done.stdout

    run("add", UUID)
    for shell, place in PLACES.items():
        (home / place).parent.mkdir(parents=True)
        (home / place).write_text(run("completion", shell))
    for name, content in SETTINGS.values():
        (home / name).write_text(content)
    return shell_environment


@pytest.fixture
def shell(request: pytest.FixtureRequest, user: dict[str, str], home: Path) -> Iterator[Terminal]:
    with ExitStack() as stack:
        opened = stack.enter_context(Terminal([request.param, "-i"], environment=user, folder=home))
        opened.wait_for("ready>")
        yield opened


TYPED = [
    ("ecovai-tui stat", "ecovai-tui status "),
    ("ecovai-tui wait --time", "ecovai-tui wait --timeout "),
    ("ecovai-tui config sh", "ecovai-tui config show "),
    ("ecovai-tui export --format mark", "ecovai-tui export --format markdown "),
    ("ecovai-tui wait 346", f"ecovai-tui wait {UUID} "),
    ("ecovai-tui --profile work foll", "ecovai-tui --profile work follow "),
    ("ecovai-tui ls --watchlist .bashr", "ecovai-tui ls --watchlist .bashrc "),
]


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize(("typed", "completed"), TYPED)
def test_a_tab_completes(shell: Terminal, typed: str, completed: str) -> None:
    shell.press(typed, "\t", "|")
    shell.wait_for(re.escape(completed.rstrip()) + " ?[|]")


@pytest.fixture
def fish(user: dict[str, str]) -> Callable[[str], list[list[str]]]:
    """Ask fish what can follow a beginning: words with their meanings."""

    def complete(beginning: str) -> list[list[str]]:
        command = ["fish", "-c", f"complete -C '{beginning}'"]
        done = subprocess.run(command, env=user, capture_output=True, encoding="utf-8", check=True)
        assert done.stderr == ""
        return [line.split("\t") for line in done.stdout.splitlines()]

    return complete


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        ("ecovai-tui stat", ["status"]),
        ("ecovai-tui wait --time", ["--timeout"]),
        ("ecovai-tui config ", ["check", "init", "path", "show"]),
        ("ecovai-tui export --format ", ["csv", "json", "markdown"]),
        ("ecovai-tui wait ", [UUID]),
        ("ecovai-tui --profile work foll", ["follow"]),
        ("ecovai-tui ls ", []),
    ],
)
def test_fish_completes(fish: Callable[[str], list[list[str]]], beginning: str, words: list[str]) -> None:
    assert [found[0] for found in fish(beginning)] == words


def test_fish_says_what_each_word_means(fish: Callable[[str], list[list[str]]]) -> None:
    assert fish("ecovai-tui stat")[0][1].startswith("the counts by phase")
    assert fish("ecovai-tui wait --any")[0][1] == "end when one of the tasks is final"
