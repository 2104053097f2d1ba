"""What the README shows and tells can be made and found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_made_by_the_program_itself(tmp_path: Path) -> None:
    picture = tmp_path / "demo.svg"
    subprocess.run([sys.executable, ROOT / "docs" / "make_picture.py", picture], check=True, timeout=60)
    drawn = picture.read_text(encoding="utf-8")
    assert "DEMO" in drawn
    assert "[Verse" in drawn


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_page_that_the_readme_links_is_there(link: str) -> None:
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("script", sorted(set(re.findall(r"python ((?:tests|docs)/[\w/]+(?:\.py)?)", README))))
def test_every_script_that_the_readme_names_is_there(script: str) -> None:
    assert (ROOT / script).exists()


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`((?:\w+/)+(?:\w+\.py)?)`", ARCHITECTURE))))
def test_every_file_that_the_architecture_names_is_there(file: str) -> None:
    assert any((root / file).exists() for root in (ROOT, ROOT / "ecovai_tui"))
