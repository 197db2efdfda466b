"""Bodies become documents: JSON, forms, XML; what is hostile in them is refused in words."""

import pytest

from feedback_core.inbound.mapping.documents import BodyUnreadable, document_of

SOAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
 <notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D1</OrganizationId>
 <SessionId>opens everything</SessionId>
 <Notification><Id>04l1</Id><sObject xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>a1</sf:Id>
 <sf:Score__c>9.0</sf:Score__c><sf:Comment__c xsi:nil="true"/></sObject></Notification>
 <Notification><Id>04l2</Id><sObject/></Notification></notifications></soapenv:Body></soapenv:Envelope>"""


def test_xml_is_read_by_the_names_of_its_elements_and_without_the_session() -> None:
    notifications = document_of(SOAP, "text/xml; charset=utf-8")["Envelope"]["Body"]["notifications"]

    assert notifications == {
        "OrganizationId": "00D1",
        "Notification": [
            {"Id": "04l1", "sObject": {"Id": "a1", "Score__c": "9.0", "Comment__c": None}},
            {"Id": "04l2", "sObject": ""},
        ],
    }


def test_a_form_is_an_object_of_texts() -> None:
    document = document_of(b"Body=Great%21+%C3%A9&From=%2B1415&n=1&n=2&empty=", "application/x-www-form-urlencoded")
    assert document == {"Body": "Great! é", "From": "+1415", "n": ["1", "2"], "empty": ""}


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.surveymonkey.response+json", None, "text/plain"])
def test_anything_else_is_json(kind: str | None) -> None:
    assert document_of(b'\xef\xbb\xbf{"a": [1, null]}', kind) == {"a": [1, None]}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", None),
        (b"\xff\xfe", None),
        (b"", None),
        (b'{"a": NaN}', None),
        (b"1" * 5_000, None),
        (b"[" * 65 + b"]" * 65, None),
        (b"[" * 200_000, None),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, None),
        (b"a=1&" * 2_000, "application/x-www-form-urlencoded"),
        (b"a=%ff", "application/x-www-form-urlencoded"),
        (b"<a>", "text/xml"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "application/xml"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "text/xml"),
        (b"<a>" * 100_000, "text/xml"),
        (b"<a>" * 70 + b"</a>" * 70, "application/soap+xml"),
    ],
)
def test_what_is_malformed_or_hostile_is_refused(body: bytes, kind: str | None) -> None:
    with pytest.raises(BodyUnreadable):
        document_of(body, kind)
