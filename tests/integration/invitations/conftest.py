"""A mail server that API and worker of these tests are set to."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.support.api import Api
from tests.support.mailbox import Mailbox, mail_server
from tests.support.surveys import PublishedSurvey, publish


@pytest.fixture(scope="module")
async def mail() -> AsyncIterator[Mailbox]:
    """A mail server, and the settings that lead to it."""
    async with mail_server() as mailbox:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(mailbox.port),
                "SMTP_SECURITY": "none",
                "SMTP_SENDER": "Feedback <feedback@example.org>",
                "SMTP_TIMEOUT_SECONDS": "3",
                "SMS_ALLOW_PRIVATE_NETWORKS": "true",
                "SMS_TIMEOUT_SECONDS": "2",
            }.items():
                patch.setitem(os.environ, name, value)
            yield mailbox


@pytest.fixture
def mailbox(mail: Mailbox) -> Mailbox:
    """The same, empty and willing."""
    mail.mails.clear()
    mail.answer = None
    return mail


@pytest.fixture
async def survey(api: Api, mailbox: Mailbox) -> PublishedSurvey:
    """A survey of known respondents."""
    return await publish(api, confidentiality="identified")
