"""`make demo-real`: every figure that it prints equals a recount of the files by plain Polars."""

import json
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from feedback_dev.demo.real.frames import sfo_margins
from tests.support.real_data import data_file, unpacked

pytestmark = pytest.mark.xdist_group("stack")

NYC = "nyc311_csat/nyc311_csat.csv.gz"
SFO = "sfo_customer_survey/raw/2017.csv.gz"
FRAME = "sfo_air_traffic_frame/derived_enplaned_margins_survey_months.csv"
AGREE = {"Strongly Disagree": 1, "Disagree": 2, "Neutral": 3, "Agree": 4, "Strongly Agree": 5}
RATINGS = {
    "Overall satisfaction": "Overall Satisfaction",
    "Wait time": "Wait Time",
    "Agent: customer service": "Agent - Customer Service",
    "Agent: job knowledge": "Agent - Job Knowledge",
    "Answer satisfaction": "Answer Satisfaction",
}
LANGUAGES = {
    "English": "English (United States)\u200e",
    "Español": "Español (España, alfabetización internacional)",
    "中文（简体）": "中文（简体）\u200e",  # noqa: RUF001 - as it is written
    "中文（繁體）": "中文（繁體）\u200e",  # noqa: RUF001 - as it is written
    "Русский": "Pусский",  # noqa: RUF001 - as it is written
    "한국어": "한국어",
    "Kreyòl ayisyen": "ht",
    "العربية": "العربية",
    "Polski": "Polski",
    "বাংলা": "bn",
    "Français": "Français (France)",
    "اردو": "ur",
}
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Printed:
    """What the command said: its lines, each with single spaces, and its figures."""

    lines: tuple[str, ...]
    figures: Any

    def has(self, *cells: str) -> bool:
        return " ".join(cells) in self.lines


@dataclass(frozen=True, slots=True)
class Recount:
    """A figure reckoned from the file."""

    value: float
    low: float
    high: float
    n: int

    def shown(self, places: int) -> str:
        return f"{self.value:.{places}f} ({self.low:.{places}f} to {self.high:.{places}f})"

    def equals(self, figure: Mapping[str, float]) -> bool:
        said = (figure["value"], figure["low"], figure["high"], figure["n"])
        return said == pytest.approx((self.value, self.low, self.high, self.n), rel=1e-9)


def nps_of(column: pl.Series) -> Recount:
    """With the adjusted Wald interval: 3/4 of a promoter, 3/4 of a detractor and 3/2 of a passive more."""
    scores = column.drop_nulls().cast(pl.Int64)
    n, up, down = len(scores), int((scores >= 9).sum()), int((scores <= 6).sum())
    centre = (up - down) / (n + 3)
    half = stats.norm.ppf(0.975) * math.sqrt(((up + down + 1.5) / (n + 3) - centre**2) / (n + 3))
    return Recount(100 * (up - down) / n, 100 * (centre - half), 100 * (centre + half), n)


def top_of(points: pl.Series) -> Recount:
    """Share of 4 and 5, with Wilson's interval."""
    n, top = len(points), int((points >= 4).sum())
    limits = stats.binomtest(top, n).proportion_ci(0.95, method="wilson")
    return Recount(top / n, limits.low, limits.high, n)


def mean_of(points: pl.Series) -> Recount:
    values = points.to_numpy()
    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    return Recount(float(values.mean()), float(low), float(high), len(values))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    folder, figures = data_file(NYC).parent, tmp_path_factory.mktemp("real") / "figures.json"
    command = [sys.executable, "-m", "feedback_dev", "demo-real", str(folder), "--json", str(figures)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stderr) == (0, "")
    lines = tuple(" ".join(line.split()) for line in done.stdout.splitlines())
    return Printed(lines, json.loads(figures.read_text()))


def repair(text: str) -> str:
    """UTF-8 that was read as Windows-1252; bytes that it has no letter for were read as they are."""
    letters = (letter.encode("latin-1" if ord(letter) < 256 else "windows-1252") for letter in text)
    return b"".join(letters).decode()


