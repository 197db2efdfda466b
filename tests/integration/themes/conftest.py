"""A survey that asks for a comment."""

import pytest

from tests.support.api import Api
from tests.support.surveys import PublishedSurvey, publish


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api)
