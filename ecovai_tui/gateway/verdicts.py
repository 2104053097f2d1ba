"""From an HTTP status and the server's words to the kind of trouble that it is."""

from __future__ import annotations

import re
from http import HTTPStatus

from ecovai_tui.gateway.errors import Problem
from ecovai_tui.gateway.words import Words

PROBLEMS: dict[int, Problem] = {
    401: Problem.KEY_REFUSED,
    402: Problem.KEY_REFUSED,
    403: Problem.FORBIDDEN,
    404: Problem.WRONG_PATH,
    405: Problem.WRONG_PATH,
    407: Problem.PROXY,
    408: Problem.GATEWAY_TIMEOUT,
    410: Problem.WRONG_PATH,
    413: Problem.REQUEST_TOO_LARGE,
    414: Problem.REQUEST_TOO_LARGE,
    429: Problem.TOO_MANY_REQUESTS,
    451: Problem.FORBIDDEN,
    503: Problem.OVERLOADED,
    504: Problem.GATEWAY_TIMEOUT,
    522: Problem.GATEWAY_TIMEOUT,
    524: Problem.GATEWAY_TIMEOUT,
    529: Problem.OVERLOADED,
}
"""What each HTTP status means; the rest goes by its hundred. 522 and 524 are Cloudflare's, 529 is "overloaded"."""

_FORBIDS_NO_NAMED_MODEL = re.compile(
    r"(?:无权访问模型|無權訪問模型|(?:access|permission|allowed|authorized)\b[^.]*\bmodels?)[\s:\"'.。]*\Z",
    re.IGNORECASE,
)
_UNKNOWN_ID = re.compile(
    r"task[_ ](?:is[_ ])?(?:not?|does[_ ]not)[_ ](?:exist|found)|任务不存在|任務不存在", re.IGNORECASE
)


def is_good(status: int) -> bool:
    """Tell whether an HTTP status speaks of success."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def problem_of(status: int, words: Words) -> Problem:
    """Return what kind of trouble a reply is; an error in a reply with a good status is a rejected request."""
    if status == HTTPStatus.FORBIDDEN and _FORBIDS_NO_NAMED_MODEL.search(words.message):
        return Problem.MODEL_RESTRICTED
    if status in PROBLEMS:
        return PROBLEMS[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem.SERVER_ERROR
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Problem.REDIRECT
    return Problem.REJECTED


def speaks_of_unknown_id(status: int, words: Words) -> bool:
    """Tell whether the reply says that there is no such task: 400 at new-api, 404 without any message at one-hub."""
    if not is_good(status) and status not in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        return False
    return bool(_UNKNOWN_ID.search(words.code) or _UNKNOWN_ID.search(words.message))
