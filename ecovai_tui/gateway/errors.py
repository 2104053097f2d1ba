"""What can go wrong between us and a gateway, each kind with one sentence for people."""

from __future__ import annotations

from enum import StrEnum

from ecovai_tui.tasks.reasons import MAY_NOT_QUERY


class Problem(StrEnum):
    """The kinds of trouble with a gateway."""

    KEY_REFUSED = "key refused"
    QUOTA = "quota used up"
    MODEL_RESTRICTED = "key restricted to models"
    FORBIDDEN = "forbidden"
    OPERATOR = "operator's account"
    DATABASE = "database trouble"
    PROTECTION = "protection page"
    NOT_ITS_WORD = "not the gateway"
    NO_GATEWAY = "no gateway"
    TOO_MANY_REQUESTS = "too many requests"
    WEB_PAGE = "web page"
    WRONG_PATH = "wrong path"
    REDIRECT = "redirect"
    EMPTY = "empty reply"
    UNREADABLE = "unreadable reply"
    REPLY_TOO_BIG = "reply too big"
    REJECTED = "request rejected"
    REQUEST_TOO_LARGE = "request too large"
    SERVER_ERROR = "server error"
    OVERLOADED = "overloaded"
    GATEWAY_TIMEOUT = "gateway timeout"
    NAME_NOT_FOUND = "name not found"
    CONNECTION_REFUSED = "connection refused"
    UNREACHABLE = "unreachable"
    TLS = "no trusted connection"
    CA_FILE = "CA file"
    PROXY = "proxy"
    CONNECT_TIMEOUT = "connect timeout"
    READ_TIMEOUT = "read timeout"
    DEADLINE = "deadline"
    CONNECTION_LOST = "connection lost"
    BAD_ADDRESS = "bad address"


KEY_PROBLEMS = frozenset({Problem.KEY_REFUSED, Problem.QUOTA, Problem.MODEL_RESTRICTED, Problem.FORBIDDEN})
"""The gateway's own word on the key: asking again soon is of no use, it or what it may do must be changed first."""

SIZE_PROBLEMS = frozenset({Problem.REQUEST_TOO_LARGE, Problem.REPLY_TOO_BIG})
"""The batch was too large, and nothing else is wrong."""

BATCH_PROBLEMS = SIZE_PROBLEMS | {
    Problem.SERVER_ERROR,
    Problem.NO_GATEWAY,
    Problem.GATEWAY_TIMEOUT,
    Problem.READ_TIMEOUT,
    Problem.DEADLINE,
}
"""A smaller batch may do better: one of its tasks can be the cause (413, 5xx, timeouts)."""

SENTENCES: dict[Problem, str] = {
    Problem.KEY_REFUSED: (
        "Key refused, or its quota is used up: a gateway of this kind answers the same for both, "
        "so check both on its website."
    ),
    Problem.QUOTA: "The quota of the key or the account is used up: raise it on the gateway's website.",
    Problem.MODEL_RESTRICTED: MAY_NOT_QUERY,
    Problem.FORBIDDEN: "The gateway forbids this to the account, this computer or the key's group: see its own words.",
    Problem.OPERATOR: (
        "The gateway's operator is refused by a server behind it ({about}), which has nothing to do with your key: ask "
        "the operator, but check the key where this address is Suno-API itself."
    ),
    Problem.DATABASE: "The gateway's database fails, and the key is fine: try again later.",
    Problem.PROTECTION: (
        "A page of a protection in front of the gateway came in place of its answer ({about}), and says nothing of "
        "your key: try again later, and if it stays so, ask the operator to let this computer through."
    ),
    Problem.NOT_ITS_WORD: (
        "The request was refused ({about}) without a word of the gateway itself, as by a protection in front of it, so "
        "the key may be fine: try again later, and check base_url if it stays so."
    ),
    Problem.NO_GATEWAY: (
        "What stands in front of the gateway got no answer from it ({about}): try again later, or ask its operator."
    ),
    Problem.TOO_MANY_REQUESTS: "The gateway says that these are too many requests: wait a little, or ask less often.",
    Problem.WEB_PAGE: "This address answers with a web page, not the API: check base_url.",
    Problem.WRONG_PATH: "This address has no task API: check base_url.",
    Problem.REDIRECT: "This address sends us elsewhere ({about}): put the right address into base_url.",
    Problem.EMPTY: "The gateway answered with nothing at all: try again, and check base_url if it stays so.",
    Problem.UNREADABLE: (
        "The reply is damaged, cut short or not of this API, and none of it was used: "
        "try again, and check base_url if it stays so."
    ),
    Problem.REPLY_TOO_BIG: "The reply is larger than {about} and was not read: the monitor tries smaller ones itself.",
    Problem.REJECTED: "The gateway rejected the request: see its own words.",
    Problem.REQUEST_TOO_LARGE: "The request is too large for this gateway: the monitor tries smaller ones itself.",
    Problem.SERVER_ERROR: "The gateway has an error of its own ({about}): try again later, or ask its operator.",
    Problem.OVERLOADED: "The gateway is overloaded or down for the moment: try again later.",
    Problem.GATEWAY_TIMEOUT: "The gateway waited in vain for a server behind it ({about}): try again later.",
    Problem.NAME_NOT_FOUND: "No computer of the name {about} was found: check base_url and your network.",
    Problem.CONNECTION_REFUSED: "Nothing accepts connections at {about}: check base_url, or whether the gateway runs.",
    Problem.UNREACHABLE: "{about} cannot be reached: check your network.",
    Problem.TLS: (
        "No secure connection to {about}, since its certificate was not accepted or it speaks no TLS: "
        "check base_url and this computer's clock, or set ca_file."
    ),
    Problem.CA_FILE: "The certificates in {about} cannot be read: correct ca_file or SSL_CERT_FILE.",
    Problem.PROXY: "The proxy set in {about} does not work: correct the setting, or add the gateway to NO_PROXY.",
    Problem.CONNECT_TIMEOUT: "No connection to {about} within 10 seconds: check your network.",
    Problem.READ_TIMEOUT: "The gateway took the request but was silent for 30 seconds: try again later.",
    Problem.DEADLINE: "The reply was not complete after 60 seconds: try again later, or check your network.",
    Problem.CONNECTION_LOST: "The connection broke before the reply was complete: try again, or check your network.",
    Problem.BAD_ADDRESS: "base_url is not an address that can be asked: it must look like https://api.example.com.",
}
"""What happened and what to do, one sentence a kind; ``{about}`` is the host, variable, file, size or status."""


class GatewayError(Exception):
    """No answer that can be used; ``str()`` of it is a sentence for people that never holds the key."""

    def __init__(
        self,
        problem: Problem,
        *,
        about: str = "",
        message: str = "",
        detail: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        """``message`` is a sentence that tells it more exactly than the problem's own."""
        self.problem = problem
        self.message = message or SENTENCES[problem].format(about=about or "unknown")
        self.detail = detail
        """The server's own words, cleaned and capped; "" if there are none."""
        self.request_id = request_id
        self.retry_after = retry_after
        """Seconds that the gateway asks us to wait, at most 600."""
        self.status = status
        """The HTTP status; None where no reply came."""
        super().__init__(self.message)

    @property
    def is_about_key(self) -> bool:
        """Whether the gateway refuses the key or what it may do, so that asking again soon is of no use."""
        return self.problem in KEY_PROBLEMS
