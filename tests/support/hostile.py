"""A gateway that puts into every field what must never reach a terminal, and a measure of what did."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

KEY = "sk-sim-" + "hostileGateway0123456789"
MARKUP = "[red]x[/Verse][@click=app.quit]y[/]"
"""What a careless program would read as markup of its own; it must be shown as it stands."""

ATTACKS = {
    "colour": "\x1b[38;5;213;9mpaint",
    "erasing": "\x1b[3J\x1b[H",
    "question": "\x1b[6n\x1b[c",
    "window title": "\x1b]0;pwned\x07",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "link": "\x1b]8;;https://pwned.example\x1b\\here\x1b]8;;\x1b\\",
    "notification": "\x1b]9;pwned\x07",
    "device control": "\x1bPpwned\x1b\\",
    "application command": "\x1b_pwned\x1b\\",
    "reset": "\x1bc",
    "nested": "\x1b[38\x1b[0m;5;213;9m\x1b\x1b]0;pwned\x07",
    "unfinished": "\x1b]0;pwned",
    "C1 colour": "\x9b38;5;213;9m",
    "C1 title": "\x9d0;pwned\x9c",
    "C0": "\x00\x07\x08\x0b\x0c\x0e\x1a\x7f",
    "carriage return": "\rover",
    "line ends": "\x85\u2028\u2029",
    "bidi": "\u202egnp.\u202c\u2066\u2069\u200f\u061c",
    "invisible": "\u200b\u200d\u2060\ufeff\u00ad\u3164",
    "variation": "\ufe0f\U000e0100\U000e0041\U0001f3fd",
    "surrogate": "\ud800",
}
"""Attacks by name; whatever is a string to the terminal has ``pwned`` in it, each colour the same odd numbers."""

_UNSEEN = re.compile(
    "[\x00-\x06\x08\x0b\x0c\x0e-\x1a\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ud800-\udfff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
"""What no terminal is ever sent by us, escape sequences of our own included."""

_TRACES = ("pwned", "cHduZWQ", "\x1b[38;5;213;9m", "\x1b[3J", "\x1b[6n", "\x1bc")


def hostile(word: str) -> str:
    """Return a text that begins with a word and markup, and holds every attack."""
    return f"{word} {MARKUP} " + " ".join(ATTACKS.values())


def traces(sent: bytes | str) -> list[str]:
    """Return what of the attacks stands in something that a terminal was sent."""
    text = sent if isinstance(sent, str) else sent.decode(errors="surrogateescape")
    return [trace for trace in _TRACES if trace in text] + [f"U+{ord(sign):04X}" for sign in _UNSEEN.findall(text)]


def controls(text: str) -> list[str]:
    """Return all control characters of a text but the newline."""
    return [f"U+{ord(sign):04X}" for sign in text if sign != "\n" and (ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0)]


class Scene(Enum):
    """What the gateway answers at the moment."""

    STREAMING = auto()
    DONE = auto()
    FAILED = auto()
    STRANGE = auto()
    LYRICS = auto()
    ERROR = auto()
    ERROR_PAGE = auto()
    ERROR_TEXT = auto()
    REJECTED = auto()


class HostileGateway:
    """Knows every id that it is asked for; ``scene`` decides what it says of it."""

    key = KEY

    def __init__(self) -> None:
        self.scene = Scene.STREAMING
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def reply(self, ids: list[str]) -> tuple[int, str, bytes]:
        """Return status, type and body of the answer to a query."""
        if self.scene is Scene.ERROR_PAGE:
            title = f"{hostile('page')} &#8238;&#x200b;&#155;31m".encode(errors="ignore")
            return 502, "text/html", b"<html><head><title>" + title + b"</title></head><body>x</body></html>"
        if self.scene is Scene.ERROR_TEXT:
            return 500, "text/plain", hostile("text").encode(errors="ignore")
        if self.scene is Scene.ERROR:
            error = {"message": f"{hostile('error')} (request id: {hostile('request')})", "type": hostile("type")}
            return 500, "application/json", _json({"error": {**error, "code": hostile("code")}})
        if self.scene is Scene.REJECTED:
            return 200, "text/plain", _json({"code": hostile("code"), "message": hostile("rejected"), "data": None})
        return 200, "application/json", _json({"code": "success", "data": [task(name, self.scene) for name in ids]})

    @contextmanager
    def serving(self) -> Iterator[HostileGateway]:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def task(task_id: str, scene: Scene) -> dict[str, object]:
    """Return a task whose every text is hostile, the names of unknown fields included."""
    word = {Scene.DONE: "SUCCESS", Scene.FAILED: "FAILURE", Scene.LYRICS: "SUCCESS", Scene.STREAMING: "IN_PROGRESS"}
    now = int(time.time())
    return {
        "task_id": task_id,
        "action": "" if scene is Scene.STRANGE else "LYRICS" if scene is Scene.LYRICS else "MUSIC",
        "status": word.get(scene, hostile("status")),
        "fail_reason": hostile("reason") if scene is Scene.FAILED else "",
        "submit_time": now - 60,
        "start_time": now - 50,
        "finish_time": now if scene in {Scene.DONE, Scene.FAILED, Scene.LYRICS} else 0,
        "progress": hostile("0%"),
        "group": hostile("group"),
        hostile("field"): hostile("value"),
        "data": _data(scene),
    }


def _data(scene: Scene) -> object:
    if scene is Scene.STRANGE:
        return []
    if scene is Scene.LYRICS:
        text = {name: hostile(name) for name in ("id", "title", "text", "error_message")}
        return {**text, "tags": [hostile("tag")], "status": "complete"}
    return [_clip(scene, 1), _clip(scene, 2)]


def _clip(scene: Scene, number: int) -> dict[str, object]:
    words = {Scene.STREAMING: "streaming", Scene.DONE: "complete", Scene.FAILED: "error"}
    metadata = {
        "prompt": "\n".join((MARKUP, "[Verse]", *ATTACKS.values(), "[Chorus]", "last line")),
        **{name: hostile(name) for name in ("tags", "gpt_description_prompt", "type")},
        "error_message": hostile("clip error") if scene is Scene.FAILED else None,
        "duration": 120.5 if scene is Scene.DONE else None,
    }
    return {
        "id": hostile(f"clip{number}"),
        "title": f"{MARKUP} {hostile('title')}",
        "status": words[scene],
        "model_name": f"{MARKUP} {hostile('model')}",
        "metadata": metadata,
        "audio_url": "https://cdn.example/1.mp3" if number == 1 else f"https://cdn.example/2.mp3?{hostile('q')}",
        "video_url": hostile("https://cdn.example/video.mp4?"),
        "image_url": hostile("image"),
    }


def _json(document: object) -> bytes:
    return json.dumps(document).encode()


def _handler(gateway: HostileGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            query: Mapping[str, list[str]] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(query["ids"])

        def do_GET(self) -> None:
            self._answer([self.path.rpartition("/")[2]])

        def _answer(self, ids: list[str]) -> None:
            status, kind, body = gateway.reply(ids)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_details: object) -> None:
            pass

    return Handler
