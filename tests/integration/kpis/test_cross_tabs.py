"""Cross-tabs over HTTP: figures held against SciPy and statsmodels, what is withheld, and bad input."""

import csv
import io
import xml.etree.ElementTree as ET
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from feedback_core.charts.types import Chart
from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.cells import answer, fold_all
from tests.support.refusals import refused
from tests.support.surveys import Json, PublishedSurvey, publish
from tests.unit.charts.builders import faults_of

ATTRIBUTES: list[Json] = [
    {"key": "region", "label": "Region", "values": ["north", "south"]},
    {"key": "age", "label": "Age", "values": ["young", "middle", "old"]},
]

# Scores of nps by region: detractors, passives, promoters.
SCORES = {"north": {3: 10, 8: 20, 10: 40}, "south": {3: 30, 8: 15, 10: 15}}


def said(
    region: str, score: int, *, age: str = "young", wait: int | None = None, used: list[str] | None = None
) -> Json:
    answers: Json = {"nps": score}
    answers |= {"wait": wait} if wait is not None else {}
    answers |= {"used": used} if used is not None else {}
    return {"attributes": {"region": region, "age": age}, "answers": answers}


async def heard(api: Api, items: list[Json]) -> PublishedSurvey:
    survey = await publish(api, attributes=ATTRIBUTES)
    await answer(api, survey.id, items)
    return survey


async def crossed(api: Api, survey: PublishedSurvey, query: str, **rest: Any) -> Json:
    found: Json = (await api.get(f"/v1/surveys/{survey.id}/cross-tab?{query}", **rest)).json()
    return found


def by_place(table: Json) -> dict[tuple[str, str], Json]:
    return {(cell["row"], cell["column"]): cell for cell in table["cells"]}


async def test_a_score_by_an_attribute_agrees_with_scipy_and_statsmodels(api: Api) -> None:
    items = [said(region, score) for region, given in SCORES.items() for score, n in given.items() for _ in range(n)]
    survey = await heard(api, [*items, {"answers": {"wait": 3}, "attributes": {"region": "north"}}])

    table = await crossed(api, survey, "rows=nps&columns=region&adjustment=holm")

    counts = np.array([[10, 30], [20, 15], [40, 15]])
    cells = by_place(table)
    assert [line["category"] for line in table["rows"]] == ["detractors", "passives", "promoters"]
    assert [
        [cells[row["category"], column["category"]]["n"] for column in table["columns"]] for row in table["rows"]
    ] == (counts.tolist())
    assert (table["n"], table["left_out"], table["n_effective"]) == (130, 1, 130.0)
    expected = chi2_contingency(counts, correction=False)
    association = table["association"]
    assert association["statistic"] == "Pearson"
    assert association["value"] == pytest.approx(expected.statistic)
    assert association["parameter"] == [2.0]
    assert association["p_value"] == pytest.approx(expected.pvalue)
    assert association["cramers_v"] == pytest.approx((expected.statistic / 130) ** 0.5)
    assert (association["strength"], association["associated"]) == ("moderate", True)
    residuals = Table(counts, shift_zeros=False).standardized_resids
    assert [cell["residual"] for cell in table["cells"]] == pytest.approx(residuals.ravel().tolist())
    adjusted = multipletests([cell["p_value"] for cell in table["cells"]], method="holm")[1]
    assert [cell["adjusted_p_value"] for cell in table["cells"]] == pytest.approx(adjusted.tolist())
    share = cells["detractors", "south"]["column_share"]
    assert (share["value"], share["interval"]["low"], share["interval"]["high"]) == pytest.approx(
        (0.5, *proportion_confint(30, 60, method="wilson"))
    )
    assert cells["detractors", "south"]["row_share"]["value"] == 0.75
    assert "go together" in table["sentence"]
    assert "detractors × south (more)" in table["sentence"]


