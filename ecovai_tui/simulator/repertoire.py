"""All scripts by name: the everyday courses of a task, and every misleading one that gateways are known for."""

from __future__ import annotations

from ecovai_tui.simulator.scripts import Beat, Script

ARTIST_REASON = "Song Description contained artist name: metallica"
CHANNEL_REASON = "获取渠道信息失败，请联系管理员，渠道ID：7"
TIMEOUT_REASON = "任务超时（1440分钟）"
LEGACY_REASON = "任务超时（旧系统遗留任务，不进行退款，请联系管理员）"
BACKEND_REASON = "time out"
LYRICS_REASON = "上游负载已饱和，请稍后再试"

NULL = Beat(0, "NOT_START", "waiting")
OPENING = (
    NULL,
    Beat(4, "SUBMITTED", "waiting", ("submitted", "submitted")),
    Beat(8, "QUEUED", "waiting", ("queued", "queued")),
    Beat(14, "IN_PROGRESS", "running", ("queued", "queued")),
)
STREAMS = (
    *OPENING,
    Beat(32, "IN_PROGRESS", "streaming", ("streaming", "queued")),
    Beat(40, "IN_PROGRESS", "streaming", ("streaming", "streaming")),
)
ONE_READY = (*STREAMS, Beat(96, "IN_PROGRESS", "streaming", ("complete", "streaming")))
BOTH = ("complete", "complete")
SUCCESS = Beat(112, "SUCCESS", "done", BOTH, progress="100%")

EVERYDAY = (
    Script("song", (*ONE_READY, SUCCESS)),
    Script("unseen-start", (*ONE_READY, SUCCESS), tells_start=False),
    Script(
        "single-clip",
        (
            NULL,
            Beat(6, "QUEUED", "waiting", ("queued",)),
            Beat(15, "IN_PROGRESS", "running", ("queued",)),
            Beat(35, "IN_PROGRESS", "streaming", ("streaming",)),
            Beat(104, "SUCCESS", "done", ("complete",), progress="100%"),
        ),
    ),
    Script(
        "lyrics",
        (
            NULL,
            Beat(4, "IN_PROGRESS", "running"),
            Beat(18, "SUCCESS", "done", text="complete", progress="100%"),
        ),
        kind="lyrics",
    ),
    Script("late-row", (*ONE_READY, SUCCESS), visible_from=20.0),
)

FAILURES = (
    Script(
        "one-clip-fails",
        (*ONE_READY, Beat(112, "FAILURE", "partial", ("complete", "error"), progress="100%", reason="audio error")),
    ),
    Script(
        "one-clip-abandoned",
        (*STREAMS, Beat(70, "FAILURE", "partial", ("error", "streaming"), progress="100%", reason="audio error")),
    ),
    Script(
        "streams-abandoned",
        (
            *STREAMS,
            Beat(70, "FAILURE", "partial", ("streaming", "streaming"), progress="100%", reason=CHANNEL_REASON),
        ),
        tells_finish=False,
    ),
    Script(
        "stream-abandoned",
        (
            *ONE_READY,
            Beat(112, "FAILURE", "partial", ("complete", "streaming"), progress="100%", reason=CHANNEL_REASON),
        ),
    ),
    Script("success-with-error", (*ONE_READY, Beat(112, "SUCCESS", "partial", ("complete", "error"), progress="100%"))),
    Script(
        "artist-name",
        (*OPENING, Beat(22, "FAILURE", "failed", ("error", "error"), progress="100%", reason=ARTIST_REASON)),
    ),
    Script(
        "channel-gone",
        (NULL, Beat(25, "FAILURE", "failed", progress="100%", reason=CHANNEL_REASON)),
        tells_start=False,
        tells_finish=False,
    ),
    Script(
        "timed-out",
        (*OPENING, Beat(90, "FAILURE", "failed", ("queued", "queued"), progress="100%", reason=TIMEOUT_REASON)),
    ),
    Script(
        "legacy-timeout",
        (NULL, Beat(60, "FAILURE", "failed", progress="100%", reason=LEGACY_REASON)),
    ),
    Script("cancelled", (*OPENING, Beat(50, "CANCELLED", "failed", ("queued", "queued"), progress="100%"))),
    Script("silent-failure", (*OPENING, Beat(60, "FAILURE", "failed", ("error", "error"), progress="100%"))),
    Script(
        "lyrics-failure",
        (NULL, Beat(3, "IN_PROGRESS", "running"), Beat(12, "FAILURE", "failed", progress="100%", reason=LYRICS_REASON)),
        kind="lyrics",
    ),
    Script(
        "dead",
        (*OPENING, Beat(60, "IN_PROGRESS", "failed", ("queued", "queued"), progress="100%", reason=BACKEND_REASON)),
    ),
)

ODDITIES = (
    Script("frozen", OPENING),
    Script("frozen-stream", STREAMS),
    Script("forgotten", (*ONE_READY, Beat(112, "IN_PROGRESS", "done", BOTH))),
    Script(
        "one-error-so-far",
        (
            *OPENING,
            Beat(30, "IN_PROGRESS", "running", ("error", "queued")),
            Beat(100, "SUCCESS", "partial", ("error", "complete"), progress="100%"),
        ),
    ),
    Script("forbidden", (*STREAMS, Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio="forbidden"))),
    Script("nowhere", (*STREAMS, Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio="none.mp3"))),
    Script(
        "late-address",
        (
            *STREAMS,
            Beat(112, "SUCCESS", "done", BOTH, progress="100%", audio=""),
            Beat(128, "SUCCESS", "done", BOTH, progress="100%"),
        ),
    ),
    Script("left-queued", (*OPENING, Beat(60, "SUCCESS", "done", ("queued", "queued"), progress="100%"))),
    Script("finished-nowhere", (*STREAMS, Beat(112, "SUCCESS", "done", ("finished", "finished"), progress="100%"))),
    Script("needs-you", (NULL, Beat(10, "MODAL", "waiting"))),
    Script("empty-success", (*OPENING, Beat(60, "SUCCESS", "done", progress="100%"))),
    Script("unknown-word", (NULL, Beat(10, "REVIEWING", "unknown"))),
    Script("detour", (NULL, Beat(5, "MODERATING", "unknown"), *ONE_READY[3:], SUCCESS)),
    Script("missing", (NULL,), visible_from=None),
    Script("hostile-text", (*ONE_READY, SUCCESS), hostile=True),
)

SCRIPTS = {script.name: script for script in (*EVERYDAY, *FAILURES, *ODDITIES)}
"""Every script by its name."""


def find_script(name: str) -> Script:
    """Return the script of this name; raises ValueError, naming all known ones."""
    try:
        return SCRIPTS[name]
    except KeyError:
        raise ValueError(f"no script is called {name!r}; known: {', '.join(SCRIPTS)}") from None
