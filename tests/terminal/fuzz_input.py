"""Whatever a terminal sends: the program lives, and nothing but a key does anything.

As a script: ``python tests/terminal/fuzz_input.py [COUNT] [SEED]`` prints a line for each of its two parts. The first
reads COUNT random strings in random pieces with random pauses. The second writes COUNT strings that hold no key to the
program in a terminal, and then COUNT / 50 of any bytes at all.

What is no key is known from how the strings are made, not from the grammar that is tested.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.forked import SCREEN, forks
from support.terminal import PROGRAM, Terminal

from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.terminal.reading.key_codes import EscapeThen, Ignored, Key, Mouse, Text, Token
from ecovai_tui.terminal.reading.parser import Reader
from ecovai_tui.tui.textual_patches.driver import Translator
from ecovai_tui.view.actions import ACTIONS

ESC = b"\x1b"
LETTERS = "".join(key for action in ACTIONS for key in action.keys if len(key) == 1).encode() + b"0123456789;:\r\n "
"""Keys of the table: what a string must not give out."""

ENDS = (b"\x1b\\", b"\x9c", b"\xc2\x9c")
SILENCE = 30.0
END_OF_ALL = b"\x1b\\\x1b[201~"
"""Ends whatever string or paste has begun, so that the next one is heard."""

SIGNALS = b"\x03\x1a\x1c"
"""What becomes a signal once the program has given the terminal back."""

Piece = bytes | float
"""Bytes that come in one read, or a pause in seconds."""


def no_key(random: Random, *, whole: bool = False) -> bytes:
    """Return a string in which there is no key; where it is ``whole``, it also ends."""
    return random.choice(_NO_KEYS if whole else (*_NO_KEYS, _paste_without_end))(random)


def anything(random: Random) -> bytes:
    """Return any bytes, with a liking for the beginnings of sequences."""
    parts = (
        lambda: ESC,
        lambda: random.choice((b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1bX", b"\x1b^", b"\x1bO", b"\x1b[<")),
        lambda: no_key(random)[: random.randrange(12)],
        lambda: no_key(random)[random.randrange(6) :],
        lambda: random.choice((b"\x1b[A", b"\x1b[1;5B", b"\x1b[106;1:2u", b"\x1b[<0;10;5M", b"\x1b[I")),
        lambda: random.choice((b"\x1b[200~", b"\x1b[201~", b"\x1b[6;5R", b"\x1b[48;10;10;5;5t", b"\x1b[?2048;1$y")),
        lambda: random.choice(("夜曲", "é", "🎵", "\u009b", "\u202e")).encode()[: random.randrange(1, 5)],
        lambda: "夜曲é".encode(random.choice(("gbk", "utf-16", "utf-8")), "ignore"),
        lambda: _letters(random),
        lambda: random.randbytes(random.randrange(1, 20)),
        lambda: (
            b"%d" % random.choice((0, 1, 27, 200, 55_296, 1_114_112, 10**30)) + random.choice((b";", b":", b"u", b"~"))
        ),
    )
    return b"".join(random.choice(parts)() for _ in range(random.randrange(1, 9)))


def in_pieces(data: bytes, random: Random, pauses: tuple[float, ...]) -> Iterator[Piece]:
    """Yield the bytes in pieces, with one of the pauses between two of them."""
    cuts = sorted(random.sample(range(1, len(data)), min(random.randrange(5), len(data) - 1))) if len(data) > 1 else []
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        if start:
            yield random.choice(pauses)
        yield data[start:end]


def read(pieces: Iterable[Piece]) -> list[Token]:
    """Return what a reader tells of these pieces, after which nothing comes."""
    reader, translator, now = Reader(), Translator(), 0.0
    told: list[Token] = []

    def take(tokens: list[Token]) -> None:
        told.extend(tokens)
        list(translator.messages(tokens))

    for piece in (*pieces, SILENCE):
        if isinstance(piece, bytes):
            take(reader.feed(piece, now))
            continue
        until = now + piece
        while (deadline := reader.deadline) is not None and deadline <= until:
            take(reader.tick(deadline))
        now = until
    assert reader.deadline is None, "it waits for ever"
    return told


def acts(token: Token) -> bool:
    """Return whether something that was told could do anything in the table."""
    match token:
        case Text(text, damaged):
            return not damaged and any(character.isascii() for character in text)
        case Key() | EscapeThen() | Mouse():
            return True
    return False


def check_no_key(random: Random) -> str:
    """Read a string without a key; nothing acts, however it is cut."""
    data = no_key(random)
    tokens = read(in_pieces(data, random, (0.0, 0.01, 0.04)))
    assert not any(map(acts, tokens)), (data, tokens)
    return "without a key"


def check_slow_no_key(random: Random) -> str:
    """Read a sequence that stands still in the middle; nothing acts."""
    data = random.choice(_SEQUENCES)(random)
    head = 2 if data[:1] == ESC else 3
    if len(data) <= head:
        return check_no_key(random)
    cut = random.randrange(head + 1, len(data) + 1)
    tokens = read((data[:cut], random.uniform(0, 2.9), data[cut:])) if cut < len(data) else read((data,))
    assert not any(map(acts, tokens)), (data, cut, tokens)
    return "that stand still"


def check_late_tail(random: Random) -> str:
    """Read a report whose escape came long before; it is the escape key, and nothing else acts."""
    data = random.choice(_REPORTS)(random)
    tokens = read((data[:1], random.uniform(0.2, 4.9), data[1:], random.uniform(0, 1)))
    assert tokens[0] == Key("escape", "\x1b"), (data, tokens)
    assert not any(map(acts, tokens[1:])), (data, tokens)
    assert any(isinstance(token, Ignored) and token.late for token in tokens), (data, tokens)
    return "with a late tail"


def check_anything(random: Random) -> str:
    """Read any bytes; nothing is raised."""
    read(in_pieces(anything(random) or b"x", random, (0.0, 0.02, 0.2, 1.5, 4.0)))
    return "of any bytes"


CHECKS = (check_no_key, check_slow_no_key, check_late_tail, check_anything)


def run(count: int, seed: int) -> Counter[str]:
    """Read so many strings; returns how many there were of each sort."""
    random = Random(seed)
    return Counter(random.choice(CHECKS)(random) for _ in range(count))


class Pane(Terminal):
    """A terminal that can stop looking: once the program is gone it echoes whatever is typed."""

    looks = True

    def _show_received(self, *, silent: bool = False) -> None:
        if self.looks:
            super()._show_received(silent=silent)


def run_in_program(count: int, seed: int, folder: Path) -> tuple[int, int]:
    """Write strings to the program in a terminal; returns how many bytes it took, and how often a key made it leave."""
    random = Random(seed)
    with Simulator(Options(arrivals=False)) as simulator, forks(*SCREEN) as quick:
        variables = {name: str(folder / name) for name in ("ECOVAI_CONFIG_DIR", "ECOVAI_DATA_DIR", "ECOVAI_STATE_DIR")}
        variables |= {"HOME": str(folder), "ECOVAI_PROFILE": "simulator", "BROWSER": "true", "SSH_TTY": "/dev/null"}
        variables |= {"ECOVAI_BASE_URL": simulator.base_url, "ECOVAI_API_KEY": simulator.key}
        ids = simulator.ids[:12]
        watch_list = WatchListFile(folder / "ECOVAI_DATA_DIR" / "watchlist-simulator.toml")
        watch_list.path.parent.mkdir(parents=True, exist_ok=True)
        watch_list.add(ids, now=time.time())

        def start() -> Pane:
            terminal = Pane([PROGRAM], environment=variables, forks=quick)
            terminal.wait_for("✓ [0-9]+")
            return terminal

        with start() as terminal:
            written = _write(terminal, (no_key(random, whole=True) for _ in range(count)))
            _still_lives(terminal)
            assert not _action_seen(terminal), terminal.text
            assert watch_list.read().ids == ids
        return written, _write_anything(start, random, max(1, count // 50))


def _write_anything(start: Callable[[], Pane], random: Random, count: int) -> int:
    """Write any bytes; where a key makes the program leave, it is started again."""
    left = 0
    while count > 0:
        with start() as terminal:
            terminal.looks = False
            while count > 0 and _is_running(terminal):
                count -= 1
                _write(terminal, [anything(random).translate(None, SIGNALS), END_OF_ALL])
            if not count:
                terminal.read_for(1.0)
            if _is_running(terminal):
                continue
            code = terminal.exit_code()
            assert code == 0, (code, bytes(terminal.received[-2000:]))
            left += 1
    return left


def _is_running(terminal: Terminal) -> bool:
    try:
        terminal.read(0)
        return Path(f"/proc/{terminal.process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def _write(terminal: Terminal, strings: Iterable[bytes]) -> int:
    written, batch = 0, b""
    for string in strings:
        batch += string
        if len(batch) > 1000:
            terminal.press(batch)
            terminal.read(0)
            written, batch = written + len(batch), b""
    terminal.press(batch)
    terminal.read(0)
    return written + len(batch)


def _still_lives(terminal: Terminal) -> None:
    """Wait until a key acts, now that the terminal is silent: what had begun is given up by then."""
    terminal.read_for(4.0)
    terminal.press("/")
    terminal.wait_for("enter keep")
    terminal.press(ESC)
    terminal.wait_until_gone("enter keep")


def _action_seen(terminal: Terminal) -> bool:
    return bool(re.search("removed|Add tasks|Label of|paused", terminal.text))


def _letters(random: Random, most: int = 30) -> bytes:
    return bytes(random.choice(LETTERS) for _ in range(random.randrange(1, most)))


def _content(random: Random) -> bytes:
    return b"".join(
        random.choice(
            (_letters(random), "月夜🎵".encode(), ESC + b"x", ESC + b"[B", b"\x1b\x1bq", "\xe9".encode("latin-1"))
        )
        for _ in range(random.randrange(1, 4))
    )


def _osc(random: Random) -> bytes:
    introducer = random.choice((b"\x1b]", b"\x1b]", b"\x9d", b"\xc2\x9d"))
    number = random.choice((b"", b"11;", b"52;c;", b"4;1;rgb:", b"99999999;", b"l", b"L"))
    return introducer + number + _content(random) + random.choice((*ENDS, b"\x07"))


def _string(random: Random) -> bytes:
    seven = random.choice((b"P", b"_", b"^", b"X"))
    eight = bytes([seven[0] + 0x40])
    introducer = random.choice((ESC + seven, ESC + seven, eight, b"\xc2" + eight))
    return introducer + _content(random) + random.choice((b"", b"\x07")) + random.choice(ENDS)


def _csi(random: Random) -> bytes:
    numbers = b";".join(b"%d" % random.choice((0, 1, 2, 11, 200, 9999, 10**12)) for _ in range(random.randrange(1, 4)))
    between = random.choice((b"", b"", b" ", b"$", b"'", b'"'))
    final = random.choice(b"efghijklnopqrstvwxyz{|}`GJKLNTUVWXY")
    introducer = random.choice((b"\x1b[", b"\x1b[", b"\x9b", b"\xc2\x9b"))
    return introducer + random.choice((b"", b"?", b">", b"=")) + numbers + between + bytes([final])


def _no_kitty_key(random: Random) -> bytes:
    code = random.choice((b"99999999", b"1114112", b"55296", b"0", b"3", b"57441", b"57358"))
    return random.choice(
        (b"\x1b[" + code + b";5u", b"\x1b[120;1:3u", b"\x1b[120;1:9u", b"\x1b[120;9999u", b"\x1b[120;0u")
    )


def _no_mouse_report(random: Random) -> bytes:
    return random.choice(
        (b"\x1b[<200;1;1M", b"\x1b[<0;1M", b"\x1b[<0;0;5M", b"\x1b[<0;-1;5m", b"\x1b[35;10;10M", b"\x1b[Mxqa")
    )


def _other_encoding(random: Random) -> bytes:
    leads = [lead for lead in range(0x81, 0xFF) if lead not in {0x8F, 0x90, 0x98, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F}]
    return b"".join(bytes([random.choice(leads), random.choice(b"xqaupeyY")]) for _ in range(random.randrange(1, 6)))


def _paste(random: Random) -> bytes:
    return _paste_without_end(random) + b"\x1b[201~"


def _paste_without_end(random: Random) -> bytes:
    return b"\x1b[200~" + random.choice((_letters(random), b"\xd2\xb9\xc7\xfa", _content(random), b"\x1b[20", b"\x00"))


def _mouse(random: Random) -> bytes:
    return b"\x1b[<%d;%d;%d" % (random.choice((0, 2, 35, 64)), random.randrange(1, 300), random.randrange(1, 99)) + (
        random.choice((b"M", b"m"))
    )


def _other_report(random: Random) -> bytes:
    colours = (b"\x1b]11;rgb:3030/3434/4646\x1b\\", b"\x1b]10;rgb:ffff/ffff/ffff\x07")
    selves = (b"\x1bP>|xterm(388)\x1b\\", b"\x1b[?64;1;2c", b"\x1b[>41;388;0c")
    return random.choice((*colours, *selves, b"\x1b[?2026;2$y", b"\x1b_Gi=31;OK\x1b\\", b"\x1bP1$r0m\x1b\\"))


_SEQUENCES = (_osc, _string, _csi, _no_kitty_key)
_NO_KEYS = (*_SEQUENCES, _no_mouse_report, _other_encoding, _paste)
_REPORTS = (_mouse, _other_report)


def _main(count: int = 100_000, seed: int = 1) -> None:
    began = time.perf_counter()
    told = ", ".join(f"{number} {sort}" for sort, number in run(count, seed).most_common())
    print(f"{count} strings (seed {seed}) in {time.perf_counter() - began:.0f} s, no exception, no action: {told}")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        written, left = run_in_program(count, seed, Path(folder))
    print(
        f"{count} strings without a key, {written} bytes, to the program in {time.perf_counter() - began:.0f} s: "
        f"nothing done; then {count // 50} of any bytes: no crash, left by a key {left} times"
    )


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:3]))
