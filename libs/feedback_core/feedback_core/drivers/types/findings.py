"""What an analysis of drivers finds."""

from dataclasses import dataclass
from enum import StrEnum

from feedback_core.drivers.types.importance import ImportanceMethod, Quadrant
from feedback_core.drivers.types.regression import Coefficient, DriverTest
from feedback_core.kit.estimates import Interval


@dataclass(frozen=True, slots=True)
class DriverQuestion:
    """A question whose answers may move the outcome, or are the outcome.

    Attributes:
        name: key of the question; ``question.row`` of a matrix.
        feature: key of the feature of the service that it is about; ``None`` where none is named.
        minimum: lowest value of its scale.
        maximum: highest value of its scale.
    """

    name: str
    feature: str | None
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Performance:
    """How a driver stands, as the mean answer in percent of its scale.

    Attributes:
        value: 0 where everybody gave the lowest value, 100 where everybody gave the highest.
        interval: of that, cut at 0 and 100; ``None`` where there is no spread.
    """

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class DriverFinding:
    """One driver.

    Attributes:
        driver: the question.
        contribution: to the explained share of the outcome's variance, 0..1.
        contribution_interval: of that; ``None`` where no intervals were asked for or could be made.
        share: of all contributions, 0..1.
        share_interval: of that; ``None`` as above.
        rank: 1 + number of drivers whose interval lies wholly above: overlapping ones share a rank. ``None`` as above.
        rank_low: best rank in the middle ``level`` of the resamples; ``None`` as above.
        rank_high: worst rank in the same; ``None`` as above.
        correlation: with the outcome, -1..1.
        slope: of least squares, all drivers together: points of the outcome per point of the driver.
        standardised_slope: the same in standard deviations.
        variance_inflation: 1 without any overlap with the other drivers; from 5 look, from 10 act.
        effect: of the ordinal model: per point of the driver; ``None`` where that model has no estimate.
        performance: ``None`` where it may not be shown.
        quadrant: importance against performance; ``None`` where performance is.
        quadrant_is_clear: whether both intervals lie on one side of their lines.
        assumed_importance: of its feature, from 1 to 5, as it was thought when the answers were read; ``None``: nobody
            has said, or it is about no feature.
    """

    driver: DriverQuestion
    contribution: float
    contribution_interval: Interval | None
    share: float
    share_interval: Interval | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    correlation: float
    slope: Coefficient
    standardised_slope: float
    variance_inflation: float
    effect: Coefficient | None
    performance: Performance | None
    quadrant: Quadrant | None
    quadrant_is_clear: bool
    assumed_importance: int | None = None


class OutcomeModel(StrEnum):
    """Which model of the answers the effects are from."""

    PROPORTIONAL_ODDS = "proportional_odds"
    TOP_BOX = "top_box_logit"


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """The model of the outcome's answers.

    Attributes:
        model: proportional odds, or a logit of the top boxes where those do not hold.
        top: lowest answer of the top boxes; ``None`` for proportional odds.
        log_likelihood: pseudo where answers are weighted.
        pseudo_r_squared: McFadden's: 1 - log-likelihood over that without drivers.
        driver_tests: whether a driver matters beside the others.
        proportional_odds_tests: whether a driver's effect is the same all along the scale.
        sentence: which model it is, and why.
    """

    model: OutcomeModel
    top: int | None
    log_likelihood: float
    pseudo_r_squared: float
    driver_tests: tuple[DriverTest, ...]
    proportional_odds_tests: tuple[DriverTest, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class DriversResult:
    """What goes with the outcome, and how much.

    Attributes:
        n: respondents who answered the outcome and every driver.
        n_effective: Kish effective n.
        method: how the explained share was divided.
        r_squared: share of the outcome's variance that all drivers explain, 0..1.
        adjusted_r_squared: less what meaningless drivers would explain.
        drivers: the most important first.
        importance_line: from here on a driver's share counts as important; ``None`` without quadrants.
        performance_line: from here on a driver performs well, in percent of the scale; ``None`` without quadrants.
        model: of the answers; ``None`` where it has no estimate, with the reason in ``warnings``.
        resamples: behind the intervals; 0 where there are none.
        cannot_tell: what these answers cannot show, a sentence each; never empty.
        sentence: the finding in plain words.
        warnings: what a reader must be told, a sentence each.
    """

    n: int
    n_effective: float
    method: ImportanceMethod
    r_squared: float
    adjusted_r_squared: float
    drivers: tuple[DriverFinding, ...]
    importance_line: float | None
    performance_line: float | None
    model: ModelFinding | None
    resamples: int
    cannot_tell: tuple[str, ...]
    sentence: str
    warnings: tuple[str, ...]
