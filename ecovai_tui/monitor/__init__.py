"""The engine: decides which ids are due, asks, compares, records and tells."""
