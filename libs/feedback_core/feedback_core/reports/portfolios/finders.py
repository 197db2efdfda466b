"""The one finder of each kind of record that some capability keeps."""

from typing import Final

from feedback_core.analyses.types import AnalysisKind
from feedback_core.reports.portfolios.kinds import RecordKind as Kind
from feedback_core.reports.portfolios.queries import (
    analyses,
    fieldwork,
    follow_up,
    inbound,
    protection,
    responses,
    service,
    standards,
    surveys,
    telling,
)
from feedback_core.reports.portfolios.records import Finders

FINDERS: Final[Finders] = {
    Kind.FEATURES: service.features,
    Kind.PROCESSES: service.processes,
    Kind.OFFERS: service.offers_and_touchpoints,
    Kind.STANDARDS: standards.standards,
    Kind.BENCHMARKS: standards.benchmarks,
    Kind.PRACTICE_NOTES: standards.practice_notes,
    Kind.VERDICTS: standards.verdicts,
    Kind.SURVEY_VERSIONS: surveys.survey_versions,
    Kind.CONFIDENTIALITY: surveys.confidentiality,
    Kind.COLLECTION: responses.collection,
    Kind.IMPORTS: responses.imports,
    Kind.SOURCES: inbound.sources,
    Kind.MAPPINGS: inbound.mappings,
    Kind.EXPORTS: responses.exports,
    Kind.FIELDWORK: fieldwork.fieldwork_alerts,
    Kind.CORRECTIONS: responses.corrections,
    Kind.INCLUSION_RULES: responses.inclusion_rules,
    Kind.KPI_DEFINITIONS: analyses.kpi_definitions,
    Kind.WEIGHTING: analyses.weighting,
    Kind.SCHEDULES: analyses.schedules,
    Kind.TRENDS: analyses.runs_of(AnalysisKind.TREND),
    Kind.BIAS: analyses.runs_of(AnalysisKind.SAMPLING_BIAS),
    Kind.DRIVERS: analyses.runs_of(AnalysisKind.DRIVERS),
    Kind.THEMES: analyses.runs_of(AnalysisKind.THEMES),
    Kind.REVIEWS: analyses.runs_of(AnalysisKind.REVIEW),
    Kind.EFFECTS: analyses.runs_of(AnalysisKind.EFFECT),
    Kind.DATA_QUALITY: analyses.runs_of(AnalysisKind.DATA_QUALITY),
    Kind.CODEBOOKS: analyses.codebooks,
    Kind.CODINGS: analyses.codings,
    Kind.RECOMMENDATIONS: follow_up.recommendations,
    Kind.PROCEDURES: follow_up.procedures,
    Kind.ACTIONS: follow_up.actions,
    Kind.CASE_RULES: telling.case_rules,
    Kind.CASES: telling.cases,
    Kind.YOU_SAID: telling.you_said,
    Kind.REPORTS: telling.reports,
    Kind.DISTRIBUTIONS: telling.distributions,
    Kind.REPORT_SCHEDULES: telling.report_schedules,
    Kind.AUDIT: protection.audit,
    Kind.SUBJECT_REQUESTS: protection.subject_requests,
}
"""A capability to come adds a line, and a function that reads its tables."""
