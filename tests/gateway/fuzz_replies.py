"""Damaged replies by the thousand: what a hostile or broken gateway might send, through all that reads it.

As a script: ``python tests/gateway/fuzz_replies.py [COUNT] [SEED]`` prints one line with the result.
"""

from __future__ import annotations

import copy
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from itertools import product
from pathlib import Path
from random import Random

from ecovai_tui.engine.schedule import interval_of
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.gateway.families.protocol import dialect_of, with_artifacts
from ecovai_tui.gateway.families.suno import read_batch, read_single
from ecovai_tui.simulator.family_dialect import Asked, Inquiry
from ecovai_tui.simulator.family_dialects import FAMILY_DIALECTS
from ecovai_tui.simulator.replies import Request
from ecovai_tui.simulator.studio import COURSES, Studio
from ecovai_tui.tasks.families import own_id, prefixed
from ecovai_tui.tasks.judging import changes_between, summarise
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary, WatchedTask
from ecovai_tui.tasks.task_json import read_content, task_content, task_document
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.pages.panel_page import Tab, panel_page, zoomed_lyrics
from ecovai_tui.view.card import Subject, card_lines, card_row
from ecovai_tui.view.columns import lay_out, row_spans
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import text_of
from ecovai_tui.view.rows import RowContext, build_row

SAMPLES = sorted(Path(__file__).parents[1].glob("samples/**/*.[jh]*"))
NOW = 1_790_000_000.0
TABLE = "table"
"""The simulator's name for the rows of new-api's own table."""
STATUSES = (*[200] * 60, 201, 204, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504, 524, 599)
LONG_DETAIL = 900
OPEN_PHASES = {Phase.WAITING, Phase.RUNNING, Phase.UNKNOWN}
"""What no clip of a task that is over can be in."""
PANEL_WIDTH = 50
TABLE_WIDTHS = (40, 90, 240)

STEERING = "\x1b[31m|\x1b]52;c;AAAA\x07|\x9b2J|\x9d0;t\x9c|\u202e|\u200b|\ufe0f|\U000e0041|\x00|\x7f|\r|\u2028|[/Verse]"

LEAVES: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 200, 10**11, 10**13, 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf")),
    *("", " ", "0", "1", "null", "None", "NaN", "87.5%", "100%", "2:31", "-1", "1e999", "1716191749000", "task_1"),
    *("2024-09-21T09:43:21.637Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "2024-13-45", "https://x/a.mp3"),
    *("SUCCESS", "FAILURE", "IN_PROGRESS", "streaming", "complete", "error", "MODAL", "UNKNOWN", "MUSIC", "LYRICS"),
    *(STEERING, f"https://x/{STEERING}.mp3", "\ud800", "喵星摇滚", "sk-0123456789abcdef", "<html><title>x</title>"),
    *('{"a":', '["x"]', '{"status":"SUCCESS","data":[]}', "[" * 3000, "x" * 5000, "<" * 3000, "\x1b]" * 500),
    *(
        [],
        {},
        [None],
        [[]],
        [{}],
        {"": None},
        {"data": {"data": {"data": None}}},
        [1, "a", None, {}],
        {STEERING: STEERING},
    ),
)

FAMILY_LEAVES: tuple[object, ...] = (
    *("MODAL", "CANCEL", "succeed", "SUCCEEDED", "Ready", "Task not found", "completed", "3", "2", "49%", 0.42, 10**18),
    *("https://x/a.png?ex=6750b2a1", "https://x/a.mp4?X-Amz-Date=20260618T150000Z&X-Amz-Expires=1e9", "https://[x/a"),
    *("https://x/a.mp4?Expires=99999999999999", "https://x/a.mp4?_jwt=a.bm90IGpzb24.c", "https://x/a?se=2026&sig=x"),
    *([{"url": "https://x/a.mp4"}] * 3, {"url": {"url": {"url": STEERING}}}, "--v 7 --ar 16:9"),
)
"""What stands in the replies about pictures and videos."""

