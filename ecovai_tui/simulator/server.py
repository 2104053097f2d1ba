"""The simulator as others use it: an HTTP server before a gateway, its tasks, and the truth about them."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import socketserver
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Event, Lock, Thread, current_thread
from typing import Self, cast

from ecovai_tui.simulator.cdn import FileRecord, FileReply, FileRequest, Files, Pace, own_addresses, pieces_in_time
from ecovai_tui.simulator.dialect import short_id
from ecovai_tui.simulator.family_dialects import find_family
from ecovai_tui.simulator.gateway import Gateway, Outcome
from ecovai_tui.simulator.replies import Manner, Reply, Request, nginx_page
from ecovai_tui.simulator.scripts import KindName, find_script
from ecovai_tui.simulator.songs import song_at
from ecovai_tui.simulator.studio import Studio
from ecovai_tui.simulator.world import NO_ANSWER, Options, RequestLog, RequestRecord, Taken, World

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request's body beyond which it is refused."""

LEAST_PROMISED = 32
"""Bytes that a cut reply promises at the least, so that also an empty one falls short."""

UNANSWERED = {Manner.RESET, Manner.HANG}


class Handler(BaseHTTPRequestHandler):
    """Serves the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def handle(self) -> None:
        """Serve until either side ends the connection; a client that vanishes is no error here."""
        with contextlib.suppress(OSError):
            super().handle()

    def serve(self) -> None:
        """Answer one request."""
        if self.server.files.serves(self.path):
            self._serve_file()
            return
        body = self._read_body()
        if body is None:
            self._send(Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, nginx_page(413), "text/html"), closing=True)
            return
        number, concurrent = self.server.log.begin()
        outcome = self._own(self.server.gateway.answer(self._request(number, body)))
        if outcome.reply.manner is Manner.SLOW:
            self._wait(self.server.options.slow_seconds)
        elif outcome.reply.manner is Manner.VERY_SLOW:
            self._wait(self.server.options.very_slow_seconds)
        elif outcome.reply.manner is Manner.HANG:
            self._wait(self.server.options.hang_seconds)
        self._note(outcome, concurrent)
        self._deliver(outcome.reply)

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve  # noqa: N815 - http.server's names

    def _request(self, number: int, body: bytes) -> Request:
        told = (self.headers.get(name, "") for name in ("Authorization", "Content-Type", "mj-api-secret"))
        return Request(number, self.command, self.path, body, *told)

    def _own(self, outcome: Outcome) -> Outcome:
        """Put the addresses of files at this server, if it is to serve them."""
        reply, host = outcome.reply, self.headers.get("Host", "")
        if not (self.server.options.own_files and host):
            return outcome
        return replace(outcome, reply=replace(reply, body=own_addresses(reply.body, host)))

    def _serve_file(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.files.answer(FileRequest(self.command, self.path, headers))
        self.send_response(reply.status)
        for name, value in (("Content-Type", reply.content.content_type), *reply.headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(reply.stop - reply.first))
        self.end_headers()
        self.wfile.flush()
        if self.command != "HEAD":
            self._send_file(reply)

    def _send_file(self, reply: FileReply) -> None:
        half = reply.stop if reply.pace is Pace.WHOLE else (reply.first + reply.stop) // 2
        spans = [span for span in ((reply.first, half), (half, reply.stop)) if span[0] < span[1]]
        for number, (first, stop) in enumerate(spans):
            if number and reply.pace is Pace.CUT:
                self.close_connection = True
                return
            if number:
                self._wait(self.server.options.slow_seconds)
            for piece, seconds in pieces_in_time(reply.content.pieces(first, stop), self.server.options.file_rate):
                self.connection.sendall(piece)
                if seconds:
                    self._wait(seconds)

    def _read_body(self) -> bytes | None:
        """Return the body, or None if it is too large or does not say how large it is."""
        length = self.headers.get("Content-Length", "0").strip()
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > LARGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _note(self, outcome: Outcome, concurrent: int) -> None:
        status = NO_ANSWER if outcome.reply.manner in UNANSWERED else int(outcome.reply.status)
        record = RequestRecord(self.server.clock(), self.command, self.path, outcome.ids, status, concurrent)
        self.server.log.end(record)

    def _deliver(self, reply: Reply) -> None:
        if reply.manner is Manner.RESET:
            self._reset()
        elif reply.manner is Manner.HANG:
            self.close_connection = True
        else:
            self._send(reply, closing=reply.manner is Manner.CUT)

    def _send(self, reply: Reply, *, closing: bool) -> None:
        cut = reply.manner is Manner.CUT
        length = max(LEAST_PROMISED, len(reply.body)) if cut else len(reply.body)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers:
            self.send_header(name, value)
        if closing and not cut:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body[: len(reply.body) // 2] if cut else reply.body)
        self.wfile.flush()
        self.close_connection = self.close_connection or closing

    def _wait(self, seconds: float) -> None:
        """Wait, but not longer than the client does or the server lives."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            selector.register(self.server.wake, selectors.EVENT_READ)
            selector.select(seconds)

    def _reset(self) -> None:
        """Close the connection so that the client's system reports a reset instead of an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the simulator's own time for the Date header."""
        return formatdate(self.server.clock() if timestamp is None else timestamp, usegmt=True)

    def version_string(self) -> str:
        """Return the name of the server, which does not change with the version of Python."""
        return "ecovai-tui-simulator"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing: the screen belongs to others, and requests are in the log."""


LOG = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
FAREWELL_SECONDS = 0.5


class Server(ThreadingHTTPServer):
    """Serves one gateway on the loopback interface.

    Raises OSError if the port is taken, OverflowError if there can be no such port.
    Each connection has a thread of its own that ends with the process; ``stop`` ends them all at once. ``timeout``
    (seconds) bounds the wait for a connection that was announced and then withdrawn.
    """

    allow_reuse_port = False
    timeout = 1.0

    def __init__(
        self,
        port: int,
        gateway: Gateway,
        files: Files,
        *,
        log: RequestLog,
        options: Options,
        clock: Callable[[], float],
    ) -> None:
        self.gateway = gateway
        self.files = files
        self.log = log
        self.options = options
        self.clock = clock
        self.wake, self._waker = socket.socketpair()
        self._connections: dict[Thread, socket.socket] = {}
        self._lock = Lock()
        try:
            super().__init__((LOOPBACK, port), Handler)
        except (OSError, OverflowError):
            self._close_wake()
            raise
        self._thread = Thread(target=self._accept, name="simulator", daemon=True)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which the base class would ask a name server for."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection and every thread, also those that wait on purpose."""
        self._waker.close()
        self._thread.join(FAREWELL_SECONDS)
        self.server_close()
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in connections:
            thread.join(FAREWELL_SECONDS)
        self._close_wake()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Serve a connection in a thread that ``stop`` knows of."""
        thread = Thread(
            target=self._serve_connection, args=(request, client_address), name="simulator connection", daemon=True
        )
        with self._lock:
            self._connections[thread] = cast("socket.socket", request)
        thread.start()

    def _accept(self) -> None:
        """Take connections until ``stop``; unlike ``serve_forever`` it never wakes up for nothing."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self.wake, selectors.EVENT_READ)
            while all(key.fileobj is not self.wake for key, _events in selector.select()):
                self.handle_request()

    def _serve_connection(self, request: socket.socket, client_address: object) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._connections[current_thread()]

    def handle_error(
        self,
        request: socket.socket | tuple[bytes, socket.socket],  # noqa: ARG002 - the base class's arguments
        client_address: object,  # noqa: ARG002 - as above
    ) -> None:
        """Log what ended a connection; the base class would print a traceback, over whatever is on the screen."""
        went_away = isinstance(sys.exception(), OSError)
        LOG.log(logging.INFO if went_away else logging.ERROR, "a connection ended badly", exc_info=True)

    def _close_wake(self) -> None:
        self.wake.close()
        self._waker.close()


