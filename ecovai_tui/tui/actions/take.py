"""Handlers that take something along: copying, and opening."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecovai_tui.engine.clock import in_thread, let_others_work
from ecovai_tui.terminal.sequences import safe_url, should_open_browser
from ecovai_tui.tui import terminal_window
from ecovai_tui.tui.actions.handlers import performs
from ecovai_tui.tui.pages.panel_page import Copy, copies_of
from ecovai_tui.view.lines import line

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


READ_AT_ONCE = 50
"""Tasks read in one slice: a matter of ten milliseconds."""


@performs("copy-id")
async def copy_id(screen: MainScreen) -> None:
    """Copy the id of the task, or the ids of all marked ones, one a line."""
    await _copy(screen, "\n".join(screen.listing.chosen_ids))


@performs("copy-audio")
async def copy_audio(screen: MainScreen) -> None:
    """Copy the audio address of the clip, or those of all clips of the marked tasks, one a line."""
    marked = screen.table.marked
    if not marked:
        address = _audio_address(screen)
        if address:
            await _copy(screen, address)
        return
    found = await _addresses_of(screen, marked)
    addresses, without = [address for group in found for address in group], found.count([])
    none = f"{'1 task has' if without == 1 else f'{without} tasks have'} none yet" if without else ""
    if addresses:
        await _copy(screen, "\n".join(addresses), none)
    else:
        screen.context.say(f"No audio address to copy: {none}")


@performs("copy-menu")
async def copy_menu(screen: MainScreen) -> None:
    """Let the user choose what to copy."""
    from ecovai_tui.tui.dialogs.lists import ChoiceScreen  # noqa: PLC0415  # not needed for the first paint

    subject = screen.panes.read_subject()
    if subject is None:
        return
    copies = copies_of(subject)
    chosen = await screen.app.push_screen_wait(ChoiceScreen(screen.context, "Copy", [_choice(copy) for copy in copies]))
    if chosen is not None:
        await _copy(screen, copies[chosen].text)


@performs("open")
async def open_audio(screen: MainScreen) -> None:
    """Open the audio in a browser; where no browser would show on the user's screen, copy and show the address."""
    import webbrowser  # noqa: PLC0415  # seldom needed

    address = _audio_address(screen)
    if not address:
        return
    if not should_open_browser(screen.context.options.environment, sys.platform):
        await _copy(screen, address)
    elif not await in_thread(webbrowser.open, address):
        screen.context.say("No browser could be started", gravity="error")


async def _copy(screen: MainScreen, text: str, remark: str = "") -> None:
    """Copy a text, and show it as well, because a terminal may refuse and never says so; add a remark."""
    context, options = screen.context, screen.context.options
    copied, data = await terminal_window.copy(text, options.capabilities, options.environment)
    context.send_to_terminal(data)
    if copied.done:
        context.say(terminal_window.shown(text, remark, ascii_only=options.ascii), title=copied.message)
    else:
        from ecovai_tui.tui.dialogs.dialog import TextScreen  # noqa: PLC0415  # seldom needed

        lines = [line(part) for part in text.split("\n")]
        await screen.app.push_screen_wait(TextScreen(context, copied.message, lines))


async def _addresses_of(screen: MainScreen, ids: Sequence[str]) -> list[list[str]]:
    """Return the audio addresses of the clips of each task."""
    found: list[list[str]] = []
    for place, id_ in enumerate(ids, 1):
        if place % READ_AT_ONCE == 0:
            await let_others_work()
        task = screen.context.session.replica.task(id_)
        clips = task.clips if task else ()
        found.append([address for clip in clips if clip.has_audio and (address := safe_url(clip.audio_url))])
    return found


def _audio_address(screen: MainScreen) -> str:
    subject = screen.panes.read_subject()
    clip = subject.clip if subject else None
    address = safe_url(clip.audio_url) if clip and clip.has_audio else ""
    if not address:
        screen.context.say("There is no audio address for this clip yet")
    return address


def _choice(copy: Copy) -> tuple[str, str]:
    """Return the name of a text and how it begins; a line of one character, as JSON has it, says nothing."""
    first, *others = copy.text.splitlines()
    begin = first if len(first) > 1 or not others else ""
    count = f"{len(others) + 1} lines" if others else ""
    return copy.name, "  ".join(filter(None, (count, begin)))
