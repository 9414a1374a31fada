"""A small HTTP service on this machine that answers as a test tells it and keeps the requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """The body as JSON values."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the service sends back; ``drop`` closes the connection without an answer."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False

    @property
    def content(self) -> bytes:
        """The bytes: as they are, or JSON of any other value."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Handle: TypeAlias = Callable[[Asked], Answer]


@dataclass
class Service:
    """A running service; ``asked`` grows with each request."""

    url: str
    asked: list[Asked]


@contextmanager
def running_service(handle: Handle) -> Iterator[Service]:
    """The service on a free port of 127.0.0.1, until the block ends."""
    asked: list[Asked] = []

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(self.command, self.path, headers, self.rfile.read(size))
            asked.append(request)
            answer = handle(request)
            self.close_connection = True
            if answer.drop:
                return
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", "Connection": "close", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *args: object) -> None:  # pylint: disable=redefined-builtin
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
