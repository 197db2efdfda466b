"""Methods compared: planted differences are found, others are not, and nothing is shown of too few."""

from dataclasses import replace

import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.money import Money
from feedback_core.method_effectiveness.calc import compare_methods, compositions
from feedback_core.method_effectiveness.calc.composition import Cells
from feedback_core.method_effectiveness.types import MethodContacts, MethodMeasure
from tests.unit.method_effectiveness.builders import (
    CONTACTS,
    EVEN,
    NOW,
    ONLINE,
    PHONE,
    SMS,
    between,
    compared,
    counts,
    of,
    reading,
    with_suspects,
)

ALIKE = {ONLINE: counts(), PHONE: counts()}


def test_a_dearer_method_is_told_with_its_price() -> None:
    found = compared(ALIKE, contacts=CONTACTS)

    online, phone = of(found, ONLINE), of(found, PHONE)
    assert online.response_rate is not None
    assert online.response_rate.value == pytest.approx(0.1)
    assert online.cost_per_complete is not None
    assert phone.cost_per_complete is not None
    assert (online.cost_per_complete.value, phone.cost_per_complete.value) == pytest.approx((250, 1600))
    assert online.cost_per_complete.interval is not None
    rate = online.response_rate.interval
    assert rate is not None
    assert online.cost_per_complete.interval.low == pytest.approx(25 / rate.high)
    (dearer,) = between(found, MethodMeasure.COST_PER_EFFECTIVE_RESPONSE)
    assert (dearer.clear, dearer.better) == (True, ONLINE)
    assert dearer.difference.value == pytest.approx(-1350)
    (rates,) = between(found, MethodMeasure.RESPONSE_RATE)
    assert (rates.clear, rates.better) == (True, PHONE)
    assert found.sentence == (
        "Of 400 complete responses by 2 methods: an effective response by telephone costs 6.4 times as much as one by"
        " online questionnaire; telephone is answered more often than online questionnaire (50.0% against 10.0%);"
        " a complete response by telephone costs 6.4 times as much as one by online questionnaire."
    )
    assert found.currency == "EUR"


def test_without_contacts_rate_and_cost_are_nothing_and_the_sentence_says_so() -> None:
    found = compared(ALIKE)

    assert [one.response_rate for one in found.methods] == [None, None]
    assert [one.cost_per_complete for one in found.methods] == [None, None]
    assert found.sentence == (
        "Of 400 complete responses by 2 methods: no difference between methods is beyond chance; response rate and"
        " cost are not told, since nobody entered who was contacted."
    )
    assert not any(one.clear for one in found.comparisons)


def test_a_method_by_which_more_is_left_out_is_told() -> None:
    found = compared({ONLINE: counts(missing=0.4), PHONE: counts(missing=0.05)})

    (worse,) = between(found, MethodMeasure.ITEM_NONRESPONSE)
    assert (worse.clear, worse.better) == (True, PHONE)
    assert worse.difference.value == pytest.approx(0.16 - 0.02)
    assert (
        "by online questionnaire more questions are left out than by telephone (16.0% against 2.0%)" in found.sentence
    )


def test_time_tells_methods_apart_and_neither_is_better() -> None:
    found = compared({ONLINE: counts(seconds=100), PHONE: counts(seconds=400)})

    (times,) = between(found, MethodMeasure.MEDIAN_SECONDS)
    assert (times.clear, times.better, times.difference.value) == (True, None, -300)
    assert (
        "answering by telephone takes longer than by online questionnaire (400 against 100 seconds)" in found.sentence
    )


def test_straight_lining_is_compared_where_it_is_measured() -> None:
    found = compared({ONLINE: counts(lines=60), PHONE: counts(lines=2)})
    unmeasured = compared({ONLINE: counts(lines=None), PHONE: counts(lines=None)})

    (lines,) = between(found, MethodMeasure.STRAIGHT_LINING)
    assert (lines.clear, lines.better) == (True, PHONE)
    assert of(unmeasured, ONLINE).straight_lining is None
    assert any("Straight-lining is not measured" in why for why in of(unmeasured, ONLINE).not_told)


def test_other_people_are_no_other_method() -> None:
    # Inside each region both methods hear the same; the telephone reached more of the happy north.
    happy, sad = {"10": 8, "8": 1, "3": 1}, {"10": 1, "8": 1, "3": 8}
    online = {"north": {score: 4 * n for score, n in happy.items()}, "south": {s: 16 * n for s, n in sad.items()}}
    phone = {"north": {score: 16 * n for score, n in happy.items()}, "south": {s: 4 * n for s, n in sad.items()}}

    found = compared({ONLINE: counts(online), PHONE: counts(phone)}, {ONLINE: online, PHONE: phone})

    (effect,) = found.mode_effects
    assert effect.effect.raw_difference == pytest.approx(-84)
    assert effect.effect.difference == pytest.approx(0)
    assert not effect.clear
    (region,) = of(found, ONLINE).composition
    assert region.attribute == "region"
    assert region.dissimilarity == pytest.approx(0.6)
    assert region.standardised_difference == pytest.approx(1.5)
    assert of(found, ONLINE).effective_n == pytest.approx(200 / (0.25 / 0.2 + 0.25 / 0.8))


