from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import tomli_w
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.settings import Flags, SettingLine, Settings, describe_key, describe_settings, load_settings
from ecovai_tui.store.settings_file import KeyRules, read_settings_file
from ecovai_tui.tasks.text import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecovai_tui.store.files import Paths

KEY = "sk-AbCdEf0123456789"


def write(paths: Paths, text: str | bytes, mode: int = 0o600) -> None:
    paths.config_dir.mkdir(exist_ok=True)
    paths.config_file.write_bytes(text.encode() if isinstance(text, str) else text)
    paths.config_file.chmod(mode)


def load(paths: Paths, text: str = "", flags: Flags | None = None, **environment: str) -> Settings:
    write(paths, text)
    return load_settings(flags or Flags(), environment, paths)


def refusal(paths: Paths, text: str | bytes, flags: Flags | None = None, **environment: str) -> str:
    write(paths, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(flags or Flags(), environment, paths)
    return str(caught.value)


def test_without_a_file_everything_has_its_default(paths: Paths) -> None:
    settings = load_settings(Flags(), {}, paths)
    assert (settings.base_url, settings.interval, settings.max_requests_per_minute) == ("https://api.ecovai.cn", 5, 30)
    assert (settings.api_key, settings.theme, settings.ascii, settings.slow_link) == (None, None, None, False)
    assert (settings.notify, settings.mouse, settings.allow_http, dict(settings.keys)) == ("bell", True, False, {})
    assert settings.watchlist == paths.watchlist(None)
    assert set(settings.sources.values()) == {"default", "not given"}
    assert not paths.config_dir.exists()


def test_the_sample_of_the_documentation_is_read(paths: Paths) -> None:
    text = """
        base_url = "https://api.ecovai.cn"
        api_key_command = "pass show ecovai"     # or ECOVAI_API_KEY, or api_key here in a file of mode 0600
        interval = 5
        theme = "ecovai-dark"
        [keys]
        refresh = "r,f5"
        [profiles.work]
        base_url = "https://gateway.example"
        api_key_command = "pass show work"
    """
    settings = load(paths, text)
    assert settings.api_key_command == ("pass", "show", "ecovai")
    assert (settings.theme, dict(settings.keys)) == ("ecovai-dark", {"refresh": "r,f5"})
    work = load(paths, text, Flags(profile="work"))
    assert (work.base_url, work.api_key_command) == ("https://gateway.example", ("pass", "show", "work"))
    assert (work.theme, work.watchlist) == ("ecovai-dark", paths.watchlist("work"))


def test_every_setting_can_be_given_in_the_file(paths: Paths) -> None:
    (paths.config_dir / "certificates").mkdir(parents=True)
    (paths.config_dir / "certificates" / "own.pem").write_text("")
    settings = load(
        paths,
        f"""
        base_url = "http://gateway.lan:3000/v1/"
        api_key = "Bearer {KEY}"
        interval = 7.5
        max_requests_per_minute = 12
        theme = "paper"
        ca_file = "certificates/own.pem"
        allow_http = true
        notify = "desktop"
        mouse = false
        ascii = true
        slow_link = false
        """,
    )
    assert settings.api_key is not None
    assert settings.api_key.reveal() == KEY
    assert (settings.base_url, settings.interval, settings.max_requests_per_minute) == (
        "http://gateway.lan:3000",
        7.5,
        12,
    )
    assert settings.ca_file == paths.config_dir / "certificates" / "own.pem"
    assert (settings.notify, settings.mouse, settings.ascii, settings.slow_link) == ("desktop", False, True, False)


FILE = 'theme = "file"\ninterval = 11\n'
PROFILE = '[profiles.work]\ntheme = "profile"\ninterval = 12\n'


@pytest.mark.parametrize(
    ("text", "flags", "environment", "theme", "source"),
    [
        ("", Flags(), {}, None, "default"),
        (FILE, Flags(), {}, "file", "config.toml"),
        (FILE + PROFILE, Flags(), {}, "file", "config.toml"),
        (FILE + PROFILE, Flags(profile="work"), {}, "profile", "config.toml [profiles.work]"),
        (FILE + PROFILE, Flags(), {"ECOVAI_PROFILE": "work"}, "profile", "config.toml [profiles.work]"),
        (FILE + PROFILE, Flags(profile="work"), {"ECOVAI_THEME": "variable"}, "variable", "ECOVAI_THEME"),
        (FILE + PROFILE, Flags(profile="work", theme="flag"), {"ECOVAI_THEME": "variable"}, "flag", "--theme"),
        (FILE, Flags(), {"ECOVAI_THEME": ""}, "file", "config.toml"),
    ],
)
def test_flags_outrank_environment_outranks_profile_outranks_file(
    *, paths: Paths, text: str, flags: Flags, environment: dict[str, str], theme: str | None, source: str
) -> None:
    settings = load(paths, text, flags, **environment)
    assert (settings.theme, settings.sources["theme"]) == (theme, source)


@pytest.mark.parametrize(
    ("flags", "interval", "source"),
    [
        (Flags(), 11, "config.toml"),
        (Flags(profile="work"), 12, "config.toml [profiles.work]"),
        (Flags(profile="work", interval=13), 13, "--interval"),
    ],
)
def test_the_interval_follows_the_same_order(paths: Paths, flags: Flags, interval: float, source: str) -> None:
    settings = load(paths, FILE + PROFILE, flags)
    assert (settings.interval, settings.sources["interval"]) == (interval, source)


def test_switches_of_the_command_line_outrank_the_file_and_leave_it_alone_when_not_given(paths: Paths) -> None:
    text = "mouse = true\nascii = false\nslow_link = false\n"
    settings = load(paths, text, Flags(no_mouse=True, ascii=True, slow_link=True))
    assert (settings.mouse, settings.ascii, settings.slow_link) == (False, True, True)
    assert settings.sources["mouse"] == "--no-mouse"
    settings = load(paths, text)
    assert (settings.mouse, settings.ascii, settings.slow_link) == (True, False, False)
    assert settings.sources["ascii"] == "config.toml"


def test_keys_of_a_profile_are_laid_over_those_of_the_file(paths: Paths) -> None:
    text = '[keys]\nrefresh = "f5"\nquit = "Q"\n[profiles.work.keys]\nrefresh = "f6"\npause = ""\n'
    assert dict(load(paths, text).keys) == {"refresh": "f5", "quit": "Q"}
    settings = load(paths, text, Flags(profile="work"))
    assert dict(settings.keys) == {"refresh": "f6", "quit": "Q", "pause": ""}
    assert settings.sources["keys"] == "config.toml [profiles.work], config.toml"


def test_watch_list_and_log_of_the_command_line_are_carried(paths: Paths) -> None:
    settings = load(paths, "", Flags(watchlist=Path("my.toml"), log=Path("my.log")))
    assert (settings.watchlist, settings.log) == (Path("my.toml"), Path("my.log"))
    assert (settings.sources["watchlist"], settings.sources["log"]) == ("--watchlist", "--log")


def test_settings_cannot_be_changed(paths: Paths) -> None:
    settings = load(paths, '[keys]\nrefresh = "f5"\n')
    with pytest.raises(AttributeError):
        settings.theme = "other"  # type: ignore[misc]  # that it is refused is what is tested
    with pytest.raises(TypeError):
        settings.keys["refresh"] = "x"  # type: ignore[index]  # as above


def test_every_setting_has_a_source(paths: Paths) -> None:
    settings = load_settings(Flags(), {}, paths)
    described = set(Settings._fields) - {"sources", "config_file", "api_key_command"}
    assert set(settings.sources) == described


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('base_ulr = "x"', 'there is no setting "base_ulr". Did you mean base_url?'),
        ("intervall = 5", 'there is no setting "intervall". Did you mean interval?'),
        ('api-key = "x"', 'there is no setting "api-key". Did you mean api_key?'),
        ('Theme = "x"', 'there is no setting "Theme". Did you mean theme?'),
        ("qqqq = 1", 'there is no setting "qqqq". Known are: allow_http, api_key'),
        ("[profile.work]\n", 'there is no setting "profile". Did you mean profiles?'),
        ("[profiles.work]\nintervall = 5", '[profiles.work]: there is no setting "intervall". Did you mean interval?'),
        ("[profiles.work.profiles.x]\n", '[profiles.work]: there is no setting "profiles"'),
        ("[profiles.Work]\n", 'The profile name "Work" cannot be used'),
        ("profiles = 1", "profiles must be tables such as [profiles.work]"),
        ("[profiles]\nwork = 1", "must be tables such as [profiles.work]"),
        ("base_url = 5", "base_url must be a text in quotes; it is a whole number"),
        ('base_url = ""', "base_url must be a text in quotes; it is empty"),
        ('base_url = "api.ecovai.cn"', "must begin with https://"),
        ("api_key = 5", "api_key must be a text in quotes; it is a whole number"),
        ('api_key = ""', "is empty"),
        ('api_key_command = ["pass"]', "api_key_command must be a text in quotes; it is a list"),
        ('api_key_command = "pass \'show"', "a quotation in it is not closed"),
        ("api_key_command = \"''\"", "it names no program"),
        ('api_key = "x"\napi_key_command = "y"', "exclude each other"),
        ('interval = "5"', "interval must be a number of seconds; it is a text"),
        ("interval = true", "interval must be a number of seconds; it is true or false"),
        ("interval = 1.9", "interval must be a number of seconds from 2 to 3600"),
        ("interval = -5", "interval must be a number of seconds from 2 to 3600"),
        ("interval = nan", "interval must be a number of seconds from 2 to 3600"),
        ("interval = inf", "interval must be a number of seconds from 2 to 3600"),
        (f"interval = 1{'0' * 400}", "interval must be a number of seconds from 2 to 3600"),
        ("interval = 2024-05-20", "interval must be a number of seconds; it is a date or a time"),
        ("max_requests_per_minute = 0", "max_requests_per_minute must be a whole number from 1 to 30"),
        ("max_requests_per_minute = 31", "max_requests_per_minute must be a whole number from 1 to 30"),
        ("max_requests_per_minute = 2.5", "from 1 to 30; it is a number"),
        ("mouse = 1", "mouse must be true or false; it is a whole number"),
        ('allow_http = "yes"', "allow_http must be true or false; it is a text"),
        ('notify = "loud"', 'notify must be one of "off", "bell", "desktop"; it is another text'),
        ("notify = true", 'notify must be one of "off", "bell", "desktop"; it is true or false'),
        ("theme = {}", "theme must be a text in quotes; it is a table"),
        ("keys = []", "keys must be a table; it is a list"),
        ("[keys]\nrefresh = 5", '[keys]: refresh must be a text such as "r,f5"; it is a whole number'),
        ('ca_file = "nowhere.pem"', "nowhere.pem, which ca_file in config.toml names"),
        ('ca_file = "~nobody-of-this-name/x.pem"', "which ca_file in config.toml names"),
        ('base_url = "http://gateway.example"', "plain http"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_file_setting_and_expectation(
    paths: Paths, text: str, sentence: str
) -> None:
    told = refusal(paths, text)
    assert sentence in told
    assert "config.toml" in told or "profile name" in told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("theme = \n", "line 1, column 9"),
        ('theme = "dark"\ninterval = = 5\n', "line 2, column 12"),
        ('theme = "dark\n', "line 1, column 14"),
        ("[keys]\n[keys]\n", "line 2, column 6"),
        ("interval = 5\ninterval = 6\n", "line 2, column 13"),
        ("theme", "end of document"),
        (b'theme = "dark"\n# \xff\n', "line 2"),
        ("keys = " + "[" * 5000, "this is not TOML"),
        ("interval = " + "1" * 5000, "this is not TOML"),
    ],
)
def test_malformed_toml_is_told_with_file_and_line_and_left_alone(paths: Paths, text: str | bytes, place: str) -> None:
    told = refusal(paths, text)
    assert str(paths.config_file) in told
    assert place in told
    assert paths.config_file.read_bytes() == (text.encode() if isinstance(text, str) else text)


