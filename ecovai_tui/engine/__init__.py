"""The engine: decides which ids are due, polls, compares, records and reports."""
