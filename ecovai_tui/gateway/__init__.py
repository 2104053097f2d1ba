"""The HTTP API of the gateway; the only package that knows httpx and pydantic."""
