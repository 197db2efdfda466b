"""Shapes of staff entry: what is entered, corrected and typed twice."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Line, LongText, Output
from feedback_api.schemas.questionnaires import LanguageTag
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.responses import Moment, Name, RespondentIn
from feedback_core.responses.entries.correcting import Correction
from feedback_core.responses.entries.double import Decision, Keep
from feedback_core.responses.entries.effect_types import InterviewerEffects
from feedback_core.responses.entries.types import (
    LONGEST_SECONDS,
    MAX_TRANSCRIPT_BYTES,
    MOST_PARTICIPANTS,
    Consent,
    ConsentHow,
    Difference,
    Entry,
    EntryKind,
    NewEntry,
    Participant,
    SecondEntry,
    SecondState,
    Words,
)
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import ResponseStatus

_PAPER: Final[JsonDict] = {
    "kind": "paper",
    "form": "F-0017",
    "began_at": "2026-03-01T10:00:00Z",
    "language": "en",
    "participants": [
        {
            "consent": {"given": True, "how": "form_returned", "at": "2026-03-01T10:00:00Z"},
            "answers": {"nps": 9, "why": "Quick and kind."},
        }
    ],
}
_CALL: Final[JsonDict] = {
    "kind": "telephone",
    "interviewer": "I-07",
    "began_at": "2026-03-01T10:00:00Z",
    "duration_seconds": 640,
    "language": "en",
    "transcript": "I: How was your visit?\nR: Well … quick, and they were kind.",
    "participants": [
        {
            "consent": {"given": True, "how": "spoken", "at": "2026-03-01T10:00:30Z"},
            "answers": {"nps": 9, "why": "Quick and kind."},
        }
    ],
}
_CORRECTION: Final[JsonDict] = {
    "answers": {"nps": 8, "why": "Quick and kind."},
    "reason": "Misheard: the recording says eight.",
}
_SETTLEMENT: Final[JsonDict] = {
    "decisions": [{"field": "answers/nps", "keep": "second"}],
    "reason": "Looked up on the form.",
}
Number = Annotated[int, Field(strict=True, ge=1, le=MOST_PARTICIPANTS), AS_WHOLE]


class ConsentIn(Input):
    """How somebody agreed to what they say being kept. Without consent nothing is taken."""

    given: Flag
    how: ConsentHow
    at: Moment


class ParticipantIn(Input):
    """One person of a session, and what they answered."""

    consent: ConsentIn
    answers: dict[str, Any] = Field(description="By question key; kept as said")
    attributes: dict[str, Any] = Field(default_factory=dict, description="Values that the survey declares")
    external_id: Name | None = Field(default=None, description="Your own name for it: recorded once per survey")
    respondent: RespondentIn | None = Field(default=None, description="Refused if the survey is anonymous")
    status: ResponseStatus | None = Field(
        default=None, description="If left out: complete when every required question that was shown has an answer"
    )

    def participant(self) -> Participant:
        """For the domain."""
        who = self.respondent
        return Participant(
            consent=Consent(self.consent.given, self.consent.how, self.consent.at),
            answers=self.answers,
            attributes=self.attributes,
            external_id=self.external_id,
            respondent=Respondent(who.id, who.name, who.email, who.phone) if who else None,
            status=self.status,
        )


class EntryIn(Input):
    """A call, an interview, a focus group, or a paper form."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PAPER, _CALL]})

    kind: EntryKind
    participants: list[ParticipantIn] = Field(
        min_length=1, max_length=MOST_PARTICIPANTS, description="One, but of a focus group"
    )
    began_at: Moment = Field(description="Of a paper form: when it was filled in, or came")
    duration_seconds: Annotated[int, Field(strict=True, ge=0, le=LONGEST_SECONDS), AS_WHOLE] | None = None
    language: LanguageTag = Field(description="That was spoken or written")
    guide_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), AS_WHOLE] | None = Field(
        default=None, description="Of the survey's interview guide; null: without one"
    )
    interviewer: Line | None = Field(default=None, description="Your reference of who asked; of a form not needed")
    form: Line | None = Field(default=None, description="The number on a paper form: entered once")
    transcript: str | None = Field(
        default=None,
        description=f"What was said, kept character for character: at most {MAX_TRANSCRIPT_BYTES} bytes of UTF-8",
    )
    place: LongText | None = None
    note: LongText | None = Field(default=None, description="Of whoever asked: what a transcript does not tell")
    on_behalf_of: OnBehalfOf = None

    def entry(self) -> NewEntry:
        """For the domain."""
        return NewEntry(
            kind=self.kind,
            participants=tuple(each.participant() for each in self.participants),
            began_at=self.began_at,
            language=self.language,
            guide_version=self.guide_version,
            interviewer=self.interviewer,
            form=self.form,
            duration_seconds=self.duration_seconds,
            words=Words(self.transcript, self.place, self.note),
        )


class ConsentOut(Output):
    """How a participant agreed."""

    participant: int
    how: ConsentHow
    at: datetime


class TakeOut(Output):
    """A response of a participant; the last one counts, the others are excluded as superseded."""

    participant: int
    take: int
    response_id: UUID
    fields: list[str] = Field(description="What it corrects; none of the first")
    reason: str | None
    made_by: str
    made_at: datetime


