"""Whether samples are what they say: 20,000 draws of each design from the 6,194 schools of R's `survey` package.

``python -m bench.draws`` draws anew with other random numbers each time, and holds how often each school came against
the probability that is stored, the estimates against the truth, and the nominal 95 % intervals against 93 to 97 %. It
takes some minutes, is the same every time, and ends with an error where anything is beyond what chance leaves.
"""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.sampling.calc.allocating import Allocating, allocate_strata
from feedback_core.sampling.calc.clusters import Clusters, draw_clusters
from feedback_core.sampling.calc.drawn import Drawn
from feedback_core.sampling.calc.numbers import CIRCLE
from feedback_core.sampling.calc.proportional import draw_proportional, inclusion_probabilities
from feedback_core.sampling.calc.simple import draw_strata
from feedback_core.sampling.calc.systematic import draw_systematic
from feedback_core.weighting.calc import weighted_mean
from feedback_core.weighting.calc.samples import SampledRespondents, SampledStratum, Selection, weight_by_design

RESULTS = Path(__file__).parent / "draws.json"
SEED = 2829
REPETITIONS = 20_000
LEVEL = 0.95
NEAR = (0.93, 0.97)
# Of so many schools and designs the largest deviation of chance alone stays below this, but in one run of a hundred.
MOST_DEVIATION = float(-ndtri(0.01 / (2 * 6_194 * 10)))
GROUP = 10
MOST_BIAS = 4.0
"""In standard errors of the mean of all repetitions."""


Draw = Callable[[np.random.Generator], Drawn]


@dataclass(frozen=True, slots=True)
class Schools:
    """The population: type, district, group of it and pupils of each school, and its score."""

    stratum: NDArray[np.int64]
    group: NDArray[np.int64]
    district: NDArray[np.int64]
    size: NDArray[np.float64]
    score: NDArray[np.float64]

    @property
    def n(self) -> int:
        """How many."""
        return int(self.score.size)


@dataclass(frozen=True, slots=True)
class Design:
    """How schools are drawn, with which probability each, and what errors need to know.

    Attributes:
        draw: with a generator; numbers of units are drawn anew each time.
        selection: how units were drawn.
        stratum: of each school, as the design sees it.
        respond: part of those drawn that answer.
        held: whether intervals are to cover as nominal; of few and very unequal clusters they cannot, and along one
            list there are so few samples that how wide intervals ought to be is chance.
    """

    draw: Draw
    probability: NDArray[np.float64]
    selection: Selection
    stratum: NDArray[np.int64]
    respond: float = 1.0
    held: bool = True


def schools_of(table: pl.DataFrame) -> Schools:
    """The population in a table of `apipop`."""
    types = ("E", "H", "M")
    _, districts = np.unique(table["dnum"].to_numpy(), return_inverse=True)
    # Districts have from one school to hundreds; of these no 120 tell much. They are cut into groups of ten at most.
    among = np.empty(districts.size, dtype=np.int64)
    for code in range(int(districts.max()) + 1):
        rows = np.flatnonzero(districts == code)
        among[rows] = np.arange(rows.size) // GROUP
    _, codes = np.unique(np.column_stack([districts, among]), axis=0, return_inverse=True)
    return Schools(
        stratum=np.array([types.index(name) for name in table["stype"]], dtype=np.int64),
        group=codes.reshape(-1).astype(np.int64),
        district=districts.astype(np.int64),
        size=table["api.stu"].cast(pl.Float64).to_numpy(),
        score=table["api00"].cast(pl.Float64).to_numpy(),
    )


