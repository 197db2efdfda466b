"""What each question serves: a feature of the service, or a standard that is held against it."""

from collections.abc import Iterator
from difflib import get_close_matches

from feedback_core.kit.pointers import step
from feedback_core.surveys.lint.types import Focus, Known, LintFinding, RuleId
from feedback_core.surveys.types import Question, Questionnaire


def focus_of(questionnaire: Questionnaire, known: Known) -> Focus:
    """Which features and standards each question serves, and which have no question."""
    serves = {question.key: _served(question, known) for question in questionnaire.questions}
    asked = {question.feature for question in questionnaire.questions if question.feature is not None}
    measured = {name for served in serves.values() for name in served}
    return Focus(
        questions=serves,
        unserving=tuple(key for key, served in serves.items() if not served),
        features_without_question=tuple(sorted(known.features.keys() - asked - known.asked_elsewhere)),
        standards_without_question=tuple(
            aim.standard for aim in known.aims if f"standard:{aim.standard}" not in measured
        ),
    )


def focus_findings(questionnaire: Questionnaire, focus: Focus, known: Known) -> Iterator[LintFinding]:
    """Questions that serve nothing, features that are not in the catalogue, standards that nothing measures."""
    for index, question in enumerate(questionnaire.questions):
        pointer, place = f"/questions/{index}", f"/questions{step(question.key)}"
        if not focus.questions.get(question.key):
            what = "No feature of the service and no standard is served by it: nothing follows from its answers."
            how = "Name the feature that it is about (`feature`), hold a standard against it, or leave it out."
            yield LintFinding(RuleId.SERVES_NOTHING, pointer, place, what, how, about=question.key)
        if question.feature is not None and question.feature not in known.features:
            like = get_close_matches(question.feature, known.features, n=1)
            what = f"There is no feature {question.feature} yet: publishing makes one."
            how = f"Write {like[0]}, if that is meant." if like else "Put it into the catalogue first, or leave it so."
            yield LintFinding(
                RuleId.NEW_FEATURE, f"{pointer}/feature", f"{place}/feature", what, how, tuple(like), question.feature
            )
    for standard in focus.standards_without_question:
        what = f"The standard {standard} is held against this survey, and no question of it measures it."
        how = "Ask the question that it is measured by, or hold the standard against another survey."
        yield LintFinding(RuleId.STANDARD_NOT_ASKED, "", f"/standards{step(standard)}", what, how)


def _served(question: Question, known: Known) -> tuple[str, ...]:
    feature = () if question.feature is None else (f"feature:{question.feature}",)
    standards = (
        f"standard:{aim.standard}"
        for aim in known.aims
        if (question.key in aim.questions if aim.questions else question.type.value in aim.types)
    )
    return (*feature, *standards)
