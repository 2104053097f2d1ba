"""The nearest known name for one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from ecovai_tui.language import tr

_NEAR_ENOUGH = 0.5


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like this one, or None if none is much like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - needed only when something is wrong

    plain = {_plain(candidate): candidate for candidate in known}
    matches = get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR_ENOUGH)
    return plain[matches[0]] if matches else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the sentence to put behind "there is no such name": the nearest known one, or else all of them."""
    names = sorted(known)
    near = nearest(name, names)
    if near is not None:
        return tr("Did you mean {near}?", near=near)
    return tr("Known are: {names}.", names=", ".join(names)) if names else tr("None is known.")


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
