"""`python -m ecovai_tui`: the same as the command `ecovai-tui`."""

from __future__ import annotations

import sys

from ecovai_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
