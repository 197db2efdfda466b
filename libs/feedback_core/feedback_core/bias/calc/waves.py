"""What those who never answered might have said, read off the waves of a survey: a range of scenarios, no estimate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable

# Below this response rate, the line is drawn further than the waves reach.
LOW_RESPONSE_RATE = 0.3


@dataclass(frozen=True, slots=True)
class Wave:
    """Answers to the invitation, or to one reminder.

    Attributes:
        completed: answers.
        mean: their mean score.
        standard_deviation: of the scores; ``None`` where it is not known.
    """

    completed: int
    mean: float
    standard_deviation: float | None = None


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """One scenario for those who did not answer.

    Attributes:
        nonrespondent: their mean score.
        population: mean score of all invited.
        bias: respondents' mean minus ``population``.
        standard_error: of ``population``, from the spread of the answers alone: it holds nothing of whether the
            scenario is right; ``None`` where a wave's spread is not known.
    """

    nonrespondent: float
    population: float
    bias: float
    standard_error: float | None


@dataclass(frozen=True, slots=True)
class WaveExtrapolation:
    """Scenarios after Armstrong & Overton; tuples are by wave.

    Attributes:
        response_rate: answers over invited, 0..1.
        respondent_mean: mean score of all answers.
        cumulative_share: invited who had answered by the end of the wave, 0..1.
        wave_midpoints: middle of the wave on that scale.
        nonrespondent_midpoint: middle of those who did not answer, on that scale.
        last_wave: they would answer as the last wave did.
        linear_all_waves: on a line through the wave means.
        linear_weighted: on a line weighted by the answers of each wave.
        linear_last_two_waves: on the line through the last two.
        intercept: of the line through all waves.
        slope: of it, per whole of the invited.
        first_vs_last_wave_t: first minus last wave over its standard error; ``None`` where no spread is known.
        warnings: what a reader must be told, a sentence each.
    """

    response_rate: float
    respondent_mean: float
    cumulative_share: tuple[float, ...]
    wave_midpoints: tuple[float, ...]
    nonrespondent_midpoint: float
    last_wave: Extrapolation
    linear_all_waves: Extrapolation
    linear_weighted: Extrapolation
    linear_last_two_waves: Extrapolation
    intercept: float
    slope: float
    first_vs_last_wave_t: float | None
    warnings: tuple[str, ...]

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest population mean of the scenarios and of the respondents themselves."""
        scenarios = (self.last_wave, self.linear_all_waves, self.linear_weighted, self.linear_last_two_waves)
        means = [self.respondent_mean, *(scenario.population for scenario in scenarios)]
        return min(means), max(means)


def extrapolate_waves(
    waves: Sequence[Wave], invited: int, *, scale: tuple[float, float] | None = None
) -> WaveExtrapolation:
    """Scenarios for those who did not answer, in the scores' units.

    Waves lie on the scale of cumulative response, each at its middle; those who did not answer lie at the middle of
    what remains. It takes resistance to be one continuum, along which the score moves in a line.

    Args:
        waves: in the order of the fieldwork.
        invited: people of the first wave, all of whom the reminders went to until they answered.
        scale: lowest and highest possible score; scenarios beyond it are kept and warned of.

    Raises:
        NotEstimable: fewer than two waves, a wave without answers, more answers than invited or none missing, or a
            figure that is not a finite number.

    Source: Armstrong & Overton (1977), J. Marketing Research 14:396. Golden: s33.
    """
    _refuse_unusable(waves, invited)
    answers = np.array([wave.completed for wave in waves], dtype=float)
    means = np.array([wave.mean for wave in waves])
    cumulative = np.cumsum(answers) / invited
    midpoints = cumulative - answers / (2 * invited)
    rate = float(answers.sum()) / invited
    beyond = rate + (1 - rate) / 2
    share = answers / answers.sum()
    first, last = np.zeros(len(waves)), np.zeros(len(waves))
    first[0] = last[-1] = 1.0
    ahead = (beyond - midpoints[-1]) / (midpoints[-1] - midpoints[-2])
    last_two = np.zeros(len(waves))
    last_two[-2:] = -ahead, 1 + ahead
    line = _prediction(midpoints, np.ones(len(waves)), np.array([0.0, 1.0, beyond]))
    scenarios = {
        "last_wave": last,
        "linear_all_waves": line[2],
        "linear_weighted": _prediction(midpoints, answers, np.array([beyond]))[0],
        "linear_last_two_waves": last_two,
    }
    variances = _variances(waves)
    found = {name: _scenario(weights, means, share, rate, variances) for name, weights in scenarios.items()}
    return WaveExtrapolation(
        response_rate=rate,
        respondent_mean=float(share @ means),
        cumulative_share=tuple(cumulative.tolist()),
        wave_midpoints=tuple(midpoints.tolist()),
        nonrespondent_midpoint=beyond,
        **found,
        intercept=float(line[0] @ means),
        slope=float((line[1] - line[0]) @ means),
        first_vs_last_wave_t=_t_statistic(first - last, means, variances),
        warnings=_warnings(rate, found, scale),
    )


