"""The program's files: where they are, and how they are read, locked and replaced."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import SettingsError, StoreError, quoted, shown_path, store_error, words_of_system

APPLICATION = "ecovai-tui"
QUOTES = {
    '"': '"', "'": "'", "`": "`", "“": "”", "”": "”", "„": "“”", "‘": "’", "’": "’", "‚": "‘’", "«": "»", "»": "«",
    "‹": "›", "›": "‹", "「": "」", "『": "』", "＂": "＂", "＇": "＇", "〝": "〞",
}  # fmt: skip
"""What a quotation may begin with, and what may end it."""
_PROFILE = r"[a-z0-9][a-z0-9_-]{0,31}"


class Paths(NamedTuple):
    """The directories of the program, and the name of each file in them."""

    config_dir: Path
    data_dir: Path
    state_dir: Path
    music_dir: Path = Path("Music") / APPLICATION
    """The folder of what is downloaded, where no setting names another one."""

    @property
    def config_file(self) -> Path:
        """The settings, which belong to the human: read, never written."""
        return self.config_dir / "config.toml"

    @property
    def theme_dir(self) -> Path:
        """The folder of the user's own colour themes."""
        return self.config_dir / "themes"

    @property
    def ui_state(self) -> Path:
        """What the program remembers by itself; lost without harm."""
        return self.state_dir / "ui.json"

    @property
    def receipts(self) -> Path:
        """What was submitted, by all profiles."""
        return self.data_dir / "receipts.jsonl"

    def drafts(self, profile: str | None) -> Path:
        """Name the file of a profile's drafts of submissions."""
        return self.state_dir / _for_profile("drafts", ".json", profile)

    def watchlist(self, profile: str | None) -> Path:
        """Name the watch list of a profile."""
        return self.data_dir / _for_profile("watchlist", ".toml", profile)

    def replica(self, profile: str | None, watch_list: Path | None = None) -> Path:
        """Name the replica of a profile's watch list; None is the profile's own list."""
        return self.state_dir / _for_profile("replica", f"{self._mark(profile, watch_list)}.sqlite3", profile)

    def _mark(self, profile: str | None, watch_list: Path | None) -> str:
        """Return what keeps the files of another watch list from those of the profile's own; the same by every link."""
        own = self.watchlist(profile)
        if watch_list is None or watch_list == own:
            return ""
        real = os.path.realpath(watch_list)
        return "" if real == os.path.realpath(own) else f"~{_short_hash(real)}"


def find_paths(environment: Mapping[str, str]) -> Paths:
    """Find the directories: ECOVAI_*_DIR, else XDG_*_HOME, else the defaults of XDG, on macOS too.

    A relative XDG value is ignored, as the XDG base directory specification demands. Raises SettingsError
    when a directory can only be found below HOME and HOME is not set.
    """
    return Paths(
        config_dir=_directory(environment, "CONFIG", ".config"),
        data_dir=_directory(environment, "DATA", ".local/share"),
        state_dir=_directory(environment, "STATE", ".local/state"),
        music_dir=_music(environment),
    )


def unquoted(text: str) -> str:
    """Return a text without the blanks around it and without the pairs of quotes around it, typographic ones too."""
    text = text.strip()
    while len(text) > 1 and text[-1] in QUOTES.get(text[0], ""):
        text = text[1:-1].strip()
    return text


def variable(environment: Mapping[str, str], name: str) -> str | None:
    """Return a variable, None where it is empty, without the blanks and quotes that files of variables leave on it."""
    text = environment.get(name)
    if not text:
        return None

    return unquoted(text) or None


def check_profile(name: str) -> str:
    """Return the name of a profile as it is, or raise SettingsError: it becomes a part of file names."""
    if re.fullmatch(_PROFILE, name):
        return name
    raise SettingsError(
        tr(
            "The profile name {name} cannot be used: a name has 1 to 32 characters, small letters a to z, "
            'digits, "_" and "-", and begins with a letter or a digit.',
            name=quoted(name),
        )
    )


