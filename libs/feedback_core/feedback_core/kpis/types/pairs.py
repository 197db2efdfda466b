"""Two numbers of each respondent, added up: all that a ratio of totals and its error need."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PairSums:
    """Exact sums over respondents who gave both numbers.

    Attributes:
        n: how many.
        above: of the numerators.
        below: of the denominators.
        above_squared: of the squares of the numerators.
        product: of numerator times denominator.
        below_squared: of the squares of the denominators.
    """

    n: int
    above: Fraction
    below: Fraction
    above_squared: Fraction
    product: Fraction
    below_squared: Fraction

    def __add__(self, other: "PairSums") -> "PairSums":
        return PairSums(
            self.n + other.n,
            self.above + other.above,
            self.below + other.below,
            self.above_squared + other.above_squared,
            self.product + other.product,
            self.below_squared + other.below_squared,
        )


NO_PAIRS = PairSums(0, *[Fraction(0)] * 5)
"""Of nobody."""
