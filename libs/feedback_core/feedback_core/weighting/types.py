"""Vocabulary of weighting: margins of the frame, and what the weights had to do."""

from dataclasses import dataclass

from feedback_core.kit.errors import Invalid


class MarginsUnusable(Invalid):
    """The frame's margins cannot be used as given; each fault says which category and how to mend it."""

    code = "margins_unusable"


@dataclass(frozen=True, slots=True)
class Margin:
    """The frame's distribution over one attribute.

    Attributes:
        attribute: key of the attribute: ``region``.
        categories: keys of its categories, in the order of the codes 0, 1, ….
        shares: of the frame, same order, each > 0, summing to 1.
        total: size of the frame when counts were given; ``None`` for shares and percentages.
    """

    attribute: str
    categories: tuple[str, ...]
    shares: tuple[float, ...]
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the raking ended.

    Attributes:
        iterations: passes over all margins.
        largest_error: max over all categories of abs(weighted share / frame share - 1).
        tolerance: what ``largest_error`` had to fall below.
    """

    iterations: int
    largest_error: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """Loss of precision from weighting alone; it ignores how the weights relate to the answers.

    Attributes:
        n: answers.
        design_effect: n times sum of squares over squared sum of the weights; 1 when all are equal, never less.
        effective_n: n / design_effect: answers of equal weight that would be as precise.
    """

    n: int
    design_effect: float
    effective_n: float
