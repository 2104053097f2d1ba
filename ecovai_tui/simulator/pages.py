"""The web pages that stand where a client expects JSON."""

from __future__ import annotations

from http import HTTPStatus

WEB_APP = (
    b'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>New API</title></head><body>'
    b'<div id="root"></div><script type="module" src="/assets/index.js"></script></body></html>\n'
)
"""What new-api answers, with status 200, for every path that it does not know."""


def nginx_page(status: int) -> bytes:
    """Return the page with which nginx reports this status."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
