"""Asymptotic p-values of the largest F over all places of one change of level, by Hansen's approximation."""

import math
from typing import Final

from scipy.special import chdtr

# Hansen (1997), one parameter: rows for trimming 0.49, 0.47, ... 0.01; intercept, slope and degrees of freedom of the
# chi-square whose upper tail at intercept + slope * F is the p-value.
_INTERCEPTS: Final = (
    *(-0.0648467, -0.15305667, -0.23071675, -0.29247661, -0.35706588, -0.40514715, -0.45248386, -0.50458517),
    *(-0.55009159, -0.60241623, -0.64308746, -0.68833676, -0.73136161, -0.78078198, -0.82894221, -0.88430133),
    *(-0.9499265, -0.98828874, -1.04892713, -1.11527783, -1.14992644, -1.24010871, -1.38522113, -1.48296473),
    -1.78738608,
)
_SLOPES: Final = (
    *(0.99671156, 0.96757645, 0.95825013, 0.95715782, 0.95237505, 0.96055795, 0.95810999, 0.96149538),
    *(0.96684273, 0.96518399, 0.97354902, 0.97829106, 0.9820687, 0.99475319, 1.00023473, 1.00162529),
    *(1.00384268, 1.01604712, 1.02570939, 1.03526033, 1.06643436, 1.06929468, 1.06808543, 1.1283969),
    1.17220925,
)
_DEGREES: Final = (
    *(1.2573241, 1.43651315, 1.56531261, 1.68851898, 1.77889686, 1.89761322, 1.98370422, 2.07086519),
    *(2.17244338, 2.23509053, 2.33722161, 2.42776524, 2.50833918, 2.6209551, 2.70286643, 2.77835798),
    *(2.84325795, 2.96752918, 3.08442682, 3.19770394, 3.44739573, 3.54993605, 3.61667211, 4.07202473),
    4.4726701,
)


def sup_f_p_value(statistic: float, trimming: float) -> float:
    """P-value of the largest F when a share ``trimming`` (0..0.5) is left out at each end; 0 below 1e-16.

    Source: Hansen (1997), J. Business & Economic Statistics 15:60, interpolated between his rows as in R's strucchange.
    """
    if trimming >= 0.5:
        return 1.0 - float(chdtr(1, statistic))
    if trimming <= 0.01:
        return _row(statistic, len(_SLOPES) - 1)
    if trimming >= 0.49:
        at_the_middle = 1.0 - float(chdtr(1, statistic))
        return 100 * ((0.5 - trimming) * _row(statistic, 0) + (trimming - 0.49) * at_the_middle)
    place = (0.51 - trimming) * 50 - 1
    lower = math.floor(place)
    upper = min(lower + 1, len(_SLOPES) - 1)
    return (lower + 1 - place) * _row(statistic, lower) + (place - lower) * _row(statistic, upper)


def _row(statistic: float, row: int) -> float:
    return 1.0 - float(chdtr(_DEGREES[row], max(0.0, _INTERCEPTS[row] + _SLOPES[row] * statistic)))
