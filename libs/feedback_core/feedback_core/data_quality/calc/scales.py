"""How far the items of each scale measure one thing."""

from feedback_core.data_quality.types import ScaleFinding
from feedback_core.data_quality.types.reading import ScaleAnswers
from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc import AnswerMoments, one_factor_of_moments, reliability_of_moments

NO_SCALE = "A single item is no scale: nothing says how far it would agree with another one like it."
TWO_ITEMS = "Of two items read the Spearman-Brown coefficient: alpha is lower unless both spread alike."
UNREVERSED = "No item is declared as reversed: whoever agrees with everything makes alpha look better than it is."


def scale_finding(answers: ScaleAnswers, *, minimum: int, level: float) -> ScaleFinding:
    """Reliability of a set of items, or in words why it has none.

    Args:
        answers: reversed items turned round.
        minimum: fewest respondents that anything is shown of.
        level: of the interval.
    """
    one, moments = answers.one, answers.moments
    items, turned = one.items, tuple(item for item in one.items if item in one.reversed)
    if moments is None:
        return ScaleFinding(one.key, items, turned, None, not_estimable=NO_SCALE)
    if moments.n < minimum:
        return ScaleFinding(
            one.key, items, turned, None, not_estimable=f"Fewer than {minimum} answered every item of the scale."
        )
    try:
        found = reliability_of_moments(moments, incomplete=answers.incomplete, level=level)
    except NotEstimable as refused:
        return ScaleFinding(one.key, items, turned, moments.n, not_estimable=refused.detail)
    omega, told = _omega(moments)
    warnings = [*found.warnings, *told]
    if found.k == 2:
        warnings.append(TWO_ITEMS)
    if not turned:
        warnings.append(UNREVERSED)
    return ScaleFinding(
        key=one.key,
        items=items,
        reversed=turned,
        n=found.n,
        alpha=found.alpha,
        interval=found.interval,
        spearman_brown=found.standardised_alpha if found.k == 2 else None,
        omega=omega,
        average_correlation=found.average_correlation,
        alpha_if_dropped=found.alpha_if_dropped,
        item_rest_correlations=found.item_rest_correlations,
        warnings=tuple(warnings),
    )


def _omega(moments: AnswerMoments) -> tuple[float | None, tuple[str, ...]]:
    """Omega, and what must be told of it; with two items there is none, and nothing to be told."""
    if moments.covariance.shape[0] < 3:
        return None, ()
    try:
        model = one_factor_of_moments(moments, method="ml")
    except NotEstimable as refused:
        return None, (f"There is no omega. {refused.detail}",)
    return model.omega, model.warnings
