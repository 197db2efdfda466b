"""The forms of secrets, and addresses of sources."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.inbound.addresses import SourceAddress, parse_address
from feedback_core.inbound.secret_forms import check_secret, hint_of, make_secret
from feedback_core.inbound.types import Preset, Scheme, SecretMalformed, SourceOptions

NONE = SourceOptions()
BASIC = SourceOptions(scheme=Scheme.BASIC)
ENOUGH = "0123456789abcdef"


def standard(length: int, prefix: str = "whsec_") -> str:
    return prefix + base64.b64encode(b"k" * length).decode()


@pytest.mark.parametrize(
    ("preset", "options", "secret"),
    [
        (Preset.STANDARD, NONE, standard(24)),
        (Preset.STANDARD, NONE, standard(64)),
        (Preset.STANDARD, NONE, standard(25).rstrip("=")),
        (Preset.STANDARD, NONE, standard(32, "whpk_")),
        (Preset.SURVEYMONKEY, NONE, "api-key&api-secret"),
        (Preset.FRESHDESK, BASIC, "user:" + ENOUGH),
        (Preset.SALESFORCE_OUTBOUND_MESSAGE, NONE, "A" * 22),
        (Preset.GITHUB, NONE, "It's a Secret to Everybody"),
        (Preset.STRIPE, NONE, "whsec_" + ENOUGH),
    ],
)
def test_what_senders_give_is_taken(preset: Preset, options: SourceOptions, secret: str) -> None:
    check_secret(preset, options, secret)


@pytest.mark.parametrize(
    ("preset", "options", "secret"),
    [
        (Preset.STANDARD, NONE, standard(23)),
        (Preset.STANDARD, NONE, standard(65)),
        (Preset.STANDARD, NONE, standard(31, "whpk_")),
        (Preset.STANDARD, NONE, standard(24, "whsk_")),
        (Preset.STANDARD, NONE, "whsec_not base64 at all, nor near it"),
        (Preset.STANDARD, NONE, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw-_"),
        (Preset.SURVEYMONKEY, NONE, "api-key-and-secret"),
        (Preset.SURVEYMONKEY, NONE, "&the-secret-alone-of-it"),
        (Preset.FRESHDESK, BASIC, "no-colon-in-the-secret"),
        (Preset.FRESHDESK, BASIC, "a-user-and-no-password:"),
        (Preset.SALESFORCE_OUTBOUND_MESSAGE, NONE, "A" * 21),
        (Preset.SALESFORCE_OUTBOUND_MESSAGE, NONE, "A" * 22 + "/../x"),
        (Preset.GITHUB, NONE, ENOUGH[:-1]),
        (Preset.GITHUB, NONE, ENOUGH + " "),
        (Preset.GITHUB, NONE, ENOUGH + "\n"),
        (Preset.GITHUB, NONE, ENOUGH + "é"),
        (Preset.GITHUB, NONE, "a" * 501),
        (Preset.ZENDESK, NONE, ""),
    ],
)
def test_another_form_is_refused_without_repeating_it(preset: Preset, options: SourceOptions, secret: str) -> None:
    with pytest.raises(SecretMalformed) as refused:
        check_secret(preset, options, secret)

    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize(
    ("preset", "options"),
    [*((preset, NONE) for preset in Preset), (Preset.SHARED_SECRET, BASIC), (Preset.FRESHDESK, BASIC)],
)
def test_what_is_made_has_the_right_form(preset: Preset, options: SourceOptions) -> None:
    try:
        made = make_secret(preset, options, bytes(range(32)))
    except SecretMalformed:
        return
    check_secret(preset, options, made)
    assert made != make_secret(preset, options, bytes(reversed(range(32))))


def test_a_hint_is_little_of_a_secret() -> None:
    assert hint_of(ENOUGH) == "cdef"
    assert hint_of(ENOUGH[:-1]) == ""


@given(st.uuids(), st.uuids())
def test_an_address_leads_back_to_its_source(organisation_id: UUID, source_id: UUID) -> None:
    address = SourceAddress(organisation_id, source_id)
    assert parse_address(address.token()) == address


@given(st.text(max_size=60) | st.text(alphabet="ABCxyz019-_", min_size=43, max_size=43))
def test_a_text_is_an_address_in_one_spelling_only(token: str) -> None:
    found = parse_address(token)
    assert found is None or found.token() == token