def test_a_mark_of_byte_order_that_an_editor_left_is_no_error(paths: Paths) -> None:
    write(paths, b'\xef\xbb\xbftheme = "dark"\r\n')
    assert load_settings(Flags(), {}, paths).theme == "dark"


def check_keys(keys: Mapping[str, str], below: Mapping[str, str]) -> list[str]:
    """Find a fault in the key "bad", and one where the same key stands in both tables."""
    return [f"{name} = bad" for name, key in keys.items() if key == "bad"] + [
        f"{key} twice" for key in {*keys.values()} & {*below.values()} if key != "bad"
    ]


RULES = KeyRules(frozenset({"refresh", "zoom", "theme"}), check_keys)
FAULTS = {
    'base_ulr = "x"': ('config.toml: there is no setting "base_ulr". Did you mean base_url?',),
    'api_key = "a b"': ("cannot be a key",),
    "interval = 1": ("config.toml: interval must be a number of seconds from 2",),
    "mouse = 1": ("config.toml: mouse must be true or false",),
    'notify = "loud"': ("config.toml: notify must be one of",),
    'base_url = "http://gateway.example"\nallow_http = "yes"': ("config.toml: allow_http must be true or false",),
    'ca_file = "nowhere.pem"': ("There is no file",),
    'refresh = "r"': ('there is no setting "refresh". It is an action: did it mean to stand under [keys]?',),
    '[keys]\nbase_url = "x"\ninterval = 5\nrefersh = "r"\nzoom = 5\nrefresh = "bad"': (
        'config.toml [keys]: there is no action "base_url". It is a setting: did it mean to stand above the tables?',
        'config.toml [keys]: there is no action "interval". It is a setting: did it mean to stand above the tables?',
        'config.toml [keys]: there is no action "refersh". Did you mean refresh?',
        'config.toml [keys]: zoom must be a text such as "r,f5"; it is a whole number',
        "config.toml [keys]: refresh = bad",
    ),
    '[profiles.Work]\nslow_link = "no"': (
        'The profile name "Work" cannot be used',
        "[profiles.Work]: slow_link must be",
    ),
    '[profiles.other]\nrefresh = "r"\n[profiles.other.keys]\nbase-url = "x"\nzoom = "bad"': (
        'there is no setting "refresh". It is an action: did it mean to stand under [profiles.other.keys]?',
        "Did you mean base_url, and to stand under [profiles.other], above [profiles.other.keys]?",
        "[profiles.other.keys]: zoom = bad",
    ),
    "[profiles.keys]\nzoom = 1": ('[profiles.keys]: there is no setting "zoom"',),
}
"""What can be wrong with a settings file, in the order in which TOML lets it stand, and what is told of it."""


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(chosen=st.sets(st.sampled_from(list(FAULTS)), min_size=1))
def test_all_faults_of_the_settings_are_told_at_once_each_with_its_place(paths: Paths, chosen: set[str]) -> None:
    texts = [text for text in FAULTS if text in chosen]
    write(paths, "\n".join(texts))
    with pytest.raises(SettingsError) as caught:
        load_settings(Flags(), {}, paths, lambda: RULES)
    expected = [words for text in texts for words in FAULTS[text]]
    assert len(caught.value.faults) == len(expected), caught.value
    assert [words for words in expected if words not in str(caught.value)] == []


