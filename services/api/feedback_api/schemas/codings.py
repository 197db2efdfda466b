"""Shapes of coding by hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.problems import ProblemFault
from feedback_api.schemas.codebooks import Language
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, Output
from feedback_api.schemas.kpis import IntervalOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_core.themes.codings.calc import Verdict
from feedback_core.themes.codings.types import (
    MOST_CODINGS,
    MOST_DRAWN,
    BatchComment,
    BatchSelection,
    CoderRole,
    Coding,
    CodingAgreement,
    CodingBatch,
    CodingResult,
    CodingStatus,
    CommentRef,
    NewCoding,
)

Size = Annotated[int, Field(strict=True, ge=1, le=MOST_DRAWN), AS_WHOLE]
# Any reader of JSON keeps it exactly.
Seed = Annotated[int, Field(strict=True, ge=0, le=(1 << 53) - 1), AS_WHOLE]
Version = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000), AS_WHOLE]


class CodingBatchIn(Input):
    """Which comments to draw from, and how many."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"size": 200, "questions": ["why"]}]})

    size: Size = Field(description="Comments to draw; fewer come where there are not so many")
    seed: Seed | None = Field(default=None, description="The same on the same comments draws the same; null: a new one")
    questions: list[Key] = Field(default_factory=list, max_length=100, description="Text questions; empty: all")
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    language: Language | None = Field(default=None, description="Only comments in this language")
    not_coded: Flag = Field(default=False, description="Only comments that nobody has coded")

    def selection(self, zone: str) -> BatchSelection:
        """The same, for the domain; days are of this time zone."""
        return BatchSelection(
            size=self.size,
            questions=tuple(self.questions),
            start=instant_of(self.start, zone),
            end=instant_of(self.end, zone),
            language=self.language,
            not_coded=self.not_coded,
        )


class CommentRefOut(Output):
    """The answer of one response to one text question."""

    response_id: UUID
    question: str


class CodingBatchOut(Output):
    """A batch: give its id to every coder who is to code the same comments."""

    id: UUID
    survey_id: UUID
    codebook_version: int = Field(description="That held when it was drawn")
    seed: int
    size: int = Field(description="Comments asked for")
    questions: list[str]
    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    language: str | None
    not_coded: bool
    drawn_by: str = Field(description="Name of the API key")
    drawn_at: datetime
    comments: list[CommentRefOut] = Field(description="In random order; those erased since are gone")

    @classmethod
    def of(cls, batch: CodingBatch) -> Self:
        """From the domain."""
        return cls(**_batch(batch), comments=[CommentRefOut.model_validate(comment) for comment in batch.comments])


class BatchCommentOut(Output):
    """A comment as it was written."""

    position: int
    response_id: UUID
    question: str
    text: str
    language: str | None = Field(description="ISO 639-1 code; null where it cannot be told")

    @classmethod
    def of(cls, found: BatchComment) -> Self:
        """From the domain."""
        return cls(
            position=found.position,
            response_id=found.comment.response_id,
            question=found.comment.question,
            text=found.text,
            language=found.language,
        )


class CodingBatchTextsOut(CodingBatchOut):
    """A batch with its comments as coders see them."""

    comments: list[BatchCommentOut] = Field(  # type: ignore[assignment]  # the same comments, with their texts
        description="In random order; those of erased and excluded responses are gone"
    )

    @classmethod
    def with_texts(cls, batch: CodingBatch, comments: Sequence[BatchComment]) -> Self:
        """From the domain."""
        return cls(**_batch(batch), comments=[BatchCommentOut.of(comment) for comment in comments])


class CodingItemIn(Input):
    """What a coder gives one comment."""

    response: UUID = Field(description="Id of the response")
    question: Key = Field(description="Text question that the comment answers", examples=["why"])
    themes: list[Key] = Field(max_length=100, description="Empty: it was read, and none applies")


