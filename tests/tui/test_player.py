from __future__ import annotations

import subprocess
import threading

import pytest

from ecovai_tui.tui.file_controller import Player, find_player


@pytest.mark.parametrize(
    ("setting", "installed", "platform", "player"),
    [
        (("mplayer", "-really-quiet"), {"mpv"}, "linux", "mplayer"),
        ((), {"mpv", "ffplay"}, "linux", "mpv"),
        ((), {"ffplay", "vlc"}, "linux", "ffplay"),
        ((), {"vlc"}, "linux", "vlc"),
        ((), {"open"}, "darwin", "open"),
        ((), {"open"}, "linux", None),
    ],
)
def test_the_users_player_goes_first_and_then_whichever_is_there(
    setting: tuple[str, ...], installed: set[str], platform: str, player: str | None
) -> None:
    found = find_player(setting, lambda name: name if name in installed else None, platform)
    assert (found[0] if found else None) == player


def waiting() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "player"]


def test_each_child_is_waited_for_however_quickly_they_follow_each_other() -> None:
    ended: list[int] = []
    player = Player(ended.append)
    for _time in range(20):
        player.play(("sleep",), "60")
        assert player.playing
    assert player.stop()
    assert not player.stop()
    for thread in waiting():
        thread.join()
    assert ended == []


def test_one_who_stops_by_itself_is_told_with_its_code() -> None:
    ended: list[int] = []
    player = Player(ended.append)
    player.play(("sh", "-c"), "exit 3")
    for thread in waiting():
        thread.join()
    assert (ended, player.playing) == ([3], False)


def test_one_who_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecovai_tui.tui.file_controller.PLAYERS_PATIENCE", 0.05)
    player = Player()
    player.play(("sh", "-c"), "trap '' TERM; echo; sleep 60 & wait; sleep 60")
    child = player._child
    assert isinstance(child, subprocess.Popen)
    player.stop()
    assert child.returncode is not None
    for thread in waiting():
        thread.join()