async def test_a_table_is_a_chart_too_and_a_picture(api: Api) -> None:
    items = [said(region, score) for region, given in SCORES.items() for score, n in given.items() for _ in range(n)]
    survey = await heard(api, [*items, *[said("north", 3, age="old")] * 2])
    asked = f"/v1/surveys/{survey.id}/cross-tab"

    table = await crossed(api, survey, "rows=nps&columns=region")
    svg = await api.get(f"{asked}.svg?rows=nps&columns=region")
    png = await api.get(f"{asked}.png?rows=nps&columns=region")
    lines = (await api.get(f"{asked}?rows=nps&columns=region", headers={"Accept": "text/csv"})).text.splitlines()
    small = (await api.get(f"{asked}.svg?rows=nps&columns=age")).text
    unknown = await api.get(f"{asked}.svg?rows=nps&columns=shoe", status=422)

    assert faults_of(Chart("cross_tab", "", "", table["chart"])) == []
    assert ET.fromstring(svg.text).findtext("{http://www.w3.org/2000/svg}desc") == table["chart"]["description"]
    assert table["sentence"][1:] in table["chart"]["description"], "it begins with a capital there"
    assert svg.headers["x-chart-key"] == "cross_tab"
    assert png.content.startswith(b"\x89PNG")
    assert "chart" not in lines[0]
    assert "withheld: too few answers to be shown" in small
    refused(unknown, 422, "invalid", "/query/columns")


async def test_what_cannot_be_told_at_this_n_is_said_to_be_so(api: Api) -> None:
    items = [said(region, score) for region in ("north", "south") for score in (3, 8, 10) for _ in range(10)]
    survey = await heard(api, [*items, said("north", 10)])

    table = await crossed(api, survey, "rows=nps&columns=region")

    assert not table["association"]["associated"]
    assert table["sentence"].startswith("No association of nps with region can be told at n = 61")


async def test_two_questions_are_crossed_from_responses_folded_or_not(api: Api, database: Database) -> None:
    pairs = [(wait, score) for wait, score in product((1, 2, 5), (3, 8, 10)) for _ in range(5 + wait + score)]
    survey = await heard(
        api, [said("north", score, wait=wait, used=["web" if score > 8 else "app"]) for wait, score in pairs]
    )
    await fold_all(database, api.organisation.organisation_id, survey.id)
    await answer(api, survey.id, [said("south", 10, wait=1, used=["web"])])
    await answer(api, survey.id, [{**said("south", 10, wait=1), "status": "partial"}])

    table = await crossed(api, survey, "rows=wait&columns=nps")
    chosen = await crossed(api, survey, "rows=used.web&columns=nps")
    by_region = await crossed(api, survey, "rows=used.web&columns=region")

    assert table["n"] == len(pairs) + 1
    assert by_place(table)["1", "promoters"]["n"] == 5 + 1 + 10 + 1
    assert [line["n"] for line in table["rows"]] == [5 * 3 + 3 + 21 + 1, 5 * 3 + 6 + 21, 0, 0, 5 * 3 + 15 + 21]
    assert by_place(chosen)["chosen", "promoters"]["n"] == sum(score > 8 for _, score in pairs) + 1
    assert by_place(chosen)["not_chosen", "passives"]["n"] == sum(score == 8 for _, score in pairs)
    assert by_region["n"] is not None
    assert by_region["columns"][1]["withheld"]


async def test_a_choice_of_several_by_an_attribute_counts_who_answered(api: Api) -> None:
    items = [said("north", 9, used=["web", "app"])] * 8 + [said("south", 9, used=["app"])] * 7
    items += [said("north", 9, used=["app"])] * 6 + [said("south", 9, used=["web"])] * 9 + [said("south", 9)] * 5
    survey = await heard(api, items)

    table = await crossed(api, survey, "rows=used.web&columns=region")

    assert [(cell["row"], cell["column"], cell["n"]) for cell in table["cells"]] == [
        ("chosen", "north", 8),
        ("chosen", "south", 9),
        ("not_chosen", "north", 6),
        ("not_chosen", "south", 7),
    ]
    assert table["left_out"] == 5


