"""Shapes of frames, their units, opt-outs and contacts."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Key, Line, LongText, Output
from feedback_api.schemas.responses import Moment
from feedback_core.kit.errors import Fault
from feedback_core.sampling.queries.units import PutUnit
from feedback_core.sampling.types.frames import (
    MOST_UNITS_OF_A_BATCH,
    MOST_VALUE,
    Contact,
    ContactKind,
    ContactRule,
    Coverage,
    Duplicate,
    Frame,
    FrameCounts,
    FrameSettings,
    NewUnit,
    RejectedUnit,
    StoredUnit,
)

Said = Annotated[str, Field(min_length=1, max_length=MOST_VALUE, pattern=r"^[^\x00]*$")]
Days = Annotated[int, Field(strict=True, ge=1, le=36_500), AS_WHOLE]
Seed = Annotated[int, Field(strict=True, ge=0, lt=2**53), AS_WHOLE]
Measure = Annotated[float, Field(strict=True, ge=-1e15, le=1e15, allow_inf_nan=False)]


class ContactRuleBody(Input):
    """How often somebody may be asked, counted over all frames of the organisation."""

    model_config = ConfigDict(from_attributes=True)

    rest_days: Days | None = Field(default=None, description="After somebody was asked they are left alone for so long")
    most: Annotated[int, Field(strict=True, ge=1, le=1_000), AS_WHOLE] | None = Field(
        default=None, description="Somebody is asked at most so often within `within_days`"
    )
    within_days: Days | None = None


class FrameSettingsBody(Input):
    """What a frame is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Customers of 2026",
                    "attributes": ["region", "branch"],
                    "measures": ["turnover"],
                    "contact_rule": {"rest_days": 90, "most": 3, "within_days": 365},
                    "keep_days": 400,
                }
            ]
        },
        from_attributes=True,
    )

    name: Line
    description: LongText | None = None
    attributes: list[Key] = Field(
        default_factory=list, max_length=50, description="What is known of units in words: strata, clusters, orders"
    )
    measures: list[Key] = Field(
        default_factory=list, max_length=50, description="What is known of them in numbers: sizes, orders"
    )
    deduplicate_by: list[ContactKind] = Field(
        default_factory=lambda: list(ContactKind),
        max_length=len(ContactKind),
        description="Units that share one of these are one person; where households share a number, leave `phone` out",
    )
    contact_rule: ContactRuleBody = Field(default_factory=ContactRuleBody)
    keep_days: Days | None = Field(
        default=None, description="After units last came in contacts are kept for so long; null: until they are deleted"
    )

    def settings(self) -> FrameSettings:
        """For the domain."""
        return FrameSettings(
            name=self.name,
            description=self.description,
            attributes=tuple(self.attributes),
            measures=tuple(self.measures),
            deduplicate_by=tuple(dict.fromkeys(self.deduplicate_by)),
            contact_rule=ContactRule(**self.contact_rule.model_dump()),
            keep_days=self.keep_days,
        )


class FrameIn(FrameSettingsBody):
    """A frame that is to be made."""

    seed: Seed | None = Field(
        default=None,
        description="The permanent random numbers of its units follow from it and their refs; one is made if left out",
    )


class FrameOut(Output):
    """A frame."""

    id: UUID
    name: str
    description: str | None
    attributes: list[str]
    measures: list[str]
    deduplicate_by: list[ContactKind]
    contact_rule: ContactRuleBody
    keep_days: int | None
    keep_until: datetime | None = Field(description="From then on nothing tells whom the frame was of")
    seed: int
    changes: int = Field(description="Batches that came in; a sample names how many had by then")
    settled: bool = Field(description="Whether duplicates were looked for since units last came in")
    loaded_at: datetime | None = Field(description="When units last came in")
    emptied_at: datetime | None
    created_by: str = Field(description="Name of the API key")
    created_at: datetime

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """From the domain."""
        return cls.model_validate(frame_fields(frame))


class FrameCountsOut(Output):
    """How many units; those that no other one stands for are people."""

    units: int
    duplicates: int
    opted_out: int
    with_email: int
    with_phone: int


class FrameDetailOut(FrameOut):
    """A frame with how many units it has."""

    counts: FrameCountsOut

    @classmethod
    def of_whole(cls, frame: Frame, counts: FrameCounts) -> Self:
        """From the domain."""
        return cls.model_validate({**frame_fields(frame), "counts": FrameCountsOut.model_validate(counts)})


def frame_fields(frame: Frame) -> dict[str, object]:
    """What both shapes show."""
    settings = frame.settings
    return {
        "id": frame.id,
        "name": settings.name,
        "description": settings.description,
        "attributes": list(settings.attributes),
        "measures": list(settings.measures),
        "deduplicate_by": list(settings.deduplicate_by),
        "contact_rule": ContactRuleBody.model_validate(settings.contact_rule),
        "keep_days": settings.keep_days,
        "keep_until": frame.keep_until,
        "seed": frame.seed,
        "changes": frame.changes,
        "settled": frame.is_settled,
        "loaded_at": frame.loaded_at,
        "emptied_at": frame.emptied_at,
        "created_by": frame.created_by,
        "created_at": frame.created_at,
    }


class UnitIn(Input):
    """Somebody, or something, that could be asked. Contacts are kept encrypted."""

    ref: Said = Field(description="Your name for the unit; the same one is one unit, and what is said last holds")
    attributes: dict[Key, Said] = Field(default_factory=dict, max_length=50)
    measures: dict[Key, Measure] = Field(default_factory=dict, max_length=50)
    name: Said | None = None
    email: Said | None = None
    phone: Said | None = None
    postcode: Said | None = None

    def unit(self) -> NewUnit:
        """For the domain."""
        contact = Contact(self.name, self.email, self.phone, self.postcode)
        return NewUnit(self.ref, self.attributes, self.measures, contact)


