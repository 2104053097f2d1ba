"""Getting the key when a request is about to be made: from the settings, or from the user's own command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress

from ecovai_tui.store.credentials import Secret, clean_key
from ecovai_tui.store.errors import SettingsError, shown_path
from ecovai_tui.store.files import expand_home
from ecovai_tui.store.settings import Settings
from ecovai_tui.tasks.text import clean_line

COMMAND_PATIENCE = 60.0
_SHOWN_CHARACTERS = 300
_SHORTEST_SECRET = 4
_LOOKS_LIKE_A_KEY = r"\bsk-\S+|[\w+=-]{24,}"


def obtain_key(settings: Settings, *, interactive: bool, patience: float = COMMAND_PATIENCE) -> Secret:
    """Return the key, running `api_key_command` if it is that which gives it.

    `interactive`: the terminal is free, so the command may ask its user there (a passphrase, say); otherwise
    it gets neither terminal nor input. It is given `patience` seconds. Raises SettingsError.
    """
    require_key(settings)
    if settings.api_key is not None:
        return settings.api_key
    output = _run(settings.api_key_command, settings.sources["api_key"], interactive=interactive, patience=patience)
    first_line = output.decode("utf-8", "replace").partition("\n")[0]
    return clean_key(first_line, settings.sources["api_key"])


def require_key(settings: Settings) -> None:
    """Raise SettingsError with the three ways to give a key, unless there is a key or a command for one."""
    if settings.has_key:
        return
    file, source = shown_path(settings.config_file), settings.sources["base_url"]
    table = source.partition(" ")[2]
    raise SettingsError(
        f"There is no API key for {settings.base_url}. Give it in one of three ways:\n"
        f"  1. in the environment: export {_variables(settings, own_address=bool(table))}\n"
        f'  2. from a password manager: api_key_command = "pass show ecovai" {_where(table, file)}\n'
        f'  3. as api_key = "..." {_where(table, file)}, which only you may read (chmod 600)'
    )


def _variables(settings: Settings, *, own_address: bool) -> str:
    """Name the variables; a gateway of a profile's own never gets a key that comes without its address."""
    if own_address:
        return f"ECOVAI_PROFILE={settings.profile} ECOVAI_BASE_URL={settings.base_url} ECOVAI_API_KEY=..."
    return "ECOVAI_API_KEY=..."


def _where(table: str, file: str) -> str:
    return f"under {table} in {file}" if table else f"in {file}"


def _run(command: tuple[str, ...], source: str, *, interactive: bool, patience: float) -> bytes:
    program = (expand_home(command[0]), *command[1:])
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, split into words, without a shell
            program,
            stdin=None if interactive else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if interactive else subprocess.PIPE,
            start_new_session=not interactive,
        )
    except OSError as error:
        raise SettingsError(f"The {source} cannot be started: {_start_trouble(error)}.") from None
    with process:
        output, complaint = _wait(process, source, patience, whole_session=not interactive)
    if process.returncode:
        raise SettingsError(f"The {source} failed ({_ending(process.returncode)}){_shown(complaint, output)}.")
    if not output.strip():
        raise SettingsError(f"The {source} printed no key{_shown(complaint, output)}.")
    return output


def _wait(
    process: subprocess.Popen[bytes], source: str, patience: float, *, whole_session: bool
) -> tuple[bytes, bytes]:
    try:
        output, complaint = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        if whole_session:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        raise SettingsError(f"The {source} did not end within {patience:g} seconds.") from None
    return output, complaint or b""


def _start_trouble(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such program (it is run without a shell, so no aliases, pipes or variables)"
    return error.strerror or type(error).__name__


def _ending(returncode: int) -> str:
    return f"exit code {returncode}" if returncode > 0 else f"signal {-returncode}"


def _shown(complaint: bytes, output: bytes) -> str:
    """Return what the command complained of, without anything that could be a key."""
    text = clean_line(complaint.decode("utf-8", "replace"))
    for word in output.decode("utf-8", "replace").split():
        text = text.replace(word, "(hidden)") if len(word) >= _SHORTEST_SECRET else text
    text = re.sub(_LOOKS_LIKE_A_KEY, "(hidden)", text)[:_SHOWN_CHARACTERS]
    return f": {text}" if text else ""
