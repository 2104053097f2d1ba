"""What both front ends share: actions and keys, themes, and what one line shows."""
