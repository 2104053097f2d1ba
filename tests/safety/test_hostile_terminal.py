"""Whatever a gateway sends, the terminal gets none of it but the words, and no word is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.hostile import ATTACKS, MARKUP, HostileGateway, Scene, traces
from support.terminal import Open, Terminal

from ecovai_tui.terminal.sequences import AMBIGUOUS_WIDTH

ID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
PASTED = (
    "\x1b[200~"
    + " ".join(("pasted", *(ATTACKS[name] for name in ("C1 colour", "C0", "bidi", "invisible", "variation"))))
    + "\x1b[201~"
)
ENTER, ESCAPE = "\r", "\x1b"
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


PAGES = (
    Sink("table and title of the panel", (), rf"Phase .*│ {SHOWN} title.*\n.*► streaming .*{SHOWN} title"),
    Sink("lyrics", (), rf"│ {SHOWN} +│"),
    Sink("details", ("]",), rf"title +{SHOWN}"),
    Sink("history", ("]",), "first +seen"),
    Sink("JSON", ("]",), rf'"group": "group {SHOWN}'),
    Sink("panel over the whole screen", ("f",), rf'"group": "group {SHOWN}', ("f",)),
    Sink("copy menu", (COPY_MENU,), rf"Copy\b[\s\S]*{SHOWN}", (ESCAPE,)),
    Sink("toast of a copied text", (COPY_MENU, "jj", ENTER), rf"Sent to the terminal's clipboard[\s\S]*{SHOWN}"),
    Sink("palette", (":", MARKUP), rf" {SHOWN}  [\s\S]*No action has these words", (ESCAPE,)),
)
TYPED = (
    Sink("label dialog", ("e",), rf"Label of {SHOWN}", (ESCAPE,)),
    Sink("filter", ("/", MARKUP, ENTER), rf"/ {SHOWN} ─+ 1 of 1", (ESCAPE,)),
    Sink("filter that matches nothing", ("/", "[/Verse]z", ENTER), r"Nothing has all of this: \[/Verse\]z", (ESCAPE,)),
    Sink("filter, pasted", ("/", PASTED, ENTER), r"Nothing has all of this: pasted", (ESCAPE,)),
    Sink("adding, pasted", ("a", PASTED), "pasted", (ESCAPE,)),
    Sink("label, pasted", ("e", PASTED, ENTER), r"…\s+pasted"),
    Sink("label in the table", ("e", CLEAR_LINE, MARKUP, ENTER), r"…\s+\[red\]x\[/Ver…"),
    Sink("toast of a removal", ("x",), rf" {SHOWN}[\s\S]* removed\."),
    Sink("toast of what came back", ("u",), rf" {SHOWN}[\s\S]* is back"),
)
STATES = (
    Sink("task that is done", ("r",), r"✓ (done|no audio) .*\[red\]x", scene=Scene.DONE),
    Sink("status nobody has seen", ("r",), r"! unknown.*the gateway says status \[red\]", scene=Scene.STRANGE),
    Sink("task that failed", ("r",), r"✗ failed .*  reason \[red\]x", scene=Scene.FAILED),
    Sink("reason in the table", (), r"✗ failed .*  reason \[red\]x"),
    Sink("clip's own error", ("]",), rf"error +.*{SHOWN}"),
    Sink("lyrics of a lyrics task", ("r", "["), rf"✓ done[\s\S]*text {SHOWN}", scene=Scene.LYRICS),
)
ERRORS = (
    Sink("server's words", ("r",), rf"code {SHOWN}", scene=Scene.ERROR),
    Sink("server's page", ("r",), rf"page {SHOWN}", scene=Scene.ERROR_PAGE),
    Sink("server's plain text", ("r",), rf"text {SHOWN}", scene=Scene.ERROR_TEXT),
    Sink("rejection under status 200", ("r",), r"rejected \[red\]x\[/Verse\]", scene=Scene.REJECTED),
)
WAYS = {"pages": PAGES, "what is typed": TYPED, "states": STATES, "errors": ERRORS}
"""Every place where the monitor shows a text from outside, on a few ways through the program."""


@pytest.fixture
def gateway() -> Iterator[HostileGateway]:
    gateway = HostileGateway()
    with gateway.serving():
        yield gateway


@pytest.fixture
def terminal(gateway: HostileGateway, home: Path, environment: dict[str, str], open_quickly: Open) -> Terminal:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('notify = "desktop"\n')
    hostile = {
        "ECOVAI_PROFILE": "hostile",
        "ECOVAI_BASE_URL": gateway.base_url,
        "ECOVAI_API_KEY": gateway.key,
    }
    terminal = open_quickly(ID, columns=200, lines=50, environment=environment | hostile)
    terminal.wait_for("► 1 streaming")
    return terminal


@pytest.mark.parametrize("way", WAYS)
def test_only_the_words_arrive_and_nothing_is_left_behind(
    way: str, terminal: Terminal, gateway: HostileGateway
) -> None:
    for sink in WAYS[way]:
        _visit(sink, terminal, gateway)
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert not traces(bytes(terminal.received).replace(AMBIGUOUS_WIDTH, b"", 1))
    _, _, after = terminal.received.rpartition(b"\x1b[?1049l")
    assert not re.sub(rb"\x1b\[[\d;?<>=]*[a-zA-Z]", b"", after).strip()


def _visit(sink: Sink, terminal: Terminal, gateway: HostileGateway) -> None:
    before = len(terminal.received)
    gateway.scene = sink.scene or gateway.scene
    _press(terminal, sink.keys)
    terminal.wait_for(sink.shows)
    _press(terminal, sink.away)
    assert not traces(bytes(terminal.received[before:])), sink.name


def _press(terminal: Terminal, keys: tuple[str, ...]) -> None:
    """Type keys as somebody does who waits for what comes of each."""
    for key in keys:
        terminal.press(key)
        terminal.settle()
