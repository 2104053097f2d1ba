from __future__ import annotations

import json
from collections import Counter
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any

import pytest
from simulator_harness import Connect, Run, Strike

from ecovai_tui.simulator.replies import (
    AFTERWARDS,
    BIG_BATCH,
    FAMILY_FAULTS,
    FAULT_NAMES,
    FILE_FAULTS,
    INSTEAD,
    Fault,
    FaultPlan,
    parse_faults,
)


def test_faults_are_read_with_and_without_a_rate() -> None:
    assert parse_faults("html200, cut=0.2,429") == (Fault("html200"), Fault("cut", 0.2), Fault("429"))


@pytest.mark.parametrize("text", ["", " ", ","])
def test_no_faults_are_no_faults(text: str) -> None:
    assert parse_faults(text) == ()


@pytest.mark.parametrize("text", ["418", "cut=often", "=0.5", "cat=0.2"])
def test_a_wrong_fault_is_answered_with_all_known_ones(text: str) -> None:
    with pytest.raises(ValueError, match="known") as caught:
        parse_faults(text)
    assert all(name in str(caught.value) for name in FAULT_NAMES)


@pytest.mark.parametrize("text", ["cut=1.5", "cut=-1", "cut=nan"])
def test_a_rate_is_a_share(text: str) -> None:
    with pytest.raises(ValueError, match="the rate of the fault cut must be from 0 to 1"):
        parse_faults(text)


def test_a_fault_may_strike_a_span_of_requests() -> None:
    [fault] = parse_faults("401=3-5")
    assert fault == Fault("401", first=3, last=5)
    plan = FaultPlan(1, (fault,))
    assert [number for number in range(1, 9) if plan.strike(number, (), "")] == [3, 4, 5]


def test_every_fault_is_either_an_answer_or_a_damage() -> None:
    assert sorted((*INSTEAD, *AFTERWARDS, *FILE_FAULTS, *FAMILY_FAULTS)) == sorted(FAULT_NAMES)


def test_the_same_request_meets_the_same_fault() -> None:
    faults = parse_faults("cut=0.2,429=0.3")
    first = [FaultPlan(7, faults).strike(number, (), "") for number in range(500)]
    again = [FaultPlan(7, faults).strike(number, (), "") for number in range(500)]
    assert first == again
    assert first != [FaultPlan(8, faults).strike(number, (), "") for number in range(500)]


def test_rates_are_kept_over_many_requests() -> None:
    plan = FaultPlan(1, parse_faults("cut=0.2,429=0.5"))
    struck = Counter(plan.strike(number, (), "") for number in range(10_000))
    assert 1_800 < struck["cut"] < 2_200
    assert 3_700 < struck["429"] < 4_300  # half of what cut left over


@pytest.fixture
def strike(run: Run, connect: Connect) -> Strike:
    """Ask once for one song of a gateway with one fault; return the reply."""

    def ask(fault: str) -> Any:
        simulator = run(faults=(Fault(fault),))
        return connect(simulator).batch([simulator.submit()])

    return ask


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "words"),
    [
        ("429", 429, "application/json", "您的速率达到上限"),
        ("500", 500, "application/json", "database is locked"),
        ("502-html", 502, "text/html", "502 Bad Gateway"),
        ("503", 503, "application/json", "system_cpu_overloaded"),
        ("504", 504, "text/html", "504 Gateway"),
        ("html200", 200, "text/html; charset=utf-8", "<title>New API</title>"),
        ("text-plain", 200, "text/plain; charset=utf-8", "NOT_START"),
        ("401", 401, "application/json", "无效的令牌"),
        ("401-exhausted", 401, "application/json", "该令牌额度已用尽"),
        ("403-model", 403, "application/json", "该令牌无权访问模型  (request id: "),
        ("401-expired", 401, "application/json", "已过期"),
        ("401-disabled", 401, "application/json", "状态不可用"),
        ("401-database", 401, "application/json", "数据库"),
        ("401-upstream", 401, "application/json", "fail_to_fetch_task"),
        ("402-money", 402, "application/json", "insufficient_user_quota"),
        ("403-banned", 403, "application/json", "封禁"),
        ("403-ip", 403, "application/json", "IP"),
        ("403-group", 403, "application/json", "分组"),
        ("403-empty", 403, "text/plain; charset=utf-8", ""),
        ("restricted", 403, "application/json", "该令牌无权访问模型  (request id: "),
        ("cloudflare", 403, "text/html; charset=utf-8", "Just a moment"),
        ("cloudflare-1010", 403, "text/plain; charset=utf-8", "error code: 1010"),
        ("cloudflare-521", 521, "text/html; charset=utf-8", "Cloudflare Ray ID"),
        ("waf405", 405, "text/html; charset=utf-8", "<!doctypehtml>"),
        ("nginx401", 401, "text/html", "nginx"),
        ("nginx403", 403, "text/html", "nginx"),
        ("nginx405", 405, "text/html", "nginx"),
        ("aws403", 403, "application/json", '{"message":"Forbidden"}'),
        ("413", 413, "text/html", "nginx"),
        ("redirect", 302, "text/html", "302"),
    ],
)
def test_a_fault_answers_as_gateways_and_proxies_do(
    fault: str, status: int, content_type: str, words: str, strike: Strike
) -> None:
    response = strike(fault)
    assert (response.status, response.headers["Content-Type"]) == (status, content_type)
    assert words in response.body.decode()


