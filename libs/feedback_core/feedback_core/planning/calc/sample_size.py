"""How many answers a figure of a wanted precision takes, and how many people must be invited for them."""

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtri

from feedback_core.kit.errors import NotEstimable

PopulationCorrection = Literal["exact", "simple"]

# A size this little above a whole number is that number, missed by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Answers needed.

    Attributes:
        exact: as the formula gives it.
        n: rounded up.
    """

    exact: float
    n: int


@dataclass(frozen=True, slots=True)
class Invitations:
    """People to invite.

    Attributes:
        answers: usable answers needed, the design effect included.
        invitations: people to invite for that.
        warnings: what a planner must be told, a sentence each.
    """

    answers: int
    invitations: int
    warnings: tuple[str, ...] = ()


def sample_size_for_proportion(
    proportion: float,
    *,
    margin: float,
    level: float = 0.95,
    population: int | None = None,
    relative: bool = False,
    correction: PopulationCorrection = "exact",
) -> SampleSize:
    """Answers for a share whose Wald interval has a half-width of ``margin``.

    n0 = z² p (1 - p) / margin²; of a finite population n0 / (1 + (n0 - 1) / N), or ``simple`` n0 / (1 + n0 / N).

    Args:
        proportion: share expected, strictly between 0 and 1; 0.5 asks for the most.
        margin: half-width, 0..1; with ``relative`` as a part of the share.
        level: of the interval.
        population: people of whom the share is told; unlimited when absent.
        relative: whether ``margin`` is a part of the share.
        correction: for the finite population: ``exact`` takes the variance with N - 1, ``simple`` with N.

    Raises:
        NotEstimable: the share, the margin or the population is out of range.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 4.4. Golden: s28.
    """
    _require_share(proportion)
    half = _require_margin(margin) * (proportion if relative else 1.0)
    n = normal_quantile(level) ** 2 * proportion * (1.0 - proportion) / half**2
    return finite_population_size(n, population, correction=correction)


def sample_size_for_proportion_by_cv(proportion: float, *, cv: float, population: int | None = None) -> SampleSize:
    """Answers for a share whose standard error is ``cv`` times the share.

    Raises:
        NotEstimable: the share, ``cv`` or the population is out of range.

    Source: Cochran (1977), section 4.4; Valliant, Dever & Kreuter (2018), Practical Tools, section 3.2. Golden: s28.
    """
    _require_share(proportion)
    return finite_population_size((1.0 - proportion) / proportion / _require_margin(cv) ** 2, population)


def wilson_sample_size(proportion: float, *, margin: float, level: float = 0.95, relative: bool = False) -> SampleSize:
    """Answers for a share whose Wilson interval has a half-width of ``margin``; the population is taken as unlimited.

    Args:
        proportion: share expected, strictly between 0 and 1.
        margin: half-width, below 0.5; with ``relative`` as a part of the share.
        level: of the interval.
        relative: whether ``margin`` is a part of the share.

    Raises:
        NotEstimable: the share or the margin is out of range.

    Source: Wilson (1927), JASA 22:209, solved for n; Valliant, Dever & Kreuter (2018), section 3.3. Golden: s28.
    """
    _require_share(proportion)
    half = _require_margin(margin) * (proportion if relative else 1.0)
    if half >= 0.5:
        raise NotEstimable("A margin of 0.5 or more leaves any share possible; ask for a smaller one.")
    spread = proportion * (1.0 - proportion)
    root = math.sqrt(half**2 - spread * (4.0 * half**2 - spread))
    return rounded_up((spread - 2.0 * half**2 + root) * (normal_quantile(level) / half) ** 2 / 2.0)


def sample_size_for_mean(
    variance: float, *, margin: float, level: float = 0.95, population: int | None = None
) -> SampleSize:
    """Answers for a mean whose interval has a half-width of ``margin``, in the units of the answers.

    n0 = z² S² / margin²; of a finite population n0 / (1 + n0 / N). For a margin relative to the mean, give the squared
    coefficient of variation as ``variance``.

    Raises:
        NotEstimable: the variance, the margin or the population is not above 0.

    Source: Cochran (1977), section 4.6. Golden: s28.
    """
    if not 0.0 < variance < math.inf:
        raise NotEstimable("The variance of the answers must be above 0; take it from an earlier survey.")
    n = normal_quantile(level) ** 2 * variance / _require_margin(margin, below=math.inf) ** 2
    return finite_population_size(n, population, correction="simple")


def sample_size_for_nps(
    promoters: float, detractors: float, *, margin: float, level: float = 0.95, population: int | None = None
) -> SampleSize:
    """Answers for a Net Promoter Score whose interval has a half-width of ``margin`` points.

    Args:
        promoters: share expected, 0..1; with ``detractors`` 0.5 each, the most are asked for.
        detractors: share expected, 0..1.
        margin: half-width in points, 0..100.
        level: of the interval.
        population: people of whom the score is told; unlimited when absent.

    Raises:
        NotEstimable: the shares leave no spread or exceed 1, or the margin or the population is out of range.

    Source: Rocks (2016), The American Statistician 70:365, for the variance. Golden: s28.
    """
    if min(promoters, detractors) < 0.0 or promoters + detractors > 1.0 + _ROUNDING:
        raise NotEstimable("The shares of promoters and detractors lie between 0 and 1, and so does their sum.")
    spread = promoters + detractors - (promoters - detractors) ** 2
    if spread <= _ROUNDING:
        raise NotEstimable("If all answer alike any sample will do; plan with some promoters and some detractors.")
    n = normal_quantile(level) ** 2 * spread / (_require_margin(margin / 100.0)) ** 2
    return finite_population_size(n, population)


def finite_population_size(
    n: float, population: int | None, *, correction: PopulationCorrection = "exact"
) -> SampleSize:
    """The answers that do of ``population`` what ``n`` do of an unlimited one: n / (1 + (n - 1) / N).

    A design effect belongs into ``n``: it is of the variance, so that clusters or weights never ask for more people
    than there are.

    Raises:
        NotEstimable: the population is empty.

    Source: Cochran (1977), section 4.4, with n times the design effect: Kish (1965), section 8.2. Golden: s28.
    """
    if population is None:
        return rounded_up(n)
    if population < 1:
        raise NotEstimable("The population has nobody in it; leave it out if its size is unknown.")
    lost = 1.0 if correction == "exact" else 0.0
    return rounded_up(n / (1.0 + (n - lost) / population))


def invitations_needed(
    size: SampleSize,
    *,
    design_effect: float = 1.0,
    response_rate: float = 1.0,
    coverage: float = 1.0,
    usable: float = 1.0,
    population: int | None = None,
) -> Invitations:
    """People to invite so that ``size`` usable answers can be expected; rounded up once, at the end.

    Args:
        size: answers that a simple random sample would take.
        design_effect: by which clusters or unequal weights lengthen the sample.
        response_rate: of the people invited, 0..1.
        coverage: people of the list who can be reached, 0..1.
        usable: answers that survive the checks, 0..1.
        population: people there are; a warning says when they are too few.

    Raises:
        NotEstimable: the design effect is not above 0, or a rate is not above 0 and at most 1.
    """
    if not 0.0 < design_effect < math.inf:
        raise NotEstimable("The design effect must be above 0; 1 is that of a simple random sample.")
    if not all(0.0 < rate <= 1.0 for rate in (response_rate, coverage, usable)):
        raise NotEstimable("Response, coverage and usable answers are rates above 0 and at most 1.")
    answers = size.exact * design_effect
    invitations = _whole(answers / (response_rate * coverage * usable))
    too_few = population is not None and invitations > population
    warning = f"{invitations} invitations are more than the {population} people there are: accept a wider margin."
    return Invitations(_whole(answers), invitations, (warning,) if too_few else ())


def normal_quantile(level: float) -> float:
    """Half-width of the central ``level`` of the standard normal: 1.96 for 0.95.

    Raises:
        ValueError: ``level`` is not strictly between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
    return -float(ndtri((1.0 - level) / 2.0))


def rounded_up(exact: float) -> SampleSize:
    """The size with its whole number; what is above one only by rounding does not cost another answer."""
    return SampleSize(exact, _whole(exact))


def _whole(exact: float) -> int:
    return math.ceil(exact * (1.0 - _ROUNDING))


def _require_share(proportion: float) -> None:
    if not 0.0 < proportion < 1.0:
        raise NotEstimable("Plan with an expected share between 0 and 1; 0.5 is the cautious one.")


def _require_margin(margin: float, *, below: float = 1.0) -> float:
    if not 0.0 < margin < below:
        raise NotEstimable("The precision asked for must be above 0 and inside the scale.")
    return margin
