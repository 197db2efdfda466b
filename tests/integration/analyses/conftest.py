"""Surveys with answers whose truth is known."""

import random
from datetime import date

import pytest

from tests.support.analyses import months, scores, waits
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

STEP = date(2025, 1, 1)


@pytest.fixture
async def slower(api: Api) -> PublishedSurvey:
    """24 months of ratings of the wait, which fall from about 4 to about 3 with January 2025."""
    survey, chance = await publish(api), random.Random(7)
    for month in months(date(2024, 1, 1), 24):
        await answer(api, survey.id, waits(month, 4.0 if month < STEP else 3.0, 30, chance))
    return survey


@pytest.fixture
async def lopsided(api: Api) -> PublishedSurvey:
    """400 answers from the north (NPS 40), 100 from the south (NPS -20); in truth there are as many of each."""
    survey = await publish(api)
    await answer(
        api,
        survey.id,
        scores("north", promoters=220, passives=120, detractors=60)
        + scores("south", promoters=20, passives=40, detractors=40),
    )
    return survey
