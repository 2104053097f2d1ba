"""A submission goes out once, whatever happens; a second time only where no connection came about."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from raw_server import Act, RawServer, reply

from ecovai_tui.gateway.connection import Endpoint
from ecovai_tui.gateway.submission import Submission, concat, lyrics, song, upload
from ecovai_tui.gateway.submit import LARGEST_REPLY, Outcome, Patience, Verdict, submit

Serve = Callable[..., Awaitable[RawServer]]

CERTIFICATE = Path(__file__).parent / "certificates" / "loopback.pem"
ACCEPTED = reply({"code": "success", "message": "", "data": "an-id"})
SONG = song(prompt="[Verse]\n港の灯り", title="灯", mv="chirp-v5")


async def send(base_url: str, key: str, submission: Submission = SONG, patience: Patience | None = None) -> Outcome:
    return await submit(Endpoint(base_url, key), submission, version="1", patience=patience or Patience())


@pytest.mark.parametrize(
    ("submission", "path", "fields"),
    [
        (SONG, "/suno/submit/music", {"prompt": "[Verse]\n港の灯り", "title": "灯", "mv": "chirp-v5"}),
        (song(gpt_description_prompt="rain"), "/suno/submit/music", {"gpt_description_prompt": "rain"}),
        (
            song(continue_at=0, continue_clip_id="c", task_id="t", make_instrumental=True),
            "/suno/submit/music",
            {"make_instrumental": True, "continue_clip_id": "c", "continue_at": 0, "task_id": "t"},
        ),
        (lyrics("a lamp"), "/suno/submit/lyrics", {"prompt": "a lamp"}),
        (upload("https://a.example/b.mp3"), "/suno/uploads/audio-url", {"url": "https://a.example/b.mp3"}),
        (concat("c"), "/suno/submit/concat", {"clip_id": "c", "is_infill": False}),
    ],
)
async def test_the_five_requests(
    serve: Serve, key: str, submission: Submission, path: str, fields: dict[str, object]
) -> None:
    server = await serve(ACCEPTED)
    outcome = await send(server.base_url, key, submission)
    assert (outcome.verdict, outcome.task_id) == (Verdict.ACCEPTED, "an-id")
    [request] = server.requests
    assert request.line == f"POST {path} HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == f"Bearer {key}"
    assert json.loads(request.body) == fields


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.write(ACCEPTED[:-10])
    await writer.drain()
    writer.close()


async def hang(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def flood(writer: asyncio.StreamWriter) -> None:
    writer.write(reply(b" " * (LARGEST_REPLY + 1)))
    await writer.drain()


@pytest.mark.parametrize("act", [close, reset, cut, hang, drip, flood])
async def test_what_may_have_been_taken_is_sent_once_and_unknown(serve: Serve, key: str, act: Act) -> None:
    server = await serve(act)
    outcome = await send(server.base_url, key, patience=Patience(read=0.2, whole=0.5))
    assert outcome.verdict is Verdict.UNKNOWN
    assert len(server.requests) == 1


async def test_each_submission_has_a_connection_of_its_own(serve: Serve, key: str) -> None:
    server = await serve(ACCEPTED)
    for _ in range(2):
        await send(server.base_url, key)
    assert (len(server.requests), server.connections) == (2, 2)


async def test_a_connection_that_does_not_come_about_is_tried_once_more(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, key: str
) -> None:
    attempts: list[object] = []
    loop = asyncio.get_running_loop()
    real = loop.create_connection

    async def refuse_first(*arguments: object, **options: object) -> object:
        attempts.append(arguments)
        if len(attempts) == 1:
            raise ConnectionRefusedError
        return await real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "create_connection", refuse_first)
    server = await serve(ACCEPTED)
    assert (await send(server.base_url, key)).verdict is Verdict.ACCEPTED
    assert (len(attempts), len(server.requests)) == (2, 1)


async def test_nobody_there_means_that_nothing_was_sent(key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = await send(f"http://127.0.0.1:{port}", key)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.told.startswith("Nothing was sent.")


async def test_an_untrusted_certificate_means_that_nothing_was_sent(serve: Serve, key: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
    server = await serve(ACCEPTED, context)
    outcome = await send(server.base_url, key)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.told.startswith("Nothing was sent.")
    assert server.requests == []


async def test_the_key_is_in_no_outcome(serve: Serve, key: str) -> None:
    server = await serve(reply({"code": "invalid_request", "message": f"your key {key} is odd"}, 400))
    assert key not in repr(await send(server.base_url, key))
