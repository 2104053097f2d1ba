from __future__ import annotations

import time
from pathlib import Path

import pytest

from ecovai_tui.store.settings_file import SettingsFile, read_settings_file
from ecovai_tui.store.settings_tables import Hook, QuietHours
from ecovai_tui.view.actions import KEY_RULES

HOOK = '[[hooks]]\non = "final"\ncommand = ["notify-send", "{title}"]\n'


def read(folder: Path, text: str) -> SettingsFile:
    path = folder / "config.toml"
    path.write_text(text)
    return read_settings_file(path)


def test_hooks_are_tables_of_their_own_also_in_a_profile(tmp_path: Path) -> None:
    found = read(tmp_path, f'{HOOK}[[profiles.work.hooks]]\non = "failed"\ncommand = ["beep"]\n')
    assert found.faults == ()
    assert found.top.hooks == (Hook("final", ("notify-send", "{title}")),)
    assert found.profiles["work"].hooks == (Hook("failed", ("beep",)),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('hooks = "beep"', "hooks are tables of their own: write [[hooks]] above on and command."),
        ('[[hooks]]\non = "end"\ncommand = ["x"]', "on must be one of final, failed, downloaded."),
        ('[[hooks]]\non = "final"\ncommand = "notify-send x"', "command must be words"),
        ('[[hooks]]\non = "final"\ncommand = []', "command must be words"),
        ('[[hooks]]\non = "final"\ncommand = ["x"]\nshell = true', "it has on and command alone"),
        ('quiet_hours = "22-7"', 'quiet_hours must be two times of the day, as "22:00-07:00".'),
    ],
)
def test_what_cannot_be_a_hook_is_told(text: str, fault: str, tmp_path: Path) -> None:
    [told] = read(tmp_path, text).faults
    assert fault in told


@pytest.mark.parametrize(
    ("hours", "hour", "quiet"),
    [("22:00-07:00", 23, True), ("22:00-07:00", 6, True), ("22:00-07:00", 7, False), ("22:00-07:00", 21, False),
     ("12:00-14:00", 13, True), ("12:00-14:00", 14, False)],
)  # fmt: skip
def test_quiet_hours_may_go_over_midnight(hours: str, hour: int, quiet: bool, tmp_path: Path) -> None:
    found = read(tmp_path, f'quiet_hours = "{hours}"').top.quiet_hours
    assert isinstance(found, QuietHours)
    assert str(found) == hours
    assert found.holds(time.mktime((2026, 11, 30, hour, 0, 0, 0, 0, -1))) is quiet


def test_commands_are_actions_with_keys_also_where_a_profile_has_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[commands]\nsend = "scp {path} phone:"\n[keys]\n"command.send" = "T"\n'
        '[profiles.work.commands]\nshow = "notify-send \'{title}\'"\n[profiles.work.keys]\ncommand.show = "W"\n'
    )
    found = read_settings_file(path, lambda: KEY_RULES)
    assert found.faults == ()
    assert (found.top.commands, found.top.keys) == ({"send": "scp {path} phone:"}, {"command.send": "T"})
    assert found.profiles["work"].keys == {"command.show": "W"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("send = 5", "send must be a command line; it is a whole number."),
        ('send = " "', "send must be a command line; it names no program."),
        ('send = "x \'y"', "send must be a command line; a quotation in it is not closed."),
        ('Send = "x"', "a command's name is of small letters, digits, - and _, as in to-phone."),
    ],
)
def test_what_cannot_be_a_command_is_told(line: str, fault: str, tmp_path: Path) -> None:
    [told] = read(tmp_path, f"[commands]\n{line}").faults
    assert told.endswith(f"[commands]: {fault}")