def test_faults_of_flags_environment_and_file_are_told_together(paths: Paths) -> None:
    write(paths, "mouse = 1\n[profiles.work]\n")
    flags = Flags(profile="wrok", interval=0.5, base_url="gateway")
    with pytest.raises(SettingsError) as caught:
        load_settings(flags, {"ECOVAI_API_KEY": "a b"}, paths)
    for words in (
        "mouse must be",
        "--interval must be",
        "(from --base-url) must begin",
        "ECOVAI_API_KEY cannot be a key",
    ):
        assert words in str(caught.value)
    assert "Did you mean work?" in refusal(paths, "mouse = 1\n[profiles.work]\n", Flags(profile="wrok"))


def test_keys_of_a_profile_are_checked_as_they_lie_over_those_of_the_file(paths: Paths) -> None:
    write(paths, '[keys]\nzoom = "f5"\n[profiles.work.keys]\nrefresh = "f5"\n')
    with pytest.raises(SettingsError, match=r"\[profiles\.work\.keys\]: f5 twice"):
        load_settings(Flags(), {}, paths, lambda: RULES)


def test_the_rules_of_keys_are_not_asked_for_where_there_are_none(paths: Paths) -> None:
    def find() -> NoReturn:
        raise AssertionError

    write(paths, "mouse = true\n[profiles.work]\ninterval = 5\n")
    assert load_settings(Flags(), {}, paths, find).mouse


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ECOVAI_THEME", '"paper"\r'),
        ("ECOVAI_PROFILE", "'work'"),
        ("ECOVAI_PROFILE", "work\r"),
        ("ECOVAI_BASE_URL", '"https://quoted.example"'),
    ],
)
def test_what_files_of_variables_leave_on_a_variable_is_taken_off(paths: Paths, name: str, text: str) -> None:
    write(paths, '[profiles.work]\ntheme = "paper"\n')
    settings = load_settings(Flags(), {"ECOVAI_API_KEY": f'"{KEY}"\r', name: text}, paths)
    assert settings.api_key == Secret(KEY)
    assert {settings.theme, settings.profile, settings.base_url} & {"paper", "work", "https://quoted.example"}


