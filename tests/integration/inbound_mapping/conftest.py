"""A published survey, and a source whose events are mapped to it."""

import pytest

from tests.support.api import Api
from tests.support.inbound import Inbound, inbound
from tests.support.surveys import PublishedSurvey, publish


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)


@pytest.fixture
async def source(api: Api, survey: PublishedSurvey) -> Inbound:
    """A source of it, with a mapping."""
    return await inbound(api, survey)
