"""A survey that takes answers of every kind."""

import pytest

from tests.support.api import Api
from tests.support.responses import EVERY_TYPE
from tests.support.surveys import PublishedSurvey, publish


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """Published, with a question of every type; responses may be identified."""
    return await publish(api, questions=EVERY_TYPE, confidentiality="identified")
