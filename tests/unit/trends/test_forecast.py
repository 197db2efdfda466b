"""Forecast bands: coverage on known processes, widening, seasons, gaps, scale and refusals."""

import numpy as np
import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import forecast_band
from feedback_core.trends.types import ForecastMethod
from tests.unit.trends.builders import all_finite, noise

SEASON = np.tile([0.0, 3.0, -4.0, 1.0], 10)


def test_the_band_holds_about_as_often_as_it_says() -> None:
    """A wandering level seen with noise, 36 values, three steps ahead."""
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        series = 20 + np.cumsum(rng.normal(0, 0.5, 39)) + rng.normal(0, 1.0, 39)
        band = forecast_band(series[:36], horizon=3)
        held += band.points[2].low <= series[38] <= band.points[2].high
    assert 51 <= held <= 60


def test_noise_about_a_level_is_forecast_by_the_level() -> None:
    series = 50 + noise(40, seed=3)

    band = forecast_band(series, horizon=4)

    assert band.method is ForecastMethod.LOCAL_LEVEL
    assert (band.n, [point.step for point in band.points]) == (40, [1, 2, 3, 4])
    for point in band.points:
        assert point.value == pytest.approx(series.mean(), abs=0.5)
        assert 3 < point.high - point.low < 6


def test_a_wandering_level_widens_the_band() -> None:
    walk = np.cumsum(noise(60, seed=2))

    band = forecast_band(walk, horizon=6)

    widths = [point.high - point.low for point in band.points]
    assert widths == sorted(widths)
    assert widths[-1] > 1.8 * widths[0]
    assert band.points[0].value == pytest.approx(walk[-1], abs=1.0)


def test_a_known_season_is_carried_on() -> None:
    series = 10 + SEASON + noise(40, seed=5, sd=0.3)

    band = forecast_band(series, horizon=4, period=4)
    blind = forecast_band(series, horizon=4)

    assert band.method is ForecastMethod.LOCAL_LEVEL_SEASONAL
    assert [point.value for point in band.points] == pytest.approx([10, 13, 6, 11], abs=0.5)
    assert band.points[0].high - band.points[0].low < 0.5 * (blind.points[0].high - blind.points[0].low)


def test_gaps_are_passed_over_and_ends_without_values_are_not_forecast_from() -> None:
    whole = (30 + noise(30, seed=6)).tolist()
    gappy = [None, *whole[:10], None, None, *whole[10:], None]

    assert forecast_band(gappy, horizon=2).points[0].value == pytest.approx(
        forecast_band(whole, horizon=2).points[0].value, abs=0.2
    )


def test_limits_are_cut_to_the_scale_and_say_so() -> None:
    high = 99 + noise(30, seed=7, sd=2.0).clip(None, 1.0)

    band, free = forecast_band(high, horizon=3, bounds=(-100, 100)), forecast_band(high, horizon=3)

    assert band.clipped
    assert not free.clipped
    assert max(point.high for point in band.points) == 100
    assert max(point.high for point in free.points) > 100


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_do_not_matter(scale: float) -> None:
    series = 5 + noise(30, seed=8)
    plain, scaled = forecast_band(series, horizon=2), forecast_band(series * scale, horizon=2)
    assert scaled.points[1].low == pytest.approx(plain.points[1].low * scale, rel=1e-4)


@pytest.mark.parametrize(
    ("values", "horizon", "period", "words"),
    [
        ([], 1, None, "needs at least 12 values; there are 0"),
        ([1.0, 2.0] * 5, 1, None, "needs at least 12 values"),
        ([3.0] * 20, 1, None, "all 20 are the same"),
        (noise(14).tolist(), 8, None, "at most 7 periods"),
        (noise(20).tolist(), 2, 12, "two values in each of its 12"),
    ],
)
def test_what_bears_no_forecast_is_refused_in_words(
    values: list[float], horizon: int, period: int | None, words: str
) -> None:
    with pytest.raises(NotEstimable, match=words):
        forecast_band(values, horizon=horizon, period=period)


def test_options_without_sense_are_errors() -> None:
    for options in ({"horizon": 0}, {"horizon": 2, "period": 1}, {"horizon": 2, "level": 1.0}):
        with pytest.raises(ValueError, match="horizon"):
            forecast_band(noise(20), **options)


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_is_finite(seed: int) -> None:
    rng = np.random.default_rng(seed)
    odd = [*rng.integers(0, 2, 14).astype(float).tolist(), 1e6 * seed]
    assert all_finite(forecast_band(odd, horizon=3))
