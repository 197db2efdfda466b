"""Sample sizes over HTTP: figures that others have published, and bad input."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.refusals import refused

PATH = "/v1/sample-size"


async def test_a_textbook_size_with_its_steps(api: Api) -> None:
    body = {"goal": {"kind": "proportion", "margin": 0.05}, "population": 1000, "response_rate": 0.5}

    plan = (await api.post(PATH, body, status=200)).json()

    # Cochran (1977): 384.16 of an unlimited population, 278 of a thousand.
    assert (plan["answers"], plan["invitations"]) == (278, 556)
    assert [step["name"] for step in plan["steps"]] == [
        "z",
        "simple_random_sample",
        "finite_population",
        "answers",
        "invitations",
    ]
    assert plan["steps"][1]["value"] == pytest.approx(384.146, abs=1e-3)
    assert plan["sentence"].startswith(
        "To tell a share of about 50 % to ± 5 points at 95 % confidence, get 278 answers"
    )


async def test_five_nps_points_take_four_thousand_answers_a_period(api: Api) -> None:
    body = {"goal": {"kind": "compare_nps", "difference": 5, "promoters": 0.57, "detractors": 0.2}}
    plan = (await api.post(PATH, body, status=200)).json()
    # At a standard deviation of about 80: 4019 each (statsmodels, NormalIndPower).
    assert [group["answers"] for group in plan["groups"]] == [pytest.approx(4019, rel=0.02)] * 2


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "invalid", "/goal"),
        ({"goal": {"kind": "median"}}, "invalid", "/goal/kind"),
        ({"goal": {"kind": "proportion", "margin": 0}}, "invalid", "/goal/margin"),
        ({"goal": {"kind": "proportion", "margin": "0.1"}}, "invalid", "/goal/margin"),
        ({"goal": {"kind": "proportion", "margin": 0.1, "colour": 1}}, "invalid", "/goal/colour"),
        ({"goal": {"kind": "proportion", "margin": 0.1}, "response_rate": 0}, "invalid", "/response_rate"),
        ({"goal": {"kind": "proportion", "margin": 0.1}, "population": 0}, "invalid", "/population"),
        ({"goal": {"kind": "proportion"}}, "not_plannable", "/goal"),
        ({"goal": {"kind": "nps", "promoters": 1, "detractors": 0, "margin": 3}}, "not_plannable", "/goal"),
    ],
)
async def test_what_cannot_be_planned_is_refused(body: Any, code: str, pointer: str, api: Api) -> None:
    refused(await api.post(PATH, body), 422, code, pointer)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
async def test_no_number_that_is_none_is_taken(number: str, api: Api) -> None:
    content = f'{{"goal": {{"kind": "mean", "standard_deviation": 1, "margin": {number}}}}}'
    answer = await api.call("POST", PATH, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