def choose_profile(flag: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the profile that `--profile` or else ECOVAI_PROFILE names; None is the one without a name.

    Raises SettingsError for a name that cannot be used.
    """
    name = flag if flag is not None else variable(environment, "ECOVAI_PROFILE")
    return None if name is None else check_profile(name)


def _for_profile(stem: str, suffix: str, profile: str | None) -> str:
    return f"{stem}{suffix}" if profile is None else f"{stem}-{check_profile(profile)}{suffix}"


def _short_hash(text: str) -> str:
    return f"{crc32(os.fsencode(text)):08x}"


def _directory(environment: Mapping[str, str], purpose: str, below_home: str) -> Path:
    own = environment.get(f"ECOVAI_{purpose}_DIR", "")
    if own:
        path = _expand_home(own, environment)
        anchored(str(path), f"ECOVAI_{purpose}_DIR")
        return path
    base = Path(environment.get(f"XDG_{purpose}_HOME", ""))
    if not base.is_absolute():
        base = _home(environment, purpose) / below_home
    return base / APPLICATION


def _music(environment: Mapping[str, str]) -> Path:
    """Return the folder of music: XDG_MUSIC_DIR, else that of most systems; a home that nobody has gives none."""
    base = Path(environment.get("XDG_MUSIC_DIR", ""))
    if not base.is_absolute():
        base = Path(environment.get("HOME") or "/nonexistent") / "Music"
    return base / APPLICATION


def _expand_home(text: str, environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME", "")
    if home and (text == "~" or text.startswith("~/")):
        return Path(home) / text[2:]
    return Path(text)


def _home(environment: Mapping[str, str], purpose: str) -> Path:
    home = environment.get("HOME", "")
    if home:
        return Path(home)
    raise SettingsError(
        tr(
            "HOME is not set, so there is no place for the program's files. Set HOME, or "
            "ECOVAI_{purpose}_DIR and its kin (ECOVAI_CONFIG_DIR, ECOVAI_DATA_DIR, ECOVAI_STATE_DIR).",
            purpose=purpose,
        )
    )


LOCK_PATIENCE = 5.0
_LEFTOVER_AGE = 3600.0
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})
_NO_DIRECTORY_SYNC_HERE = frozenset({errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EACCES})


def replace_file(path: Path, data: bytes, still_wanted: Callable[[], bool] = lambda: True) -> bool:
    """Write a file so that it is, whatever happens, either the old one or the whole new one.

    Nothing is replaced, and False returned, if the new file is not ``still_wanted`` once it is written.

    A symbolic link stays, and the file it leads to is replaced. The new file has mode 0600; directories that
    are missing are made with mode 0700. Raises StoreError; the old file is then intact, unless only the last step,
    the fsync of the directory, failed.
    """
    try:
        target = resolved(path)
        make_directory(path.parent)
        _refuse_special(target)
        return _write_and_replace(target, data, still_wanted)
    except OSError as error:
        raise store_error("save", path, error) from error


def resolved(path: Path) -> Path:
    """Follow the symbolic links of a path, also when the file does not exist yet; OSError on a circle."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    return target


def expand_home(text: str) -> str:
    """Replace `~` at the beginning of a path by the home directory, where it is known; else the path stays as it is."""
    return os.path.expanduser(text)  # noqa: PTH111 - pathlib raises for an unknown user and drops a leading "./"


def anchored(text: str, source: str) -> Path:
    """Return a path that the user gave as an absolute one, so that it leads to the same file as long as the run lasts.

    Raises SettingsError, which names the source, for a relative one where the working directory is gone.
    """
    path = Path(expand_home(text))
    try:
        return path.absolute()
    except OSError:
        raise SettingsError(
            tr(
                "The working directory is gone: it was deleted or moved while the shell stood in it. So {source} "
                "{path}, a relative path, leads nowhere. Go elsewhere with cd, or give the whole path.",
                source=source,
                path=shown_path(path),
            )
        ) from None


def is_there(path: Path) -> bool:
    """Return whether there is something at a path, or that cannot be known: then opening it tells why.

    ``Path.exists`` raises where the name is too long or a directory may not be looked into.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def make_directory(directory: Path) -> None:
    """Make a directory and those above it, each for the user alone (mode 0700); OSError if that fails.

    Directories that exist keep their mode.
    """
    if directory.is_dir():
        return
    make_directory(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def locked(path: Path, timeout: float = LOCK_PATIENCE) -> Iterator[None]:
    """Hold the lock of a file, `<resolved file>.lock`, against other programs; the lock file is left in place.

    Waits at most `timeout` seconds. Raises StoreError when another program holds it that long, when the lock
    cannot be made, and when locks do not work on this file system.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, and most commands lock nothing

    try:
        make_directory(path.parent)
        lock = FileLock(f"{resolved(path)}.lock", mode=0o600, fallback_to_soft=False, poll_interval=0.02)
        lock.acquire(timeout)
    except Timeout:
        raise StoreError(_held_elsewhere(path, timeout)) from None
    except OSError as error:
        raise _lock_error(path, error) from error
    try:
        yield
    finally:
        try:
            lock.release()
        except OSError as error:
            raise store_error("unlock", path, error) from error


def _held_elsewhere(path: Path, timeout: float) -> str:
    return tr(
        "Another program has held the lock of {path} for {timeout:g} seconds, so nothing was changed. "
        "Try again; if it lasts, look for another ecovai-tui that hangs.",
        path=shown_path(path),
        timeout=timeout,
    )


def _lock_error(path: Path, error: OSError) -> StoreError:
    if error.errno not in _NO_LOCKS_HERE:
        return store_error("lock", path, error)
    return StoreError(
        tr(
            "Cannot lock {path}: locks do not work on its file system ({strerror}), as on some network "
            "homes, so nothing was changed. Set ECOVAI_DATA_DIR and ECOVAI_STATE_DIR to directories on a "
            "local disk.",
            path=shown_path(path),
            strerror=words_of_system(error),
        )
    )


def _refuse_special(target: Path) -> None:
    with suppress(FileNotFoundError):
        mode = target.stat().st_mode
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, later("this is a device or a pipe, not a file"))


def _write_and_replace(target: Path, data: bytes, still_wanted: Callable[[], bool]) -> bool:
    import tempfile  # noqa: PLC0415 - slow to import, and most commands write nothing

    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            written_at = os.fstat(file.fileno()).st_mtime
        if not still_wanted():
            temporary.unlink()
            return False
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_directory(target.parent)
    _remove_leftovers(target, written_at - _LEFTOVER_AGE)
    return True


def sync_directory(directory: Path) -> None:
    """Make sure that a crash undoes no change of a directory's names, where its file system can do that."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_DIRECTORY_SYNC_HERE:
            raise


def _remove_leftovers(target: Path, before: float) -> None:
    """Remove temporary files of saves that were killed; `before` is in the file system's own time."""
    with suppress(OSError):
        for file in target.parent.iterdir():
            ours = file.name.startswith(f".{target.name}.") and file.suffix == ".new"
            if ours and file.stat().st_mtime < before:
                file.unlink()
