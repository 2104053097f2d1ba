"""The address of the gateway and the key, which come from one source, so that no key goes astray."""

import re
import shlex
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import SplitResult, urlsplit

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import SettingsError, attempt, shown_path
from ecovai_tui.store.files import QUOTES, unquoted

DEFAULT = later("default")
"""The source of a value that nobody gave."""


_BEARER = r"(?i)\Abearer(\s+|\Z)"
_PRINTABLE = r"[!-~]+"
_QUOTE_CHARACTERS = frozenset(QUOTES).union(*QUOTES.values())


class Secret:
    """A text that shows itself to nobody but the one who calls `reveal`: no repr, no str, no pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; for the Authorization header and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written down")


def clean_key(text: str, source: str) -> Secret:
    """Return the key without the blanks and quotes around it and without one leading "Bearer ".

    Files that Docker and systemd read hand quotes on that a shell would take away. Raises SettingsError, naming the
    source but not the key, for what cannot be a key: it must be printable ASCII without blanks and quotes.
    """
    key = unquoted(re.sub(_BEARER, "", unquoted(text), count=1))
    if not key:
        raise SettingsError(tr("The key from {source} is empty.", source=source))
    if not _QUOTE_CHARACTERS.isdisjoint(key):
        raise SettingsError(
            tr(
                "The key from {source} cannot be a key: there are quotes in it. Write it without quotes, or in "
                "one pair of them.",
                source=source,
            )
        )
    if not re.fullmatch(_PRINTABLE, key):
        raise SettingsError(
            tr(
                "The key from {source} cannot be a key: it contains a blank, or a character that is not plain "
                "ASCII. Copy it anew from the gateway's web page.",
                source=source,
            )
        )
    return Secret(key)


DEFAULT_BASE_URL = "https://api.ecovai.cn"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def clean_base_url(text: str, source: str) -> str:
    """Return the address without the `/` and `/v1` that people copy along.

    Raises SettingsError, naming the source but not the text (it may contain a password): for anything but
    http and https, and for an address with user, query or fragment.
    """
    try:
        parts = _split(text)
    except ValueError as error:
        raise SettingsError(
            tr(
                "base_url (from {source}) {error}. Write it like {default_base_url}, without /suno/fetch.",
                source=source,
                error=error,
                default_base_url=DEFAULT_BASE_URL,
            )
        ) from None
    return f"{parts.scheme}://{parts.netloc}{_trimmed(parts.path)}"


def check_transport(base_url: str, source: str, *, allow_http: bool) -> None:
    """Raise SettingsError if the key would travel unencrypted: http is for this computer, or for who asks for it."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" or allow_http or is_loopback(parts.hostname or ""):
        return
    raise SettingsError(
        tr(
            "base_url (from {source}) is plain http, so anyone on the way could read the key. Use https, or "
            "write allow_http = true beside it in config.toml if you trust the network.",
            source=source,
        )
    )


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this computer itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(base_url: str) -> str:
    """Return the one spelling under which the tasks of a gateway are kept: `scheme://host[:port][/path]`.

    The host is in small letters; a port that goes without saying is left out.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    return f"{parts.scheme}://{host}{_trimmed(parts.path)}"


def _split(text: str) -> SplitResult:
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise ValueError(tr("contains a blank or a control character"))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(tr("is not an address")) from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(tr("must begin with https://"))
    if not parts.hostname or port == 0:
        raise ValueError(tr("must name a host"))
    if "@" in parts.netloc:
        raise ValueError(tr("must not contain a user or a password; the key goes into a setting of its own"))
    if "?" in text or "#" in text:
        raise ValueError(tr('must not contain "?" or "#"'))
    return parts


def _trimmed(path: str) -> str:
    return path.rstrip("/").removesuffix("/v1").rstrip("/")


FLAG = "--base-url"
VARIABLE = "ECOVAI_BASE_URL"
KEY_VARIABLE = "ECOVAI_API_KEY"
NO_KEY = later("not given")


class Credentials(NamedTuple):
    """What one source (flag, environment, profile, top level of the file) gives of the pair."""

    base_url: str | None = None
    api_key: Secret | None = None
    api_key_command: tuple[str, ...] = ()
    base_url_source: str = DEFAULT
    key_source: str = ""

    @property
    def has_key(self) -> bool:
        """Whether this source gives a key, or a command that prints one."""
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
            tr(
                "{base_url_source} names a gateway, but no key comes with it, and a key from elsewhere is never "
                "sent there. Set {key_variable} as well, or put base_url and api_key_command under "
                "[profiles.NAME] in config.toml.",
                base_url_source=chosen.base_url_source,
                key_variable=KEY_VARIABLE,
            )
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


_OTHERS = 0o077


def faults_of_mode(path: Path, mode: int, document: Mapping[str, object]) -> Iterable[str]:
    """Yield what is wrong where others may read a file with a key in any of its tables."""
    if mode & _OTHERS and _holds_key(document):
        yield tr(
            "{path} contains api_key, but others may read it (mode {mode:04o}). Run: chmod 600 {quoted}",
            path=shown_path(path),
            mode=mode & 0o777,
            quoted=shlex.quote(shown_path(path)),
        )


def _holds_key(table: Mapping[str, object]) -> bool:
    return "api_key" in table or any(isinstance(value, dict) and _holds_key(value) for value in table.values())
