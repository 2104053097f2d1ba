"""Whatever a gateway, a file or a pipe holds, a command prints none of it but the words."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.forked import Forks
from support.hostile import ATTACKS, MARKUP, HostileGateway, Scene, controls, hostile, traces
from support.terminal import PROGRAM, Terminal

ID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
ON_COMMAND_LINE = hostile("word").replace("\x00", "").encode(errors="ignore").decode()
"""No operating system lets NUL or a lone surrogate into an argument."""

MARKDOWN = r"\[red\]x\[/Verse\]"


@dataclass(frozen=True, slots=True)
class Sink:
    """A command that prints what came from outside, and what must be seen of it."""

    words: tuple[str, ...]
    shows: str = MARKUP
    scene: Scene = Scene.FAILED
    piped: str = ""


SINKS = (
    Sink(("fetch", ID)),
    Sink(("fetch", ID), scene=Scene.STREAMING),
    Sink(("fetch", ID), "the gateway says status [red]", Scene.STRANGE),
    Sink(("fetch", ID, "--json")),
    Sink(("fetch", ID, "--json"), scene=Scene.LYRICS),
    Sink(("fetch", ID), f"code {MARKUP}", Scene.ERROR),
    Sink(("fetch", ID), f"page {MARKUP}", Scene.ERROR_PAGE),
    Sink(("fetch", ID), f"text {MARKUP}", Scene.ERROR_TEXT),
    Sink(("fetch", ID), f"rejected {MARKUP}", Scene.REJECTED),
    Sink(("ls",)),
    Sink(("ls", "--json")),
    Sink(("ls", "--ascii")),
    Sink(("status",), "1 failed"),
    Sink(("status", "--json")),
    Sink(("wait", ID)),
    Sink(("wait", ID, "--json")),
    Sink(("wait", ID[::-1], "--timeout", "3"), f"code {MARKUP}", Scene.ERROR),
    Sink(("wait", ID[::-1], "--timeout", "3"), f"page {MARKUP}", Scene.ERROR_PAGE),
    Sink(("follow", ID, "--until-final"), "", Scene.DONE),
    Sink(("follow", ID, "--until-final", "--json"), "", Scene.FAILED),
    Sink(("export", "--format", "json")),
    Sink(("export", "--format", "csv")),
    Sink(("export", "--format", "markdown"), MARKDOWN),
    Sink(("add", "-"), "No id was found", piped=" \x1b[31m \x9b31m "),
    Sink(("add", "-"), f"already there: {ID}", piped=f"\x1b[31m{ID}\x1b[0m \u202e"),
    Sink(("fetch", "-"), "No id was found", piped=" \u202e\x07 "),
    Sink(("config", "show"), "base_url"),
    Sink(("doctor",), "gateway"),
)
"""Every way in which a command prints what a gateway, a file or a pipe told it."""

OWN_WORDS = (
    (("add", ON_COMMAND_LINE), "No id was found"),
    (("add", ID, "--label", ON_COMMAND_LINE), "already there"),
    (("rm", ON_COMMAND_LINE), "not on the watch list"),
    ((ON_COMMAND_LINE,), "no such command"),
    (("ls", "--profile", ON_COMMAND_LINE), "profile"),
    (("fetch", ID, "--base-url", "https://\x1b[31m\u202e.example"), "base"),
    (("fetch", "--watchlist", f"{ATTACKS['colour']}\u202e/nowhere"), ""),
    (("simulate", "--fault", ON_COMMAND_LINE), "known"),
    (("export", "--format", ON_COMMAND_LINE), "choose"),
    (("follow", "--interval", ON_COMMAND_LINE), "interval"),
    (("ls", f"--{ON_COMMAND_LINE}"), "Unrecognized"),
)
"""Commands that quote what the user typed, and what they say of it."""

BIDI = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f]")


@pytest.fixture(scope="module")
def gateway() -> Iterator[HostileGateway]:
    with HostileGateway().serving() as running:
        yield running


@pytest.fixture(scope="module")
def told(gateway: HostileGateway, tmp_path_factory: pytest.TempPathFactory, forked: Forks) -> Path:
    """A home whose watch list and replica are full of hostile words; asked for once, and copied for each test."""
    home = tmp_path_factory.mktemp("told") / "home"
    data = home / "data"
    data.mkdir(parents=True)
    label = json.dumps(hostile("label").encode(errors="ignore").decode()).replace("\\ud8", "\\uD8")
    (data / "watchlist-hostile.toml").write_text(f'version = 1\nids = ["{ID}"]\n[labels]\n"{ID}" = {_toml(label)}\n')
    folders = {f"ECOVAI_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    gateway.scene = Scene.FAILED
    forked.run(["fetch"], {"HOME": str(home), **folders, **profile(gateway)})
    assert list(home.glob("state/*.sqlite3"))
    return home


@pytest.fixture
def on_gateway(gateway: HostileGateway, told: Path, environment: dict[str, str], home: Path) -> dict[str, str]:
    """Variables for the profile of that home."""
    gateway.scene = Scene.FAILED
    shutil.copytree(told, home)
    return environment | profile(gateway)


def profile(gateway: HostileGateway) -> dict[str, str]:
    return {
        "ECOVAI_PROFILE": "hostile",
        "ECOVAI_BASE_URL": gateway.base_url,
        "ECOVAI_API_KEY": gateway.key,
        "NO_PROXY": "127.0.0.1",
        "LANG": "C.UTF-8",
    }


def _toml(text: str) -> str:
    """Return JSON text as TOML: the same but for pairs of surrogates, which TOML writes as one."""
    return json.dumps(json.loads(text), ensure_ascii=False).replace("\x7f", "\\u007f")


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: f"{' '.join(sink.words)[:40]!r} {sink.scene.name}")
def test_a_command_prints_only_the_words(
    gateway: HostileGateway, on_gateway: dict[str, str], sink: Sink, forked: Forks
) -> None:
    gateway.scene = sink.scene
    done = forked.run(list(sink.words), on_gateway, sink.piped.encode())
    for text in (done.stdout.decode(), done.stderr.decode()):
        assert not traces(text)
        assert not controls(text.replace("\t", " ")), "but for the tabs between cells"
    assert sink.shows in (done.stdout + done.stderr).decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(("words", "says"), OWN_WORDS, ids=lambda value: str(value)[:40])
def test_words_of_the_user_are_quoted_without_steering_the_terminal(
    on_gateway: dict[str, str], words: tuple[str, ...], says: str, forked: Forks
) -> None:
    done = forked.run(list(words), on_gateway)
    text = (done.stdout + done.stderr).decode()
    assert says in text
    assert not controls(text)
    assert not BIDI.search(text)
    assert "Traceback" not in text


@pytest.mark.parametrize("words", [sink.words for sink in SINKS if "json" in " ".join(sink.words)])
def test_no_text_in_json_holds_a_control(on_gateway: dict[str, str], words: tuple[str, ...], forked: Forks) -> None:
    lines = forked.run(list(words), on_gateway).stdout.decode()
    documents = lines.splitlines() if "follow" in words else [lines]
    texts = [text for document in filter(None, documents) for text in _texts(json.loads(document))]
    assert texts or "follow" in words
    assert not [text for text in texts if controls(text.replace("\t", "")) or traces(text)]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from (name, *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


@pytest.mark.parametrize("words", [("fetch", ID), ("ls",), ("wait", ID), ("follow", ID, "--until-final")], ids=str)
def test_a_terminal_gets_colours_of_ours_alone(
    gateway: HostileGateway, on_gateway: dict[str, str], words: tuple[str, ...]
) -> None:
    with Terminal([PROGRAM, *words], environment=on_gateway, columns=200) as terminal:
        terminal.exit_code()
    assert not traces(terminal.received)