def _prediction(
    midpoints: NDArray[np.float64], weights: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each wave's mean counts for in the fitted line's value at each point, shape (points, waves)."""
    design = np.column_stack([np.ones(midpoints.size), midpoints])
    solved = np.linalg.solve(design.T @ (weights[:, None] * design), design.T * weights)
    predicted: NDArray[np.float64] = np.column_stack([np.ones(at.size), at]) @ solved
    return predicted


def _scenario(
    weights: NDArray[np.float64],
    means: NDArray[np.float64],
    share: NDArray[np.float64],
    rate: float,
    variances: NDArray[np.float64] | None,
) -> Extrapolation:
    whole = rate * share + (1 - rate) * weights
    population = float(whole @ means)
    return Extrapolation(
        nonrespondent=float(weights @ means),
        population=population,
        bias=float(share @ means) - population,
        standard_error=None if variances is None else float(np.sqrt(whole**2 @ variances)),
    )


def _variances(waves: Sequence[Wave]) -> NDArray[np.float64] | None:
    """Variance of each wave's mean."""
    deviations = [wave.standard_deviation for wave in waves if wave.standard_deviation is not None]
    if len(deviations) < len(waves):
        return None
    return np.array([deviation**2 / wave.completed for deviation, wave in zip(deviations, waves, strict=True)])


def _t_statistic(
    contrast: NDArray[np.float64], means: NDArray[np.float64], variances: NDArray[np.float64] | None
) -> float | None:
    if variances is None:
        return None
    variance = float(contrast**2 @ variances)
    return float(contrast @ means) / variance**0.5 if variance > 0 else None


def _refuse_unusable(waves: Sequence[Wave], invited: int) -> None:
    if len(waves) < 2:
        raise NotEstimable("One wave has nothing to extrapolate from; at least two are needed.")
    if any(wave.completed < 1 for wave in waves):
        raise NotEstimable("A wave has no answers; leave it out.")
    figures = [figure for wave in waves for figure in (wave.mean, wave.standard_deviation or 0.0)]
    if not np.isfinite(figures).all() or min(wave.standard_deviation or 0.0 for wave in waves) < 0:
        raise NotEstimable("A wave's mean or standard deviation is not a finite number, or is below 0.")
    answered = sum(wave.completed for wave in waves)
    if answered > invited:
        raise NotEstimable(f"{answered:,} answered, but only {invited:,} were invited.")
    if answered == invited:
        raise NotEstimable("Everybody invited answered, so there is nobody to extrapolate to.")


def _warnings(rate: float, scenarios: dict[str, Extrapolation], scale: tuple[float, float] | None) -> tuple[str, ...]:
    told = [
        (
            "The scenarios assume that late answers lead on to missing ones; reminders, weekdays and delivery can look "
            "the same."
        )
    ]
    if rate < LOW_RESPONSE_RATE:
        told.append(f"Only {rate:.0%} answered: the lines reach far beyond the waves, so read them as a range.")
    if scale is not None:
        outside = [
            name.replace("_", " ")
            for name, scenario in scenarios.items()
            if not scale[0] <= scenario.nonrespondent <= scale[1]
        ]
        if outside:
            told.append(f"Beyond the scale of {scale[0]:g} to {scale[1]:g}: {', '.join(outside)}.")
    return tuple(told)
