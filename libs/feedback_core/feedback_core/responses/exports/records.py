"""A response as it leaves: what its confidentiality allows, and the verbatims that were asked for."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias
from uuid import UUID

from feedback_core.responses.exports.columns import RESPONDENT_KEYS, Cell, Columns
from feedback_core.responses.exports.types import Change
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import Confidentiality

Texts: TypeAlias = Callable[[str], str]
"""From the JSON object of the answers to that of the answers that are shown."""

_ATTRIBUTES_KEPT: Final = 4_096
# Whatever masking would find has one of these in the document too, where a character may be written as two.
_MAY_HOLD: Final = re.compile(r"@|\d(?:\D{0,4}\d){5}")


@dataclass(frozen=True, slots=True)
class Found:
    """A response as the database has it.

    Attributes:
        version: number of the version that it answers.
        attributes: JSON object, as text.
        answers: JSON object as said, as text.
        sealed: who gave it, sealed; ``None``: not kept, or not asked for.
    """

    id: UUID
    version: int
    external_id: str | None
    respondent_ref: bytes | None
    status: str
    method: str
    confidentiality: Confidentiality
    submitted_at: datetime
    started_at: datetime | None
    received_at: datetime
    attributes: str
    answers: str
    unanswered: tuple[str, ...]
    import_id: UUID | None
    import_line: int | None
    excluded: bool
    suspect: bool
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A response that is not in the file any more, and what became of it."""

    id: UUID
    change: Change


@dataclass(frozen=True, slots=True)
class Record:
    """A response as it leaves.

    Attributes:
        answers: JSON object, as text, without what is not shown.
        respondent: who gave it; ``None``: not known, or not to be told.
    """

    found: Found
    confidentiality: Confidentiality
    external_id: str | None
    respondent_ref: str | None
    answers: str
    respondent: Respondent | None


Entry: TypeAlias = Record | Tombstone


@dataclass(frozen=True, slots=True)
class Discretion:
    """What of a response may leave.

    Attributes:
        survey: the survey's confidentiality as it is now; it may have become stricter since a response was given.
        texts: what is shown of the answers.
        unseal: opens an identity; ``None``: identities were not asked for.
    """

    survey: Confidentiality
    texts: Texts
    unseal: Callable[[bytes], Respondent] | None

    def record(self, found: Found) -> Record:
        """The response as it leaves: nothing of who gave an anonymous one, of a pseudonymous one only codes."""
        promise = found.confidentiality.stricter(self.survey)
        anonymous = promise is Confidentiality.ANONYMOUS
        told = promise is Confidentiality.IDENTIFIED and self.unseal is not None and found.sealed is not None
        return Record(
            found=found,
            confidentiality=promise,
            external_id=None if anonymous else found.external_id,
            respondent_ref=None if anonymous or found.respondent_ref is None else found.respondent_ref.hex(),
            answers=self.texts(found.answers),
            respondent=self.unseal(found.sealed) if told and self.unseal and found.sealed else None,
        )


def shown_texts(text_keys: frozenset[str], *, include: bool, mask: Callable[[str], str] | None = None) -> Texts:
    """What is shown of verbatims: the one place that all of them pass on their way into a file.

    Args:
        text_keys: keys of the survey's text questions.
        include: whether verbatims were asked for.
        mask: of a text, the same without personal data; ``None``: that may be told.
    """
    if not text_keys or (include and mask is None):
        return str

    def masked(answers: str) -> str:
        if mask is None or not _MAY_HOLD.search(answers):
            return answers
        said: dict[str, Any] = json.loads(answers)
        shown = {key: mask(value) if key in text_keys and value else value for key, value in said.items()}
        return json.dumps(shown, ensure_ascii=False)

    if include:
        return masked

    def without(answers: str) -> str:
        said: dict[str, Any] = json.loads(answers)
        if text_keys.isdisjoint(said):
            return answers
        return json.dumps({key: value for key, value in said.items() if key not in text_keys}, ensure_ascii=False)

    return without


def cells_of(entry: Entry, columns: Columns, *, identities: bool) -> list[Cell]:
    """An entry as a row of the table."""
    if isinstance(entry, Tombstone):
        return [entry.change.value, str(entry.id), *[None] * (len(columns.all) - 2)]
    found, who = entry.found, entry.respondent
    cells: list[Cell] = [
        Change.UPSERT.value,
        str(found.id),
        found.version,
        entry.external_id,
        entry.respondent_ref,
        found.status,
        found.method,
        entry.confidentiality.value,
        found.submitted_at.astimezone(UTC),
        found.started_at and found.started_at.astimezone(UTC),
        found.received_at.astimezone(UTC),
        found.excluded,
        found.suspect,
        None if found.import_id is None else str(found.import_id),
        found.import_line,
        " ".join(found.unanswered),
    ]
    if identities:
        cells += [None if who is None else getattr(who, key) for key in RESPONDENT_KEYS]
    attributes = _attributes(found.attributes)
    cells += [attributes.get(key) for key in columns.attributes]
    return cells + columns.answers(found.version, json.loads(entry.answers))


@lru_cache(maxsize=_ATTRIBUTES_KEPT)
def _attributes(document: str) -> Mapping[str, str]:
    """Attributes out of their document: the same few combinations come again and again."""
    attributes: Mapping[str, str] = json.loads(document)
    return attributes
