"""The HTTP server: sockets and threads in, requests out to whoever answers them."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import socketserver
import sys
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from threading import Lock, Thread, current_thread
from typing import cast

from ecovai_tui.simulator.gateway import Gateway
from ecovai_tui.simulator.handler import Handler
from ecovai_tui.simulator.options import Options
from ecovai_tui.simulator.record import RequestLog

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
        self, port: int, gateway: Gateway, log: RequestLog, options: Options, clock: Callable[[], float]
    ) -> None:
        self.gateway = gateway
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
