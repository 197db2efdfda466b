"""Outcome rates: a telephone study, the share e, policies for e-mail, and what is refused."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.fieldwork.calc import (
    disposition_of_answer,
    disposition_of_contact,
    dispositions_of,
    outcome_rate,
    outcome_rates,
    participation_rate,
    proportional_allocation,
)
from feedback_core.fieldwork.types import Contact, ContactPolicy, Disposition, Dispositions, RateName
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import proportion_estimate

PHONE = Dispositions(650, 50, 150, 100, 30, 0, 20)


def test_a_telephone_study() -> None:
    # R's responserates (golden s16).
    found = outcome_rates(PHONE, e=0.6)

    assert found.rates["rr1"].value == pytest.approx(0.65, rel=1e-12)
    assert found.rates["rr3"].value == pytest.approx(0.655241935483871, rel=1e-12)
    assert found.rates["coop4"].value == pytest.approx(0.823529411764706, rel=1e-12)
    assert found.rates["ref2"].value == pytest.approx(0.151209677419355, rel=1e-12)
    assert found.rates["con3"].value == pytest.approx(0.897959183673469, rel=1e-12)
    assert (found.e, found.e_method) == (0.6, "given")
    assert found.rates["rr1"].interval == proportion_estimate(650, 1000).interval


COUNTS = st.builds(Dispositions, *[st.integers(0, 400)] * 8).filter(lambda d: d.complete > 0)


@given(COUNTS, st.floats(0, 1))
def test_rates_stand_in_the_order_of_their_definitions(dispositions: Dispositions, e: float) -> None:
    rates: dict[str, float] = {name: rate.value for name, rate in outcome_rates(dispositions, e=e).rates.items()}

    for chain in (("rr1", "rr3", "rr5"), ("rr2", "rr4", "rr6"), ("ref1", "ref2", "ref3"), ("con1", "con2", "con3")):
        assert all(rates[low] <= rates[high] + 1e-12 for low, high in pairwise(chain))
    for first, second in (("rr1", "rr2"), ("rr3", "rr4"), ("rr5", "rr6"), ("coop1", "coop2"), ("coop1", "coop3")):
        assert rates[first] <= rates[second] + 1e-12
    assert all(0 <= rate <= 1 + 1e-12 for rate in rates.values())
    # A response takes contact, and cooperation.
    assert rates["rr5"] == pytest.approx(rates["con3"] * rates["coop1"])


def test_e_is_the_eligible_share_of_the_known_where_it_is_not_given() -> None:
    mixed = Dispositions(100, 0, 50, 50, 0, 0, 100, ineligible=50)

    found = outcome_rates(mixed)

    assert proportional_allocation(mixed) == 0.8
    assert (found.e, found.e_method) == (0.8, "proportional_allocation")
    assert found.rates["rr3"].value == pytest.approx(100 / 280)


def test_rates_that_need_e_are_not_made_up_without_it() -> None:
    found = outcome_rates(PHONE)

    assert found.not_estimable.keys() == {"rr3", "rr4", "ref2", "con2"}
    assert "give it" in found.not_estimable["rr3"]
    assert (found.e, found.e_method) == (None, "none")
    # Where nobody's eligibility is unknown, e does not matter.
    assert outcome_rate("rr3", Dispositions(5, refusal=5)).value == 0.5


def test_nobody_in_a_denominator_is_told_for_that_rate_alone() -> None:
    found = outcome_rates(Dispositions(0, non_contact=10), e=1.0)

    assert found.not_estimable.keys() == {"coop1", "coop2", "coop3", "coop4"}
    assert found.rates["rr1"].value == 0
    assert found.rates["rr1"].standard_error is None
    assert len(outcome_rates(Dispositions(0), e=1.0).not_estimable) == 16


def test_weights_widen_the_interval_by_their_design_effect() -> None:
    plain, weighted = outcome_rate("rr1", PHONE), outcome_rate("rr1", PHONE, design_effect=2.0)

    assert weighted.value == plain.value
    assert weighted.n_effective == 500
    assert weighted.interval is not None
    expected = proportion_estimate(325, 500).interval
    assert expected is not None
    assert (weighted.interval.low, weighted.interval.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("dispositions", "e", "words"),
    [
        (Dispositions(-1), 1.0, "negative"),
        (Dispositions(math.nan), 1.0, "no finite"),
        (Dispositions(1), 1.5, "from 0 to 1"),
        (Dispositions(1), math.nan, "from 0 to 1"),
    ],
)
def test_counts_that_cannot_be_are_refused(dispositions: Dispositions, e: float, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        outcome_rates(dispositions, e=e)
    with pytest.raises(NotEstimable, match=words):
        outcome_rate("rr1", dispositions, e=e)


@pytest.mark.parametrize("name", ["rr1", "coop1"])
def test_an_empty_fieldwork_has_no_rate(name: RateName) -> None:
    with pytest.raises(NotEstimable, match=f"denominator of {name.upper()}"):
        outcome_rate(name, Dispositions(0))


def test_e_cannot_be_estimated_where_nobody_looked() -> None:
    with pytest.raises(NotEstimable, match="No ineligible case"):
        proportional_allocation(PHONE)
    with pytest.raises(NotEstimable, match="known to be eligible"):
        proportional_allocation(Dispositions(0, unknown_other=5, ineligible=5))


def test_policies_decide_about_bounces_unopened_mail_and_break_offs() -> None:
    contacts = {Contact.BOUNCED: 5.0, Contact.UNOPENED: 60.0, Contact.OPENED: 8.0, Contact.OPTED_OUT: 2.0}
    contacts |= {Contact.UNABLE: 1.0, Contact.SCREENED_OUT: 3.0}
    answers = {1.0: 12.0, 0.8: 3.0, 0.6: 4.0, 0.2: 2.0}

    cautious = dispositions_of(contacts, answers, ContactPolicy())
    lenient = dispositions_of(
        contacts,
        answers,
        ContactPolicy(
            bounce="ineligible", unopened="non_contact", opened="non_contact", partial_from=0.1, complete_from=0.5
        ),
    )

    assert cautious == Dispositions(15, 4, 12, 0, 1, 0, 65, 3)
    assert lenient == Dispositions(19, 2, 2, 68, 1, 0, 0, 8)


def test_one_person_at_a_time() -> None:
    policy = ContactPolicy()

    assert disposition_of_contact(Contact.OPTED_OUT, policy) is Disposition.REFUSAL
    assert [disposition_of_answer(share, policy) for share in (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)] == [
        Disposition.REFUSAL,
        Disposition.REFUSAL,
        Disposition.PARTIAL,
        Disposition.PARTIAL,
        Disposition.COMPLETE,
        Disposition.COMPLETE,
    ]
    with pytest.raises(NotEstimable, match="no share"):
        disposition_of_answer(1.2, policy)
    with pytest.raises(NotEstimable, match="policy"):
        disposition_of_answer(0.5, ContactPolicy(partial_from=0.9, complete_from=0.5))


def test_a_participation_rate() -> None:
    assert participation_rate(30, 200).value == 0.15
    with pytest.raises(NotEstimable):
        participation_rate(0, 0)
    with pytest.raises(NotEstimable):
        participation_rate(5, 4)
