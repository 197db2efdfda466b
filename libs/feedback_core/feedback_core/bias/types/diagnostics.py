"""What else speaks for or against the answers: time, method, omissions; and what it forbids."""

from dataclasses import dataclass
from enum import StrEnum

from feedback_core.kit.estimates import Interval


class BiasDiagnostic(StrEnum):
    """Where a reason comes from."""

    RESPONSE_PROPENSITY = "response_propensity"
    EARLY_LATE = "early_late"
    WAVES = "waves"
    METHODS = "methods"
    MISSING_ITEMS = "missing_items"
    COVERAGE = "coverage"


class KpiUse(StrEnum):
    """What a KPI might be used for, and sometimes cannot."""

    NONRESPONDENTS = "nonrespondents"
    COMPARING_METHODS = "comparing_methods"
    THOSE_WHO_LEFT_IT_OUT = "those_who_left_it_out"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class BiasReason:
    """One finding that bears on what the KPI can be used for.

    Attributes:
        diagnostic: where it comes from.
        value: the figure found.
        threshold: the figure from which it counts.
        not_usable_for: what it forbids; ``None`` where weighting is what it asks for.
        detail: the finding, a sentence.
    """

    diagnostic: BiasDiagnostic
    value: float
    threshold: float
    not_usable_for: KpiUse | None
    detail: str


@dataclass(frozen=True, slots=True)
class EarlyLate:
    """Early minus late answers, in the scores' units.

    Attributes:
        n: answers in all.
        n_early: answers on the early side.
        n_late: answers on the late side.
        mean_early: mean score of the first ones.
        mean_late: mean score of the last ones.
        difference: early minus late.
        interval: of the difference, by Welch's t.
        welch_t: the statistic.
        welch_df: its degrees of freedom, by Satterthwaite.
        welch_p: two-sided.
        cohen_d: difference over the root of the mean of the two variances.
        wilcoxon_w: pairs of an early and a late answer in which the early one is higher; ties count half.
        wilcoxon_p: two-sided.
        spearman_rho: rank correlation of time and score, over all answers: below 0, later answers are lower.
        spearman_p: two-sided, by the t approximation.
        kendall_tau_b: the same by pairs, corrected for ties.
        kendall_p: two-sided.
        warnings: what a reader must be told, a sentence each.
    """

    n: int
    n_early: int
    n_late: int
    mean_early: float
    mean_late: float
    difference: float
    interval: Interval
    welch_t: float
    welch_df: float
    welch_p: float
    cohen_d: float
    wilcoxon_w: float
    wilcoxon_p: float
    spearman_rho: float
    spearman_p: float
    kendall_tau_b: float
    kendall_p: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModeEffect:
    """A KPI collected by one method minus the same KPI by another, in its units.

    Attributes:
        method: whose figure it is.
        reference: the method it is held against.
        n: answers by the method, in cells that both reached.
        n_reference: the same of the reference.
        raw_difference: of all answers, whatever their composition.
        difference: with the same composition.
        interval: of ``difference``, by t; the composition is taken as known.
        statistic: difference over its standard error.
        df: degrees of freedom, by Satterthwaite.
        p_value: two-sided.
        p_adjusted: by Holm over the methods compared; equal to ``p_value`` for a single one.
        effect_size: difference over the standard deviation within cells: .2 small, .5 medium, .8 large.
        cells: compared.
        overlap: share of all answers of the two methods that lies in them, 0..1.
        warnings: what a reader must be told, a sentence each.
    """

    method: str
    reference: str
    n: int
    n_reference: int
    raw_difference: float
    difference: float
    interval: Interval
    statistic: float
    df: float
    p_value: float
    p_adjusted: float
    effect_size: float
    cells: int
    overlap: float
    warnings: tuple[str, ...]
