"""Whose data something is: numbers however they are written, names only where nothing else is known."""

from typing import Any

import pytest

from feedback_core.kit.contacts import phone_key
from feedback_core.responses.types import Respondent
from feedback_core.subjects.requests.matching import Known, without
from feedback_core.subjects.types import Mentions, Subject

GB = ("GB",)
ADA = Subject(id="c-1701", email="Ada@Example.org ", phone="+44 20 7946 0917", name="Ada Quill", external_id="t-170001")


def known(**fields: Any) -> Known:
    return Known.of(Subject(**fields), GB, Mentions.ERASE)


@pytest.mark.parametrize("written", ["020 7946 0917", "+442079460917", "0044 20 7946 0917", "(020) 7946-0917"])
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert phone_key(written, GB) == "+442079460917"
    assert known(phone=written).is_of(Respondent(phone="+44 (0)20 79460917"), GB)
    assert known(phone=written).contacts.stand_in("I said 020-7946 0917 twice")
    assert not known(phone=written).contacts.stand_in("I said 020 7946 0918 twice")


@pytest.mark.parametrize(
    ("asked", "who", "theirs"),
    [
        ({"email": "ADA@example.org"}, Respondent(email="ada@EXAMPLE.org"), True),
        ({"email": "ada@example.org"}, Respondent(id="c-2", email="ada@example.org"), True),
        ({"id": "c-1"}, Respondent(id="C-1"), False),
        ({"id": "c-1"}, Respondent(id="c-10"), False),
        ({"name": "Ada Quill"}, Respondent(name="ada quill "), True),
        ({"name": "Ada Quill"}, Respondent(id="c-2", name="Ada Quill"), False),
        ({"phone": "020 7946 0917"}, Respondent(phone="+33 1 79 46 09 17"), False),
        ({"external_id": "t-1"}, Respondent(id="t-1"), False),
    ],
)
def test_a_respondent_is_the_subject_by_what_was_asked_for(
    asked: dict[str, str], who: Respondent, theirs: bool
) -> None:
    assert known(**asked).is_of(who, GB) is theirs


def test_what_was_found_beside_the_subject_leads_on_only_where_nothing_contradicts() -> None:
    found = known(id="c-1").beside(Respondent(id="c-1", email="family@example.org", phone="020 7946 0917"), GB)

    assert found.is_surely_of(Respondent(phone="+442079460917"), GB)
    assert found.is_surely_of(Respondent(email="FAMILY@example.org", name="Somebody"), GB)
    assert not found.is_surely_of(Respondent(id="c-2", email="family@example.org"), GB)
    assert not found.is_surely_of(Respondent(name="Ada"), GB)


def test_needles_are_long_enough_to_mean_somebody() -> None:
    needles = Known.of(ADA, GB, Mentions.ERASE).needles

    assert needles == ["+442079460917", "442079460917", "ada quill", "ada@example.org", "c-1701", "t-170001"]
    assert known(id="7", name="Ada", external_id="12345").needles == []


def test_a_reason_does_not_name_whom_it_is_about() -> None:
    said = "ADA QUILL (c-1701) wrote from ada@example.org"

    assert without(said, Subject(id="c-1701", name="Ada Quill", email="ada@example.org")) == (
        "[subject] ([subject]) wrote from [subject]"
    )


def test_what_is_known_is_sealed_and_read_again_as_it_was() -> None:
    found = Known.of(ADA, GB, Mentions.REPORT)

    assert Known.from_json(found.to_json()) == found
