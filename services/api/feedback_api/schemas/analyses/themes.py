"""Shapes of analyses of themes, and of the comments that they show."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, Level, Word, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.codebooks import Language
from feedback_api.schemas.common import Flag, Input, Key, Output
from feedback_api.schemas.times import Moment
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kpis.types import Bucket
from feedback_core.themes.analysis.types import Source, ThemesOutcome, ThemesParameters
from feedback_core.themes.analysis.use_cases import check_themes

THEMES_EXAMPLE: Final[JsonDict] = {
    "kind": "themes",
    "survey_id": SURVEY,
    "questions": ["why"],
    "from": "2025-01-01",
    "to": "2026-01-01",
    "kpi": "nps",
}


class ThemesIn(Input):
    """What do comments speak of, does that change, and what goes with it?"""

    model_config = ConfigDict(json_schema_extra={"examples": [THEMES_EXAMPLE]})

    kind: Literal[AnalysisKind.THEMES]
    survey_id: UUID
    questions: list[Key] = Field(default_factory=list, max_length=100, description="Text questions; empty: all")
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of the periods in which trends are looked for")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    language: Language | None = Field(default=None, description="Only comments in this language")
    source: Source = Field(
        default=Source.RULES,
        description="Whose coding the shares rest on: the codebook's rules, people, or a model that learns from people",
    )
    kpi: Key | None = Field(
        default=None, description="Held by those who speak of a theme against those who do not", examples=["nps"]
    )
    question: Word | None = Field(default=None, description="Of the KPI, where several questions fit")
    item: Word | None = Field(default=None, description="Row of a matrix, or choice of a ranking, of the KPI")
    choice: Word | None = Field(default=None, description="Whose share the KPI is")
    suggestions: Flag = Field(default=True, description="Look for themes that the codebook does not have")
    tz: Word | None = Field(default=None, description="IANA name; the organisation's if left out")
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey and its codebook."""
        zone = await zone_of(session, organisation_id, self.tz)
        parameters = ThemesParameters(
            questions=tuple(self.questions),
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            bucket=self.bucket,
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            language=self.language,
            source=self.source,
            kpi=self.kpi,
            question=self.question,
            item=self.item,
            choice=self.choice,
            suggestions=self.suggestions,
            level=self.level,
            tz=self.tz,
        )
        return await check_themes(session, organisation_id, self.survey_id, parameters)


class ThemesAnalysisOut(AnalysisRunOut):
    """A run of an analysis of themes."""

    kind: Literal[AnalysisKind.THEMES]
    parameters: ThemesParameters = Field(description="As asked for, with what was left out filled in")
    result: ThemesOutcome | None = Field(description="Null until it has succeeded")


class VerbatimOut(Output):
    """A comment as it was written."""

    response_id: UUID
    question: str
    text: str


class ThemeVerbatimsOut(Output):
    """Comments that show what a theme is about."""

    theme: str = Field(description="Key of the theme, or name of the suggestion")
    suggested: bool = Field(description="It is a suggestion: the codebook does not have it")
    comments: list[VerbatimOut]


class VerbatimsOut(Output):
    """Comments that an analysis of themes shows; those erased or excluded since are gone."""

    items: list[ThemeVerbatimsOut]
