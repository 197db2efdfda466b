"""Methods with a known truth."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from feedback_core.kit.money import Money
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc.nps import NpsCounts, net_promoter_score
from feedback_core.kpis.types import CellAnswers, Target
from feedback_core.method_effectiveness.calc import MethodReading, compare_methods
from feedback_core.method_effectiveness.types import (
    ItemSums,
    MethodContacts,
    MethodCounts,
    MethodDifference,
    MethodEffectivenessOutcome,
    MethodFinding,
    MethodMeasure,
)
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import QuestionType

ONLINE, PHONE, SMS = CollectionMethod.ONLINE_QUESTIONNAIRE, CollectionMethod.TELEPHONE, CollectionMethod.SMS
NPS = Target(next(one for one in BUILT_IN if one.key == "nps"), UUID(int=1), "nps", QuestionType.NPS, scale=(0, 10))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONTACTS = {ONLINE: MethodContacts(2000, Money(50_000, "EUR")), PHONE: MethodContacts(400, Money(320_000, "EUR"))}

Scores = Mapping[str, Mapping[str, int]]
"""Region to score to how many gave it."""

EVEN: Scores = {"north": {"10": 60, "8": 20, "3": 20}, "south": {"10": 60, "8": 20, "3": 20}}


def sums(missing: Mapping[int, int], *, asked: int = 5) -> ItemSums:
    """So many respondents left out so many of the questions that each was asked."""
    n = sum(missing.values())
    left_out = sum(k * m for k, m in missing.items())
    return ItemSums(
        n, left_out, n * asked, sum(k * k * m for k, m in missing.items()), left_out * asked, n * asked * asked
    )


def counts(scores: Scores = EVEN, *, missing: float = 0.0, seconds: int = 100, lines: int | None = 5) -> MethodCounts:
    """Everybody who gave a score completed; a share of them left out two questions of five."""
    by_score: dict[str, int] = {}
    for given in scores.values():
        for score, n in given.items():
            by_score[score] = by_score.get(score, 0) + n
    n = sum(by_score.values())
    careless = round(n * missing)
    kpi = None
    if n:
        kpi = net_promoter_score(NpsCounts(by_score.get("10", 0), by_score.get("8", 0), by_score.get("3", 0)))
    return MethodCounts(
        complete=n,
        suspect=0,
        partial=10,
        items=sums({0: n - careless, 2: careless}) if n else ItemSums(),
        seconds={seconds - 10: n // 3, seconds: n - 2 * (n // 3), seconds + 10: n // 3} if n else {},
        straight_lining=lines,
        kpi=kpi,
    )


def reading(
    methods: Mapping[CollectionMethod, MethodCounts], scores: Mapping[CollectionMethod, Scores]
) -> MethodReading:
    """What was read, with the respondents' region."""
    cells = [
        ({"region": region, "method": str(method)}, given)
        for method, by_region in scores.items()
        for region, given in by_region.items()
    ]
    return MethodReading(
        counts=methods,
        attributes=["region"],
        complete=[(known, sum(given.values())) for known, given in cells],
        target=NPS,
        answers=[CellAnswers(known, given) for known, given in cells],
        rule=True,
        up_to_date=True,
    )


def compared(
    methods: Mapping[CollectionMethod, MethodCounts],
    scores: Mapping[CollectionMethod, Scores] | None = None,
    contacts: Mapping[CollectionMethod, MethodContacts] | None = None,
    *,
    minimum: int = 5,
) -> MethodEffectivenessOutcome:
    """The comparison; of everybody even where no scores are given."""
    given = scores if scores is not None else dict.fromkeys(methods, EVEN)
    return compare_methods(reading(methods, given), contacts or {}, minimum=minimum, as_of=NOW)


def of(outcome: MethodEffectivenessOutcome, name: CollectionMethod) -> MethodFinding:
    """One method of an outcome."""
    return next(one for one in outcome.methods if one.name == name)


def between(outcome: MethodEffectivenessOutcome, measure: MethodMeasure) -> list[MethodDifference]:
    """The pairs of a measure."""
    return [one for one in outcome.comparisons if one.measure is measure]


def with_suspects(one: MethodCounts, suspect: int) -> MethodCounts:
    """So many of the complete responses are held for suspect."""
    return replace(one, complete=one.complete - suspect, suspect=suspect)