class UnitsIn(Input):
    """A batch of units."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "units": [
                        {
                            "ref": "C-1001",
                            "attributes": {"region": "north", "branch": "b12"},
                            "measures": {"turnover": 1200.5},
                            "name": "Ada Lovelace",
                            "email": "ada@example.org",
                            "phone": "+44 20 7946 0018",
                            "postcode": "SW1A 1AA",
                        }
                    ]
                }
            ]
        }
    )

    units: list[UnitIn] = Field(min_length=1, max_length=MOST_UNITS_OF_A_BATCH)


class UnitFaultOut(Output):
    """One thing wrong with a unit."""

    pointer: str
    code: str
    detail: str


class UnitResultOut(Output):
    """What became of a unit."""

    outcome: Literal["added", "replaced", "rejected"]
    id: UUID | None
    errors: list[UnitFaultOut]


class UnitResultsOut(Output):
    """What became of each unit of a batch, in its order."""

    added: int
    replaced: int
    rejected: int
    results: list[UnitResultOut]

    @classmethod
    def of(cls, found: list[PutUnit | RejectedUnit]) -> Self:
        """From the domain."""
        results = [_result(each, place) for place, each in enumerate(found)]
        outcomes = [each.outcome for each in results]
        return cls(
            added=outcomes.count("added"),
            replaced=outcomes.count("replaced"),
            rejected=outcomes.count("rejected"),
            results=results,
        )


def _result(found: PutUnit | RejectedUnit, place: int) -> UnitResultOut:
    if isinstance(found, RejectedUnit):
        faults: list[Fault] = [fault.under(f"/units/{place}") for fault in found.faults]
        errors = [UnitFaultOut(pointer=f.pointer, code=f.code, detail=f.detail) for f in faults]
        return UnitResultOut(outcome="rejected", id=None, errors=errors)
    return UnitResultOut(outcome="replaced" if found.was_there else "added", id=found.id, errors=[])


class ContactOut(Output):
    """How somebody is called and reached."""

    name: str | None
    email: str | None
    phone: str | None
    postcode: str | None


class UnitOut(Output):
    """A unit of a frame."""

    id: UUID
    ref: str | None = Field(description="Null once the frame is emptied")
    random_number: int = Field(description="Its permanent random number: its place on a circle of 2^63 places")
    attributes: dict[str, str]
    measures: dict[str, float]
    repeats: UUID | None = Field(description="The unit that stands for this one: they are one person")
    shares: list[ContactKind] = Field(description="What it shares with that one, or with another that does")
    opted_out_at: datetime | None
    added_at: datetime
    has_email: bool
    has_phone: bool
    contact: ContactOut | None = Field(description="Only with `contacts=true`, and a key with `identities:read`")

    @classmethod
    def of(cls, unit: StoredUnit, contact: Contact | None) -> Self:
        """From the domain."""
        return cls(
            id=unit.id,
            ref=unit.ref,
            random_number=unit.number,
            attributes=dict(unit.attributes),
            measures=dict(unit.measures),
            repeats=unit.repeats,
            shares=[ContactKind(kind) for kind in unit.shares],
            opted_out_at=unit.opted_out_at,
            added_at=unit.added_at,
            has_email=unit.has_email,
            has_phone=unit.has_phone,
            contact=None if contact is None else ContactOut.model_validate(contact),
        )


class DuplicateOut(Output):
    """A unit that another one stands for."""

    id: UUID
    ref: str | None
    repeats: UUID
    repeats_ref: str | None
    shares: list[ContactKind]

    @classmethod
    def of(cls, found: Duplicate) -> Self:
        """From the domain."""
        return cls.model_validate(found)


class CoverageOut(Output):
    """Who could be drawn; the other parts say why not, and all add up to `people`."""

    people: int = Field(description="Units that no other one stands for")
    eligible: int
    share: float | None = Field(description="Of the people; null where there are none")
    opted_out: int
    resting: int = Field(description="Were asked too lately, or too often")
    unreachable: int = Field(description="Have no contact of the kind that was asked for")
    unsized: int = Field(description="Lack the size by which they are drawn")
    unplaced: int = Field(description="Lack the cluster by which they are drawn")

    @classmethod
    def of(cls, found: Coverage) -> Self:
        """From the domain."""
        share = found.eligible / found.people if found.people else None
        return cls.model_validate({**{name: getattr(found, name) for name in _COVERAGE}, "share": share})


_COVERAGE = ("people", "eligible", "opted_out", "resting", "unreachable", "unsized", "unplaced")


class GroupCoverageOut(Output):
    """Who of a group could be drawn."""

    value: str | None = Field(description="Of the attribute; null: of whom it is not known, or everybody")
    coverage: CoverageOut


class FrameCoverageOut(Output):
    """Who of a frame could be drawn now."""

    by: str | None
    items: list[GroupCoverageOut]


class AskedIn(Input):
    """Somebody who was asked elsewhere."""

    ref: Said
    at: Moment


class AskedOfFrameIn(Input):
    """Who was asked elsewhere: the contact rules of every frame count it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"ref": "C-1001", "at": "2026-03-01T10:00:00Z"}]}]}
    )

    items: list[AskedIn] = Field(min_length=1, max_length=MOST_UNITS_OF_A_BATCH)
