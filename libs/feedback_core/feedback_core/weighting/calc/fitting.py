"""From a stored scheme to the weights of respondents who are counted by their categories."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import Fault
from feedback_core.weighting.calc.generalised_raking import calibrate
from feedback_core.weighting.calc.margins import encode
from feedback_core.weighting.calc.people import people
from feedback_core.weighting.calc.poststratification import post_stratify
from feedback_core.weighting.calc.raked import weight_by_raking
from feedback_core.weighting.calc.response_propensity import weight_by_response
from feedback_core.weighting.calc.weighting import Weighting
from feedback_core.weighting.margins import read_margins
from feedback_core.weighting.schemes import SchemeKind, WeightingScheme
from feedback_core.weighting.types import Margin, MarginsUnusable

_TOGETHER = ", "


def fit_scheme(
    scheme: WeightingScheme, units: Sequence[Mapping[str, str]], counts: NDArray[np.int64]
) -> tuple[Weighting, NDArray[np.float64]]:
    """The weighting, and the weight of a respondent of each unit, shape (units,).

    Args:
        scheme: how they are weighted.
        units: categories of each unit in every attribute of the scheme; others are not looked at.
        counts: respondents of each unit, at least 1, shape (units,).

    Raises:
        MarginsUnusable: a category of the frame without respondents, one of respondents that the frame does not name,
            more respondents in a cell than were invited, or margins that cannot be met together.
        BoundsImpossible: no weights meet the margins between the bounds of the scheme.
        NotEstimable: the propensity to respond cannot be estimated.
    """
    if scheme.kind is SchemeKind.PROPENSITY:
        return _by_propensity(scheme, units, counts)
    if scheme.kind is SchemeKind.CELL:
        (margin,) = _frame(scheme)
        columns = [[_together(scheme, unit) for unit in units]]
        weighting = post_stratify(encode([margin], columns)[0], margin, counts=counts)
        return weighting, weighting.weights
    margins = read_margins(scheme.margins or {})
    codes = encode(margins, [[unit[margin.attribute] for unit in units] for margin in margins])
    if scheme.kind is SchemeKind.RAKING:
        weighting = weight_by_raking(codes, margins, counts=counts, cap=scheme.cap)
        return weighting, weighting.weights
    assert scheme.distance is not None
    weighting = calibrate(codes, margins, distance=scheme.distance.value, bounds=scheme.bounds, counts=counts)
    return weighting, weighting.weights


def _frame(scheme: WeightingScheme) -> tuple[Margin, ...]:
    """The frame's cells as the categories of one margin."""
    counted = {_together(scheme, cell.categories): cell.count for cell in scheme.cells or ()}
    return read_margins({_TOGETHER.join(scheme.attributes): counted})


def _together(scheme: WeightingScheme, categories: Mapping[str, str]) -> str:
    return _TOGETHER.join(categories[attribute] for attribute in scheme.attributes)


def _by_propensity(
    scheme: WeightingScheme, units: Sequence[Mapping[str, str]], counts: NDArray[np.int64]
) -> tuple[Weighting, NDArray[np.float64]]:
    invited = {_together(scheme, cell.categories): cell.count for cell in scheme.cells or ()}
    named = [_together(scheme, unit) for unit in units]
    heard = dict.fromkeys(invited, 0)
    for name, n in zip(named, counts, strict=True):
        if name not in heard:
            raise MarginsUnusable([_fault("category_not_in_frame", f"Respondents are {name}, whom the frame lacks.")])
        heard[name] += int(n)
    beyond = [name for name, n in heard.items() if n > invited[name]]
    if beyond:
        detail = f"More people who are {beyond[0]} responded than the frame says were invited; mend its count."
        raise MarginsUnusable([_fault("more_than_invited", detail)])
    cells = [cell.categories for cell in scheme.cells or ()]
    everybody = people(
        {attribute: [categories[attribute] for categories in cells] for attribute in scheme.attributes},
        counts=list(invited.values()),
    )
    weighting = weight_by_response(everybody, list(heard.values()))
    of_name = dict(zip([name for name, n in heard.items() if n], weighting.weights, strict=True))
    return weighting, np.array([of_name[name] for name in named])


def _fault(code: str, detail: str) -> Fault:
    return Fault("/frame/cells", code, detail)
