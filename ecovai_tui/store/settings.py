"""The settings of one run: flags over environment over profile over file over defaults, each with its source.

Also which profile and which gateway a run is about.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.credentials import (
    DEFAULT,
    FLAG,
    KEY_VARIABLE,
    NO_KEY,
    VARIABLE,
    Credentials,
    Pair,
    PairSources,
    Secret,
    check_transport,
    choose_pair,
    clean_address,
    clean_pair,
    origin,
)
from ecovai_tui.store.errors import SettingsError, attempt, could_be_key, shown_name, shown_path
from ecovai_tui.store.files import Paths, choose_profile, variable
from ecovai_tui.store.settings_file import (
    MOST_REQUESTS_PER_MINUTE,
    KeyRules,
    Notify,
    Pictures,
    SettingsFile,
    SettingsTable,
    check_interval,
    read_settings_file,
)
from ecovai_tui.store.settings_tables import Hook, QuietHours
from ecovai_tui.tasks.file_names import DEFAULT_TEMPLATE
from ecovai_tui.tasks.text import suggestion

_Value = TypeVar("_Value")


class Flags(NamedTuple):
    """The options of the command line; None or False where one was not given. `interval` is in seconds."""

    profile: str | None = None
    base_url: str | None = None
    interval: float | None = None
    theme: str | None = None
    watchlist: Path | None = None
    ascii: bool = False
    no_mouse: bool = False
    slow_link: bool = False
    readonly: bool = False
    log: Path | None = None


_FLAG_NAMES = {
    "interval": "--interval",
    "theme": "--theme",
    "ascii": "--ascii",
    "mouse": "--no-mouse",
    "slow_link": "--slow-link",
    "readonly": "--readonly",
}


class Layer(NamedTuple):
    """One table, the place it came from, and the names of those settings whose place has one of its own."""

    table: SettingsTable
    place: str
    names: Mapping[str, str] = MappingProxyType({})

    def source(self, setting: str) -> str:
        """Say where a setting of this layer comes from, such as `--theme` or `config.toml`."""
        return self.names.get(setting, self.place)


class Layers:
    """The layers, highest first; `sources` fills as values are picked."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self._layers = layers
        self.sources: dict[str, str] = {}

    def pick(self, setting: str, read: Callable[[SettingsTable], _Value | None], default: _Value) -> _Value:
        """Return the value of the highest layer that has one, else the default, and note its source."""
        for layer in self._layers:
            value = read(layer.table)
            if value is not None:
                self.sources[setting] = layer.source(setting)
                return value
        self.sources[setting] = DEFAULT
        return default

    def merged(self, setting: str, read: Callable[[SettingsTable], Mapping[str, str]]) -> Mapping[str, str]:
        """Return a table merged from all layers, what higher ones say of a name outranking what lower ones say."""
        merged: dict[str, str] = {}
        giving = [layer for layer in self._layers if read(layer.table)]
        for layer in reversed(giving):
            merged.update(read(layer.table))
        self.sources[setting] = ", ".join(layer.source(setting) for layer in giving) or DEFAULT
        return MappingProxyType(merged)


def pair_sources(flags: Flags, environment: Mapping[str, str], file: SettingsFile, profile: str | None) -> PairSources:
    """Gather all that may give the address of the gateway and the key."""
    key = environment.get(KEY_VARIABLE)
    return PairSources(
        flag=Credentials(flags.base_url, base_url_source=FLAG),
        environment=Credentials(
            base_url=variable(environment, VARIABLE),
            api_key=Secret(key) if key else None,
            base_url_source=VARIABLE,
            key_source=KEY_VARIABLE,
        ),
        profile=_credentials(_profile_table(file, profile), file.place(profile)),
        top=_credentials(file.top, file.place()),
        profile_leads=flags.profile is not None,
    )


