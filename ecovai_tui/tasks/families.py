"""The families of tasks, each with a dialect of its own: how an id of each is told, and how often each is asked for.

An id of another family than the default one carries it as a prefix, everywhere the same, as in
``midjourney:1730000000123456``. Where the path of the request needs more than the id, that stands behind a slash:
``kling/text2video:827000000000000001``. A bare id is ``suno``, which on new-api finds every row of the
gateway's table of tasks, whatever made it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

DEFAULT_FAMILY = "suno"
"""The family of an id that names none."""

_ID = r"(?P<id>[0-9A-Za-z_][0-9A-Za-z_-]{3,190})"
_UUID = r"[0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}"
_MANY = 50


class Family(NamedTuple):
    """What the program must know of a family before it asks for a task of it."""

    name: str
    most_ids: int
    """Ids that one request may name where the gateway has what asks for several; 1 where no gateway has."""
    interval: float
    """Seconds between two looks at a task under way: how often gateways refresh it."""
    grace: float
    """Seconds after the submission for which a gateway may not know the task yet."""
    routes: tuple[str, ...]
    """Patterns of the paths that name a task: ``id``, and ``kind`` where the prefix needs one."""
    question: str
    """The path that asks for one task, with its ``id`` and ``kind``; "" where a batch does."""
    path: str
    """A pattern of what all its paths have in common, in an address or a line of a log."""
    look: str = ""
    """A pattern of ids that no other family has; "" where they look like those of others."""
    resembling: str = ""
    """A pattern of ids that may be of this family, which is not certain enough to take them for its own."""


_KNOWN = (
    Family(
        DEFAULT_FAMILY, _MANY, interval=5.0, grace=60.0,
        routes=(rf"/suno/fetch/{_ID}", rf"/v1/video/generations/{_ID}", rf"/v1/tasks/{_ID}"), question="",
        path=r"/suno/|/v1/video/generations", look=r"task_[0-9A-Za-z]{32}",
    ),
    Family(
        "midjourney", _MANY, interval=15.0, grace=60.0,
        routes=(rf"/mj/task/{_ID}/(?:fetch|image-seed)", rf"/mj/image/{_ID}"), question="/mj/task/{id}/fetch",
        path=r"/mj/|/mj-(?:fast|turbo|relax)/", resembling=r"[0-9]{15,17}",
    ),
    Family(
        "openai-video", _MANY, interval=10.0, grace=60.0,
        routes=(rf"(?<!/kling)/v1/videos/{_ID}",), question="/v1/videos/{id}",
        path=r"(?<!/kling)/v1/videos", look=r"video_[0-9A-Za-z_-]{4,185}",
    ),
    Family(
        "kling", 1, interval=10.0, grace=60.0,
        routes=(rf"/kling/v1/(?:videos|images)/(?P<kind>[a-z][a-z0-9-]*)/{_ID}",),
        question="/kling/v1/videos/{kind}/{id}",
        path=r"/kling/v1/(?:videos|images)/(?P<kind>[a-z][a-z0-9-]*)|/kling/|/klingai/", resembling=r"[0-9]{18,19}",
    ),
    Family(
        "runway", 1, interval=10.0, grace=300.0,
        routes=(rf"/runwayml/v1/tasks/{_ID}", rf"/runway/tasks/{_ID}"), question="/runwayml/v1/tasks/{id}",
        path=r"/runwayml/|/runway/", resembling=_UUID,
    ),
    Family(
        "luma", _MANY, interval=10.0, grace=60.0,
        routes=(rf"/luma/generations/{_ID}", rf"/luma/v1/task\?id={_ID}", rf"/dream-machine/v1/generations/{_ID}"),
        question="/luma/generations/{id}", path=r"/luma/|/dream-machine/", resembling=_UUID,
    ),
    Family(
        "flux", 1, interval=6.0, grace=60.0,
        routes=(rf"/flux/v1/get_result\?id={_ID}",), question="/flux/v1/get_result?id={id}", path=r"/flux/",
        resembling=_UUID,
    ),
)  # fmt: skip

FAMILIES: dict[str, Family] = {family.name: family for family in _KNOWN}
"""Every family that there is, by its name."""


def family_of(task_id: str) -> str:
    """Return the name of the family that an id belongs to; what stands before a colon and is none is part of the id."""
    prefix, colon, _ = task_id.partition(":")
    name = prefix.partition("/")[0] if colon else ""
    return name if name in FAMILIES else DEFAULT_FAMILY


def own_id(task_id: str) -> str:
    """Return an id as the gateway knows it: without the prefix of its family."""
    prefix, colon, rest = task_id.partition(":")
    return rest if colon and prefix.partition("/")[0] in FAMILIES else task_id


def question_of(task_id: str) -> str:
    """Return the path that asks a gateway for a task alone; "" for the default family, which is asked by batches."""
    kind = kind_in(task_id) or "text2video"
    return FAMILIES[family_of(task_id)].question.format(id=own_id(task_id), kind=kind)


def kind_in(task_id: str) -> str:
    """Return what stands behind the family in the prefix of an id, as ``text2video``; "" for nothing."""
    return task_id.partition(":")[0].partition("/")[2] if own_id(task_id) != task_id else ""


def prefixed(family: str, bare_id: str, kind: str = "") -> str:
    """Return an id with the prefix of its family; one of the default family bears none."""
    if family == DEFAULT_FAMILY and family_of(bare_id) == DEFAULT_FAMILY:
        return bare_id
    return f"{family}/{kind}:{bare_id}" if kind else f"{family}:{bare_id}"


def canonical(task_id: str) -> str:
    """Return an id as it is kept: in the family that its look tells, and without the prefix of the default one."""
    if ":" not in task_id:
        return prefixed(family_by_look(task_id) or DEFAULT_FAMILY, task_id)
    return prefixed(family_of(task_id), own_id(task_id), kind_in(task_id))


def as_it_stands(task_id: str) -> str:
    """Return an id that is to be taken as it stands: only the prefix of the default family goes, as none is kept."""
    return task_id.removeprefix(f"{DEFAULT_FAMILY}:") or task_id


def named_in_paths(text: str) -> dict[int, str]:
    """Return where in a text paths name tasks, and their ids with their prefixes."""
    if "/" not in text:
        return {}
    return {
        match.start("id"): prefixed(family.name, match["id"], match.groupdict().get("kind") or "")
        for family in _KNOWN
        for route in family.routes
        for match in _pattern(route).finditer(text)
    }


def prefix_of_path(text: str) -> str:
    """Return the prefix of the ids of which a path in a text speaks; "" where there is none, or where several differ.

    It is the family, and the kind behind a slash where the path tells it.
    """
    if "/" not in text:
        return ""
    found = [(family, match) for family in _KNOWN if (match := _pattern(family.path).search(text))]
    if len(found) != 1:
        return ""
    [(family, match)] = found
    kind = match.groupdict().get("kind")
    return f"{family.name}/{kind}" if kind else family.name


def in_family(task_id: str, prefix: str) -> str:
    """Return an id with a prefix that what stood around it tells; one that bears its own keeps it, or gains a kind."""
    family, _, kind = prefix.partition("/")
    if own_id(task_id) != task_id and (family_of(task_id) != family or kind_in(task_id)):
        return task_id
    return prefixed(family, own_id(task_id), kind)


def family_by_look(bare_id: str) -> str:
    """Return the one family whose ids look like this one; "" where several have such ids."""
    return next((family.name for family in _KNOWN if family.look and _pattern(family.look).fullmatch(bare_id)), "")


def families_resembling(task_id: str) -> list[str]:
    """Return the families to which an id that names none may belong though it is taken for one of the default one."""
    families = (family for family in _KNOWN if family.resembling)
    return [family.name for family in families if _pattern(family.resembling).fullmatch(task_id)]


def undecided_in(ids: Iterable[str], text: str) -> str:
    """Return the first of some ids whose family nothing in the text tells in which they were found; "" for none."""
    lines = (line for line in text.splitlines() if not prefix_of_path(line))
    alone = {word for line in lines for word in _pattern(r"[\s,;]+").split(line)}
    return next((name for name in ids if name in alone and families_resembling(name)), "")


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