@pytest.fixture(scope="module")
def nyc(printed: Printed) -> pl.DataFrame:
    rows = pl.read_csv(unpacked(NYC), infer_schema=False)
    repaired = [repair(text) for text in rows["Survey Language"]]
    return rows.with_columns(
        pl.Series("language", repaired), pl.concat_str("Year", "Campaign", separator=" ").alias("wave")
    )


@pytest.fixture(scope="module")
def sfo(printed: Printed) -> pl.DataFrame:
    rows = pl.read_csv(unpacked(SFO), infer_schema=False).filter(pl.col("NETPRO") != "11")
    areas = {"1": "us", "2": "us", "3": "us", "4": "canada_mexico", "5": "central_south_america", "6": "europe"}
    areas |= {"7": "middle_east", "8": "asia", "9": "oceania"}
    return rows.select(
        pl.col("NETPRO").cast(pl.Int64).alias("nps"),
        pl.col("BAREA").alias("boarding_area"),
        pl.when(pl.col("PEAK") == "3").then(pl.lit("international")).otherwise(pl.lit("domestic")).alias("traffic"),
        pl.col("DESTGEO").replace_strict(areas).alias("destination"),
    )


def test_the_rows_are_counted_and_what_could_not_be_read_is_listed_with_its_line(
    printed: Printed, nyc: pl.DataFrame
) -> None:
    lines = unpacked(NYC).decode().splitlines()
    unread = [
        (number, column, value)
        for column in RATINGS.values()
        for number, value in enumerate(nyc[column], 2)
        if value is not None and value not in AGREE
    ]

    assert len(unread) == 2
    assert all(value in lines[number - 1] for number, _, value in unread)
    assert f"{nyc.height:,} rows read, {nyc.height:,} kept, 0 rejected; 2 values left out of rows that were kept." in (
        printed.lines
    )
    for number, column, value in unread:
        assert f"line {number:,}, {column}: {value!r} left out; the row was kept" in printed.lines


def test_every_language_is_repaired_and_two_that_few_speak_are_withheld(printed: Printed, nyc: pl.DataFrame) -> None:
    counts = Counter(nyc["language"])
    shown = {label: counts[name] for label, name in LANGUAGES.items()}

    assert sum(shown.values()) == nyc.height
    assert [label for label, n in shown.items() if n < FEWEST] == ["Français", "اردو"]
    for label, n in shown.items():
        assert printed.has(label, f"{n:,}" if n >= FEWEST else "withheld")


def test_nps_by_year_and_by_wave(printed: Printed, nyc: pl.DataFrame) -> None:
    found = printed.figures["nyc311"]
    expected = {"all": nps_of(nyc["NPS"])}
    expected |= {year: nps_of(nyc.filter(pl.col("Year") == year)["NPS"]) for year in nyc["Year"].unique()}
    expected |= {wave: nps_of(nyc.filter(pl.col("wave") == wave)["NPS"]) for wave in nyc["wave"].unique()}
    said = {row["label"]: row["figure"] for row in (*found["nps_by_year"], *found["nps_by_wave"])}

    assert len(expected) == 1 + 5 + 21
    for label, figure in {"all": found["nps"], **said}.items():
        assert expected[label].equals(figure)
        assert printed.has(label, expected[label].shown(1), f"{expected[label].n:,}")


def test_the_ratings(printed: Printed, nyc: pl.DataFrame) -> None:
    said = {rating["label"]: rating for rating in printed.figures["nyc311"]["ratings"]}

    assert said.keys() == RATINGS.keys()
    for label, column in RATINGS.items():
        points = nyc[column].replace_strict(AGREE, default=None, return_dtype=pl.Int64).drop_nulls()
        top, mean = top_of(points), mean_of(points)
        assert top.equals(said[label]["top"])
        assert mean.equals(said[label]["mean"])
        assert printed.has(label, top.shown(3), mean.shown(3), f"{len(points):,}")


