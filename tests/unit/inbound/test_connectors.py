"""Connectors: where they may not go, and that nobody can send them there, or hold them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.inbound.connectors.addresses import (
    check_template,
    fill,
    parameters_of,
)
from feedback_core.inbound.connectors.http import HttpConnector
from feedback_core.inbound.connectors.types import FetchFailed, FetchRefused
from feedback_core.kit.pinned_http import AddressInvalid
from feedback_core.kit.settings import ConnectorSettings
from tests.support.sender_api import sender_api

OPEN = ConnectorSettings(allow_private_networks=True, timeout_seconds=2, max_bytes=1_000)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/{id}",
        "ftp://api.example.com/{id}",
        "//api.example.com/{id}",
        "https://{host}/x",
        "https://api.{tenant}.example.com/x",
        "https://user:password@api.example.com/{id}",
        "https://user@api.example.com/{id}",
        "https://api.example.com/{id}#part",
        "https://api.example.com/{ID}",
        "https://api.example.com/{id",
        "https://api.example.com/ {id}",
        "https://api.example.com:0/{id}",
        "https://api.example.com:99999/{id}",
        "https:///x",
        "https://[::1",
        "https://api.exämple.com/{id}",
    ],
)
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(AddressInvalid):
        check_template(url, allow_http=False)


def test_an_address_may_have_parameters_behind_its_host() -> None:
    url = "https://api.example.com:8443/v3/{survey}/responses/{id}?fields={survey}"
    check_template(url, allow_http=False)
    assert parameters_of(url) == {"survey", "id"}


@given(st.text(min_size=1, max_size=30))
def test_a_parameter_never_leaves_its_place(value: str) -> None:
    try:
        url = fill("https://api.example.com/a/{id}/b?c={id}", {"id": value})
    except (AddressInvalid, UnicodeEncodeError):
        return
    assert url.startswith("https://api.example.com/a/")
    assert (url.count("/"), url.count("?"), url.count("&"), url.count("#"), url.count("=")) == (5, 1, 0, 0, 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
async def test_no_spelling_of_this_machine_is_called(host: str) -> None:
    with sender_api() as api:
        connector = HttpConnector(f"http://{host}:{api.port}/x", "token", ConnectorSettings())
        with pytest.raises((FetchRefused, FetchFailed)):
            await connector.fetch({})
        assert not api.asked


async def test_a_document_is_fetched_with_the_token() -> None:
    with sender_api() as api:
        api.documents["/r/a%2Fb?x=1"] = {"nps": 9}
        fetched = await HttpConnector(f"{api.url}/r/{{id}}?x=1", "secret", OPEN).fetch({"id": "a/b"})
        assert (fetched.body, fetched.content_type, api.tokens) == (
            b'{"nps": 9}',
            "application/json",
            {"Bearer secret"},
        )


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, FetchFailed), (503, FetchFailed), (429, FetchFailed), (401, FetchFailed), (404, FetchFailed),
     (410, FetchRefused), (400, FetchRefused), (302, FetchRefused), (204, FetchRefused)],
)  # fmt: skip
async def test_answers_that_are_no_document(status: int, error: type[Exception]) -> None:
    with sender_api() as api:
        api.documents["/x"] = {}
        api.documents["/elsewhere"] = {}
        api.statuses.append(status)
        with pytest.raises(error):
            await HttpConnector(f"{api.url}/x", "secret", OPEN).fetch({})
        assert api.asked == ["/x"]


async def test_a_document_that_is_too_large_is_not_taken() -> None:
    with sender_api() as api:
        api.documents["/x"] = "x" * 2_000
        with pytest.raises(FetchRefused):
            await HttpConnector(f"{api.url}/x", "secret", OPEN).fetch({})


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
async def test_one_who_never_ends_is_not_waited_for(sent: bytes) -> None:
    settings = OPEN.model_copy(update={"timeout_seconds": 0.3})
    with _dripping(sent) as port, pytest.raises(FetchFailed):
        await HttpConnector(f"http://127.0.0.1:{port}/x", "secret", settings).fetch({})


async def test_one_who_breaks_off_is_asked_again_later() -> None:
    sent = b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"nps": '
    with _dripping(sent, ends=True) as port, pytest.raises(FetchFailed):
        await HttpConnector(f"http://127.0.0.1:{port}/x", "secret", OPEN).fetch({})


async def test_nobody_listening_and_no_such_host_are_of_the_moment() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/x", "https://nobody.invalid/x"):
        with pytest.raises(FetchFailed):
            await HttpConnector(url, "secret", OPEN).fetch({})


@contextmanager
def _dripping(sent: bytes, *, ends: bool = False) -> Iterator[int]:
    """A server that says something, and then a byte now and then, or nothing more."""
    over = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(sent)
            while not ends and not over.wait(0.05):
                try:
                    connection.sendall(b" " if sent else b"H")
                except OSError:
                    return

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join(timeout=5)