CAMEL = {"task_id": "taskId", "fail_reason": "failReason", "submit_time": "submitTime", "audio_url": "audioUrl"}


def mutated_reply(random: Random) -> tuple[bytes, int, dict[str, str]]:
    """Return the body, status and headers of one damaged reply."""
    body = random.choice(_BODIES)
    if random.random() < 0.85:  # most damage is done to the structure, where the readers live
        document = copy.deepcopy(random.choice(_DOCUMENTS))
        for _ in range(random.choice((1, 1, 2, 3, 6))):
            document = _mutate(document, random)
        body = json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if random.random() < 0.3:
        body = random.choice(_BYTE_DAMAGES)(body, random)
    headers = {"Retry-After": str(random.choice(LEAVES)), "X-Oneapi-Request-Id": STEERING, "Location": STEERING}
    return body, random.choice(STATUSES), headers if random.random() < 0.2 else {}


def check(body: bytes, status: int, headers: dict[str, str]) -> Iterator[str]:
    """Read a reply in each way and yield what came of it; AssertionError where a promise is broken."""
    for read in (_batch, _single):
        try:
            tasks = read(body, status, headers)
        except GatewayError as error:
            _check_error(error)
            yield error.problem.value
        else:
            for task in tasks:
                _check_task(task)
                yield task.phase.value
            if not tasks:
                yield "no task"


def mutated_family_reply(random: Random, family: str = "") -> tuple[str, bytes, int]:
    """Return a family, any where none is given, and body and status of one damaged reply about a task of it."""
    family = family or random.choice(list(_BY_FAMILY))
    document = copy.deepcopy(random.choice(_BY_FAMILY[family]))
    leaves = (*LEAVES, *FAMILY_LEAVES)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        paths = list(_paths(document))
        if random.random() < 0.4:
            value = copy.deepcopy(random.choice(leaves))
            document = _replaced(document, random.choice(paths), lambda _old, _random, value=value: value, random)
        else:
            document = _mutate(document, random)
    body = json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if random.random() < 0.2:
        body = random.choice(_BYTE_DAMAGES)(body, random)
    return family, body, random.choice(STATUSES)


def check_family(family: str, body: bytes, status: int) -> Iterator[str]:
    """Read a reply as one about a task of a family and yield what came of it, as ``check`` does."""
    asked = prefixed(family, "827000000000000001") if family != TABLE else "827000000000000001"
    try:
        if family == TABLE:
            done = Task(asked, Kind.VIDEO, Phase.DONE, "SUCCESS")
            tasks = (with_artifacts(done, body, "https://gw.example"), *_row(asked, body, status))
        else:
            tasks = dialect_of(family).read(body, status, {}, (asked,), NOW)
    except GatewayError as error:
        _check_error(error)
        yield error.problem.value
        return
    for task in tasks:
        assert task.id == asked
        _check_task(task)
        yield task.phase.value
    if not tasks:
        yield "no task"


def _row(asked: str, body: bytes, status: int) -> tuple[Task, ...]:
    task = read_single(body, status, {}, asked, now=NOW)
    return (task,) if task else ()


def _batch(body: bytes, status: int, headers: dict[str, str]) -> tuple[Task, ...]:
    return read_batch(body, status, headers, now=NOW)


def _single(body: bytes, status: int, headers: dict[str, str]) -> tuple[Task, ...]:
    task = read_single(body, status, headers, "346c5d10-a4a1-4f49-a851-66a7dae6cfaf", now=NOW)
    return (task,) if task else ()


def _check_error(error: GatewayError) -> None:
    for text in (str(error), error.message, error.detail, error.request_id):
        assert not steering(text), text
        assert "\n" not in text
        assert "sk-0123456789abcdef" not in text
    assert len(error.detail) < LONG_DETAIL
    assert error.retry_after is None or 0 <= error.retry_after <= 600


