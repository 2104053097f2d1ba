from __future__ import annotations

import copy
import pickle
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.store.credentials import Secret, clean_key
from ecovai_tui.store.errors import SettingsError, could_be_key, quoted
from ecovai_tui.store.key_command import obtain_key, require_key
from ecovai_tui.store.settings import Flags, Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from ecovai_tui.store.files import Paths

KEY = "sk-AbCdEf0123456789"


@pytest.mark.parametrize(
    "text",
    [
        *(KEY, f"  {KEY}\n", f"Bearer {KEY}", f"bearer {KEY}", f"BEARER   {KEY} ", f"\tBearer\t{KEY}\r\n"),
        *(
            f'"{KEY}"',
            f"'{KEY}'",
            f"`{KEY}`",
            f"“{KEY}”",
            f"‘{KEY}’",
            f"„{KEY}“",
            f"«{KEY}»",
            f"「{KEY}」",
            f"＂{KEY}＂",
        ),
        *(f'Bearer "{KEY}"', f'"Bearer {KEY}"', f'"{KEY}"\r', f'"{KEY}\r"', f"\"'{KEY}'\"", f'" {KEY} "'),
    ],
)
def test_blanks_quotes_and_one_bearer_are_taken_off(text: str) -> None:
    assert clean_key(text, "here").reveal() == KEY


@pytest.mark.parametrize("text", ["", "  \n", "Bearer", "bearer  ", '""', "''", 'Bearer ""', "“”\r"])
def test_an_empty_key_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="from ECOVAI_API_KEY is empty"):
        clean_key(text, "ECOVAI_API_KEY")


@pytest.mark.parametrize(
    "text",
    [f"{KEY} {KEY}", f"Bearer Bearer {KEY}", f"{KEY}\n{KEY}", f"{KEY}é", f"{KEY}\x00", f"\u200b{KEY}"],
)
def test_what_cannot_be_a_key_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(SettingsError, match="from ECOVAI_API_KEY cannot be a key") as caught:
        clean_key(text, "ECOVAI_API_KEY")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("text", [f'"{KEY}', f"{KEY}'", f"“{KEY}", f'sk-"{KEY}', f'"{KEY}" "{KEY}"', f"'{KEY}\""])
def test_quotes_that_are_no_pair_around_it_are_told_by_that_word(text: str) -> None:
    with pytest.raises(SettingsError, match="from ECOVAI_API_KEY cannot be a key: there are quotes in it") as caught:
        clean_key(text, "ECOVAI_API_KEY")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        *((KEY, True), (f"x={KEY}", True), ("sk-short1", True), ("4f0c2d7a9b8e4f0c2d7a9b8e", True)),
        *(("task-7", False), ("block-cursor-blurred-background", False), ("markdown-h1-color", False), ("a_b", False)),
    ],
)
def test_what_could_be_a_key_is_not_repeated(text: str, could_be: bool) -> None:
    assert could_be_key(text) is could_be
    assert (text in quoted(text)) is (not could_be)


@given(st.text())
def test_a_key_that_passes_is_printable_ascii_without_blanks(text: str) -> None:
    try:
        key = clean_key(text, "here").reveal()
    except SettingsError:
        return
    assert key
    assert all("!" <= character <= "~" for character in key)


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(KEY)
    table = {"key": secret}
    for shown in (str(secret), repr(secret), f"{secret}", f"{[secret]}", f"{table}"):
        assert KEY not in shown
    assert secret.reveal() == KEY


def test_a_secret_is_never_written_down() -> None:
    with pytest.raises(TypeError, match="never written down"):
        pickle.dumps(Secret(KEY))


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert Secret(KEY) != Secret("other")
    assert Secret(KEY) != KEY
    assert len({Secret(KEY), Secret(KEY)}) == 1


def with_command(paths: Paths, *words: str) -> Settings:
    settings = load_settings(Flags(), {}, paths)
    sources = dict(settings.sources) | {"api_key": "api_key_command in config.toml"}
    return settings._replace(api_key_command=words, sources=sources)


def running(paths: Paths, program: str) -> Settings:
    return with_command(paths, sys.executable, "-c", program)


def test_a_key_in_the_settings_is_returned_and_nothing_run(paths: Paths) -> None:
    settings = load_settings(Flags(), {"ECOVAI_API_KEY": KEY}, paths)
    assert obtain_key(settings, interactive=False) == Secret(KEY)


@pytest.mark.parametrize("interactive", [False, True])
def test_the_first_line_of_the_commands_output_is_the_key(paths: Paths, interactive: bool) -> None:
    settings = running(paths, f"print('Bearer {KEY}  '); print('user: ada')")
    assert obtain_key(settings, interactive=interactive) == Secret(KEY)