class Draws:
    """How the service draws each design, with other random numbers each time."""

    def __init__(self, schools: Schools) -> None:
        self.schools = schools
        self.one = np.zeros(schools.n, dtype=np.int64)

    def numbers(self, rng: np.random.Generator, many: int | None = None) -> NDArray[np.int64]:
        """Of units, or of so many clusters."""
        return rng.integers(0, CIRCLE, self.schools.n if many is None else many)

    def simple(self, rng: np.random.Generator) -> Drawn:
        """200 schools."""
        return draw_strata(self.numbers(rng), self.one, np.array([200]), _start(rng, 1))

    def systematic(self, rng: np.random.Generator) -> Drawn:
        """200 schools along a list in no order, another one each time: along one list there are only 31 samples."""
        return draw_systematic(rng.permutation(self.schools.n), 200, float(rng.random()))

    def systematic_by_district(self, rng: np.random.Generator) -> Drawn:
        """200 schools along the list as it is kept: by county and district."""
        return draw_systematic(np.arange(self.schools.n), 200, float(rng.random()))

    def proportional(self, rng: np.random.Generator) -> Drawn:
        """200 schools by their pupils."""
        return draw_proportional(self.numbers(rng), self.schools.size, 200, float(rng.random()))

    def stratified(self, sizes: tuple[int, ...]) -> Draw:
        """So many of each type."""
        return lambda rng: draw_strata(self.numbers(rng), self.schools.stratum, np.array(sizes), _start(rng, 3))

    def clusters(self, of: NDArray[np.int64], wanted: int, take: int | None, *, by_size: bool) -> Draw:
        """So many clusters, whole or some schools of each."""
        there = int(of.max()) + 1

        def draw(rng: np.random.Generator) -> Drawn:
            how = Clusters(
                self.numbers(rng, there),
                wanted,
                take,
                by_size,
                start=int(rng.integers(0, CIRCLE)),
                inner_start=int(rng.integers(0, CIRCLE)),
                fraction=float(rng.random()),
            )
            return draw_clusters(self.numbers(rng), of, how)

        return draw


def designs_of(schools: Schools) -> Mapping[str, Design]:
    """Every design of the service, each of about 200 to 700 schools."""
    draws, n, one = Draws(schools), schools.n, np.zeros(schools.n, dtype=np.int64)
    equal = np.full(n, 200 / n)
    by_size = inclusion_probabilities(schools.size, 200)
    return {
        "simple": Design(draws.simple, equal, "random", one),
        "systematic": Design(draws.systematic, equal, "systematic", one),
        "systematic_by_district": Design(draws.systematic_by_district, equal, "systematic", one, held=False),
        "proportional_to_size": Design(draws.proportional, by_size, "proportional", one),
        **_of_strata(draws),
        **_of_clusters(draws),
    }


def _of_strata(draws: Draws) -> dict[str, Design]:
    schools = draws.schools
    population = np.bincount(schools.stratum)
    deviations = tuple(float(schools.score[schools.stratum == code].std(ddof=1)) for code in range(3))

    def design(how: Allocating, respond: float = 1.0) -> Design:
        sizes = allocate_strata(population.tolist(), how).sizes
        probability = (np.array(sizes) / population)[schools.stratum]
        return Design(draws.stratified(sizes), probability, "random", schools.stratum, respond)

    return {
        "stratified_proportional": design(Allocating("proportional", 200)),
        "stratified_neyman": design(Allocating("neyman", 200, deviations=deviations)),
        "stratified_equal_of_whom_six_in_ten_answer": design(Allocating("equal", 300), 0.6),
    }


def _of_clusters(draws: Draws) -> dict[str, Design]:
    schools, take = draws.schools, 4
    units = np.bincount(schools.group)
    groups, one = int(units.size), np.zeros(schools.n, dtype=np.int64)
    equal = np.full(groups, 120 / groups)
    first = inclusion_probabilities(units.astype(float), 80)
    inside = np.minimum(take, units) / units
    districts = int(schools.district.max()) + 1

    def design(draw: Draw, probability: NDArray[np.float64]) -> Design:
        return Design(draw, probability[schools.group], "clusters", one)

    return {
        "clusters_whole": design(draws.clusters(schools.group, 120, None, by_size=False), equal),
        "clusters_in_two_stages": design(draws.clusters(schools.group, 120, take, by_size=False), equal * inside),
        "clusters_by_size_in_two_stages": design(draws.clusters(schools.group, 80, take, by_size=True), first * inside),
        "districts_of_one_to_hundreds_of_schools": Design(
            draws.clusters(schools.district, 120, None, by_size=False),
            np.full(schools.n, 120 / districts),
            "clusters",
            one,
            held=False,
        ),
    }


def _start(rng: np.random.Generator, strata: int) -> NDArray[np.int64]:
    return np.full(strata, rng.integers(0, CIRCLE))