def _check_task(task: Task) -> None:
    assert task.id
    assert not (task.phase.final and {clip.phase for clip in task.clips} & OPEN_PHASES), task
    for text in strings_of(task):
        assert not steering(text), text
    for text in strings_of(json.loads(task.source or "null")):
        assert not steering(text), text
    assert read_content(json.loads(json.dumps(task_content(task))), task.source) == task
    summary = summarise(task, None, NOW, content_changed=True)
    later = summarise(task, summary, NOW + 5, content_changed=False)
    assert changes_between(TaskSummary(task.id), summary, NOW)
    assert not changes_between(summary, later, NOW)
    json.dumps(task_document(WatchedTask(summary), task, NOW, 5.0), allow_nan=False)
    for text in _shown(WatchedTask(summary), task):
        assert not steering(text) and not set(text) & {"\n", "\t"}, text  # noqa: PT018 one promise of one line


def _shown(watched: WatchedTask, task: Task) -> Iterator[str]:
    """Yield every line that the table and the panel show of a task."""
    row = build_row(watched, RowContext(NOW, interval_of))
    for width in TABLE_WIDTHS:
        yield text_of(row_spans(row, lay_out(width)))
    subject = Subject(watched, task, len(task.clips), changes_between(None, watched.summary, NOW))
    context = RowContext(NOW, lambda _summary, _now: 5.0)
    pages = [page for tab in Tab for page in fold(panel_page(tab, subject, context, PANEL_WIDTH), PANEL_WIDTH)]
    card = [*card_lines(subject, PANEL_WIDTH, context), card_row(subject, PANEL_WIDTH, context)]
    for line in [*card, *pages, *fold(zoomed_lyrics(subject, context, PANEL_WIDTH, 20), PANEL_WIDTH)]:
        assert cell_width(line.text) <= PANEL_WIDTH, line.text
        yield line.text


