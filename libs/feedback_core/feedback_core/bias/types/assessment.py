"""The sampling-bias assessment: what is asked for, what is found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedback_core.bias.types.assessment_parts import Representation
from feedback_core.bias.types.coverage import Coverage
from feedback_core.bias.types.diagnostics import BiasReason, EarlyLate, KpiUse, ModeEffect
from feedback_core.bias.types.fieldwork import FieldworkAssessment
from feedback_core.fieldwork.types.response import MergedCategories, ResponseAssessment
from feedback_core.kit.estimates import Estimate
from feedback_core.weighting.types import Convergence, DesignEffect


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Pearson chi-square of observed counts against frame shares; tuples are by category, in the order given.

    Attributes:
        n: respondents.
        observed: respondents.
        expected: respondents, had the shares been the frame's.
        statistic: sum of (observed - expected)² / expected.
        degrees_of_freedom: categories - 1.
        p_value: probability of a statistic at least this large, were the respondents a random sample of the frame.
        standardised_residuals: (observed - expected) / sqrt(n share (1 - share)); beyond ±2 is more than chance.
        likelihood_ratio: G statistic.
        gaps: share of respondents minus share of the frame, in points (-100..100).
        cohen_w: sqrt(statistic / n): .1 small, .3 medium, .5 large.
        dissimilarity: half the sum of absolute gaps, 0..1: the share of respondents that would have to change category.
        warnings: what a reader must be told, a sentence each.
    """

    n: int
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    standardised_residuals: tuple[float, ...]
    likelihood_ratio: float
    gaps: tuple[float, ...]
    cohen_w: float
    dissimilarity: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryComposition:
    """One category of one attribute.

    Attributes:
        attribute: key of the attribute.
        category: key of the category.
        n: respondents.
        share: of the respondents whose category is known, 0..1.
        frame_share: of the frame, 0..1.
        gap: share - frame_share, in points (-100..100).
        standardised_residual: (observed - expected) / its standard deviation under random sampling.
        standardised_difference: absolute gap in standard deviations of the frame (ASMD).
        representation: over or under only where the standardised difference reaches .1 and the residual 1.96: large
            enough to look at, and more than chance.
        effect_on_kpi: what this gap contributes to the KPI's error, in its units: the move towards the frame's share
            times the category's distance from the mean; summed over the attribute, what weighting by it alone would
            change. ``None`` where nobody answered, or where too few did to publish their mean.
    """

    attribute: str
    category: str
    n: int
    share: float
    frame_share: float
    gap: float
    standardised_residual: float
    standardised_difference: float
    representation: Representation
    effect_on_kpi: float | None


@dataclass(frozen=True, slots=True)
class MarginComposition:
    """The respondents against the frame over one attribute.

    Attributes:
        attribute: key of the attribute.
        categories: in the frame's order.
        fit: Pearson's test and its sizes of effect; large samples make trivial gaps significant.
        mean_difference: mean of the categories' standardised differences.
        n_unknown: respondents whose category is not known; they are not in the shares.
    """

    attribute: str
    categories: tuple[CategoryComposition, ...]
    fit: GoodnessOfFit
    mean_difference: float
    n_unknown: int


class Usability(StrEnum):
    """What the KPI can be used for."""

    AS_IS = "usable_as_is"
    WEIGHTED = "usable_weighted"
    NOT_USABLE = "not_usable"


