"""A published survey whose answers come from other systems."""

import pytest

from tests.support.api import Api
from tests.support.surveys import PublishedSurvey, publish


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)
