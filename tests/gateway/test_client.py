"""The client over real sockets: what it asks, what it makes of the answers, and what it never does."""

from __future__ import annotations

import asyncio
import gzip
import json
import traceback
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from pathlib import Path

import pytest
from raw_server import RawServer, reply

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.connection import Endpoint
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Kind, Phase, Task

Serve = Callable[..., Awaitable[RawServer]]
Open = Callable[..., Gateway]

ONE = reply({"code": "success", "message": "", "data": [{"task_id": "a", "status": "SUCCESS"}]})


async def failure(gateway: Gateway) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await gateway.fetch(["a"])
    return caught.value


async def test_a_batch_is_one_post_with_every_id_once(serve: Serve, gateway_at: Open, key: str) -> None:
    server = await serve(ONE)
    answer = await gateway_at(server.base_url, version="9.9").fetch(["a", "b", "a"])
    assert [(task.id, task.phase) for task in answer.tasks] == [("a", Phase.DONE)]
    (request,) = server.requests
    assert request.line == "POST /suno/fetch HTTP/1.1"
    assert request.json == {"ids": ["a", "b"], "action": ""}
    assert request.headers["authorization"] == f"Bearer {key}"
    assert request.headers["user-agent"] == "ecovai-tui/9.9"
    assert request.headers["content-type"] == "application/json"


async def test_a_single_query_is_a_get_with_the_id_in_the_path(serve: Serve, gateway_at: Open) -> None:
    server = await serve(ONE)
    gateway = gateway_at(server.base_url)
    assert await gateway.fetch_one("a") is not None
    await gateway.fetch_one("a/../b?c#d")
    assert [request.line for request in server.requests] == [
        "GET /suno/fetch/a HTTP/1.1",
        "GET /suno/fetch/a%2F..%2Fb%3Fc%23d HTTP/1.1",
    ]


async def test_an_id_that_the_gateway_does_not_know_is_none(serve: Serve, gateway_at: Open) -> None:
    server = await serve(UNKNOWN)
    gateway = gateway_at(server.base_url)
    assert await looked_for(gateway, "a") is None
    paths = ["/suno/fetch/a", "/v1/video/generations/a", "/v1/tasks/a"]
    assert [request.line.split()[1] for request in server.requests] == paths
    assert await gateway.fetch_one("a") is None, "no id is looked for everywhere a second time"


async def looked_for(gateway: Gateway, task_id: str) -> Task | None:
    """Ask as the engine does: once more at once where the gateway may know the task by another path."""
    while True:
        try:
            return await gateway.fetch_one(task_id)
        except GatewayError as error:
            if error.problem is not Problem.NEXT_ROUTE:
                raise


async def test_a_path_that_the_gateway_has_not_got_is_asked_for_one_task_alone(serve: Serve, gateway_at: Open) -> None:
    server = await serve(ONE)
    gateway = gateway_at(server.base_url)
    await gateway.fetch(["a"])
    server.answer = reply({"error": {"message": "Invalid URL (GET /v1/tasks/a)", "type": "x"}}, 404)
    assert await looked_for(gateway, "b") is None
    asked = len(server.requests)
    assert await looked_for(gateway, "c") is None
    assert len(server.requests) == asked + 1


async def test_a_task_that_another_path_knows_is_found_there_from_then_on(serve: Serve, gateway_at: Open) -> None:
    server = await serve(UNKNOWN)
    gateway = gateway_at(server.base_url)
    for _ in range(2):
        with pytest.raises(GatewayError):
            await gateway.fetch_one("a")
    row = {"task_id": "a", "platform": "1", "status": "SUCCESS", "progress": "100%", "fail_reason": ""}
    server.answer = reply({**row, "created_at": 1788000000, "finished_at": 1788000285})
    task = await gateway.fetch_one("a")
    assert task is not None
    assert (task.kind, task.phase, task.awaits_file) == (Kind.VIDEO, Phase.DONE, True)
    assert server.requests[-1].line == "GET /v1/tasks/a HTTP/1.1"
    server.answer = reply({"task_id": "a", "artifacts": [{"key": "video", "type": "video"}]})
    task = await gateway.fetch_one("a")
    assert task is not None
    assert (task.submitted_at, task.awaits_file) == (1788000000.0, False)
    assert server.requests[-1].line == "GET /v1/tasks/a/artifacts HTTP/1.1"


