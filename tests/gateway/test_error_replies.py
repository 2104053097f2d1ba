"""Every error of the family, in each of its shapes, is told in one sentence that says what to do."""

from __future__ import annotations

import json

import pytest

from ecovai_tui.gateway.errors import BATCH_PROBLEMS, KEY_PROBLEMS, SENTENCES, GatewayError, Problem
from ecovai_tui.gateway.families.suno import read_batch, read_single

SATURATED = "当前分组上游负载已饱和，请稍后再试"


def error_of(body: object, status: int, headers: dict[str, str] | None = None) -> GatewayError:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    with pytest.raises(GatewayError) as caught:
        read_batch(raw, status, headers or {}, ["t1"])
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "message", "problem"),
    [
        (400, "invalid_request", "invalid_action", Problem.REJECTED),
        (400, "invalid_request", "EOF", Problem.REJECTED),
        (401, "invalid_request", "wrong secret", Problem.OPERATOR),
        (500, "get_task_failed", "database is locked", Problem.SERVER_ERROR),
        (500, "get_tasks_failed", "database is locked", Problem.SERVER_ERROR),
        (500, "copy_response_body_failed", "broken pipe", Problem.SERVER_ERROR),
        (400, "invalid_relay_mode", "invalid_relay_mode", Problem.REJECTED),
        (400, "invalid_api_platform", "invalid api platform", Problem.REJECTED),
        (403, "quota_not_enough", "user quota is not enough", Problem.QUOTA),
        (403, "insufficient_user_quota", "用户额度不足", Problem.QUOTA),
        (500, "get_user_quota_failed", "x", Problem.SERVER_ERROR),
        (500, "build_request_failed", "x", Problem.SERVER_ERROR),
        (500, "do_request_failed", "请求上游地址失败", Problem.SERVER_ERROR),
        (502, "fail_to_fetch_task", "<html><title>502 Bad Gateway</title></html>", Problem.SERVER_ERROR),
        (500, "read_response_body_failed", "x", Problem.SERVER_ERROR),
        (500, "unmarshal_response_body_failed", "x", Problem.SERVER_ERROR),
        (500, "some_code_of_an_upstream", "x", Problem.SERVER_ERROR),
        (400, "task_channel_disable", "x", Problem.REJECTED),
        (400, "channel_not_found", "x", Problem.REJECTED),
        (500, "get_origin_task_failed", "x", Problem.SERVER_ERROR),
        (500, "insert_task_failed", "x", Problem.SERVER_ERROR),
        (500, "model_price_error", "x", Problem.SERVER_ERROR),
        (400, "model_mapping_failed", "x", Problem.REJECTED),
        (500, "get_channel_failed", "x", Problem.SERVER_ERROR),
        (413, "read_request_body_failed", "request body too large", Problem.REQUEST_TOO_LARGE),
        (400, "read_request_body_failed", "x", Problem.REJECTED),
        (500, "gen_relay_info_failed", "x", Problem.SERVER_ERROR),
        (500, "channel_no_available_key", "x", Problem.SERVER_ERROR),
        (500, "setup_locked_channel_failed", "x", Problem.SERVER_ERROR),
        (500, "internal_error", "x", Problem.SERVER_ERROR),
        (504, "request_timeout", "x", Problem.GATEWAY_TIMEOUT),
        (503, "provider_not_found", "x", Problem.OVERLOADED),
        (500, "one_hub_panic", "x", Problem.SERVER_ERROR),
        (429, "fail_to_fetch_task", SATURATED, Problem.TOO_MANY_REQUESTS),
        (200, "suno_config_invalid", "x", Problem.REJECTED),
    ],
)
def test_an_error_of_the_task_layer(status: int, code: str, message: str, problem: Problem) -> None:
    with_data = error_of({"code": code, "message": message, "data": None}, status)
    without_data = error_of({"code": code, "message": message}, status)
    assert with_data.problem is without_data.problem is problem
    assert code in with_data.detail
    assert "<" not in with_data.detail


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": "task_not_exist", "message": "task_not_exist", "data": None}),
        (404, {"code": "task_not_exist", "message": ""}),
        (200, {"code": "task_not_exist", "message": ""}),
        (404, {"error": {"message": "task not found", "type": "x"}}),
        (400, {"description": "task_no_found ", "type": "upstream_error", "code": 4}),
    ],
)
def test_an_unknown_id_is_no_error_in_any_dialect(status: int, body: dict[str, object]) -> None:
    assert read_single(json.dumps(body).encode(), status, {}, "t1") is None