def steering(text: str) -> str:
    """Return the characters of a text that could steer a terminal or hide in it; newline and tab may stay."""
    return "".join(
        character
        for character in text
        if (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t")
        or character in "\u061c\ufeff"
        or any(first <= ord(character) <= last for first, last in _HIDDEN)
    )


def strings_of(value: object) -> Iterator[str]:
    """Yield every string in a structure, the names of fields in objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from strings_of(name)
            yield from strings_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))


def run(count: int, seed: int) -> Counter[str]:
    """Check so many damaged replies and return how often each outcome came."""
    random = Random(seed)
    outcomes: Counter[str] = Counter()
    for _ in range(count):
        reply, of_families = mutated_reply(random), [mutated_family_reply(random, family) for family in _BY_FAMILY]
        try:
            outcomes.update(check(*reply))
            for of_family in of_families:
                outcomes.update(check_family(*of_family))
        except Exception:
            print(f"broken by: {reply!r} or one of {of_families!r}", file=sys.stderr)
            raise
    return outcomes


def _mutate(document: object, random: Random) -> object:
    paths = list(_paths(document))
    path = random.choice(paths)
    return _replaced(document, path, random.choice(_STRUCTURE_DAMAGES), random)


def _paths(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _paths(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _paths(item, (*path, place))


def _replaced(
    value: object, path: tuple[object, ...], damage: Callable[[object, Random], object], random: Random
) -> object:
    if not path:
        return damage(value, random)
    inner = _replaced(value[path[0]], path[1:], damage, random)  # type: ignore[index]  # the path was found in it
    value[path[0]] = inner  # type: ignore[index]  # see above
    return value


def _without_one(value: object, random: Random) -> object:
    if isinstance(value, dict) and value:
        value.pop(random.choice(list(value)))
    elif isinstance(value, list) and value:
        value.pop(random.randrange(len(value)))
    return value


def _doubled(value: object, random: Random) -> object:
    return [value, copy.deepcopy(value), copy.deepcopy(random.choice(LEAVES))]


def _nested(value: object, random: Random) -> object:
    for _ in range(random.choice((1, 2, 4, 12, 30))):
        status = random.choice(("SUCCESS", "FAILURE", "IN_PROGRESS", ""))
        value = {"task_id": "t", "status": status, "progress": "100%", "data": value}
    return value


def _camel(value: object, _random: Random) -> object:
    return {CAMEL.get(name, name): item for name, item in value.items()} if isinstance(value, dict) else value


_STRUCTURE_DAMAGES: tuple[Callable[[object, Random], object], ...] = (
    lambda _value, random: copy.deepcopy(random.choice(LEAVES)),
    lambda _value, random: copy.deepcopy(random.choice(LEAVES)),
    _without_one,
    _doubled,
    _nested,
    _camel,
    lambda value, _random: json.dumps(value),
    lambda value, _random: [value],
    lambda value, _random: {"data": value},
    lambda value, _random: {"346c5d10-a4a1-4f49-a851-66a7dae6cfaf": value},
)


def _with_noise(body: bytes, random: Random) -> bytes:
    noisy = bytearray(body)
    for _ in range(random.choice((1, 3, 20))):
        noisy.insert(random.randrange(len(noisy) + 1), random.randrange(256))
    return bytes(noisy)


_BYTE_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _with_noise,
    lambda body, random: body[: random.randrange(len(body) + 1)],
    lambda body, random: body[random.randrange(len(body) + 1) :],
    lambda body, _random: body + body,
    lambda body, _random: b"\xef\xbb\xbf" + body,
    lambda body, _random: body.replace(b":", b":" + b"[" * 5000, 1),
    lambda body, _random: b"[" * 200_000,
    lambda body, _random: body.replace(b"0", b"0" * 5000, 1),
    lambda body, _random: body.replace(b"0", b"1" * 5000, 1),
    lambda body, _random: body.replace(b"null", b"-Infinity"),
    lambda _body, random: random.randbytes(200),
    lambda _body, _random: b"",
)

_HIDDEN = (
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0x1F3FB, 0x1F3FF),
    (0xE0000, 0xE0FFF),
)
_BODIES = [path.read_bytes() for path in SAMPLES]
_DOCUMENTS = [json.loads(path.read_bytes()) for path in SAMPLES if path.suffix == ".json"]


def _family_documents() -> Iterator[tuple[str, object]]:
    """Yield what the simulator says of pictures and videos in each course, and a row of new-api's table."""
    studio = Studio(1, 1.0, lambda: NOW, lambda _task_id: None)
    for dialect, course, ago in product(FAMILY_DIALECTS, COURSES, (1.0, 20.0, 500.0)):
        task_id = studio.order(dialect, course, ago=ago)
        for method, kind in (("POST", "feed"), ("GET", ""), ("GET", "api")):
            asked = Asked((own_id(task_id),), kind)
            works = studio.find(dialect.name, asked.ids)
            yield dialect.name, dialect.tell(works, Inquiry(Request(1, method, ""), asked)).document
    inner = {"code": 0, "data": {"task_status": "succeed", "task_result": {"videos": [{"url": "https://x/a.mp4"}]}}}
    row = {
        "task_id": "t",
        "platform": "50",
        "action": "textGenerate",
        "status": "SUCCESS",
        "result_url": "",
        "data": inner,
    }
    _DOCUMENTS.append({"code": "success", "message": "", "data": [row]})
    for name in ("kling", "openai-video", "runway", "luma"):
        yield name, {"code": "success", "message": "", "data": row}


_BY_FAMILY: dict[str, list[object]] = {}
for _name, _document in _family_documents():
    _BY_FAMILY.setdefault(_name, []).append(_document)


def _main(count: int = 100_000, seed: int = 1) -> None:
    started = time.perf_counter()
    outcomes = run(count, seed)
    seconds = time.perf_counter() - started
    told = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    families = ", ".join(("suno", *_BY_FAMILY))
    of_what = f"{count} damaged replies of each of {families} (seed {seed})"
    print(f"{of_what} in {seconds:.0f} s, no promise broken: {told}")


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:3]))
