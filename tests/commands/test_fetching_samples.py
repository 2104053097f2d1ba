"""``fetch --json`` on each sample reply: the installed program over a socket, judged as the contract says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from command_process import Run

SAMPLES = Path(__file__).parents[1] / "samples"
KEY = "sk-sim-of-the-samples"

PHASES = [
    ("in-progress.json", {"346c5d10-a4a1-4f49-a851-66a7dae6cfaf": "streaming"}, 0),
    ("finished.json", {"2a145658-3342-4228-b779-b8323a2b77df": "done"}, 0),
    ("finished-ecovai.json", {"edb01060-f588-4ca3-b7b9-c906c46344dc": "done"}, 0),
    (
        "batch-lyrics-and-music.json",
        {"b85c241a-4d97-4ee4-1111-68c053509b24": "done", "bee8f32e1994417ba8d7485d1aaf3b26": "done"},
        0,
    ),
    ("just-submitted.json", {"edb01060-f588-4ca3-b7b9-c906c46344dc": "waiting"}, 0),
    ("failed-while-streaming.json", {"8d1f4a6e0c3b4f7aa0b6c1d2e3f40501": "partial"}, 0),
    ("success-without-files.json", {"8d1f4a6e0c3b4f7aa0b6c1d2e3f40502": "done"}, 0),
    ("clips-by-id.json", {"8d1f4a6e0c3b4f7aa0b6c1d2e3f40503": "done"}, 0),
    ("clips-by-id.json", {"8D1F4A6E0C3B4F7AA0B6C1D2E3F40503": "done"}, 0),
    (
        "words-of-an-upstream.json",
        {
            "8d1f4a6e0c3b4f7aa0b6c1d2e3f40504": "waiting",
            "8d1f4a6e0c3b4f7aa0b6c1d2e3f40505": "running",
            "8d1f4a6e0c3b4f7aa0b6c1d2e3f40506": "done",
        },
        0,
    ),
    ("nothing-found.json", {"edb01060-f588-4ca3-b7b9-c906c46344dc": "missing"}, 6),
]

ERRORS = [
    ("200-web-page.html", 3, "check base_url"),
    ("400-invalid-request.json", 3, "not understood"),
    ("401-key-exhausted.json", 5, "quota is used up"),
    ("401-key-refused.json", 5, "Key refused"),
    ("403-model-restricted.json", 5, "restricted to certain models"),
    ("404-wrong-path.json", 3, "check base_url"),
    ("500-database.json", 3, "could not read its database"),
    ("502-nginx.html", 3, "502"),
    ("503-overloaded.json", 3, "overloaded"),
]


@contextmanager
def answering(body: bytes, status: int) -> Iterator[str]:
    """Serve one reply to whatever is asked, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("name", "phases", "code"), PHASES)
def test_each_sample_has_the_phase_that_is_true(run: Run, name: str, phases: dict[str, str], code: int) -> None:
    with answering((SAMPLES / name).read_bytes(), 200) as address:
        done = run("fetch", "--json", *phases, ECOVAI_BASE_URL=address, ECOVAI_API_KEY=KEY)
    assert {task["id"]: task["phase"] for task in json.loads(done.stdout)["tasks"]} == phases
    assert done.returncode == code


def test_a_failed_task_whose_streams_play_tells_one_story_in_its_line_and_its_json(run: Run) -> None:
    name = "8d1f4a6e0c3b4f7aa0b6c1d2e3f40501"
    with answering((SAMPLES / "failed-while-streaming.json").read_bytes(), 200) as address:
        where = {"ECOVAI_BASE_URL": address, "ECOVAI_API_KEY": KEY, "COLUMNS": "200"}
        line = run("fetch", name, **where).stdout
        (task,) = json.loads(run("fetch", "--json", name, **where).stdout)["tasks"]
    assert "partial" in line
    assert "获取渠道信息失败，请联系管理员，渠道ID：1" in line
    assert (task["phase"], task["final"], task["no_audio"]) == ("partial", True, False)
    assert [(clip["phase"], clip["playable"]) for clip in task["clips"]] == [("streaming", True)] * 2


@pytest.mark.parametrize(("name", "code", "words"), ERRORS, ids=[name for name, *_ in ERRORS])
def test_each_error_is_told_in_words_and_by_its_exit_code(run: Run, name: str, code: int, words: str) -> None:
    status = int(name[:3])
    with answering((SAMPLES / "errors" / name).read_bytes(), status) as address:
        done = run(
            "fetch", "--json", "346c5d10-a4a1-4f49-a851-66a7dae6cfaf", ECOVAI_BASE_URL=address, ECOVAI_API_KEY=KEY
        )
    assert words in done.stderr
    assert "<" not in done.stderr
    assert done.returncode == code


def test_a_single_query_that_says_so_means_an_id_nobody_knows(run: Run) -> None:
    with answering((SAMPLES / "errors/400-task-not-exist.json").read_bytes(), 400) as address:
        done = run("fetch", "346c5d10-a4a1-4f49-a851-66a7dae6cfaf", ECOVAI_BASE_URL=address, ECOVAI_API_KEY=KEY)
    assert "missing" in done.stdout
    assert done.returncode == 6