def test_only_one_of_the_two_429_says_when_to_come_back(strike: Strike) -> None:
    assert "Retry-After" not in strike("429").headers
    polite = strike("429-retry-after")
    assert (polite.status, polite.headers["Retry-After"], polite.body) == (429, "3", b"")


def test_an_empty_200_has_no_body(strike: Strike) -> None:
    response = strike("empty200")
    assert (response.status, response.body) == (200, b"")


def test_garbage_is_not_json(strike: Strike) -> None:
    response = strike("garbage")
    assert response.status == 200
    assert len(response.body) == 400
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        json.loads(response.body)


def test_double_holds_two_documents(strike: Strike) -> None:
    text = strike("double").body.decode()
    first, end = json.JSONDecoder().raw_decode(text)
    assert first["code"] == "success"
    assert json.loads(text[end:])["code"] == "insert_task_failed"


def test_a_redirect_leads_to_a_page_of_this_server(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("redirect"),))
    client = connect(simulator)
    target = client.batch(["x"]).headers["Location"]
    page = client.ask("GET", target, Authorization="")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_reset_is_a_reset(strike: Strike) -> None:
    with pytest.raises(ConnectionResetError):
        strike("reset")


def test_a_cut_body_is_shorter_than_promised(strike: Strike) -> None:
    with pytest.raises(IncompleteRead):
        strike("cut")


def test_a_slow_answer_comes_whole_in_the_end(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("slow"),), slow_seconds=0.05)
    task_id = simulator.submit()
    assert connect(simulator).task(task_id)["task_id"] == task_id


def test_a_hanging_request_ends_without_an_answer(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("hang"),), hang_seconds=0.05)
    with pytest.raises(RemoteDisconnected):
        connect(simulator).batch(["x"])
    [record] = simulator.requests
    assert record.status == 0


def test_big_batches_fail_where_small_ones_do_not(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("big-batch-500"),))
    ids = [simulator.submit() for _ in range(BIG_BATCH + 1)]
    client = connect(simulator)
    assert client.batch(ids).status == 500
    assert client.batch(ids[:BIG_BATCH]).status == 200


def test_the_poisoned_id_breaks_each_batch_it_is_in(run: Run, connect: Connect) -> None:
    simulator = run(population=5, faults=(Fault("poison"),))
    client = connect(simulator)
    healthy = [task_id for task_id in simulator.ids if task_id != simulator.poison_id]
    assert client.batch(simulator.ids).status == 500
    assert client.batch([simulator.poison_id]).status == 500
    assert client.batch(healthy).status == 200


def test_a_submission_that_is_refused_begins_no_task(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("503"),))
    assert connect(simulator).ask("POST", "/suno/submit/music", {"prompt": "la"}).status == 503
    assert simulator.ids == ()


def test_a_submission_whose_answer_is_cut_has_begun_a_task(run: Run, connect: Connect) -> None:
    simulator = run(faults=(Fault("cut"),))
    with pytest.raises(IncompleteRead):
        connect(simulator).ask("POST", "/suno/submit/music", {"prompt": "la"})
    assert len(simulator.ids) == 1


def test_the_request_id_is_that_of_the_gateway_and_not_of_a_proxy(strike: Strike) -> None:
    refused = strike("503")
    assert refused.headers["X-Oneapi-Request-Id"] in refused.json()["error"]["message"]
    assert "X-Oneapi-Request-Id" not in strike("502-html").headers


@pytest.mark.parametrize(("dialect", "status"), [("new-api-2026", 200), ("new-api-2024", 404), ("one-hub", 404)])
def test_a_key_with_a_list_of_models_is_told_of_single_tasks_by_newer_gateways(
    run: Run, connect: Connect, dialect: str, status: int
) -> None:
    simulator = run(dialect=dialect, faults=(Fault("restricted"),))
    task_id, client = simulator.submit(), connect(simulator)
    assert client.batch([task_id]).status == client.ask("GET", f"/suno/fetch/{task_id}").status == 403
    assert client.ask("GET", f"/v1/video/generations/{task_id}").status == status
