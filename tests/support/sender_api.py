"""The API of a sender, which connectors fetch from: a real server on a port of its own, that may be down or lie."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class SenderApi:
    """What it answers, and what it was asked.

    Attributes:
        documents: by path.
        statuses: answers that come first, instead of a document.
        asked: paths, in their order.
        tokens: what came as Authorization.
    """

    documents: dict[str, Any] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def sender_api() -> Iterator[SenderApi]:
    """A server that is there while the block runs."""
    api = SenderApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.asked.append(self.path)
            api.tokens.add(self.headers["Authorization"])
            status = api.statuses.pop(0) if api.statuses else 200 if self.path in api.documents else 404
            body = json.dumps(api.documents.get(self.path)).encode() if status == 200 else b"sorry"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if 300 <= status < 400:
                self.send_header("Location", f"{api.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name of the library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
