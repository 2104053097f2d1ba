"""Our own key, taken out of whatever a gateway sends back."""

from __future__ import annotations

from collections.abc import Mapping

STANDS_FOR_KEY = "***"
_SHORTEST = 8
"""Characters; anything shorter would hit words that are no secret."""


class Redaction:
    """Removes one key, with and without its ``sk-``, from replies; it never shows it itself."""

    __slots__ = ("_secrets",)

    def __init__(self, key: str) -> None:
        self._secrets = [secret for secret in (key, key.removeprefix("sk-")) if len(secret) >= _SHORTEST]

    def of_body(self, body: bytes) -> bytes:
        """Return a body without the key."""
        for secret in self._secrets:
            body = body.replace(secret.encode(), STANDS_FOR_KEY.encode())
        return body

    def of_text(self, text: str) -> str:
        """Return a text without the key."""
        for secret in self._secrets:
            text = text.replace(secret, STANDS_FOR_KEY)
        return text

    def of_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers without the key, their names in lower case."""
        return {name.lower(): self.of_text(value) for name, value in headers.items()}
