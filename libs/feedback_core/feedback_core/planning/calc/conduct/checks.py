"""What a plan should be warned of before it is approved, and whenever it is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feedback_core.planning.calc.conduct.effort_checks import effort_findings
from feedback_core.planning.calc.conduct.sample_checks import sample_findings
from feedback_core.planning.catalogue import CATALOGUE
from feedback_core.planning.types.plan_findings import PlanFinding, Severity
from feedback_core.planning.types.plans import PlanDetails, PlanKind
from feedback_core.surveys.types import Confidentiality


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What a plan is held against.

    Attributes:
        questions: of its survey, each with the feature that it is about; ``None``: it has no survey.
        confidentiality: of the survey.
        features: those of the plan's features that are there.
    """

    questions: Mapping[str, str | None] | None
    confidentiality: Confidentiality | None
    features: frozenset[str]


def check_plan(details: PlanDetails, context: PlanContext) -> tuple[PlanFinding, ...]:
    """Everything that should be seen to; what makes the plan impossible to carry out comes first."""
    found = [*_features(details, context), *effort_findings(details)]
    if details.kind is PlanKind.COLLECTION:
        found += [
            *_methods(details),
            *_needs(details, context),
            *sample_findings(details),
            *_promises(details, context),
        ]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.FAULT))


def _methods(details: PlanDetails) -> Iterator[PlanFinding]:
    if not details.methods:
        yield PlanFinding("no_method", "/methods", "Say by which methods feedback is collected.", Severity.FAULT)
        return
    if len({method.method for method in details.methods}) == 1:
        only = CATALOGUE[details.methods[0].method]
        detail = (
            f"The plan rests on one method, and whom {only.name.lower()} does not reach stays unheard: "
            "take at least two that differ."
        )
        yield PlanFinding("one_method_only", "/methods", detail)
    if details.decision is None:
        detail = "Record why these methods were chosen, by whom, and what was not chosen."
        yield PlanFinding("no_decision", "/decision", detail)
    profiles = [CATALOGUE[method.method] for method in details.methods]
    if any(profile.interviewing or profile.is_deep for profile in profiles) and not details.scripts:
        yield PlanFinding(
            "no_script", "/scripts", "Somebody asks: write down what is said, so that all are asked alike."
        )
    figures = details.analysis is not None and (details.analysis.kpis or details.analysis.comparisons)
    if figures and not any(profile.is_asked and profile.depth != "qualitative" for profile in profiles):
        detail = "Figures are planned, and none of the methods gives one of all customers."
        yield PlanFinding("no_figures_from_methods", "/methods", detail)


def _needs(details: PlanDetails, context: PlanContext) -> Iterator[PlanFinding]:
    if not details.needs:
        yield PlanFinding(
            "no_need", "/needs", "Say what you need to know; without it no question is one too many.", Severity.FAULT
        )
    if context.questions is None:
        yield PlanFinding("no_survey", "/survey_id", "Name the survey, so that needs and questions can be compared.")
    asked = context.questions or {}
    for place, need in enumerate(details.needs):
        if not need.questions:
            yield PlanFinding("need_without_question", f"/needs/{place}", f"No question tells: {need.text}")
        if context.questions is None:
            continue
        for position, key in enumerate(need.questions):
            if key not in asked:
                detail = f"The survey has no question {key}."
                yield PlanFinding("question_not_in_survey", f"/needs/{place}/questions/{position}", detail)
    needed = {key for need in details.needs for key in need.questions}
    for key in asked:
        if key not in needed:
            detail = f"Nobody needs the question {key}: leave it out, or say what it is for."
            yield PlanFinding("question_without_need", "/needs", detail)


def _features(details: PlanDetails, context: PlanContext) -> Iterator[PlanFinding]:
    covered = {need.feature for need in details.needs} | set((context.questions or {}).values())
    for place, key in enumerate(details.features):
        if key not in context.features:
            yield PlanFinding("feature_gone", f"/features/{place}", f"There is no feature {key} any more.")
        elif details.kind is PlanKind.COLLECTION and key not in covered:
            detail = f"{key} is to be watched, and no need and no question is about it."
            yield PlanFinding("feature_not_covered", f"/features/{place}", detail)
    if details.kind is PlanKind.COLLECTION and not details.features:
        yield PlanFinding("no_feature", "/features", "Say which features of the service are watched.")


def _promises(details: PlanDetails, context: PlanContext) -> Iterator[PlanFinding]:
    promised = details.confidentiality
    if promised is None:
        yield PlanFinding("no_confidentiality", "/confidentiality", "Say what is kept of who answers.")
    elif context.confidentiality is not None and not context.confidentiality.is_at_least_as_strict_as(promised):
        detail = f"The plan promises {promised} answers, and the survey allows {context.confidentiality} ones."
        yield PlanFinding("survey_less_strict", "/confidentiality", detail)
    if details.retention_days is None:
        yield PlanFinding("no_retention", "/retention_days", "Say how long what was said is kept.")
