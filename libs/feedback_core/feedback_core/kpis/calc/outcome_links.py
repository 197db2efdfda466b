"""Whether a share rises with an ordered answer, and by how much the odds differ between best answers and others."""

import math
from collections.abc import Sequence

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.quantiles import normal_quantile, two_sided_normal_p
from feedback_core.kpis.types.outcome_links import OddsRatio, TrendInShares

_FEW = 5
"""Fewest in a cell of a table of two by two, below which the limits of an odds ratio are rough."""


def trend_in_shares(groups: Sequence[Share], *, level: float = 0.95) -> TrendInShares:
    """Cochran-Armitage test of a trend in shares, the groups in order and equally far apart; two-sided, not corrected.

    z² is n times the squared correlation of the outcome with the number of the group, as R's ``prop.trend.test``.

    Raises:
        NotEstimable: fewer than two groups, or the outcome is the same for everybody.

    Source: Armitage (1955), Biometrics 11:375; Agresti (2013), Categorical Data Analysis, section 5.3.5.
    """
    if len(groups) < 2:
        raise NotEstimable("It takes two groups that may be shown.")
    n = sum(group.n for group in groups)
    counted = sum(group.successes for group in groups)
    if counted in {0, n}:
        raise NotEstimable("The outcome is the same for everybody, so nothing can go with it.")
    share = counted / n
    centre = sum(place * group.n for place, group in enumerate(groups)) / n
    moved = sum((place - centre) * group.successes for place, group in enumerate(groups))
    spread = share * (1 - share) * sum(group.n * (place - centre) ** 2 for place, group in enumerate(groups))
    z = moved / math.sqrt(spread)
    p_value = two_sided_normal_p(z)
    return TrendInShares(z, p_value, None if z == 0 else z > 0, p_value < 1 - level, n)


def odds_ratio(first: Share, second: Share, *, best: Sequence[str] = (), level: float = 0.95) -> OddsRatio:
    """Odds of the first group over those of the second, with Woolf's limits on the log scale.

    Where a cell is empty, half a respondent is added to each of the four (Haldane and Anscombe), and a warning says so.

    Source: Woolf (1955), Annals of Human Genetics 19:251; Haldane (1956), Annals of Human Genetics 20:309; Agresti
    (2013), Categorical Data Analysis, section 3.1.1.
    """
    cells = [first.successes, first.failures, second.successes, second.failures]
    warnings = []
    added = 0.0
    if 0 in cells:
        added = 0.5
        warnings.append("A cell is empty: half a respondent was added to each, so the ratio is rough.")
    elif min(cells) < _FEW:
        warnings.append(f"Fewer than {_FEW} in a cell: the limits are rough.")
    a, b, c, d = (cell + added for cell in cells)
    log = math.log(a * d / (b * c))
    half = normal_quantile(level) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    interval = Interval(math.exp(log - half), math.exp(log + half), level, "woolf")
    return OddsRatio(math.exp(log), interval, tuple(best), tuple(warnings))
