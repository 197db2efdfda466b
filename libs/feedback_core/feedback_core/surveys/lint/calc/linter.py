"""The walk over a questionnaire, language by language."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from feedback_core.surveys.lint.calc import wording
from feedback_core.surveys.lint.calc.agreement import agree_disagree
from feedback_core.surveys.lint.calc.barrels import double_barrelled
from feedback_core.surveys.lint.calc.branches import branches
from feedback_core.surveys.lint.calc.burden import burden_of, too_long
from feedback_core.surveys.lint.calc.focus import focus_findings, focus_of
from feedback_core.surveys.lint.calc.languages import compare_languages
from feedback_core.surveys.lint.calc.lens import Lens, lens_for
from feedback_core.surveys.lint.calc.negation import double_negative
from feedback_core.surveys.lint.calc.nps import nps_wording
from feedback_core.surveys.lint.calc.options import long_list, missing_way_out, ranges
from feedback_core.surveys.lint.calc.order import (
    long_matrix,
    mostly_required,
    overall_after_specifics,
    sensitive_first,
)
from feedback_core.surveys.lint.calc.reading import WITHOUT_SPACES, hard_to_read, readability_of, reading_level
from feedback_core.surveys.lint.calc.recall import recall_missing, recall_too_long
from feedback_core.surveys.lint.calc.scales import scale_direction, unbalanced_scale, unlabelled_scale
from feedback_core.surveys.lint.calc.texts import Asked, Reading, Said, readings, root_of
from feedback_core.surveys.lint.lexicons import LANGUAGES
from feedback_core.surveys.lint.rules import RULES
from feedback_core.surveys.lint.types import Known, Linted, LintFinding, NotApplied, RuleId
from feedback_core.surveys.types import Questionnaire

_OF_A_QUESTION: Final[Sequence[Callable[[Asked, Said, Lens], Iterator[LintFinding]]]] = (
    wording.leading,
    wording.loaded,
    double_barrelled,
    wording.absolute,
    double_negative,
    wording.jargon,
    wording.hypothetical,
    wording.assumptive,
    recall_missing,
    recall_too_long,
    wording.sensitive,
    wording.long_text,
    nps_wording,
    agree_disagree,
    unbalanced_scale,
    unlabelled_scale,
    ranges,
    missing_way_out,
    long_list,
)
_OF_A_LANGUAGE: Final[Sequence[Callable[[Reading, Lens], Iterator[LintFinding]]]] = (
    scale_direction,
    overall_after_specifics,
    sensitive_first,
)
_BY_FORMULA: Final = (RuleId.HARD_TO_READ, RuleId.READING_LEVEL)


def lint_questionnaire(questionnaire: Questionnaire, known: Known | None = None) -> Linted:
    """Everything that the rules find, in reading order; a questionnaire with faults is read as far as it goes.

    Args:
        questionnaire: a draft or a version.
        known: the organisation's words, features and standards; none if left out.
    """
    known = known or Known()
    read = readings(questionnaire)
    findings: list[LintFinding] = []
    for reading in read:
        lens = lens_for(reading.language, known.words)
        for asked in reading.questions:
            findings += _in_question(asked, lens)
        for rule in _OF_A_LANGUAGE:
            findings += rule(reading, lens)
    for asked in read[0].questions:
        findings += long_matrix(asked)
    readability = tuple(readability_of(reading) for reading in read)
    burden, focus = burden_of(questionnaire, read[0]), focus_of(questionnaire, known)
    findings += branches(questionnaire)
    findings += compare_languages(read)
    findings += mostly_required(questionnaire)
    findings += too_long(burden)
    findings += focus_findings(questionnaire, focus, known)
    for found in readability:
        findings += reading_level(found)
    return Linted(
        languages=tuple(reading.language for reading in read),
        findings=tuple(sorted(findings, key=_place)),
        readability=readability,
        burden=burden,
        focus=focus,
        not_applied=tuple(left for reading in read if (left := _not_applied(reading.language)) is not None),
    )


def _in_question(asked: Asked, lens: Lens) -> Iterator[LintFinding]:
    if asked.text is None:
        return
    for rule in _OF_A_QUESTION:
        yield from rule(asked, asked.text, lens)
    yield from hard_to_read(asked, asked.text)


def _place(finding: LintFinding) -> tuple[list[tuple[int, int, str]], int]:
    """In reading order: numbers of a pointer are counted, and the whole goes before its parts."""
    parts = finding.pointer.split("/")
    return (
        [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part],
        finding.span.start if finding.span else 0,
    )


def _not_applied(language: str) -> NotApplied | None:
    root = root_of(language)
    rules = [rule.id for rule in RULES.values() if rule.languages is not None and root not in rule.languages]
    if root in WITHOUT_SPACES:
        rules += _BY_FORMULA
    if not rules:
        return None
    if root in LANGUAGES:
        reason = f"These rules have no words for {root} yet."
    else:
        reason = f"There are no word lists for {root}: own words are found, and what needs no words."
    if root not in WITHOUT_SPACES and root not in LANGUAGES:
        reason += " How hard it is to read is told by the length of words and sentences."
    return NotApplied(language, tuple(rules), reason)
