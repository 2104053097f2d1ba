"""A task as our JSON, the same in every command, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from ecovai_tui.tasks.families import family_of
from ecovai_tui.tasks.model import Clip, ClipFile, Kind, Lyrics, Phase, Task, WatchedTask
from ecovai_tui.tasks.text import in_english_words
from ecovai_tui.tasks.times import iso_time, moment_of


class ClipContent(TypedDict):
    """What the gateway said of a clip, as the replica stores it."""

    id: str
    phase: str
    status: str
    title: str
    model: str
    tags: str
    duration: float | None
    lyrics: str
    description: str
    audio_url: str
    video_url: str
    image_url: str
    playable: bool
    error: str
    kind: str
    size: str
    expires_at: str | None


class FileDocument(TypedDict):
    """A file that was saved, as JSON."""

    what: str
    path: str
    size: int


class ClipDocument(ClipContent):
    """A clip as JSON."""

    files: list[FileDocument]


class LyricsDocument(TypedDict):
    """The result of a lyrics task as JSON."""

    title: str
    text: str
    tags: str


class TaskContent(TypedDict):
    """What the gateway said of a task, as the replica stores it."""

    id: str
    kind: str
    phase: str
    status: str
    note: str
    fail_reason: str
    submitted_at: str | None
    started_at: str | None
    finished_at: str | None
    clips: list[ClipContent]
    lyrics: LyricsDocument | None
    progress: float | None
    prompt: str
    options: list[str]


class LineDocument(TypedDict):
    """A task as ``ls --json`` and ``status --json`` print it."""

    id: str
    family: str
    kind: str
    phase: str
    final: bool
    stalled: bool
    stale: bool
    no_audio: bool
    needs_you: bool
    status: str
    title: str
    label: str
    note: str
    fail_reason: str
    progress: float | None
    expires_at: str | None
    submitted_at: str | None
    started_at: str | None
    finished_at: str | None
    added_at: str | None
    seen_at: str | None
    changed_at: str | None


class TaskDocument(LineDocument):
    """A whole task as ``fetch --json``, ``follow --json`` and ``export`` print it."""

    prompt: str
    options: list[str]
    clips: list[ClipDocument]
    lyrics: LyricsDocument | None


def line_document(watched: WatchedTask, now: float, interval: float) -> LineDocument:
    """Return what one line knows of a task; ``interval`` (seconds) is the time between two looks at it."""
    summary = watched.summary
    return {
        "id": summary.id,
        "family": family_of(summary.id),
        "kind": summary.kind.value,
        "phase": summary.phase.value,
        "final": summary.phase.final,
        "stalled": summary.stalled(now),
        "stale": summary.stale(now, interval),
        "no_audio": summary.no_audio,
        "needs_you": summary.needs_you,
        "status": summary.status,
        "title": summary.title,
        "label": watched.label,
        "note": in_english_words(summary.note),
        "fail_reason": summary.fail_reason,
        "progress": summary.progress,
        "expires_at": iso_time(summary.expires_at),
        "submitted_at": iso_time(summary.submitted_at),
        "started_at": iso_time(summary.started_at),
        "finished_at": iso_time(summary.finished_at),
        "added_at": iso_time(watched.added_at),
        "seen_at": iso_time(summary.seen_at),
        "changed_at": iso_time(summary.changed_at),
    }


def task_document(
    watched: WatchedTask, task: Task | None, now: float, interval: float, files: Iterable[ClipFile] = ()
) -> TaskDocument:
    """Return all that is known of a task; ``task`` is None where no reply about it was ever stored.

    ``files`` are those that were saved of its clips.
    """
    saved = list(files)
    return {
        **line_document(watched, now, interval),
        "prompt": task.prompt if task else "",
        "options": list(task.options) if task else [],
        "clips": [clip_document(clip, saved) for clip in task.clips] if task else [],
        "lyrics": _lyrics_document(task.lyrics) if task else None,
    }


def task_content(task: Task) -> TaskContent:
    """Return what the gateway said of a task in a form that ``read_content`` takes back."""
    return {
        "id": task.id,
        "kind": task.kind.value,
        "phase": task.phase.value,
        "status": task.status,
        "note": task.note,
        "fail_reason": task.fail_reason,
        "submitted_at": iso_time(task.submitted_at),
        "started_at": iso_time(task.started_at),
        "finished_at": iso_time(task.finished_at),
        "clips": [_clip_content(clip) for clip in task.clips],
        "lyrics": _lyrics_document(task.lyrics),
        "progress": task.progress,
        "prompt": task.prompt,
        "options": list(task.options),
    }


def read_content(content: TaskContent, source: str = "") -> Task:
    """Return the task that ``task_content`` wrote, also an older one; ``source`` is the gateway's own object."""
    return Task(
        id=content["id"],
        kind=Kind(content["kind"]),
        phase=Phase(content["phase"]),
        status=content["status"],
        fail_reason=content["fail_reason"],
        note=content["note"],
        submitted_at=moment_of(content["submitted_at"]),
        started_at=moment_of(content["started_at"]),
        finished_at=moment_of(content["finished_at"]),
        clips=tuple(_read_clip(clip) for clip in content["clips"]),
        lyrics=Lyrics(**content["lyrics"]) if content["lyrics"] else None,
        source=source,
        progress=content.get("progress"),
        prompt=content.get("prompt", ""),
        options=tuple(content.get("options", ())),
    )


def report(
    tasks: Sequence[LineDocument], counts: Mapping[Phase, int], *, now: float, gateway: str, profile: str
) -> dict[str, object]:
    """Return the object around a list of tasks that every command with ``--json`` prints."""
    return {
        "as_of": iso_time(now),
        "gateway": gateway,
        "profile": profile,
        "counts": {phase.value: counts.get(phase, 0) for phase in Phase},
        "tasks": list(tasks),
    }


def clip_document(clip: Clip, files: Iterable[ClipFile] = ()) -> ClipDocument:
    """Return a clip as JSON, with those of the files that are its own."""
    own: list[FileDocument] = [
        {"what": file.what, "path": file.path, "size": file.size} for file in files if file.clip == clip.id
    ]
    return {**_clip_content(clip), "files": own}


def _clip_content(clip: Clip) -> ClipContent:
    return {
        "id": clip.id,
        "phase": clip.phase.value,
        "status": clip.status,
        "title": clip.title,
        "model": clip.model,
        "tags": clip.tags,
        "duration": clip.duration,
        "lyrics": clip.lyrics,
        "description": clip.description,
        "audio_url": clip.audio_url,
        "video_url": clip.video_url,
        "image_url": clip.image_url,
        "playable": clip.playable,
        "error": clip.error,
        "kind": clip.kind.value,
        "size": clip.size,
        "expires_at": iso_time(clip.expires_at),
    }


def _read_clip(clip: ClipContent) -> Clip:
    read = {"phase", "playable", "kind", "expires_at"}
    fields = {name: value for name, value in clip.items() if name not in read}
    return Clip(
        phase=Phase(clip["phase"]),
        kind=Kind(clip.get("kind", Kind.MUSIC)),
        expires_at=moment_of(clip.get("expires_at")),
        **fields,  # type: ignore[arg-type]  # the keys of the TypedDict are the fields
    )


def _lyrics_document(lyrics: Lyrics | None) -> LyricsDocument | None:
    return {"title": lyrics.title, "text": lyrics.text, "tags": lyrics.tags} if lyrics else None
