"""Managing the achievement of customer satisfaction: 15 criteria in five parts, and what holds of all evidence."""

from typing import Final

from feedback_core.reports.portfolios.kinds import RecordKind as Kind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

_STANDARDS = (
    Criterion(
        "M1.1",
        "Explain the organisation's standards of service",
        (Need("Standards in plain words", (Kind.STANDARDS,)),),
    ),
    Criterion(
        "M1.2",
        "Describe the best practice of the sector, by research",
        (Need("Benchmarks or notes, with source and date", (Kind.BENCHMARKS, Kind.PRACTICE_NOTES)),),
    ),
)

_PROCESSES = (
    Criterion(
        "M2.1",
        "Say which processes are sustainable",
        (Need("Processes with what they take of paper, travel and energy", (Kind.PROCESSES,), mark=Mark.FOOTPRINT),),
    ),
    Criterion(
        "M2.2",
        "Find the sustainable processes that support the standards",
        (
            Need("Processes with what they take", (Kind.PROCESSES,), mark=Mark.FOOTPRINT),
            Need("Standards that name the process behind them", (Kind.STANDARDS,), mark=Mark.SUPPORTED),
        ),
    ),
    Criterion(
        "M2.3",
        "Plan how it is put into practice",
        (Need("A plan of steps, or actions with dates", (Kind.IMPLEMENTATION_STEPS, Kind.ACTIONS)),),
    ),
    Criterion(
        "M2.4",
        "State the standards with those whom they concern",
        (Need("Standards, with who agreed and when", (Kind.STANDARDS,), mark=Mark.AGREED),),
    ),
    Criterion(
        "M2.5",
        "See to the means that the standards take",
        (
            Need(
                "Steps or actions with their money or hours",
                (Kind.IMPLEMENTATION_STEPS, Kind.ACTIONS),
                mark=Mark.RESOURCED,
            ),
        ),
    ),
)

_PEOPLE = (
    Criterion(
        "M3.1",
        "Tell employees their roles and responsibilities",
        (
            Need("Roles that were stated in plain words", (Kind.ROLES,)),
            Need("That those who hold them have acknowledged them", (Kind.ROLES,), mark=Mark.ACKNOWLEDGED),
        ),
    ),
    Criterion(
        "M4.1",
        "Judge the culture of the organisation",
        (Need("Assessments of culture", (Kind.CULTURE,)),),
    ),
    Criterion(
        "M4.2",
        "Find techniques that motivate employees",
        (Need("Techniques, with the standard that each serves", (Kind.MOTIVATION,)),),
    ),
    Criterion(
        "M4.3",
        "Describe strategies of motivation that raise the standard",
        (
            Need("Strategies", (Kind.MOTIVATION,), mark=Mark.STRATEGY),
            Need("Something that shows what followed", (Kind.MOTIVATION,), mark=Mark.FOLLOWED),
        ),
    ),
)

_MONITORING = (
    Criterion(
        "M5.1",
        "Describe ways to measure satisfaction",
        (Need("Methods compared, or what is calculated", (Kind.METHOD_DECISIONS, Kind.KPI_DEFINITIONS)),),
    ),
    Criterion(
        "M5.2",
        "Build up how satisfaction is watched, with ways for customers to speak",
        (
            Need("Questionnaires and connected systems", (Kind.SURVEY_VERSIONS, Kind.SOURCES)),
            Need("Analyses that run by themselves, fieldwork, follow-up", (Kind.SCHEDULES, Kind.FIELDWORK, Kind.CASES)),
        ),
    ),
    Criterion(
        "M5.3",
        "Review how employees meet standards and values",
        (Need("Reviews of performance", (Kind.PERFORMANCE_REVIEWS,)),),
    ),
    Criterion(
        "M5.4",
        "Analyse and watch the service",
        (
            Need("Analyses that were made", (Kind.TRENDS, Kind.THEMES, Kind.DRIVERS, Kind.REVIEWS)),
            Need("Verdicts on standards", (Kind.VERDICTS,)),
        ),
    ),
)

_EVIDENCE = (
    Criterion(
        "M-ev",
        "Evidence that is one's own, dated, and enough for every criterion",
        (
            Need("Reports made for the organisation", (Kind.REPORTS,)),
            Need("Decisions with who took them and when", (Kind.RECOMMENDATIONS, Kind.ACTIONS)),
            Need("Witnesses, observations and discussions, which are kept outside this service"),
        ),
    ),
)

MANAGE: Final = Unit(
    UnitKey.MANAGE,
    "Manage the achievement of customer satisfaction",
    (*_STANDARDS, *_PROCESSES, *_PEOPLE, *_MONITORING, *_EVIDENCE),
)