async def test_weighted_tables_have_weighted_shares_and_rao_scott(api: Api) -> None:
    items = [said(region, score) for region, given in SCORES.items() for score, n in given.items() for _ in range(n)]
    survey = await heard(api, items)
    scheme = {"name": "Regions", "kind": "raking", "frame": {"margins": {"region": {"north": 0.2, "south": 0.8}}}}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/regions", scheme, status=201)

    table = await crossed(api, survey, "rows=nps&columns=region&weighting=regions")
    plain = await crossed(api, survey, "rows=nps&columns=region&statistic=F")

    cells = by_place(table)
    assert (table["weighting"], table["weighting_version"]) == ("regions", 1)
    # South weighs 0.8 / (60/130), north 0.2 / (70/130).
    north, south = 0.2 / 70, 0.8 / 60
    assert cells["detractors", "south"]["row_share"]["value"] == pytest.approx(30 * south / (30 * south + 10 * north))
    assert cells["detractors", "south"]["share"] == pytest.approx(30 * south)
    assert [line["share"] for line in table["columns"]] == pytest.approx([0.2, 0.8])
    squares = 70 * north**2 + 60 * south**2
    assert table["n_effective"] == pytest.approx(1 / squares)
    assert cells["detractors", "south"]["n"] == 30
    association = table["association"]
    assert association["statistic"] == "F"
    assert len(association["parameter"]) == 2
    assert association["associated"]
    assert "Rao-Scott F" in table["sentence"]
    # With one weight for everybody, F is Pearson's over its degrees of freedom times (n - 1)/n.
    pearson = chi2_contingency(np.array([[10, 30], [20, 15], [40, 15]]), correction=False).statistic
    assert plain["association"]["value"] == pytest.approx(pearson / 2 * 129 / 130)


async def test_small_cells_are_withheld_with_what_would_give_them_away(api: Api) -> None:
    counts = {("north", "young"): 20, ("north", "middle"): 2, ("north", "old"): 15}
    counts |= {("south", "young"): 12, ("south", "middle"): 14, ("south", "old"): 18}
    survey = await heard(api, [said(region, 9, age=age) for (region, age), n in counts.items() for _ in range(n)])

    table = await crossed(api, survey, "rows=region&columns=age")

    cells = by_place(table)
    assert cells["north", "middle"]["withheld"]
    withheld = [place for place, cell in cells.items() if cell["withheld"]]
    # One alone would follow from its totals: each row and column hides two or none.
    for side in (0, 1):
        for line in {place[side] for place in withheld}:
            assert sum(place[side] == line for place in withheld) == 2
    for place in withheld:
        assert {value for key, value in cells[place].items() if key not in {"row", "column", "withheld"}} == {None}
    assert table["association"] is None
    assert "withheld" in table["not_testable"]
    assert table["n"] == 81


async def test_the_few_that_a_filter_leaves_out_do_not_follow_from_the_whole(api: Api) -> None:
    items = [said("north", 9, age=age) for age in ("young", "middle") for _ in range(20)] + [said("south", 2)] * 3
    survey = await heard(api, items)

    table = await crossed(api, survey, "rows=nps&columns=age&where=region:north")

    assert table["n"] is None
    assert table["left_out"] is None
    assert all(cell["withheld"] for cell in table["cells"])


async def test_a_filter_and_a_period_select(api: Api) -> None:
    at = {"submitted_at": "2026-03-01T10:00:00Z"}
    items = [{**said("north", 9, age="young"), **at}] * 10 + [{**said("south", 2, age="old"), **at}] * 10
    survey = await heard(api, [*items, *[said("north", 9, age="old")] * 10])

    filtered = await crossed(api, survey, "rows=nps&columns=age&where=region:north")
    narrow = await crossed(api, survey, "rows=nps&columns=age&from=2026-03-01&to=2026-03-02")
    two = await crossed(api, survey, "rows=nps&columns=wait&from=2026-03-01&to=2026-03-02")

    assert (filtered["n"], narrow["n"], two["n"]) == (20, 20, 0)
    assert (filtered["left_out"], narrow["left_out"], two["left_out"]) == (0, 0, 20)
    assert "Nobody answered both" in two["sentence"]
    assert by_place(filtered)["promoters", "old"]["n"] == 10


