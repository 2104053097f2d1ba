"""Getting the key when a request is about to be made: from the settings, or from the user's own command."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress

from ecovai_tui.language import tr
from ecovai_tui.store.credentials import Secret, clean_key
from ecovai_tui.store.errors import SettingsError, shown_path, words_of_system
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
        tr(
            "There is no API key for {base_url}. Give it in one of three ways:\n"
            "  1. in the environment: export {variables}\n"
            '  2. from a password manager: api_key_command = "pass show ecovai" {where}\n'
            '  3. as api_key = "..." {where}, which only you may read (chmod 600)',
            base_url=settings.base_url,
            variables=_variables(settings, own_address=bool(table)),
            where=_where(table, file),
        )
    )


def _variables(settings: Settings, *, own_address: bool) -> str:
    """Name the variables; a gateway of a profile's own never gets a key that comes without its address."""
    if own_address:
        return f"ECOVAI_PROFILE={settings.profile} ECOVAI_BASE_URL={settings.base_url} ECOVAI_API_KEY=..."
    return "ECOVAI_API_KEY=..."


def _where(table: str, file: str) -> str:
    return tr("under {table} in {file}", table=table, file=file) if table else tr("in {file}", file=file)


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
        raise SettingsError(
            tr("The {source} cannot be started: {start_trouble}.", source=source, start_trouble=_start_trouble(error))
        ) from None
    with process:
        output, complaint_bytes = _wait(process, source, patience, whole_session=not interactive)
    complaint = _shown(complaint_bytes, output)
    if process.returncode:
        told = tr("The {source} failed ({ending})", source=source, ending=_ending(process.returncode))
        raise SettingsError(_with_complaint(told, complaint))
    if not output.strip():
        told = tr("The {source} printed no key", source=source)
        raise SettingsError(_with_complaint(told, complaint))
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
        raise SettingsError(
            tr("The {source} did not end within {patience:g} seconds.", source=source, patience=patience)
        ) from None
    return output, complaint or b""


def _start_trouble(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return tr("there is no such program (it is run without a shell, so no aliases, pipes or variables)")
    return words_of_system(error)


def _ending(returncode: int) -> str:
    return (
        tr("exit code {returncode}", returncode=returncode)
        if returncode > 0
        else tr("signal {value}", value=-returncode)
    )


def _shown(complaint: bytes, output: bytes) -> str:
    """Return what the command complained of, without anything that could be a key."""
    text = clean_line(complaint.decode("utf-8", "replace"))
    for word in output.decode("utf-8", "replace").split():
        text = text.replace(word, tr("(hidden)")) if len(word) >= _SHORTEST_SECRET else text
    return re.sub(_LOOKS_LIKE_A_KEY, tr("(hidden)"), text)[:_SHOWN_CHARACTERS]


def _with_complaint(told: str, complaint: str) -> str:
    return tr("{told}: {words}.", told=told, words=complaint) if complaint else tr("{clause}.", clause=told)
