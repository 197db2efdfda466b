"""The catalogue of methods, and what replaces it: own prices, measured response rates."""

from datetime import UTC, date, datetime

import pytest

from feedback_core.kpis.calc.proportions import proportion_interval
from feedback_core.planning.calc.methods import cost_lines, method_here
from feedback_core.planning.calc.methods.rates import LEAST_CONTACTS
from feedback_core.planning.catalogue import CATALOGUE
from feedback_core.planning.types import CollectionMethod
from feedback_core.planning.types.methods import (
    CostBasis,
    CostModel,
    MethodTerms,
    OutcomeSums,
    RateBasis,
    StoredTerms,
    Strength,
)

EMAIL = CATALOGUE[CollectionMethod.EMAIL]
TELEPHONE = CATALOGUE[CollectionMethod.TELEPHONE]
LATEST = date(2026, 6, 30)


def test_every_method_is_described_with_its_sources() -> None:
    assert list(CATALOGUE) == list(CollectionMethod)
    for profile in CATALOGUE.values():
        assert len(profile.strengths) >= 2, profile.name
        assert len(profile.weaknesses) >= 2, profile.name
        assert all(each.why for each in (profile.trend, profile.sensitivity, profile.reach)), profile.name
        assert profile.rate is not None or not profile.is_asked, profile.name
        if profile.rate is not None:
            assert 0.0 < profile.rate.low <= profile.rate.typical <= profile.rate.high <= 1.0, profile.name
            assert profile.rate.source
            assert profile.rate.note
            assert 1990 < profile.rate.year <= 2026


def test_what_nobody_has_published_says_so() -> None:
    assumed = {m for m, profile in CATALOGUE.items() if profile.rate and profile.rate.strength is Strength.ASSUMED}
    assert {CollectionMethod.SMS, CollectionMethod.KIOSK, CollectionMethod.FOCUS_GROUP} <= assumed
    assert CollectionMethod.POSTAL_QUESTIONNAIRE not in assumed


def test_interviewers_cost_precision_as_clusters_do() -> None:
    assert method_here(TELEPHONE, None, None).design_effect == pytest.approx(1 + 39 * 0.009)
    assert method_here(EMAIL, None, None).design_effect == 1.0


def test_a_measured_rate_replaces_the_typical_one_with_its_n_and_interval() -> None:
    rate = method_here(EMAIL, None, OutcomeSums(2000, 340, 2, LATEST)).rate

    assert rate is not None
    interval = proportion_interval(340, 2000)
    assert (rate.value, rate.n, rate.collections, rate.basis) == (0.17, 2000, 2, RateBasis.MEASURED)
    assert (rate.low, rate.high) == pytest.approx((interval.low, interval.high))
    assert "340 of 2000" in rate.source


def test_the_interval_of_a_rate_of_all_is_that_of_the_service() -> None:
    rate = method_here(EMAIL, None, OutcomeSums(40, 40, 1, LATEST)).rate
    assert rate is not None
    interval = proportion_interval(40, 40)
    assert (rate.low, rate.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("sums", [OutcomeSums(LEAST_CONTACTS - 1, 20, 1, LATEST), OutcomeSums(500, 0, 1, LATEST), None])
def test_what_was_measured_of_too_few_replaces_nothing(sums: OutcomeSums | None) -> None:
    rate = method_here(EMAIL, None, sums).rate
    assert rate is not None
    assert EMAIL.rate is not None
    assert (rate.value, rate.basis, rate.n) == (EMAIL.rate.typical, RateBasis.TYPICAL, None)


def test_own_prices_replace_those_assumed_and_leave_the_rest() -> None:
    terms = MethodTerms(CostModel("CHF", per_contact=2.0), coverage=0.8, field_days=5)
    own = StoredTerms(CollectionMethod.EMAIL, terms, "test", datetime(2026, 1, 1, tzinfo=UTC), 1)

    here = method_here(EMAIL, own, None)

    assert (here.costs, here.cost_basis, here.coverage) == (terms.costs, CostBasis.OWN, 0.8)
    assert (here.field_days, here.setup_days) == (5, EMAIL.setup_days)
    assert here.footprints == EMAIL.footprints
    assert method_here(EMAIL, None, None).cost_basis is CostBasis.ASSUMED


def test_a_survey_is_priced_line_by_line() -> None:
    costs = CostModel(
        "EUR",
        fixed=1000,
        per_contact=10,
        per_complete=50,
        incentive=200,
        hours_fixed=2,
        hours_per_contact=0.1,
        hours_per_complete=0.5,
        hourly_rate=4000,
        coding_hours=0.05,
    )
    own = StoredTerms(CollectionMethod.TELEPHONE, MethodTerms(costs), "test", datetime(2026, 1, 1, tzinfo=UTC), 1)

    lines = cost_lines(method_here(TELEPHONE, own, None), 100, 20, open_answers=2)

    assert {line.item: line.amount for line in lines} == pytest.approx(
        {
            "fixed": 1000,
            "contacts": 1000,
            "completes": 1000,
            "incentives": 4000,
            "staff_hours_fixed": 8000,
            "staff_hours_of_contacts": 40_000,
            "staff_hours_of_completes": 40_000,
            "coding_hours": 8000,
        }
    )
    assert all(line.amount == line.quantity * line.price for line in lines)
