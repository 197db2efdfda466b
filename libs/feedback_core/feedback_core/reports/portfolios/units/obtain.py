"""Obtaining and using customer feedback: five outcomes, five criteria, and what guidance and common mistakes ask."""

from typing import Final

from feedback_core.reports.portfolios.kinds import RecordKind as Kind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

_ANALYSES = (Kind.TRENDS, Kind.THEMES, Kind.DRIVERS, Kind.REVIEWS)

_OUTCOMES = (
    Criterion(
        "O-LO1",
        "Find fitting ways to collect feedback",
        (Need("Methods compared, or a plan that names them", (Kind.METHOD_DECISIONS, Kind.PLANS)),),
    ),
    Criterion(
        "O-LO2",
        "Record feedback accurately",
        (
            Need(
                "Responses as they came in, by whichever way",
                (Kind.COLLECTION, Kind.IMPORTS, Kind.SOURCES, Kind.MAPPINGS),
            ),
        ),
    ),
    Criterion(
        "O-LO3",
        "Analyse feedback for trends and for what could be better",
        (Need("Analyses that were made", _ANALYSES),),
    ),
    Criterion(
        "O-LO4",
        "Present what was found to those who decide",
        (Need("Reports, as they were written", (Kind.REPORTS, Kind.DISTRIBUTIONS)),),
    ),
    Criterion(
        "O-LO5",
        "Judge how well ways of collecting served their purpose",
        (
            Need(
                "Methods compared by what they brought, fieldwork, bias of who answered, or quality of answers",
                (Kind.METHOD_EFFECTIVENESS, Kind.FIELDWORK, Kind.BIAS, Kind.DATA_QUALITY),
            ),
        ),
    ),
)

_CRITERIA = (
    Criterion(
        "O-AC1",
        "Use two or more different methods",
        (Need("Responses by two different methods", (Kind.COLLECTION,), different=2),),
    ),
    Criterion(
        "O-AC2",
        "Take down what was said without changing or leaving out anything",
        (
            Need(
                "Imports accounted for line by line, deliveries kept as they came, corrections on record",
                (Kind.IMPORTS, Kind.SOURCES, Kind.CORRECTIONS, Kind.AUDIT),
            ),
        ),
    ),
    Criterion(
        "O-AC3",
        "Keep it in a structured form",
        (Need("Questionnaires, mappings, exports, reports", (Kind.SURVEY_VERSIONS, Kind.MAPPINGS, Kind.EXPORTS)),),
    ),
    Criterion(
        "O-AC4",
        "Lead from the analysis to recommendations that can be acted on",
        (
            Need("Analyses", _ANALYSES),
            Need("Recommendations that name them", (Kind.RECOMMENDATIONS,)),
        ),
    ),
    Criterion(
        "O-AC5",
        "Keep to the organisation's procedures",
        (Need("The procedure, in its versions", (Kind.PROCEDURES,)),),
    ),
)

_GUIDANCE = (
    Criterion(
        "O-AG1",
        "Tie the analysis to standards or KPIs",
        (Need("Standards, verdicts or definitions of KPIs", (Kind.STANDARDS, Kind.VERDICTS, Kind.KPI_DEFINITIONS)),),
    ),
    Criterion(
        "O-AG2",
        "Show the tools that feedback was collected with",
        (Need("Questionnaires, interview guides", (Kind.SURVEY_VERSIONS, Kind.INTERVIEWS)),),
    ),
    Criterion(
        "O-AG3",
        "Say why a method fits the kind of feedback that is needed",
        (Need("The decision on methods, with its reason", (Kind.METHOD_DECISIONS, Kind.PLANS)),),
    ),
    Criterion(
        "O-AG4",
        "State the purpose, and how data supports conclusions",
        (
            Need("A plan with its purpose", (Kind.PLANS,)),
            Need("Recommendations with the figures they rest on", (Kind.RECOMMENDATIONS,)),
        ),
    ),
)

_MISTAKES = (
    Criterion(
        "O-CM1",
        "Do not lead respondents, nor record wrongly",
        (
            Need(
                "Questionnaires as published, and what was weighed about their questions",
                (Kind.SURVEY_VERSIONS, Kind.LINT_WAIVERS),
            ),
            Need("What was wrong in files, and what was set aside", (Kind.IMPORTS, Kind.CORRECTIONS)),
        ),
    ),
    Criterion(
        "O-CM2",
        "Keep feedback anonymous where that is asked for",
        (Need("What a survey promises, and what was made anonymous", (Kind.CONFIDENTIALITY, Kind.AUDIT)),),
    ),
    Criterion(
        "O-CM3",
        "Tell opinion and measured fact apart",
        (Need("Reports and standards, which mark each", (Kind.REPORTS, Kind.STANDARDS)),),
    ),
    Criterion(
        "O-CM4",
        "Follow analysis through to action",
        (
            Need("Recommendations that were decided on", (Kind.RECOMMENDATIONS,), mark=Mark.DECIDED),
            Need("Actions that came of them", (Kind.ACTIONS,)),
        ),
    ),
    Criterion(
        "O-CM5",
        "Do not rest on one method only",
        (Need("Responses by two different methods", (Kind.COLLECTION,), different=2),),
    ),
)

OBTAIN: Final = Unit(
    UnitKey.OBTAIN,
    "Obtain and use customer feedback",
    (*_OUTCOMES, *_CRITERIA, *_GUIDANCE, *_MISTAKES),
)
