"""Handlers of what is done with tasks: add, remove, undo, label, mark, refresh, pause, copy, open."""

from __future__ import annotations

import json
import shlex
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecovai_tui.engine.worker import in_thread
from ecovai_tui.language import clauses, sentences, tr, tr_n
from ecovai_tui.tasks.families import question_of
from ecovai_tui.tasks.model import Kind
from ecovai_tui.terminal.sequences import safe_url, should_open_browser
from ecovai_tui.tui import terminal_window
from ecovai_tui.tui.dialogs.dialog import TextScreen
from ecovai_tui.tui.dialogs.fields import AddScreen, LabelScreen
from ecovai_tui.tui.dialogs.palette import ChoiceScreen
from ecovai_tui.tui.pages.panel_page import pretty_source
from ecovai_tui.tui.pages.status import why_not_now
from ecovai_tui.view.card import Subject
from ecovai_tui.view.lines import line

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to take along, and what it is called."""

    name: str
    text: str


def copies_of(subject: Subject, base_url: str) -> list[Copy]:
    """Return everything that there is to copy, the likeliest first; ``base_url`` is the gateway's address."""
    summary, task, clip = subject.watched.summary, subject.task, subject.clip
    found = [Copy(tr("id"), summary.id)]
    if clip is not None:
        found += [
            Copy(tr("audio"), clip.audio_url),
            Copy(tr("video"), clip.video_url),
            Copy(tr("picture"), clip.image_url),
        ]
        found += [Copy(tr("clip id"), clip.id), Copy(tr("lyrics"), clip.lyrics), Copy(tr("tags"), clip.tags)]
        found.append(Copy(tr("prompt"), clip.description))
    if task is not None:
        found.append(Copy(tr("prompt"), task.prompt))
        found.append(Copy(tr("all addresses"), "\n".join(clip.address for clip in task.clips if clip.address)))
        found += [Copy(tr("lyrics"), task.lyrics.text)] if task.lyrics else []
        found.append(Copy(tr("JSON"), pretty_source(task.source)))
    found += [
        Copy(tr("title"), summary.title),
        Copy(tr("label"), subject.watched.label),
        Copy(tr("reason"), summary.fail_reason),
    ]
    found.append(Copy(tr("curl"), curl_line(summary.id, base_url)))
    return [copy for copy in found if copy.text.strip()]


def curl_line(task_id: str, base_url: str) -> str:
    """Return the shell command that asks the gateway for a task; the shell puts the key in, which is not in it."""
    path, asked = question_of(task_id), json.dumps({"ids": [task_id], "action": ""})
    posted = () if path else ("-H 'Content-Type: application/json'", f"-d {shlex.quote(asked)}")
    address = shlex.quote(f"{base_url.rstrip('/')}{path or '/suno/fetch'}")
    return " ".join(("curl -s", address, '-H "Authorization: Bearer $ECOVAI_API_KEY"', *posted))


async def add(screen: MainScreen) -> None:
    """Ask for ids and watch them."""
    dialog = AddScreen(screen.context, lambda name: name in screen.task_list)
    wanted = await screen.app.push_screen_wait(dialog)
    if wanted is None:
        return
    added = await screen.context.session.engine.add(wanted.ids, wanted.label)
    known = tr_n("{n} task watched already", "{n} tasks watched already", len(added.already)) if added.already else ""
    screen.context.say(clauses(tr_n("{n} task added", "{n} tasks added", len(added.new)), known))
    if added.new:
        screen.table.move_to(added.new[-1])


async def remove(screen: MainScreen) -> None:
    """Stop watching the marked tasks, or the one under the cursor; an unknown outcome stays until it is known."""
    ids = screen.listing.chosen_ids
    if not ids:
        if screen.table.cursor_id in screen.task_list.unsettled:
            key = screen.context.keyboard.key_of("panel")
            screen.context.say(tr("It stays until you say what came of it: {key}", key=key))
        return
    title = _name(screen, ids)
    removed = await screen.context.session.engine.remove(ids)
    screen.listing.unmark_all()
    if removed:
        screen.listing.removed = len(removed)
        screen.listing.tell_emptiness()
        told = tr_n(
            "{name} removed. {key} brings it back",
            "{name} removed. {key} brings them back",
            len(removed),
            name=title,
            key=screen.context.keyboard.key_of("undo"),
        )
        screen.context.say(told)