def test_a_mistake_in_a_profile_that_is_not_used_is_told_as_well(paths: Paths) -> None:
    assert "[profiles.other]" in refusal(paths, "[profiles.other]\nmouse = 1\n[profiles.work]\n", Flags(profile="work"))


@pytest.mark.parametrize("interval", [0.0, 1.99, -1.0, float("nan"), float("inf")])
def test_an_interval_of_the_command_line_is_checked_too(paths: Paths, interval: float) -> None:
    assert "--interval must be a number of seconds from 2" in refusal(paths, "", Flags(interval=interval))


def test_a_gateway_of_the_environment_is_checked_too(paths: Paths) -> None:
    told = refusal(paths, "", ECOVAI_BASE_URL="gateway.example", ECOVAI_API_KEY=KEY)
    assert "base_url (from ECOVAI_BASE_URL) must begin with https://" in told


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o666])
def test_a_key_in_a_file_that_others_may_read_is_refused_with_the_remedy(paths: Paths, mode: int) -> None:
    for text in (f'api_key = "{KEY}"\n', f'[profiles.other]\napi_key = "{KEY}"\n'):
        write(paths, text, mode)
        with pytest.raises(SettingsError, match=rf"mode {mode:04o}.*chmod 600 .*config\.toml") as caught:
            load_settings(Flags(), {}, paths)
        assert KEY not in str(caught.value)


