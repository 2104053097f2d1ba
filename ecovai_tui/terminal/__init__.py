"""All that touches escape codes: capabilities, clipboard, bell and notifications."""
