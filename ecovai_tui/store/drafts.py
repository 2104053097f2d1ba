"""Drafts of what is to be submitted: one for each kind, kept until it was accepted, also over a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ecovai_tui.store.files import locked, replace_file


class DraftFile:
    """The file of drafts, for the user alone (mode 0600); what cannot be read counts as no draft."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, kind: str) -> Mapping[str, str]:
        """Return the values of the draft of a kind by the names of their fields, none where there is no draft."""
        return self._drafts().get(kind, {})

    def keep(self, kind: str, values: Mapping[str, str]) -> None:
        """Write down the draft of a kind; those of other kinds stay. Raises StoreError."""
        self._change(kind, dict(values))

    def forget(self, kind: str, values: Mapping[str, str]) -> None:
        """Take away the draft of a kind, unless it is another one by now. Raises StoreError."""
        if self.read(kind) == values:
            self._change(kind, {})

    def _change(self, kind: str, values: dict[str, str]) -> None:
        with locked(self._path):
            drafts = self._drafts()
            if drafts.get(kind, {}) == values:
                return
            kept = {name: draft for name, draft in (drafts | {kind: values}).items() if draft}
            replace_file(self._path, json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")

    def _drafts(self) -> dict[str, dict[str, str]]:
        try:
            found: object = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        drafts = found.items() if isinstance(found, dict) else ()
        return {kind: _texts(draft) for kind, draft in drafts if isinstance(draft, dict)}


def _texts(draft: Mapping[object, object]) -> dict[str, str]:
    return {name: text for name, text in draft.items() if isinstance(name, str) and isinstance(text, str)}
