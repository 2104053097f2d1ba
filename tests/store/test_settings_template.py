"""The file that ``config init`` writes names every setting, and each of its lines is right once it is in force."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from ecovai_tui.commands.config import TEMPLATE, write_template
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.settings_file import SETTING_NAMES, read_settings_file

SETTINGS = re.findall(r"^#(\w+) = ", TEMPLATE, re.MULTILINE)
HEADERS = re.findall(r"^#\[([\w.]+)\]$", TEMPLATE, re.MULTILINE)


def test_every_setting_is_in_it() -> None:
    assert set(SETTING_NAMES) - {"keys", "filters", "commands", "hooks"} <= set(SETTINGS)
    assert HEADERS == ["keys", "filters", "commands", "profiles.work"]


def test_as_it_is_written_it_sets_nothing(tmp_path: Path) -> None:
    write_template(tmp_path / "config.toml")
    found = read_settings_file(tmp_path / "config.toml")
    assert found.faults == ()
    assert found.top == found.top._replace(
        **dict.fromkeys(set(SETTING_NAMES) - {"keys", "filters", "commands"}), keys={}, filters={}, commands={}
    )
    assert found.profiles == {}


@pytest.mark.parametrize("without", ["api_key", "api_key_command"])
def test_each_line_of_it_is_right_once_it_is_in_force(tmp_path: Path, without: str) -> None:
    in_force = re.sub(r"^#(?=\S)", "", TEMPLATE, flags=re.MULTILINE)
    top, below = in_force.split("[keys]")
    (tmp_path / "config.toml").touch(mode=0o600)
    (tmp_path / "config.toml").write_text(re.sub(rf"^{without} = .*$", "", top, flags=re.MULTILINE) + "[keys]" + below)
    assert read_settings_file(tmp_path / "config.toml").faults == ()


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    write_template(tmp_path / "new" / "config.toml")
    assert stat.S_IMODE((tmp_path / "new" / "config.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file, link = tmp_path / "config.toml", tmp_path / "link.toml"
    file.write_text("interval = 7\n")
    link.symlink_to(tmp_path / "elsewhere.toml")
    for path in (file, link, tmp_path):
        with pytest.raises(SettingsError, match="is there already"):
            write_template(path)
    assert file.read_text() == "interval = 7\n"
    assert not (tmp_path / "elsewhere.toml").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"config\.toml"):
        write_template(tmp_path / "file" / "config.toml")