async def undo(screen: MainScreen) -> None:
    """Take back the last removal, or the labels given since."""
    restored, relabelled = await screen.context.session.engine.undo()
    if restored:
        screen.listing.removed = 0
        name = _name(screen, restored)
        screen.context.say(tr_n("{name} is back", "{name} are back", len(restored), name=name))
        screen.table.move_to(restored[0])
    elif relabelled:
        screen.context.say(_labelled(screen, relabelled))
    else:
        screen.context.say(tr("Nothing to take back: nothing was removed within the last day, or labelled in this run"))


async def label(screen: MainScreen) -> None:
    """Ask for a label and write it on the marked tasks, or on the one under the cursor."""
    ids = screen.listing.chosen_ids
    if not ids:
        return
    name, watched = _name(screen, ids), screen.task_list.find(ids[0])
    before = screen.context.typed_ahead.take_up() or (watched.label if watched else "")
    text = await screen.app.push_screen_wait(LabelScreen(screen.context, name, before))
    if text is None:
        return
    await screen.context.session.engine.set_labels(ids, text)
    told = tr_n("{name} is without a label.", "{name} are without a label.", len(ids), name=name)
    if text:
        told = tr_n('{name} is labelled "{label}".', '{name} are labelled "{label}".', len(ids), name=name, label=text)
    screen.context.say(sentences(told, tr("{key} takes that back", key=screen.context.keyboard.key_of("undo"))))


def mark(screen: MainScreen) -> None:
    """Mark or unmark the task under the cursor, and go on to the next."""
    screen.table.toggle_mark()
    screen.table.move(1)
    screen.show_status()


def mark_to(screen: MainScreen) -> None:
    """Mark all tasks from the one that was marked last to the one under the cursor."""
    screen.table.toggle_mark(all_to_here=True)
    screen.show_status()


def unmark_all(screen: MainScreen) -> None:
    """Unmark all tasks."""
    screen.listing.unmark_all()


async def refresh(screen: MainScreen) -> None:
    """Ask the gateway now, and for the chosen tasks even if they are settled; say so if that cannot be."""
    engine, ids = screen.context.session.engine, screen.listing.chosen_ids
    await engine.refresh(ids)
    hindrance = why_not_now(engine.link, screen.context.session.clock.now(), screen.context.keyboard.key_of("pause"))
    if hindrance:
        screen.context.say(hindrance)
    else:
        screen.tell_asked()


def pause(screen: MainScreen) -> None:
    """Stop asking, or go on."""
    if screen.context.session.engine.link.paused:
        screen.context.session.engine.resume()
    else:
        screen.context.session.engine.pause()
    screen.show_status()


def _labelled(screen: MainScreen, ids: Sequence[str]) -> str:
    """Return what became of labels that were taken back."""
    name, task = _name(screen, ids), screen.task_list.find(ids[0])
    if len(ids) > 1:
        return tr("{name} have their former labels again", name=name)
    if task and task.label:
        return tr('{name} is labelled "{label}" again', name=name, label=task.label)
    return tr("{name} is without a label again", name=name)


def _name(screen: MainScreen, ids: Sequence[str]) -> str:
    if len(ids) > 1:
        return tr_n("{n} task", "{n} tasks", len(ids))
    task = screen.task_list.find(ids[0])
    return (task.summary.title or task.label or task.id) if task else tr("The task")


async def copy_id(screen: MainScreen) -> None:
    """Copy the id of the task, or the ids of all marked ones, one a line."""
    await _copy(screen, "\n".join(screen.listing.chosen_ids))


async def copy_audio(screen: MainScreen) -> None:
    """Copy the audio address of the clip, or those of all clips of the marked tasks, one a line."""
    marked = screen.table.marked
    if not marked:
        address = await _audio_address(screen)
        if address:
            await _copy(screen, address)
        return
    found = await _addresses_of(screen, marked)
    addresses, without = [address for group in found for address in group], found.count([])
    none = tr_n("{n} task has none yet", "{n} tasks have none yet", without) if without else ""
    if addresses:
        await _copy(screen, "\n".join(addresses), none)
    else:
        screen.context.say(tr("No audio address to copy: {why}", why=none))


async def copy_menu(screen: MainScreen) -> None:
    """Let the user choose what to copy."""
    subject = await screen.panes.read_subject()
    if subject is None:
        return
    copies = copies_of(subject, screen.context.session.settings.base_url)
    chosen = await screen.app.push_screen_wait(
        ChoiceScreen(screen.context, tr("Copy"), [_choice(copy) for copy in copies])
    )
    if chosen is not None:
        await _copy(screen, copies[chosen].text)


