"""From bytes to characters, whatever the pieces they come in; a byte that is no UTF-8 comes as a lone surrogate."""

from __future__ import annotations

from codecs import getincrementaldecoder

PATIENCE = 3.0
"""Seconds for which the other bytes of a character are waited for."""

_CONTINUES = range(0x80, 0xC0)


class Characters:
    """Decodes UTF-8; what is no UTF-8 is handed on byte by byte (surrogateescape)."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")

    @property
    def wait(self) -> float:
        """The seconds for which another byte is waited for, 0 where none is."""
        return PATIENCE if self._decoder.getstate()[0] else 0.0

    def decode(self, data: bytes) -> str:
        """Return the characters that are whole."""
        return self._decoder.decode(data)

    def cut_off(self, data: bytes = b"") -> str:
        """Return the bytes that came of a character, if this is not how it goes on."""
        if not self.wait or (data[:1] and data[0] in _CONTINUES):
            return ""
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest
