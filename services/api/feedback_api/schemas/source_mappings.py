"""HTTP shapes of the mappings of sources, and of trying them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, JsonValue

from feedback_api.schemas.common import Input, Output
from feedback_api.schemas.imports import ConstantIn, ReadingIn, Word
from feedback_core.inbound.mapping.expressions import MAX_EXPRESSION
from feedback_core.inbound.mapping.queries import StoredMapping
from feedback_core.inbound.mapping.templates import MappingTemplate
from feedback_core.inbound.mapping.templates.survey_tools import TYPEFORM
from feedback_core.inbound.mapping.types import (
    MAX_FIELDS,
    InboundMapping,
    Within,
)
from feedback_core.inbound.mapping.use_cases import Sample
from feedback_core.inbound.types import Preset
from feedback_core.responses.imports.types import ISO, OnUnreadable, Target
from feedback_core.surveys.types import Confidentiality

EXAMPLE: dict[str, Any] = dict(TYPEFORM.document)
TRIED: dict[str, Any] = {
    "payload": {"ticket": "T-1", "rated_at": "2026-02-28T10:00:00Z", "score": "9", "comment": "Quick and kind."},
    "mapping": {
        "fields": [
            {"to": "external_id", "path": "ticket"},
            {"to": "submitted_at", "path": "rated_at"},
            {"to": "question", "key": "nps", "path": "score"},
            {"to": "question", "key": "why", "path": "comment"},
        ]
    },
}

Path = Annotated[
    str, Field(min_length=1, max_length=MAX_EXPRESSION, pattern=r"^[^\x00]*$", description="A JMESPath expression")
]
DateFormat = Annotated[
    Word,
    Field(description="`iso`, `unix`, `unix_ms`, or a pattern: %Y %y %m %b %B %d %H %I %M %S %f %p %z"),
]


class FieldIn(ReadingIn):
    """What one expression says."""

    to: Target
    path: Path
    within: Within | None = Field(
        default=None, description="What it is read in; what was fetched, or else the item, if left out"
    )
    date_format: DateFormat | None = None
    on_unreadable: OnUnreadable | None = Field(
        default=None, description="Of this field, if not that of the mapping; for answers and attributes"
    )


class InstantIn(Input):
    """Where a time stands."""

    path: Path
    within: Within = Within.ITEM
    date_format: DateFormat | None = None


class ErasureIn(Input):
    """Which items ask that a response, or everything of a respondent, be forgotten."""

    when: Path
    external_id: Path | None = None
    respondent_id: Path | None = None
    respondent_email: Path | None = None


class FetchIn(Input):
    """By what the source's connector fetches the rest of an item that has ids only."""

    parameters: dict[Word, Path] = Field(max_length=20, description="Expressions by parameter of the connector's url")


class InboundMappingIn(Input):
    """How deliveries of a source are read. What is not named in a payload is passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    fields: list[FieldIn] = Field(min_length=1, max_length=MAX_FIELDS)
    constants: list[ConstantIn] = Field(default_factory=list, max_length=200)
    when: Path | None = Field(default=None, description="True of items that are wanted; others are ignored on purpose")
    items: Path | None = Field(
        default=None, description="Where one delivery says several things: finds an array. Left out: it says one"
    )
    occurred_at: InstantIn | None = Field(
        default=None, description="When an item came about: of two that say the same thing the later counts"
    )
    erasure: ErasureIn | None = None
    fetch: FetchIn | None = None
    date_format: DateFormat = ISO
    time_zone: Word | None = Field(
        default=None, description="IANA name, for times that say no zone; the organisation's if left out"
    )
    confidentiality: Confidentiality | None = Field(
        default=None, description="The survey's, if left out; never one that keeps more of the respondent"
    )
    on_unreadable: OnUnreadable = Field(
        default=OnUnreadable.REJECT_ROW,
        description="What becomes of an item with an answer or attribute that cannot be read: `reject_row`: it waits"
        " until the mapping is mended; `leave_out`: it is recorded without",
    )

    def mapping(self) -> InboundMapping:
        """For the domain."""
        return InboundMapping.from_json(self.model_dump(mode="json"))


class SourceMappingOut(Output):
    """A version of a source's mapping."""

    version: int
    mapping: InboundMappingIn
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredMapping) -> Self:
        """From the domain."""
        shown = InboundMappingIn.model_validate(stored.mapping.to_json())
        return cls(version=stored.version, mapping=shown, defined_by=stored.defined_by, defined_at=stored.defined_at)


class SlotOut(Output):
    """A question that a ready-made mapping answers."""

    key: str = Field(description="Put your question's key in its place")
    types: list[str] = Field(description="Of questions that can take the answers as they are mapped")
    about: str


class MappingTemplateOut(Output):
    """A ready-made mapping, to be fitted to a survey."""

    key: str
    presets: list[Preset]
    title: str
    about: str = Field(description="What is sent, and what is to be set at the sender")
    questions: list[SlotOut]
    mapping: InboundMappingIn
    sample: JsonValue = Field(description="A payload of the kind, made up")
    connector_url: str | None = Field(description="Where the rest of an event is fetched; null: the event says it all")

    @classmethod
    def of(cls, template: MappingTemplate) -> Self:
        """From the domain."""
        return cls(
            key=template.key,
            presets=list(template.presets),
            title=template.title,
            about=template.about,
            questions=[SlotOut(key=slot.key, types=list(slot.types), about=slot.about) for slot in template.slots],
            mapping=InboundMappingIn.model_validate(template.document),
            sample=template.sample,
            connector_url=template.connector,
        )


class MappingTemplatesOut(Output):
    """Ready-made mappings."""

    items: list[MappingTemplateOut]


class PreviewIn(Input):
    """A payload to try a mapping on."""

    model_config = ConfigDict(json_schema_extra={"examples": [TRIED]})

    payload: JsonValue
    fetched: JsonValue = Field(
        default=None, description="What would be fetched for its items, where they have ids only"
    )
    mapping: InboundMappingIn | None = Field(default=None, description="The one in force, if left out")

    def sample(self) -> Sample:
        """For the domain."""
        return Sample(self.payload, self.fetched)


class DeliveryPreviewIn(Input):
    """A mapping to try on a delivery."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mapping": EXAMPLE}]})

    mapping: InboundMappingIn | None = Field(default=None, description="The one in force, if left out")
