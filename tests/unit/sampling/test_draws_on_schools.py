"""A short run of what ``bench/draws.py`` holds over 20,000 repetitions: frequencies, bias and intervals by design."""

import json

import numpy as np
import pytest

from bench.draws import NEAR, REPETITIONS, RESULTS, Schools, designs_of, read_schools, run, schools_of
from tests.support.real_data import data_file

FEW = 200


@pytest.fixture(scope="module")
def schools() -> Schools:
    return schools_of(read_schools(data_file("survey_api_frame/apipop.csv.gz").parents[1]))


@pytest.mark.parametrize(
    "name", ["simple", "systematic", "stratified_neyman", "proportional_to_size", "clusters_in_two_stages"]
)
def test_a_few_hundred_draws_are_near_what_is_stored(schools: Schools, name: str) -> None:
    found = run(schools, designs_of(schools)[name], FEW, np.random.default_rng(7))
    assert found["certain_always_came"]
    assert found["mean_squared_deviation_of_frequencies"] == pytest.approx(1, abs=0.2)
    assert abs(found["bias_of_total_in_standard_errors"]) < 4
    assert found["coverage"] > 0.88


def test_the_long_run_is_kept_and_every_design_held(schools: Schools) -> None:
    kept = json.loads(RESULTS.read_text())
    assert kept["repetitions"] == REPETITIONS
    assert kept["designs"].keys() == designs_of(schools).keys()
    assert all(one["holds"] for one in kept["designs"].values())
    covering = [one["coverage"] for one in kept["designs"].values() if one["held_to_cover"]]
    assert len(covering) == 9
    assert all(NEAR[0] <= coverage <= NEAR[1] for coverage in covering)