def run(schools: Schools, design: Design, repetitions: int, rng: np.random.Generator) -> dict[str, Any]:
    """How often each school came, and how estimates and intervals fared."""
    truth, total = float(schools.score.mean()), float(schools.score.sum())
    came = np.zeros(schools.n, dtype=np.int64)
    totals, means, errors, covered = [], [], [], 0
    for _ in range(repetitions):
        drawn = design.draw(rng)
        came[drawn.unit] += 1
        totals.append(float((schools.score[drawn.unit] / drawn.probability).sum()))
        answered = rng.random(drawn.n) < design.respond if design.respond < 1 else np.ones(drawn.n, dtype=bool)
        try:
            found = weight_by_design(_respondents(design, drawn, answered))
            figure = weighted_mean(schools.score[drawn.unit[answered]], found.design)
            limits = figure.interval(LEVEL)
        except NotEstimable:
            continue
        means.append(figure.value)
        errors.append(figure.standard_error)
        covered += limits.low <= truth <= limits.high
    uncertain = (design.probability > 0) & (design.probability < 1)
    spread = np.sqrt(design.probability * (1 - design.probability) / repetitions)
    deviation = (came / repetitions - design.probability)[uncertain] / spread[uncertain]
    bias = (float(np.mean(totals)) - total) / (float(np.std(totals, ddof=1)) / repetitions**0.5)
    coverage = covered / len(means)
    return {
        "certain_always_came": bool((came[design.probability >= 1] == repetitions).all()),
        "largest_deviation_of_frequencies": float(np.abs(deviation).max()),
        "mean_squared_deviation_of_frequencies": float((deviation**2).mean()),
        "bias_of_total_in_standard_errors": bias,
        "bias_of_mean": float(np.mean(means)) - truth,
        "standard_deviation_of_mean": float(np.std(means, ddof=1)),
        "mean_standard_error": float(np.mean(errors)),
        "coverage": coverage,
        "holds": bool(
            np.abs(deviation).max() < MOST_DEVIATION
            and (came[design.probability >= 1] == repetitions).all()
            and abs(bias) < MOST_BIAS
            and (NEAR[0] <= coverage <= NEAR[1] or not design.held)
        ),
        "held_to_cover": design.held,
    }


def _respondents(design: Design, drawn: Drawn, answered: NDArray[np.bool_]) -> SampledRespondents:
    unit = drawn.unit[answered]
    weight = np.bincount(design.stratum[drawn.unit], weights=1 / drawn.probability)
    strata = tuple(SampledStratum(design.selection, float(mass)) for mass in weight)
    ones = np.ones(unit.size)
    if drawn.cluster is None or drawn.cluster_population is None or drawn.cluster_probability is None:
        cluster, first, inside, taken = np.zeros(unit.size, dtype=np.int64), ones, ones, ones
    else:
        first = drawn.cluster_probability[answered]
        _, cluster = np.unique(drawn.cluster[answered], return_inverse=True)
        inside = drawn.cluster_population[answered].astype(float)
        taken = np.bincount(drawn.cluster)[drawn.cluster[answered]].astype(float)
    return SampledRespondents(
        strata,
        design.stratum[unit],
        drawn.probability[answered],
        np.flatnonzero(answered),
        cluster.astype(np.int64),
        first,
        inside,
        taken,
    )


def main() -> None:
    """Draw, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.draws", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS, help="fewer are not kept")
    repetitions = parser.parse_args().repetitions
    shared = Path(os.environ.get("FEEDBACK_SHARED_DIR") or Path(__file__).resolve().parents[2] / "shared")
    schools = schools_of(read_schools(shared / "data"))
    rng = np.random.default_rng(SEED)
    found = {}
    for name, design in designs_of(schools).items():
        found[name] = run(schools, design, repetitions, rng)
        print(name, json.dumps(found[name]), flush=True)
    result = {
        "seed": SEED,
        "repetitions": repetitions,
        "level": LEVEL,
        "population": schools.n,
        "truth": float(schools.score.mean()),
        "most_deviation": MOST_DEVIATION,
        "designs": found,
    }
    if repetitions == REPETITIONS:
        RESULTS.write_text(json.dumps(result, indent=2) + "\n")
        if not all(one["holds"] for one in found.values()):
            parser.exit(1, "A design is not what it says.\n")


def read_schools(data: Path) -> pl.DataFrame:
    """The columns of `apipop` that are drawn by."""
    columns = ["stype", "dnum", "api.stu", "api00"]
    return pl.read_csv(data / "survey_api_frame" / "apipop.csv.gz", columns=columns)


if __name__ == "__main__":
    main()