class CodingsIn(Input):
    """What one coder gives to comments."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "coder": "ada",
                    "items": [
                        {
                            "response": "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a12",
                            "question": "why",
                            "themes": ["waiting"],
                        }
                    ],
                }
            ]
        }
    )

    coder: Line = Field(description="Who coded; the same name every time", examples=["ada"])
    role: CoderRole = Field(
        default=CoderRole.CODER, description="An adjudicator decides where coders differ, against all of them"
    )
    codebook_version: Version | None = Field(default=None, description="That the coder had; null: the latest")
    items: list[CodingItemIn] = Field(min_length=1, max_length=MOST_CODINGS)

    def codings(self) -> list[NewCoding]:
        """The same, for the domain."""
        return [NewCoding(CommentRef(item.response, item.question), tuple(item.themes)) for item in self.items]


class CodingItemOut(Output):
    """What became of one item."""

    index: int
    status: CodingStatus
    id: UUID | None = Field(description="Of the coding that holds now; null if the item was rejected")
    errors: list[ProblemFault]


class CodingsRecordedOut(Output):
    """What became of each item."""

    recorded: int
    unchanged: int = Field(description="The coder had said the same already")
    rejected: int
    items: list[CodingItemOut]

    @classmethod
    def of(cls, results: Sequence[CodingResult]) -> Self:
        """From the results, in the order of the items."""
        counts = Counter(result.status for result in results)
        return cls(
            recorded=counts[CodingStatus.RECORDED],
            unchanged=counts[CodingStatus.UNCHANGED],
            rejected=counts[CodingStatus.REJECTED],
            items=[
                CodingItemOut(
                    index=index,
                    status=result.status,
                    id=result.id,
                    errors=[ProblemFault(pointer=f.pointer, code=f.code, detail=f.detail) for f in result.faults],
                )
                for index, result in enumerate(results)
            ],
        )


class CodingOut(Output):
    """A coding as it was recorded; a later one by the same coder in the same role corrects it."""

    id: UUID
    response_id: UUID
    question: str
    coder: str
    role: CoderRole
    themes: list[str] = Field(description="Empty: none applies")
    codebook_version: int
    recorded_by: str = Field(description="Name of the API key")
    coded_at: datetime

    @classmethod
    def of(cls, coding: Coding) -> Self:
        """From the domain."""
        return cls(
            id=coding.id,
            response_id=coding.comment.response_id,
            question=coding.comment.question,
            coder=coding.coder,
            role=coding.role,
            themes=list(coding.themes),
            codebook_version=coding.codebook_version,
            recorded_by=coding.recorded_by,
            coded_at=coding.coded_at,
        )


class PairAgreementOut(Output):
    """How far two coders agree about a theme."""

    first: str
    second: str
    n: int = Field(description="Comments that both coded")
    percent_agreement: float
    kappa: float | None = Field(description="Cohen's; null where it cannot be estimated")
    interval: IntervalOut | None
    why_not: str | None


class ThemeAgreementOut(Output):
    """How far coders agree about one theme, given or not."""

    theme: str
    comments: int = Field(description="That two or more coders have coded since the theme is in the codebook")
    percent_agreement: float | None
    alpha: float | None = Field(description="Krippendorff's; null where it cannot be estimated")
    verdict: Verdict | None = Field(description="reliable from .80, tentative from .667")
    fleiss_kappa: float | None = Field(description="Null where comments have different numbers of coders")
    pairs: list[PairAgreementOut]
    why_not: str | None


class DisagreementOut(Output):
    """A comment about which coders differ."""

    comment: CommentRefOut
    themes: dict[str, list[str]] = Field(description="By coder")


class CodingAgreementOut(Output):
    """How far the coders of a survey agree; adjudicators are not compared."""

    codebook_version: int
    coders: list[str]
    coded: int = Field(description="Comments that anybody has coded")
    twice: int = Field(description="Comments that two or more coders have coded")
    adjudicated: int
    disputed: int = Field(description="Coders differ and nobody has decided: the first coder's themes hold")
    alpha: float | None = Field(description="Krippendorff's over all themes together, given or not")
    alpha_interval: IntervalOut | None = Field(description="By resampling comments")
    verdict: Verdict | None = Field(description="reliable from .80, tentative from .667")
    seed: int
    themes: list[ThemeAgreementOut]
    disagreements: list[DisagreementOut]
    warnings: list[str]

    @classmethod
    def of(cls, found: CodingAgreement) -> Self:
        """From the domain."""
        return cls.model_validate(found)


def _batch(batch: CodingBatch) -> dict[str, object]:
    wanted = batch.selection
    return {
        "id": batch.id,
        "survey_id": batch.survey_id,
        "codebook_version": batch.codebook_version,
        "seed": batch.seed,
        "size": wanted.size,
        "questions": list(wanted.questions),
        "start": wanted.start,
        "end": wanted.end,
        "language": wanted.language,
        "not_coded": wanted.not_coded,
        "drawn_by": batch.drawn_by,
        "drawn_at": batch.drawn_at,
    }
