"""Handlers that act on tasks: add, remove, undo, label, mark, refresh, pause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecovai_tui.engine.clock import let_others_work
from ecovai_tui.tui.actions.handlers import performs
from ecovai_tui.tui.pages.status import why_not_now

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


ASKED_AT_ONCE = 500
"""Chosen tasks that are asked for in one slice: a matter of twenty milliseconds."""


@performs("add")
async def add(screen: MainScreen) -> None:
    """Ask for ids and watch them."""
    from ecovai_tui.tui.dialogs.fields import AddScreen  # noqa: PLC0415  # not needed for the first paint

    dialog = AddScreen(screen.context, lambda name: name in screen.task_list)
    ids = await screen.app.push_screen_wait(dialog)
    if not ids:
        return
    added = await screen.context.session.engine.add(ids)
    known = f", {_tasks(len(added.already))} watched already" if added.already else ""
    screen.context.say(f"{_tasks(len(added.new))} added{known}")
    if added.new:
        screen.table.move_to(added.new[-1])


@performs("remove")
async def remove(screen: MainScreen) -> None:
    """Stop watching the marked tasks, or the one under the cursor."""
    ids = screen.listing.chosen_ids
    if not ids:
        return
    title = _name(screen, ids)
    removed = await screen.context.session.engine.remove(ids)
    screen.listing.unmark_all()
    if removed:
        them = "it" if len(removed) == 1 else "them"
        screen.context.say(f"{title} removed. {screen.context.keyboard.key_of('undo')} brings {them} back")


@performs("undo")
async def undo(screen: MainScreen) -> None:
    """Take back the last removal, or the labels given since."""
    restored, relabelled = await screen.context.session.engine.undo()
    if restored:
        screen.context.say(f"{_name(screen, restored)} {'is' if len(restored) == 1 else 'are'} back")
        screen.table.move_to(restored[0])
    elif relabelled:
        screen.context.say(f"{_name(screen, relabelled)} {_labelled(screen, relabelled)} again")
    else:
        screen.context.say("Nothing to take back: nothing was removed within the last day, or labelled in this run")


@performs("label")
async def label(screen: MainScreen) -> None:
    """Ask for a label and write it on the marked tasks, or on the one under the cursor."""
    from ecovai_tui.tui.dialogs.fields import LabelScreen  # noqa: PLC0415  # not needed for the first paint

    ids = screen.listing.chosen_ids
    if not ids:
        return
    name, watched = _name(screen, ids), screen.task_list.find(ids[0])
    before = screen.context.typed_ahead.take_up() or (watched.label if watched else "")
    text = await screen.app.push_screen_wait(LabelScreen(screen.context, name, before))
    if text is None:
        return
    await screen.context.session.engine.set_labels(ids, text)
    verb = "is" if len(ids) == 1 else "are"
    done = f'labelled "{text}"' if text else "without a label"
    screen.context.say(f"{name} {verb} {done}. {screen.context.keyboard.key_of('undo')} takes that back")


@performs("mark")
def mark(screen: MainScreen) -> None:
    """Mark or unmark the task under the cursor, and go on to the next."""
    screen.table.toggle_mark()
    screen.table.move(1)
    screen.show_status()


@performs("unmark-all")
def unmark_all(screen: MainScreen) -> None:
    """Unmark all tasks."""
    screen.listing.unmark_all()


@performs("refresh")
async def refresh(screen: MainScreen) -> None:
    """Ask the gateway now, and for the chosen tasks even if they are settled; say so if that cannot be."""
    engine, ids = screen.context.session.engine, screen.listing.chosen_ids
    for start in range(0, len(ids) or 1, ASKED_AT_ONCE):
        if start:
            await let_others_work()
        engine.refresh(ids[start : start + ASKED_AT_ONCE])
    hindrance = why_not_now(
        engine.link, engine.role, screen.context.session.clock.now(), screen.context.keyboard.key_of("pause")
    )
    if hindrance:
        screen.context.say(hindrance)
    else:
        screen.tell_asked()


@performs("pause")
def pause(screen: MainScreen) -> None:
    """Stop asking, or go on."""
    if screen.context.session.engine.link.paused:
        screen.context.session.engine.resume()
    else:
        screen.context.session.engine.pause()
    screen.show_status()


def _labelled(screen: MainScreen, ids: Sequence[str]) -> str:
    """Return what became of labels that were taken back."""
    if len(ids) > 1:
        return "have their former labels"
    task = screen.task_list.find(ids[0])
    return f'is labelled "{task.label}"' if task and task.label else "is without a label"


def _name(screen: MainScreen, ids: Sequence[str]) -> str:
    if len(ids) > 1:
        return _tasks(len(ids))
    task = screen.task_list.find(ids[0])
    return (task.summary.title or task.label or task.id) if task else "The task"


def _tasks(number: int) -> str:
    return "1 task" if number == 1 else f"{number} tasks"