@pytest.mark.parametrize(("text", "mode"), [(f'api_key = "{KEY}"', 0o600), (f'api_key = "{KEY}"', 0o400), ("", 0o644)])
def test_a_private_file_or_one_without_a_key_is_well(paths: Paths, text: str, mode: int) -> None:
    write(paths, text, mode)
    assert load_settings(Flags(), {}, paths).has_key is bool(text)


def test_a_link_is_judged_by_the_file_it_leads_to(paths: Paths, tmp_path: Path, files_with_key: set[Path]) -> None:
    target = tmp_path / "dotfiles.toml"
    files_with_key.add(target)
    target.write_text(f'api_key = "{KEY}"\n')
    target.chmod(0o644)
    paths.config_dir.mkdir()
    paths.config_file.symlink_to(target)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(Flags(), {}, paths)


@pytest.mark.parametrize(("code", "sentence"), [(errno.EACCES, "permission denied"), (errno.EIO, "disk reports")])
def test_a_file_that_cannot_be_read_is_told(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, code: int, sentence: str
) -> None:
    def fail(*arguments: object, **options: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        with pytest.raises(SettingsError, match=rf"Cannot read .*config\.toml: .*{sentence}"):
            load_settings(Flags(), {}, paths)


def test_a_directory_in_the_place_of_the_file_is_told(paths: Paths) -> None:
    paths.config_file.mkdir(parents=True)
    with pytest.raises(SettingsError, match="this is a directory"):
        load_settings(Flags(), {}, paths)


def described(settings: Settings) -> dict[str, SettingLine]:
    return {line.name: line for line in describe_settings(settings)}


def test_the_report_tells_value_and_source_of_each_setting_and_never_the_key(paths: Paths) -> None:
    settings = load(paths, 'interval = 7\n[keys]\nrefresh = "r,f5"\n', Flags(theme="paper"), ECOVAI_API_KEY=KEY)
    lines = described(settings)
    assert lines["api_key"] == SettingLine("api_key", "set (from ECOVAI_API_KEY)", "ECOVAI_API_KEY")
    assert lines["interval"] == SettingLine("interval", "7", "config.toml")
    assert lines["theme"] == SettingLine("theme", "paper", "--theme")
    assert lines["keys"] == SettingLine("keys", "refresh = r,f5", "config.toml")
    assert lines["mouse"] == SettingLine("mouse", "yes", "default")
    assert lines["ascii"] == SettingLine("ascii", "automatic", "default")
    assert lines["log"] == SettingLine("log", "none", "default")
    assert KEY not in str(lines)


def test_the_report_of_a_key_command_does_not_show_the_command(paths: Paths) -> None:
    lines = described(load(paths, f'api_key_command = "echo {KEY}"\n'))
    assert lines["api_key"].value == "set (from api_key_command in config.toml)"
    assert KEY not in str(lines)


def test_the_report_says_when_there_is_no_key(paths: Paths) -> None:
    assert described(load(paths))["api_key"].value == "not set"


ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(allow_nan=True),
    st.sampled_from(
        [KEY, f"Bearer {KEY} {KEY}", f"{KEY}\n", f"https://x:{KEY}@host", f"'{KEY}", f"{KEY}é", "work", ""]
    ),
    st.lists(st.just(KEY), max_size=2),
    st.dictionaries(st.sampled_from(["base_url", "api_key", KEY, "x"]), st.just(KEY), max_size=2),
)
NAMES = st.sampled_from(
    ["base_url", "api_key", "api_key_command", "interval", "theme", "notify", "keys", "profiles", "url", "ca_file", KEY]
)


