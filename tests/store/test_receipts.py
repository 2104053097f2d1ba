"""Receipts: on the disk before anything is sent, read whatever stands between them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.receipt_file import (
    CUT_OFF,
    LONGEST_SENDING,
    SAME_WITHIN,
    Receipt,
    ReceiptFile,
    RepeatedError,
    Request,
    State,
)

NOW = 1_800_000_000.0
SONG = Request("music", "/suno/submit/music", '{"prompt":"港\\n灯"}', "d1", "https://g.example", label="take 1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "receipts.jsonl"


@pytest.fixture
def file(path: Path) -> ReceiptFile:
    return ReceiptFile(path)


def only(file: ReceiptFile, now: float = NOW) -> Receipt:
    [receipt] = file.read(now)
    return receipt


def test_there_are_none_at_first(file: ReceiptFile) -> None:
    assert file.read(NOW) == ()


def test_what_is_about_to_be_sent_is_on_the_disk_for_the_user_alone(file: ReceiptFile, path: Path) -> None:
    begun = file.begin(SONG, NOW, used_before=1.5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert only(file) == begun == Receipt(1, NOW, SONG, State.SENDING, used_before=1.5)


def test_what_became_of_it_stands_behind(file: ReceiptFile) -> None:
    file.begin(SONG, NOW)
    file.end(1, State.ACCEPTED, NOW, ids=["an-id"], told="well")
    file.note_used(1, 1.6)
    assert only(file) == Receipt(1, NOW, SONG, State.ACCEPTED, ("an-id",), "well", used_after=1.6)


def test_nothing_is_ever_taken_out(file: ReceiptFile, path: Path) -> None:
    before = b""
    for number in range(1, 4):
        file.begin(SONG, NOW, again=True)
        file.end(number, State.REFUSED, NOW)
        assert path.read_bytes().startswith(before)
        before = path.read_bytes()
    assert [receipt.number for receipt in file.read(NOW)] == [1, 2, 3]


def test_a_receipt_of_a_process_that_is_gone_says_unknown(file: ReceiptFile, path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    file.begin(SONG, NOW)
    path.write_text(path.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {ended.pid}'))
    assert (only(file).state, only(file).told) == (State.UNKNOWN, CUT_OFF)


def test_nothing_is_under_way_for_ever(file: ReceiptFile) -> None:
    file.begin(SONG, NOW)
    assert only(file, NOW + LONGEST_SENDING - 1).state is State.SENDING
    assert only(file, NOW + LONGEST_SENDING).state is State.UNKNOWN


@pytest.mark.parametrize("state", [None, State.ACCEPTED, State.UNKNOWN])
def test_the_same_within_ten_minutes_is_found(file: ReceiptFile, state: State | None) -> None:
    file.begin(SONG, NOW)
    if state:
        file.end(1, state, NOW)
    with pytest.raises(RepeatedError) as caught:
        file.begin(SONG, NOW + SAME_WITHIN - 1)
    assert (caught.value.receipt.number, caught.value.receipt.at) == (1, NOW)
    assert file.begin(SONG, NOW + 1, again=True).number == 2
    assert file.begin(SONG, NOW + SAME_WITHIN + 1).number == 3


@pytest.mark.parametrize("state", [State.REFUSED, State.NOTHING])
def test_what_was_not_taken_may_be_sent_again(file: ReceiptFile, state: State) -> None:
    file.begin(SONG, NOW)
    file.end(1, state, NOW)
    assert file.begin(SONG, NOW + 1).number == 2


@pytest.mark.parametrize("change", [{"digest": "d2"}, {"gateway": "https://other.example"}])
def test_another_request_or_gateway_is_another_matter(file: ReceiptFile, change: dict[str, str]) -> None:
    file.begin(SONG, NOW)
    assert file.begin(SONG._replace(**change), NOW).number == 2


FOREIGN = [
    b"", b"{", b"null", b"[1]", b'"a"', b"\xff\xfe", b'{"receipt": "one"}', b'{"receipt": 7}', b"[" * 100_000,
    b'{"receipt": 7, "event": "sending"}', b'{"receipt": 7, "event": "sending", "at": "soon"}',
    b'{"receipt": 1, "event": "novelty"}', b'{"receipt": 8, "event": "accepted", "ids": ["x"]}',
]  # fmt: skip


@pytest.mark.parametrize("line", FOREIGN)
def test_other_lines_are_passed_over(file: ReceiptFile, path: Path, line: bytes) -> None:
    file.begin(SONG, NOW)
    with path.open("ab") as stream:
        stream.write(line + b"\n")
    file.end(1, State.ACCEPTED, NOW, ids=["an-id"])
    assert only(file).ids == ("an-id",)


@pytest.mark.parametrize("kept", range(0, 300, 7))
def test_a_line_that_was_cut_short_spoils_none_behind_it(file: ReceiptFile, path: Path, kept: int) -> None:
    file.begin(SONG, NOW)
    first = path.read_bytes()
    path.write_bytes(first + first[:kept])
    file.end(1, State.ACCEPTED, NOW, ids=["an-id"])
    assert file.read(NOW)[0].ids == ("an-id",)


def test_each_line_is_a_document(file: ReceiptFile, path: Path) -> None:
    file.begin(SONG, NOW)
    file.end(1, State.UNKNOWN, NOW, told="\udc80\n")
    assert [json.loads(line)["receipt"] for line in path.read_text().splitlines()] == [1, 1]


@pytest.mark.parametrize("trouble", ["folder", "device"])
def test_where_nothing_can_be_written_nothing_is_begun(path: Path, trouble: str) -> None:
    path.parent.mkdir()
    if trouble == "folder":
        path.mkdir()
    else:
        path.symlink_to(os.devnull)
    with pytest.raises(StoreError):
        ReceiptFile(path).begin(SONG, NOW)


def test_two_at_once_cannot_both_begin_the_same(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ecovai_tui.store.receipt_file import *\n"
        "request = Request('music', '/p', '{}', 'd', 'https://g')\n"
        "try: print(ReceiptFile(Path(sys.argv[1])).begin(request, 1800000000.0).number, flush=True); sys.stdin.read()\n"
        "except RepeatedError: print('repeated', flush=True)"
    )
    command = [sys.executable, "-c", code, str(path)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2)
    ]
    said = sorted(child.stdout.readline().strip() for child in both if child.stdout)
    for child in both:
        child.communicate()
    assert said == ["1", "repeated"]