async def open_audio(screen: MainScreen) -> None:
    """Open the audio in a browser; where no browser would show on the user's screen, copy and show the address."""
    address = await _audio_address(screen)
    if not address:
        return
    if not should_open_browser(screen.context.options.environment, sys.platform):
        await _copy(screen, address)
    elif not await in_thread(webbrowser.open, address):
        screen.context.say(tr("No browser could be started"), gravity="error")


async def _copy(screen: MainScreen, text: str, remark: str = "") -> None:
    """Copy a text, and show it as well, because a terminal may refuse and never says so; add a remark."""
    context, options = screen.context, screen.context.options
    copied, data = await terminal_window.copy(text, options.capabilities, options.environment)
    context.send_to_terminal(data)
    if copied.done:
        context.say(terminal_window.shown(text, remark, ascii_only=options.ascii), title=copied.message)
    else:
        lines = [line(part) for part in text.split("\n")]
        await screen.app.push_screen_wait(TextScreen(context, copied.message, lines))


async def _addresses_of(screen: MainScreen, ids: Sequence[str]) -> list[list[str]]:
    """Return where the songs, pictures or videos of each task are."""
    tasks = await screen.context.session.worker.run(lambda replica: [replica.task(id_) for id_ in ids])
    clips = (task.clips if task else () for task in tasks)
    return [[url for clip in each if (url := safe_url(clip.address))] for each in clips]


async def _audio_address(screen: MainScreen) -> str:
    subject = await screen.panes.read_subject()
    clip = subject.clip if subject else None
    address = safe_url(clip.address) if clip else ""
    if not address:
        screen.context.say(tr("There is no address for this yet"))
    return address


def _choice(copy: Copy) -> tuple[str, str]:
    """Return the name of a text and how it begins; a line of one character, as JSON has it, says nothing."""
    first, *others = copy.text.splitlines()
    begin = first if len(first) > 1 or not others else ""
    count = tr("{n} lines", n=len(others) + 1) if others else ""
    return copy.name, "  ".join(filter(None, (count, begin)))


async def download(screen: MainScreen) -> None:
    """Keep the file of the clip under the cursor, or the files of all marked tasks."""
    marked = screen.table.marked
    if marked:
        wanted: dict[str, tuple[str, ...]] = dict.fromkeys(marked, ())
    else:
        subject = await screen.panes.read_subject()
        if subject is None or subject.task is None or subject.clip is None:
            screen.context.say(tr("There is no file to keep yet"))
            return
        wanted = {subject.watched.id: (subject.clip.id,)}
    if not await screen.files.keep(wanted):
        screen.context.say(tr("Nothing of this is finished yet, so there is no file to keep"))


async def play(screen: MainScreen) -> None:
    """Play the clip, its file before its address; stop what plays; over SSH, show and copy the address instead."""
    if screen.files.playing:
        await in_thread(screen.files.stop_playing)
        screen.context.say(tr("Stopped"))
        return
    subject = await screen.panes.read_subject()
    clip = subject.clip if subject else None
    if subject is None or clip is None:
        screen.context.say(tr("There is nothing to hear yet"))
        return
    if clip.kind is Kind.PICTURE:
        look, keep = map(screen.context.keyboard.key_of, ("open", "download"))
        screen.context.say(tr("A picture cannot be played: {look} opens it, {keep} saves it", look=look, keep=keep))
        return
    options, chosen = screen.context.options, screen.context.session.settings.player
    if options.environment.get("SSH_CONNECTION") and not chosen:
        screen.context.say(tr("The sound would come out of the other machine, so here is the address"))
        await copy_audio(screen)
        return
    what = await screen.files.file_of(clip, subject.watched.id) or await _audio_address(screen)
    if what and (fault := screen.files.play(what)):
        screen.context.say(fault, gravity="error")
    elif what:
        key = screen.context.keyboard.key_of("play")
        screen.context.say(tr("Playing {title}: {key} stops it", title=clip.title or clip.id, key=key))


HANDLERS = {
    "add": add,
    "remove": remove,
    "undo": undo,
    "label": label,
    "mark": mark,
    "mark-to-here": mark_to,
    "unmark-all": unmark_all,
    "refresh": refresh,
    "pause": pause,
    "copy-id": copy_id,
    "copy-audio": copy_audio,
    "copy-menu": copy_menu,
    "open": open_audio,
    "download": download,
    "play": play,
}
"""By the id of the action."""