def without_none(table: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in table.items() if value is not None}


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    table=st.dictionaries(NAMES, ANY_VALUE, max_size=4),
    profile=st.dictionaries(NAMES, ANY_VALUE, max_size=3),
    base_url=st.sampled_from([None, "https://x.example", f"https://{KEY}@x.example", f"https://x/?{KEY}", KEY]),
    variable=st.sampled_from([None, KEY, f"{KEY} {KEY}", f"Bearer\t{KEY}\x00"]),
    mode=st.sampled_from([0o600, 0o644]),
    rest=st.sampled_from(["", f"{KEY}\n", f'"{KEY}" = 1\n"{KEY}" = 2\n', f"[{KEY}]\n[{KEY}]\n", f'x = "{KEY}\n']),
)
def test_no_settings_error_ever_contains_the_key(
    *,
    paths: Paths,
    table: dict[str, object],
    profile: dict[str, object],
    base_url: str | None,
    variable: str | None,
    mode: int,
    rest: str,
) -> None:
    document = {**without_none(table), "profiles": table.get("profiles") or {"work": without_none(profile)}}
    write(paths, rest + tomli_w.dumps(document), mode)
    environment = without_none({"ECOVAI_BASE_URL": base_url, "ECOVAI_API_KEY": variable})
    for flags in (Flags(), Flags(profile="work"), Flags(base_url=base_url)):
        try:
            settings = load_settings(flags, {name: str(value) for name, value in environment.items()}, paths)
        except SettingsError as error:
            told = str(error)
        else:
            told = f"{settings.api_key!r} {describe_key(settings)}"
        assert KEY not in told


