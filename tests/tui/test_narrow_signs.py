"""A terminal that draws signs of ambiguous width two cells wide gets others, and text in its place."""

from __future__ import annotations

from app_harness import MakeApp, MakeSession, screen_text, song, until
from textual import events

from ecovai_tui.tui.textual_patches.ansi_writer import PLAIN, AnsiWriter, Cell


async def test_signs_follow_what_the_terminal_says_of_their_width(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(song(1, title="Rain ─ …")))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "╭─ Tasks ─" in screen_text(app), "the frame")
        app.post_message(events.CursorPosition(1, 0))
        await pilot.pause()
        assert "╭─ Tasks ─" in screen_text(app)
        app.post_message(events.CursorPosition(2, 0))
        await until(pilot, lambda: "╷╌ Tasks ╌" in screen_text(app), "the other frame")
        await until(pilot, lambda: "Rain ╌ ⋯" in screen_text(app), "the title")
        assert not set("╭╮╰╯│─┃…") & set(screen_text(app))


def test_the_cursor_is_placed_behind_each_sign_that_may_be_wide() -> None:
    cells = [Cell(character, PLAIN) for character in "a№b"]
    pen = AnsiWriter(ambiguous=True)
    pen.draw(cells, 2, pen.pieces(cells, 0, 3))
    assert pen.lift() == "\x1b[3Ha№\x1b[3;3Hb"
