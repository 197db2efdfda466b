"""A mail server of the demonstration: whatever the service sends is kept here, and goes nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Empty, Queue

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from feedback_dev.demo.caller import StepFailed
from feedback_dev.ports import LOOPBACK, free_port


class Mailbox:
    """What was sent."""

    def __init__(self) -> None:
        self._mails: Queue[EmailMessage] = Queue()

    @contextmanager
    def open(self) -> Iterator[dict[str, str]]:
        """Take mail in a thread; what is given are the settings of whoever is to send it here."""
        controller = Controller(self, hostname=LOOPBACK, port=free_port(), enable_SMTPUTF8=True)
        controller.start()
        try:
            yield {
                "SMTP_HOST": LOOPBACK,
                "SMTP_PORT": str(controller.port),
                "SMTP_SECURITY": "none",
                "SMTP_SENDER": "Harbour Ferries <feedback@example.org>",
            }
        finally:
            controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - theirs
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self._mails.put(mail)
        return "250 OK"

    def next_mail(self, seconds: float = 60.0) -> EmailMessage:
        """The next mail, once it is there.

        Raises:
            StepFailed: none came.
        """
        try:
            return self._mails.get(timeout=seconds)
        except Empty:
            raise StepFailed(f"No mail came within {seconds:.0f} s.") from None
