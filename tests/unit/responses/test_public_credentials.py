"""Tokens that the public may hold, and the origins of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.responses.submission_keys.credentials import (
    SECRET_BYTES,
    PublicCredential,
    PublicKind,
    is_public,
    parse_public_credential,
)
from feedback_core.responses.submission_keys.types import is_origin

CREDENTIALS = st.builds(
    PublicCredential,
    st.sampled_from(PublicKind),
    st.uuids(),
    st.uuids(),
    st.uuids(),
    st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES),
)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)


@given(CREDENTIALS)
def test_a_token_says_what_it_was_made_of_and_nothing_of_its_hash(credential: PublicCredential) -> None:
    token = credential.token()

    assert parse_public_credential(token) == credential
    assert is_public(token)
    assert credential.matches([b"other", credential.secret_hash()])
    assert credential.secret.hex() not in repr(credential)


@given(CREDENTIALS, CREDENTIALS)
def test_only_the_same_secret_matches(first: PublicCredential, second: PublicCredential) -> None:
    assert first.matches([second.secret_hash()]) == (first.secret == second.secret)
    assert not first.matches([])


@given(st.text(max_size=200))
def test_nothing_else_is_one_and_nothing_crashes(text: str) -> None:
    for token in (text, f"fbs_{text}", f"fbr_{text}"):
        found = parse_public_credential(token)
        assert found is None or len(found.secret) == SECRET_BYTES


@pytest.mark.parametrize(
    "token", ["fbk_AAAA", "fbs_", "fbr_!!!!", "fbs_" + "A" * 95, "fbs_" + "A" * 97, "FBS_" + "A" * 96]
)
def test_a_token_of_another_form_is_none(token: str) -> None:
    assert parse_public_credential(token) is None


@given(HOSTS, st.sampled_from(["http", "https"]), st.none() | st.integers(1, 65_535))
def test_an_origin_is_written_as_browsers_write_it(host: str, scheme: str, port: int | None) -> None:
    usual = {"http": 80, "https": 443}[scheme]

    assert is_origin(f"{scheme}://{host}") is True
    assert is_origin(f"{scheme}://{host}" + ("" if port is None else f":{port}")) is (port != usual)


@pytest.mark.parametrize(
    "value",
    ["*", "null", "", "https://", "https://*.example.org", "https://a.b/", "https://a.b?x", "https://a.b#x", "//a.b",
     "https://a b", "https://A.b", "https://a_b.c", "https://a..b", "https://-a.b", "https://a.b:", "https://a.b:0",
     "https://a.b:65536", "https://u:p@a.b", "ws://a.b", "https://a.b\n", "https://[::1", "HTTPS://a.b"],
)  # fmt: skip
def test_what_no_browser_sends_is_none(value: str) -> None:
    assert not is_origin(value)


def test_a_literal_address_can_be_one() -> None:
    assert is_origin("http://127.0.0.1:3000")
    assert is_origin("http://[::1]:3000")
    assert is_origin("http://[::1]")
