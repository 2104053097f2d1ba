"""ecovai-tui: a terminal monitor for asynchronous Suno tasks on Ecovai and gateways of its kind."""

__version__ = "0.1.0"
