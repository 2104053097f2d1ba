"""``ecovai-tui export``: write out all that is known, from the disk alone."""

from __future__ import annotations

import csv
import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping

from ecovai_tui.commands.shared.cached_tasks import (
    Known,
    add_filter_option,
    nothing_meant,
    read_filter,
    read_since,
    with_known,
)
from ecovai_tui.commands.shared.command_line import find_place
from ecovai_tui.commands.shared.output import ExitCode, json_text, say, write
from ecovai_tui.commands.shared.task_report import describe, saved_files
from ecovai_tui.engine.schedule import DEFAULT_INTERVAL
from ecovai_tui.language import later, tr
from ecovai_tui.store.replica import Replica
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.selection import counts
from ecovai_tui.tasks.task_json import TaskDocument, report

CSV_COLUMNS = (
    "task_id", "kind", "phase", "label", "fail_reason", "submitted_at", "finished_at",
    "clip_id", "clip_phase", "title", "model", "duration", "tags", "audio_url", "video_url", "image_url", "error",
    "family", "size", "expires_at",
)  # fmt: skip
"""One line for each clip; a task without clips has one line as well."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_NOT_IN_A_TARGET = re.compile(r"[\s()<>\\]")
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")  # the last four open a formula in East Asian spreadsheets


def write_csv(_report: Mapping[str, object], tasks: Iterable[TaskDocument]) -> None:
    """Write one line for each clip."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for task in tasks:
        writer.writerows(_csv_lines(task))


def write_markdown(report: Mapping[str, object], tasks: Iterable[TaskDocument]) -> None:
    """Write a section for each task with its clips and lyrics."""
    write(tr("# Songs, {moment}", moment=report["as_of"]))
    for task in tasks:
        write(f"\n## {_plain(task['title'] or task['label'] or task['id'])}\n")
        facts = (tr(task["phase"]), task["submitted_at"], task["label"], task["fail_reason"])
        write(f"{_code(task['id'])} · " + " · ".join(_plain(fact) for fact in facts if fact))
        for number, clip in enumerate(task["clips"], 1):
            name = tr("clip {number}: {phase}", number=number, phase=tr(clip["phase"]))
            address = {"picture": clip["image_url"], "video": clip["video_url"]}.get(clip["kind"], clip["audio_url"])
            write(f"\n- [{name}]({_target(address)})" if address else f"\n- {name}")
        texts = dict.fromkeys(clip["lyrics"] for clip in task["clips"])
        if task["lyrics"]:
            texts[task["lyrics"]["text"]] = None
        for text in filter(None, texts):
            write("\n" + "\n".join(f"    {line}" for line in text.splitlines()))


def write_report(report: Mapping[str, object], tasks: Iterable[TaskDocument]) -> None:
    """Write the object that every command with ``--json`` prints, one task after the other."""
    head, between = json_text({**report, "tasks": []}).removesuffix("[]\n}"), ""
    sys.stdout.write(f"{head}[")
    for task in tasks:
        sys.stdout.write(f"{between}\n    " + json_text(task).replace("\n", "\n    "))
        between = ","
    write("\n  ]\n}" if between else "]\n}")


def _csv_lines(task: TaskDocument) -> Iterator[list[str]]:
    head = [task["id"], task["kind"], task["phase"], task["label"], task["fail_reason"]]
    head += [task["submitted_at"] or "", task["finished_at"] or ""]
    for clip in task["clips"]:
        duration = "" if clip["duration"] is None else f"{clip['duration']:g}"
        rest = [clip["id"], clip["phase"], clip["title"] or task["title"], clip["model"], duration, clip["tags"]]
        rest += [clip["audio_url"], clip["video_url"], clip["image_url"], clip["error"]]
        rest += [task["family"], clip["size"], clip["expires_at"] or ""]
        yield [_inert(text) for text in (*head, *rest)]
    if not task["clips"]:
        rest = ["", "", task["title"], *[""] * 7, task["family"], "", ""]
        yield [_inert(text) for text in (*head, *rest)]


def _inert(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula: it came from outside."""
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.splitlines()))


def _code(text: str) -> str:
    """Return an id as Markdown shows it letter by letter, also one with backticks."""
    if "`" not in text:
        return f"`{text}`"
    fence = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{fence} {text} {fence}"


def _target(address: str) -> str:
    """Return an address that does not end the link early."""
    return _NOT_IN_A_TARGET.sub(lambda found: f"%{ord(found.group()):02X}", address)


FORMATS: Mapping[str, Callable[[Mapping[str, object], Iterable[TaskDocument]], None]] = {
    "json": write_report,
    "csv": write_csv,
    "markdown": write_markdown,
}
"""What writes each format."""


EXAMPLES = later("""
examples:
  ecovai-tui export > songs.json
  ecovai-tui export --format csv --phase done --since 7d > week.csv
  ecovai-tui export --format markdown --phase failed,partial
  ecovai-tui export --filter 'label:album !tag:jazz lyrics:rain'
  ecovai-tui export --since 2026-11-01 | ecovai-tui add - --profile work

What was exported as JSON can be piped back into ecovai-tui add -.
""")


_SINCE = later("only those submitted since: an age as 12h, 7d, 2w, or a date as 2026-11-01 or 2026-11-01T18:30")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--format", choices=sorted(FORMATS), default="json", help=tr("how (default: json)"))
    known = tr(", ").join(Phase)
    parser.add_argument(
        "--phase", metavar="PHASE", action="append", type=read_phases, help=tr("only these: {known}", known=known)
    )
    parser.add_argument("--since", metavar="WHEN", type=read_since, help=tr(_SINCE))
    add_filter_option(parser)


def run(arguments: Namespace) -> ExitCode:
    """Write every watched task that was asked for, newest first."""
    query = read_filter(arguments)
    now = time.time()
    place = find_place(arguments)
    phases = frozenset(phase for chosen in arguments.phase or () for phase in chosen)

    def write_out(known: Known, replica: Replica) -> None:
        tasks = [task for task in known.tasks if _is_meant(task, phases, arguments.since)]
        head = report([], counts(tasks), now=now, gateway=known.gateway, profile=place.profile or "")
        FORMATS[arguments.format](head, _documents(tasks, replica, now))
        sys.stdout.flush()
        if not tasks:
            say(nothing_meant(watched=known.watched > 0))

    with_known(place, write_out, query)
    return ExitCode.WELL


def read_phases(text: str) -> tuple[Phase, ...]:
    """Return the phases that a list with commas names; raises argparse's error for another word."""
    words = [word.strip().lower() for word in text.split(",")]
    for word in words:
        if word not in set(Phase):
            raise ArgumentTypeError(
                tr("there is no phase {word!r}; known: {phase}", word=word, phase=tr(", ").join(Phase))
            )
    return tuple(Phase(word) for word in words)


def _documents(tasks: Iterable[WatchedTask], replica: Replica, now: float) -> Iterator[TaskDocument]:
    """Yield the tasks one by one: all lyrics at once would be too much."""
    for task in tasks:
        yield describe(task, replica.task(task.id), now, DEFAULT_INTERVAL, saved_files(replica, [task.id]))


def _is_meant(task: WatchedTask, phases: frozenset[Phase], since: float | None) -> bool:
    if phases and task.summary.phase not in phases:
        return False
    moment = task.summary.submitted_at or task.added_at
    return since is None or (moment is not None and moment >= since)
