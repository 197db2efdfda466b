"""Real comments with the codes that people gave them, read in place: never part of the repository."""

import csv
import gzip
import io
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = Path(__file__).parent / "languages.tsv"
NHS = "nhs_fft_comments/v6framework_230831.csv.gz"
BANKING = {part: f"banking77/{part}.csv.gz" for part in ("train", "test")}
# Columns of themes that say that there is none.
_NO_THEMES = ("Labelling not possible", "Not assigned")
_PLACEHOLDERS = frozenset({"did not answer", "did not answer."})


@dataclass(frozen=True, slots=True)
class CodedComment:
    """A comment as a person read it.

    Attributes:
        respondent: who said it.
        question: that it answers.
        text: of the comment.
        sentiment: of the coder, 1 very positive to 5 very negative; ``None`` where there is none.
        themes: of the coder; empty where the coder found none.
        coded: whether a coder read it for themes.
    """

    respondent: str
    question: str
    text: str
    sentiment: int | None
    themes: frozenset[str]
    coded: bool


@dataclass(frozen=True, slots=True)
class Split:
    """Comments to learn from, and comments that were held out; nobody is in both."""

    learning: tuple[CodedComment, ...]
    held_out: tuple[CodedComment, ...]


def data_path(name: str) -> Path:
    """A file in ``$FEEDBACK_DATA_DIR``, by default in ``../shared/data`` beside the repository."""
    return Path(os.environ.get("FEEDBACK_DATA_DIR") or ROOT.parent / "shared" / "data") / name


def nhs_comments() -> tuple[CodedComment, ...]:
    """Answers to the Friends and Family Test that say something."""
    rows = _rows(NHS)
    columns = list(rows[0])
    themes = columns[columns.index("Comment sentiment") + 1 :]
    return tuple(
        CodedComment(
            respondent=row["Respondent ID"],
            question=row["FFT question"],
            text=row["FFT answer"],
            sentiment=int(row["Comment sentiment"]) if row["Comment sentiment"] else None,
            themes=frozenset(theme for theme in themes if row[theme] == "1" and theme not in _NO_THEMES),
            coded=any(row[theme] == "1" for theme in themes),
        )
        for row in rows
        if row["FFT answer"].strip() and row["FFT answer"].strip().lower() not in _PLACEHOLDERS
    )


def banking(part: str) -> tuple[CodedComment, ...]:
    """Queries of bank customers with their one intent; ``part`` is train or test, as published."""
    return tuple(
        CodedComment(str(number), "", row["text"], None, frozenset({row["category"]}), coded=True)
        for number, row in enumerate(_rows(BANKING[part]))
    )


def sentences() -> tuple[tuple[str, str], ...]:
    """Language and sentence: feedback written for this in 32 languages."""
    lines = LANGUAGES.read_text(encoding="utf-8").splitlines()
    return tuple((language, text) for language, _, text in (line.partition("\t") for line in lines))


def by_respondent(comments: Sequence[CodedComment], *, seed: int, share: float) -> Split:
    """A split by respondents: about ``share`` of them to learn from."""
    respondents = sorted({comment.respondent for comment in comments})
    random.Random(seed).shuffle(respondents)
    learning = frozenset(respondents[: int(len(respondents) * share)])
    return Split(
        tuple(comment for comment in comments if comment.respondent in learning),
        tuple(comment for comment in comments if comment.respondent not in learning),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = gzip.decompress(data_path(name).read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))
