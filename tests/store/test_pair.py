"""The pair rule: which address goes with which key, in every combination of what can be given."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.settings import Flags, Settings, load_settings, read_gateway

if TYPE_CHECKING:
    from ecovai_tui.store.files import Paths

NOTHING, ADDRESS, KEY, BOTH = "nothing", "address", "key", "both"
GIVEN = (NOTHING, ADDRESS, KEY, BOTH)
NO_PROFILE, BY_FLAG, BY_VARIABLE = "no profile", "--profile", "ECOVAI_PROFILE"
URLS = {name: f"https://{name}.example" for name in ("flag", "environment", "profile", "top")}
DEFAULT_URL = "https://api.ecovai.cn"
ERROR = ("error", "error")


def lines(owner: str, given: str) -> str:
    address = f'base_url = "{URLS[owner]}"\n' if given in {ADDRESS, BOTH} else ""
    key = f'api_key = "sk-of-{owner}"\n' if given in {KEY, BOTH} else ""
    return address + key


def said(*, flag: bool, environment: str, named: str, **_in_the_file: str) -> tuple[Flags, dict[str, str]]:
    """Return what stands on the command line and in the environment."""
    variables = {}
    if environment in {ADDRESS, BOTH}:
        variables["ECOVAI_BASE_URL"] = URLS["environment"]
    if environment in {KEY, BOTH}:
        variables["ECOVAI_API_KEY"] = "sk-of-environment"
    if named == BY_VARIABLE:
        variables["ECOVAI_PROFILE"] = "work"
    return Flags(profile="work" if named == BY_FLAG else None, base_url=URLS["flag"] if flag else None), variables


def load(paths: Paths, *, flag: bool, environment: str, named: str, profile: str, top: str) -> Settings:
    paths.config_dir.mkdir(exist_ok=True)
    text = lines("top", top) + "[profiles.work]\ninterval = 7\n" + lines("profile", profile)
    paths.config_file.write_text(text)
    paths.config_file.chmod(0o600)
    flags, variables = said(flag=flag, environment=environment, named=named)
    return load_settings(flags, variables, paths)


def owners(settings: Settings) -> tuple[str, str]:
    names = {url: name for name, url in URLS.items()} | {DEFAULT_URL: "default"}
    key = "none" if settings.api_key is None else settings.api_key.reveal().removeprefix("sk-of-")
    return names[settings.base_url], key


TABLE = [
    # flag, environment, named by, profile, top, whose address and whose key
    (False, NOTHING, NO_PROFILE, NOTHING, NOTHING, ("default", "none")),
    (False, NOTHING, NO_PROFILE, NOTHING, ADDRESS, ("top", "none")),
    (False, NOTHING, NO_PROFILE, NOTHING, KEY, ("default", "top")),
    (False, NOTHING, NO_PROFILE, NOTHING, BOTH, ("top", "top")),
    (False, KEY, NO_PROFILE, NOTHING, NOTHING, ("default", "environment")),
    (False, KEY, NO_PROFILE, NOTHING, ADDRESS, ("top", "environment")),
    (False, KEY, NO_PROFILE, NOTHING, BOTH, ("top", "environment")),
    (False, BOTH, NO_PROFILE, NOTHING, BOTH, ("environment", "environment")),
    (False, ADDRESS, NO_PROFILE, NOTHING, NOTHING, ERROR),
    (False, ADDRESS, NO_PROFILE, NOTHING, KEY, ERROR),
    (False, ADDRESS, NO_PROFILE, NOTHING, BOTH, ERROR),
    (False, NOTHING, NO_PROFILE, BOTH, BOTH, ("top", "top")),
    (True, NOTHING, NO_PROFILE, NOTHING, NOTHING, ERROR),
    (True, NOTHING, NO_PROFILE, NOTHING, BOTH, ERROR),
    (True, NOTHING, BY_FLAG, BOTH, BOTH, ERROR),
    (True, ADDRESS, NO_PROFILE, NOTHING, BOTH, ERROR),
    (True, KEY, NO_PROFILE, NOTHING, BOTH, ("flag", "environment")),
    (True, BOTH, NO_PROFILE, NOTHING, BOTH, ("flag", "environment")),
    (True, KEY, BY_FLAG, BOTH, BOTH, ("flag", "environment")),
    (True, KEY, BY_VARIABLE, BOTH, BOTH, ("flag", "environment")),
    *(
        (False, NOTHING, named, profile, BOTH, expected)
        for named in (BY_FLAG, BY_VARIABLE)
        for profile, expected in (
            (NOTHING, ("top", "top")),
            (ADDRESS, ("profile", "none")),
            (KEY, ("top", "profile")),
            (BOTH, ("profile", "profile")),
        )
    ),
    (False, KEY, BY_FLAG, NOTHING, BOTH, ("top", "environment")),
    (False, KEY, BY_FLAG, ADDRESS, BOTH, ("profile", "none")),
    (False, KEY, BY_FLAG, KEY, BOTH, ("top", "profile")),
    (False, KEY, BY_FLAG, BOTH, BOTH, ("profile", "profile")),
    (False, KEY, BY_VARIABLE, NOTHING, BOTH, ("top", "environment")),
    (False, KEY, BY_VARIABLE, ADDRESS, BOTH, ("profile", "none")),
    (False, KEY, BY_VARIABLE, KEY, BOTH, ("top", "environment")),
    (False, KEY, BY_VARIABLE, BOTH, BOTH, ("profile", "profile")),
    (False, ADDRESS, BY_FLAG, NOTHING, BOTH, ERROR),
    (False, ADDRESS, BY_FLAG, ADDRESS, BOTH, ("profile", "none")),
    (False, ADDRESS, BY_FLAG, KEY, BOTH, ("top", "profile")),
    (False, ADDRESS, BY_FLAG, BOTH, BOTH, ("profile", "profile")),
    *((False, ADDRESS, BY_VARIABLE, profile, BOTH, ERROR) for profile in GIVEN),
    (False, BOTH, BY_FLAG, NOTHING, BOTH, ("environment", "environment")),
    (False, BOTH, BY_FLAG, ADDRESS, BOTH, ("profile", "none")),
    (False, BOTH, BY_FLAG, KEY, BOTH, ("top", "profile")),
    (False, BOTH, BY_FLAG, BOTH, BOTH, ("profile", "profile")),
    *((False, BOTH, BY_VARIABLE, profile, BOTH, ("environment", "environment")) for profile in GIVEN),
]


@pytest.mark.parametrize(("flag", "environment", "named", "profile", "top", "expected"), TABLE)
def test_address_and_key_come_from_one_source(
    *, paths: Paths, flag: bool, environment: str, named: str, profile: str, top: str, expected: tuple[str, str]
) -> None:
    if expected == ERROR:
        with pytest.raises(SettingsError, match="no key comes with it"):
            load(paths, flag=flag, environment=environment, named=named, profile=profile, top=top)
        return
    settings = load(paths, flag=flag, environment=environment, named=named, profile=profile, top=top)
    assert owners(settings) == expected


def allowed_addresses(key: str, named: str, profile: str) -> set[str]:
    """Where the key of each owner may go at most, told in another way than the program tells it."""
    own_gateway = named != NO_PROFILE and profile in {ADDRESS, BOTH}
    if key == "profile":
        return {"profile"} if own_gateway else {"top", "default"}
    if key == "environment":
        return {"flag", "environment"} | (set() if own_gateway else {"top", "default"})
    return {"top", "default"}


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("named", [NO_PROFILE, BY_FLAG, BY_VARIABLE])
def test_in_no_combination_does_a_key_go_astray(paths: Paths, flag: bool, named: str) -> None:
    sent, refused = 0, 0
    for environment, profile, top in product(GIVEN, GIVEN, GIVEN):
        try:
            settings = load(paths, flag=flag, environment=environment, named=named, profile=profile, top=top)
        except SettingsError:
            assert flag or environment == ADDRESS
            refused += 1
            continue
        address, key = owners(settings)
        if key != "none":
            assert address in allowed_addresses(key, named, profile), (environment, profile, top)
            sent += 1
    assert sent > 0
    assert refused > 0


@pytest.mark.parametrize(
    ("environment", "named", "profile", "top", "address_source", "key_source"),
    [
        (NOTHING, NO_PROFILE, NOTHING, NOTHING, "default", "not given"),
        (KEY, NO_PROFILE, NOTHING, NOTHING, "default", "ECOVAI_API_KEY"),
        (NOTHING, NO_PROFILE, NOTHING, BOTH, "config.toml", "api_key in config.toml"),
        (BOTH, NO_PROFILE, NOTHING, BOTH, "ECOVAI_BASE_URL", "ECOVAI_API_KEY"),
        (
            NOTHING,
            BY_FLAG,
            BOTH,
            BOTH,
            "config.toml [profiles.work]",
            "api_key in config.toml [profiles.work]",
        ),
        (NOTHING, BY_FLAG, KEY, ADDRESS, "config.toml", "api_key in config.toml [profiles.work]"),
        (KEY, BY_FLAG, ADDRESS, BOTH, "config.toml [profiles.work]", "not given"),
    ],
)
def test_the_sources_of_the_pair_are_known(
    *, paths: Paths, environment: str, named: str, profile: str, top: str, address_source: str, key_source: str
) -> None:
    settings = load(paths, flag=False, environment=environment, named=named, profile=profile, top=top)
    assert (settings.sources["base_url"], settings.sources["api_key"]) == (address_source, key_source)


def test_a_command_is_as_good_as_a_key(paths: Paths) -> None:
    paths.config_dir.mkdir()
    paths.config_file.write_text(
        'base_url = "https://top.example"\napi_key_command = "pass show top"\n'
        '[profiles.work]\nbase_url = "https://profile.example"\napi_key_command = "pass show \'my work\'"\n'
    )
    assert load_settings(Flags(), {}, paths).api_key_command == ("pass", "show", "top")
    work = load_settings(Flags(profile="work"), {}, paths)
    assert work.api_key_command == ("pass", "show", "my work")
    assert work.sources["api_key"] == "api_key_command in config.toml [profiles.work]"


def test_a_key_of_the_environment_puts_the_command_of_the_file_aside(paths: Paths) -> None:
    paths.config_dir.mkdir()
    paths.config_file.write_text('api_key_command = "pass show top"\n')
    settings = load_settings(Flags(), {"ECOVAI_API_KEY": "sk-of-environment"}, paths)
    assert settings.api_key_command == ()
    assert settings.api_key is not None


def test_a_profile_need_not_stand_in_the_file_when_the_environment_gives_the_pair(paths: Paths) -> None:
    pair = {"ECOVAI_BASE_URL": "http://127.0.0.1:8080", "ECOVAI_API_KEY": "sk-sim-1"}
    for flags, environment in (
        (Flags(profile="simulator"), pair),
        (Flags(), pair | {"ECOVAI_PROFILE": "simulator"}),
        (Flags(profile="simulator", base_url="https://flag.example"), {"ECOVAI_API_KEY": "sk-sim-1"}),
    ):
        assert load_settings(flags, environment, paths).profile == "simulator"


@pytest.mark.parametrize("environment", [{}, {"ECOVAI_API_KEY": "sk-1"}])
def test_a_profile_that_stands_nowhere_is_an_error_that_names_the_nearest(
    paths: Paths, environment: dict[str, str]
) -> None:
    paths.config_dir.mkdir()
    paths.config_file.write_text("[profiles.work]\ninterval = 7\n")
    with pytest.raises(SettingsError, match=r"no \[profiles\.wrok\] in .*config\.toml.*Did you mean work\?"):
        load_settings(Flags(profile="wrok"), environment, paths)


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("named", [NO_PROFILE, BY_FLAG, BY_VARIABLE])
def test_commands_that_ask_nobody_show_the_gateway_that_would_be_asked(paths: Paths, flag: bool, named: str) -> None:
    for environment, profile, top in product(GIVEN, GIVEN, GIVEN):
        given = {"flag": flag, "environment": environment, "named": named, "profile": profile, "top": top}
        try:
            asked = load(paths, **given).base_url
        except SettingsError:
            asked = URLS["flag" if flag else "environment"]  # for want of a key, which nobody needs who only looks
        flags, variables = said(**given)
        assert read_gateway(flags, variables, paths)[:2] == (None if named == NO_PROFILE else "work", asked), given


@pytest.mark.parametrize(
    ("variables", "known"),
    [
        ({}, False),
        ({"ECOVAI_API_KEY": "sk-1"}, False),
        ({"ECOVAI_BASE_URL": "https://gateway.example"}, False),
        ({"ECOVAI_BASE_URL": "https://gateway.example", "ECOVAI_API_KEY": "sk-1"}, True),
    ],
)
@pytest.mark.parametrize("by_flag", [False, True])
def test_also_who_asks_nobody_must_know_the_profile(
    paths: Paths, variables: dict[str, str], known: bool, by_flag: bool
) -> None:
    flags = Flags(profile="simulator" if by_flag else None)
    variables = variables if by_flag else {**variables, "ECOVAI_PROFILE": "simulator"}
    if known:
        assert read_gateway(flags, variables, paths)[:2] == ("simulator", "https://gateway.example")
        return
    with pytest.raises(SettingsError, match=r"There is no \[profiles\.simulator\]"):
        read_gateway(flags, variables, paths)
