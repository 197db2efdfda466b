"""Vocabulary of the analysis of themes: what is asked for, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.types import Bucket
from feedback_core.themes.codings.calc import Verdict
from feedback_core.themes.types import Tone
from feedback_core.trends.types import SenSlope, TrendTest

MOST_MODELLED: Final = 20_000
"""Comments that a model codes, at most; of more, so many are drawn at random."""

MOST_SUGGESTED_FROM: Final = 5_000
"""Comments that new themes are looked for in, at most; of more, so many are drawn at random."""

EXAMPLES: Final = 3
"""Comments that show what a theme is about."""


Direction = Literal["rising", "falling", "steady", "unknown"]


class Source(StrEnum):
    """Whose coding the shares rest on."""

    RULES = "rules"
    HAND = "hand"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ThemesParameters:
    """What is asked for.

    Attributes:
        questions: keys of text questions; empty: all.
        start: first instant of submission; ``None``: open.
        end: first instant no longer in it; ``None``: open.
        bucket: length of a period of the trends.
        where: attribute (or ``method``) to the values allowed.
        language: ISO 639-1 code: only comments in this language; ``None``: in any.
        source: whose coding the shares rest on.
        kpi: whose figure of those who speak of a theme is held against that of those who do not; ``None``: none.
        question: that the KPI is of; ``None``: its only one.
        item: row of a matrix, or choice of a ranking.
        choice: whose share the KPI is.
        suggestions: whether themes are looked for that the codebook does not have.
        level: of intervals and tests.
        tz: IANA name; the organisation's if ``None``.
    """

    questions: tuple[str, ...] = ()
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    bucket: Bucket = Bucket.MONTH
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str | None = None
    source: Source = Source.RULES
    kpi: str | None = None
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    suggestions: bool = True
    level: float = 0.95
    tz: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A comment that shows what a theme is about; what it says is read with the scope for responses."""

    response_id: UUID
    question: str


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """Share of comments in one language.

    Attributes:
        language: ISO 639-1 code; ``None``: could not be told.
        share: of all comments; ``None`` where it is withheld.
    """

    language: str | None
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class ToneShare:
    """Share of comments of one tone, of those whose tone can be told."""

    tone: Tone
    share: Estimate


