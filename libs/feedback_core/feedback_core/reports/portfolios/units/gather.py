"""Gathering, analysing and interpreting feedback: 27 criteria in four parts, and how long evidence must reach."""

from typing import Final

from feedback_core.reports.portfolios.kinds import RecordKind as Kind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

_PLAN = (
    Criterion(
        "G1.1",
        "Know which ways of collecting feedback there are",
        (Need("A comparison of methods, or a plan that names those considered", (Kind.METHOD_DECISIONS, Kind.PLANS)),),
    ),
    Criterion(
        "G1.2",
        "Weigh what each way costs against what it brings",
        (Need("A costing of methods, or a comparison that gives costs", (Kind.COSTINGS, Kind.METHOD_DECISIONS)),),
    ),
    Criterion(
        "G1.3",
        "Choose one or more ways",
        (Need("The decision on methods, with its reason", (Kind.METHOD_DECISIONS, Kind.PLANS)),),
    ),
    Criterion(
        "G1.4",
        "Plan what is to be learnt from customers",
        (
            Need("A plan that says what information is needed", (Kind.PLANS,)),
            Need("Questions drafted and published for it", (Kind.SURVEY_VERSIONS,)),
        ),
    ),
    Criterion(
        "G1.5",
        "Keep everything that is asked about the service",
        (
            Need(
                "Published questions, with the feature that each is about",
                (Kind.SURVEY_VERSIONS,),
                mark=Mark.OF_FEATURES,
            ),
            Need("The catalogue of features that questions point to", (Kind.FEATURES,)),
        ),
    ),
    Criterion(
        "G1.6",
        "Plan how it is collected with the chosen ways",
        (Need("A plan with method, sample, dates and people", (Kind.PLANS, Kind.SAMPLES)),),
    ),
)

_GATHER = (
    Criterion(
        "G2.1",
        "Collect with the chosen ways, as planned",
        (Need("Responses, with the method they came by", (Kind.COLLECTION, Kind.IMPORTS, Kind.SOURCES)),),
    ),
    Criterion(
        "G2.2",
        "Watch whether those who answer are those who were to be asked",
        (
            Need(
                "Monitoring against the frame, or an analysis of who was not heard",
                (Kind.FIELDWORK, Kind.BIAS, Kind.SAMPLES),
            ),
        ),
    ),
    Criterion(
        "G2.3",
        "Watch whether what comes in is about the service",
        (Need("What comments speak of, or progress of the fieldwork", (Kind.FIELDWORK, Kind.THEMES, Kind.CODINGS)),),
    ),
    Criterion(
        "G2.4",
        "Record it so that it can be analysed",
        (
            Need(
                "Imports accounted for line by line, mappings, or exports with their codebook",
                (Kind.IMPORTS, Kind.MAPPINGS, Kind.EXPORTS, Kind.CORRECTIONS),
            ),
        ),
    ),
    Criterion(
        "G2.5",
        "Respect the wish not to be identified",
        (
            Need(
                "What a survey promises, and what was done when somebody asked",
                (Kind.CONFIDENTIALITY, Kind.SUBJECT_REQUESTS, Kind.AUDIT),
            ),
        ),
    ),
)

