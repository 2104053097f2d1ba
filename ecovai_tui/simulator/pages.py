"""The web pages that stand where a client expects JSON."""

from __future__ import annotations

from http import HTTPStatus

WEB_APP = (
    b'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>New API</title></head><body>'
    b'<div id="root"></div><script type="module" src="/assets/index.js"></script></body></html>\n'
)
"""What new-api answers, with status 200, for every path that it does not know."""


CLOUDFLARE_CHALLENGE = (
    b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="360">'
    b'</head><body><div class="main-wrapper" role="main"></div><script>(function(){window._cf_chl_opt={cvId: "3"};}());'
    b"</script></body></html>"
)
"""With what Cloudflare stops a program until a browser has proved itself."""

CLOUDFLARE_ERROR = (
    b'<!DOCTYPE html>\n<html class="no-js" lang="en-US"><head><title>gateway.example | 521: Web server is down</title>'
    b'</head><body><div id="cf-wrapper"><div id="cf-error-details">Cloudflare Ray ID: <strong>8f0</strong></div></div>'
    b"</body></html>"
)
"""What Cloudflare says where the gateway behind it accepts no connection."""

ALIBABA_WAF = (
    '<!doctypehtml><html lang="zh-cn"><meta charset="utf-8"><meta http-equiv="X-UA-Compatible"content="IE=edge">'
    '<meta name="data-spm"content="a3c0e"><title>405</title><style>.header .message{background:'
    "url(https://errors.aliyun.com/images/TB1.png)}</style><body><div>很抱歉，由于您访问的URL有可能对网站造成安全威胁，"
    "您的访问被阻断。</div><script>function f(){}</script></body></html>"
).encode()
"""With what the firewall of Alibaba Cloud blocks a request, under status 405."""


def nginx_page(status: int) -> bytes:
    """Return the page with which nginx reports this status."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