def settings_layers(flags: Flags, environment: Mapping[str, str], file: SettingsFile, profile: str | None) -> Layers:
    """Lay out everything but the pair, highest first: flags, environment, profile, top level of the file."""
    flag_table = SettingsTable(
        interval=None if flags.interval is None else check_interval(flags.interval, _FLAG_NAMES["interval"]),
        theme=flags.theme,
        ascii=flags.ascii or None,
        mouse=False if flags.no_mouse else None,
        slow_link=flags.slow_link or None,
        readonly=flags.readonly or None,
    )
    return Layers(
        (
            Layer(flag_table, tr("the command line"), _FLAG_NAMES),
            Layer(SettingsTable(theme=variable(environment, "ECOVAI_THEME")), "ECOVAI_THEME"),
            Layer(_profile_table(file, profile), file.place(profile)),
            Layer(file.top, file.place()),
        )
    )


def own_sources(flags: Flags, profile: str | None, pair: Pair) -> dict[str, str]:
    """Name the sources of those settings that are not merged from layers."""
    profile_source = "ECOVAI_PROFILE" if flags.profile is None else "--profile"
    return {
        "profile": DEFAULT if profile is None else profile_source,
        "base_url": pair.base_url_source,
        "api_key": pair.key_source,
        "watchlist": DEFAULT if flags.watchlist is None else "--watchlist",
        "log": DEFAULT if flags.log is None else "--log",
    }


def _credentials(table: SettingsTable, place: str) -> Credentials:
    way = "api_key" if table.api_key is not None else "api_key_command"
    return Credentials(
        base_url=table.base_url,
        api_key=table.api_key,
        api_key_command=table.api_key_command or (),
        base_url_source=place,
        key_source=tr("{way} in {place}", way=way, place=place),
    )


def _profile_table(file: SettingsFile, profile: str | None) -> SettingsTable:
    return SettingsTable() if profile is None else file.profiles.get(profile, SettingsTable())


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
) -> tuple[str | None, str, tuple[str, ...]]:
    """Return the profile, the gateway's origin, and the columns of its lists; for these no key is needed.

    Raises SettingsError for whatever is wrong with the settings file, and for a profile that nobody knows.
    """
    found = read_configured(flags, environment, paths, find_key_rules)
    faults = list(found.faults)
    base_url = attempt(lambda: clean_address(found.chosen), faults)
    if base_url is None or faults:
        raise SettingsError(*faults)
    layers = settings_layers(flags, environment, found.file, found.profile)
    return found.profile, origin(base_url), layers.pick("columns", lambda table: table.columns, ())


def _unknown_profile(profile: str, file: SettingsFile) -> str:
    known = [name for name in file.profiles if not could_be_key(name)]
    told = tr(
        "There is no [profiles.{profile}] in {file}, and the environment does not give both ECOVAI_BASE_URL and "
        "ECOVAI_API_KEY.",
        profile=shown_name(profile),
        file=shown_path(file.path),
    )
    return sentences(told, suggestion(profile, known))


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
    commands: Mapping[str, str]
    ca_file: Path | None
    allow_http: bool
    notify: Notify
    language: str
    mouse: bool
    ascii: bool | None
    slow_link: bool
    pictures: Pictures | None
    """How saved pictures are shown; None for as the terminal can, wherever that is cheap."""
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
    flags: Flags, environment: Mapping[str, str], paths: Paths, find_key_rules: Callable[[], KeyRules] | None = None
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
        commands=layers.merged("commands", lambda table: table.commands),
        ca_file=layers.pick("ca_file", lambda table: table.ca_file, None),
        allow_http=layers.pick("allow_http", lambda table: table.allow_http, default=False),
        notify=layers.pick("notify", lambda table: table.notify, DEFAULT_NOTIFY),
        language=layers.pick("language", lambda table: table.language, "auto"),
        mouse=layers.pick("mouse", lambda table: table.mouse, default=True),
        ascii=layers.pick("ascii", lambda table: table.ascii, None),
        slow_link=layers.pick("slow_link", lambda table: table.slow_link, default=False),
        pictures=layers.pick("pictures", lambda table: table.pictures, None),
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
