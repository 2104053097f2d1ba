"""Our own key, taken out of whatever a gateway sends back."""

from __future__ import annotations

from collections.abc import Mapping

STANDS_FOR_KEY = "***"
_SHORTEST = 8
"""Characters; anything shorter would hit words that are no secret."""

_NARROW = ("utf-8",)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""The charsets that write each letter of a key with NULs beside it."""


class Redaction:
    """Removes one key, with and without its ``sk-``, from replies; it never shows it itself."""

    __slots__ = ("_secrets",)

    def __init__(self, key: str) -> None:
        self._secrets = [secret for secret in (key, key.removeprefix("sk-")) if len(secret) >= _SHORTEST]

    def of_body(self, body: bytes) -> bytes:
        """Return a body without the key, in whatever charset the body is."""
        charsets = (*_NARROW, *_WIDE) if b"\0" in body else _NARROW
        for secret in self._secrets:
            for charset in charsets:
                body = body.replace(secret.encode(charset), STANDS_FOR_KEY.encode(charset))
        return body

    def of_text(self, text: str) -> str:
        """Return a text without the key."""
        for secret in self._secrets:
            text = text.replace(secret, STANDS_FOR_KEY)
        return text

    def of_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers without the key, their names in lower case."""
        return {name.lower(): self.of_text(value) for name, value in headers.items()}