@dataclass(frozen=True, slots=True)
class ThemePeriod:
    """One period of the series of a theme.

    Attributes:
        start: first day, in the time zone of the analysis.
        n: respondents whose comments were coded; ``None`` where withheld.
        value: share of them that speak of the theme; ``None`` without any, or where withheld.
        low: limit of its interval.
        high: limit of its interval.
        complete: whether the whole of it lies in what was asked for, and in the past.
    """

    start: date
    n: int | None
    value: float | None
    low: float | None
    high: float | None
    complete: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class ThemeTrend:
    """Whether the share of a theme changes; complete periods only.

    Attributes:
        test: Mann-Kendall over the periods; ``None`` where it cannot be made, as ``why_not`` says.
        adjusted_p_value: of ``test``, over all themes shown (Benjamini-Hochberg).
        slope: per period.
        change: share in the later half of the periods minus that in the earlier half; ``None`` with fewer than two.
        change_adjusted_p_value: of ``change``, over all themes shown.
        direction: ``rising`` or ``falling`` where either adjusted p-value is below 1 - level; ``steady`` where neither
            is; ``unknown`` where nothing could be tested.
    """

    test: TrendTest | None
    adjusted_p_value: float | None
    slope: SenSlope | None
    change: Comparison | None
    change_adjusted_p_value: float | None
    direction: Direction
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """A KPI of those who speak of a theme, against that of those who commented without speaking of it.

    Attributes:
        mentioned: figure of those who do; ``None`` where it is withheld or cannot be estimated.
        others: figure of those who do not.
        comparison: the first minus the second; ``None`` where one is missing.
        adjusted_p_value: over all themes shown (Benjamini-Hochberg).
        differ: whether that is below 1 - level; ``None`` where it cannot be tested.
        withheld: too few on one side.
    """

    mentioned: Estimate | None
    others: Estimate | None
    comparison: Comparison | None
    adjusted_p_value: float | None
    differ: bool | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class ThemeFinding:
    """What was found of one theme.

    Attributes:
        key: of the theme in the codebook.
        feature: of the service that it is about.
        withheld: too few speak of it, or others could be worked out from it: nothing of it is shown.
        share: of the respondents whose comments were coded since the theme is in the codebook.
        not_coded: why the source says nothing about it; ``None`` where it does.
        score: beside a KPI, where one was asked for.
        examples: comments that show what it is about.
    """

    key: str
    label: str
    feature: str | None
    withheld: bool
    share: Estimate | None
    series: tuple[ThemePeriod, ...]
    trend: ThemeTrend | None
    score: ThemeScore | None
    examples: tuple[Example, ...]
    not_coded: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeQuality:
    """How right the source is about one theme, where hand coding tells.

    Attributes:
        n: comments coded by hand that it was held against.
        examples: of these, that have the theme by hand.
        precision: share of those it gave the theme that have it by hand; ``None`` where it gave none.
        recall: share of those that have it by hand that it gave it to; ``None`` where none has.
        f1: harmonic mean of both.
        kappa: agreement with hand coding beyond chance; ``None`` where it cannot be estimated.
        interval: of kappa.
    """

    theme: str
    n: int
    examples: int
    precision: float | None
    recall: float | None
    f1: float | None
    kappa: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """Whose coding the shares rest on, and how far it can be trusted.

    Attributes:
        source: rules, hand or model.
        comments_coded_by_hand: that agreement or accuracy rest on.
        alpha: Krippendorff's over all themes, of coders by hand; ``None`` where no two coded the same comments.
        alpha_interval: by resampling comments.
        verdict: ``reliable`` from .80, ``tentative`` from .667.
        disputed: comments about which coders differ and nobody has decided: the first coder's themes hold.
        themes: of rules and models: accuracy against hand coding; a model's is cross-validated.
        sampled: comments that a model coded, drawn at random from more; ``None``: all there are.
    """

    source: Source
    comments_coded_by_hand: int
    alpha: float | None
    alpha_interval: Interval | None
    verdict: Verdict | None
    disputed: int
    themes: tuple[ThemeQuality, ...]
    sampled: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that the codebook does not seem to have.

    Attributes:
        name: from its terms.
        terms: words and pairs of words that are typical of it, each in enough comments to be shown.
        share: of the comments looked at.
        coherence: mean similarity of its comments to their centre, 0..1.
        stability: how far resamples find it again, 0..1.
    """

    name: str
    terms: tuple[str, ...]
    share: Estimate
    coherence: float
    stability: float
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Themes that were found in comments without any.

    Attributes:
        looked_at: comments, drawn at random.
        most: comments that are looked at at most.
        among: ``uncoded``: comments that no rule codes; ``all`` where the codebook has no rules.
        why_not: why none was looked for or found.
    """

    looked_at: int
    most: int
    among: Literal["uncoded", "all"]
    themes: tuple[Suggestion, ...]
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class ThemesOutcome:
    """The analysis of themes.

    Attributes:
        questions: whose answers were looked at.
        comments: of complete and partial responses that nobody excluded.
        respondents: who gave them; shares of themes are of respondents.
        coded: respondents whose comments the source has coded.
        languages: of comments, most frequent first.
        tones: of comments whose tone can be told.
        tone_known: comments whose tone can be told; ``None`` where too few to show.
        uncoded: share of the respondents coded that got no theme; ``None`` where withheld.
        kpi: key of the KPI; ``None``: none was asked for.
        codebook_version: whose themes these are; ``None``: the survey has no codebook.
        subject: what a reader calls the figure of the KPI; empty without one, and in runs before it was kept.
        bounds: ends of the scale of the figure; ``None``: it has no end there.
    """

    questions: tuple[str, ...]
    time_zone: str
    bucket: Bucket
    as_of: datetime
    seed: int
    level: float
    comments: int
    respondents: int
    coded: int | None
    languages: tuple[LanguageShare, ...]
    tones: tuple[ToneShare, ...]
    tone_known: int | None
    codebook_version: int | None
    quality: SourceQuality | None
    themes: tuple[ThemeFinding, ...]
    uncoded: Estimate | None
    kpi: str | None
    kpi_question: str | None
    unit: str | None
    suggestions: Suggestions | None
    sentence: str
    warnings: tuple[str, ...]
    subject: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
