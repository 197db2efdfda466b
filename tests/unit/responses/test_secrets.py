"""Keyed hashes and sealed identities."""

from uuid import UUID

import pytest
from cryptography.fernet import Fernet, InvalidToken

from feedback_core.responses.identities import IdentityVault
from feedback_core.responses.types import Respondent
from feedback_core.surveys.references import References

ORGANISATION, OTHER = UUID(int=1), UUID(int=2)
SURVEY, ANOTHER = UUID(int=3), UUID(int=4)
PEPPER = b"sixteen bytes or more"


def test_a_reference_is_the_keyed_blake2b_of_organisation_survey_and_value() -> None:
    made = References(PEPPER).of_survey(ORGANISATION, SURVEY).external_id("crm-1")

    # If this changes, responses recorded before are no longer recognised.
    assert made.hex() == "61da1ae48859183f89d94bfcb8017127"


def test_equal_values_have_equal_references_only_within_survey_purpose_and_pepper() -> None:
    here = References(PEPPER).of_survey(ORGANISATION, SURVEY)
    others = {
        References(PEPPER).of_survey(ORGANISATION, ANOTHER).external_id("x"),
        References(PEPPER).of_survey(OTHER, SURVEY).external_id("x"),
        References(PEPPER + b"!").of_survey(ORGANISATION, SURVEY).external_id("x"),
        here.idempotency_key("x"),
        here.content("x"),
        here.external_id("y"),
    }

    assert here.external_id("x") == References(PEPPER).of_survey(ORGANISATION, SURVEY).external_id("x")
    assert here.external_id("x") not in others
    assert len(others) == 6
    assert {len(reference) for reference in others} == {16}


def test_a_respondent_is_known_by_id_or_else_by_e_mail() -> None:
    here = References(PEPPER).of_survey(ORGANISATION, SURVEY)

    assert here.respondent(Respondent(id="7", email="a@b.c")) == here.respondent(Respondent(id="7", name="Ada"))
    assert here.respondent(Respondent(email="A@b.C ")) == here.respondent(Respondent(email="a@b.c", phone="1"))
    assert here.respondent(Respondent(id="a@b.c")) != here.respondent(Respondent(email="a@b.c"))
    assert here.respondent(Respondent(name="Ada", phone="1")) is None


@pytest.mark.parametrize("length", [64, 65, 1000])
def test_a_pepper_of_any_length_counts_whole(length: int) -> None:
    one, other = (References(b"p" * (length - 1) + end).of_survey(ORGANISATION, SURVEY) for end in (b"1", b"2"))

    assert one.external_id("x") != other.external_id("x")


def test_a_short_pepper_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        References(b"short")


def test_a_sealed_identity_says_nothing_and_opens_with_any_of_the_keys() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    who = Respondent(id="7", email="ada@example.com")
    sealed = IdentityVault([old]).seal(who)

    assert b"ada" not in sealed
    assert IdentityVault([new, old]).open(sealed) == who
    with pytest.raises(InvalidToken):
        IdentityVault([new]).open(sealed)
    with pytest.raises(InvalidToken):
        IdentityVault([old]).open(IdentityVault([new, old]).seal(who))
