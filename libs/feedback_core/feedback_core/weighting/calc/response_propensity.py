"""Weights for who of those invited answered: the design weight over the propensity to respond."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.balance import before_and_after
from feedback_core.weighting.calc.logistic import Propensities, fit_propensities
from feedback_core.weighting.calc.people import People
from feedback_core.weighting.calc.weighting import Weighting, described

Adjustment = Literal["weighted_rate", "rate", "mean", "median"]
AS_FIXED = "Standard errors take these weights as fixed, not estimated; that is usually a little too wide."


@dataclass(frozen=True, slots=True)
class PropensityClasses:
    """Classes of similar propensity.

    Attributes:
        codes: class of each unit, 0 the least likely to respond, shape (units,).
        upper: upper limit of each class.
    """

    codes: NDArray[np.int64]
    upper: tuple[float, ...]


def response_propensities(invited: People, responded: ArrayLike, *, weighted: bool = False) -> Propensities:
    """Probability that someone invited responds, by logistic regression on all attributes and numbers.

    Args:
        invited: everyone invited.
        responded: respondents in each unit: 0 or 1 for a person, 0 … count for a group, shape (units,).
        weighted: fit under the design weights; without them each person counts once.

    Raises:
        NotEstimable: nobody or everybody responded, or attributes tell respondents apart perfectly.
        ValueError: ``responded`` is below 0 or above the unit's count.

    Source: Rosenbaum & Rubin (1983), Biometrika 70:41; Little (1986), Int. Statistical Review 54:139. Golden: s35.
    """
    answers = _answers(invited, responded)
    weight = invited.weights if weighted else np.ones(answers.size)
    return fit_propensities(invited, weight * answers, weight * (invited.counts - answers))


def propensity_classes(
    propensities: ArrayLike, *, classes: int = 5, counts: ArrayLike | None = None
) -> PropensityClasses:
    """Classes between equally spaced quantiles (R's type 7) of the propensities, each open below and closed above.

    Args:
        propensities: of each unit.
        classes: how many; fewer come out where many share a propensity.
        counts: people in each unit; one each when absent.

    Raises:
        NotEstimable: fewer than two classes asked for, or nobody.

    Source: Cochran (1968), Biometrics 24:295; Valliant, Dever & Kreuter (2018), Practical Tools, section 13.5.
    """
    each = np.asarray(propensities, dtype=float)
    if classes < 2:
        raise NotEstimable("Ask for at least two propensity classes.")
    if each.size == 0:
        raise NotEstimable("There is nobody to put into propensity classes.")
    people = each if counts is None else np.repeat(each, np.asarray(counts, dtype=np.int64))
    inner = np.quantile(people, np.arange(1, classes) / classes)
    limits = np.unique(np.append(inner, each.max()))
    return PropensityClasses(np.searchsorted(limits, each, side="left").astype(np.int64), tuple(limits.tolist()))


def weight_by_response(
    invited: People,
    responded: ArrayLike,
    *,
    classes: int | None = None,
    adjustment: Adjustment = "weighted_rate",
    floor: float = 0.0,
    weighted: bool = False,
) -> Weighting:
    """Design weight over response propensity, of the units that responded, in their order among ``invited``.

    Args:
        invited: everyone invited, with design weights.
        responded: as for `response_propensities`.
        classes: use one propensity for each of so many classes, which is steadier; the fitted ones when absent.
        adjustment: the propensity of a class: its response rate under the design weights (``weighted_rate``) or
            without (``rate``), or the ``mean`` or ``median`` of the fitted propensities.
        floor: propensities below it count as it; at least 0, below 1.
        weighted: as for `response_propensities`.

    Raises:
        NotEstimable: as `response_propensities`, or a class in which nobody responded.

    Source: as `response_propensities`; for the adjustments, Valliant, Dever & Kreuter (2018). Golden: s35.
    """
    if not 0 <= floor < 1:
        raise NotEstimable("The floor of propensities must be at least 0 and below 1.")
    answers = _answers(invited, responded)
    fitted = response_propensities(invited, answers, weighted=weighted).probabilities
    used = fitted if classes is None else _by_class(invited, answers, fitted, classes, adjustment)
    chosen = answers > 0
    low = chosen & (used < floor)
    base, counts = invited.weights[chosen], answers[chosen]
    weights = base / np.maximum(used, floor)[chosen]
    raised = round(float(answers[low].sum()))
    told = [AS_FIXED]
    if raised:
        told.append(f"The propensity of {raised} respondents was below {floor:g} and counts as that.")
    respondents = _only(invited, chosen, counts)
    return described(
        "response_propensity",
        weights,
        base=base,
        counts=counts,
        balance=before_and_after(respondents, invited, weights),
        trimmed=raised,
        warnings=told,
    )


def _by_class(
    invited: People, answers: NDArray[np.float64], fitted: NDArray[np.float64], classes: int, adjustment: Adjustment
) -> NDArray[np.float64]:
    member = propensity_classes(fitted, classes=classes, counts=invited.counts).codes
    if adjustment in {"weighted_rate", "rate"}:
        each = invited.weights if adjustment == "weighted_rate" else np.ones(fitted.size)
        heard, asked = np.bincount(member, each * answers), np.bincount(member, each * invited.counts)
        if not (heard > 0).all():
            raise NotEstimable("Nobody responded in one of the propensity classes; ask for fewer classes.")
        return np.asarray((heard / asked)[member])
    if adjustment == "mean":
        whole = np.bincount(member, invited.counts)
        return np.asarray((np.bincount(member, invited.counts * fitted) / whole)[member])
    inside = [member == code for code in range(int(member.max()) + 1)]
    middle = [np.median(np.repeat(fitted[mask], invited.counts[mask].astype(np.int64))) for mask in inside]
    return np.array(middle)[member]


def _answers(invited: People, responded: ArrayLike) -> NDArray[np.float64]:
    answers = np.asarray(responded, dtype=float)
    if answers.shape != invited.counts.shape:
        raise ValueError(f"responded: shape {answers.shape}, expected {invited.counts.shape}")
    if not ((answers >= 0) & (answers <= invited.counts)).all():
        raise ValueError("responded must be between 0 and the unit's count")
    return answers


def _only(everyone: People, chosen: NDArray[np.bool_], counts: NDArray[np.float64]) -> People:
    return People(
        everyone.attributes,
        everyone.levels,
        everyone.codes[:, chosen],
        everyone.measures,
        everyone.numbers[:, chosen],
        everyone.weights[chosen],
        counts,
    )
