"""How right, how fast and how heavy language, sentiment and themes are, on real comments that people coded.

``python -m bench.texts`` prints and keeps the whole accuracy in ``texts.json``. The part ``texts`` of the bench holds
the main figures against those of simple rules in the same run.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.report import Measured
from bench.text_accuracy import (
    SEED,
    english_named,
    language_accuracy,
    learnt_accuracy,
    suggestion_accuracy,
    tone_accuracy,
)
from bench.text_data import banking, by_respondent, nhs_comments
from feedback_core.themes.calc import detect_language, learn_coding, sentiment_of, suggest_themes

RESULTS = Path(__file__).parent / "texts.json"
# Words were chosen with an eye on the other half of the respondents of this split.
TONE_SPLIT = 7
CODING_SPLIT = 77
COMMENTS = 10_000
LETTERS = 20_000


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds of the processor for 10,000 comments, and the peak of memory of the process in MB."""

    languages: float
    sentiment: float
    suggestions: float
    coding: float
    a_long_word: float
    as_many_letters_in_words: float
    megabytes: float


def accuracies() -> dict[str, Any]:
    """Every figure of accuracy, by what is told."""
    nhs = nhs_comments()
    coded = by_respondent([one for one in nhs if one.coded], seed=CODING_SPLIT, share=0.7)
    toned = by_respondent([one for one in nhs if one.sentiment is not None], seed=TONE_SPLIT, share=0.5)
    train, test = banking("train"), banking("test")
    english = [one.text for one in nhs]
    return {
        "languages": {
            "sentences": asdict(language_accuracy(expected=False)),
            "sentences_of_an_expected_language": asdict(language_accuracy(expected=True)),
            "nhs_named_english_and_other": english_named(english),
            "nhs_named_english_and_other_where_expected": english_named(english, expected=("en", "es")),
        },
        "sentiment_of_nhs": {name: asdict(one) for name, one in tone_accuracy(toned.held_out).items()},
        "coding_of_nhs": asdict(learnt_accuracy(coded.learning, coded.held_out)),
        "coding_of_banking77": asdict(learnt_accuracy(train, test)),
        "suggestions_of_nhs": asdict(suggestion_accuracy(nhs, most=12)),
        "suggestions_of_banking77": asdict(suggestion_accuracy(test, most=77)),
    }


def texts() -> list[Measured]:
    """The main figures against those of simple rules, and what 10,000 comments take in a process of their own."""
    found = accuracies()
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    tones, nhs, bank = found["sentiment_of_nhs"], found["coding_of_nhs"], found["coding_of_banking77"]
    groups = {name: found[f"suggestions_of_{name}"] for name in ("nhs", "banking77")}
    told = subprocess.run([sys.executable, "-m", "bench.texts", "--cost"], check=True, capture_output=True)
    cost = _Cost(**json.loads(told.stdout))
    blind, asked, listed = (tones[name] for name in ("words", "words_and_question", "word_list"))
    return [
        Measured("languages of sentences, named rightly", "", found["languages"]["sentences"]["right"], None, 0.94),
        Measured(
            "languages of sentences, named wrongly",
            "",
            found["languages"]["sentences"]["wrong"],
            None,
            0.04,
            at_least=False,
        ),
        Measured("kappa of sentiment over a word list", "", blind["kappa"], listed["kappa"], 1.5),
        Measured("kappa of sentiment, question known", "", asked["kappa"], listed["kappa"], 2),
        Measured("coding of NHS over keywords, micro F1", "", nhs["micro_f1"], nhs["keyword_micro_f1"], 1.4),
        Measured("coding of NHS over keywords, macro F1", "", nhs["macro_f1"], nhs["keyword_macro_f1"], 1.1),
        Measured("coding of banking77 over keywords, micro F1", "", bank["micro_f1"], bank["keyword_micro_f1"], 1.4),
        *(
            Measured(
                f"themes of {name} over k-means, V",
                "",
                one["ours"]["v_measure"],
                one["k_means"]["v_measure"],
                1.1,
            )
            for name, one in groups.items()
        ),
        Measured(f"languages of {COMMENTS:,} comments", "s", cost.languages, None, 10, at_least=False),
        Measured(
            f"language of a word of {LETTERS:,} letters over as many in words",
            "s",
            cost.a_long_word,
            cost.as_many_letters_in_words,
            5,
            at_least=False,
        ),
        Measured(f"sentiment of {COMMENTS:,} comments", "s", cost.sentiment, None, 20, at_least=False),
        Measured(f"themes suggested from {COMMENTS:,} comments", "s", cost.suggestions, None, 60, at_least=False),
        Measured("coding of NHS learnt and tried", "s", cost.coding, None, 120, at_least=False),
        Measured("peak memory of texts", "MB", cost.megabytes, None, 400, at_least=False),
    ]


def _cost() -> _Cost:
    nhs = nhs_comments()
    many = [comment.text for comment in (*nhs, *banking("train"))][:COMMENTS]
    coded = [comment for comment in nhs if comment.coded]
    return _Cost(
        languages=_timed(lambda: [detect_language(text) for text in many]),
        sentiment=_timed(lambda: [sentiment_of(text, "en") for text in many]),
        suggestions=_timed(lambda: suggest_themes(many, rng=np.random.default_rng(SEED), language="en")),
        coding=_timed(
            lambda: learn_coding(
                [comment.text for comment in coded],
                [comment.themes for comment in coded],
                rng=np.random.default_rng(SEED),
                language="en",
                groups=[comment.respondent for comment in coded],
            )
        ),
        a_long_word=_timed(lambda: [detect_language("é" * LETTERS) for _ in range(20)]),
        as_many_letters_in_words=_timed(lambda: [detect_language("waits " * (LETTERS // 6)) for _ in range(20)]),
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _timed(work: Callable[[], object]) -> float:
    """Seconds of the processor, which what else runs on the machine does not change."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print and keep the accuracy; with ``--cost``, print what 10,000 comments take instead."""
    if "--cost" in sys.argv[1:]:
        print(json.dumps(asdict(_cost())))
        return
    text = json.dumps(accuracies(), indent=2) + "\n"
    RESULTS.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