class SecondEntryOut(Output):
    """A form as typed a second time."""

    state: SecondState
    compared: int = Field(description="Fields that at least one of the two typed")
    differing: list[str] = Field(description="Fields that they typed differently: `answers/nps`, `attributes/region`")
    first_wrong: int | None = Field(description="Of them, as settled; null: not yet")
    second_wrong: int | None
    reason: str | None
    entered_by: str
    entered_at: datetime
    settled_by: str | None
    settled_at: datetime | None

    @classmethod
    def of(cls, second: SecondEntry) -> Self:
        """From the domain."""
        return cls.model_validate(second)


class EntryOut(Output):
    """An entry, without what was said."""

    id: UUID
    survey_id: UUID
    kind: EntryKind
    guide_version: int | None
    interviewer: str | None = Field(description="Null also once they were forgotten")
    form: str | None
    began_at: datetime
    duration_seconds: int | None
    language: str
    participants: int
    consents: list[ConsentOut]
    responses: list[TakeOut] = Field(description="That are still there, by participant, with every correction")
    second_entry: SecondEntryOut | None
    transcript_bytes: int
    words_gone_at: datetime | None = Field(description="When transcript, place and note were taken out")
    entered_by: str
    entered_at: datetime

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **{name: getattr(entry, name) for name in cls.model_fields if hasattr(entry, name)},
                "consents": [
                    {"participant": number, "how": how, "at": at} for number, (how, at) in entry.consents.items()
                ],
                "responses": [TakeOut.model_validate(take) for take in entry.takes],
                "second_entry": SecondEntryOut.of(entry.second_entries[0]) if entry.second_entries else None,
            }
        )


class WordsOut(Output):
    """What was said, exactly as it was entered."""

    transcript: str | None
    place: str | None
    note: str | None

    @classmethod
    def of(cls, words: Words) -> Self:
        """From the domain."""
        return cls.model_validate(words)


class CorrectionIn(Input):
    """What a participant's response should have been: all of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CORRECTION]})

    participant: Number = 1
    answers: dict[str, Any] = Field(description="All of them, not only those that change")
    attributes: dict[str, Any] = Field(default_factory=dict, description="The same")
    reason: Line
    on_behalf_of: OnBehalfOf = None

    def correction(self) -> Correction:
        """For the domain."""
        return Correction(self.participant, self.answers, self.attributes, self.reason)


class SecondEntryIn(Input):
    """A paper form, typed again from the paper by somebody else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"nps": 9, "why": "Quick and kind."}}]})

    answers: dict[str, Any]
    attributes: dict[str, Any] = Field(default_factory=dict)
    on_behalf_of: OnBehalfOf = None


class DifferenceOut(Output):
    """A field that was typed differently; null: left blank."""

    field: str
    first: Any
    second: Any


class DifferencesOut(Output):
    """Differences that wait to be settled."""

    items: list[DifferenceOut]

    @classmethod
    def of(cls, found: list[Difference]) -> Self:
        """From the domain."""
        return cls(items=[DifferenceOut.model_validate(each) for each in found])


class DecisionIn(Input):
    """What a field should be."""

    field: Annotated[str, Field(min_length=1, max_length=200)]
    keep: Keep
    value: Any = Field(default=None, description="With `neither`: what stands on the form; null: nothing")

    def decision(self) -> Decision:
        """For the domain."""
        return Decision(self.field, self.keep, self.value)


class SettlementIn(Input):
    """Every difference, decided with the form in hand."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SETTLEMENT]})

    decisions: list[DecisionIn] = Field(min_length=1, max_length=2_000)
    reason: Line
    on_behalf_of: OnBehalfOf = None


class IntervalOut(Output):
    """Limits of an estimate."""

    low: float
    high: float
    level: float
    method: str


class TypingErrorsOut(Output):
    """How often forms are mistyped, by what was typed twice."""

    forms: int = Field(description="Typed twice")
    waiting: int = Field(description="Of them, with differences that are not settled")
    settled: int
    compared: int = Field(description="Fields")
    differing: int
    difference_rate: float
    difference_interval: IntervalOut
    compared_settled: int = Field(description="Fields of forms that agree or are settled")
    first_wrong: int
    second_wrong: int
    first_error_rate: float | None = Field(description="Null while nothing is settled")
    first_error_interval: IntervalOut | None


class InterviewerOut(Output):
    """An interviewer beside all others."""

    interviewer: str
    n: int
    mean: float
    difference: float = Field(description="Of the mean of their answers from that of all others'")
    interval: IntervalOut = Field(description="For all interviewers together")
    differs: bool = Field(description="Whether the interval leaves out 0")


class InterviewerEffectsOut(Output):
    """How far answers to a question depend on who asked."""

    question: str
    n: int
    interviewers: list[InterviewerOut] | None = Field(description="Null without the scope performance:everybody")
    correlation: float = Field(description="rho_int: share of the variance that lies between interviewers")
    correlation_interval: IntervalOut
    workload: float = Field(description="Answers of an interviewer, weighted by them")
    design_effect: float = Field(description="By which they raise the variance of the mean")
    n_effective: float
    left_out: dict[str, int] = Field(description="`interviewers` with too few answers, and those `answers`")
    warnings: list[str]

    @classmethod
    def of(cls, question: str, found: InterviewerEffects, *, by_name: bool) -> Self:
        """From the domain."""
        interviewers, answers = found.left_out
        return cls.model_validate(
            {
                **{name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)},
                "question": question,
                "interviewers": [InterviewerOut.model_validate(each) for each in found.interviewers]
                if by_name
                else None,
                "left_out": {"interviewers": interviewers, "answers": answers},
            }
        )
