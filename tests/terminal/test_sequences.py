"""Notifications, titles and links: their bytes, and that no text from outside can break out of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.terminal.sequences import (
    BELL,
    RESTORE_TITLE,
    SAVE_TITLE,
    SCREEN_CHUNK,
    Notification,
    call_user,
    clean_field,
    notification,
    notification_way,
    safe_url,
    should_open_browser,
    through_screen,
    through_tmux,
    window_title,
)

if TYPE_CHECKING:
    from ecovai_tui.store.settings_file import Notify

PLAIN = Capabilities(depth=ColourDepth.MANY, unicode=True)
ASCII = PLAIN._replace(unicode=False, encoding="ascii")
MUTE = [PLAIN._replace(console=True), PLAIN._replace(dumb=True), PLAIN._replace(terminal=False)]

NASTY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\x1b\x07\x9b\x9c\x9d\x90\\;]\n\r\u202e\u200b\ud800"))
)
"""Texts rich in what ends or begins a sequence."""

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def test_the_bell_is_one_byte() -> None:
    assert BELL == b"\x07"


@pytest.mark.parametrize(
    ("way", "capabilities", "expected"),
    [
        (Notification.OSC9, PLAIN, b"\x1b]9;ecovai-tui: done\x07"),
        (Notification.OSC777, PLAIN, b"\x1b]777;notify;ecovai-tui;done\x07"),
        (Notification.OSC9, PLAIN._replace(tmux=True), b"\x1bPtmux;\x1b\x1b]9;ecovai-tui: done\x07\x1b\\"),
        (Notification.OSC777, PLAIN._replace(screen=True), b"\x1bP\x1b]777;notify;ecovai-tui;done\x07\x1b\\"),
    ],
)
def test_a_notification_is_written_as_the_terminal_takes_it(
    way: Notification, capabilities: Capabilities, expected: bytes
) -> None:
    assert notification(way, "ecovai-tui", "done", capabilities) == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("off", b""), ("bell", b"\x07"), ("desktop", b"\x07\x1b]9;ecovai-tui: done\x07")],
)
def test_the_user_is_called_as_wished_and_a_notification_never_goes_without_the_bell(
    wish: Notify, expected: bytes
) -> None:
    assert call_user(wish, "ecovai-tui", "done", PLAIN, {"TERM": "xterm-256color"}) == expected


@pytest.mark.parametrize("wish", ["off", "bell", "desktop"])
def test_a_pipe_is_never_rung(wish: Notify) -> None:
    assert call_user(wish, "ecovai-tui", "done", PLAIN._replace(terminal=False), {}) == b""


def test_the_linux_console_can_at_least_be_rung() -> None:
    assert call_user("desktop", "ecovai-tui", "done", PLAIN._replace(console=True), {"TERM": "linux"}) == BELL


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-256color"}, Notification.OSC9),
        ({"TERM": "xterm-kitty"}, Notification.OSC9),
        ({"TERM": "tmux-256color"}, Notification.OSC9),
        ({}, Notification.OSC9),
        ({"TERM": "foot"}, Notification.OSC777),
        ({"TERM": "rxvt-unicode-256color"}, Notification.OSC777),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, Notification.OSC777),
    ],
)
def test_a_notification_takes_the_form_that_the_terminal_knows(environment: dict[str, str], way: Notification) -> None:
    assert notification_way(environment) is way


@pytest.mark.parametrize("capabilities", MUTE, ids=["linux console", "dumb", "pipe"])
def test_where_nothing_can_be_shown_no_byte_is_written(capabilities: Capabilities) -> None:
    assert notification(Notification.OSC9, "a", "b", capabilities) == b""
    assert window_title("a", capabilities) == b""


def test_a_text_cannot_pass_for_a_progress_bar_or_a_second_field() -> None:
    assert notification(Notification.OSC9, "4;1;50", "x", PLAIN) == b"\x1b]9;4,1,50: x\x07"
    assert notification(Notification.OSC777, "a;b", "c;d", PLAIN) == b"\x1b]777;notify;a,b;c,d\x07"


def test_the_title_is_set_and_can_be_put_back() -> None:
    assert window_title("ecovai-tui ✓3", PLAIN) == "\x1b]2;ecovai-tui ✓3\x07".encode()
    assert (SAVE_TITLE, RESTORE_TITLE) == (b"\x1b[22;2t", b"\x1b[23;2t")


def test_a_title_is_cut_before_it_fills_the_bar() -> None:
    assert len(window_title("x" * 1_000, PLAIN)) == 120 + len(b"\x1b]2;\x07")


def test_no_byte_that_a_latin_1_terminal_takes_for_a_control_is_sent_to_it() -> None:
    assert "✜".encode()[1:] == b"\x9c\x9c"
    assert window_title("✜", ASCII) == b"\x1b]2;?\x07"


@given(NASTY, NASTY, st.sampled_from([PLAIN, ASCII]), st.sampled_from([Notification.OSC9, Notification.OSC777]))
def test_no_text_breaks_out_of_a_notification(
    title: str, body: str, capabilities: Capabilities, way: Notification
) -> None:
    sequence = notification(way, title, body, capabilities)
    frame = re.fullmatch(rb"\x1b\](9;|777;notify;)(.*)\x07", sequence, re.DOTALL)
    assert frame
    assert not CONTROLS.search(frame[2].decode())
    assert frame[2].count(b";") == (1 if way is Notification.OSC777 else 0)


@given(NASTY, st.sampled_from([PLAIN, ASCII]))
def test_no_text_breaks_out_of_a_title(text: str, capabilities: Capabilities) -> None:
    frame = re.fullmatch(rb"\x1b\]2;(.*)\x07", window_title(text, capabilities), re.DOTALL)
    assert frame
    assert not CONTROLS.search(frame[1].decode())
    assert capabilities.unicode or frame[1].isascii()


@given(NASTY)
def test_a_field_is_one_line_without_controls(text: str) -> None:
    assert not CONTROLS.search(clean_field(text).decode())
    assert clean_field(text, unicode=False).isascii()


@given(st.binary(max_size=5_000))
def test_what_goes_through_tmux_comes_out_as_it_was(sequence: bytes) -> None:
    inner = through_tmux(sequence).removeprefix(b"\x1bPtmux;").removesuffix(b"\x1b\\")
    assert inner.replace(b"\x1b\x1b", b"\x1b") == sequence


@given(st.binary(max_size=5_000).map(lambda data: data.replace(b"\x1b", b"")))
def test_what_goes_through_screen_comes_out_as_it_was(payload: bytes) -> None:
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", through_screen(payload), re.DOTALL)
    assert b"".join(pieces) == payload
    assert all(len(piece) <= SCREEN_CHUNK for piece in pieces)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://cdn1.suno.ai/a.mp3", "https://cdn1.suno.ai/a.mp3"),
        ("http://127.0.0.1:8000/x?a=1&b=%20#c", "http://127.0.0.1:8000/x?a=1&b=%20#c"),
        ("HTTPS://Example.org/", "HTTPS://Example.org/"),
        ("https://example.org/歌.mp3", "https://example.org/%E6%AD%8C.mp3"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ('https://example.org/"quoted"', "https://example.org/%22quoted%22"),
        ("", ""),
        ("None.mp3", ""),
        ("ftp://example.org/a", ""),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("https:///path", ""),
        ("//example.org", ""),
        ("https://[::1", ""),
        ("https://example.org/a b", ""),
        (" https://example.org/", ""),
        ("https://example.org/\x1b]0;x\x07", ""),
        ("https://example.org/\u202egnp.exe", ""),
        ("https://example.org/" + "x" * 3_000, ""),
        ("https://example.org/" + "歌" * 500, ""),
    ],
)
def test_only_http_addresses_in_printable_ascii_become_links(address: str, safe: str) -> None:
    assert safe_url(address) == safe


@pytest.mark.parametrize(
    ("environment", "platform", "opens"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "a 1 b 2"}, "darwin", False),
        ({"SSH_TTY": "/dev/pts/1", "DISPLAY": "localhost:10.0"}, "linux", False),
    ],
)
def test_a_browser_opens_only_where_the_user_would_see_it(
    environment: dict[str, str], platform: str, *, opens: bool
) -> None:
    assert should_open_browser(environment, platform) is opens
