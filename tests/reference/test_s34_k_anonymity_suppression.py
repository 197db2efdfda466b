"""k-anonymity, l-diversity and t-closeness against pycanon; small cells against counts."""

from collections import Counter, defaultdict

import pytest

from feedback_core.kpis.calc.anonymity import assess_anonymity, small_cells
from tests.reference.goldens import golden_rows, load_golden

CASE = "s34_k_anonymity_suppression"


@pytest.mark.parametrize("names", ["region", "region+age", "region+age+tenure"])
def test_measures_of_quasi_identifiers(names: str) -> None:
    expected = load_golden(CASE)["expected"]["measures"][names]
    classes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in golden_rows(CASE):
        classes["|".join(row[name] for name in names.split("+"))][row["band"]] += 1
    sizes = {name: counts.total() for name, counts in classes.items()}
    result = assess_anonymity(classes)
    below_10 = small_cells(sizes, below=10)

    assert result.n == 400
    assert result.k == expected["k"]
    assert result.l_diversity == expected["l_diversity"]
    assert result.entropy_l == expected["entropy_l"]
    assert result.t_closeness == pytest.approx(expected["t_closeness"], rel=0, abs=1e-9)
    assert result.classes == expected["cells"]
    assert len(small_cells(sizes, below=5).cells) == expected["cells_below_5"]
    assert len(below_10.cells) == expected["cells_below_10"]
    assert below_10.respondents == expected["respondents_in_cells_below_10"]
    assert below_10.cells == expected["small_cells"]


def test_the_cross_table_counts_everybody_once() -> None:
    expected = load_golden(CASE)["expected"]["crosstab_region_age"]
    sizes = Counter((row["region"], row["age"]) for row in golden_rows(CASE))
    assert dict(sizes) == {(region, age): n for region, line in expected.items() for age, n in line.items()}
