"""The JSON tab: the gateway's own object, laid out to be read."""

from __future__ import annotations

import json

from ecovai_tui.tasks.model import Phase, Task
from ecovai_tui.tasks.text import clean_text
from ecovai_tui.tui.pages.lines import Line, Tone, line

NOTHING_YET = "The gateway has not sent anything about this task yet."
NOT_KNOWN = "The gateway has not sent anything: it does not know this id with this key."


def source_page(task: Task | None, phase: Phase) -> list[Line]:
    """Return the object that the gateway sent, one field a line; ``phase`` is the task's by now."""
    if task is None or not task.source:
        return [line(NOT_KNOWN if phase is Phase.MISSING else NOTHING_YET, Tone.MUTED)]
    return [line(text, indent=_depth(text) + 2) for text in pretty_source(task.source).split("\n")]


def pretty_source(source: str) -> str:
    """Return JSON text indented; text that is not JSON comes back as it is.

    It is cleaned again, because the escape of a control in the text becomes the character itself here.
    """
    try:
        text = json.dumps(json.loads(source), indent=2, ensure_ascii=False)
    except ValueError:
        text = source
    return clean_text(text)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
