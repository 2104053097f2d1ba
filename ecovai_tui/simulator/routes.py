"""Which question a request asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote, urlsplit

API_PREFIXES = ("/v1", "/api", "/assets")
FETCH, SUBMIT, VIDEO = "/suno/fetch", "/suno/submit", "/v1/video/generations"


class Question(Enum):
    """What can be asked of a gateway."""

    BATCH = auto()
    SINGLE = auto()
    VIDEO = auto()
    """A single task of any kind, by the route that newer versions of new-api have for videos."""
    SUBMIT = auto()
    MOVED = auto()
    WRONG_ADDRESS = auto()
    WEB_PAGE = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A question and what stands in the path beside it: the id, the action, or nothing."""

    question: Question
    argument: str = ""


def find_route(method: str, path: str) -> Route:
    """Return what a request asks; new-api answers everything that it does not know with its web page."""
    bare = urlsplit(path).path
    folder, _, last = bare.rpartition("/")
    if (method, bare) == ("POST", FETCH):
        return Route(Question.BATCH)
    if (method, bare) == ("POST", f"{FETCH}/"):
        return Route(Question.MOVED, FETCH)
    if (method, folder) == ("GET", FETCH) and last:
        return Route(Question.SINGLE, unquote(last))
    if (method, folder) == ("GET", VIDEO) and last:
        return Route(Question.VIDEO, unquote(last))
    if (method, folder) == ("POST", SUBMIT) and last:
        return Route(Question.SUBMIT, unquote(last))
    return Route(Question.WRONG_ADDRESS if bare.startswith(API_PREFIXES) else Question.WEB_PAGE)
