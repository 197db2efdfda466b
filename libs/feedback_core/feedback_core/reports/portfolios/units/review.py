"""Reviewing the quality of customer service: 17 criteria in three parts, and six requirements on the evidence."""

from typing import Final

from feedback_core.reports.portfolios.kinds import RecordKind as Kind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

_ANALYSES = (Kind.TRENDS, Kind.BIAS, Kind.DRIVERS, Kind.THEMES, Kind.REVIEWS)

_PLAN = (
    Criterion(
        "R1.1",
        "Find what in the service makes customers satisfied or not",
        (Need("The catalogue of features, or what was found to matter", (Kind.FEATURES, Kind.DRIVERS)),),
    ),
    Criterion(
        "R1.2",
        "Plan how those features are watched",
        (
            Need("A plan with features, methods and dates", (Kind.PLANS,)),
            Need("Questionnaires about them, and analyses set up to run", (Kind.SURVEY_VERSIONS, Kind.SCHEDULES)),
        ),
    ),
    Criterion(
        "R1.3",
        "Plan how what comes in is analysed",
        (
            Need(
                "What is calculated, weighted and sorted, fixed in versions",
                (Kind.PLANS, Kind.KPI_DEFINITIONS, Kind.WEIGHTING, Kind.CODEBOOKS, Kind.SCHEDULES),
            ),
        ),
    ),
)

_CARRY_OUT = (
    Criterion(
        "R2.1",
        "Carry the plans out",
        (Need("Responses that came in", (Kind.COLLECTION, Kind.IMPORTS, Kind.SOURCES, Kind.FIELDWORK)),),
    ),
    Criterion("R2.2", "Analyse what came in", (Need("Analyses that were made", _ANALYSES),)),
    Criterion(
        "R2.3",
        "Hold what was found against the criteria that were set",
        (
            Need("Standards that were set", (Kind.STANDARDS,)),
            Need("Verdicts on them", (Kind.VERDICTS,)),
        ),
    ),
    Criterion(
        "R2.4",
        "Change the plans where methods do not serve",
        (
            Need(
                "Revisions of a plan, with the sign that led to it; later versions of a questionnaire or rule",
                (Kind.PLANS, Kind.SURVEY_VERSIONS, Kind.INCLUSION_RULES),
                mark=Mark.REVISED,
            ),
        ),
    ),
    Criterion(
        "R2.5",
        "Tell colleagues the results",
        (
            Need("Reports, as they were written", (Kind.REPORTS,)),
            Need("That they were passed on", (Kind.DISTRIBUTIONS,), mark=Mark.PASSED_ON),
        ),
    ),
    Criterion(
        "R2.6",
        "Agree what is done about it",
        (Need("Actions that everybody named has agreed to", (Kind.ACTIONS,), mark=Mark.AGREED),),
    ),
)

_UNDERSTAND = (
    Criterion(
        "R3.1",
        "Explain why quality of service is measured",
        (Need("Effects that were measured, or reviews that led to decisions", (Kind.EFFECTS, Kind.REVIEWS)),),
    ),
    Criterion(
        "R3.2",
        "Explain what in the process makes customers satisfied",
        (
            Need("What was found to matter", (Kind.DRIVERS,)),
            Need("Features and the processes behind them", (Kind.FEATURES, Kind.PROCESSES)),
        ),
    ),
    Criterion(
        "R3.3",
        "Explain how criteria are chosen",
        (Need("Standards with their reasons, and what importance was measured", (Kind.STANDARDS, Kind.DRIVERS)),),
    ),
    Criterion(
        "R3.4",
        "Explain how a sample is made representative",
        (Need("Samples drawn, weighting, or analyses of bias", (Kind.SAMPLES, Kind.WEIGHTING, Kind.BIAS)),),
    ),
    Criterion(
        "R3.5",
        "Describe ways to collect information",
        (Need("Methods compared, or used", (Kind.METHOD_DECISIONS, Kind.COLLECTION, Kind.SOURCES)),),
    ),
    Criterion("R3.6", "Describe ways to analyse it", (Need("Analyses with their method", (*_ANALYSES, Kind.EFFECTS)),)),
    Criterion(
        "R3.7",
        "Explain how recommendations follow from measuring",
        (Need("Recommendations with the figures they rest on", (Kind.RECOMMENDATIONS,)),),
    ),
    Criterion(
        "R3.8",
        "Explain how the organisation takes recommendations",
        (Need("The procedure, in its versions", (Kind.PROCEDURES,)),),
    ),
)

_EVIDENCE = (
    Criterion(
        "R-ev.1",
        "Evidence from a real job with real customers",
        (
            Need("Responses that came in", (Kind.COLLECTION,)),
            Need("That it was a real job, which somebody must confirm: this service cannot tell"),
        ),
    ),
    Criterion(
        "R-ev.2",
        "Evidence from a private, public or not-for-profit organisation",
        (Need("A statement of what kind of organisation it is: this service does not keep it"),),
    ),
    Criterion(
        "R-ev.3",
        "Evidence over a long enough time",
        (
            Need("Responses whose dates reach over the time", (Kind.COLLECTION,)),
            Need("Analyses made on different days", _ANALYSES, days=2),
            Need("Recommendations and actions of different days", (Kind.RECOMMENDATIONS, Kind.ACTIONS), days=2),
        ),
    ),
    Criterion(
        "R-ev.4",
        "Information in numbers and in words",
        (
            Need("Analyses of numbers", (Kind.TRENDS, Kind.DRIVERS, Kind.BIAS, Kind.REVIEWS)),
            Need("Analyses of words", (Kind.THEMES, Kind.CODINGS)),
        ),
    ),
    Criterion(
        "R-ev.5",
        "Results told in a way that fits the job",
        (Need("That reports were passed on, and how", (Kind.DISTRIBUTIONS,), mark=Mark.PASSED_ON),),
    ),
    Criterion(
        "R-ev.6",
        "Results told to three groups of people",
        (
            Need(
                "Reports passed on to three different groups",
                (Kind.DISTRIBUTIONS,),
                different=3,
                mark=Mark.PASSED_ON,
            ),
        ),
    ),
)

REVIEW: Final = Unit(
    UnitKey.REVIEW,
    "Review the quality of customer service",
    (*_PLAN, *_CARRY_OUT, *_UNDERSTAND, *_EVIDENCE),
)
