"""What there is to copy of a task."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from ecovai_tui.language import tr
from ecovai_tui.tasks.families import question_of
from ecovai_tui.tui.pages.panel_page import pretty_source
from ecovai_tui.view.card import Subject


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
