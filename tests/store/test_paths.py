from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.files import Paths, check_profile, choose_profile, find_paths

HOME = {"HOME": "/home/ada"}


def test_without_any_variable_the_defaults_of_xdg_hold() -> None:
    assert find_paths(HOME) == Paths(
        Path("/home/ada/.config/ecovai-tui"),
        Path("/home/ada/.local/share/ecovai-tui"),
        Path("/home/ada/.local/state/ecovai-tui"),
        Path("/home/ada/Music/ecovai-tui"),
    )


def test_xdg_variables_move_the_directories() -> None:
    names = {"CONFIG_HOME": "/c", "DATA_HOME": "/d", "STATE_HOME": "/s", "MUSIC_DIR": "/m"}
    environment = HOME | {f"XDG_{name}": place for name, place in names.items()}
    assert find_paths(environment) == Paths(*(Path(place) / "ecovai-tui" for place in names.values()))


def test_variables_of_the_program_outrank_xdg_and_name_the_directory_itself() -> None:
    environment = {
        "XDG_CONFIG_HOME": "/c",
        "XDG_DATA_HOME": "/d",
        "XDG_STATE_HOME": "/s",
        "ECOVAI_CONFIG_DIR": "/my/config",
        "ECOVAI_DATA_DIR": "/my/data",
        "ECOVAI_STATE_DIR": "/my/state",
    }
    assert find_paths(environment)[:3] == (Path("/my/config"), Path("/my/data"), Path("/my/state"))


@pytest.mark.parametrize("value", ["", "relative/path", "./here", "~/.config"])
def test_an_empty_or_relative_xdg_value_is_ignored(value: str) -> None:
    assert find_paths(HOME | {"XDG_CONFIG_HOME": value}) == find_paths(HOME)


def test_an_empty_variable_of_the_program_counts_as_not_set() -> None:
    assert find_paths(HOME | {"ECOVAI_DATA_DIR": ""}) == find_paths(HOME)


@pytest.mark.parametrize(("value", "expected"), [("~", "/home/ada"), ("~/music", "/home/ada/music"), ("~eve", "~eve")])
def test_a_tilde_that_no_shell_has_expanded_means_home(value: str, expected: str) -> None:
    assert find_paths(HOME | {"ECOVAI_DATA_DIR": value}).data_dir == Path(expected)


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"ECOVAI_CONFIG_DIR": "/c", "ECOVAI_DATA_DIR": "/d"}])
def test_no_home_is_a_clear_error_that_names_what_to_set(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"HOME is not set.*ECOVAI_\w+_DIR"):
        find_paths(environment)


def test_no_home_is_needed_where_every_directory_is_given() -> None:
    directories = {"ECOVAI_CONFIG_DIR": "/c", "XDG_DATA_HOME": "/d", "ECOVAI_STATE_DIR": "/s"}
    assert find_paths(directories)[:3] == (Path("/c"), Path("/d/ecovai-tui"), Path("/s"))


def test_each_profile_has_files_of_its_own_and_shares_the_settings() -> None:
    paths = Paths(Path("/c"), Path("/d"), Path("/s"))
    assert (paths.watchlist(None), paths.watchlist("work")) == (
        Path("/d/watchlist.toml"),
        Path("/d/watchlist-work.toml"),
    )
    assert (paths.replica(None), paths.replica("work")) == (
        Path("/s/replica.sqlite3"),
        Path("/s/replica-work.sqlite3"),
    )
    assert (paths.config_file, paths.ui_state) == (Path("/c/config.toml"), Path("/s/ui.json"))
    assert paths.theme_dir == Path("/c/themes")


def test_another_watch_list_has_a_replica_of_its_own(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, Path("/s"))
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    names = {paths.replica("work", one), paths.replica("work", other), paths.replica("work")}
    assert len(names) == 3, "two lists in one file would take each other's ids off the screen"
    assert re.fullmatch(r"replica-work~[0-9a-f]{8}\.sqlite3", paths.replica("work", one).name)
    assert re.fullmatch(r"replica~[0-9a-f]{8}\.sqlite3", paths.replica(None, one).name)


def test_a_watch_list_has_the_same_replica_by_whatever_way_it_is_reached(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, Path("/s"))
    own, one, link = paths.watchlist("work"), tmp_path / "one.toml", tmp_path / "link.toml"
    link.symlink_to(one)
    assert paths.replica("work", link) == paths.replica("work", one)
    assert (
        paths.replica("work", own) == paths.replica("work", tmp_path / "x" / ".." / own.name) == paths.replica("work")
    )
    assert paths.replica(None, own) != paths.replica(None), "it is the list of another profile"
    own.symlink_to(one)
    assert paths.replica("work", one) == paths.replica("work")


def test_finding_paths_makes_no_directory(tmp_path: Path) -> None:
    paths = find_paths({"HOME": str(tmp_path)})
    assert paths.watchlist("work").name == "watchlist-work.toml"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["w", "0", "work", "my-gateway_2", "a" * 32])
def test_a_good_profile_name_is_returned_as_it_is(name: str) -> None:
    assert check_profile(name) == name


@pytest.mark.parametrize("name", ["", "-x", "_x", "Work", "a b", "../x", "a/b", "a.b", "ä", "a" * 33, "a\n", "\x1b[2J"])
def test_a_bad_profile_name_is_refused_and_shown_harmlessly(name: str) -> None:
    with pytest.raises(SettingsError, match="profile name") as caught:
        check_profile(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("flag", "variable", "expected"),
    [(None, None, None), (None, "", None), (None, "home", "home"), ("work", None, "work"), ("work", "home", "work")],
)
def test_the_flag_outranks_the_variable_in_naming_the_profile(
    flag: str | None, variable: str | None, expected: str | None
) -> None:
    environment = {} if variable is None else {"ECOVAI_PROFILE": variable}
    assert choose_profile(flag, environment) == expected


def test_a_bad_name_in_the_variable_is_refused() -> None:
    with pytest.raises(SettingsError):
        choose_profile(None, {"ECOVAI_PROFILE": "../../etc"})
