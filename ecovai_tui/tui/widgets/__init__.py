"""The widgets of the terminal monitor."""
