"""Shapes of the lint: what was found, what it rests on, and the rules."""

from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output, Page
from feedback_api.schemas.questionnaires import LanguageTag
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_core.surveys.lint.rules import RULES
from feedback_core.surveys.lint.types import (
    MAX_FINDINGS,
    MAX_WORD_LENGTH,
    MAX_WORDS,
    Burden,
    Focus,
    JudgedFinding,
    LintReport,
    OwnWord,
    Rule,
    RuleId,
    Severity,
    StoredWords,
    WordList,
)

Place = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00-\x1f]*$", examples=["/questions/wait/text"])]
_ENTRY: Final[JsonDict] = {"word": "till", "language": "en", "better": "checkout"}


class LintIn(Input):
    """What is looked at."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1}]})

    version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), AS_WHOLE] | None = Field(
        default=None,
        description="Number of a published version; left out: the draft, or without one the latest version",
    )


class SpanOut(Output):
    """A part of a text, in code points; `end` is the first one after it."""

    start: int
    end: int
    text: str


class FindingWaiverOut(Output):
    """Who has left the finding as it is, and why."""

    id: UUID
    reason: str
    waived_by: str
    waived_at: datetime


class FindingOut(Output):
    """Something that a rule finds."""

    rule: RuleId
    title: str
    severity: Severity
    pointer: str = Field(description="JSON pointer into the survey; empty: the whole of it")
    place: str = Field(description="The same by keys, so that it stays when questions move; waivers name it")
    language: str | None = Field(description="Of the text; null where it is not about words")
    span: SpanOut | None = Field(description="Where in the text; null: all of it")
    found: str
    why: str
    source: str
    how: str = Field(description="How to mend it")
    rewrites: list[str] = Field(
        description="Texts that can be put in its place: one, or one for each question that it should be"
    )
    waived: bool
    waiver: FindingWaiverOut | None = Field(
        description="Made for this rule and place. It has lapsed where `waived` is false: the words have changed since"
    )

    @classmethod
    def of(cls, judged: JudgedFinding) -> Self:
        """From the domain."""
        found, rule = judged.finding, RULES[judged.finding.rule]
        return cls(
            rule=found.rule,
            title=rule.title,
            severity=rule.severity,
            pointer=found.pointer,
            place=found.place,
            language=found.language,
            span=None if found.span is None else SpanOut.model_validate(found.span),
            found=found.said,
            why=rule.why,
            source=rule.source,
            how=found.how,
            rewrites=list(found.rewrites),
            waived=judged.is_waived,
            waiver=None if judged.waiver is None else FindingWaiverOut.model_validate(judged.waiver),
        )


class LintCountsOut(Output):
    """Findings by severity, those that are waived apart."""

    serious: int
    warning: int
    note: int
    waived: int


class BurdenOut(Output):
    """What it takes to answer everything once; an estimate, by the length of the texts and the types of questions."""

    questions: int
    words: int
    seconds: float = Field(description="Of somebody who is put every question")
    shortest_seconds: float = Field(description="Of somebody who is put only the questions without a condition")
    reading_seconds: float = Field(description="Of `seconds`, those spent on reading")
    open_questions: int
    required_questions: int
    method: str = Field(description="Where the figures come from")

    @classmethod
    def of(cls, burden: Burden) -> Self:
        """From the domain."""
        method = (
            "52 ms to read a character (Trauzettel-Klosinski & Dietz 2012; Brysbaert 2019), and a time to answer by"
            " type (Pew Research Center 2022; Schmid & Axhausen 2019; CivicPulse)"
        )
        said = {name: getattr(burden, name) for name in cls.model_fields if name != "method"}
        return cls(**said, method=method)


class ReadabilityOut(Output):
    """How hard the questions are to read together."""

    language: str
    words: int
    formula: str | None = Field(description="Null: there is none for the language, or there are too few words")
    score: float | None
    limit: float | None = Field(description="Beyond which it is hard")
    hard: bool


class QuestionServesOut(Output):
    """What a question serves: `feature:…` and `standard:…`; nothing, if empty."""

    question: str
    serves: list[str]


class FocusOut(Output):
    """Whether the questions serve the service."""

    questions: list[QuestionServesOut]
    unserving: list[str] = Field(description="Keys of the questions that serve no feature and no standard")
    features_without_question: list[str] = Field(description="Features that no question of any survey is about")
    standards_without_question: list[str] = Field(description="Held against this survey, and not measured by it")

    @classmethod
    def of(cls, focus: Focus) -> Self:
        """From the domain."""
        return cls(
            questions=[QuestionServesOut(question=key, serves=list(served)) for key, served in focus.questions.items()],
            unserving=list(focus.unserving),
            features_without_question=list(focus.features_without_question),
            standards_without_question=list(focus.standards_without_question),
        )


class NotAppliedOut(Output):
    """Rules that were not applied to the texts of a language."""

    language: str
    rules: list[RuleId]
    reason: str


class LintOut(Output):
    """What was found, in reading order. It keeps nothing from being published."""

    survey_id: UUID
    version: int | None = Field(description="Number of the version that was looked at; null: the draft")
    languages: list[str]
    counts: LintCountsOut
    findings: list[FindingOut] = Field(description=f"The first {MAX_FINDINGS}")
    findings_left_off: int = Field(description="Counted above, and not shown")
    burden: BurdenOut
    readability: list[ReadabilityOut]
    focus: FocusOut
    not_applied: list[NotAppliedOut]

    @classmethod
    def of(cls, report: LintReport) -> Self:
        """From the domain."""
        linted, counted = report.linted, dict.fromkeys(Severity, 0)
        for judged in report.judged:
            counted[RULES[judged.finding.rule].severity] += not judged.is_waived
        waived = sum(judged.is_waived for judged in report.judged)
        return cls(
            survey_id=report.survey_id,
            version=report.version,
            languages=list(linted.languages),
            counts=LintCountsOut(**{severity.value: count for severity, count in counted.items()}, waived=waived),
            findings=[FindingOut.of(judged) for judged in report.judged[:MAX_FINDINGS]],
            findings_left_off=max(len(report.judged) - MAX_FINDINGS, 0),
            burden=BurdenOut.of(linted.burden),
            readability=[ReadabilityOut.model_validate(found) for found in linted.readability],
            focus=FocusOut.of(linted.focus),
            not_applied=[NotAppliedOut.model_validate(left) for left in linted.not_applied],
        )


class LintRuleOut(Output):
    """A rule of the lint."""

    id: RuleId
    title: str
    severity: Severity
    why: str
    source: str
    languages: list[str] | None = Field(description="In which it can be applied; null: in all")

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """From the domain."""
        return cls.model_validate(rule)


class LintRulesOut(Output):
    """Every rule."""

    items: list[LintRuleOut]


class OwnWordBody(Input):
    """A word of the organisation's own, or several that stand together."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    word: Annotated[str, Field(min_length=1, max_length=MAX_WORD_LENGTH, pattern=r"^[^\x00-\x1f]*$")] = Field(
        examples=["till"]
    )
    better: Line | None = Field(default=None, description="What to write instead", examples=["checkout"])
    language: LanguageTag | None = Field(default=None, description="Left out: in every language")

    def word_said(self) -> OwnWord:
        """For the domain."""
        return OwnWord(self.word, self.better, self.language)


