"""The registry of actions and the keys that users give them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ecovai_tui.store.errors import SettingsError
from ecovai_tui.view.actions import ACTIONS, Group, bound_actions, key_faults, shown_key, shown_keys

BY_ID = {action.id: action for action in ACTIONS}


def test_no_two_actions_share_an_id() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_share_a_default_key() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []


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


def test_a_key_of_another_action_can_be_taken_once_that_has_another_one() -> None:
    bound = bound_keys({"refresh": "j", "down": "down"})
    assert (bound["refresh"], bound["down"]) == (("j",), ("down",))
    assert bound_keys({"remove": "r", "refresh": ""})["remove"] == ("r",)


@pytest.mark.parametrize(
    ("key", "other"),
    [
        *(("r", "refresh"), ("j", "down"), ("ctrl+c", "quit-anywhere"), ("?", "help"), (":", "palette")),
        *(("ctrl+i", "panel"), ("ctrl+m", "panel"), ("ctrl+[", "back"), ("shift+g", "last"), ("ctrl+D", "half-down")),
    ],
)
def test_a_key_that_is_another_actions_default_is_refused_and_both_actions_are_named(key: str, other: str) -> None:
    with pytest.raises(SettingsError, match=rf"is given to both remove and {other} \(by default\)"):
        bound_actions({"remove": key})


@pytest.mark.parametrize(
    ("user_keys", "words"),
    [
        ({"quit": ""}, 'quit = "": only quit-anywhere (^c ^q) would be left'),
        ({"quit-anywhere": ""}, 'quit-anywhere = "": only quit (q) would be left'),
        ({"quit": "", "quit-anywhere": ""}, 'quit = "": neither it nor quit-anywhere would be left'),
        ({"quit-anywhere": "z"}, 'quit-anywhere = "z": it works while typing too'),
        ({"quit-anywhere": "space", "mark": ""}, 'quit-anywhere = "space": it works while typing too'),
        ({"refresh": ","}, 'refresh = ",": there is no key in it. Write comma for ","'),
        ({"refresh": " "}, 'refresh = " ": there is no key in it.'),
        ({"theme": "ecovai-dark"}, "theme is a setting as well: did it mean to stand above the tables?"),
        ({"refresh": "\x07"}, "there is no key of this name"),
    ],
)
def test_what_would_leave_the_user_without_a_key_is_refused(user_keys: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        bound_actions(user_keys)
    assert words in str(caught.value)


SOME_KEYS = st.sampled_from(["", "r", "q", "f5", "ctrl+x", "z, f6", "pgdown", ","])


@hypothesis_settings(suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BY_ID)), SOME_KEYS, max_size=4))
def test_what_is_accepted_gives_each_key_to_one_action_and_leaves_two_ways_out(user_keys: dict[str, str]) -> None:
    assume(not list(key_faults(user_keys)))
    actions = bound_actions(user_keys)
    keys = Counter(key for action in actions for key in action.keys)
    assert [key for key, times in keys.items() if times > 1] == []
    assert all(action.keys for action in actions if action.id in {"quit", "quit-anywhere"})


def test_all_faults_of_the_keys_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        bound_actions({"remove": "r", "quit": "", "zoom": "pgdown", "refrsh": "z"})
    assert len(caught.value.faults) == 4


def test_a_profile_repeats_no_fault_of_the_keys_that_it_lies_over() -> None:
    assert list(key_faults({"zoom": "f5"}, {"remove": "r"})) == []
    assert len(list(key_faults({"zoom": "f5"}, {"label": "f5"}))) == 1
    assert list(key_faults({"refresh": "f5"}, {"remove": "r"})) == []


def test_a_key_in_the_wrong_place_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        bound_actions({"refresh": "sk-AbCdEf0123456789"})
    assert "AbCdEf" not in str(caught.value)


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


@pytest.mark.parametrize("key", ["f5", "ctrl+r", "é", "&", "shift+up", "comma", "ctrl+shift+f2"])
def test_keys_of_every_kind_are_accepted(key: str) -> None:
    assert bound_keys({"refresh": key})["refresh"] == (key,)


@pytest.mark.parametrize(
    ("key", "shown"), [("up", "↑"), ("ctrl+d", "^d"), ("q", "q"), ("pagedown", "PgDn"), ("escape", "esc"), ("f5", "f5")]
)
def test_keys_are_written_for_people(key: str, shown: str) -> None:
    assert shown_key(key) == shown


def test_several_keys_stand_side_by_side() -> None:
    assert shown_keys(("j", "down")) == "j ↓"


def test_a_saved_filter_is_an_action_with_the_key_that_the_user_gives_it() -> None:
    *usual, long, today = bound_actions({"filter.today": "F"}, {"long": "took>5m", "today": "age<1d"})
    assert tuple(usual) == ACTIONS
    assert (long.id, long.keys, long.query) == ("filter.long", (), "took>5m")
    assert (today.id, today.keys, today.description) == ("filter.today", ("F",), "Show only age<1d, or all again")


def test_a_command_of_the_users_is_an_action_which_a_read_only_run_has_no_key_for() -> None:
    [*_, send] = bound_actions({"command.send": "W"}, {}, {"send": "scp {path} phone:"})
    assert (send.id, send.keys, send.description) == ("command.send", ("W",), "Run send: scp {path} phone:")
    assert bound_actions({"command.send": "W"}, {}, {"send": "x"}, readonly=True)[-1].keys == ()


def test_a_key_of_a_saved_filter_clashes_as_others_do() -> None:
    with pytest.raises(SettingsError, match="given to both"):
        bound_actions({"filter.today": "r"}, {"today": "age<1d"})
    with pytest.raises(SettingsError, match="no action"):
        bound_actions({"filter.today": "F"})
