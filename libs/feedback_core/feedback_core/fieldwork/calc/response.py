"""How evenly the invited responded: propensities and R-indicators from counts, small groups merged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_core.fieldwork.calc.r_indicators import r_indicator
from feedback_core.fieldwork.calc.response_model import response_model
from feedback_core.fieldwork.calc.response_patterns import ResponsePatterns, response_patterns
from feedback_core.fieldwork.types.response import CategoryResponse, InvitedGroup, MergedCategories, ResponseAssessment
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.suppression import suppress_groups

# With more respondents than this of whom a variable is not known, the rest would look as if they had not responded.
MOST_UNKNOWN = 0.1

ASSUMES = (
    "Who was invited is counted as it was, and each person responded at most once.",
    "Response depends on these variables by a logit of main effects; nothing is known of what goes with none of them.",
    "R compares surveys only over the same variables: it rises when variables are left out.",
)

Categories = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Groups:
    """Invited and responded by the categories of all variables."""

    variables: tuple[str, ...]
    invited: Mapping[Categories, int]
    responded: Mapping[Categories, int]


def assess_response(
    invited: Sequence[InvitedGroup],
    responded: Sequence[tuple[Mapping[str, str], int]],
    *,
    standard_deviation: float,
    level: float = 0.95,
    minimum_cell: int = 5,
) -> ResponseAssessment:
    """Response of the invited by what is known of all of them.

    Categories of whom fewer than ``minimum_cell`` responded are merged as in a breakdown, before anything is modelled.

    Args:
        invited: everybody, by the combinations of the variables.
        responded: attributes known of respondents, and how many of them there are; they fit the invited.
        standard_deviation: of the KPI's scores, for the largest bias in its units.
        level: of the intervals.
        minimum_cell: fewest responses of a category that are shown.

    Raises:
        NotEstimable: more than a tenth of the respondents have an unknown category; too few responded in every
            variable; or what `r_indicator` refuses.

    Source: as `r_indicator`. Golden: s15, s35 by parts.
    """
    variables = tuple(invited[0].attributes)
    heard: Counter[Categories] = Counter()
    unknown = 0
    for attributes, n in responded:
        if all(name in attributes for name in variables):
            heard[tuple(attributes[name] for name in variables)] += n
        else:
            unknown += n
    known = sum(heard.values())
    if unknown > MOST_UNKNOWN * (known + unknown):
        raise NotEstimable(
            f"Of {unknown / (known + unknown):.0%} of the respondents {' or '.join(variables)} is not known; they "
            "would count as not having responded. Leave that attribute out of the invited."
        )
    groups = _Groups(
        variables, {tuple(group.attributes[name] for name in variables): group.invited for group in invited}, heard
    )
    groups, merged, warnings = _merged(groups, minimum_cell)
    if unknown:
        warnings.append("Respondents of whom not every variable is known are left out, and count as not responding.")
    patterns = _patterns(groups)
    found = r_indicator(patterns, level=level)
    propensities = response_model(patterns).propensities
    people = sum(groups.invited.values())
    return ResponseAssessment(
        variables=groups.variables,
        invited=people,
        responded=known,
        response_rate=proportion_estimate(known, people, level=level),
        by_category=_by_category(groups, level),
        propensities=(float(propensities.min()), float(propensities.max())),
        r=found.r,
        r_unadjusted=found.r_unadjusted,
        coefficient_of_variation=found.coefficient_of_variation,
        cv_standard_error=found.cv_standard_error,
        cv_unadjusted=found.cv_unadjusted,
        largest_bias=found.largest_bias(standard_deviation),
        partials=found.partials,
        merged=merged,
        assumes=ASSUMES,
        warnings=(*warnings, *found.r.warnings),
    )


def _merged(groups: _Groups, minimum: int) -> tuple[_Groups, tuple[MergedCategories, ...], list[str]]:
    """The groups with what a breakdown of responses would withhold as one category, variable by variable."""
    merged: list[MergedCategories] = []
    warnings: list[str] = []
    for name in groups.variables:
        column = groups.variables.index(name)
        categories = sorted({known[column] for known in groups.invited})
        heard = _along(groups.responded, column)
        suppression = suppress_groups([(category, heard[category]) for category in categories], minimum=minimum)
        hidden = [category for category in categories if category in suppression.hidden]
        if suppression.total_hidden or (hidden and len(hidden) == len(categories)):
            warnings.append(f"Too few responded in some group of {name} to show it, so {name} is left out.")
            groups = _without(groups, column)
        elif hidden:
            together = " + ".join(hidden)
            merged.append(MergedCategories(name, together, tuple(hidden), includes_unknown=False))
            groups = _renamed(groups, column, dict.fromkeys(hidden, together))
    if not groups.variables:
        raise NotEstimable("Too few responded in some group of every variable: merge groups of the invited.")
    return groups, tuple(merged), warnings


def _along(counts: Mapping[Categories, int], column: int) -> Counter[str]:
    summed: Counter[str] = Counter()
    for known, n in counts.items():
        summed[known[column]] += n
    return summed


def _without(groups: _Groups, column: int) -> _Groups:
    def left(counts: Mapping[Categories, int]) -> Counter[Categories]:
        summed: Counter[Categories] = Counter()
        for known, n in counts.items():
            summed[known[:column] + known[column + 1 :]] += n
        return summed

    variables = groups.variables[:column] + groups.variables[column + 1 :]
    return _Groups(variables, left(groups.invited), left(groups.responded))


def _renamed(groups: _Groups, column: int, names: Mapping[str, str]) -> _Groups:
    def renamed(counts: Mapping[Categories, int]) -> Counter[Categories]:
        summed: Counter[Categories] = Counter()
        for known, n in counts.items():
            summed[(*known[:column], names.get(known[column], known[column]), *known[column + 1 :])] += n
        return summed

    return _Groups(groups.variables, renamed(groups.invited), renamed(groups.responded))


def _patterns(groups: _Groups) -> ResponsePatterns:
    cells = sorted(groups.invited)
    return response_patterns(
        [groups.responded.get(cell, 0) for cell in cells],
        {name: [cell[column] for cell in cells] for column, name in enumerate(groups.variables)},
        counts=[groups.invited[cell] for cell in cells],
    )


def _by_category(groups: _Groups, level: float) -> tuple[CategoryResponse, ...]:
    found = []
    for column, name in enumerate(groups.variables):
        invited, heard = _along(groups.invited, column), _along(groups.responded, column)
        for category in sorted(invited):
            rate = proportion_estimate(heard[category], invited[category], level=level)
            found.append(CategoryResponse(name, category, invited[category], heard[category], rate))
    return tuple(found)
