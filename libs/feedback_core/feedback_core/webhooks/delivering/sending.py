"""One request after the other to a receiver: in a thread, each within a time, of the answer no more than a little."""

import http.client
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import urlsplit

from feedback_core.kit.clock import Clock
from feedback_core.kit.pinned_http import AddressInvalid, HostUnknown, PinnedConnection, resolve
from feedback_core.kit.settings import WebhookSettings
from feedback_core.webhooks.calc import outcome_of, retry_after_seconds, snippet_of
from feedback_core.webhooks.types import Answer, AttemptOutcome, Message

MOST_READ: Final = 4_096
"""Bytes of an answer: of what is longer the rest is not fetched."""


class Sender:
    """Sends messages to one address, over one connection as long as its receiver keeps it.

    Used as a context manager, by one thread. A redirect is not followed: it is an answer like any other.
    """

    def __init__(self, url: str, settings: WebhookSettings, clock: Clock) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host = parts.hostname
        self._is_tls = parts.scheme == "https"
        self._port = parts.port or (http.client.HTTPS_PORT if self._is_tls else http.client.HTTP_PORT)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._settings = settings
        self._clock = clock
        self._connection: PinnedConnection | None = None
        self._watch = _Watch(self._cut)
        self.was_cut_short = False
        """Whether somebody ended it from outside: what was being sent then says nothing of the receiver."""

    def cut(self) -> None:
        """End it from outside, whatever it waits for."""
        self.was_cut_short = True
        self._cut()

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.stop()
        self._close()

    def send(self, message: Message) -> Answer:
        """Send one message, and say how that ended; it never raises for what a receiver or the network does."""
        begun = time.monotonic()
        self._watch.until(begun + self._settings.timeout_seconds)
        answer = self._answer(message)
        seconds = time.monotonic() - begun
        if answer.outcome is not AttemptOutcome.DELIVERED:
            self._close()
        # What was cut looks like any other broken connection.
        if answer.status is None and seconds >= self._settings.timeout_seconds:
            detail = f"The receiver took longer than {self._settings.timeout_seconds:g} seconds."
            answer = Answer(AttemptOutcome.TIMED_OUT, detail=detail)
        return Answer(answer.outcome, answer.status, answer.detail, answer.snippet, answer.retry_after, seconds)

    def _answer(self, message: Message) -> Answer:
        is_kept = self._connection is not None
        try:
            return self._request(message)
        except AddressInvalid as wrong:
            return Answer(AttemptOutcome.ADDRESS_REFUSED, detail=str(wrong))
        except HostUnknown as unknown:
            return Answer(AttemptOutcome.UNREACHABLE, detail=str(unknown))
        except TimeoutError:
            return Answer(AttemptOutcome.TIMED_OUT, detail="The receiver did not answer in time.")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._close()
            if is_kept and not self._watch.cut and not self.was_cut_short:
                # A receiver may end a connection that it kept at any time; that says nothing of this message.
                return self._answer(message)
            return Answer(
                AttemptOutcome.UNREACHABLE, detail=f"The receiver could not be reached: {type(error).__name__}."
            )

    def _request(self, message: Message) -> Answer:
        if self._connection is None:
            address = resolve(self._host, self._port, allow_private=self._settings.allow_private_networks)
            self._connection = PinnedConnection(
                self._host, self._port, address, is_tls=self._is_tls, timeout=self._settings.timeout_seconds
            )
        connection = self._connection
        connection.request("POST", self._path, message.body, {**message.headers, "Accept-Encoding": "identity"})
        answered = connection.getresponse()
        outcome = outcome_of(answered.status)
        retry_after = None
        if answered.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            retry_after = retry_after_seconds(answered.getheader("Retry-After"), self._clock.now())
        snippet = snippet_of(self._read(answered))
        if not answered.isclosed():
            self._close()
        detail = None if outcome is AttemptOutcome.DELIVERED else f"The receiver answered {answered.status}."
        if outcome is AttemptOutcome.REDIRECTED:
            detail = f"The receiver answered {answered.status}: redirects are not followed; give the address itself."
        return Answer(outcome, answered.status, detail, snippet, retry_after)

    def _read(self, answered: http.client.HTTPResponse) -> bytes:
        """The beginning of the body; that the rest breaks off changes nothing of what was answered."""
        body = b""
        try:
            while len(body) < MOST_READ and (part := answered.read1(MOST_READ - len(body))):
                body += part
        except (OSError, http.client.HTTPException, ValueError):
            self._close()
        return body

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _cut(self) -> None:
        if self._connection is not None:
            self._connection.cut()


class _Watch:
    """Cuts a connection when its time is over: a timeout of the socket is that of one read only."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut_off = cut
        self._deadline = float("inf")
        self._changed = threading.Condition()
        self._stopped = False
        self.cut = False
        self._thread = threading.Thread(target=self._run, name="webhook watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def until(self, deadline: float) -> None:
        """Cut at this instant of the monotonic clock, unless told another before."""
        with self._changed:
            self.cut = False
            # A later deadline wakes nobody: the earlier one is looked at again when it is over.
            is_sooner = deadline < self._deadline
            self._deadline = deadline
            if is_sooner:
                self._changed.notify()

    def stop(self) -> None:
        """End."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._stopped:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    self.cut = True
                    self._cut_off()
                    self._deadline = float("inf")
                    left = float("inf")
                self._changed.wait(None if left == float("inf") else left)
