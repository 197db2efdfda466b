"""Figures weighted by a scheme, from counts by respondent cell: their errors know what the weights were fitted to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.cell_counts import ScoredCells, scored_answers
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.quantiles import student_quantile, two_sided_student_p
from feedback_core.kpis.calc.scores import HELD, NOT_HELD, range_of
from feedback_core.kpis.types import CellAnswers, Figure, FigureWeighting, Measure, Target
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.contrasts import difference_of_means
from feedback_core.weighting.calc.design import Design
from feedback_core.weighting.calc.design_effect import kish_design_effect
from feedback_core.weighting.calc.fitting import fit_scheme
from feedback_core.weighting.calc.linearisation import weighted_mean
from feedback_core.weighting.calc.proportion_intervals import design_proportion_interval
from feedback_core.weighting.calc.weighting import Weighting
from feedback_core.weighting.schemes import WeightingScheme

Inside = Callable[[Mapping[str, str]], bool]
"""Whether the respondents of a cell belong to a group, by the attributes that are known of them."""

_SHARES = frozenset({Measure.TOP_BOX, Measure.SHARE})


@dataclass(frozen=True, slots=True)
class WeightedAnswers:
    """Answers of one period with the weights that a scheme gives them; a row is a cell and an answer.

    Attributes:
        target: what the answers are about.
        scheme: that they are weighted by.
        weighting: what the weights had to do.
        cells: attributes of each cell.
        cell: index of each row's cell, shape (rows,).
        scores: shape (rows,).
        design: of the rows.
        left_out: answers of respondents of whom an attribute of the scheme is not known.
    """

    target: Target
    scheme: WeightingScheme
    weighting: Weighting
    cells: tuple[Mapping[str, str], ...]
    cell: NDArray[np.int64]
    scores: NDArray[np.float64]
    design: Design
    left_out: int


def weight_answers(target: Target, scheme: WeightingScheme, answers: Sequence[CellAnswers]) -> WeightedAnswers:
    """`weight_cells` of answers by value."""
    return weight_cells(target, scheme, scored_answers(target, answers))


def weight_cells(target: Target, scheme: WeightingScheme, answers: ScoredCells) -> WeightedAnswers:
    """The answers of everybody in a period, weighted to the frame.

    Raises:
        MarginsUnusable: the respondents do not fit the frame.
        BoundsImpossible: no weights meet the margins between the bounds of the scheme.
        NotEstimable: nobody answered of whom all attributes of the scheme are known.
    """
    wanted = frozenset(scheme.attributes)
    known = np.array([cell.keys() >= wanted for cell in answers.attributes], dtype=bool)
    cells = tuple(cell for cell, is_known in zip(answers.attributes, known, strict=True) if is_known)
    kept = known[answers.cell]
    cell, counts = (np.cumsum(known) - 1)[answers.cell[kept]], answers.n[kept]
    number = np.zeros(len(cells), dtype=np.int64)
    np.add.at(number, cell, counts)
    weighting, weights = fit_scheme(scheme, cells, number)
    fitted = weighting.calibration
    calibration = None if fitted is None else Calibration(fitted.codes[:, cell], counts.astype(float))
    return WeightedAnswers(
        target=target,
        scheme=scheme,
        weighting=weighting,
        cells=cells,
        cell=cell,
        scores=answers.scores[kept],
        design=Design(weights[cell], calibration=calibration, counts=counts),
        left_out=int(answers.n.sum() - counts.sum()),
    )


def weighted_estimate(answers: WeightedAnswers, *, inside: Inside | None = None, level: float = 0.95) -> Estimate:
    """The figure of everybody, or of a group: respondents outside it stay in the design, as the weights speak for all.

    Raises:
        NotEstimable: nobody of the group answered.

    Source: Deville & Särndal (1992), JASA 87:376; see docs/methods/weighting-schemes.md.
    """
    found = weighted_mean(answers.scores, _design(answers, inside))
    told = list(found.warnings)
    if found.degrees_of_freedom < 1:
        told.append("One answer has no spread to estimate: there is no interval.")
        return Estimate(found.value, None, None, found.n, found.n_effective, tuple(told))
    share = answers.target.definition.measure in _SHARES
    if found.standard_error == 0 and not (share and found.value in {HELD, NOT_HELD}):
        told.append("The answers leave no spread, so there is no interval to give.")
        return Estimate(found.value, None, found.standard_error, found.n, found.n_effective, tuple(told))
    interval = design_proportion_interval(found, level=level) if share else _cut(answers.target, found.interval(level))
    return Estimate(found.value, interval, found.standard_error, found.n, found.n_effective, tuple(told))


def how_weighted(answers: WeightedAnswers, unweighted: Estimate | None) -> FigureWeighting:
    """What a reader needs to audit the weights, with the figure as it was answered beside it."""
    weights, counts = answers.design.weights, answers.design.respondents()
    mean = float(counts @ weights) / float(counts.sum())
    effect = kish_design_effect(weights, counts)
    told = list(answers.weighting.warnings)
    if answers.left_out:
        told.append(
            f"{answers.left_out} answers are left out, since not all attributes of the scheme are known of them."
        )
    return FigureWeighting(
        scheme=answers.scheme.key,
        version=answers.scheme.version,
        unweighted=unweighted,
        design_effect=effect.design_effect,
        smallest_weight=float(weights.min()) / mean,
        largest_weight=float(weights.max()) / mean,
        left_out=answers.left_out,
        warnings=tuple(told),
    )


def without_others(how: FigureWeighting, figure: Figure, answers: WeightedAnswers) -> FigureWeighting:
    """The same, with how many answers of the figure are of nobody who was sampled."""
    others = figure.answered - int(answers.design.respondents().sum())
    if others <= 0:
        return how
    told = f"{others} answers are left out: they name no unit of a sample of the survey."
    return replace(how, left_out=others, warnings=(*how.warnings, told))


def compare_in_sample(answers: WeightedAnswers, first: Inside, second: Inside, *, level: float = 0.95) -> Comparison:
    """Two groups of one weighted sample, first minus second: their errors are not independent, and are not taken so.

    Raises:
        NotEstimable: nobody answered in one of the groups.
    """
    a, b = _members(answers, first), _members(answers, second)
    found = difference_of_means(answers.scores, b, a, answers.design)
    counts = answers.design.respondents()
    return _comparison(
        found.value, found.standard_error, found.degrees_of_freedom, (int(counts[a].sum()), int(counts[b].sum())), level
    )


def compare_samples(first: Estimate, second: Estimate, *, level: float = 0.95) -> Comparison:
    """Two weighted figures of different respondents, first minus second: their errors add in squares.

    The degrees of freedom are Satterthwaite's, from the effective n of both.
    """
    errors = [(one.standard_error or 0.0) ** 2 for one in (first, second)]
    squared = sum(errors)
    spare = sum(error**2 / max(one.n_effective - 1, 1) for error, one in zip(errors, (first, second), strict=True))
    df = squared**2 / spare if spare > 0 else 0.0
    return _comparison(first.value - second.value, squared**0.5, df, (first.n, second.n), level)


def _comparison(difference: float, error: float, df: float, n: tuple[int, int], level: float) -> Comparison:
    found = Comparison(difference, None, "weighted_t", None, None, None, None, "none", *n, None)
    if error == 0 or df <= 0:
        return replace(found, warnings=("The answers leave no spread, so the difference cannot be tested.",))
    half = student_quantile(level, df) * error
    interval = Interval(difference - half, difference + half, level, "linearised_t")
    p_value = two_sided_student_p(difference / error, df)
    return replace(
        found,
        interval=interval,
        statistic=difference / error,
        p_value=p_value,
        df=df,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
    )


def _design(answers: WeightedAnswers, inside: Inside | None) -> Design:
    return answers.design if inside is None else answers.design.within(_members(answers, inside))


def _members(answers: WeightedAnswers, inside: Inside) -> NDArray[np.bool_]:
    return np.array([inside(cell) for cell in answers.cells], dtype=bool)[answers.cell]


def _cut(target: Target, raw: Interval) -> Interval:
    """The interval, no wider than the scale."""
    limits = range_of(target)
    if limits is None:
        return raw
    return replace(raw, low=max(raw.low, limits[0]), high=min(raw.high, limits[1]))