@pytest.mark.parametrize(
    ("status", "message", "problem"),
    [
        (401, "未提供令牌", Problem.KEY_REFUSED),
        (401, "无效的令牌", Problem.KEY_REFUSED),
        (401, "該令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]", Problem.QUOTA),
        (
            401,
            "[sk-abc***xyz] 该令牌额度已用尽 !token.UnlimitedQuota && token.RemainQuota = 0",
            Problem.QUOTA,
        ),
        (401, "该令牌已过期", Problem.KEY_REFUSED),
        (401, "该令牌状态不可用", Problem.KEY_REFUSED),
        (401, "Invalid token", Problem.KEY_REFUSED),
        (401, "無效的令牌", Problem.KEY_REFUSED),
        (403, "用户已被封禁", Problem.FORBIDDEN),
        (403, "您的 IP 不在令牌允许访问的列表中", Problem.FORBIDDEN),
        (403, "令牌分组 vip 已被禁用", Problem.FORBIDDEN),
        (403, "分组 vip 已被弃用", Problem.FORBIDDEN),
        (403, "无权访问 vip 分组", Problem.FORBIDDEN),
        (403, "该令牌无权访问模型 ", Problem.MODEL_RESTRICTED),
        (403, "This token has no access to model ", Problem.MODEL_RESTRICTED),
        (403, "该令牌无权访问模型 suno_music", Problem.FORBIDDEN),
        (403, "普通用户不支持指定渠道", Problem.KEY_REFUSED),
        (403, "API requests are not allowed", Problem.OPERATOR),
        (400, "Invalid request, unexpected EOF", Problem.REJECTED),
        (500, "record not found", Problem.SERVER_ERROR),
        (503, "当前分组 default 下对于模型 suno_music 无可用渠道", Problem.OVERLOADED),
        (503, "system memory overloaded", Problem.OVERLOADED),
        (500, "Panic detected, error: x. Please submit a issue here: https://github.com", Problem.SERVER_ERROR),
        (429, "您的速率达到上限，请稍后再试。", Problem.TOO_MANY_REQUESTS),
        (404, "Invalid URL (POST /v1/suno/fetch)", Problem.WRONG_PATH),
    ],
)
def test_an_error_before_the_task_layer(status: int, message: str, problem: Problem) -> None:
    body = {"error": {"message": f"{message} (request id: 2024121305)", "type": "new_api_error", "code": ""}}
    error = error_of(body, status)
    assert (error.problem, error.request_id) == (problem, "2024121305")
    assert "request id" not in error.detail
    assert "abc***xyz" not in error.detail


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (200, Problem.EMPTY),
        (204, Problem.EMPTY),
        (301, Problem.REDIRECT),
        (307, Problem.REDIRECT),
        (401, Problem.NOT_ITS_WORD),
        (402, Problem.NOT_ITS_WORD),
        (403, Problem.NOT_ITS_WORD),
        (404, Problem.WRONG_PATH),
        (405, Problem.NOT_ITS_WORD),
        (407, Problem.PROXY),
        (408, Problem.GATEWAY_TIMEOUT),
        (413, Problem.REQUEST_TOO_LARGE),
        (418, Problem.REJECTED),
        (429, Problem.TOO_MANY_REQUESTS),
        (502, Problem.SERVER_ERROR),
        (504, Problem.GATEWAY_TIMEOUT),
        (520, Problem.SERVER_ERROR),
        (522, Problem.GATEWAY_TIMEOUT),
        (524, Problem.GATEWAY_TIMEOUT),
    ],
)
def test_a_status_without_a_word(status: int, problem: Problem) -> None:
    assert error_of(b"", status).problem is problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"  \r\n ", Problem.EMPTY),
        (b"\x00\x00", Problem.EMPTY),
        (b"<!doctype html><title>New API</title>", Problem.WEB_PAGE),
        (b"\xef\xbb\xbf <div>hello</div>", Problem.WEB_PAGE),
        (b'{"code":"success","message":"","data":[{"task_id":"t1","sta', Problem.UNREADABLE),
        (b'{"code":"succ', Problem.UNREADABLE),
        (b'"success"', Problem.UNREADABLE),
        (b"null", Problem.UNREADABLE),
        (b"42", Problem.UNREADABLE),
        (b"Service is being updated", Problem.UNREADABLE),
        (b"\xff\xfe\x00", Problem.UNREADABLE),
        (b"[" * 100_000, Problem.UNREADABLE),
        (b"{}", Problem.UNREADABLE),
        (b'{"hello":"world"}', Problem.UNREADABLE),
    ],
)
def test_a_good_status_over_something_that_is_no_answer(body: bytes, problem: Problem) -> None:
    assert error_of(body, 200).problem is problem


@pytest.mark.parametrize(
    ("body", "problem", "detail"),
    [
        ({"code": 401, "msg": "token invalid"}, Problem.KEY_REFUSED, "token invalid"),
        ({"code": "429", "message": "slow down"}, Problem.TOO_MANY_REQUESTS, "slow down"),
        ({"code": 7, "description": "no"}, Problem.REJECTED, "no"),
        ({"code": False, "message": "no"}, Problem.REJECTED, "no"),
        ({"success": False, "message": "no"}, Problem.REJECTED, "no"),
        ({"error": "no"}, Problem.REJECTED, "no"),
        ({"error": {"message": "no"}}, Problem.REJECTED, "no"),
        ({"code": "success", "error": {"message": "no"}, "data": None}, Problem.REJECTED, "no"),
        ({"code": "", "message": "no", "data": None}, Problem.REJECTED, "no"),
        ({"detail": {"reason": "no", "code": 1}}, Problem.REJECTED, "no"),
    ],
)
def test_an_error_inside_a_reply_with_status_200(body: dict[str, object], problem: Problem, detail: str) -> None:
    error = error_of(body, 200)
    assert (error.problem, error.detail) == (problem, detail)