class LintWordsIn(Input):
    """A list of words, as it is to be from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"words": [_ENTRY]}]})

    words: Annotated[list[OwnWordBody], Field(max_length=MAX_WORDS)]

    def said(self) -> list[OwnWord]:
        """For the domain."""
        return [word.word_said() for word in self.words]


class LintWordsOut(Output):
    """A list of words of the organisation's own."""

    word_list: WordList
    words: list[OwnWordBody]
    changed_by: str | None = Field(description="Null: nobody has put it yet, and it is empty")
    changed_at: datetime | None

    @classmethod
    def of(cls, stored: StoredWords) -> Self:
        """From the domain."""
        return cls.model_validate(stored)


class LintWordListsOut(Output):
    """Every list."""

    items: list[LintWordsOut]


class WaiverIn(Input):
    """A finding that is to be left as it is, named as the lint names it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule": "unlabelled_scale",
                    "place": "/questions/wait/text",
                    "reason": "The page shows words under the numbers.",
                }
            ]
        }
    )

    rule: RuleId
    place: Place
    reason: Line
    on_behalf_of: OnBehalfOf = None


class WaiverReasonIn(Input):
    """Another reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The page shows words beside the numbers."}]})

    reason: Line
    on_behalf_of: OnBehalfOf = None


class WaiverOut(Output):
    """A finding that is left as it is, or was until somebody ended that."""

    id: UUID
    survey_id: UUID
    rule: RuleId
    place: str
    reason: str
    waived_by: str
    waived_at: datetime
    changed_by: str | None
    changed_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


class WaiverPage(Page[WaiverOut]):
    """Waivers, the newest first."""
