"""The pair rule: the address of the gateway and the key come from one source, so that no key goes astray."""

from __future__ import annotations

from typing import NamedTuple

from ecovai_tui.store.base_url import DEFAULT_BASE_URL, clean_base_url
from ecovai_tui.store.errors import SettingsError, attempt
from ecovai_tui.store.key import Secret, clean_key
from ecovai_tui.store.layers import DEFAULT

FLAG = "--base-url"
VARIABLE = "ECOVAI_BASE_URL"
KEY_VARIABLE = "ECOVAI_API_KEY"
NO_KEY = "not given"


class Credentials(NamedTuple):
    """What one source (flag, environment, profile, top level of the file) gives of the pair."""

    base_url: str | None = None
    api_key: Secret | None = None
    api_key_command: tuple[str, ...] = ()
    base_url_source: str = DEFAULT
    key_source: str = ""

    @property
    def has_key(self) -> bool:
        """Tell whether this source gives a key, or a command that prints one."""
        return self.api_key is not None or bool(self.api_key_command)

    @property
    def from_outside_the_file(self) -> bool:
        """Return whether flag or environment gave the address."""
        return self.base_url_source in {FLAG, VARIABLE}


class Pair(NamedTuple):
    """The address and the key that go together, cleaned; a pair without a key is one whose key is still to come."""

    base_url: str
    api_key: Secret | None
    api_key_command: tuple[str, ...]
    base_url_source: str
    key_source: str


class PairSources(NamedTuple):
    """All that may give the pair; `profile_leads` when the profile was named by the flag, not the environment."""

    flag: Credentials
    environment: Credentials
    profile: Credentials
    top: Credentials
    profile_leads: bool


def choose_pair(sources: PairSources) -> Credentials:
    """Return the address and the key that belong together, as they were given; the key may be wanting.

    The order is: `--base-url` with the key of the environment; then a profile named by `--profile`, the
    environment, a profile named by the environment, the top level. The first that gives anything wins. A key
    without an address goes to the address of the top level; a profile with an address of its own is never
    asked with any other key.
    """
    if sources.flag.base_url is not None:
        return _with_environment_key(sources.flag, sources.environment)
    for candidate in _ranked(sources):
        if candidate.base_url is not None:
            return candidate
        if candidate.has_key:
            return _at_address_of(sources.top, candidate)
    return _at_address_of(sources.top, Credentials())


def _ranked(sources: PairSources) -> tuple[Credentials, ...]:
    environment, profile, top = sources.environment, sources.profile, sources.top
    if sources.profile_leads:
        return profile, environment, top
    if profile.base_url is not None and environment.base_url is None:
        return profile, top
    return environment, profile, top


def _with_environment_key(flag: Credentials, environment: Credentials) -> Credentials:
    return flag._replace(api_key=environment.api_key, key_source=environment.key_source)


def _at_address_of(top: Credentials, candidate: Credentials) -> Credentials:
    base_url, source = (top.base_url, top.base_url_source) if top.base_url else (DEFAULT_BASE_URL, DEFAULT)
    return candidate._replace(base_url=base_url, base_url_source=source)


def clean_address(chosen: Credentials) -> str:
    """Return the address of a choice, cleaned; raises SettingsError for what is none."""
    return clean_base_url(DEFAULT_BASE_URL if chosen.base_url is None else chosen.base_url, chosen.base_url_source)


def clean_pair(chosen: Credentials) -> Pair:
    """Return address and key of a choice, cleaned.

    Raises SettingsError for what is no address and for what is no key, and for an address of flag or environment
    without a key.
    """
    if chosen.from_outside_the_file and not chosen.has_key:
        raise SettingsError(
            f"{chosen.base_url_source} names a gateway, but no key comes with it, and a key from elsewhere is never "
            f"sent there. Set {KEY_VARIABLE} as well, or put base_url and api_key_command under [profiles.NAME] "
            "in config.toml."
        )
    faults: list[str] = []
    base_url = attempt(lambda: clean_address(chosen), faults)
    api_key = attempt(lambda: _clean_key(chosen), faults)
    if base_url is None or faults:
        raise SettingsError(*faults)
    return Pair(
        base_url=base_url,
        api_key=api_key,
        api_key_command=chosen.api_key_command,
        base_url_source=chosen.base_url_source,
        key_source=chosen.key_source if chosen.has_key else NO_KEY,
    )


def _clean_key(chosen: Credentials) -> Secret | None:
    return None if chosen.api_key is None else clean_key(chosen.api_key.reveal(), chosen.key_source)
