"""What speaks for and against in a comment, clause by clause: feelings, wishes, waits, and answers that say nothing."""

import re
from dataclasses import dataclass
from typing import Final

from feedback_core.themes.lexicons.english import NEGATORS, STRENGTHENERS, STRENGTHS, TURNS, WEAKENERS
from feedback_core.themes.lexicons.english_patterns import (
    BAD_FACES,
    FEW_TIME,
    GOOD_FACES,
    LONG_TIME,
    NO_FAULT,
    NO_WISH,
    NOTHING,
    NOTHING_HEADS,
    STILL_A_FAULT,
    WISH_ANYWHERE,
    WISH_HEAD,
)
from feedback_core.themes.types import Asked
from feedback_core.themes.words import LONGEST, normalised

_LONGEST_PHRASE: Final = max(len(phrase) for phrase in STRENGTHS)
_TURN: Final = "|".join(TURNS)
_CLAUSE: Final = re.compile(rf"[.!?;:\n•]+|\s-\s|\b(?=(?:{_TURN})\b)")
_WORD_OR_NUMBER: Final = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
# Words before a feeling that a negation reaches over, and a word that makes it stronger.
_REACH, _NEAR = 3, 2
_STRONGER, _WEAKER = 1.3, 0.7
# "Not good" complains less than "bad"; "not bad" praises little.
_NOT_GOOD, _NOT_BAD = -0.7, -0.4
_WISH, _WAIT, _SOON, _FLAWLESS, _FACE, _SILENCE = 1.5, 1.5, 1.0, 2.5, 1.5, 2.0
# What is wished for ("better information") is not there: little of its praise counts.
_WISHED_PRAISE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Feelings:
    """What speaks for and what against, both 0 or above."""

    praise: float = 0.0
    complaint: float = 0.0

    def __add__(self, other: "Feelings") -> "Feelings":
        return Feelings(self.praise + other.praise, self.complaint + other.complaint)


def feelings_of(text: str, asked: Asked) -> Feelings:
    """Feelings in an English text.

    Args:
        text: as it was written.
        asked: what the question was after; decides what "nothing" means.
    """
    found = _faces(text[:LONGEST])
    for part in _CLAUSE.split(normalised(text)):
        words = tuple(_WORD_OR_NUMBER.findall(part))
        if words:
            found += _of_clause(words, asked)
    return found


def says_nothing(words: tuple[str, ...]) -> bool:
    """Whether an answer is one of "nothing", "no comment", "can't think of anything"."""
    return any(word in NOTHING_HEADS for word in words) and all(word in NOTHING for word in words)


def _of_clause(words: tuple[str, ...], asked: Asked) -> Feelings:
    if says_nothing(words):
        return _of_nothing(asked)
    if words[0] in {"no", "nothing", "none"} and not _phrase_at(words, 0):
        words = words[1:]
    clause = " ".join(words)
    if NO_FAULT.search(clause) and not STILL_A_FAULT.search(clause):
        return Feelings(praise=_FLAWLESS)
    found = _weighed(words)
    if LONG_TIME.search(clause):
        found += Feelings(complaint=_WAIT)
    elif FEW_TIME.search(clause):
        found += Feelings(praise=_SOON)
    if not NO_WISH.search(clause) and (WISH_HEAD.search(clause) or WISH_ANYWHERE.search(clause)):
        return Feelings(found.praise * _WISHED_PRAISE, found.complaint + _WISH)
    return found


def _of_nothing(asked: Asked) -> Feelings:
    if asked is Asked.TO_IMPROVE:
        return Feelings(praise=_SILENCE)
    return Feelings(complaint=_SILENCE) if asked is Asked.TO_PRAISE else Feelings()


def _weighed(words: tuple[str, ...]) -> Feelings:
    found = Feelings()
    at = 0
    while at < len(words):
        length = _phrase_at(words, at)
        if not length:
            at += 1
            continue
        strength = STRENGTHS[words[at : at + length]]
        near = words[max(0, at - _NEAR) : at]
        if not STRENGTHENERS.isdisjoint(near):
            strength *= _STRONGER
        elif not WEAKENERS.isdisjoint(near):
            strength *= _WEAKER
        if not NEGATORS.isdisjoint(words[max(0, at - _REACH) : at]):
            strength *= _NOT_GOOD if strength > 0 else _NOT_BAD
        found += Feelings(max(strength, 0.0), max(-strength, 0.0))
        at += length
    return found


def _phrase_at(words: tuple[str, ...], at: int) -> int:
    """Length of the longest entry of the lexicon that begins there; 0 for none."""
    longest = min(_LONGEST_PHRASE, len(words) - at)
    return next((length for length in range(longest, 0, -1) if words[at : at + length] in STRENGTHS), 0)


def _faces(text: str) -> Feelings:
    low = text.lower()
    good, bad = (sum(face in low for face in faces) for faces in (GOOD_FACES, BAD_FACES))
    return Feelings(_FACE * good, _FACE * bad)
