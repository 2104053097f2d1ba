"""Which profile and which gateway a run is about: all of the settings that commands need which ask nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.base_url import origin
from ecovai_tui.store.errors import SettingsError, attempt, shown_path
from ecovai_tui.store.key import could_be_key, shown_name
from ecovai_tui.store.pair import choose_pair, clean_address
from ecovai_tui.store.paths import choose_profile
from ecovai_tui.store.settings_file import read_settings_file
from ecovai_tui.store.sources import pair_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecovai_tui.store.pair import Credentials
    from ecovai_tui.store.paths import Paths
    from ecovai_tui.store.settings_file import KeyRules, SettingsFile
    from ecovai_tui.store.sources import Flags


class Configured(NamedTuple):
    """The profile that was chosen, the settings file, and the address and key of the choice, with all faults so far."""

    profile: str | None
    file: SettingsFile
    chosen: Credentials
    faults: tuple[str, ...]


def read_configured(
    flags: Flags, environment: Mapping[str, str], paths: Paths, find_key_rules: Callable[[], KeyRules] | None
) -> Configured:
    """Read the settings file, and choose profile, address and key.

    Raises SettingsError only for a file that cannot be read at all; the other faults are returned.
    """
    faults: list[str] = []
    profile = attempt(lambda: choose_profile(flags.profile, environment), faults)
    file = read_settings_file(paths.config_file, find_key_rules)
    faults += file.faults
    chosen = choose_pair(pair_sources(flags, environment, file, profile))
    if profile is not None and profile not in file.profiles and not (chosen.from_outside_the_file and chosen.has_key):
        faults.append(_unknown_profile(profile, file))
    return Configured(profile, file, chosen, tuple(faults))


def read_gateway(
    flags: Flags, environment: Mapping[str, str], paths: Paths, find_key_rules: Callable[[], KeyRules] | None = None
) -> tuple[str | None, str]:
    """Return the profile, and the gateway's origin, for which no key is needed as long as nobody asks it.

    Raises SettingsError for whatever is wrong with the settings file, and for a profile that nobody knows.
    """
    found = read_configured(flags, environment, paths, find_key_rules)
    faults = list(found.faults)
    base_url = attempt(lambda: clean_address(found.chosen), faults)
    if base_url is None or faults:
        raise SettingsError(*faults)
    return found.profile, origin(base_url)


def _unknown_profile(profile: str, file: SettingsFile) -> str:
    from ecovai_tui.store.suggestions import suggestion  # noqa: PLC0415 - needed only when something is wrong

    known = [name for name in file.profiles if not could_be_key(name)]
    return (
        f"There is no [profiles.{shown_name(profile)}] in {shown_path(file.path)}, and the environment does not give "
        f"both ECOVAI_BASE_URL and ECOVAI_API_KEY. {suggestion(profile, known)}"
    )
