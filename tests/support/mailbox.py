"""A mail server of the tests: it takes mail, refuses it, or takes its time."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(slots=True)
class Mailbox:
    """What was delivered, and how the server behaves.

    Attributes:
        answer: to a recipient, instead of taking it: ``450 Come again``.
    """

    port: int = 0
    answer: str | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    tried: int = 0

    async def handle_RCPT(
        self, _server: SMTP, _: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        self.tried += 1
        if self.answer is not None:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[Mailbox]:
    """A mail server on this machine."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True), "127.0.0.1", 0)
    mailbox.port = _port(server)
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def stalling_server() -> AsyncIterator[int]:
    """The port of a server that sends a byte of its greeting now and then, and never ends it."""
    talking: set[asyncio.Task[Any]] = set()

    async def dribble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            while True:
                writer.write(b"2")
                await writer.drain()
                await asyncio.sleep(0.02)
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(dribble, "127.0.0.1", 0)
    try:
        yield _port(server)
    finally:
        for task in talking:
            task.cancel()
        server.close()


def _port(server: asyncio.Server) -> int:
    (listening,) = [each for each in server.sockets if each.family == socket.AF_INET]
    port: int = listening.getsockname()[1]
    return port