@dataclass(frozen=True, slots=True)
class WeightingSummary:
    """What the weights had to do. Weights are relative to their mean, 1.

    Attributes:
        n: respondents that were weighted: those whose category is known in every attribute of the frame.
        convergence: of the raking or calibration; ``None`` where nothing was iterated.
        smallest_weight: of a respondent.
        largest_weight: of a respondent, after capping.
        largest_before_cap: of a respondent, had there been no cap.
        share_capped: share of respondents whose weight was cut to the cap, 0..1.
        largest_gap: largest gap left between a weighted share and the frame's, in points.
        design_effect: Kish: what the unequal weights cost.
        scheme: key of the scheme that made them; ``None``: they were raked to the margins of the frame.
        scheme_version: of it.
        warnings: of the scheme.
    """

    n: int
    convergence: Convergence | None
    smallest_weight: float
    largest_weight: float
    largest_before_cap: float
    share_capped: float
    largest_gap: float
    design_effect: DesignEffect
    scheme: str | None = None
    scheme_version: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplingBiasResult:
    """Whom the answers over- and under-represent, and whether the KPI can be used for the whole frame.

    Attributes:
        n: answers to the KPI's question.
        margins: composition against the frame, by attribute of the frame.
        by_gap: over- and under-represented groups, the largest gap first.
        by_effect: the same, the largest effect on the KPI first; without those whose effect is withheld.
        largest_difference: largest standardised difference (ASMD): from .1 look, from .25 act.
        mean_difference: mean of the standardised differences, over categories, then over attributes.
        weighting: what the weights had to do; ``None`` where none could be made.
        unweighted: the KPI over all answers.
        weighted: the KPI weighted to the frame, over the answers whose categories are all known; ``None`` as above.
        shift: weighted minus unweighted, in the KPI's units; ``None`` as above.
        not_in_frame: attributes of the respondents for which the frame has no margin.
        cannot_tell: what these margins cannot show, a sentence each; never empty.
        state: what the KPI can be used for.
        reasons: why, a sentence each.
        sentence: the finding in plain words.
        warnings: what a reader must be told, a sentence each.
        not_usable_for: what the KPI cannot be used for in any state, most certain first.
        evidence: the findings behind that, and behind the state, beside composition and weights.
        early_late: the first against the last quarter of the answers; ``None`` where it was not or cannot be assessed.
        methods: each method of collection against the one with most answers; empty where there is one, or it cannot be
            assessed.
        left_out: share of those who were asked and finished, but left the KPI's question out; ``None`` as above.
        not_assessed: why something above is missing, a sentence each.
        response: how evenly the invited responded; ``None`` where they were not given, or it cannot be assessed.
        coverage: whom the survey could reach; ``None`` as above.
        fieldwork: what became of the invitations; ``None`` as above.
    """

    n: int
    margins: tuple[MarginComposition, ...]
    by_gap: tuple[CategoryComposition, ...]
    by_effect: tuple[CategoryComposition, ...]
    largest_difference: float
    mean_difference: float
    weighting: WeightingSummary | None
    unweighted: Estimate
    weighted: Estimate | None
    shift: float | None
    not_in_frame: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    state: Usability
    reasons: tuple[str, ...]
    sentence: str
    warnings: tuple[str, ...]
    not_usable_for: tuple[KpiUse, ...] = ()
    evidence: tuple[BiasReason, ...] = ()
    early_late: EarlyLate | None = None
    methods: tuple[ModeEffect, ...] = ()
    left_out: Estimate | None = None
    not_assessed: tuple[str, ...] = ()
    response: ResponseAssessment | None = None
    coverage: Coverage | None = None
    fieldwork: FieldworkAssessment | None = None


@dataclass(frozen=True, slots=True)
class SamplingBiasOutcome:
    """A sampling-bias assessment with all that it takes to read and to repeat it.

    Attributes:
        kpi: key of the KPI.
        question: key of the question.
        item: row of a matrix, or choice of a ranking.
        choice: whose share it is.
        unit: of the figures, as the KPI names it.
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        merged: categories that are shown as one.
        bias: what was found.
        definition_version: of the KPI.
        subject: what a reader calls the figure; empty in runs before it was kept.
        bounds: ends of the scale of the figure; ``None``: it has no end there.
    """

    kpi: str
    question: str
    item: str | None
    choice: str | None
    unit: str
    as_of: datetime
    merged: tuple[MergedCategories, ...]
    bias: SamplingBiasResult
    definition_version: int = 1
    subject: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
