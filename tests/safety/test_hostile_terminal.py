"""Whatever a gateway sends, the terminal gets none of it but the words, and no word is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from support.hostile import ATTACKS, MARKUP, HostileGateway, Scene, traces
from support.terminal import PROGRAM, Terminal

ID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
PASTED = (
    "\x1b[200~"
    + " ".join(("pasted", *(ATTACKS[name] for name in ("C1 colour", "C0", "bidi", "invisible", "variation"))))
    + "\x1b[201~"
)
ENTER, ESCAPE = "\r", "\x1b"
PAUSE = 0.2
"""Seconds of silence after which a key counts as answered."""

EXIT = "terminal after the exit"
COPY_MENU, CLEAR_LINE = "\x19", "\x15"
SHOWN = re.escape(MARKUP)


@dataclass(frozen=True, slots=True)
class Sink:
    """A place of the screen: how to get there, what stands there then, and how to get away."""

    name: str
    keys: tuple[str, ...]
    shows: str
    """A pattern: the markup as it stands, wherever a text from outside is shown."""
    away: tuple[str, ...] = ()
    scene: Scene | None = None


SINKS = (
    Sink("table and title of the panel", (), rf"Phase .*│ {SHOWN} title.*\n.*► streaming .*{SHOWN} title"),
    Sink("lyrics", (), rf"│ {SHOWN} *\n"),
    Sink("details", ("]",), rf"title +{SHOWN}"),
    Sink("history", ("]",), "first seen"),
    Sink("JSON", ("]",), rf'"group": "group {SHOWN}'),
    Sink("panel over the whole screen", ("f",), rf'"group": "group {SHOWN}', ("f",)),
    Sink("label dialog", ("e",), rf"Label of {SHOWN}", (ESCAPE,)),
    Sink("copy menu", (COPY_MENU,), rf"Copy\b[\s\S]*{SHOWN}", (ESCAPE,)),
    Sink("toast of a copied text", (COPY_MENU, "jj", ENTER), rf"Sent to the terminal's clipboard[\s\S]*{SHOWN}"),
    Sink("palette", (":", MARKUP), rf" {SHOWN}  [\s\S]*No matches found", (ESCAPE,)),
    Sink("filter", ("/", MARKUP, ENTER), rf"1 of 1: “{SHOWN}”", (ESCAPE,)),
    Sink("filter that matches nothing", ("/", "[/Verse]z", ENTER), r"No task matches “\[/Verse\]z”", (ESCAPE,)),
    Sink("filter, pasted", ("/", PASTED, ENTER), r"No task matches “pasted", (ESCAPE,)),
    Sink("adding, pasted", ("a", PASTED), "pasted", (ESCAPE,)),
    Sink("label, pasted", ("e", PASTED, ENTER), r"… pasted"),
    Sink("label in the table", ("e", CLEAR_LINE, MARKUP, ENTER), r"… \[red\]x\[/Ver…"),
    Sink("toast of a removal", ("x",), rf"▌ {SHOWN}[\s\S]* removed\."),
    Sink("toast of what came back", ("u",), rf"▌ {SHOWN}[\s\S]* is back"),
    Sink("toast of a final task", ("r",), rf"✓ done *\n.*▌ {SHOWN}", scene=Scene.DONE),
    Sink("status nobody has seen", ("r",), r'! unknown.*"status \[red\]', scene=Scene.STRANGE),
    Sink("toast of a failure", ("r",), rf"✗ failed *\n(.*\n)*.*▌ reason {SHOWN}", scene=Scene.FAILED),
    Sink("reason in the table", (), r"✗ failed .*  reason \[red\]x"),
    Sink("clip's own error", ("[", "["), rf"clip error {SHOWN}"),
    Sink("lyrics of a lyrics task", ("r", "["), rf"✓ done[\s\S]*text {SHOWN}", scene=Scene.LYRICS),
    Sink("server's words", ("r",), rf"code {SHOWN}", scene=Scene.ERROR),
    Sink("server's page", ("r",), rf"page {SHOWN}", scene=Scene.ERROR_PAGE),
    Sink("server's plain text", ("r",), rf"text {SHOWN}", scene=Scene.ERROR_TEXT),
    Sink("rejection under status 200", ("r",), rf"rejected {SHOWN}", scene=Scene.REJECTED),
    Sink(EXIT, ("q",), ""),
)
"""Every place where the monitor shows a text from outside, on one way through the program."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[str, bytes]]]:
    """What stood on the screen, and what had been sent for it, at each sink."""
    home = tmp_path_factory.mktemp("home")
    (home / "config.toml").write_text('notify = "desktop"\n')
    gateway = HostileGateway()
    environment = {
        "HOME": str(home),
        **{f"ECOVAI_{name}_DIR": str(home) for name in ("CONFIG", "DATA", "STATE")},
        "ECOVAI_PROFILE": "hostile",
        "ECOVAI_BASE_URL": gateway.base_url,
        "ECOVAI_API_KEY": gateway.key,
    }
    with gateway.serving(), Terminal([PROGRAM, ID], columns=200, lines=50, environment=environment) as terminal:
        yield {sink.name: _visit(sink, terminal, gateway) for sink in SINKS}


def _visit(sink: Sink, terminal: Terminal, gateway: HostileGateway) -> tuple[str, bytes]:
    before = len(terminal.received)
    gateway.scene = sink.scene or gateway.scene
    _press(terminal, sink.keys)
    with suppress(AssertionError):
        terminal.wait_for(sink.shows)
    screen = terminal.text
    _press(terminal, sink.away)
    return screen, bytes(terminal.received[before:])


def _press(terminal: Terminal, keys: tuple[str, ...]) -> None:
    """Type keys as somebody does who waits for what comes of each."""
    for key in keys:
        terminal.press(key)
        while terminal.read(PAUSE):
            pass


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.name)
def test_only_the_words_arrive(seen: dict[str, tuple[str, bytes]], sink: Sink) -> None:
    screen, sent = seen[sink.name]
    assert re.search(sink.shows, screen), screen
    assert not traces(sent)


def test_nothing_is_left_behind_after_the_exit(seen: dict[str, tuple[str, bytes]]) -> None:
    _, _, after = seen[EXIT][1].rpartition(b"\x1b[?1049l")
    assert not re.sub(rb"\x1b\[[\d;?<>=]*[a-zA-Z]", b"", after).strip()
