"""Shapes of codebooks."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import Flag, Input, Key, Line, LongText, Output
from feedback_api.schemas.kpis import EstimateOut
from feedback_core.themes.codebooks.preview import Preview, SampleText
from feedback_core.themes.codebooks.types import (
    MOST_RULES,
    MOST_TERMS,
    MOST_THEMES,
    Codebook,
    Rule,
    StoredCodebook,
    Theme,
)

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1 code", examples=["en"])]
Term = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
Terms = Annotated[list[Term], Field(max_length=MOST_TERMS)]
FeatureKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]

_WAITING: Final[JsonDict] = {
    "key": "waiting",
    "label": "Waiting",
    "use_when": "They speak of how long something took, good or bad.",
    "rules": [{"any": ["wait", "queue*", "long time"], "none": ["waiting room"]}],
}
_STAFF: Final[JsonDict] = {"key": "staff", "label": "Staff", "rules": [{"any": ["staff", "nurse", "kind"]}]}
_EXAMPLE: Final[JsonDict] = {"themes": [_WAITING, _STAFF]}


class RuleBody(Input):
    """A condition on the words of a comment: any of these, and all of these, and none of these.

    A term is a word or a phrase. *wait* finds *waited* and *waiting*, too; with a star behind it, a word finds whatever
    begins so.
    """

    model_config = ConfigDict(from_attributes=True)

    any: Terms = Field(default_factory=list, description="At least one of these", examples=[["wait", "queue*"]])
    all: Terms = Field(default_factory=list, description="Every one of these")
    none: Terms = Field(default_factory=list, description="Not one of these", examples=[["waiting room"]])
    language: Language | None = Field(default=None, description="Only for comments in this language; null: in any")
    exact: Flag = Field(default=False, description="Words as they are written, without inflections")


class ThemeBody(Input):
    """Something that comments speak of."""

    model_config = ConfigDict(from_attributes=True)

    key: Key = Field(description="What codings name; never give it another meaning", examples=["waiting"])
    label: Line = Field(examples=["Waiting"])
    description: LongText | None = Field(default=None, description="What it means")
    use_when: LongText | None = Field(default=None, description="When a coder gives it")
    not_when: LongText | None = Field(default=None, description="When a coder does not, though it may look so")
    feature: FeatureKey | None = Field(default=None, description="Key of the feature of the service that it is about")
    rules: list[RuleBody] = Field(
        default_factory=list, max_length=MOST_RULES, description="A comment has the theme if any of them holds"
    )


class CodebookIn(Input):
    """The themes of a survey's comments; it is for all of its text questions."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    themes: list[ThemeBody] = Field(min_length=1, max_length=MOST_THEMES)

    def codebook(self) -> Codebook:
        """The same, for the domain."""
        return Codebook(tuple(_theme(theme) for theme in self.themes))


class CodebookOut(Output):
    """A version of a codebook."""

    version: int = Field(description="Its ETag; every coding names the version that it was made by")
    themes: list[ThemeBody]
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredCodebook) -> Self:
        """From the domain."""
        return cls(
            version=stored.codebook.version,
            themes=[ThemeBody.model_validate(theme) for theme in stored.codebook.themes],
            defined_by=stored.defined_by,
            defined_at=stored.defined_at,
        )


class CodebooksOut(Output):
    """Versions of a codebook."""

    items: list[CodebookOut]


class SampleTextIn(Input):
    """A text to try rules on."""

    text: LongText = Field(examples=["We waited for two hours, but the nurse was kind."])
    language: Language | None = Field(default=None, description="Null: the survey's own")


class PreviewIn(Input):
    """What to try."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"codebook": _EXAMPLE, "texts": [{"text": "We waited."}]}]}
    )

    codebook: CodebookIn | None = Field(default=None, description="Null: the one that holds")
    texts: list[SampleTextIn] = Field(default_factory=list, max_length=100)

    def samples(self) -> list[SampleText]:
        """The texts, for the domain."""
        return [SampleText(sample.text, sample.language) for sample in self.texts]


class MatchOut(Output):
    """A rule that holds of a text."""

    theme: str
    rule: int = Field(description="Place among the rules of the theme, from 0")
    terms: list[str] = Field(description="Terms of the rule that were found")


class RulePreviewOut(Output):
    """Share of the comments looked at that would get the theme."""

    theme: str
    rule: int | None = Field(description="By this rule alone; null: by any of the theme")
    share: EstimateOut | None = Field(description="Null: fewer than may be shown")


class StoredPreviewOut(Output):
    """What would become of stored comments, of which at most 2,000 are drawn at random."""

    comments: int | None = Field(description="Looked at; null: too few to show anything")
    uncoded: EstimateOut | None = Field(description="Share that would get no theme; null: fewer than may be shown")
    themes: list[RulePreviewOut]
    rules: list[RulePreviewOut]


class PreviewOut(Output):
    """What a codebook would do."""

    texts: list[list[MatchOut]] = Field(description="Rules that hold of each text, in the order given")
    stored: StoredPreviewOut

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """From the domain."""
        return cls.model_validate(preview)


def _theme(body: ThemeBody) -> Theme:
    return Theme(
        key=body.key,
        label=body.label,
        description=body.description,
        use_when=body.use_when,
        not_when=body.not_when,
        feature=body.feature,
        rules=tuple(
            Rule(tuple(rule.any), tuple(rule.all), tuple(rule.none), rule.language, rule.exact) for rule in body.rules
        ),
    )