@pytest.mark.parametrize("answer", [reply(b"<html><title>New API</title></html>"), reply(b"404 page not found", 404)])
async def test_where_only_batches_are_answered_an_id_that_they_leave_out_is_not_known(
    serve: Serve, gateway_at: Open, answer: bytes
) -> None:
    server = await serve(answer)
    gateway = gateway_at(server.base_url)
    with pytest.raises(GatewayError):
        await gateway.fetch_one("a")
    server.answer = ONE
    await gateway.fetch(["a"])
    server.answer = answer
    assert await looked_for(gateway, "a") is None


async def test_many_questions_go_over_one_connection(serve: Serve, gateway_at: Open) -> None:
    server = await serve(ONE)
    gateway = gateway_at(server.base_url)
    for _ in range(3):
        await gateway.fetch(["a"])
    assert (len(server.requests), server.connections) == (3, 1)


@pytest.mark.parametrize("count", [0, 51])
async def test_a_request_takes_1_to_50_ids(gateway_at: Open, count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} ids"):
        await gateway_at("http://127.0.0.1:1").fetch(map(str, range(count)))


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/", "/suno/fetch", "//", " "])
async def test_what_people_copy_along_with_the_address_is_trimmed(serve: Serve, gateway_at: Open, ending: str) -> None:
    server = await serve(ONE)
    await gateway_at(server.base_url + ending).fetch(["a"])
    assert server.requests[0].line == "POST /suno/fetch HTTP/1.1"


async def test_a_redirect_is_told_and_not_followed(serve: Serve, gateway_at: Open) -> None:
    elsewhere = await serve(ONE)
    server = await serve(reply(b"", 307, Location=f"{elsewhere.base_url}/suno/fetch"))
    error = await failure(gateway_at(server.base_url))
    assert error.problem is Problem.REDIRECT
    assert elsewhere.base_url in error.message
    assert not elsewhere.requests


async def test_a_refused_port(serve: Serve, gateway_at: Open) -> None:
    server = await serve()
    await server.stop()
    error = await failure(gateway_at(server.base_url))
    assert (error.problem, error.status) == (Problem.CONNECTION_REFUSED, None)
    assert f"127.0.0.1:{server.port}" in error.message


async def test_a_name_that_nobody_has(gateway_at: Open) -> None:
    error = await failure(gateway_at("http://nowhere.invalid"))
    assert error.problem is Problem.NAME_NOT_FOUND
    assert "nowhere.invalid" in error.message


@pytest.mark.parametrize("address", ["", "ftp://x", "http://", "http://[::", "api.ecovai.cn", "http://127.0.0.1:99999"])
async def test_what_is_no_address(gateway_at: Open, address: str) -> None:
    assert (await failure(gateway_at(address))).problem is Problem.BAD_ADDRESS


