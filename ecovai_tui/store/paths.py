"""Where the files of the program live; nothing here opens a file or makes a directory."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from ecovai_tui.language import tr
from ecovai_tui.store.errors import SettingsError, quoted
from ecovai_tui.store.files import anchored

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
