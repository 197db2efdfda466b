"""How right the lint is: precision and recall of each rule on labelled questions, each half apart.

``python -m bench.lint_accuracy`` writes ``bench/lint.json``.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.report import Measured
from feedback_core.surveys.lint.calc import lint_questionnaire
from feedback_core.surveys.lint.types import RuleId
from feedback_core.surveys.types import questionnaire_from_json

ROOT: Final = Path(__file__).resolve().parents[1]
LABELLED: Final = ROOT / "tests/reference/labelled_questions.jsonl"
KEPT: Final = ROOT / "bench/lint.json"

LABELS: Final = (
    RuleId.LEADING,
    RuleId.LOADED,
    RuleId.DOUBLE_BARRELLED,
    RuleId.ABSOLUTE,
    RuleId.DOUBLE_NEGATIVE,
    RuleId.JARGON,
    RuleId.HARD_TO_READ,
    RuleId.HYPOTHETICAL,
    RuleId.ASSUMPTIVE,
    RuleId.RECALL_MISSING,
    RuleId.RECALL_TOO_LONG,
    RuleId.SENSITIVE,
    RuleId.NPS_WORDING,
    RuleId.AGREE_DISAGREE,
    RuleId.UNBALANCED_SCALE,
    RuleId.UNLABELLED_SCALE,
    RuleId.OVERLAPPING_OPTIONS,
    RuleId.GAPPED_OPTIONS,
    RuleId.MISSING_WAY_OUT,
)
"""Rules about one question by itself; every other is about a questionnaire, or counts."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the faults that it was written to have; none: it was written to have none.

    Attributes:
        first_label: the fault that it was written for; empty: none.
    """

    id: str
    half: str
    language: str
    labels: frozenset[str]
    first_label: str
    question: dict[str, object]

    def found(self) -> frozenset[str]:
        """The faults that the lint finds in it, of those that are labelled."""
        document = {"title": "Labelled", "language": self.language, "questions": [self.question]}
        return frozenset(
            finding.rule.value for finding in lint_questionnaire(questionnaire_from_json(document)).findings
        ) & set(LABELS)


@dataclass(frozen=True, slots=True)
class Score:
    """Of one rule, or of all: labels found (``hits``), findings without a label, labels not found."""

    hits: int
    false_alarms: int
    misses: int

    @property
    def precision(self) -> float | None:
        """Share of the findings that are labelled; ``None``: there are none."""
        return round(self.hits / (self.hits + self.false_alarms), 3) if self.hits + self.false_alarms else None

    @property
    def recall(self) -> float | None:
        """Share of the labels that are found; ``None``: there are none."""
        return round(self.hits / (self.hits + self.misses), 3) if self.hits + self.misses else None


def labelled_questions(half: str | None = None) -> list[Labelled]:
    """Those of one half (``tuning``, ``held_out``), or all."""
    rows = (json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines())
    found = [
        Labelled(
            row["id"],
            row["half"],
            row["language"],
            frozenset(row["labels"]),
            (row["labels"] or [""])[0],
            row["question"],
        )
        for row in rows
    ]
    return [one for one in found if half in {None, one.half}]


def scores(questions: Sequence[Labelled]) -> dict[str, Score]:
    """By rule; ``overall``: all labels; ``any``: whether a question has any fault at all."""
    pairs = [(one.labels, one.found()) for one in questions]
    by_rule = {rule.value: _score((rule in labels, rule in found) for labels, found in pairs) for rule in LABELS}
    overall = _score((label in labels, label in found) for labels, found in pairs for label in LABELS)
    return {**by_rule, "overall": overall, "any": _score((bool(labels), bool(found)) for labels, found in pairs)}


def _score(pairs: Iterable[tuple[bool, bool]]) -> Score:
    hits = alarms = misses = 0
    for is_labelled, is_found in pairs:
        hits += is_labelled and is_found
        alarms += is_found and not is_labelled
        misses += is_labelled and not is_found
    return Score(hits, alarms, misses)


def measured() -> dict[str, object]:
    """Everything that is kept: each half, and what was written after the rules."""
    found: dict[str, object] = {}
    for half in ("tuning", "held_out", "later"):
        questions = labelled_questions(half)
        shown = {
            rule: {**asdict(score), "precision": score.precision, "recall": score.recall}
            for rule, score in scores(questions).items()
        }
        languages = {}
        for language in sorted({one.language for one in questions}):
            some = [one for one in questions if one.language == language]
            score = scores(some)["overall"]
            languages[language] = {"questions": len(some), "precision": score.precision, "recall": score.recall}
        good = sum(not one.labels for one in questions)
        found[half] = {"questions": len(questions), "without_fault": good, "rules": shown, "languages": languages}
    return found


def lint() -> list[Measured]:
    """The main figures; and what a questionnaire of 500 questions takes beside reading its document."""
    found = measured()
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    held_out = scores(labelled_questions("held_out"))["overall"]
    questions = [{**one.question, "key": f"q{place}"} for place, one in enumerate(labelled_questions())]
    document = {"title": "Many", "language": "en", "questions": (questions * 2)[:500]}
    read = min(_timed(lambda: questionnaire_from_json(document)) for _ in range(3))
    questionnaire = questionnaire_from_json(document)
    took = min(_timed(lambda: lint_questionnaire(questionnaire)) for _ in range(3))
    return [
        Measured("lint, precision on questions held out", "", held_out.precision or 0, None, 0.9),
        Measured("lint, recall on questions held out", "", held_out.recall or 0, None, 0.9),
        Measured("lint of 500 questions, over reading their document", "s", took, read, 100, at_least=False),
    ]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    KEPT.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
