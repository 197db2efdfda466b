"""A known event in a trend, and charts of counts: figures against statsmodels, and what is refused."""

from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm

from tests.support.analyses import Json, made, months
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]


def asked(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "trend", "survey_id": survey.id, "kpi": "mean", "question": "wait", "to": "2026-01-01", **fields}


async def test_an_event_is_measured_against_the_course_before_it(api: Api, slower: PublishedSurvey) -> None:
    event = {"at": "2025-01-01", "label": "the new rota", "errors": "ols"}

    run = await made(api, asked(slower, interruption=event))

    found, series = run["result"]["trend"]["interruption"], run["result"]["series"]
    y, t = np.array([point["value"] for point in series]), np.arange(24)
    after = (t >= 12).astype(float)
    design = np.column_stack([np.ones(24), t, after, np.where(after > 0, t - 11, 0)])
    fit = sm.OLS(y, design).fit()
    assert (found["n_before"], found["n_after"], found["straddling"]) == (12, 12, None)
    assert found["level_change"]["value"] == pytest.approx(fit.params[2])
    assert found["slope_change"]["value"] == pytest.approx(fit.params[3])
    assert [found["level_change"]["interval"][end] for end in ("low", "high")] == pytest.approx(list(fit.conf_int()[2]))
    assert found["joint_p_value"] == pytest.approx(float(fit.f_test(np.eye(4)[2:]).pvalue))
    end = np.array([0, 0, 1, 12])
    assert found["at_end"]["value"] == pytest.approx(end @ fit.params)
    assert found["at_end"]["standard_error"] == pytest.approx(np.sqrt(end @ fit.cov_params() @ end))
    without = np.array([1, 23, 0, 0])
    assert found["counterfactual_at_end"]["value"] == pytest.approx(without @ fit.params)
    half = fit.conf_int()[0, 1] - fit.params[0]
    spread = half / fit.bse[0] * np.sqrt(without @ fit.cov_params() @ without)
    assert found["counterfactual_at_end"]["interval"]["high"] == pytest.approx(without @ fit.params + spread)
    assert (found["effective"], found["improvement"]) == (True, None)
    assert "After the new rota, the mean of wait left its course (p < 0.001): in 2025-12" in run["sentence"]
    assert run["sentence"].endswith(found["sentence"])
    assert run["parameters"]["interruption"] == event


async def test_a_month_in_which_it_happened_is_neither_before_nor_after(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, asked(slower, kpi="csat", interruption={"at": "2025-01-15", "label": "the move"}))

    found = run["result"]["trend"]["interruption"]
    assert (found["straddling"], found["first_period"]) == ("2025-01-01", "2025-02-01")
    assert (found["n_before"], found["n_after"]) == (12, 11)
    assert "2025-01" in found["warnings"][0]
    assert found["phi"] is not None
    assert (found["effective"], found["improvement"]) == (True, False)
    assert [period["start"] for period in found["periods"]].count("2025-01-01") == 0


async def test_too_few_periods_after_it_are_told_in_the_sentence(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, asked(slower, interruption={"at": "2025-07-01", "label": "the move"}))

    trend = run["result"]["trend"]
    assert trend["interruption"] is None
    assert "The effect of the move cannot be told: There are 6 values after the event" in run["sentence"]
    assert [one["detail"][:12] for one in trend["not_estimated"] if one["component"] == "interruption"] == [
        "There are 6 "
    ]


async def test_nothing_is_claimed_of_an_event_without_effect(api: Api, slower: PublishedSurvey) -> None:
    flat = await publish(api)
    for number, month in enumerate(months(date(2024, 1, 1), 24)):
        scored = [3] * (30 + number % 3) + [4] * (30 - number % 3)
        await answer(api, flat.id, [{"submitted_at": f"{month}T12:00:00Z", "answers": {"wait": s}} for s in scored])

    run = await made(api, asked(flat, interruption={"at": "2025-01-01", "label": "the move"}))

    found = run["result"]["trend"]["interruption"]
    assert (found["effective"], found["improvement"]) == (False, None)
    assert "No effect of the move on the mean of wait can be told" in run["sentence"]


@pytest.mark.parametrize(
    ("event", "period", "pointer"),
    [
        ({"at": "2026-01-01", "label": "x"}, {}, "/interruption/at"),
        ({"at": "2024-05-01", "label": "x"}, {"from": "2024-05-01"}, "/interruption/at"),
        ({"at": "yesterday", "label": "x"}, {}, "/interruption/at"),
        ({"at": "2025-01-01"}, {}, "/interruption/label"),
        ({"at": "2025-01-01", "label": " "}, {}, "/interruption/label"),
        ({"at": "2025-01-01", "label": "x", "errors": "arima"}, {}, "/interruption/errors"),
    ],
)
async def test_an_event_that_cannot_be_is_refused(event: Json, period: Json, pointer: str, api: Api) -> None:
    survey = await publish(api)
    refused(await api.post("/v1/analyses", asked(survey, interruption=event, **period)), 422, "invalid", pointer)


async def test_responses_per_day_have_a_u_chart(api: Api) -> None:
    survey, counts = await publish(api), []
    for number, month in enumerate(months(date(2024, 1, 1), 14)):
        n = 30 + 3 * (number % 4)
        counts.append(n)
        await answer(api, survey.id, [{"submitted_at": f"{month}T12:00:00Z", "answers": {"wait": 3}}] * n)
    body = {"kind": "trend", "survey_id": survey.id, "kpi": "responses", "from": "2024-01-01", "to": "2025-03-01"}

    chart = (await made(api, body))["result"]["trend"]["count_chart"]
    laney = (await made(api, {**body, "laney": "always"}))["result"]["trend"]["count_chart"]

    days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28]
    centre = sum(counts) / sum(days)
    assert chart["kind"] == "u"
    assert [point["size"] for point in chart["points"]] == days
    assert chart["centre"] == pytest.approx(centre)
    assert chart["points"][1]["value"] == pytest.approx(counts[1] / 29)
    assert chart["points"][1]["upper_limit"] == pytest.approx(centre + 3 * (centre / 29) ** 0.5)
    assert (laney["kind"], laney["centre"]) == ("u_prime", pytest.approx(centre))