def test_every_problem_has_one_sentence_with_something_to_do() -> None:
    assert set(SENTENCES) == set(Problem)
    for problem in Problem:
        message = GatewayError(problem, about="here").message
        assert message.endswith(".")
        assert ". " not in message
        assert "{" not in message


def test_a_key_may_be_used_up_where_the_gateway_says_no_more_than_that_it_is_refused() -> None:
    error = error_of({"error": {"message": "no", "type": "new_api_error"}}, 401)
    assert "Key refused, or its quota is used up" in str(error)
    assert not KEY_PROBLEMS & BATCH_PROBLEMS


def test_the_words_of_a_server_are_cleaned_capped_and_free_of_keys() -> None:
    words = "\x1b]52;c;AAAA\x07令牌sk-0123456789abcdef\u202e " + "x" * 1000
    error = error_of({"error": {"message": words}}, 500)
    assert error.detail.startswith("令牌sk-*** x")
    assert len(error.detail) <= 300
    assert error.detail.endswith("…")


def test_an_upstream_page_in_a_message_is_reduced_to_its_title() -> None:
    page = "<html><head><title>502 Bad&nbsp;Gateway</title></head><body><script>evil()</script></body></html>"
    assert (
        error_of({"code": "fail_to_fetch_task", "message": page}, 502).detail == "fail_to_fetch_task: 502 Bad Gateway"
    )


def test_a_page_without_a_title_is_reduced_to_its_text() -> None:
    page = b"<html><style>b{}</style><body><script>evil()</script><h1>Sorry</h1><p>back &amp; soon</p></body></html>"
    assert error_of(page, 503).detail == "Sorry back & soon"


@pytest.mark.parametrize(
    "hostile",
    ["<!---->" * 1200 + "x", "<?xml?>" + "<!-- -->" * 900, "<html>" + "<title>" * 1200, " " * 8000, "<" * 8000],
)
def test_hostile_markup_is_read_without_getting_lost_in_it(hostile: str) -> None:
    assert len(error_of({"code": "no", "message": hostile}, 500).detail) <= 400


def test_upstream_json_in_a_message_is_opened() -> None:
    inner = json.dumps({"error": {"message": "quota gone (request id: abc)", "code": "no_quota"}})
    error = error_of({"code": "fail_to_fetch_task", "message": inner}, 500)
    assert (error.detail, error.request_id) == ("fail_to_fetch_task: quota gone", "abc")


def test_an_error_under_text_plain_keeps_its_words() -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    error = error_of({"code": "invalid_request", "message": "EOF", "data": None}, 400, headers)
    assert error.detail == "invalid_request: EOF"


def test_a_page_in_the_charset_that_its_header_names() -> None:
    page = "<html><title>网关错误</title></html>".encode("gbk")
    assert error_of(page, 502, {"Content-Type": "text/html; charset=gbk"}).detail == "网关错误"
    assert error_of(page, 502, {"Content-Type": "text/html; charset=nonsense"}).problem is Problem.NO_GATEWAY


def test_the_request_id_of_the_header_serves_where_the_text_has_none() -> None:
    assert error_of(b"", 500, {"X-Oneapi-Request-Id": "20\x1b[31m24"}).request_id == "2024"


def test_a_redirect_names_where_it_leads() -> None:
    error = error_of(b"", 301, {"Location": "https://www.example.com/"})
    assert "https://www.example.com/" in error.message


def test_a_redirect_that_leads_nowhere_and_a_proxy_that_wants_a_password() -> None:
    assert "does not say where" in error_of(b"", 302).message
    assert "proxy set in the environment" in error_of(b"", 407).message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": " 7.5 "}, 7.5),
        ({"Retry-After": "86400"}, 600.0),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({}, None),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:00:00 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert error_of(b"", 429, headers).retry_after == seconds


def test_a_retry_after_date_counts_from_our_clock_where_the_gateway_tells_no_time() -> None:
    with pytest.raises(GatewayError) as caught:
        read_batch(b"", 503, {"Retry-After": "Thu, 01 Jan 1970 00:02:00 GMT"}, now=90.0)
    assert caught.value.retry_after == 30.0


@pytest.mark.parametrize(
    "garbage", [b"\x89PNG\x1a\xff\xfe\xfd\xfc", bytes(range(128, 256)), b"\x1f\x8b\x08\xff\xee\xdd\xcc"]
)
@pytest.mark.parametrize("status", [200, 502])
def test_bytes_that_are_no_text_are_nobodys_words(garbage: bytes, status: int) -> None:
    assert error_of(garbage, status).detail == ""
    assert error_of(b'{"message": "' + garbage.replace(b"\x1a", b"") + b'"}', status).detail == ""


def test_a_single_damaged_byte_costs_no_words() -> None:
    assert "upstream is gone" in error_of(b'{"message": "the upstream is gone \xff for now"}', 502).detail