@pytest.mark.parametrize(
    ("name", "expected"), [("refersh", "refresh"), ("FOLLOW", "follow"), ("slow-link", "slow_link"), ("zzz", None)]
)
def test_the_nearest_known_name_is_found(name: str, expected: str | None) -> None:
    assert nearest(name, ["refresh", "follow", "slow_link"]) == expected


def test_where_nothing_is_near_all_known_names_are_listed() -> None:
    assert suggestion("zzz", ["b", "a"]) == "Known are: a, b."
    assert suggestion("zzz", []) == "None is known."


def test_reading_settings_imports_neither_models_nor_http_nor_the_lock() -> None:
    program = (
        "import sys, ecovai_tui.store.settings;"
        "print(sorted({'pydantic', 'httpx', 'textual', 'asyncio', 'filelock', 'subprocess'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


SAVED = 'failed-today = "phase:failed age<1d"\n'


def test_saved_filters_are_read_and_those_of_a_profile_are_laid_over_them(paths: Paths) -> None:
    text = (
        f'[filters]\n{SAVED}long = "took>5m"\n[profiles.work.filters]\nlong = "took>9m"\n[profiles.work]\napi_key = "k"'
    )
    assert dict(load(paths, text).filters) == {"failed-today": "phase:failed age<1d", "long": "took>5m"}
    settings = load(paths, text, Flags(profile="work"))
    assert dict(settings.filters) == {"failed-today": "phase:failed age<1d", "long": "took>9m"}
    assert settings.sources["filters"] == "config.toml [profiles.work], config.toml"


@pytest.mark.parametrize("name", ['"filter.failed-today"', "filter.failed-today"])
@pytest.mark.parametrize("header", ["", "profiles.work."])
def test_a_saved_filter_has_a_key_with_quotes_around_its_name_and_without(paths: Paths, name: str, header: str) -> None:
    write(paths, f'[{header}keys]\n{name} = "F"\n[filters]\n{SAVED}')
    file = read_settings_file(paths.config_file, lambda: RULES)
    assert file.faults == ()
    assert dict((file.profiles["work"] if header else file.top).keys) == {"filter.failed-today": "F"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("filters = 5", "config.toml: filters must be a table; it is a whole number."),
        ("[filters]\nx = 5", '[filters]: x must be a text such as "phase:failed age<1d"; it is a whole number.'),
        ('[filters]\nx = " "', '[filters]: x is empty. Write what it shows, as in "phase:failed age<1d".'),
        ('[filters]\nx = "rain phse:y"', '[filters]: x, character 6: there is no field "phse". Did you mean phase?'),
        ('[filters]\nX = "y"', "[filters]: a filter's name is of small letters, digits, - and _, as in failed-today."),
        (
            '[profiles.work.filters]\nx = "age>"',
            "[profiles.work.filters]: x, character 1: age> needs a time",
        ),
        ('[filters]\nx = "phase:Ab12Cd34Ef56Gh78Ij90"', "x, character 7: it cannot be read from there on"),
        (
            f'[keys]\n"filter.failed" = "F"\n[filters]\n{SAVED}',
            'no action "filter.failed". Did you mean filter.failed-today?',
        ),
    ],
)
def test_what_is_wrong_with_a_saved_filter_is_told_with_its_place(paths: Paths, text: str, told: str) -> None:
    write(paths, text)
    (fault,) = read_settings_file(paths.config_file, lambda: RULES).faults
    assert told in fault


def test_faults_of_filters_are_told_with_all_others(paths: Paths) -> None:
    write(paths, 'interval = "x"\n[filters]\na = "age>"\nb = "~("\n')
    assert len(read_settings_file(paths.config_file).faults) == 3
