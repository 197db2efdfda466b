"""What is wrong with a mapping is said before the file is read, each with a pointer into the request."""

from typing import Any

import pytest

from feedback_core.responses.imports.mapping import find_mapping_faults
from feedback_core.surveys.types import Confidentiality
from tests.unit.imports.builders import mapping, survey, to

NPS = to("question:nps")


def found(
    *columns: dict[str, Any], kept: Confidentiality = Confidentiality.IDENTIFIED, **options: Any
) -> dict[str, str]:
    """Codes by pointer."""
    return {fault.pointer: fault.code for fault in find_mapping_faults(mapping(*columns, **options), survey(kept))}


def test_a_mapping_of_everything_has_no_faults() -> None:
    columns = [
        to("external_id"),
        to("submitted_at", date_format="%d/%m/%Y"),
        to("method", values={"1": "telephone"}),
        to("status", values={"done": "complete"}),
        to("attribute:region", template="{a} {b}", values={"x y": "north"}),
        to("respondent:email"),
        to("question:nps", blank=["11"]),
        to("question:wait", values={"good": 2, "?": None}),
        to("question:place", values={"first": "A"}),
        to("question:used", column="w", values={"1": "web"}),
        to("question:used", column="a", values={"1": "app"}),
        to("question:order", separator=">", values={"1": "x"}),
        to("question:staff", column="d", item="desk"),
        to("question:staff", column="p", item="phone"),
        to("question:day", date_format="%d/%m/%Y"),
        to("question:again", values={"j": True}),
        to("question:why"),
        to("ignore", column="rest"),
    ]

    assert found(*columns, constants=[{"to": "attribute", "key": "language", "value": "en"}]) == {}


@pytest.mark.parametrize(
    ("column", "pointer", "code"),
    [
        (to("question:speed"), "/key", "unknown_question"),
        (to("attribute:colour"), "/key", "unknown_attribute"),
        (to("respondent:shoe"), "/key", "unknown_respondent_field"),
        ({"to": "question", "column": "x"}, "/key", "key_missing"),
        ({"to": "external_id", "column": "x", "key": "id"}, "/key", "key_not_expected"),
        ({"to": "question", "key": "wait"}, "", "no_source"),
        ({"to": "question", "key": "wait", "column": "x", "template": "{x}"}, "", "no_source"),
        (to("question:wait", template="{x"), "/template", "malformed_template"),
        (to("question:wait", template="x"), "/template", "malformed_template"),
        (to("question:wait", column=3), "/column", "wrong_column_name"),
        (to("question:staff"), "/item", "item_missing"),
        (to("question:staff", item="roof"), "/item", "unknown_row"),
        (to("question:wait", item="desk"), "/item", "item_not_expected"),
        (to("attribute:region", item="desk"), "/item", "item_not_expected"),
        (to("question:wait", separator=";"), "/separator", "option_not_of_target"),
        (to("attribute:region", separator=";"), "/separator", "option_not_of_target"),
        (to("submitted_at", values={"x": "y"}), "/values", "option_not_of_target"),
        (to("ignore", blank=["x"]), "/blank", "option_not_of_target"),
        (to("question:wait", date_format="iso"), "/date_format", "option_not_of_target"),
        (to("attribute:region", date_format="iso"), "/date_format", "option_not_of_target"),
        (to("submitted_at", date_format="%Q"), "/date_format", "unknown_date_format"),
        (to("question:wait", values={"good/bad": 3}), "/values/good~1bad", "off_scale"),
        (to("question:wait", values={"good": "2"}), "/values/good", "wrong_type"),
        (to("question:wait", values={"good": True}), "/values/good", "wrong_type"),
        (to("question:place", values={"x": "C"}), "/values/x", "unknown_choice"),
        (to("question:used", values={"x": "fax"}), "/values/x", "unknown_choice"),
        (to("question:again", values={"x": "yes"}), "/values/x", "wrong_type"),
        (to("question:day", values={"x": "2021-02-30"}), "/values/x", "not_a_date"),
        (to("question:staff", item="desk", values={"x": 6}), "/values/x", "off_scale"),
        (to("attribute:region", values={"x": "east"}), "/values/x", "unknown_choice"),
        (to("method", values={"x": "pigeon"}), "/values/x", "unknown_choice"),
        (to("status", values={"x": "done"}), "/values/x", "unknown_choice"),
        (to("question:wait", values={"Good": 2, "good ": 1}), "/values/good ", "ambiguous_values"),
        (to("question:wait", values={"Good": 2}, blank=["good"]), "/values/good", "ambiguous_values"),
    ],
)
def test_a_column_that_does_not_fit_is_pointed_at(column: dict[str, Any], pointer: str, code: str) -> None:
    assert found(NPS, column) == {f"/mapping/columns/1{pointer}": code}


