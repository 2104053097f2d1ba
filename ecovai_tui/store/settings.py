"""The settings of one run: flags over environment over profile over file over defaults, each with its source."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.store.configured import Flags, Layers, own_sources, read_configured, settings_layers
from ecovai_tui.store.credentials import NO_KEY, Pair, Secret, check_transport, clean_pair
from ecovai_tui.store.errors import SettingsError, attempt, shown_name, shown_path
from ecovai_tui.store.hook_settings import Hook, QuietHours
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.settings_file import MOST_REQUESTS_PER_MINUTE, KeyRules, Notify
from ecovai_tui.tasks.file_names import DEFAULT_TEMPLATE

DEFAULT_INTERVAL = 5.0
DEFAULT_NOTIFY: Notify = "bell"


class Settings(NamedTuple):
    """Every setting of one run, valid, and in `sources` where each value comes from ("default" if nowhere).

    `interval` is in seconds. `theme` and `ascii` are None where the program is to decide by itself.
    """

    profile: str | None
    base_url: str
    api_key: Secret | None
    api_key_command: tuple[str, ...]
    interval: float
    max_requests_per_minute: int
    theme: str | None
    columns: tuple[str, ...]
    """Those of the list of tasks, () for the usual ones."""
    keys: Mapping[str, str]
    filters: Mapping[str, str]
    ca_file: Path | None
    allow_http: bool
    notify: Notify
    mouse: bool
    ascii: bool | None
    slow_link: bool
    readonly: bool
    quota: bool
    download_dir: Path
    download_name: str
    artist: str
    auto_download: bool
    player: tuple[str, ...]
    hooks: tuple[Hook, ...]
    quiet_hours: QuietHours | None
    watchlist: Path
    log: Path | None
    config_file: Path
    sources: Mapping[str, str]

    @property
    def has_key(self) -> bool:
        """Whether there is a key, or a command that prints one."""
        return self.api_key is not None or bool(self.api_key_command)


def load_settings(
    flags: Flags,
    environment: Mapping[str, str],
    paths: Paths,
    find_key_rules: Callable[[], KeyRules] | None = None,
) -> Settings:
    """Read the settings file and merge it with flags and environment; a key may be wanting.

    Raises SettingsError for everything that cannot be meant, with all faults at once. What may stand under [keys] the
    front ends know: their key rules are found only where there are keys.
    """
    found = read_configured(flags, environment, paths, find_key_rules)
    faults = list(found.faults)
    pair = attempt(lambda: clean_pair(found.chosen), faults)
    layers = attempt(lambda: settings_layers(flags, environment, found.file, found.profile), faults)
    if pair is not None and layers is not None:
        settings = _merge(layers, pair, flags, paths, found.profile)
        attempt(lambda: _check_transport(settings), faults)
        attempt(lambda: _check_ca_file(settings), faults)
        if not faults:
            return settings
    raise SettingsError(*faults)


def _merge(layers: Layers, pair: Pair, flags: Flags, paths: Paths, profile: str | None) -> Settings:
    return Settings(
        profile=profile,
        base_url=pair.base_url,
        api_key=pair.api_key,
        api_key_command=pair.api_key_command,
        interval=layers.pick("interval", lambda table: table.interval, DEFAULT_INTERVAL),
        max_requests_per_minute=layers.pick(
            "max_requests_per_minute", lambda table: table.max_requests_per_minute, MOST_REQUESTS_PER_MINUTE
        ),
        theme=layers.pick("theme", lambda table: table.theme, None),
        columns=layers.pick("columns", lambda table: table.columns, ()),
        keys=layers.merged("keys", lambda table: table.keys),
        filters=layers.merged("filters", lambda table: table.filters),
        ca_file=layers.pick("ca_file", lambda table: table.ca_file, None),
        allow_http=layers.pick("allow_http", lambda table: table.allow_http, default=False),
        notify=layers.pick("notify", lambda table: table.notify, DEFAULT_NOTIFY),
        mouse=layers.pick("mouse", lambda table: table.mouse, default=True),
        ascii=layers.pick("ascii", lambda table: table.ascii, None),
        slow_link=layers.pick("slow_link", lambda table: table.slow_link, default=False),
        readonly=layers.pick("readonly", lambda table: table.readonly, default=False),
        quota=layers.pick("quota", lambda table: table.quota, default=True),
        download_dir=layers.pick("download_dir", lambda table: table.download_dir, paths.music_dir),
        download_name=layers.pick("download_name", lambda table: table.download_name, DEFAULT_TEMPLATE),
        artist=layers.pick("artist", lambda table: table.artist, ""),
        auto_download=layers.pick("auto_download", lambda table: table.auto_download, default=False),
        player=layers.pick("player", lambda table: table.player, ()),
        hooks=layers.pick("hooks", lambda table: table.hooks, ()),
        quiet_hours=layers.pick("quiet_hours", lambda table: table.quiet_hours, None),
        watchlist=flags.watchlist or paths.watchlist(profile),
        log=flags.log,
        config_file=paths.config_file,
        sources=MappingProxyType(layers.sources | own_sources(flags, profile, pair)),
    )


def _check_transport(settings: Settings) -> None:
    check_transport(settings.base_url, settings.sources["base_url"], allow_http=settings.allow_http)


def _check_ca_file(settings: Settings) -> None:
    if settings.ca_file is not None and not settings.ca_file.is_file():
        place = f"{shown_path(settings.ca_file.parent)}/{shown_name(settings.ca_file.name)}"
        raise SettingsError(
            tr(
                "There is no file {place}, which ca_file in {sources} names.",
                place=place,
                sources=settings.sources["ca_file"],
            )
        )


_NOT_SHOWN_AS_THEY_ARE = frozenset({"api_key", "api_key_command", "sources", "config_file"})
_CHOSEN_BY_THE_PROGRAM = frozenset({"theme", "ascii"})


class SettingLine(NamedTuple):
    """One setting in words; `source` is "default" where nobody set it."""

    name: str
    value: str
    source: str


def describe_settings(settings: Settings) -> tuple[SettingLine, ...]:
    """Describe every setting; of the key, only whether it is set and from where."""
    names = (name for name in Settings._fields if name not in _NOT_SHOWN_AS_THEY_ARE)
    plain = (SettingLine(name, _in_words(name, getattr(settings, name)), settings.sources[name]) for name in names)
    return (SettingLine("api_key", describe_key(settings), settings.sources["api_key"]), *plain)


def describe_key(settings: Settings) -> str:
    """Say whether there is a key and where it comes from, such as "set (from ECOVAI_API_KEY)"."""
    source = settings.sources["api_key"]
    return tr("not set") if source == NO_KEY else tr("set (from {source})", source=source)


def _in_words(name: str, value: object) -> str:
    if value is None:
        return tr("automatic") if name in _CHOSEN_BY_THE_PROGRAM else tr("none")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple) and not isinstance(value, QuietHours):
        return ("; " if name == "hooks" else " ").join(map(str, value)) or (
            tr("none") if name == "hooks" else tr("automatic")
        )
    if isinstance(value, Mapping):
        return "; ".join(f"{action} = {keys}" for action, keys in value.items()) or tr("none")
    return shown_path(str(value)) or tr("none")
