"""Fetching over HTTPS: only from public addresses, without redirects, within a time and a size.

The name is resolved once, what it resolves to is held against the rules, and exactly that is called, so that a name
cannot lead elsewhere between the look and the call. No proxy of the environment is used.
"""

import asyncio
import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from feedback_core.inbound.connectors.addresses import fill
from feedback_core.inbound.connectors.types import Fetched, FetchFailed, FetchRefused
from feedback_core.kit.pinned_http import AddressInvalid, HostUnknown, PinnedConnection, resolve
from feedback_core.kit.settings import ConnectorSettings

_PART: Final = 2**16
_LATER: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Answers that may be another one later: a token is renewed, a limit is over, a record is only being written."""

_SERVER_ERRORS: Final = 500


@dataclass(frozen=True, slots=True)
class HttpConnector:
    """Fetches one document from an address, with a bearer token.

    Attributes:
        url: with parameters in braces.
    """

    url: str
    token: str = field(repr=False)
    settings: ConnectorSettings

    async def fetch(self, parameters: Mapping[str, str]) -> Fetched:
        """What is there under these parameters.

        Raises:
            FetchFailed: the sender cannot be reached, refuses the token, is busy, or does not know it yet.
            FetchRefused: it is gone, it is too large, or the address is not one that may be called.
        """
        try:
            url = fill(self.url, parameters)
        except AddressInvalid as wrong:
            raise FetchRefused(str(wrong)) from None
        return await asyncio.to_thread(self._get, url)

    def _get(self, url: str) -> Fetched:
        deadline = time.monotonic() + self.settings.timeout_seconds
        parts = urlsplit(url)
        assert parts.hostname is not None
        is_tls = parts.scheme == "https"
        port = parts.port or (http.client.HTTPS_PORT if is_tls else http.client.HTTP_PORT)
        address = self._resolve(parts.hostname, port)
        connection = PinnedConnection(parts.hostname, port, address, is_tls=is_tls, timeout=self._left(deadline))
        # A timeout of the socket is that of one read: one who sends a byte now and then would be waited for.
        watch = threading.Timer(self._left(deadline), connection.cut)
        watch.daemon = True
        watch.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "GET",
                path,
                headers={
                    "Accept": "application/json, application/xml;q=0.5",
                    "Accept-Encoding": "identity",
                    "Authorization": f"Bearer {self.token}",
                    "Connection": "close",
                    "User-Agent": "feedback-service",
                },
            )
            answer = connection.getresponse()
            _check_status(answer.status)
            return Fetched(self._read(answer, deadline), answer.getheader("Content-Type"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._left(deadline)
            raise FetchFailed(f"The sender could not be asked: {type(error).__name__}.") from None
        finally:
            watch.cancel()
            connection.close()

    def _resolve(self, host: str, port: int) -> str:
        try:
            return resolve(host, port, allow_private=self.settings.allow_private_networks)
        except HostUnknown as unknown:
            raise FetchFailed(str(unknown)) from None
        except AddressInvalid as wrong:
            raise FetchRefused(str(wrong)) from None

    def _read(self, answer: http.client.HTTPResponse, deadline: float) -> bytes:
        body = bytearray()
        while part := answer.read1(_PART):
            body += part
            if len(body) > self.settings.max_bytes:
                raise FetchRefused(f"The sender's document is larger than {self.settings.max_bytes} bytes.")
        # A connection that was cut can look like one that has ended.
        self._left(deadline)
        if answer.length:
            raise FetchFailed("The sender's document broke off.")
        return bytes(body)

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"The sender took longer than {self.settings.timeout_seconds:g} seconds.")
        return left


def _check_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if status in _LATER or status >= _SERVER_ERRORS:
        raise FetchFailed(f"The sender answered {status}.")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise FetchRefused(f"The sender answered {status}: redirects are not followed; give the address itself.")
    raise FetchRefused(f"The sender answered {status}.")
