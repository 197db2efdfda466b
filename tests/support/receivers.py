"""A receiver of webhooks: a real server that answers as a test says, and keeps what it took."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Taken:
    """A request as it came, and when."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def id(self) -> str:
        """The id of the event that it tells."""
        return self.headers["webhook-id"]

    @property
    def document(self) -> dict[str, Any]:
        """What it tells."""
        document: dict[str, Any] = json.loads(self.body)
        return document

    def verified(self, secret: str) -> dict[str, Any]:
        """What it tells, as the standard's own client believes it."""
        document: dict[str, Any] = Webhook(secret).verify(self.body, dict(self.headers))
        return document


Answering = Callable[[BaseHTTPRequestHandler, Taken], None]


def status(code: int, body: bytes = b"ok", headers: Mapping[str, str] | None = None) -> Answering:
    """Answer with a status."""

    def answer(handler: BaseHTTPRequestHandler, _: Taken) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass(slots=True)
class TestReceiver:
    """A server on this machine.

    Attributes:
        answering: what it does with a request; a test may change it at any time.
        requests: what came, in order, whatever was answered.
    """

    __test__ = False

    url: str
    answering: Answering = field(default_factory=lambda: status(200))
    requests: list[Taken] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        """Ids of the events that it was told of, in order."""
        return [taken.id for taken in self.requests]

    def hang(self, _: BaseHTTPRequestHandler, __: Taken) -> None:
        """Take a request and never answer."""
        self.closing.wait(60)


@contextmanager
def receiving() -> Iterator[TestReceiver]:
    """A receiver that takes everything."""
    receiver = TestReceiver("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            taken = Taken(self.path, headers, body, datetime.now(UTC))
            receiver.requests.append(taken)
            try:
                receiver.answering(self, taken)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
