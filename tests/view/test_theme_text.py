"""The file of a theme can be printed, to begin an own one with."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecovai_tui.view.theme_choice import ThemeError, find_themes, shipped_folder, theme_text


def test_every_theme_is_printed_as_its_file_stands(tmp_path: Path) -> None:
    for name in find_themes(tmp_path).themes:
        assert theme_text(name, tmp_path) == (shipped_folder() / f"{name}.toml").read_text("utf-8")


def test_the_users_own_theme_goes_before_the_programs(tmp_path: Path) -> None:
    own = theme_text("ecovai-dark", tmp_path).replace("#5fafff", "#abcdef")
    (tmp_path / "any.toml").write_text(own, "utf-8")
    assert theme_text("ecovai-dark", tmp_path) == own


def test_a_file_with_faults_is_found_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("name = ")
    assert theme_text("broken", tmp_path) == "name = "


def test_a_theme_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match='Did you mean "ecovai-dark"'):
        theme_text("ecovai-drak", tmp_path)
