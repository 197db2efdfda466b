"""Rows: composed values, what every row says, times, and what rejects a row."""

from datetime import UTC, datetime

import pytest

from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import Confidentiality, ResponseStatus
from tests.unit.imports.builders import mapped, mapping, to

NPS = to("question:nps")


def test_what_every_row_says_is_said_of_every_row() -> None:
    (said,), _ = mapped(
        "nps\n9\n",
        mapping(
            NPS,
            constants=[
                {"to": "method", "value": "telephone"},
                {"to": "attribute", "key": "region", "value": "north"},
                {"to": "status", "value": "partial"},
                {"to": "submitted_at", "value": "2026-03-01T10:00:00"},
            ],
            time_zone="America/New_York",
            confidentiality="anonymous",
        ),
    )

    assert (said.method, said.status) == (CollectionMethod.TELEPHONE, ResponseStatus.PARTIAL)
    assert said.attributes == {"region": "north"}
    assert said.submitted_at == datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert said.confidentiality is Confidentiality.ANONYMOUS


def test_a_value_may_be_composed_of_several_columns_and_recoded() -> None:
    responses, findings = mapped(
        "year,wave,day,nps\n2021,Pilot,9,1\n2021,,9,2\n",
        mapping(
            to("attribute:region", template="{year} {wave}", values={"2021 pilot": "south"}),
            to("submitted_at", template="{year}-05-{day}", date_format="%Y-%m-%d"),
            NPS,
        ),
    )

    assert [said.attributes for said in responses] == [{"region": "south"}, {}]
    assert responses[0].submitted_at == datetime(2021, 5, 8, 23, tzinfo=UTC)
    assert not findings


def test_without_an_external_id_a_row_is_named_by_its_file_and_line() -> None:
    responses, _ = mapped("id,nps\n,1\nA,2\n", mapping(to("external_id", column="id"), NPS))

    assert [(said.external_id, said.idempotency_key) for said in responses] == [(None, "f:2"), ("A", None)]


def test_an_answer_or_attribute_that_cannot_be_read_is_left_out_of_its_row() -> None:
    (said,), findings = mapped("nps,wait,region\n9,7,east\n", mapping(NPS, to("question:wait"), to("attribute:region")))

    assert (said.answers, said.attributes) == ({"nps": 9}, {})
    assert [(f.column, f.code, f.value) for f in findings[2]] == [
        ("wait", "off_scale", "7"),
        ("region", "unknown_value", "east"),
    ]


def test_or_the_row_is_rejected_if_the_mapping_says_so() -> None:
    responses, findings = mapped("nps,wait\n9,7\n8,1\n", mapping(NPS, to("question:wait"), on_unreadable="reject_row"))

    assert [said.answers for said in responses] == [{"nps": 8, "wait": 1}]
    assert list(findings) == [2]


@pytest.mark.parametrize(
    ("target", "cell", "code"),
    [
        ("submitted_at", "yesterday", "unreadable_time"),
        ("submitted_at", "", "time_missing"),
        ("submitted_at", "2026-03-29T01:30:00", "no_such_time"),
        ("method", "pigeon", "unknown_method"),
        ("status", "done", "unknown_status"),
    ],
)
def test_a_row_that_cannot_be_placed_is_rejected_whatever_the_mapping_says(target: str, cell: str, code: str) -> None:
    responses, findings = mapped(f"nps,x\n9,{cell}\n", mapping(NPS, to(target, column="x")))

    assert not responses
    assert [finding.code for finding in findings[2]] == [code]


def test_a_respondent_is_read_and_never_repeated_in_a_finding() -> None:
    columns = [to(f"respondent:{key}") for key in ("id", "name", "email", "phone")]

    responses, _ = mapped("nps,id,name,email,phone\n9,7,Ann,ann@example.com,\n8,,,,\n", mapping(NPS, *columns))

    assert [said.respondent for said in responses] == [Respondent("7", "Ann", "ann@example.com"), None]


def test_mojibake_is_repaired_only_if_that_is_asked_for() -> None:
    content = "nps,language,why\n9,EspaÃ±ol,EstÃ¡ bien\n8,English\u00e2\u20ac\u017d,sÃ\u00ad\n"
    values = {"Español": "es", "English": "en"}
    columns = (NPS, to("attribute:language", values=values), to("question:why"))

    repaired, findings = mapped(content, mapping(*columns, repair_mojibake=True))
    untouched, left_out = mapped(content, mapping(*columns))

    assert not findings
    assert [(said.attributes["language"], said.answers["why"]) for said in repaired] == [
        ("es", "Está bien"),
        ("en", "sí"),
    ]
    assert [said.answers["why"] for said in untouched] == ["EstÃ¡ bien", "sÃ\u00ad"]
    assert list(left_out) == [2, 3]


def test_a_header_that_is_mojibake_is_repaired_too() -> None:
    (said,), _ = mapped(
        "RecomendaciÃ³n\n9\n", mapping(to("question:nps", column="Recomendación"), repair_mojibake=True)
    )

    assert said.answers == {"nps": 9}


def test_a_row_may_be_kept_stricter_than_the_others() -> None:
    responses, findings = mapped(
        "nps,mode\n9,Anonymous\n8,\n7,open\n", mapping(to("question:nps"), to("confidentiality", column="mode"))
    )
    assert [response.confidentiality for response in responses] == [Confidentiality.ANONYMOUS, None]
    assert findings[4][0].code == "unknown_confidentiality"
