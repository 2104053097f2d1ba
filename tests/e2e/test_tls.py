"""The monitor speaks TLS with its gateway: a start without ``ssl`` costs no connection."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from support.terminal import Open

CERTIFICATE = Path(__file__).parents[1] / "gateway" / "certificates" / "loopback.pem"
TASK = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
REPLY = json.dumps(
    {
        "code": "success",
        "data": [
            {
                "task_id": TASK,
                "action": "MUSIC",
                "status": "SUCCESS",
                "data": [{"title": "Harbour Lights", "state": "succeeded"}],
            }
        ],
    }
).encode()


class Gateway(BaseHTTPRequestHandler):
    """Answers every question with one finished song."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    def log_message(self, *_arguments: object) -> None:
        """Keep standard error clean."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_gateway_behind_tls(open_quickly: Open, environment: dict[str, str], address: str) -> None:
    there = environment | {"ECOVAI_BASE_URL": address, "ECOVAI_API_KEY": "sk-x", "SSL_CERT_FILE": str(CERTIFICATE)}
    pane = open_quickly(TASK, environment=there)
    pane.wait_for("Harbour Lights")


def test_a_certificate_that_nobody_vouches_for(open_quickly: Open, environment: dict[str, str], address: str) -> None:
    alone = environment | {"ECOVAI_BASE_URL": address, "ECOVAI_API_KEY": "sk-x"}
    pane = open_quickly(TASK, environment=alone)
    pane.wait_for("certificate")
