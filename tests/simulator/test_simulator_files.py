"""The files of finished clips: real ones, in ranges, with validators, and each of their faults."""

from __future__ import annotations

import http.client
import struct
from urllib.parse import urlsplit

import pytest
from simulator_harness import Client, Connect, FakeClock, Response, Run

from ecovai_tui.simulator.cdn import FRAME, FRAME_SECONDS, jpeg, m4a, mp3, mp4, wav
from ecovai_tui.simulator.replies import FILE_FAULTS, Fault
from ecovai_tui.simulator.server import Simulator

LONG = 400.0


def a_song(run: Run, clock: FakeClock, *faults: Fault, **options: object) -> tuple[Simulator, str]:
    """Return a simulator and the id of a clip that is finished there."""
    simulator = run(own_files=True, faults=faults, **options)
    task_id = simulator.submit()
    clock.advance(LONG)
    client = Client(simulator)
    [first, _second] = client.task(task_id)["data"]
    client.connection.close()
    return simulator, first["id"]


def test_the_addresses_in_a_reply_are_the_simulators_own(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator = run(own_files=True)
    task_id = simulator.submit()
    clock.advance(LONG)
    [first, second] = connect(simulator).task(task_id)["data"]
    assert first["audio_url"] == f"{simulator.base_url}/cdn1/{first['id']}.mp3"
    assert second["image_url"] == f"{simulator.base_url}/cdn2/image_{second['id']}.jpeg"


def test_a_song_is_as_long_as_its_clip_says(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator, clip = a_song(run, clock)
    client = connect(simulator)
    told = client.task(simulator.ids[0])["data"][0]["metadata"]["duration"]
    song = client.file(f"/cdn1/{clip}.mp3")
    assert song.headers["Content-Type"] == "audio/mpeg"
    assert song.body == FRAME * (len(song.body) // len(FRAME))
    assert len(song.body) // len(FRAME) * FRAME_SECONDS == pytest.approx(told, abs=0.05)
    assert [record.path for record in simulator.file_requests] == [f"/cdn1/{clip}.mp3"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("m4a", b"\0\0\0\x1cftypM4A "), ("mp4", b"\0\0\0\x1cftypisom"), ("wav", b"RIFF"), ("mp3", b"\xff\xfb")],
)
def test_other_kinds_of_files_are_there_too(
    name: str, begins: bytes, run: Run, connect: Connect, clock: FakeClock
) -> None:
    simulator, clip = a_song(run, clock)
    assert connect(simulator).file(f"/cdn1/{clip}.{name}").body.startswith(begins)
    assert connect(simulator).file(f"/cdn2/image_{clip}.jpeg").body == jpeg().whole()


def test_a_part_is_sent_to_those_who_have_the_right_validator(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator, clip = a_song(run, clock)
    client, path = connect(simulator), f"/cdn1/{clip}.mp3"
    whole = client.file(path)
    tag, size = whole.headers["ETag"], len(whole.body)
    rest = client.file(path, Range="bytes=1000-", If_Range=tag)
    assert (rest.status, rest.headers["Content-Range"]) == (206, f"bytes 1000-{size - 1}/{size}")
    assert rest.body == whole.body[1000:]
    assert client.file(path, Range="bytes=1000-", If_Range='"other"').body == whole.body
    assert client.file(path, Range=f"bytes={size}-", If_Range=tag).status == 416
    assert client.ask("HEAD", path, Authorization="").headers["Content-Length"] == str(size)


def test_a_large_file_is_made_on_request(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator, clip = a_song(run, clock)
    large = connect(simulator).file(f"/cdn1/{clip}.mp3?mib=5")
    assert (5 << 20) - len(FRAME) < len(large.body) <= 5 << 20


@pytest.mark.parametrize("path", ["None.mp3", "11111111-2222-4333-8444-555555555555.mp3", "x"])
def test_what_no_task_has_is_denied(path: str, run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator, _clip = a_song(run, clock)
    answer = connect(simulator).file(f"/cdn1/{path}")
    assert (answer.status, b"AccessDenied" in answer.body) == (403, True)


def test_each_fault_of_files_is_met(run: Run, connect: Connect, clock: FakeClock) -> None:
    seen: dict[str, object] = {}
    for fault in FILE_FAULTS:
        simulator, clip = a_song(run, clock, Fault(fault), slow_seconds=0.0)
        seen[fault] = _met(connect(simulator), f"/cdn1/{clip}.mp3")
    assert seen == {
        "file-html200": 200, "file-empty": 0, "file-cut": "cut", "file-slow": "whole", "file-forbidden": 403,
        "file-none-mp3": "/cdn1/None.mp3", "file-encrypted": "noise", "file-no-range": "no range",
        "file-wrong-length": "part of a frame", "file-redirect-private": "http://10.255.255.1/latest/meta-data",
        "file-500": 500,
    }  # fmt: skip


def _met(client: Client, path: str) -> object:
    """Return in a word what the fault was."""
    try:
        answer = client.file(path)
    except http.client.IncompleteRead:
        return "cut"
    if answer.status != 200:
        return answer.headers.get("Location", answer.status)
    if not answer.headers["Content-Type"].startswith("audio"):
        return answer.status
    return _what(answer)


def _what(answer: Response) -> object:
    if not answer.body:
        return 0
    if not answer.body.startswith(FRAME):
        return "noise"
    if len(answer.body) % len(FRAME):
        return "part of a frame"
    return "whole" if "ETag" in answer.headers else "no range"


def test_a_slow_server_sends_a_file_piece_by_piece(run: Run, connect: Connect, clock: FakeClock) -> None:
    simulator, clip = a_song(run, clock, file_rate=10_000_000.0)
    assert urlsplit(simulator.base_url).port
    assert len(connect(simulator).file(f"/cdn1/{clip}.mp3").body) % len(FRAME) == 0


def test_boxes_of_a_container_fill_it(run: Run) -> None:
    for content in (m4a(30), mp4(30)):
        data, at, names = content.whole(), 0, []
        while at < len(data):
            size, name = struct.unpack_from(">I4s", data, at)
            names.append(name)
            at += size
        assert (at, names) == (len(data), [b"ftyp", b"moov", b"mdat"])
    assert len(wav(3).whole()) == 44 + 3 * 8000
    assert mp3(1).whole()[5000:] == b"".join(mp3(1).pieces(5000, mp3(1).size))
