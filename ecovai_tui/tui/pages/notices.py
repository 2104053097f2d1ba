"""Sentences about the state of the program that stand under the status bar for as long as they are true."""

from __future__ import annotations

from ecovai_tui.monitor.update import Link, Role, Trouble
from ecovai_tui.tui.pages.lines import Line, Span, Tone, line

WITHOUT_KEY = (
    "There is no API key, so this shows what was known last and asks nobody. Three ways to give one: "
    'the environment variable ECOVAI_API_KEY; api_key_command = "pass show ecovai" in config.toml; '
    'or api_key = "..." there, in a file of mode 0600.'
)


def notice_lines(link: Link, role: Role, problem: str, failure: str) -> list[Line]:
    """Return the lines, none while all is well.

    ``problem`` is that of our files, ``failure`` that of the monitor if it ended by an error of its own.
    """
    lines = []
    if failure:
        lines.append(line(failure, Tone.ALERT))
    if role is Role.READ_ONLY:
        lines.append(line(WITHOUT_KEY))
    elif link.trouble is not None:
        lines.append(_trouble(link.trouble))
    return [*lines, *map(line, problem.splitlines())]


def _trouble(trouble: Trouble) -> Line:
    detail = (Span(f"  {trouble.detail}", Tone.MUTED),) if trouble.detail else ()
    return Line((Span(trouble.message, Tone.ALERT), *detail))