@pytest.mark.parametrize("attribute", ["boarding_area", "traffic", "destination"])
def test_who_answered_against_who_departed(printed: Printed, sfo: pl.DataFrame, attribute: str) -> None:
    frame, counts = sfo_margins(data_file(FRAME))[attribute], Counter(sfo[attribute])
    n = sfo.height
    chi_square = sum((counts[group] - n * share) ** 2 / (n * share) for group, share in frame.items())
    named: dict[str, set[str]] = {"over": set(), "under": set(), "as expected": set()}

    for group, share in frame.items():
        gap = counts[group] / n - share
        large = abs(gap) / math.sqrt(share * (1 - share)) >= max(0.1, 1.96 / math.sqrt(n))
        word = "as expected" if not large else "over" if gap > 0 else "under"
        named[word].add(group)
        shares = (f"{counts[group] / n:.1%}", f"{share:.1%}", f"{100 * gap:+.1f}")
        assert printed.has(group, f"{counts[group]:,}", *shares, word)

    assert printed.has(f"{attribute}: chi-square {chi_square:,.1f} on {len(frame) - 1}")
    (line,) = (line for line in following(printed, f"{attribute}: ") if line.startswith("Over-represented"))
    over, under = re.fullmatch(r"Over-represented: (.*)\. Under-represented: (.*)\.", line).groups()  # type: ignore[union-attr]
    assert (set(over.split(", ")), set(under.split(", "))) == (named["over"], named["under"])


def following(printed: Printed, start: str) -> list[str]:
    """The first table after a line that starts so."""
    first = next(number for number, line in enumerate(printed.lines) if line.startswith(start))
    return list(printed.lines[first : first + 12])


@pytest.mark.parametrize("attributes", [("boarding_area", "traffic"), ("destination",)])
def test_nps_as_answered_and_as_weighted(printed: Printed, sfo: pl.DataFrame, attributes: tuple[str, ...]) -> None:
    margins = sfo_margins(data_file(FRAME))
    unweighted = nps_of(sfo["nps"])
    weighted = raked(sfo, {attribute: margins[attribute] for attribute in attributes})
    assessment = next(found for found in printed.figures["sfo2017"]["assessments"] if set(found) == set(attributes))

    for bias in assessment.values():
        assert unweighted.equals(bias["unweighted"])
        said = bias["weighted"]
        assert (said["value"], said["low"], said["high"], said["n"]) == pytest.approx(
            (weighted.value, weighted.low, weighted.high, weighted.n), abs=1e-4
        )
    assert printed.has(f"NPS unweighted {unweighted.shown(2)}; weighted {weighted.shown(2)}.")


def raked(rows: pl.DataFrame, margins: Mapping[str, Mapping[str, float]]) -> Recount:
    """NPS under weights fitted to one margin after another; its error from what the margins leave unexplained."""
    points = rows.select((100 * ((pl.col("nps") >= 9).cast(pl.Int8) - (pl.col("nps") <= 6).cast(pl.Int8))).alias("y"))
    y, n = points["y"].to_numpy().astype(float), rows.height
    groups = [
        (rows[attribute].to_numpy() == value, share)
        for attribute, shares in margins.items()
        for value, share in shares.items()
    ]
    weights = np.ones(n)
    for _ in range(2_000):
        for inside, share in groups:
            weights[inside] *= share * n / weights[inside].sum()
    value = float(np.average(y, weights=weights))
    indicators = np.column_stack([inside for inside, _ in groups]).astype(float)
    slopes = np.linalg.lstsq(indicators, y - value, rcond=None)[0]
    left = weights * (y - value - indicators @ slopes) / weights.sum()
    error = math.sqrt(n / (n - 1) * float(((left - left.mean()) ** 2).sum()))
    half = float(stats.t.ppf(0.975, n - 1)) * error
    return Recount(value, value - half, value + half, n)


def test_a_folder_without_the_answers_is_one_clear_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "feedback_dev", "demo-real", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"There is no nyc311_csat\.csv\.gz in .*\n", done.stderr)
