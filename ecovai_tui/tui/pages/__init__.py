"""What the panel and the dialogs say, as plain lines: pure functions without Textual."""
