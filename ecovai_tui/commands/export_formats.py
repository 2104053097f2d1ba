"""The forms in which tasks are exported."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from ecovai_tui.commands.output import write, write_json
from ecovai_tui.tasks.document import TaskDocument

CSV_COLUMNS = (
    "task_id", "kind", "phase", "label", "fail_reason", "submitted_at", "finished_at",
    "clip_id", "clip_phase", "title", "model", "duration", "tags", "audio_url", "video_url", "image_url", "error",
)  # fmt: skip
"""One line for each clip; a task without clips has one line as well."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_FORMULA = ("=", "+", "-", "@")


def write_csv(_report: Mapping[str, object], tasks: Sequence[TaskDocument]) -> None:
    """Write one line for each clip."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for task in tasks:
        writer.writerows(_csv_lines(task))


def write_markdown(report: Mapping[str, object], tasks: Sequence[TaskDocument]) -> None:
    """Write a section for each task with its clips and lyrics."""
    write(f"# Songs, {report['as_of']}")
    for task in tasks:
        write(f"\n## {_plain(task['title'] or task['label'] or task['id'])}\n")
        facts = (task["phase"], task["submitted_at"], task["label"], task["fail_reason"])
        write(f"`{task['id']}` · " + " · ".join(_plain(fact) for fact in facts if fact))
        for number, clip in enumerate(task["clips"], 1):
            name = f"clip {number}: {clip['phase']}"
            write(f"\n- [{name}]({clip['audio_url']})" if clip["audio_url"] else f"\n- {name}")
        texts = dict.fromkeys(clip["lyrics"] for clip in task["clips"])
        if task["lyrics"]:
            texts[task["lyrics"]["text"]] = None
        for text in filter(None, texts):
            write("\n" + "\n".join(f"    {line}" for line in text.splitlines()))


def _write_report(report: Mapping[str, object], _tasks: Sequence[TaskDocument]) -> None:
    write_json(report)


def _csv_lines(task: TaskDocument) -> Iterator[list[str]]:
    head = [task["id"], task["kind"], task["phase"], task["label"], task["fail_reason"]]
    head += [task["submitted_at"] or "", task["finished_at"] or ""]
    for clip in task["clips"]:
        duration = "" if clip["duration"] is None else f"{clip['duration']:g}"
        rest = [clip["id"], clip["phase"], clip["title"], clip["model"], duration, clip["tags"]]
        rest += [clip["audio_url"], clip["video_url"], clip["image_url"], clip["error"]]
        yield [_inert(text) for text in (*head, *rest)]
    if not task["clips"]:
        yield [_inert(text) for text in (*head, "", "", task["title"], *[""] * (len(CSV_COLUMNS) - len(head) - 3))]


def _inert(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula: it came from outside."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


FORMATS: Mapping[str, Callable[[Mapping[str, object], Sequence[TaskDocument]], None]] = {
    "json": _write_report,
    "csv": write_csv,
    "markdown": write_markdown,
}
"""What writes each format."""