def test_the_command_goes_through_no_shell(paths: Paths, tmp_path: Path) -> None:
    settings = with_command(paths, "echo", f"$HOME;touch>{tmp_path}/made")
    assert obtain_key(settings, interactive=False).reveal() == f"$HOME;touch>{tmp_path}/made"
    assert not (tmp_path / "made").exists()


def test_a_tilde_in_the_name_of_the_program_means_home(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files_with_key: set[Path]
) -> None:
    program = tmp_path / "print-key"
    files_with_key.add(program)
    program.write_text(f"#!/bin/sh\necho {KEY}\n")
    program.chmod(0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert obtain_key(with_command(paths, "~/print-key"), interactive=False) == Secret(KEY)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (f"print('{KEY}'); raise SystemExit(3)", r"failed \(exit code 3\)"),
        ("import os; os.kill(os.getpid(), 9)", r"failed \(signal 9\)"),
        ("pass", "printed no key"),
        ("print(); print('x')", "is empty"),
        (f"print('{KEY} {KEY}')", "cannot be a key"),
        (f"print('<html>{KEY}é')", "cannot be a key"),
        ("import sys; sys.stdout.buffer.write(bytes([255, 254, 10]))", "cannot be a key"),
    ],
)
@pytest.mark.parametrize("interactive", [False, True])
def test_what_failed_is_said_without_the_commands_output(
    paths: Paths, program: str, sentence: str, interactive: bool
) -> None:
    with pytest.raises(SettingsError, match=sentence) as caught:
        obtain_key(running(paths, program), interactive=interactive)
    assert "api_key_command in config.toml" in str(caught.value)
    assert KEY not in str(caught.value)


def test_what_the_command_complained_of_is_shown_cleaned_and_without_a_key(paths: Paths) -> None:
    program = (
        "import sys; print('hunter22');"
        rf"sys.exit('\x1b[31mError:\x1b[0m {KEY} and hunter22 are not\nin the password store')"
    )
    with pytest.raises(SettingsError) as caught:
        obtain_key(running(paths, program), interactive=False)
    text = str(caught.value)
    assert text.endswith("(exit code 1): Error: (hidden) and (hidden) are not in the password store.")


def test_a_program_that_does_not_exist_is_said_without_quoting_it(paths: Paths) -> None:
    with pytest.raises(SettingsError, match="there is no such program") as caught:
        obtain_key(with_command(paths, KEY), interactive=False)
    assert KEY not in str(caught.value)


def test_a_program_that_may_not_be_run_is_said(paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be started: Permission denied"):
        obtain_key(with_command(paths, str(tmp_path)), interactive=False)


@pytest.mark.parametrize("interactive", [False, True])
def test_a_command_that_does_not_end_is_ended(paths: Paths, tmp_path: Path, interactive: bool) -> None:
    settings = running(paths, "import signal; signal.pause()")
    with pytest.raises(SettingsError, match=r"did not end within 0\.2 seconds"):
        obtain_key(settings, interactive=interactive, patience=0.2)


def test_without_the_terminal_the_command_can_neither_ask_nor_draw(paths: Paths) -> None:
    program = "import os, sys; print('none' if not sys.stdin.read() and os.getsid(0) == os.getpid() else 'terminal')"
    assert obtain_key(running(paths, program), interactive=False).reveal() == "none"


def test_a_missing_key_is_told_with_the_three_ways_to_give_one(paths: Paths) -> None:
    settings = load_settings(Flags(), {}, paths)
    assert not settings.has_key
    with pytest.raises(SettingsError) as caught:
        require_key(settings)
    text = str(caught.value)
    for way in ("https://api.ecovai.cn", "export ECOVAI_API_KEY=", "api_key_command =", "api_key =", "chmod 600"):
        assert way in text
    assert str(paths.config_file) in text


def test_for_a_profile_with_a_gateway_of_its_own_the_ways_are_its_own(paths: Paths) -> None:
    paths.config_dir.mkdir()
    paths.config_file.write_text('[profiles.work]\nbase_url = "https://gateway.example"\n')
    settings = load_settings(Flags(profile="work"), {"ECOVAI_API_KEY": KEY}, paths)
    with pytest.raises(SettingsError) as caught:
        obtain_key(settings, interactive=False)
    text = str(caught.value)
    assert "ECOVAI_PROFILE=work ECOVAI_BASE_URL=https://gateway.example ECOVAI_API_KEY=..." in text
    assert f"under [profiles.work] in {paths.config_file}" in text
    assert KEY not in text


def test_settings_show_no_key_when_they_are_printed(paths: Paths) -> None:
    settings = load_settings(Flags(), {"ECOVAI_API_KEY": KEY}, paths)
    assert KEY not in repr(settings)
    assert KEY not in repr(copy.copy(settings))
