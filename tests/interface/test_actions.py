"""The registry of actions and the keys that users give them."""

from __future__ import annotations

from collections import Counter

import pytest

from ecovai_tui.interface.actions import ACTIONS, Group
from ecovai_tui.interface.keys import bound_actions, shown_key, shown_keys
from ecovai_tui.store.errors import SettingsError

BY_ID = {action.id: action for action in ACTIONS}


def test_no_two_actions_share_an_id() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_share_a_default_key() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_two_actions_share_a_place_in_the_footer() -> None:
    places = Counter(action.footer for action in ACTIONS if action.footer)
    assert sorted(places) == list(range(1, len(places) + 1))
    assert set(places.values()) == {1}


@pytest.mark.parametrize("key", ["ctrl+b", "ctrl+a", "ctrl+s", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"])
def test_keys_that_terminals_and_tmux_take_are_never_defaults(key: str) -> None:
    assert all(key not in action.keys for action in ACTIONS)


def test_alt_is_never_a_default() -> None:
    assert not any(key.startswith("alt+") for action in ACTIONS for key in action.keys)


def test_ctrl_q_is_not_the_only_way_out() -> None:
    assert set(BY_ID["quit-anywhere"].keys) > {"ctrl+q"}
    assert BY_ID["quit"].keys == ("q",)


def test_every_group_has_an_action_and_every_action_is_described() -> None:
    assert {action.group for action in ACTIONS} == set(Group)
    assert all(action.label and action.description and action.keys for action in ACTIONS)


def bound_keys(user_keys: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {action.id: action.keys for action in bound_actions(user_keys)}


def test_without_a_choice_of_the_user_the_defaults_stand() -> None:
    assert bound_actions({}) == ACTIONS


def test_the_user_gives_an_action_other_keys() -> None:
    assert bound_keys({"refresh": "f5, ctrl+r"})["refresh"] == ("f5", "ctrl+r")


def test_a_key_that_the_user_takes_is_no_longer_the_default_of_another_action() -> None:
    bound = bound_keys({"refresh": "j"})
    assert bound["refresh"] == ("j",)
    assert bound["down"] == ("down",)


def test_an_empty_choice_takes_all_keys_away() -> None:
    assert bound_keys({"remove": ""})["remove"] == ()


def test_an_unknown_action_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match=r"refrsh.*Did you mean refresh\?"):
        bound_actions({"refrsh": "r"})


def test_a_key_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match=r"pgdown.*Did you mean pagedown\?"):
        bound_actions({"page-down": "pgdown"})


def test_a_key_given_twice_is_refused_and_both_actions_are_named() -> None:
    with pytest.raises(SettingsError, match=r'"z" is given to both zoom and remove'):
        bound_actions({"zoom": "z", "remove": "z"})


@pytest.mark.parametrize("key", ["f5", "ctrl+r", "é", "?", "shift+up", "comma", "ctrl+shift+f2"])
def test_keys_of_every_kind_are_accepted(key: str) -> None:
    assert bound_keys({"refresh": key})["refresh"] == (key,)


@pytest.mark.parametrize(
    ("key", "shown"), [("up", "↑"), ("ctrl+d", "^d"), ("q", "q"), ("pagedown", "PgDn"), ("escape", "esc"), ("f5", "f5")]
)
def test_keys_are_written_for_people(key: str, shown: str) -> None:
    assert shown_key(key) == shown


def test_several_keys_stand_side_by_side() -> None:
    assert shown_keys(("j", "down")) == "j ↓"
