"""Only the gateway's own word may call a key refused: whose word a reply is, and what is made of it."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.gateway.errors import KEY_PROBLEMS, GatewayError, Problem
from ecovai_tui.gateway.families.suno import read_batch
from ecovai_tui.gateway.fields import first_document
from ecovai_tui.gateway.speakers import Speaker, voice_of

GATEWAY, IN_FRONT, UNKNOWN = Speaker.GATEWAY, Speaker.IN_FRONT, Speaker.UNKNOWN
HTML = {"content-type": "text/html; charset=utf-8"}
TEXT = {"content-type": "text/plain; charset=UTF-8"}
JSON = {"content-type": "application/json"}
CHALLENGE = '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><script>x</script></head></html>'
ALIBABA = (
    '<!doctypehtml><html lang="zh-cn"><meta charset="utf-8"><meta name="data-spm"content="a3c0e"><title>405</title>'
    "<style>a{color:#3b6ea3}.header .message{background:url(https://errors.aliyun.com/images/x.png)}</style>"
    '<body data-spm="7663354"><div id="block_message"></div><script>var e=1</script>'
)


def nginx(title: str, name: str = "nginx") -> str:
    head = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    return f"{head}<hr><center>{name}</center>\r\n</body>\r\n</html>\r\n"


def error(message: str, **more: object) -> str:
    return json.dumps({"error": {"message": message, "type": "new_api_error", **more}}, ensure_ascii=False)


def task_error(code: object, message: str, **more: object) -> str:
    return json.dumps({"code": code, "message": message, **more}, ensure_ascii=False)


class Row(NamedTuple):
    """A reply, whose word it is, and what it means."""

    status: int
    headers: dict[str, str]
    body: str
    speaker: Speaker
    name: str
    problem: Problem


PROTECTION, NOT_ITS_WORD, NO_GATEWAY = Problem.PROTECTION, Problem.NOT_ITS_WORD, Problem.NO_GATEWAY
KEY, FORBIDDEN, QUOTA = Problem.KEY_REFUSED, Problem.FORBIDDEN, Problem.QUOTA

ROWS = {
    "Cloudflare's challenge": Row(
        403, HTML | {"cf-mitigated": "challenge"}, "<html>", IN_FRONT, "Cloudflare", PROTECTION
    ),
    "the same without its header": Row(403, HTML, CHALLENGE, IN_FRONT, "Cloudflare", PROTECTION),
    "the same of old": Row(503, HTML, CHALLENGE, IN_FRONT, "Cloudflare", PROTECTION),
    "the same as 200": Row(200, HTML | {"cf-mitigated": "challenge"}, CHALLENGE, IN_FRONT, "Cloudflare", PROTECTION),
    "Cloudflare 1010": Row(403, TEXT, "error code: 1010", IN_FRONT, "Cloudflare", PROTECTION),
    "Cloudflare 1020": Row(403, TEXT, "error code: 1020\n", IN_FRONT, "Cloudflare", PROTECTION),
    "Cloudflare 1015": Row(429, TEXT, "error code: 1015", IN_FRONT, "Cloudflare", Problem.TOO_MANY_REQUESTS),
    "Cloudflare 1033": Row(530, TEXT, "error code: 1033", IN_FRONT, "Cloudflare", NO_GATEWAY),
    "Cloudflare 1000": Row(403, TEXT, "error code: 1000", IN_FRONT, "Cloudflare", PROTECTION),
    "Cloudflare in JSON": Row(
        403, JSON, '{"title":"Error 1020","status":403,"cloudflare_error":true}', IN_FRONT, "Cloudflare", PROTECTION
    ),
    **{
        f"Cloudflare {status}": Row(
            status, HTML, "<!DOCTYPE html><html><body id='cf-wrapper'>", IN_FRONT, "Cloudflare", problem
        )
        for status, problem in {
            500: Problem.SERVER_ERROR,
            502: NO_GATEWAY,
            504: Problem.GATEWAY_TIMEOUT,
            520: NO_GATEWAY,
            521: NO_GATEWAY,
            522: Problem.GATEWAY_TIMEOUT,
            523: NO_GATEWAY,
            524: Problem.GATEWAY_TIMEOUT,
            525: NO_GATEWAY,
            526: NO_GATEWAY,
        }.items()
    },
    **{
        f"{name} {status}": Row(status, HTML, nginx(f"{status} x", name), IN_FRONT, shown, problem)
        for name, shown in {
            "nginx": "nginx",
            "nginx/1.24.0 (Ubuntu)": "nginx",
            "openresty": "OpenResty",
            "tengine": "Tengine",
            "cloudflare": "Cloudflare",
        }.items()
        for status, problem in {
            400: PROTECTION,
            401: PROTECTION,
            403: PROTECTION,
            404: Problem.WRONG_PATH,
            405: PROTECTION,
            413: Problem.REQUEST_TOO_LARGE,
            502: NO_GATEWAY,
            503: Problem.OVERLOADED,
        }.items()
    },
    "Alibaba's firewall": Row(405, HTML, ALIBABA, IN_FRONT, "Alibaba Cloud", PROTECTION),
    "Alibaba's challenge": Row(
        200,
        HTML,
        "<html><script>var arg1='4A';document.cookie='acw_sc__v2='</script></html>",
        IN_FRONT,
        "Alibaba Cloud",
        PROTECTION,
    ),
    "AWS WAF's captcha": Row(405, HTML | {"x-amzn-waf-action": "captcha"}, "<html>", IN_FRONT, "AWS", PROTECTION),
    "AWS WAF's challenge": Row(202, HTML | {"x-amzn-waf-action": "challenge"}, "", IN_FRONT, "AWS", PROTECTION),
    "CloudFront": Row(
        403,
        HTML,
        "<HTML><HEAD><TITLE>ERROR</TITLE></HEAD><BODY>Request blocked. Generated by cloudfront (CloudFront)",
        IN_FRONT,
        "AWS",
        PROTECTION,
    ),
    "AWS's load balancer": Row(403, HTML, nginx("403 Forbidden", "awselb/2.0"), IN_FRONT, "AWS", PROTECTION),
    "AWS API gateway": Row(
        403, JSON | {"x-amzn-errortype": "ForbiddenException"}, '{"message":"Forbidden"}', IN_FRONT, "AWS", PROTECTION
    ),
    "AWS API gateway, bare": Row(403, JSON, '{"message":"Forbidden"}', UNKNOWN, "", NOT_ITS_WORD),
    "Akamai": Row(
        403,
        HTML,
        "<HTML><H1>Access Denied</H1>Reference&#32;&#35;18&#46;1234&#46;17&#46;ab",
        IN_FRONT,
        "Akamai",
        PROTECTION,
    ),
    "Imperva": Row(
        403,
        HTML,
        '<html><iframe src="/_Incapsula_Resource?x">Incapsula incident ID: 1</iframe>',
        IN_FRONT,
        "Imperva",
        PROTECTION,
    ),
    "Imperva as 200": Row(200, HTML, "<html><script src='/_Incapsula_Resource?x'>", IN_FRONT, "Imperva", PROTECTION),
    "Sucuri": Row(
        403, HTML, "<html><title>Sucuri WebSite Firewall - Access Denied</title>", IN_FRONT, "Sucuri", PROTECTION
    ),
    "Huawei Cloud": Row(
        418,
        HTML,
        '<html><meta content="CloudWAF" http-equiv="Server"/><title>访问被拦截！</title>',
        IN_FRONT,
        "Huawei Cloud",
        PROTECTION,
    ),
    "Knownsec": Row(
        521, HTML, "<script>document.cookie='__jsl_clearance=1'</script>", IN_FRONT, "Knownsec", NO_GATEWAY
    ),
    "Baota": Row(403, HTML, "<html><title>宝塔网站防火墙</title>", IN_FRONT, "Baota", PROTECTION),
    "Vercel": Row(403, HTML | {"x-vercel-mitigated": "challenge"}, "<html>", IN_FRONT, "Vercel", PROTECTION),
    "Apache": Row(403, HTML, "<html><address>Apache/2.4 Server at x Port 80</address>", IN_FRONT, "Apache", PROTECTION),
    "Envoy": Row(403, TEXT, "RBAC: access denied", IN_FRONT, "Envoy", PROTECTION),
    "basic auth": Row(
        401,
        HTML | {"www-authenticate": 'Basic realm="x"'},
        nginx("401 Authorization Required"),
        IN_FRONT,
        "nginx",
        PROTECTION,
    ),
    "basic auth without a page": Row(
        401, TEXT | {"www-authenticate": 'basic realm="x"'}, "", IN_FRONT, "a password of the web server", PROTECTION
    ),
    "a captive portal": Row(511, HTML, "<html>log in", IN_FRONT, "a network that one must log in to", PROTECTION),
    "a captive portal as 200": Row(
        200, HTML, "<html><!-- <WISPAccessGatewayParam> -->", IN_FRONT, "a network that one must log in to", PROTECTION
    ),
    "a page of nobody": Row(403, HTML, "<html><body>Forbidden</body></html>", IN_FRONT, "", PROTECTION),
    "a cut page": Row(401, HTML, "<!doctypeh", IN_FRONT, "", PROTECTION),
    **{f"an empty {status}": Row(status, {}, "", UNKNOWN, "", NOT_ITS_WORD) for status in (401, 402, 403, 405, 451)},
    "a text": Row(401, TEXT, "Unauthorized", UNKNOWN, "", NOT_ITS_WORD),
    "Kong": Row(401, JSON, '{"message":"Invalid authentication credentials"}', UNKNOWN, "", NOT_ITS_WORD),
    "FastAPI": Row(401, JSON, '{"detail":"Not authenticated"}', UNKNOWN, "", NOT_ITS_WORD),
    "Spring": Row(403, JSON, '{"timestamp":1,"status":403,"error":"Forbidden","path":"/"}', UNKNOWN, "", NOT_ITS_WORD),
    "Kubernetes": Row(403, JSON, '{"kind":"Status","code":403,"message":"forbidden"}', UNKNOWN, "", NOT_ITS_WORD),
    "Azure": Row(401, JSON, '{"statusCode":401,"message":"Access denied"}', UNKNOWN, "", NOT_ITS_WORD),
    "Cloudflare's API": Row(403, JSON, '{"success":false,"errors":[{"code":1}]}', UNKNOWN, "", NOT_ITS_WORD),
    "damaged JSON": Row(401, JSON, '{"error":{"mess', UNKNOWN, "", NOT_ITS_WORD),
    "a list": Row(403, JSON, "[]", UNKNOWN, "", NOT_ITS_WORD),
    "new-api 401": Row(401, JSON, error("无效的令牌", code=""), GATEWAY, "", KEY),
    "new-api 401 behind Cloudflare": Row(
        401, JSON | {"server": "cloudflare", "cf-ray": "1"}, error("无效的令牌"), GATEWAY, "", KEY
    ),
    "new-api 401 as text": Row(401, TEXT, error("无效的令牌"), GATEWAY, "", KEY),
    "new-api 401 as a page": Row(401, HTML, error("no"), GATEWAY, "", KEY),
    "one-hub 401": Row(401, JSON, error("无效的令牌", type="one_hub_error"), GATEWAY, "", KEY),
    "new-api 401 used up": Row(401, JSON, error("该令牌额度已用尽"), GATEWAY, "", QUOTA),
    "new-api 401 database": Row(
        401, JSON, error("无效的令牌，数据库查询出错，请联系管理员"), GATEWAY, "", Problem.DATABASE
    ),
    "new-api 403": Row(403, JSON, error("no"), GATEWAY, "", FORBIDDEN),
    "new-api 403 banned": Row(403, JSON, error("用户已被封禁"), GATEWAY, "", FORBIDDEN),
    "one-hub 401 banned": Row(401, JSON, error("用户已被封禁"), GATEWAY, "", FORBIDDEN),
    "new-api 403 models": Row(403, JSON, error("该令牌无权访问模型 "), GATEWAY, "", Problem.MODEL_RESTRICTED),
    "new-api 403 suffix": Row(403, JSON, error("普通用户不支持指定渠道"), GATEWAY, "", KEY),
    "new-api 405": Row(405, JSON, error("no"), GATEWAY, "", Problem.WRONG_PATH),
    "new-api 503": Row(
        503, JSON, error("system cpu overloaded", code="system_cpu_overloaded"), GATEWAY, "", Problem.OVERLOADED
    ),
    "one-hub 402": Row(402, JSON, task_error("insufficient_user_quota", "x"), GATEWAY, "", QUOTA),
    "Midjourney without money": Row(
        400, JSON, '{"description":"quota_not_enough ","type":"x","code":4}', GATEWAY, "", QUOTA
    ),
    "money": Row(403, JSON, task_error("quota_not_enough", "user quota is not enough", data=None), GATEWAY, "", QUOTA),
    "money of 2026": Row(403, JSON, error("x", code="insufficient_user_quota"), GATEWAY, "", QUOTA),
    "the upstream's 401": Row(
        401, JSON, task_error("fail_to_fetch_task", "x", data=None), GATEWAY, "", Problem.OPERATOR
    ),
    "the upstream's 403": Row(403, JSON, task_error("fail_to_fetch_task", "x"), GATEWAY, "", Problem.OPERATOR),
    "the upstream's words on a key": Row(
        401, JSON, task_error("fail_to_fetch_task", error("无效的令牌"), data=None), GATEWAY, "", Problem.OPERATOR
    ),
    "the upstream's money": Row(
        403,
        JSON,
        task_error("fail_to_fetch_task", task_error("quota_not_enough", "x"), data=None),
        GATEWAY,
        "",
        Problem.OPERATOR,
    ),
    "a number as a code": Row(401, JSON, task_error(401, "x", data=None), GATEWAY, "", Problem.OPERATOR),
    "a reseller": Row(401, JSON, '{"code":401,"msg":"token invalid"}', GATEWAY, "", KEY),
    "the dashboard's shape": Row(401, JSON, '{"success":false,"message":"无效的令牌"}', GATEWAY, "", KEY),
}


def refusal(row: Row) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        read_batch(row.body.encode(), row.status, row.headers, ["t1"])
    return caught.value


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_whose_word_a_reply_is_and_what_is_made_of_it(row: Row) -> None:
    try:
        document = first_document(row.body)
    except ValueError:
        document = None
    voice = voice_of(row.status, row.headers, row.body, document)
    told = refusal(row)
    assert (voice.speaker, voice.name, told.problem) == (row.speaker, row.name, row.problem)
    assert "<" not in told.message + told.detail
    if row.speaker is not GATEWAY:
        assert told.problem not in KEY_PROBLEMS
    if told.problem is PROTECTION:
        assert "a protection in front of the gateway" in told.message
        assert row.name in told.message


@given(
    st.sampled_from([401, 402, 403, 405]), st.text(), st.sampled_from(["text/html", "text/plain", "application/json"])
)
def test_what_is_no_json_of_a_gateway_never_refuses_a_key(status: int, text: str, content_type: str) -> None:
    assert (
        refusal(Row(status, {"content-type": content_type}, text, UNKNOWN, "", NOT_ITS_WORD)).problem
        not in KEY_PROBLEMS
    )


@given(
    st.sampled_from([401, 403]),
    st.dictionaries(st.sampled_from(["message", "Message", "detail", "title", "status", "errors"]), st.text()),
)
def test_json_of_other_servers_never_refuses_a_key(status: int, document: dict[str, str]) -> None:
    assert refusal(Row(status, JSON, json.dumps(document), UNKNOWN, "", NOT_ITS_WORD)).problem not in KEY_PROBLEMS


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (ALIBABA, "405"),
        ("Z.AI error 405: " + ALIBABA, "Z.AI error 405: 405"),
        ("bad response status code 403: <html><body>no <b>entry</b>", "bad response status code 403: no entry"),
        ("<div class=x>Sorry</div>", "Sorry"),
        ("<h1>Blocked</h1>", "Blocked"),
        ("<script>x</script>", ""),
    ],
)
def test_no_page_is_shown_raw_wherever_it_stands(page: str, shown: str) -> None:
    assert refusal(Row(500, JSON, error(page), GATEWAY, "", Problem.SERVER_ERROR)).detail == shown


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        (401, "该令牌额度已用尽 TokenStatusExhausted[sk-a***b]", "quota is used up"),
        (401, "TokenStatusExhausted", "quota is used up"),
        (401, "该令牌已过期", "has expired"),
        (401, "token expired", "has expired"),
        (401, "该令牌状态不可用", "is disabled"),
        (401, "token disabled", "is disabled"),
        (401, "无效的令牌", "does not know it"),
        (401, "nobody knows", "or its quota is used up"),
        (403, "用户已被封禁", "banned"),
        (403, "您的 IP 不在令牌允许访问的列表中", "listed addresses"),
        (403, "令牌分组 vip 已被禁用", "group is closed"),
        (403, "该令牌无权访问模型 ", "comma"),
        (403, "nobody knows", "its own words"),
    ],
)
def test_a_refusal_is_told_as_exactly_as_the_gateway_tells_it(status: int, message: str, words: str) -> None:
    told = refusal(Row(status, JSON, error(message), GATEWAY, "", KEY))
    assert words in told.message
    assert told.problem in KEY_PROBLEMS
