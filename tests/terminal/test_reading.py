"""What is a key, and what is swallowed whole, whatever the pieces it comes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_input import acts, in_pieces, read, run, run_in_program
from hypothesis import given, settings
from hypothesis import strategies as st

from ecovai_tui.terminal.reading.key_codes import (
    Answer,
    CursorAt,
    EscapeThen,
    Focus,
    Ignored,
    Key,
    Mouse,
    Paste,
    Synchronizes,
    Text,
    Token,
)
from ecovai_tui.terminal.reading.parser import Reader

ESCAPE = Key("escape", "\x1b")


def told(data: bytes) -> list[Token]:
    return read([data])


@pytest.mark.parametrize(
    ("data", "name", "character"),
    [
        (b"\x1b[A", "up", None),
        (b"\x1bOB", "down", None),
        (b"\x1b[1;5C", "ctrl+right", None),
        (b"\x1b[5D", "ctrl+left", None),
        (b"\x1bOa", "ctrl+up", None),
        (b"\x1b[1;3A", "alt+up", None),
        (b"\x1b[H", "home", None),
        (b"\x1b[1~", "home", None),
        (b"\x1b[8~", "end", None),
        (b"\x1b[6~", "pagedown", None),
        (b"\x1b[3;2~", "shift+delete", None),
        (b"\x1b[6^", "ctrl+pagedown", None),
        (b"\x1bOP", "f1", None),
        (b"\x1b[[E", "f5", None),
        (b"\x1b[24~", "f12", None),
        (b"\x1b[Z", "shift+tab", None),
        (b"\x1bOM", "enter", "\r"),
        (b"\x1bOk", "+", "+"),
        (b"\x04", "ctrl+d", "\x04"),
        (b"\x08", "backspace", "\x08"),
        (b"\x7f", "backspace", "\x7f"),
        (b"\x1b[27u", "escape", "\x1b"),
        (b"\x1b[13u", "enter", "\r"),
        (b"\x1b[106u", "j", "j"),
        (b"\x1b[106;1:2u", "j", "j"),
        (b"\x1b[97;2;65u", "A", "A"),
        (b"\x1b[97;2u", "A", "A"),
        (b"\x1b[97:65;2:1u", "A", "A"),
        (b"\x1b[97;3;229u", "å", "å"),
        (b"\x1b[106;65u", "j", "j"),
        (b"\x1b[120;3u", "alt+x", None),
        (b"\x1b[32;5u", "ctrl+space", None),
        (b"\x1b[99;5u", "ctrl+c", None),
        (b"\x1b[57419u", "up", None),
        (b"\x1b[57413u", "+", "+"),
        (b"\x1b[27;5;120~", "ctrl+x", None),
        (b"\x1b[27;2;65~", "A", "A"),
    ],
)
def test_a_key_is_told_by_its_name(data: bytes, name: str, character: str | None) -> None:
    assert told(data) == [Key(name, character)]


@pytest.mark.parametrize(
    ("data", "token"),
    [
        (b"\x1b[<0;10;5M", Mouse(0, 9, 4, released=False)),
        (b"\x1b[<35;1;1m", Mouse(35, 0, 0, released=True)),
        (b"\x1b[I", Focus(gained=True)),
        (b"\x1b[O", Focus(gained=False)),
        (b"\x1b[5;6R", CursorAt(5, 4)),
        (b"\x1b[?2026;2$y", Synchronizes()),
        (b"\x1b[200~a\x1b[31mb\r\n\x1b[201~", Paste("a\x1b[31mb\r\n")),
        (b"\x1b[200~\xb9\xc7\x00\x1b[201~", Paste("\ufffd\ufffd")),
        ("夜曲x\r".encode(), Text("夜曲x\r")),
        (b"\xe9", Text("\ufffd", damaged=True)),
        (b"\x81x", Text("\ufffdx", damaged=True)),
        (b"\x1b[0;;22812:26354u", Text("夜曲")),
        (b"\x1bx", EscapeThen(Key("x", "x"), at_once=True)),
    ],
)
def test_what_is_no_key_and_concerns_the_program_is_told(data: bytes, token: Token) -> None:
    assert told(data) == [token]


@pytest.mark.parametrize(
    "answer",
    ["\x1bP>|xterm(388)", "\x1b_Gi=31;OK", "\x1b_Gi=31;ENOENT:no", "\x1b[?64;1;4c", "\x1b[6;20;10t"],
)
def test_what_the_terminal_answers_of_itself_is_no_key_in_whatever_pieces_it_comes(answer: str) -> None:
    ends = b"" if answer[1] == "[" else b"\x1b\\"
    data = answer.encode() + ends
    assert told(data) == [Answer(answer)]
    for cut in range(2, len(data)):
        assert read([data[:cut], 0.05, data[cut:]]) == [Answer(answer)]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x1bP1$r0m\x1b\\", "DCS"),
        (b"\x1b]11;rgb:3030/3434/4646\x1b\\", "OSC 11"),
        (b"\x1b]11;x\x07", "OSC 11"),
        (b"\x1b]lxq\x1b\\", "OSC"),
        (b"\x1b_xq\x1b\\", "APC"),
        (b"\x1b^xq\x07x\x1b\\", "PM"),
        (b"\x1bXxq\x1b[Bx\x1b\\", "SOS"),
        (b"\x9d11;xq\x9c", "OSC 11"),
        (b"\xc2\x9d11;xq\xc2\x9c", "OSC 11"),
        (b"\x1b[>64;1c", "CSI >c"),
        (b"\x1b[?2048;1$y", "CSI ?$y"),
        (b"\x1b[48;40;120;800;960t", "CSI t"),
        (b"\x1b[99999999;5u", "CSI u"),
        (b"\x1b[55296u", "CSI u"),
        (b"\x1b[120;999u", "CSI u"),
        (b"\x1b[<128;1;1M", "CSI <M"),
        (b"\x1b[Mxqa", "CSI M"),
        (b"\x1b[" + b"1" * 5000 + b"x", "CSI"),
        (b"\x1b\\", "ST"),
        (b"\x85", "C1"),
    ],
)
def test_what_is_no_key_is_swallowed_whole(data: bytes, kind: str) -> None:
    if kind == "C1":
        data = b"\xc2" + data
    assert told(data) == [Ignored(kind)]


@pytest.mark.parametrize("data", [b"\x1b[106;1:3u", b"\x1b[57441;2u", b"\x1b[57430u", b"\x1b[201~"])
def test_a_key_that_is_let_go_of_or_has_no_use_does_nothing_and_is_not_counted(data: bytes) -> None:
    assert told(data) == []


@pytest.mark.parametrize(
    ("pieces", "tokens"),
    [
        ((b"\x1b", 0.5, b"[<35;10;10M", 0.0, b"j"), [ESCAPE, Ignored("CSI <M", late=True), Text("j")]),
        ((b"\x1b[<35;1", 0.5, b"0;10M"), [Mouse(35, 9, 9, released=False)]),
        ((b"\x1b[<35;1", 4.0, b"0;10M"), [Ignored("CSI <"), Ignored("CSI <M", late=True)]),
        ((b"\x1b[", 0.5, b"<35;10;10M"), [Mouse(35, 9, 9, released=False)]),
        ((b"\x1b", 0.5, b"[", 0.05, b"<35;10;10M"), [ESCAPE, Ignored("CSI <M", late=True)]),
        ((b"\x1b", 0.5, b"]11;rgb:x", 1.0, b"q\x1b", 1.0, b"\\x"), [ESCAPE, Ignored("OSC 11", late=True), Text("x")]),
        ((b"\x1b", 0.5, b"P>|xterm\x1b\\"), [ESCAPE, Ignored("DCS", late=True), Answer("\x1bP>|xterm")]),
        ((b"\x1b", 0.5, b"[O"), [ESCAPE, Ignored("CSI O", late=True), Focus(gained=False)]),
        ((b"\x1b", 0.5, b"[200~x\x1b[201~"), [ESCAPE, Ignored("CSI ~", late=True), Paste("x")]),
        ((b"\x1b", 0.5, b"[", 0.5, b"[", 0.5, b"C"), [ESCAPE, Text("["), Text("["), Text("C")]),
        ((b"\x1b", 6.0, b"[<3"), [ESCAPE, Text("[<3")]),
        ((b"\x1b]11;x", 4.0, b"x"), [Ignored("OSC 11"), Text("x")]),
        ((b"\x1b[200~a\rx", 4.0, b"bx\r", 1.0, b"\x1b[201~"), [Paste("a\rx"), Paste("bx\r")]),
        ((b"\x1b[200~a", 4.0, b"j"), [Paste("a"), Text("j")]),
        ((b"\xe5", 0.9, b"\xa4", 0.9, b"\x9c"), [Text("夜")]),
        ((b"\xe9", 0.5, b"j"), [Text("\ufffd", damaged=True), Text("j")]),
        ((b"\x1b[M ", 1.0, b"xq"), [Ignored("CSI M")]),
    ],
)
def test_what_comes_in_pieces_is_known_by_all_of_them(pieces: tuple[bytes | float, ...], tokens: list[Token]) -> None:
    assert read(pieces) == tokens


@pytest.mark.parametrize("key", [b"j", b"x", b"\r", b"[", b"]", b"O", b"N", b"/"])
@pytest.mark.parametrize("pause", [0.0, 0.02, 0.05, 0.09])
def test_a_key_soon_after_escape_is_these_two(key: bytes, pause: float) -> None:
    (token,) = read((b"\x1b", pause, key))
    assert isinstance(token, EscapeThen)
    assert token.key.character == key.decode()


def test_escapes_are_as_many_as_are_typed() -> None:
    assert told(b"\x1b\x1b\x1b") == [ESCAPE] * 3


def test_a_slow_line_lets_an_escape_wait_longer() -> None:
    reader = Reader(escape_delay=0.9)
    assert reader.feed(b"\x1b", 10.0) == []
    assert reader.deadline == pytest.approx(10.9)
    assert reader.tick(10.6) == []
    assert reader.feed(b"[<35;10;10M", 10.7) == [Mouse(35, 9, 9, released=False)]


def test_a_string_that_never_ends_does_not_take_the_keyboard_away_for_good() -> None:
    assert Text("j") in read([b"\x1b]11;", *[1.0, b"j"] * 14])


def test_bytes_that_are_read_late_because_the_program_was_busy_are_not_late() -> None:
    reader = Reader()
    reader.feed(b"\x1b", 10.0)
    assert reader.feed(b"[<35;10;10M", 12.0) == [Mouse(35, 9, 9, released=False)]


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=12) | st.floats(0, 10), max_size=30))
def test_no_bytes_in_any_pieces_raise_anything_or_wait_for_ever(pieces: list[bytes | float]) -> None:
    read(pieces)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.randoms(use_true_random=False))
def test_no_text_is_lost_in_pieces(text: str, random: object) -> None:
    pieces = in_pieces(text.encode(), random, (0.0, 0.5))  # type: ignore[arg-type]  # hypothesis's own
    found = read(pieces)
    assert "".join(token.text for token in found if isinstance(token, Text)) == text
    assert not any(token.damaged for token in found if isinstance(token, Text))


@settings(deadline=None)
@given(st.binary(max_size=200).filter(lambda content: b"\x1b" not in content and b"\x9c" not in content))
def test_a_string_gives_nothing_out(content: bytes) -> None:
    assert not any(map(acts, told(b"\x1bP" + content + b"\x1b\\")))


def test_a_thousand_hostile_strings_do_nothing() -> None:
    assert sum(run(1000, 7).values()) == 1000


def test_a_thousand_strings_without_a_key_do_nothing_to_the_program(tmp_path: Path) -> None:
    written, _ = run_in_program(1000, 7, tmp_path)
    assert written > 10_000