async def test_a_reply_that_never_comes(serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecovai_tui.gateway.connection.TIMEOUTS", 0.2)
    server = await serve(lambda _writer: asyncio.Event().wait())
    assert (await failure(gateway_at(server.base_url))).problem is Problem.READ_TIMEOUT


async def test_a_reply_that_drips_for_ever(serve: Serve, gateway_at: Open) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    server = await serve(drip)
    assert (await failure(gateway_at(server.base_url, deadline=0.3))).problem is Problem.DEADLINE


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.write(ONE[:-20])
    await writer.drain()
    writer.close()


async def speak_gibberish(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("act", [hang_up, cut, speak_gibberish])
async def test_a_connection_that_breaks(
    serve: Serve, gateway_at: Open, act: Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    server = await serve(act)
    assert (await failure(gateway_at(server.base_url))).problem is Problem.CONNECTION_LOST


async def test_a_gateway_is_asked_again_after_a_broken_connection(serve: Serve, gateway_at: Open) -> None:
    server = await serve(hang_up)
    gateway = gateway_at(server.base_url)
    await failure(gateway)
    server.answer = ONE
    assert len((await gateway.fetch(["a"])).tasks) == 1


async def test_a_compressed_reply_is_read_and_a_damaged_one_told(serve: Serve, gateway_at: Open) -> None:
    packed = gzip.compress(ONE.partition(b"\r\n\r\n")[2])
    server = await serve(reply(packed, Content_Encoding="gzip"))
    gateway = gateway_at(server.base_url)
    assert len((await gateway.fetch(["a"])).tasks) == 1
    server.answer = reply(b"no gzip at all", Content_Encoding="gzip")
    assert (await failure(gateway)).problem is Problem.UNREADABLE


async def test_a_reply_that_is_too_big_is_not_read_also_when_it_is_packed_small(
    serve: Serve, gateway_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecovai_tui.gateway.client.LARGEST_REPLY", 1 << 20)
    server = await serve(reply(gzip.compress(b" " * (2 << 20)), Content_Encoding="gzip"))
    error = await failure(gateway_at(server.base_url))
    assert error.problem is Problem.REPLY_TOO_BIG
    assert "1 MiB" in error.message


async def test_an_error_reply_keeps_status_words_and_pause(serve: Serve, gateway_at: Open) -> None:
    body = {"error": {"message": "slow down (request id: r1)", "type": "one_hub_error"}}
    server = await serve(reply(body, 429, Retry_After="7"))
    error = await failure(gateway_at(server.base_url))
    assert (error.problem, error.detail, error.request_id) == (Problem.TOO_MANY_REQUESTS, "slow down", "r1")
    assert (error.status, error.retry_after) == (429, 7.0)


@pytest.mark.parametrize(("ahead", "skew"), [(0, 0.5), (90, 90.5), (-90, -89.5)])
async def test_the_date_of_a_reply_tells_the_skew(serve: Serve, gateway_at: Open, ahead: float, skew: float) -> None:
    server = await serve(
        ONE.replace(b"\r\n", f"\r\nDate: {formatdate(1_000_000 + ahead, usegmt=True)}\r\n".encode(), 1)
    )
    answer = await gateway_at(server.base_url, clock=lambda: 1_000_000.0).fetch(["a"])
    assert answer.skew == pytest.approx(skew)


async def test_no_date_or_a_slow_exchange_tells_no_skew(serve: Serve, gateway_at: Open) -> None:
    server = await serve(ONE)
    assert (await gateway_at(server.base_url).fetch(["a"])).skew is None
    server.answer = ONE.replace(b"\r\n", b"\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\n", 1)
    times = iter((100.0, 103.0))
    assert (await gateway_at(server.base_url, clock=lambda: next(times)).fetch(["a"])).skew is None


async def test_a_question_can_be_called_off_and_another_asked(serve: Serve, gateway_at: Open) -> None:
    asked = asyncio.Event()

    async def be_silent(_writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    server = await serve(be_silent)
    gateway = gateway_at(server.base_url)
    question = asyncio.create_task(gateway.fetch(["a"]))
    await asked.wait()
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    server.answer = ONE
    assert len((await gateway.fetch(["a"])).tasks) == 1


async def test_a_closed_gateway_can_be_asked_again_and_closed_twice(serve: Serve, gateway_at: Open) -> None:
    server = await serve(ONE)
    gateway = gateway_at(server.base_url)
    await gateway.fetch(["a"])
    await gateway.aclose()
    await gateway.aclose()
    assert len((await gateway.fetch(["a"])).tasks) == 1


async def test_a_key_that_comes_back_is_in_no_task_and_no_error(serve: Serve, gateway_at: Open, key: str) -> None:
    task = {"task_id": "a", "status": key, "fail_reason": key.removeprefix("sk-"), "data": [{"title": key}]}
    server = await serve(reply({"code": "success", "data": [task]}))
    gateway = gateway_at(server.base_url)
    (found,) = (await gateway.fetch(["a"])).tasks
    assert key.removeprefix("sk-") not in repr(found) + found.source
    server.answer = reply({"code": "no", "message": f"{key} {key[3:]}"}, 500, X_Oneapi_Request_Id=key, Location=key)
    error = await failure(gateway)
    assert key[3:] not in f"{error!r} {error.detail} {error.request_id} {error.message}"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk"])
async def test_a_key_that_comes_back_in_another_charset_is_in_no_task(
    serve: Serve, gateway_at: Open, key: str, charset: str
) -> None:
    task = {"task_id": "a", "status": "SUCCESS", "fail_reason": f"密钥 {key}", "data": [{"title": f"夜曲 {key[3:]}"}]}
    server = await serve(reply(json.dumps({"code": "success", "data": [task]}, ensure_ascii=False).encode(charset)))
    (found,) = (await gateway_at(server.base_url).fetch(["a"])).tasks
    assert [clip.title for clip in found.clips] == ["夜曲 ***"]
    assert key[3:] not in repr(found) + found.source


async def test_the_key_is_in_no_traceback(serve: Serve, gateway_at: Open, key: str) -> None:
    server = await serve(hang_up)
    error = await failure(gateway_at(server.base_url))
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert key not in "".join(frames.format())
    assert error.__context__ is None
    assert key not in repr(Endpoint("http://x", key))


async def test_a_netrc_does_not_replace_the_key(
    serve: Serve, gateway_at: Open, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = await serve(ONE)
    await gateway_at(server.base_url).fetch(["a"])
    assert server.requests[0].headers["authorization"] == f"Bearer {key}"


UNKNOWN = reply({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400)
RESTRICTED = reply({"error": {"message": "该令牌无权访问模型 ", "type": "new_api_error"}}, 403)
SINGLE = reply({"code": "success", "message": "", "data": {"task_id": "a", "status": "SUCCESS"}})


async def test_a_key_with_a_list_of_models_asks_one_by_one_where_that_is_answered(
    serve: Serve, gateway_at: Open
) -> None:
    server = await serve(RESTRICTED)
    gateway = gateway_at(server.base_url)
    assert gateway.most_ids == 50
    with pytest.raises(GatewayError):
        await gateway.fetch(["a", "b"])
    assert gateway.most_ids == 1
    with pytest.raises(ValueError, match="2 ids"):
        await gateway.fetch(["a", "b"])
    server.answer = SINGLE
    assert [task.phase for task in (await gateway.fetch(["a"])).tasks] == [Phase.DONE]
    assert await gateway.fetch_one("a/b") is not None
    server.answer = reply({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400)
    assert (await gateway.fetch(["a"])).tasks == ()
    assert [request.line for request in server.requests] == [
        "POST /suno/fetch HTTP/1.1",
        "GET /v1/video/generations/a HTTP/1.1",
        "GET /v1/video/generations/a%2Fb HTTP/1.1",
        "GET /v1/video/generations/a HTTP/1.1",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        RESTRICTED,
        reply({"error": {"message": "该令牌无权访问模型 suno_music", "type": "new_api_error"}}, 403),
        reply({"error": {"message": "Invalid URL (GET /v1/video/generations/a)", "type": "x"}}, 404),
        reply(b"<html><title>New API</title></html>"),
    ],
)
async def test_where_one_by_one_is_not_answered_either_the_way_out_is_told(
    serve: Serve, gateway_at: Open, answer: bytes
) -> None:
    server = await serve(RESTRICTED)
    gateway = gateway_at(server.base_url)
    assert (await failure(gateway)).problem is Problem.MODEL_RESTRICTED
    server.answer = answer
    assert (await failure(gateway)).problem is Problem.NEXT_ROUTE
    error = await failure(gateway)
    assert error.problem is Problem.MODEL_RESTRICTED
    assert "end its list of models with a comma" in error.message
    assert gateway.most_ids == 50


async def test_the_newest_gateways_take_such_a_key_by_a_path_of_their_own(serve: Serve, gateway_at: Open) -> None:
    server = await serve(RESTRICTED)
    gateway = gateway_at(server.base_url)
    assert [(await failure(gateway)).problem for _ in range(2)] == [Problem.MODEL_RESTRICTED, Problem.NEXT_ROUTE]
    server.answer = reply({"task_id": "a", "platform": "suno", "status": "IN_PROGRESS", "progress": "0%"})
    assert [task.phase for task in (await gateway.fetch(["a"])).tasks] == [Phase.RUNNING]
    assert server.requests[-1].line == "GET /v1/tasks/a HTTP/1.1"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (reply(b"", 502), Problem.SERVER_ERROR),
        (reply(b"<html>", 403, cf_mitigated="challenge"), Problem.PROTECTION),
        (reply({"error": {"message": "无效的令牌"}}, 401), Problem.KEY_REFUSED),
    ],
)
async def test_passing_trouble_says_nothing_of_asking_one_by_one(
    serve: Serve, gateway_at: Open, answer: bytes, problem: Problem
) -> None:
    server = await serve(RESTRICTED)
    gateway = gateway_at(server.base_url)
    await failure(gateway)
    server.answer = answer
    assert (await failure(gateway)).problem is problem
    assert gateway.most_ids == 1