@pytest.mark.parametrize(
    "columns",
    [
        (to("question:nps", column="a"), to("question:nps", column="b")),
        (to("attribute:region", column="a"), to("attribute:region", column="b")),
        (to("external_id", column="a"), to("external_id", column="b")),
        (to("question:staff", column="a", item="desk"), to("question:staff", column="b", item="desk")),
    ],
)
def test_nothing_is_mapped_twice(columns: tuple[dict[str, Any], ...]) -> None:
    assert found(to("question:wait"), *columns) == {"/mapping/columns/2/to": "mapped_twice"}


def test_a_constant_is_not_mapped_a_second_time() -> None:
    constant = {"to": "attribute", "key": "region", "value": "north"}

    assert found(NPS, to("attribute:region"), constants=[constant]) == {"/mapping/constants/0/to": "mapped_twice"}


def test_one_column_may_say_two_things_but_not_be_ignored_at_once() -> None:
    both = (to("attribute:language", column="c"), to("attribute:region", column="c"))

    assert found(NPS, *both) == {}
    assert found(NPS, *both, to("ignore", column="c")) == {"/mapping/columns/3/column": "column_twice"}


@pytest.mark.parametrize(
    ("constant", "pointer", "code"),
    [
        ({"to": "question", "key": "nps", "value": "9"}, "/to", "option_not_of_target"),
        ({"to": "attribute", "value": "north"}, "/key", "key_missing"),
        ({"to": "attribute", "key": "colour", "value": "red"}, "/key", "unknown_attribute"),
        ({"to": "attribute", "key": "region", "value": "east"}, "/value", "unknown_choice"),
        ({"to": "method", "value": "pigeon"}, "/value", "unknown_choice"),
        ({"to": "method", "key": "x", "value": "sms"}, "/key", "key_not_expected"),
        ({"to": "submitted_at", "value": "soon"}, "/value", "unreadable_time"),
    ],
)
def test_a_constant_that_does_not_fit_is_pointed_at(constant: dict[str, Any], pointer: str, code: str) -> None:
    assert found(NPS, constants=[constant]) == {f"/mapping/constants/0{pointer}": code}


@pytest.mark.parametrize(
    ("options", "pointer", "code"),
    [
        ({"sheet": "x"}, "/sheet", "option_not_of_format"),
        ({"format": "ndjson", "delimiter": ";"}, "/delimiter", "option_not_of_format"),
        ({"format": "ndjson", "header": True}, "/header", "option_not_of_format"),
        ({"format": "xlsx", "encoding": "utf-8"}, "/encoding", "option_not_of_format"),
        ({"date_format": "%d"}, "/date_format", "unknown_date_format"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "unknown_time_zone"),
        ({"delimiter": '"'}, "/delimiter", "unusable_delimiter"),
        ({"quote": ","}, "/delimiter", "unusable_delimiter"),
    ],
)
def test_an_option_that_means_nothing_for_the_file_is_refused(options: dict[str, Any], pointer: str, code: str) -> None:
    assert found(NPS, **options) == {f"/mapping{pointer}": code}


def test_without_a_header_columns_are_numbers() -> None:
    assert found(to("question:nps", column=1), header=False) == {}
    assert found(NPS, header=False) == {"/mapping/columns/0/column": "wrong_column_name"}


def test_a_mapping_maps_at_least_one_question() -> None:
    assert found(to("external_id")) == {"/mapping/columns": "no_question"}


def test_an_import_may_keep_less_of_the_respondent_than_the_survey_but_not_more() -> None:
    assert found(NPS, confidentiality="pseudonymous") == {}
    assert found(NPS, confidentiality="identified", kept=Confidentiality.PSEUDONYMOUS) == {
        "/mapping/confidentiality": "confidentiality_looser"
    }


def test_an_anonymous_import_has_no_respondent() -> None:
    email = to("respondent:email")

    assert found(NPS, email, kept=Confidentiality.ANONYMOUS) == {"/mapping/columns/1/to": "identity_not_allowed"}
    assert found(NPS, email, confidentiality="anonymous") == {"/mapping/columns/1/to": "identity_not_allowed"}
