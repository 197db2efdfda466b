"""Who of the invited responded, how far that could lead a mean astray, and which groups it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback_core.kit.estimates import Estimate


@dataclass(frozen=True, slots=True)
class InvitedGroup:
    """So many people invited with these categories; every group names the same attributes."""

    attributes: Mapping[str, str]
    invited: int


@dataclass(frozen=True, slots=True)
class MergedCategories:
    """Categories that are shown as one, since with a figure of each a small group could be worked out.

    Attributes:
        attribute: key of the attribute.
        category: what they are called together.
        categories: their keys.
        includes_unknown: whether respondents whose category is not known are among them.
    """

    attribute: str
    category: str
    categories: tuple[str, ...]
    includes_unknown: bool


@dataclass(frozen=True, slots=True)
class CategoryPartial:
    """One category's part in the variation of response; not adjusted for bias.

    Attributes:
        category: key.
        unconditional: signed: below 0 the category responds less than average, above 0 more.
        unconditional_standard_error: what the draw of the invited adds; 0 where they are the whole population.
        conditional: 0 or more: variation that is left within the cells of the other variables.
        conditional_standard_error: ``None`` where nothing is left.
    """

    category: str
    unconditional: float
    unconditional_standard_error: float
    conditional: float
    conditional_standard_error: float | None


@dataclass(frozen=True, slots=True)
class PartialIndicator:
    """One variable's part in the variation of response.

    Attributes:
        variable: name.
        unconditional: standard deviation between its categories, adjusted for bias.
        unconditional_unadjusted: the same, not adjusted.
        conditional: standard deviation within the cells of the other variables, adjusted; large where it matters beside
            them.
        conditional_unadjusted: the same, not adjusted.
        standard_error: of the unconditional indicator, and approximately of the conditional one; ``None`` where its
            categories respond alike.
        categories: in the order of the patterns.
    """

    variable: str
    unconditional: float
    unconditional_unadjusted: float
    conditional: float
    conditional_unadjusted: float
    standard_error: float | None
    categories: tuple[CategoryPartial, ...]

    def scaled(self, factor: float) -> "PartialIndicator":
        """All figures times ``factor``."""
        return PartialIndicator(
            variable=self.variable,
            unconditional=self.unconditional * factor,
            unconditional_unadjusted=self.unconditional_unadjusted * factor,
            conditional=self.conditional * factor,
            conditional_unadjusted=self.conditional_unadjusted * factor,
            standard_error=None if self.standard_error is None else self.standard_error * factor,
            categories=tuple(
                CategoryPartial(
                    category=part.category,
                    unconditional=part.unconditional * factor,
                    unconditional_standard_error=part.unconditional_standard_error * factor,
                    conditional=part.conditional * factor,
                    conditional_standard_error=(
                        None if part.conditional_standard_error is None else part.conditional_standard_error * factor
                    ),
                )
                for part in self.categories
            ),
        )


@dataclass(frozen=True, slots=True)
class CategoryResponse:
    """How many of a category were invited, and how many of them responded."""

    variable: str
    category: str
    invited: int
    responded: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class ResponseAssessment:
    """How evenly the invited responded, by what is known of all of them.

    Attributes:
        variables: of the invited that the model has.
        invited: people.
        responded: of them, those of whom all variables are known.
        response_rate: of the invited.
        by_category: response of each category.
        propensities: smallest and largest response propensity by the model, 0..1.
        r: R-indicator, adjusted for what estimating propensities adds: 1 is even response.
        r_unadjusted: the same without the adjustment.
        coefficient_of_variation: of the propensities, adjusted; the largest bias of any mean, in standard deviations.
        cv_standard_error: its standard error.
        cv_unadjusted: the same without the adjustment.
        largest_bias: of this KPI, in its units: a worst case by these variables, no estimate.
        partials: by variable and category, unconditional and conditional.
        merged: categories that were modelled as one, since too few of each responded to be shown.
        assumes: what must be true for it to hold.
        warnings: what a reader must be told.
    """

    variables: tuple[str, ...]
    invited: int
    responded: int
    response_rate: Estimate
    by_category: tuple[CategoryResponse, ...]
    propensities: tuple[float, float]
    r: Estimate
    r_unadjusted: float
    coefficient_of_variation: float
    cv_standard_error: float | None
    cv_unadjusted: float
    largest_bias: float
    partials: tuple[PartialIndicator, ...]
    merged: tuple[MergedCategories, ...]
    assumes: tuple[str, ...]
    warnings: tuple[str, ...] = ()
