"""One message after the other to a receiver, each within a time, over a connection that is kept for a while."""

import time
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from feedback_core.kit.clock import Clock
from feedback_core.kit.pinned_http import AddressInvalid, HostUnknown, resolve
from feedback_core.kit.settings import WebhookSettings
from feedback_core.webhooks.calc import outcome_of, retry_after_seconds, snippet_of
from feedback_core.webhooks.delivering.exchange import Answered, Exchange
from feedback_core.webhooks.types import Answer, AttemptOutcome, Message

KEPT_SECONDS: Final = 4.0
"""A connection that nothing was sent over for so long is not used again: many servers end it after five."""

OLDEST_SECONDS: Final = 60.0
"""Where a name leads is looked at anew after so long, however busy the connection is."""


class Sender:
    """Sends messages to one address, over one connection as long as its receiver keeps it.

    Used by one thread at a time. A redirect is not followed: it is an answer like any other.
    """

    def __init__(self, url: str, settings: WebhookSettings, clock: Clock) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self.url = url
        self._host = parts.hostname
        self._is_tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._settings = settings
        self._clock = clock
        self._exchange: Exchange | None = None
        self._opened = self._used = 0.0
        self.was_cut_short = False
        """Whether somebody ended it from outside: what was being sent then says nothing of the receiver."""

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it has a connection over which more may be sent."""
        now = time.monotonic()
        return (
            self._exchange is not None
            and self._exchange.is_kept
            and now - self._used < KEPT_SECONDS
            and now - self._opened < OLDEST_SECONDS
        )

    def cut(self) -> None:
        """End it from outside, whatever it waits for."""
        self.was_cut_short = True
        if self._exchange is not None:
            self._exchange.cut()

    def close(self) -> None:
        """End its connection; another message would open one anew."""
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def send(self, message: Message) -> Answer:
        """Send one message, and say how that ended; it never raises for what a receiver or the network does."""
        begun = time.monotonic()
        answer = self._tried(message, begun + self._settings.timeout_seconds)
        self._used = time.monotonic()
        if answer.outcome is not AttemptOutcome.DELIVERED:
            self.close()
        return Answer(
            answer.outcome, answer.status, answer.detail, answer.snippet, answer.retry_after, self._used - begun
        )

    def _tried(self, message: Message, deadline: float) -> Answer:
        if not self.is_worth_keeping:
            self.close()
        is_kept = self._exchange is not None
        try:
            return self._answer(self._posted(message, deadline))
        except AddressInvalid as wrong:
            return Answer(AttemptOutcome.ADDRESS_REFUSED, detail=str(wrong))
        except HostUnknown as unknown:
            return Answer(AttemptOutcome.UNREACHABLE, detail=str(unknown))
        except TimeoutError:
            detail = f"The receiver took longer than {self._settings.timeout_seconds:g} seconds."
            return Answer(AttemptOutcome.TIMED_OUT, detail=detail)
        except OSError as error:
            self.close()
            if is_kept and not self.was_cut_short:
                # A receiver may end a connection that it kept at any time; that says nothing of this message.
                return self._tried(message, deadline)
            detail = f"The receiver could not be reached: {type(error).__name__}."
            return Answer(AttemptOutcome.UNREACHABLE, detail=detail)

    def _posted(self, message: Message, deadline: float) -> Answered:
        if self._exchange is None:
            address = resolve(self._host, self._port, allow_private=self._settings.allow_private_networks)
            self._exchange = Exchange(self._host, self._port, address, is_tls=self._is_tls, deadline=deadline)
            self._opened = self._used = time.monotonic()
        return self._exchange.post(self._path, message.headers, message.body, deadline=deadline)

    def _answer(self, answered: Answered) -> Answer:
        outcome, status = outcome_of(answered.status), answered.status
        retry_after = None
        if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            retry_after = retry_after_seconds(answered.retry_after, self._clock.now())
        detail = None if outcome is AttemptOutcome.DELIVERED else f"The receiver answered {status}."
        if outcome is AttemptOutcome.REDIRECTED:
            detail = f"The receiver answered {status}: redirects are not followed; give the address itself."
        return Answer(outcome, status, detail, snippet_of(answered.body), retry_after)
