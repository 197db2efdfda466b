"""Outcome rates of fieldwork against R's responserates."""

from typing import get_args

import pytest

from feedback_core.fieldwork.calc import outcome_rate, outcome_rates
from feedback_core.fieldwork.types import Dispositions, RateName
from tests.reference.goldens import golden_rows, load_golden

CASE = "s16_aapor_rates"
LETTERS = ("I", "P", "R", "NC", "O", "UH", "UO")


def test_every_rate_of_every_study() -> None:
    golden = load_golden(CASE)
    studies = {row["study"]: row for row in golden_rows(CASE)}
    assert golden["tolerance"] == {"default_rel": 1e-12}
    assert len(golden["expected"]) == len(studies) == 5
    for expected in golden["expected"]:
        row = studies[expected["study"]]
        dispositions = Dispositions(*(int(row[letter]) for letter in LETTERS))
        assert float(row["e"]) == expected["e"]

        found = outcome_rates(dispositions, e=expected["e"])

        assert found.not_estimable == {}
        assert expected["rates"].keys() == set(get_args(RateName))
        assert {name: rate.value for name, rate in found.rates.items()} == {
            name: pytest.approx(value, rel=1e-12, abs=0) for name, value in expected["rates"].items()
        }
        for name, rate in found.rates.items():
            assert outcome_rate(name, dispositions, e=expected["e"]) == rate
