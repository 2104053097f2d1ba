"""Looks for keys in everything that a test run prints, logs, stores and starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import pytest
from support.forked import Forks
from support.terminal import Terminal

KEYS = re.compile(rb"sim-[0-9A-Za-z]{24}|AbCdEf0123456789|TOPSECRET")
"""What the keys of the tests have in common, with or without their ``sk-``; the first are the simulator's."""

INTRODUCTION = re.compile(
    rb"^A practice gateway listens on \S+; its key is sk-sim-\w{24}\. ctrl\+c ends it\. To watch it:$"
    rb"|^  ECOVAI_PROFILE=simulator ECOVAI_BASE_URL=\S+ ECOVAI_API_KEY=sk-sim-\w{24} ecovai-tui$",
    re.MULTILINE,
)
"""The two lines in which ``ecovai-tui simulate`` tells its own key: the only place where one may be read."""

STARTS_KEY_COMMAND = "ecovai_tui.store.key_command"
"""The module that starts the user's own key command, whose words and output are the user's secret anyway."""

WRITTEN_BY_HUMANS = "config.toml"
"""The program never writes the settings: a key in there was put there by the test."""


class KeyGuard:
    """Remembers in which places a key was seen."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.introduced = 0
        """How many lines were let through because the simulator told its own key in them."""

    def look(self, data: bytes | str | None, place: str, *, introduces: bool = False) -> None:
        """Look at something that came out of the program; ``introduces`` for the errors of ``simulate``."""
        if not data:
            return
        data = data.encode(errors="replace") if isinstance(data, str) else bytes(data)
        if introduces:
            data, number = INTRODUCTION.subn(b"", data)
            self.introduced += number
        if KEYS.search(data):
            self.found.append(place)

    def look_at_files(self, folder: Path, exempt: Container[Path] = ()) -> None:
        """Look into and at the name of every file below a folder but those that hold a key on purpose."""
        for path in folder.rglob("*"):
            self.look(str(path.relative_to(folder)), f"the name of {path}")
            if path.is_file() and path.name != WRITTEN_BY_HUMANS and path not in exempt and os.access(path, os.R_OK):
                self.look(path.read_bytes(), f"the file {path}")

    def complaint(self) -> str:
        """Return where keys were seen since the last complaint, "" if nowhere."""
        found, self.found = self.found, []
        return "a key stands in " + " and in ".join(found) if found else ""


class Overheard:
    """A pipe from a child, all of whose text the guard reads along."""

    def __init__(self, pipe: IO[Any], hear: Callable[[bytes | str], None]) -> None:
        self._pipe, self._hear = pipe, hear

    def read(self, *size: int) -> bytes | str:
        return self._heard(self._pipe.read(*size))

    def readline(self, *size: int) -> bytes | str:
        return self._heard(self._pipe.readline(*size))

    def __iter__(self) -> Iterator[bytes | str]:
        return map(self._heard, self._pipe)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipe, name)

    def _heard(self, data: bytes | str) -> bytes | str:
        self._hear(data)
        return data


@contextmanager
def reading_along(guard: KeyGuard) -> Iterator[None]:
    """Let the guard see the arguments and the output of every child, in pipes, in terminals and captured here."""
    with (
        patch.object(subprocess.Popen, "__init__", _starting(guard)),
        patch.object(subprocess.Popen, "communicate", _communicating(guard)),
        patch.object(Forks, "run", _forking(guard)),
        patch.object(Terminal, "__exit__", _leaving(guard)),
        patch.object(Terminal, "__init__", _opening(guard)),
        patch.object(pytest.CaptureFixture, "readouterr", _captured(guard)),
    ):
        yield


def _words(command: object) -> str:
    return command if isinstance(command, str) else " ".join(map(os.fsdecode, command))  # type: ignore[call-overload]


def _starting(guard: KeyGuard) -> Callable[..., None]:
    start = subprocess.Popen.__init__

    def starting(self: subprocess.Popen[Any], args: Any, *more: Any, **options: Any) -> None:
        start(self, args, *more, **options)
        if _starter() == STARTS_KEY_COMMAND:
            return
        words = _words(args)
        guard.look(words, f"the arguments of {words.split(maxsplit=1)[0]}")
        for name in ("stdout", "stderr"):
            if pipe := getattr(self, name):
                setattr(self, name, Overheard(pipe, lambda data, name=name: _hear(guard, words, name, data)))

    return starting


def _communicating(guard: KeyGuard) -> Callable[..., tuple[Any, Any]]:
    communicate = subprocess.Popen.communicate

    def communicating(self: subprocess.Popen[Any], *more: Any, **options: Any) -> tuple[Any, Any]:
        output = communicate(self, *more, **options)
        for name, data in zip(("stdout", "stderr"), output, strict=True):
            if isinstance(getattr(self, name), Overheard):
                _hear(guard, _words(self.args), name, data)
        return output

    return communicating


def _forking(guard: KeyGuard) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    run = Forks.run

    def running(self: Forks, words: list[str], *more: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
        done = run(self, words, *more, **options)
        named = _words(done.args)
        guard.look(named, "the arguments of a command")
        for name in ("stdout", "stderr"):
            _hear(guard, named, name, getattr(done, name))
        return done

    return running


def _starter() -> str:
    """Return the name of the module that starts a child, through whichever function of subprocess."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals["__name__"] == "subprocess":
        frame = frame.f_back
    return str(frame.f_globals["__name__"])


def _hear(guard: KeyGuard, words: str, name: str, data: bytes | str | None) -> None:
    guard.look(data, f"the {name} of {words}", introduces=name == "stderr" and " simulate" in words)


def _opening(guard: KeyGuard) -> Callable[..., None]:
    open_terminal = Terminal.__init__

    def opening(self: Terminal, command: Any, **options: Any) -> None:
        guard.look(_words(command), "the arguments of a program in a terminal")
        open_terminal(self, command, **options)

    return opening


def _leaving(guard: KeyGuard) -> Callable[..., None]:
    leave = Terminal.__exit__

    def leaving(self: Terminal, *details: object) -> None:
        leave(self, *details)
        guard.look(self.received, "what a terminal was sent")
        guard.look(self.text, "the last screen of a terminal")

    return leaving


def _captured(guard: KeyGuard) -> Callable[..., Any]:
    readouterr = pytest.CaptureFixture.readouterr

    def captured(self: pytest.CaptureFixture[Any]) -> Any:
        result = readouterr(self)
        guard.look(result.out, "the captured output")
        guard.look(result.err, "the captured errors")
        return result

    return captured
