"""The HTTP API of the gateway; the only package that knows httpx and pydantic."""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # no module, so that nothing is imported for it
"""httpx's command line: where click is installed, it brings Rich's progress bars and pygments, 3 MB and some time."""
