"""Which model the outcome's answers bear: proportional odds, or a logit of the top boxes."""

from dataclasses import dataclass

from feedback_core.drivers.calc.ordinal import OrdinalFit, fit_ordinal, fit_top_box
from feedback_core.drivers.calc.ordinal_tests import driver_tests, proportional_odds_tests
from feedback_core.drivers.calc.patterns import AnswerPatterns
from feedback_core.drivers.types import Coefficient, DriverTest, ModelFinding, OutcomeModel
from feedback_core.kit.errors import NotEstimable


@dataclass(frozen=True, slots=True)
class ModelledOutcome:
    """The model and the effect of each driver in it, in the drivers' order."""

    finding: ModelFinding
    effects: tuple[Coefficient, ...]


def model_outcome(patterns: AnswerPatterns, *, top: int, level: float = 0.95) -> ModelledOutcome:
    """Proportional odds; where a test says that a driver's effect changes along the scale, a logit of the top boxes.

    The tests are held to the level together (Bonferroni).

    Args:
        patterns: answers.
        top: lowest value of the top boxes.
        level: of the intervals, and of the decision.

    Raises:
        NotEstimable: as `fit_ordinal`.
    """
    fit = fit_ordinal(patterns, level=level)
    odds = _odds_tests(patterns) if len(fit.categories) > 2 else ()
    broken = [test for test in odds if test.p_value * len(odds) < 1 - level]
    if not broken:
        sentence = (
            "One effect per driver fits the whole scale (proportional odds)."
            if odds
            else "Whether one effect per driver fits the whole scale could not be tested."
        )
        tests = driver_tests(patterns)
        return _told(fit, OutcomeModel.PROPORTIONAL_ODDS, None, tests, odds, sentence)
    named = ", ".join(test.driver for test in broken)
    sentence = (
        f"The effect of {named} is not the same all along the scale, so the effects shown are those on answering {top} "
        "or more (binary logit). With many answers even a small difference is noticed."
    )
    binary = fit_top_box(patterns, top=top, level=level)
    tests = driver_tests(_binary(patterns, top))
    return _told(binary, OutcomeModel.TOP_BOX, top, tests, odds, sentence)


def _odds_tests(patterns: AnswerPatterns) -> tuple[DriverTest, ...]:
    """The tests that can be made; a slope per threshold may have no estimate where one for all has."""
    try:
        return proportional_odds_tests(patterns)
    except NotEstimable:
        return ()


def _binary(patterns: AnswerPatterns, top: int) -> AnswerPatterns:
    reached = (patterns.outcome >= top).astype(float)
    return AnswerPatterns(reached, patterns.drivers, patterns.counts, patterns.weights)


def _told(
    fit: OrdinalFit,
    model: OutcomeModel,
    top: int | None,
    tests: tuple[DriverTest, ...],
    odds: tuple[DriverTest, ...],
    sentence: str,
) -> ModelledOutcome:
    finding = ModelFinding(
        model=model,
        top=top,
        log_likelihood=fit.log_likelihood,
        pseudo_r_squared=1 - fit.log_likelihood / fit.null_log_likelihood,
        driver_tests=tests,
        proportional_odds_tests=odds,
        sentence=sentence,
    )
    return ModelledOutcome(finding, fit.coefficients)
