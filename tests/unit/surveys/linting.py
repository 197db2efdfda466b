"""Questionnaires held against the lint, from the JSON that a caller would write."""

from typing import Any

from feedback_core.surveys.lint.calc import lint_questionnaire
from feedback_core.surveys.lint.types import Known, Linted, LintFinding, OwnWord, WordList
from feedback_core.surveys.types import questionnaire_from_json

Json = dict[str, Any]
NOTHING_SERVED = {"serves_nothing"}


def lint(*questions: Json, language: str = "en", known: Known | None = None, **fields: Any) -> Linted:
    document = {"title": "Visit", "language": language, "questions": list(questions), **fields}
    return lint_questionnaire(questionnaire_from_json(document), known)


def asked(text: Any, kind: str = "text", key: str = "asked", **fields: Any) -> Json:
    return {"key": key, "type": kind, "text": text, **fields}


def chosen(*labels: Any, text: Any = "Which?", kind: str = "single_choice", **fields: Any) -> Json:
    choices = [{"key": f"c{place}", "label": label} for place, label in enumerate(labels)]
    return asked(text, kind, choices=choices, **fields)


def rated(text: Any, low: int = 1, high: int = 5, **fields: Any) -> Json:
    return asked(text, "rating", scale={"min": low, "max": high}, **fields)


def rules(linted: Linted) -> set[str]:
    """Every rule that found something, but for what the question serves."""
    return {finding.rule.value for finding in linted.findings} - NOTHING_SERVED


def findings(linted: Linted, rule: str) -> list[LintFinding]:
    return [finding for finding in linted.findings if finding.rule.value == rule]


def only(linted: Linted, rule: str) -> LintFinding:
    (finding,) = findings(linted, rule)
    return finding


def own(word_list: WordList, *words: OwnWord | str) -> Known:
    return Known(words={word_list: tuple(OwnWord(word) if isinstance(word, str) else word for word in words)})
