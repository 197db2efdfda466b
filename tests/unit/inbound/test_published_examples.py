"""Signed requests that were published, by their source; a wrong order of what is signed must fail."""

import pytest

from feedback_core.inbound.types import RefusalReason
from feedback_core.inbound.verification import Refused
from tests.support.vectors import Vector, verified

# By their source: the test suites of the vendors' own client libraries, and the vendors' pages.
PUBLISHED: dict[str, Vector] = {
    "standard-webhooks, libraries/python/tests": {
        "preset": "standard",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "ts": "1614265330",
        "body": '{"test": 2432232314}',
        "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    "hubspot-api-python, tests of v3": {
        "preset": "hubspot_v3",
        "secret": "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
        "method": "POST",
        "uri": "https://www.example.com/webhook_uri",
        "ts": "1693657560000",
        "body": "{'example_field':'example_value'}",
        "signature": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    },
    "developers.hubspot.com, v2-request-validation": {
        "preset": "hubspot_v2",
        "secret": "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
        "method": "GET",
        "uri": "https://www.example.com/webhook_uri",
        "signature": "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
    },
    "webhookx, tests of Zendesk's signature": {
        "preset": "zendesk",
        "secret": "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
        "ts": "1531420618",
        "body": '{"event_type": "foo.bar","data": {"key": "value"}}',
        "signature": "qtmu3iClLKujnujOBkwe7yjI34o5CzsLD04Uy4LbE2A=",
    },
    "docs.github.com, validating webhook deliveries": {
        "preset": "github",
        "secret": "It's a Secret to Everybody",
        "body": "Hello, World!",
        "signature": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    },
    "twilio-php, tests of its validator": {
        "preset": "twilio",
        "secret": "12345",
        "uri": "https://mycompany.com/myapp.php?foo=1&bar=2",
        "params": {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        },
        "signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    },
}

ZENDESK_AS_IT_ONCE_WAS: Vector = {
    "preset": "zendesk",
    "secret": "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=",
    "ts": "2021-07-25T10:00:00Z",
    "body": '{"say": "hello"}',
    "signature": "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=",
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_what_was_published_is_believed(source: str) -> None:
    assert verified(PUBLISHED[source]).secret_id


def test_body_before_time_is_not_what_zendesk_signs_today() -> None:
    with pytest.raises(Refused) as refused:
        verified(ZENDESK_AS_IT_ONCE_WAS)

    assert refused.value.reason is RefusalReason.SIGNATURE_WRONG


def test_hubspot_decodes_its_own_few_letters_before_it_signs() -> None:
    vector = PUBLISHED["hubspot-api-python, tests of v3"]
    encoded = vector["uri"].replace("/webhook_uri", "%2fwebhook_uri")
    assert verified(vector, uri=encoded).secret_id
    with pytest.raises(Refused):
        verified(vector, uri=vector["uri"].replace("_", "%5F"))


def test_twilio_may_name_the_port_that_goes_without_saying() -> None:
    vector = PUBLISHED["twilio-php, tests of its validator"]
    assert verified(vector, uri=vector["uri"].replace(".com/", ".com:443/")).secret_id
    with pytest.raises(Refused):
        verified(vector, uri=vector["uri"].replace(".com/", ".com:8443/"))
