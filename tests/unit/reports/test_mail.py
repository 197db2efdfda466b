"""A mail: what it says, and that no server holds its sending up."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from feedback_core.kit.mail import MailNotTaken
from feedback_core.kit.settings import SmtpSettings
from feedback_core.reports.distributions.mail import Letter, message_of, send_mail
from feedback_core.reports.distributions.types import Recipient
from tests.support.mailbox import mail_server, stalling_server

ADA = Recipient("Ada\r\nBcc: all@example.org", "ada@example.org")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def letter(**fields: object) -> Letter:
    said = {
        "distribution_id": UUID(int=7),
        "organisation": "City",
        "title": "Visit\r\nBcc: all@example.org {{7*7}} 满意度",
        "audience": "Front line",
        "recipient": ADA,
        "link": "https://feedback.example.org/v1/shared-reports/fbd_x",
        "reminder": 0,
    }
    return Letter(**{**said, **fields})  # type: ignore[arg-type]


def settings(port: int, seconds: float = 5) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1", port=port, security="none", sender="Feedback <f@example.org>", timeout_seconds=seconds
    )


def test_nothing_in_a_title_or_name_becomes_a_header() -> None:
    message = message_of(letter(), "Feedback <f@example.org>", at=NOW)

    assert message["Bcc"] is None
    assert message["Subject"] == "Visit Bcc: all@example.org {{7*7}} 满意度"
    assert "fbd_x" in message.get_content()
    assert message["Message-ID"] == f"<{UUID(int=7)}.0@example.org>"


async def test_a_mail_in_any_script_arrives_as_it_was_written() -> None:
    async with mail_server() as mailbox:
        message = message_of(letter(title="满意度 كيف ¿Qué?"), "Feedback <f@example.org>", at=NOW)

        await send_mail(message, ADA, settings(mailbox.port))

    assert mailbox.mails[0]["Subject"] == "满意度 كيف ¿Qué?"


async def test_a_server_that_stalls_is_left_when_the_time_is_over() -> None:
    async with stalling_server() as port:
        begun = time.monotonic()
        with pytest.raises(MailNotTaken):
            await send_mail(message_of(letter(), "f@example.org", at=NOW), ADA, settings(port, seconds=0.3))

    assert time.monotonic() - begun < 3


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(MailNotTaken):
        await send_mail(message_of(letter(), "f@example.org", at=NOW), ADA, settings(port=1))
