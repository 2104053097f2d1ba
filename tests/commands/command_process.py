"""What the tests of the commands share."""

from __future__ import annotations

import subprocess
from typing import Protocol


class Run(Protocol):
    """Runs the program to its end."""

    def __call__(self, *arguments: str, piped: str = "", **variables: str) -> subprocess.CompletedProcess[str]: ...