def test_other_answers_of_the_same_people_are_the_methods() -> None:
    kinder = {region: {"10": 90, "8": 5, "3": 5} for region in EVEN}

    found = compared({ONLINE: counts(), PHONE: counts(kinder)}, {ONLINE: EVEN, PHONE: kinder})

    (effect,) = found.mode_effects
    assert (effect.key, effect.clear) == ("online_questionnaire:telephone", True)
    assert effect.effect.difference == pytest.approx(40 - 85)
    assert "at the same composition, NPS by online questionnaire is 45" in found.sentence


def test_suspects_are_responses_but_not_effective_ones() -> None:
    found = compared({ONLINE: with_suspects(counts(), 100), PHONE: counts()}, contacts=CONTACTS)

    online = of(found, ONLINE)
    assert online.complete == 200
    assert online.cost_per_complete is not None
    assert online.cost_per_effective_response is not None
    assert online.cost_per_effective_response.value == pytest.approx(2 * online.cost_per_complete.value)


def test_intervals_of_more_pairs_are_wider() -> None:
    two = compared({ONLINE: counts(missing=0.3), PHONE: counts()})
    three = compared({ONLINE: counts(missing=0.3), PHONE: counts(), SMS: counts()})

    wide = next(one for one in between(three, MethodMeasure.ITEM_NONRESPONSE) if SMS not in {one.first, one.second})
    (narrow,) = between(two, MethodMeasure.ITEM_NONRESPONSE)
    assert wide.difference.interval is not None
    assert narrow.difference.interval is not None
    assert wide.difference.interval.level == pytest.approx(1 - 0.05 / 3)
    assert narrow.difference.interval.level == pytest.approx(0.95)
    assert wide.difference.interval.low < narrow.difference.interval.low
    assert len(three.mode_effects) == 3


def test_methods_of_too_few_are_withheld_with_one_from_which_they_would_follow() -> None:
    few = {"north": {"10": 2}, "south": {"10": 1}}
    methods = {ONLINE: counts(), PHONE: counts(), SMS: counts(few)}

    found = compared(methods, {ONLINE: EVEN, PHONE: EVEN, SMS: few}, CONTACTS)

    withheld = [one for one in found.methods if one.withheld]
    assert len(withheld) == 2
    assert withheld[1].name == SMS
    assert {(one.complete, one.kpi, one.contacted, one.cost_per_complete) for one in withheld} == {
        (None, None, None, None)
    }
    assert found.comparisons == ()
    assert found.sentence.startswith("Of 200 complete responses by 1 method, too few came by another to show it")


def test_nobody_and_too_few_are_refused() -> None:
    with pytest.raises(NotEstimable, match="Nobody responded"):
        compared({}, {}, CONTACTS)
    few = {"north": {"10": 2}}
    with pytest.raises(NotEstimable, match="Too few responded"):
        compared({ONLINE: counts(few)}, {ONLINE: few}, minimum=50)


def test_a_method_that_nobody_answered_has_a_rate_of_nothing() -> None:
    found = compared({ONLINE: counts()}, contacts={**CONTACTS, SMS: MethodContacts(500, Money(2_000, "EUR"))})

    sms = of(found, SMS)
    assert sms.response_rate is not None
    assert (sms.complete, sms.response_rate.value, sms.cost_per_complete) == (0, 0.0, None)
    assert "Nobody completed a response." in sms.not_told


def test_more_responses_than_contacts_are_told() -> None:
    found = compared(ALIKE, contacts={ONLINE: MethodContacts(150), PHONE: MethodContacts(400)})

    assert of(found, ONLINE).response_rate is None
    assert of(found, PHONE).response_rate is not None
    assert any(said.startswith("More responded by online questionnaire than") for said in found.warnings)


def test_methods_that_reach_the_same_people_are_as_effective_as_they_are_large() -> None:
    cells: Cells = {("north",): 40, ("south",): 60}

    found = compositions({ONLINE: cells, PHONE: {cell: 3 * n for cell, n in cells.items()}}, ["region"], minimum=5)

    assert [one.design_effect for one in found.values()] == [pytest.approx(1.0)] * 2
    assert [one.distances[0].dissimilarity for one in found.values()] == [pytest.approx(0.0)] * 2


def test_categories_of_too_few_are_taken_together_and_those_not_reached_named() -> None:
    online: Cells = {("north",): 40, ("south",): 30, ("east",): 2, ("west",): 20}
    phone: Cells = {("north",): 50, ("south",): 30, ("east",): 20, ("islands",): 20}

    found = compositions({ONLINE: online, PHONE: phone}, ["region"], minimum=5)

    (distance,) = found[ONLINE].distances
    assert distance.merged == ("east", "west")
    assert distance.dissimilarity == pytest.approx(
        (abs(40 / 92 - 50 / 120) + abs(30 / 92 - 30 / 120) + abs(22 / 92 - 20 / 120) + 20 / 120) / 2
    )
    assert found[ONLINE].not_reached == ("region islands",)


def test_an_attribute_that_would_give_few_away_says_nothing() -> None:
    found = compositions(
        {ONLINE: {("north",): 40, ("south",): 2}, PHONE: {("north",): 40, ("south",): 40}}, ["region"], minimum=5
    )

    assert found[ONLINE].distances == ()


def test_a_rule_that_is_not_held_to_yet_is_warned_of() -> None:
    unfinished = replace(reading(ALIKE, dict.fromkeys(ALIKE, EVEN)), up_to_date=False)

    found = compare_methods(unfinished, {}, minimum=5, as_of=NOW)

    assert "Not every response is held to the inclusion rule yet: suspects and straight-lining may be more." in (
        found.warnings
    )
