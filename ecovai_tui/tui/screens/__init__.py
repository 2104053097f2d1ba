"""The screens of the terminal monitor."""