async def test_a_table_can_be_had_as_csv(api: Api) -> None:
    items = [said(region, score) for region, given in SCORES.items() for score, n in given.items() for _ in range(n)]
    survey = await heard(api, items)

    path = f"/v1/surveys/{survey.id}/cross-tab?rows=nps&columns=region"
    text = (await api.get(path, headers={"Accept": "text/csv"})).text

    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(line["row"], line["column"], line["n"]) for line in lines[:2]] == [
        ("detractors", "north", "10"),
        ("detractors", "south", "30"),
    ]
    assert float(lines[1]["column_share_value"]) == 0.5
    assert lines[0]["rows_of"] == "nps"


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("rows=nps", "invalid", "/query/columns"),
        ("rows=colour&columns=region", "invalid", "/query/rows"),
        ("rows=why&columns=region", "invalid", "/query/rows"),
        ("rows=nps&columns=nps", "invalid", "/query/columns"),
        ("rows=nps&columns=region&where=region:east", "invalid", "/query/where"),
        ("rows=nps&columns=region&where=region", "invalid", "/query/where"),
        ("rows=nps&columns=region&weighting=nobody", "invalid", "/query/weighting"),
        ("rows=nps&columns=region&statistic=chi", "invalid", "/query/statistic"),
        ("rows=nps&columns=region&from=2026-03-02&to=2026-03-01", "invalid", "/query/to"),
        ("rows=nps&columns=region&tz=Moon/Crater", "invalid", "/query/tz"),
        ("rows=nps&columns=region&tz=Moon/Crater&from=2026-03-02", "invalid", "/query/tz"),
    ],
)
async def test_what_cannot_be_crossed_is_refused(query: str, code: str, pointer: str, api: Api) -> None:
    survey = await publish(api, attributes=ATTRIBUTES)
    refused(await api.get(f"/v1/surveys/{survey.id}/cross-tab?{query}", status=422), 422, code, pointer)


async def test_pearson_of_weighted_answers_is_refused(api: Api) -> None:
    survey = await heard(api, [said("north", 9)] * 6 + [said("south", 3)] * 6)
    scheme = {"name": "Regions", "kind": "raking", "frame": {"margins": {"region": {"north": 0.2, "south": 0.8}}}}
    path = f"/v1/surveys/{survey.id}"
    await api.put(f"{path}/weighting-schemes/regions", scheme, status=201)
    query = "rows=nps&columns=region&weighting=regions&statistic=Pearson"
    refused(await api.get(f"{path}/cross-tab?{query}", status=422), 422, "invalid", "/query/statistic")


async def test_what_has_the_key_of_an_attribute_and_a_question_is_told_apart(api: Api) -> None:
    question = {
        "key": "age",
        "type": "single_choice",
        "text": "?",
        "choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
    }
    survey = await publish(api, attributes=ATTRIBUTES, questions=[question])
    await answer(api, survey.id, [{"attributes": {"age": "old"}, "answers": {"age": "a"}}] * 6)

    refused(
        await api.get(f"/v1/surveys/{survey.id}/cross-tab?rows=age&columns=region", status=422),
        422,
        "invalid",
        "/query/rows",
    )
    table = await crossed(api, survey, "rows=attribute:age&columns=question:age")
    assert by_place(table)["old", "a"]["n"] == 6


async def test_the_survey_of_another_organisation_is_not_there(api: Api, other_api: Api) -> None:
    survey = await publish(api)
    answer_ = await other_api.get(f"/v1/surveys/{survey.id}/cross-tab?rows=nps&columns=region", status=404)
    refused(answer_, 404, "not_found")
