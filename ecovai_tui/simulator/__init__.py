"""A gateway to practise on: scripted tasks and faults behind a standard-library HTTP server."""
