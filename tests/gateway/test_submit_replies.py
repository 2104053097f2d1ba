"""What became of a submission, by every reply that gateways are known to give."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecovai_tui.gateway.submission import Kind
from ecovai_tui.gateway.submit import LOOK_FIRST, NOT_CHARGED, Verdict, read_outcome

ID = "task_0123456789abcdefghijklmnopqrstuv"
PAGE = b"<!doctype html><html><head><title>New API</title></head><body></body></html>"
NGINX = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
SATURATED = "当前分组上游负载已饱和，请稍后再试"


def task(code: str, message: str = "", data: object = None) -> dict[str, Any]:
    return {"code": code, "message": message, "data": data}


def openai(message: str, code: str = "", kind: str = "new_api_error") -> dict[str, Any]:
    return {"error": {"message": f"{message} (request id: 2026113010)", "type": kind, "code": code}}


def as_bytes(reply: object) -> bytes:
    return reply if isinstance(reply, bytes) else json.dumps(reply, ensure_ascii=False).encode()


ACCEPTED = [
    (200, task("success", data=ID), ID),
    (200, b'{"code":"success","message":"","data":17350521802760039}', "17350521802760039"),
    (200, b'{"code":"success","data":12345678901234567890123456789}', "12345678901234567890123456789"),
    (200, {"code": 1, "description": "提交成功", "result": "1735052180276003"}, "1735052180276003"),
    (200, {"code": 200, "data": {"task_id": ID}}, ID),
    (200, {"code": 0, "data": {"taskId": ID}}, ID),
    (200, {"code": "success", "data": [ID]}, ID),
    (200, {"id": ID, "clips": [{"id": "c1"}, {"id": "c2"}]}, ID),
    (200, {"data": ID}, ID),
]


@pytest.mark.parametrize(("status", "reply", "task_id"), ACCEPTED)
def test_an_id_is_accepted_with_all_its_digits(status: int, reply: object, task_id: str) -> None:
    outcome = read_outcome(as_bytes(reply), status, {})
    assert (outcome.verdict, outcome.task_id, outcome.told) == (Verdict.ACCEPTED, task_id, "")


@pytest.mark.parametrize(
    "reply", [{"clips": [{"id": "c1"}, {"id": "c2"}]}, {"code": "success", "data": [{"id": "c1"}, {"id": "c2"}]}]
)
def test_clips_without_a_task_are_accepted_and_said_to_be_no_task(reply: object) -> None:
    outcome = read_outcome(as_bytes(reply), 200, {})
    assert (outcome.verdict, outcome.task_id, outcome.ids) == (Verdict.ACCEPTED, "", ("c1", "c2"))
    assert "no task" in outcome.told


@pytest.mark.parametrize("status", [200, 500])
def test_of_two_documents_in_one_body_the_first_has_the_id_and_the_second_is_told(status: int) -> None:
    body = as_bytes(task("success", data=ID)) + as_bytes(task("insert_task_failed", "database is locked"))
    outcome = read_outcome(body, status, {})
    assert (outcome.verdict, outcome.task_id) == (Verdict.ACCEPTED, ID)
    assert "charged" in outcome.told
    assert "failed to keep it" in outcome.told


REFUSED = [
    (400, task("invalid_request", "invalid_action"), False, "does not offer"),
    (400, task("invalid_request", "prompt_empty"), False, "is empty"),
    (400, task("invalid_request", "task id is empty"), False, "task_id"),
    (400, task("task_not_exist", "task_origin_not_exist"), False, "task_id"),
    (400, task("model_price_error", "no price"), False, "no price"),
    (400, b'{"code":"invalid_request","message":"EOF","data":null}', False, ""),
    (401, openai("无效的令牌"), True, "Key refused"),
    (401, openai("该令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]"), True, "used up"),
    (403, openai("该令牌无权访问模型 suno_music"), True, ""),
    (403, openai("用户已被封禁"), True, "banned"),
    (403, task("quota_not_enough", "user quota is not enough"), True, "quota of the account"),
    (403, task("insufficient_user_quota", "用户额度不足"), True, "quota of the account"),
    (403, openai("token quota is not enough", "pre_consume_token_quota_failed"), True, "key's own limit"),
    (403, task("pre_consume_token_quota_failed", "token quota is not enough"), True, "key's own limit"),
    (402, openai("insufficient quota", "insufficient_user_quota"), True, "quota"),
    (429, task("fail_to_fetch_task", SATURATED), False, "busy"),
    (429, b"", False, "busy"),
    (503, openai("当前分组 default 下对于模型 suno_music 无可用渠道"), False, "No channel"),
    (503, openai("system cpu overloaded", "system_cpu_overloaded"), False, "verload"),
    (400, task("fail_to_fetch_task", '{"detail":"Song Description contained artist name: metallica"}'), False, ""),
    (401, task("fail_to_fetch_task", "401 Unauthorized"), False, "operator"),
    (500, task("fail_to_fetch_task", "<html><title>Bad</title></html>"), False, "may exist"),
    (502, task("fail_to_fetch_task", "bad gateway"), False, "may exist"),
    (500, task("internal_error", "task failed"), False, ""),
    (500, task("do_request_failed", "请求上游地址失败"), False, "may exist"),
    (500, task("read_response_body_failed", "EOF"), False, "may exist"),
    (500, task("unmarshal_response_body_failed", "invalid character '<'"), False, "may exist"),
    (500, {"code": "http_request_failed", "message": "dial tcp"}, False, "may exist"),
    (500, task("get_user_quota_failed", "database is locked"), False, "database"),
    (403, b"<html><title>Just a moment...</title></html>", False, "protection"),
    (405, NGINX, False, ""),
    (413, NGINX, False, "too large"),
    (302, b"", False, "elsewhere"),
    (404, {"error": {"message": "Invalid URL (POST /v1/suno)", "type": "invalid_request_error"}}, False, ""),
    (200, PAGE, False, "web page"),
    (200, task("invalid_request", "prompt_empty"), False, "is empty"),
    (200, {"code": 403, "message": "insufficient_user_quota"}, True, "quota"),
]


@pytest.mark.parametrize(("status", "reply", "of_key", "word"), REFUSED)
def test_what_is_refused_is_not_charged_and_says_why(status: int, reply: object, of_key: bool, word: str) -> None:
    outcome = read_outcome(as_bytes(reply), status, {})
    assert outcome.verdict is Verdict.REFUSED, outcome
    assert (outcome.of_key, outcome.ids) == (of_key, ())
    assert outcome.told.count(NOT_CHARGED) == 1
    assert word in outcome.told
    assert outcome.told != NOT_CHARGED


UNKNOWN = [
    (200, b""),
    (200, b'{"code":"succ'),
    (200, task("success")),
    (200, task("success", data="")),
    (200, task("success", data={})),
    (408, b""),
    (500, b""),
    (500, NGINX),
    (500, task("insert_task_failed", "database is locked")),
    (500, task("copy_response_body_failed", "broken pipe")),
    (500, openai("Panic detected, error: nil pointer", kind="new_api_panic")),
    (502, NGINX),
    (503, NGINX),
    (504, NGINX),
    (504, task("request_timeout", "timeout")),
    *((status, NGINX) for status in range(520, 525)),
]


@pytest.mark.parametrize(("status", "reply"), UNKNOWN)
def test_what_may_have_been_taken_is_unknown_and_says_how_to_look(status: int, reply: object) -> None:
    outcome = read_outcome(as_bytes(reply), status, {})
    assert outcome.verdict is Verdict.UNKNOWN, outcome
    assert outcome.in_full == f"{outcome.told} {LOOK_FIRST}"
    assert outcome.told
    assert not outcome.ids


@pytest.mark.parametrize("kind", [Kind.UPLOAD, Kind.CONCAT])
def test_a_web_page_in_place_of_a_rarer_route_says_that_it_is_not_offered(kind: Kind) -> None:
    outcome = read_outcome(PAGE, 200, {}, kind)
    assert outcome.verdict is Verdict.REFUSED
    assert "does not offer" in outcome.told
