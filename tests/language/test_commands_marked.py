"""No help and no error of a command reaches the terminal past the catalogue."""

from __future__ import annotations

import re
from gettext import NullTranslations
from pathlib import Path

import pytest
from support.catalogues import Chinese, Marked, speaking

from ecovai_tui import cli
from ecovai_tui.commands.shared.command_line import COMMANDS
from ecovai_tui.engine.downloader import What
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.replies import FAULT_NAMES
from ecovai_tui.store.settings_file import SETTING_NAMES
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.query import FIELDS
from ecovai_tui.view.actions import ACTIONS
from ecovai_tui.view.theme_choice import find_themes

AS_IT_IS = re.compile(
    r"ecovai-tui(?: [a-z]+)*|--?[a-z][-a-z]*(?:=\S+)?|\{[^}]*\}|\[[^\]]*\]|\b[A-Z@=|]{1,}\b|\S*/\S+|\"[^\"]*\"|'[^']*'"
    r"|https?://\S+|\S+\.(?:toml|jsonl|json|sqlite3)|base_url|api_key\w*|tmux|phase:\S+|\b(?:music|lyrics|upload|concat)\b"
)
"""Names of the program, of options, choices, files and settings, and what the user wrote."""

NAMES = {
    part
    for name in (
        *Phase, *What, *COMMANDS, *FIELDS, *DIALECTS, *FAULT_NAMES, *find_themes(Path("/nowhere")).themes,
        *SETTING_NAMES, *ColumnKey, *(action.id for action in ACTIONS), "none", "null", "log", "nofield",
        "xyz", "float", "nokey", "ftp", "filters", "pagedown", "example", "comma", "space",
    )
    for part in re.findall("[a-z]+", name)
}  # fmt: skip
"""Words that programs read, and those that are typed here."""


WRONG = [
    ["nonsense"],
    ["lss"],
    ["ls", "--nosuch"],
    ["ls", "--filter", "age>"],
    ["ls", "--filter", "nofield:x"],
    ["ls"],
    ["status"],
    ["prune"],
    ["rm"],
    ["rm", "--undo"],
    ["add", "null"],
    ["add", "a.log"],
    ["export", "--phase", "xyz"],
    ["export", "--since", "xyz"],
    ["wait", "--timeout", "xyz"],
    ["download", "--what", "xyz"],
    ["download", "--jobs", "99"],
    ["submit"],
    ["submit", "music"],
    ["submit", "music", "--extend", "xyz"],
    ["receipts"],
    ["receipts", "--settle", "7", "none"],
    ["themes", "--print", "xyz"],
    ["status", "--format", "{xyz}"],
    ["fetch"],
    ["config", "check"],
    ["config", "init"],
    ["doctor", "--offline"],
    ["export", "--format", "xyz"],
    ["fetch", "xyz"],
    ["follow"],
    ["wait"],
    ["download"],
    ["prune", "--final"],
    ["prune", "--older-than", "xyz"],
    ["receipts", "--unknown"],
    ["simulate", "--port", "99999999"],
    ["simulate", "--fault", "xyz"],
    ["submit", "music", "--describe", "xyz", "--dry-run"],
    ["submit", "music", "--field", "xyz"],
    ["submit", "lyrics"],
    ["submit", "upload", "xyz"],
    ["submit", "concat", "-x"],
    ["--readonly", "add", "xyz"],
    ["--interval", "xyz"],
    ["--profile", "xyz", "ls"],
    ["--watchlist", "/dev/null/xyz", "ls"],
]
"""Commands that have something to say against what was typed, or on an empty list."""


@pytest.fixture
def surroundings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("TMUX", "STY", "LC_ALL", "LANG", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(cli, "set_language", lambda _language: None)


def told(words: list[str], capsys: pytest.CaptureFixture[str], catalogue: NullTranslations | None = None) -> str:
    with speaking(catalogue or Marked()):
        cli.main(words)
    shown = capsys.readouterr()
    return shown.out + shown.err


def past_the_catalogue(text: str) -> list[str]:
    return [word for word in re.findall(r"(?<![\w])[a-z]{3,}(?!\w)", AS_IT_IS.sub(" ", text)) if word not in NAMES]


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert past_the_catalogue(told([*filter(None, [command]), "--help"], capsys)) == []


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_errors(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert past_the_catalogue(told(words, capsys)) == []


def write_faulty_settings(home: Path) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(
        'interval = 1\nnotify = "x"\ncolumns = ["x"]\nmouse = 3\nquiet_hours = "x"\nbase_url = "ftp://x"\n'
        '[keys]\nrefresh = "nokey"\nxyz = "a"\n[filters]\nXYZ = "a"\n'
    )


@pytest.mark.usefixtures("surroundings")
def test_faults_of_settings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_faulty_settings(home)
    assert past_the_catalogue(told(["config", "check"], capsys)) == []


@pytest.mark.usefixtures("surroundings")
def test_help_in_chinese_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with speaking(Chinese()):
        cli.main(["rm", "--help"])
        assert capsys.readouterr().out.startswith("用法：ecovai-tui rm ")
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("用法：ecovai-tui")
    assert all(name in shown for name in COMMANDS)


GLUED = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9\"'/-]|[A-Za-z0-9\"'/][\u4e00-\u9fff]")


@pytest.mark.usefixtures("surroundings")
def test_a_blank_stands_between_chinese_and_latin(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a value is put into a text."""
    chinese = Chinese()
    lines = [
        line
        for words in (*WRONG, *([command, "--help"] for command in COMMANDS))
        for line in told(list(words), capsys, chinese).splitlines()
    ]
    write_faulty_settings(home)
    lines += told(["config", "check"], capsys, chinese).splitlines()
    assert [line for line in lines if GLUED.search(line)] == []