SCRIPT_OF_KIND = {"music": "song", "lyrics": "lyrics"}
SHORTEST_NAP, LONGEST_NAP = 0.01, 1.0
JOIN_SECONDS = 0.5


class Simulator:
    """A gateway to practise on, at ``base_url`` from ``start`` to ``stop``; also a context manager.

    ``clock`` gives Unix seconds. ``on_new_id`` is called, from any thread, with each id that comes after the start:
    those that arrive by themselves and those submitted. The port is kept when the simulator is started again.
    """

    def __init__(
        self,
        options: Options,
        *,
        port: int = 0,
        key: str | None = None,
        clock: Callable[[], float] = time.time,
        on_new_id: Callable[[str], None] | None = None,
    ) -> None:
        self.options = options
        self.key = key if key is not None else f"sk-sim-{short_id(Random(f'{options.seed}:key'), 24)}"
        self._port = port
        self._clock = clock
        self._world = World(options, clock, on_new_id or (lambda _task_id: None))
        self._studio = Studio(
            options.seed, options.speed, clock, on_new_id or (lambda _task_id: None), lives=options.lives
        )
        self._gateway = Gateway(options, self._world, self._studio, self.key, clock)
        self._files = Files(options, self._world, self._studio, self.key)
        self._log = RequestLog(options.log_size)
        self._server: Server | None = None
        self._stopping = Event()
        self._arrivals: Thread | None = None

    def start(self) -> Self:
        """Begin to serve; starting twice changes nothing. Raises OSError or OverflowError for a port not to be had."""
        if self._server is None:
            self._server = Server(
                self._port, self._gateway, self._files, log=self._log, options=self.options, clock=self._clock
            )
            self._port = self._server.server_port
            self._server.start()
            self._stopping.clear()
            self._arrivals = Thread(target=self._watch_arrivals, name="simulator arrivals", daemon=True)
            self._arrivals.start()
        return self

    def stop(self) -> None:
        """End the service with all its connections; the tasks go on. Stopping twice changes nothing."""
        self._stopping.set()
        server, self._server = self._server, None
        if server:
            server.stop()
        if self._arrivals:
            self._arrivals.join(JOIN_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_details: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Return where the gateway is; raises RuntimeError before the first start, when there is no port yet."""
        if not self._port:
            raise RuntimeError("the simulator has no address before it is started")
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return all ids handed out by now, oldest first, those of lost tasks included."""
        self._world.advance()
        return self._world.ids

    @property
    def poison_id(self) -> str:
        """Return the id that the fault ``poison`` cannot bear in a batch: the youngest at the start, "" if none."""
        return self._world.poison_id

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """Return the last requests that were answered or given up, oldest first."""
        return self._log.records

    @property
    def file_requests(self) -> tuple[FileRecord, ...]:
        """Return the last requests for files, with their headers, oldest first."""
        return tuple(self._files.records)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """Return the submissions that came over the wire and were taken and charged, oldest first."""
        return self._world.taken

    @property
    def under_way(self) -> int:
        """Return how many requests wait for their answer now."""
        return self._log.under_way

    def submit(self, kind: KindName = "music", script: str | None = None, title: str | None = None) -> str:
        """Begin a task now and return its id; a ``script`` decides the kind, and an unknown one raises ValueError."""
        chosen = find_script(script or SCRIPT_OF_KIND[kind])
        song = None if title is None else replace(song_at(len(self.ids), sung=chosen.kind == "lyrics"), title=title)
        return self._world.submit(chosen, song)

    def order(self, family: str, course: str = "", *, prompt: str = "", kind: str = "", ago: float = 0.0) -> str:
        """Begin a picture or video, ``ago`` simulated seconds ago, and return its id; ValueError for unknown names."""
        return self._studio.order(find_family(family), course, prompt=prompt, kind=kind, ago=ago)

    def truth(self, task_id: str) -> str:
        """Return the phase that a perfect reader reports of this id now; "missing" for an id unknown here."""
        return self._studio.truth(task_id) if ":" in task_id else self._world.truth(task_id)

    def _watch_arrivals(self) -> None:
        nap = SHORTEST_NAP
        while self.options.arrivals and not self._stopping.wait(nap):
            self._world.advance()
            nap = min(max(self._world.next_arrival - self._clock(), SHORTEST_NAP), LONGEST_NAP)
