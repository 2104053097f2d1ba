"""What is kept of texts is said in the language of who reads it, whoever wrote it."""

from __future__ import annotations

import json
from pathlib import Path

from support.catalogues import Chinese, speaking

from ecovai_tui.engine.poller import gateway_trouble
from ecovai_tui.engine.updates import Trouble, read_trouble
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.suno import read_content
from ecovai_tui.gateway.submit import outcome_of_failure
from ecovai_tui.store.receipt_file import ReceiptFile, Request, State
from ecovai_tui.tasks.judging import reason_of
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary
from ecovai_tui.tasks.reasons import explain
from ecovai_tui.tasks.text import in_english_words, packed, unpacked

REQUEST = Request("music", "/suno/submit/music", "{}", "d", "https://gateway.example")
NOW = 1_716_206_400.0


def test_a_receipt_is_read_in_another_language_than_it_was_written_in(tmp_path: Path) -> None:
    file = ReceiptFile(tmp_path / "receipts.jsonl")
    with speaking(Chinese()):
        told = outcome_of_failure(GatewayError(Problem.CONNECTION_REFUSED, about="gateway.example"), sent=False).told
        file.end(file.begin(REQUEST, NOW).number, State.REFUSED, NOW, told=told)
        [receipt] = file.read(NOW)
        assert receipt.told == "没有发送任何内容。gateway.example 拒绝了连接：请检查 base_url，或网关是否在运行。"
    [receipt] = file.read(NOW)
    assert receipt.told.startswith("Nothing was sent. Nothing accepts connections at gateway.example: check base_url")
    assert json.loads(file.path.read_text().splitlines()[-1])["told"] == receipt.told


def test_a_receipt_of_an_older_version_is_read_as_far_as_its_words_are_known(tmp_path: Path) -> None:
    file = ReceiptFile(tmp_path / "receipts.jsonl")
    number = file.begin(REQUEST, NOW).number
    with file.path.open("a") as lines:
        lines.write(json.dumps({"receipt": number, "event": "accepted", "told": "Settled by hand."}) + "\n")
    with speaking(Chinese()):
        assert [receipt.told for receipt in file.read(NOW)] == ["已手动登记。"]
    with file.path.open("a") as lines:
        lines.write(json.dumps({"receipt": number, "event": "accepted", "told": "Words of long ago."}) + "\n")
    with speaking(Chinese()):
        assert [receipt.told for receipt in file.read(NOW)] == ["Words of long ago."]


def test_trouble_is_told_to_a_pane_in_another_language() -> None:
    with speaking(Chinese()):
        text = gateway_trouble(GatewayError(Problem.NAME_NOT_FOUND, about="gateway.example"), NOW).text
    trouble = read_trouble(text)
    assert trouble is not None
    assert trouble.message == "No computer of the name gateway.example was found: check base_url and your network."
    with speaking(Chinese()):
        trouble = read_trouble(text)
        assert trouble is not None
        assert trouble.message == "找不到主机 gateway.example：请检查 base_url 和网络。"
    plain = Trouble("Words of long ago.")
    assert read_trouble(json.dumps(plain)) == plain


def test_a_note_is_said_in_the_language_of_the_reader_and_in_json_in_english() -> None:
    with speaking(Chinese()):
        note = read_content([{"id": "c1", "status": "complete", "audio_url": "https://x/a.mp3"}, None], Kind.MUSIC).note
    summary = TaskSummary("t1", Kind.MUSIC, Phase.DONE, note=note)
    assert reason_of(summary) == in_english_words(note) == "1 of its 2 clips could not be read"
    with speaking(Chinese()):
        assert reason_of(summary) == "2 个片段中有 1 个无法读取"
        assert in_english_words(note) == "1 of its 2 clips could not be read"
        assert reason_of(summary._replace(note="its data could not be read")) == "它的数据无法读取"


def test_a_reason_keeps_the_name_in_it() -> None:
    with speaking(Chinese()):
        reason = explain("Tags contained artist name: metallica")
        assert reason is not None
        kept = packed(reason.sentence)
    assert unpacked(kept) == 'Suno refuses the name "metallica": take it out of that field.'


def test_what_is_no_kept_text_is_told_as_it_is() -> None:
    for text in ("", "x", '["', '["a", 1]', '["{x.y}", {"x": 1}]', '["a"]'):
        assert unpacked(text) == text
