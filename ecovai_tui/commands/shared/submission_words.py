"""From the words of ``submit`` to the request that they mean."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import suppress

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.target_ids import STANDARD_INPUT, unreadable_input
from ecovai_tui.gateway.submission import Kind, Submission, Value, concat, lyrics, song, upload, value_of
from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import quoted, shown_path
from ecovai_tui.store.files import anchored
from ecovai_tui.tasks.model import is_id, is_web_address

_OF_SONGS = ("lyrics", "describe", "title", "tags", "model", "instrumental", "extend")
"""The options that say something of a song alone."""

_WORD = {Kind.LYRICS: "TEXT", Kind.UPLOAD: "URL", Kind.CONCAT: "CLIP"}
"""What stands behind each kind but music."""


_MEANING_OF_WORD = later(
    "what lyrics are about (-: standard input), the address of music to upload, or an extended clip to join"
)


def add_submission_arguments(parser: ArgumentParser) -> None:
    """Declare what is to be made."""
    parser.add_argument("kind", choices=[kind.value for kind in Kind], help=tr("what to make"))
    parser.add_argument("word", metavar="TEXT|URL|CLIP", nargs="?", help=tr(_MEANING_OF_WORD))
    songs = parser.add_argument_group(tr("of a song (music)"))
    songs.add_argument("--lyrics", metavar="FILE", help=tr("its own lyrics, from a file or (-) standard input"))
    songs.add_argument("--describe", metavar="TEXT", help=tr("what it is about, and Suno writes the rest"))
    songs.add_argument("--title", metavar="TEXT")
    songs.add_argument("--tags", metavar="TEXT", help=tr("its style"))
    songs.add_argument("--model", metavar="MV", help=tr("as chirp-v5; which ones there are, the gateway's pages say"))
    songs.add_argument("--instrumental", action="store_true", help=tr("without a voice"))
    songs.add_argument(
        "--extend", metavar="CLIP@SECONDS", help=tr("go on with this clip from there, as …@80 or …@1:20")
    )
    parser.add_argument(
        "--field",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help=tr("any other field of the request; repeatable"),
    )


def read_submission(arguments: Namespace) -> Submission:
    """Return the request that the words mean; raises UsageError."""
    kind = Kind(arguments.kind)
    fields = dict(_field(text) for text in arguments.field)
    submission = _song(arguments, fields) if kind is Kind.MUSIC else _other(kind, arguments, fields)
    try:
        submission.body.encode()
    except UnicodeEncodeError:
        raise UsageError(tr("A text of the request is not in UTF-8, so nothing was sent.")) from None
    return submission


def _field(text: str) -> tuple[str, Value]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(tr("A field is written KEY=VALUE, as negative_tags=drums, not {words}.", words=quoted(text)))
    try:
        return name, value_of(name, value)
    except ValueError as error:
        raise UsageError(
            tr("The field {name} must be {error}, not {value}.", name=name, error=error, value=quoted(value))
        ) from None


def _song(arguments: Namespace, fields: Mapping[str, Value]) -> Submission:
    if arguments.word is not None:
        raise UsageError(tr("What is a song about? Write --describe TEXT, or give its lyrics by --lyrics FILE."))
    clip, seconds = _extension(arguments.extend)
    named: dict[str, Value] = {
        "prompt": _lyrics(arguments.lyrics) if arguments.lyrics is not None else None,
        "gpt_description_prompt": arguments.describe,
        "title": arguments.title,
        "tags": arguments.tags,
        "mv": arguments.model,
        "make_instrumental": True if arguments.instrumental else None,
        "continue_clip_id": clip,
        "continue_at": seconds,
    }
    submission = song(**named | dict(fields))
    if submission.fields.keys() <= {"title", "mv", "make_instrumental"}:
        raise UsageError(
            tr(
                "A song of what? Give lyrics by --lyrics FILE, or a description by --describe TEXT, or --instrumental "
                "with --tags STYLE, or --extend CLIP@SECONDS."
            )
        )
    return submission


def _other(kind: Kind, arguments: Namespace, fields: Mapping[str, Value]) -> Submission:
    foreign = [f"--{name}" for name in _OF_SONGS if getattr(arguments, name)]
    if foreign:
        raise UsageError(
            tr("{foreign} is of songs alone: submit music, not submit {kind}.", foreign=foreign[0], kind=kind)
        )
    word: str = arguments.word or ""
    if not word:
        raise UsageError(tr("Write submit {kind} {word}.", kind=kind, word=_WORD[kind]))
    if kind is Kind.LYRICS:
        made = lyrics(_standard_input() if word == STANDARD_INPUT else word)
    elif kind is Kind.UPLOAD:
        made = upload(_address(word))
    else:
        made = concat(_clip(word))
    return made._replace(fields={**made.fields, **fields})


def _address(word: str) -> str:
    if not is_web_address(word):
        raise UsageError(
            tr("{word} is no web address; the gateway fetches the music from https://… by itself.", word=quoted(word))
        )
    return word


def _clip(word: str) -> str:
    if not is_id(word):
        raise UsageError(tr("{word} cannot be the id of a clip.", word=quoted(word)))
    return word


def _extension(text: str | None) -> tuple[str | None, float | None]:
    """Return the clip and the second of ``CLIP@SECONDS``, the seconds also as minutes and seconds."""
    if text is None:
        return None, None
    clip, _, moment = text.rpartition("@")
    minutes, separator, rest = moment.rpartition(":")
    with suppress(ValueError):
        seconds = 60 * int(minutes if separator else 0) + float(rest)
        if is_id(clip) and 0 <= seconds < float("inf"):
            return clip, int(seconds) if seconds.is_integer() else seconds
    raise UsageError(tr("--extend is written CLIP@SECONDS, as CLIP@80 or CLIP@1:20, not {words}.", words=quoted(text)))


def _lyrics(place: str) -> str:
    if place == STANDARD_INPUT:
        return _standard_input()
    path = anchored(place, "--lyrics")
    return _whole(path.read_bytes(), shown_path(path))


def _standard_input() -> str:
    try:
        return _whole(sys.stdin.buffer.read(), tr("standard input"))
    except OSError as error:
        raise unreadable_input(error) from None


def _whole(data: bytes, source: str) -> str:
    """Return a text without the blank lines around it; raises UsageError for none, and for what is no text."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        raise UsageError(tr("What stands in {source} is no text in UTF-8.", source=source)) from None
    if not text or "\0" in text:
        raise UsageError(tr("There is no text in {source}.", source=source))
    return text
