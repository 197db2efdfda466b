"""Salesforce outbound messages: unsigned SOAP, believed by a secret in the path and the id of the organisation.

Source: developer.salesforce.com, outbound messaging. Entities are never expanded: a document type is refused.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # no stubs here
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # as above

from feedback_core.inbound.items import joint_id
from feedback_core.inbound.types import RefusalReason, SourceOptions
from feedback_core.inbound.verification.requests import Refused, Secret, Signed, WebhookRequest
from feedback_core.inbound.verification.shared import knowing

MOST_NOTIFICATIONS: Final = 1_000
DEEPEST: Final = 50
"""Levels of a message; deeper ones are refused while they are read, since many levels take long."""

_NOTIFICATIONS: Final = "{http://soap.sforce.com/2005/09/outbound}"
_ENVELOPE: Final = "{http://schemas.xmlsoap.org/soap/envelope/}"
# A session opens the sender's organisation: it is never kept.
_SESSION: Final = re.compile(rb"(<(?:[\w.-]+:)?SessionId\b[^>]*>)[^<]*(</)")
_SHORT: Final = 15


def verify(request: WebhookRequest, secrets: Sequence[Secret], options: SourceOptions) -> Signed:
    """Who knows the path, and speaks for an organisation that is expected.

    Raises:
        Refused: the path is another, or the message is none of that organisation's.
    """
    secret = knowing(request.path_secret or "", secrets)
    message = _message(request.body)
    organisation = _text(message, "OrganizationId")[:_SHORT]
    if not organisation or organisation not in {known[:_SHORT] for known in options.organisation_ids}:
        raise Refused(RefusalReason.ORGANISATION_WRONG)
    ids = [_text(found, "Id") for found in message.findall(f"{_NOTIFICATIONS}Notification")]
    if not 0 < len(ids) <= MOST_NOTIFICATIONS or not all(ids):
        raise Refused(RefusalReason.BODY_MALFORMED)
    return Signed(secret.id, joint_id(ids), _SESSION.sub(rb"\1\2", request.body))


class _Shallow(TreeBuilder):
    """Builds a tree of few levels."""

    def __init__(self) -> None:
        super().__init__()
        self._level = 0

    def start(self, tag: str, attrs: Mapping[str, str], /) -> Element:
        self._level += 1
        if self._level > DEEPEST:
            raise Refused(RefusalReason.BODY_MALFORMED)
        return super().start(tag, dict(attrs))

    def end(self, tag: str, /) -> Element:
        self._level -= 1
        return super().end(tag)


def _message(body: bytes) -> Element:
    parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refused(RefusalReason.BODY_MALFORMED) from None
    found = root.find(f"{_ENVELOPE}Body/{_NOTIFICATIONS}notifications") if root.tag == f"{_ENVELOPE}Envelope" else None
    if found is None:
        raise Refused(RefusalReason.BODY_MALFORMED)
    return found


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{_NOTIFICATIONS}{name}") or "").strip()