_ANALYSE = (
    Criterion(
        "G3.1",
        "Bring data together to find patterns and trends",
        (Need("Analyses of trends or themes, or a review", (Kind.TRENDS, Kind.THEMES, Kind.REVIEWS)),),
    ),
    Criterion(
        "G3.2",
        "Calculate what sums them up",
        (
            Need("Definitions of what is calculated", (Kind.KPI_DEFINITIONS, Kind.WEIGHTING)),
            Need("Analyses made with them", (Kind.TRENDS, Kind.DRIVERS, Kind.REVIEWS)),
        ),
    ),
    Criterion(
        "G3.3",
        "Present the analysis so that it is easily understood",
        (Need("Reports, as they were written", (Kind.REPORTS,)),),
    ),
    Criterion(
        "G3.4",
        "Read it against what the organisation offers and how it works",
        (
            Need("Features tied to offers and processes", (Kind.FEATURES,), mark=Mark.TIED),
            Need("The offers and processes themselves", (Kind.OFFERS, Kind.PROCESSES)),
            Need("Analyses whose findings carry those ties", (Kind.REVIEWS, Kind.DRIVERS)),
        ),
    ),
    Criterion(
        "G3.5",
        "Recommend changes that answer what customers said",
        (Need("Recommendations with the figures they rest on", (Kind.RECOMMENDATIONS,)),),
    ),
    Criterion(
        "G3.6",
        "Use feedback to tell customers, and to stay in touch with them",
        (Need("What was told back, or cases followed up", (Kind.YOU_SAID, Kind.CASES, Kind.CASE_RULES)),),
    ),
)

_UNDERSTAND = (
    Criterion(
        "G4.1",
        "Explain random sampling, and how bias of other samples is judged",
        (
            Need("Samples drawn, with the way they were drawn", (Kind.SAMPLES,)),
            Need("Analyses of sampling bias", (Kind.BIAS,)),
        ),
    ),
    Criterion(
        "G4.2",
        "Know how questionnaires are designed",
        (
            Need(
                "Questionnaires as published, with their versions, and what was weighed about their questions",
                (Kind.SURVEY_VERSIONS, Kind.LINT_WAIVERS),
            ),
        ),
    ),
    Criterion(
        "G4.3",
        "Know what makes an interview work",
        (Need("Interview guides and sessions", (Kind.INTERVIEWS,)),),
    ),
    Criterion("G4.4", "Explain how the cost of a survey is worked out", (Need("A costing", (Kind.COSTINGS,)),)),
    Criterion(
        "G4.5",
        "Describe how collecting is watched",
        (Need("Monitoring of fieldwork, or of the quality of answers", (Kind.FIELDWORK, Kind.DATA_QUALITY)),),
    ),
    Criterion(
        "G4.6",
        "Explain how software records and analyses feedback",
        (
            Need("Systems and files that responses came from", (Kind.SOURCES, Kind.IMPORTS, Kind.EXPORTS)),
            Need(
                "Analyses made, or set up to run by themselves",
                (Kind.SCHEDULES, Kind.TRENDS, Kind.BIAS, Kind.DRIVERS, Kind.THEMES, Kind.REVIEWS),
            ),
        ),
    ),
    Criterion(
        "G4.7",
        "Describe ways to show data so that it is understood",
        (Need("Reports in different forms", (Kind.REPORTS, Kind.REPORT_SCHEDULES)),),
    ),
    Criterion(
        "G4.8",
        "Explain statistics that sum up trends and patterns",
        (Need("Analyses with their method", (Kind.TRENDS, Kind.DRIVERS, Kind.BIAS, Kind.EFFECTS)),),
    ),
    Criterion(
        "G4.9",
        "Describe how the organisation takes recommendations",
        (Need("The procedure, in its versions", (Kind.PROCEDURES,)),),
    ),
    Criterion(
        "G4.10",
        "Compare written, telephone, face-to-face, group and online collection",
        (
            Need(
                "A comparison of methods, before or after they were used",
                (Kind.METHOD_DECISIONS, Kind.COSTINGS, Kind.METHOD_EFFECTIVENESS),
            ),
        ),
    ),
)

_THROUGHOUT = (
    Criterion(
        "G-ev",
        "Show all this from real work, over time and on different occasions",
        (
            Need("Responses whose dates reach over the time", (Kind.COLLECTION,)),
            Need("Analyses and reports made on different days", (Kind.TRENDS, Kind.REVIEWS, Kind.REPORTS), days=2),
        ),
    ),
)

GATHER: Final = Unit(
    UnitKey.GATHER,
    "Gather, analyse and interpret customer feedback",
    (*_PLAN, *_GATHER, *_ANALYSE, *_UNDERSTAND, *_THROUGHOUT),
)
