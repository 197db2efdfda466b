"""Vocabulary of sources and of the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict, Invalid, Unavailable

MOST_SECRETS: Final = 5
"""Secrets of one source that are valid at the same time."""

DEFAULT_RETENTION_DAYS: Final = 90


class Preset(StrEnum):
    """Whose way of signing a source follows."""

    STANDARD = "standard"
    HUBSPOT_V3 = "hubspot_v3"
    HUBSPOT_V2 = "hubspot_v2"
    HUBSPOT_V1 = "hubspot_v1"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    TYPEFORM = "typeform"
    SURVEYMONKEY = "surveymonkey"
    SMARTSURVEY = "smartsurvey"
    STRIPE = "stripe"
    GITHUB = "github"
    TWILIO = "twilio"
    SALESFORCE_OUTBOUND_MESSAGE = "salesforce_outbound_message"
    FRESHDESK = "freshdesk"
    SHARED_SECRET = "shared_secret"  # noqa: S105 - the name of a preset


SIGNS_URL: Final = frozenset({Preset.HUBSPOT_V3, Preset.HUBSPOT_V2, Preset.TWILIO})
"""Presets whose signature covers the address that the sender calls."""


class SourceState(StrEnum):
    """Whether deliveries are taken: a paused source has its sender come back later, a retired one is gone for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class Scheme(StrEnum):
    """How a shared secret comes: in a header of its own, or as user and password of HTTP Basic."""

    HEADER = "header"
    BASIC = "basic"


class DeliveryState(StrEnum):
    """What became of a delivery.

    ``waiting``: not read yet. ``processed``: every item is settled. ``ignored``: nothing in it was wanted.
    ``unmapped``: an item waits until the mapping is mended. ``failed``: something else kept it; ``reason`` says what.
    """

    WAITING = "waiting"
    PROCESSED = "processed"
    IGNORED = "ignored"
    UNMAPPED = "unmapped"
    FAILED = "failed"


class ItemOutcome(StrEnum):
    """What became of one item of a delivery.

    ``recorded``: it says a response, which is there. ``repeated``: the same item came before. ``ignored``: not wanted.
    ``erased``: it asked to forget somebody, which was done. ``unmapped`` and ``failed``: as of deliveries.
    """

    RECORDED = "recorded"
    REPEATED = "repeated"
    IGNORED = "ignored"
    ERASED = "erased"
    UNMAPPED = "unmapped"
    FAILED = "failed"


class RefusalReason(StrEnum):
    """Why a request was not believed; for the source's owner, never told to who sent it."""

    HEADER_MISSING = "header_missing"
    HEADER_REPEATED = "header_repeated"
    HEADER_MALFORMED = "header_malformed"
    TIMESTAMP_MALFORMED = "timestamp_malformed"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    SIGNATURE_WRONG = "signature_wrong"
    SECRET_WRONG = "secret_wrong"  # noqa: S105 - the name of a reason
    NO_SECRET = "no_secret"  # noqa: S105 - as above
    ADDRESS_UNKNOWN = "address_unknown"
    BODY_EMPTY = "body_empty"
    BODY_NOT_TEXT = "body_not_text"
    BODY_MALFORMED = "body_malformed"
    ORGANISATION_WRONG = "organisation_wrong"


class InboxReason(StrEnum):
    """Why a delivery is not processed, as far as the inbox itself decides it; a mapping has more codes of its own."""

    NO_MAPPING = "no_mapping"
    BODY_REDACTED = "body_redacted"


@dataclass(frozen=True, slots=True)
class DeliveryReason:
    """Why something is as it is: a stable code and a sentence, never a value that came in."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a preset lets its source choose.

    Attributes:
        scheme: of presets with a shared secret.
        header: the header that carries a shared secret.
        organisation_ids: of Salesforce, of 15 or 18 characters; empty: none would be believed.
    """

    scheme: Scheme | None = None
    header: str | None = None
    organisation_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSecret:
    """A secret as it may be shown: never the secret itself.

    Attributes:
        hint: its last characters, empty if it is too short to show any.
        expires_at: not believed from then on.
    """

    id: UUID
    hint: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """Another system that sends what its customers said.

    Attributes:
        signed_url: the address as the sender calls it; ``None``: the service's own.
        retention_days: how long the body of a delivery is kept.
        mapping_version: the newest version of its mapping; ``None``: it has none yet.
    """

    id: UUID
    survey_id: UUID
    name: str
    preset: Preset
    state: SourceState
    options: SourceOptions
    signed_url: str | None
    retention_days: int
    mapping_version: int | None
    created_at: datetime
    retired_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often a source refused something on one day (UTC)."""

    day: date
    reason: RefusalReason
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """An accepted request, without its body.

    Attributes:
        dedupe_id: what the sender signed as its id, or ``sha256:`` and a digest.
        occurred_at: when the sender says that it came about; ``None``: it does not.
        headers: those worth keeping; none that is or proves a secret.
        body_sha256: hexadecimal.
        attempts: how often it was read.
        repeats: how often the same came again.
    """

    id: UUID
    source_id: UUID
    preset: Preset
    secret_id: UUID
    dedupe_id: str
    received_at: datetime
    occurred_at: datetime | None
    content_type: str | None
    headers: Mapping[str, str]
    body_sha256: str
    body_size: int
    state: DeliveryState
    reason: DeliveryReason | None
    attempts: int
    mapping_version: int | None
    settled_at: datetime | None
    repeats: int
    repeated_at: datetime | None
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryItem:
    """What one item of a delivery became; ``item_id`` is the same in every delivery that carries it."""

    delivery_id: UUID
    number: int
    item_id: str
    occurred_at: datetime | None
    outcome: ItemOutcome
    reason: DeliveryReason | None = None
    response_id: UUID | None = None
    mapping_version: int | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries are meant; what is ``None`` is not asked about. ``received_to`` itself is out."""

    state: DeliveryState | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    dedupe_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Deliveries, latest first, and where the next page begins."""

    items: tuple[Delivery, ...]
    next_cursor: str | None = field(default=None)


class SourceRetired(Conflict):
    """The source was retired; it takes no changes and no deliveries."""

    code = "source_retired"


class TooManySecrets(Conflict):
    """The source has as many valid secrets as it may have."""

    code = "too_many_secrets"


class BodyRedacted(Conflict):
    """The body of the delivery has been taken away."""

    code = "body_redacted"


class SecretMalformed(Invalid):
    """The secret has not the form that its preset's senders give."""

    code = "secret_malformed"


class ComeBackLater(Unavailable):
    """A genuine delivery cannot be taken now; the sender should repeat it."""

    code = "come_back_later"
