"""Everything that relies on Textual's private parts, in one place."""
