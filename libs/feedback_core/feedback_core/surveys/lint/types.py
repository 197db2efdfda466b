"""Vocabulary of the lint: rules, findings and where they are, what an organisation says of words, and waivers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict, Invalid

MAX_WORDS: Final = 2_000
"""Words in one list of an organisation."""

MAX_WORD_LENGTH: Final = 100
MAX_WAIVERS: Final = 2_000
"""In force on one survey."""

MAX_FINDINGS: Final = 1_000
"""Shown of one survey; all are counted."""


class Severity(StrEnum):
    """How much a fault does to answers: ``serious`` biases or voids them, ``note`` may be meant so."""

    SERIOUS = "serious"
    WARNING = "warning"
    NOTE = "note"


class RuleId(StrEnum):
    """What is looked for."""

    LEADING = "leading"
    LOADED = "loaded"
    DOUBLE_BARRELLED = "double_barrelled"
    ABSOLUTE = "absolute"
    DOUBLE_NEGATIVE = "double_negative"
    JARGON = "jargon"
    HARD_TO_READ = "hard_to_read"
    READING_LEVEL = "reading_level"
    LONG_TEXT = "long_text"
    HYPOTHETICAL = "hypothetical"
    ASSUMPTIVE = "assumptive"
    RECALL_MISSING = "recall_missing"
    RECALL_TOO_LONG = "recall_too_long"
    SENSITIVE = "sensitive"
    NPS_WORDING = "nps_wording"
    AGREE_DISAGREE = "agree_disagree"
    UNBALANCED_SCALE = "unbalanced_scale"
    UNLABELLED_SCALE = "unlabelled_scale"
    OVERLAPPING_OPTIONS = "overlapping_options"
    GAPPED_OPTIONS = "gapped_options"
    MISSING_WAY_OUT = "missing_way_out"
    SCALE_DIRECTION = "scale_direction"
    OVERALL_AFTER_SPECIFICS = "overall_after_specifics"
    SENSITIVE_FIRST = "sensitive_first"
    LONG_LIST = "long_list"
    LONG_MATRIX = "long_matrix"
    MOSTLY_REQUIRED = "mostly_required"
    TOO_LONG = "too_long"
    CIRCULAR_BRANCH = "circular_branch"
    NEVER_SHOWN = "never_shown"
    ALWAYS_SHOWN = "always_shown"
    SERVES_NOTHING = "serves_nothing"
    NEW_FEATURE = "new_feature"
    STANDARD_NOT_ASKED = "standard_not_asked"
    MISSING_TRANSLATION = "missing_translation"
    OTHER_LANGUAGE = "other_language"
    TRANSLATION_DIFFERS = "translation_differs"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, and why.

    Attributes:
        source: the literature that says so.
        languages: in which the rule can be applied; ``None``: in all, for it does not read words.
    """

    id: RuleId
    severity: Severity
    title: str
    why: str
    source: str
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, in code points from its beginning; ``end`` is the first one after it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A rule that something in a questionnaire breaks.

    Attributes:
        pointer: JSON pointer into the questionnaire; empty: the whole of it.
        place: the same with keys for positions, so that it stays when questions move.
        said: what was found.
        how: how to mend it.
        rewrites: texts to put in the place of the one found: one, or one for each question that it should be.
        about: the words that it was found in; what a waiver is for.
        language: of the text; ``None``: it is not about words.
        span: where in the text.
    """

    rule: RuleId
    pointer: str
    place: str
    said: str
    how: str
    rewrites: tuple[str, ...] = ()
    about: str = ""
    language: str | None = None
    span: Span | None = None

    @property
    def fingerprint(self) -> str:
        """Of what it was found in: the same as long as that stays."""
        return hashlib.sha256(self.about.encode("utf-8", "replace")).hexdigest()


class WordList(StrEnum):
    """A list of words that an organisation has of its own; ``allowed``: words that no rule names."""

    JARGON = "jargon"
    LOADED = "loaded"
    ABSOLUTE = "absolute"
    SENSITIVE = "sensitive"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word, or several that stand together.

    Attributes:
        better: what to write instead.
        language: BCP 47 tag; ``None``: in every language.
    """

    word: str
    better: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class StoredWords:
    """A list as it is kept; ``revision`` 0: nobody has put it yet."""

    word_list: WordList
    words: tuple[OwnWord, ...]
    revision: int
    changed_by: str | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Aim:
    """What a standard holds against answers to the survey, as far as questions matter to it.

    Attributes:
        standard: its key.
        feature: that it is about.
        questions: keys of the questions that it is measured by; none: whichever is of ``types``.
        types: of the questions that its KPI is made of.
    """

    standard: str
    feature: str | None = None
    questions: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the questionnaire.

    Attributes:
        words: own words by list.
        features: keys of the features in the catalogue, to their names.
        asked_elsewhere: those that other published surveys ask about.
        aims: standards that are held against this survey.
    """

    words: Mapping[WordList, tuple[OwnWord, ...]] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    asked_elsewhere: frozenset[str] = frozenset()
    aims: tuple[Aim, ...] = ()


@dataclass(frozen=True, slots=True)
class Readability:
    """How hard the texts in one language are to read.

    Attributes:
        formula: by name; ``None``: there is none for this language.
        score: by that formula.
        hard: whether it is beyond what is held for plain.
        limit: beyond which it is.
    """

    language: str
    words: int
    formula: str | None
    score: float | None
    limit: float | None
    hard: bool


@dataclass(frozen=True, slots=True)
class Burden:
    """What it takes to answer everything once.

    Attributes:
        seconds: of somebody who is put every question.
        shortest_seconds: of somebody who is put the unconditional ones only.
        reading_seconds: of ``seconds``, those spent on reading.
    """

    questions: int
    words: int
    seconds: float
    shortest_seconds: float
    reading_seconds: float
    open_questions: int
    required_questions: int


@dataclass(frozen=True, slots=True)
class Focus:
    """What the questions serve.

    Attributes:
        questions: key of each question to the keys of features and standards that it serves.
        unserving: keys of the questions that serve none.
        features_without_question: features of the catalogue that no question of any survey is about.
        standards_without_question: standards on this survey that no question of it measures.
    """

    questions: Mapping[str, tuple[str, ...]]
    unserving: tuple[str, ...]
    features_without_question: tuple[str, ...]
    standards_without_question: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotApplied:
    """Rules that could not be applied to the texts of a language, and why."""

    language: str
    rules: tuple[RuleId, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in a questionnaire, in reading order."""

    languages: tuple[str, ...]
    findings: tuple[LintFinding, ...]
    readability: tuple[Readability, ...]
    burden: Burden
    focus: Focus
    not_applied: tuple[NotApplied, ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that somebody has decided to leave as it is.

    Attributes:
        fingerprint: of what it was found in; if that changes the waiver lapses.
        ended_at: since when it does not hold any more, by somebody's word.
    """

    id: UUID
    survey_id: UUID
    rule: RuleId
    place: str
    fingerprint: str
    reason: str
    waived_by: str
    waived_at: datetime
    changed_by: str | None
    changed_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding and the waiver that was made for it, which holds while what it was made for stays."""

    finding: LintFinding
    waiver: Waiver | None = None

    @property
    def is_waived(self) -> bool:
        """Whether it is left as it is."""
        return self.waiver is not None and self.waiver.fingerprint == self.finding.fingerprint


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was found in the draft or a version of a survey.

    Attributes:
        version: number of the version; ``None``: the draft.
        judged: every finding.
    """

    survey_id: UUID
    version: int | None
    linted: Linted
    judged: tuple[JudgedFinding, ...]


class NothingToWaive(Invalid):
    """The rule finds nothing at this place, in the draft or in the latest version."""

    code = "nothing_to_waive"


class AlreadyWaived(Conflict):
    """A waiver for this finding holds already; change its reason, or end it."""

    code = "already_waived"


class WaiverEnded(Conflict):
    """The waiver was ended; it is kept as it was."""

    code = "waiver_ended"


class TooManyWaivers(Conflict):
    """As many waivers hold on the survey as may."""

    code = "too_many_waivers"
