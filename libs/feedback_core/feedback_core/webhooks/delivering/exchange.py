"""One connection to a receiver: a request goes out, and the beginning of its answer comes back, all within a time.

Of HTTP/1.1 as much as it takes to post a message and to know what was said to it: the parser is that of the API's own
server, and an answer is never more than a status, a header and the beginning of a body.
"""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from feedback_core.kit.pinned_http import secured, socket_to

MOST_READ: Final = 4_096
"""Bytes of a body: of what is longer the rest is not fetched."""

_LARGEST_HEAD: Final = 65_536
_PART: Final = 65_536
_FINAL: Final = 200
"""Answers with a status below are followed by another one."""


class AnswerBroken(ConnectionError):
    """What came is no answer, or the connection ended before it was one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver said.

    Attributes:
        retry_after: the header, as it came.
        body: its beginning.
    """

    status: int
    retry_after: str | None
    body: bytes


class Exchange:
    """A connection to one address in the name of a host. It is used by one thread at a time."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool, deadline: float) -> None:
        """Connect, by an instant of the monotonic clock.

        Raises:
            TimeoutError: it took longer.
            OSError: there is no connection.
        """
        default = 443 if is_tls else 80
        named = f"[{host}]" if ":" in host else host
        self._name = named if port == default else f"{named}:{port}"
        self.is_kept = True
        """Whether another message may follow."""

        self._socket = socket_to(address, port, timeout=_left(deadline))
        if is_tls:
            self._prove(host, deadline)

    def post(self, path: str, headers: Mapping[str, str], body: bytes, *, deadline: float) -> Answered:
        """Send a message, and read what is said to it.

        Raises:
            TimeoutError: it took longer than until the deadline.
            AnswerBroken: what came is no answer.
            OSError: the connection broke.
        """
        head = [f"POST {path} HTTP/1.1", f"Host: {self._name}", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.settimeout(_left(deadline))
        self._socket.sendall("\r\n".join([*head, "", ""]).encode("ascii") + body)
        return self._answer(deadline)

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it."""
        self.is_kept = False
        self._socket.close()

    def _prove(self, host: str, deadline: float) -> None:
        try:
            self._socket.settimeout(_left(deadline))
            secure = secured(self._socket, host)
            self._socket = secure
            secure.do_handshake()
        except BaseException:
            self.close()
            raise

    def _answer(self, deadline: float) -> Answered:
        answer = _Answer()
        try:
            while not answer.is_complete:
                self._socket.settimeout(_left(deadline))
                answer.feed(self._socket.recv(_PART))
        except OSError:
            # That the rest of a body breaks off changes nothing of what was answered.
            if not answer.has_head:
                raise
        if not (answer.is_whole and answer.keeps):
            self.is_kept = False
        retry_after = None if answer.retry_after is None else answer.retry_after.decode("latin-1")
        return Answered(answer.status, retry_after, bytes(answer.body[:MOST_READ]))


class _Answer:
    """What has come of an answer so far; its methods named ``on_…`` are called by the parser."""

    def __init__(self) -> None:
        self.status = 0
        self.retry_after: bytes | None = None
        self.body = bytearray()
        self.has_head = False
        self.is_whole = False
        self.keeps = False
        self._head = 0
        self._parser = HttpResponseParser(self)
        # Whatever can be understood is: nothing is handed on to others who might understand something else.
        self._parser.set_dangerous_leniencies(lenient_headers=True, lenient_optional_cr_before_lf=True)

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing more to be read of it."""
        return self.is_whole or (self.has_head and len(self.body) >= MOST_READ)

    def feed(self, part: bytes) -> None:
        """Take more of it.

        Raises:
            AnswerBroken: it is over before there was an answer, or it is none.
        """
        if not part:
            raise AnswerBroken
        self._head += 0 if self.has_head else len(part)
        try:
            self._parser.feed_data(part)
        except HttpParserUpgrade:
            raise AnswerBroken from None
        except HttpParserError:
            self.keeps = False
            if not self.has_head:
                raise AnswerBroken from None
            self.is_whole = True
        if self._head > _LARGEST_HEAD and not self.has_head:
            raise AnswerBroken

    def on_message_begin(self) -> None:
        """Another answer begins: after one that was whole, nobody has asked for it."""
        self.keeps = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come."""
        if name.lower() == b"retry-after" and not self.is_whole:
            self.retry_after = value

    def on_headers_complete(self) -> None:
        """All headers have come."""
        if not self.is_whole:
            self.status = self._parser.get_status_code()
            self.has_head = self.status >= _FINAL

    def on_body(self, part: bytes) -> None:
        """A part of the body has come."""
        if not self.is_whole and len(self.body) < MOST_READ:
            self.body += part

    def on_message_complete(self) -> None:
        """That was all of it, unless it only announced another one."""
        if self.has_head and not self.is_whole:
            self.is_whole = True
            self.keeps = self._parser.should_keep_alive()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
