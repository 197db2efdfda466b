"""What a receiver says over the wire, in whatever pieces and however odd, and how long it may take for that."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.webhooks.delivering.exchange import MOST_READ, AnswerBroken, Answered, Exchange, _Answer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def _saying(*answers: Sequence[bytes], then_waits: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads a request and says the parts of an answer, one after the other, over one connection."""
    listening, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            for parts in answers:
                asked.append(connection.recv(65_536))
                for part in parts:
                    connection.sendall(part)
            if then_waits:
                over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        over.set()
        listening.close()
        thread.join(10)


def _exchange(port: int, *, host: str = "receiver.example.com", seconds: float = 5) -> Exchange:
    return Exchange(host, port, "127.0.0.1", is_tls=False, deadline=time.monotonic() + seconds)


def _post(exchange: Exchange, *, seconds: float = 5) -> Answered:
    return exchange.post("/hook?a=1", {"webhook-id": "7"}, b"{}", deadline=time.monotonic() + seconds)


def test_a_message_is_a_plain_request_with_its_name_and_length() -> None:
    with _saying([OK]) as (port, asked):
        exchange = _exchange(port)
        _post(exchange)
        exchange.close()

    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /hook?a=1 HTTP/1.1",
        b"Host: receiver.example.com:%d" % port,
        b"Content-Length: 2",
        b"webhook-id: 7",
    ]
    assert body == b"{}"


@pytest.mark.parametrize(
    ("parts", "status", "body", "kept"),
    [
        ([OK], 200, b"ok", True),
        ([bytes([byte]) for byte in OK], 200, b"ok", True),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, b"", True),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"], 200, b"ok", True),
        ([b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", False),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", False),
        ([b"HTTP/1.1 200 OK\r\n\r\nuntil it ends"], 200, b"until it ends", False),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbreaks"], 200, b"breaks", False),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", OK], 200, b"ok", True),
        ([b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK], 200, b"ok", True),
        ([OK + b"HTTP/1.1 500 Nobody asked\r\n\r\n"], 200, b"ok", False),
        ([b"HTTP/1.1 503 Busy\nContent-Length: 0\n\n"], 503, b"", True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n" + b"x" * 9_000], 200, b"x" * MOST_READ, False),
    ],
)
def test_what_is_said_is_understood(parts: list[bytes], status: int, body: bytes, kept: bool) -> None:
    with _saying(parts) as (port, _):
        exchange = _exchange(port)
        answered = _post(exchange)

        assert (answered.status, answered.body) == (status, body)
        assert exchange.is_kept == kept
        exchange.close()


def test_over_a_kept_connection_each_message_gets_its_own_answer() -> None:
    busy = b"HTTP/1.1 429 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
    with _saying([OK], [busy], [OK]) as (port, asked):
        exchange = _exchange(port)
        answers = [_post(exchange) for _ in range(3)]
        exchange.close()

    assert [(each.status, each.retry_after) for each in answers] == [(200, None), (429, "30"), (200, None)]
    assert len(asked) == 3


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Le"],
        [b"HTTP/1.1 100 Continue\r\n\r\n"],
        [b"SSH-2.0-OpenSSH_9.9\r\n"],
        [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70_000],
        [b"HTTP/1.1 100 Continue\r\n\r\n" * 4_000],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok"],
    ],
)
def test_what_is_no_answer_is_none(parts: list[bytes]) -> None:
    with _saying(parts) as (port, _):
        exchange = _exchange(port)
        with pytest.raises(OSError):  # noqa: PT011 - a reset connection, or what came over it
            _post(exchange)
        exchange.close()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_who_says_nothing_more_is_left_when_the_time_is_over(said: bytes) -> None:
    with _saying([said], then_waits=True) as (port, _):
        exchange, begun = _exchange(port), time.monotonic()
        with pytest.raises(TimeoutError):
            _post(exchange, seconds=0.2)
        exchange.close()

    assert 0.15 < time.monotonic() - begun < 5


def test_a_body_that_does_not_come_changes_nothing_of_what_was_answered() -> None:
    with _saying([b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nwait"], then_waits=True) as (port, _):
        exchange = _exchange(port)
        answered = _post(exchange, seconds=0.2)

        assert (answered.status, answered.body, exchange.is_kept) == (202, b"wait", False)
        exchange.close()


def test_what_waits_can_be_ended_from_outside() -> None:
    with _saying([b""], then_waits=True) as (port, _):
        exchange, begun = _exchange(port), time.monotonic()
        timer = threading.Timer(0.1, exchange.cut)
        timer.start()
        with pytest.raises(AnswerBroken):
            _post(exchange, seconds=30)
        timer.join()
        exchange.close()

    assert time.monotonic() - begun < 10


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([OK, b"HTTP/1.1 ", b"\r\n\r\n", b"200 OK\r\n"]))))
def test_whatever_comes_is_an_answer_or_none(parts: list[bytes]) -> None:
    answer = _Answer()
    for part in parts:
        if not part or answer.is_complete:
            continue
        try:
            answer.feed(part)
        except AnswerBroken:
            return
        assert (answer.status >= 200) == answer.has_head
