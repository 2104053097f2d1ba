"""What was tagged is read by a program that knows nothing of us."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ecovai_tui.simulator.cdn import Content, jpeg, m4a, mp3, mp4, wav
from ecovai_tui.store.tags import Tags, write_tags

TAGS = Tags("c1", "千里共婵娟", "Mira", "sea shanty", "2024", "[Verse]\nla la", "a lamp", jpeg().whole())


@pytest.mark.parametrize(("ending", "content"), [("mp3", mp3(5)), ("m4a", m4a(5)), ("mp4", mp4(5)), ("wav", wav(5))])
def test_ffprobe_reads_the_tags_and_finds_no_fault(ending: str, content: Content, tmp_path: Path) -> None:
    path = tmp_path / f"song.{ending}"
    path.write_bytes(content.whole())
    write_tags(path, ending, TAGS)
    asked = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)]
    done = subprocess.run(asked, capture_output=True, check=True, text=True)
    told = json.loads(done.stdout)
    assert done.stderr == ""
    assert float(told["format"]["duration"]) == pytest.approx(5, abs=0.1)
    assert any(stream["codec_type"] == "audio" for stream in told["streams"])
    assert {value for name, value in told["format"].get("tags", {}).items() if name in {"title", "artist"}} == (
        {"千里共婵娟", "Mira"}
    )
