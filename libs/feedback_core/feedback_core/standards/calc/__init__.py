"""Pure judgement: intervals against what is asked for, what it takes to decide, and the figures of others."""

from feedback_core.standards.calc.benchmarks import compare_with_benchmark
from feedback_core.standards.calc.needed import answers_to_decide, needed
from feedback_core.standards.calc.sentence import Asked, sentence_of, why_undecided
from feedback_core.standards.calc.verdict import judge_estimate

__all__ = [
    "Asked",
    "answers_to_decide",
    "compare_with_benchmark",
    "judge_estimate",
    "needed",
    "sentence_of",
    "why_undecided",
]
