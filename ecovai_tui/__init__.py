"""ecovai-tui: a terminal monitor for asynchronous Suno tasks on Ecovai and gateways of its kind."""
