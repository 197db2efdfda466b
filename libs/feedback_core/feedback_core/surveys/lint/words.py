"""What can be done with an organisation's own words: read a list, and put another in its place."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, require_current
from feedback_core.surveys.lint import queries
from feedback_core.surveys.lint.calc.lens import plain_words
from feedback_core.surveys.lint.types import OwnWord, StoredWords, WordList
from feedback_core.surveys.types import LANGUAGE


async def list_words(session: Session, organisation_id: UUID) -> list[StoredWords]:
    """Every list, whether somebody has put it or not."""
    found = await queries.words(session, organisation_id)
    return [found.get(kind) or _nothing(kind) for kind in WordList]


async def get_words(session: Session, organisation_id: UUID, kind: WordList) -> StoredWords:
    """One list; empty if nobody has put it."""
    return await queries.words_of(session, organisation_id, kind) or _nothing(kind)


async def put_words(
    session: Session,
    organisation_id: UUID,
    kind: WordList,
    words: Sequence[OwnWord],
    *,
    by: str,
    if_revision: int | None,
    clock: Clock,
) -> tuple[StoredWords, bool]:
    """The list with exactly these words, and whether it is put for the first time.

    Raises:
        Invalid: an entry has no word, or is there twice; the pointers say which.
        PreconditionRequired: it is there, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since.
    """
    faults = _faults(words)
    if faults:
        raise Invalid(faults)
    at = clock.now()
    current = await queries.words_of(session, organisation_id, kind, for_update=True)
    if current is None and if_revision is None:
        if await queries.add_words(session, organisation_id, kind, words, by=by, at=at):
            return await get_words(session, organisation_id, kind), True
        current = await queries.words_of(session, organisation_id, kind, for_update=True)
    require_current("list of words", current.revision if current else None, if_revision)
    await queries.replace_words(session, organisation_id, kind, words, by=by, at=at)
    return await get_words(session, organisation_id, kind), False


def _nothing(kind: WordList) -> StoredWords:
    return StoredWords(kind, (), 0, None, None)


def _faults(words: Sequence[OwnWord]) -> list[Fault]:
    faults = []
    seen: set[tuple[tuple[str, ...], str]] = set()
    for index, word in enumerate(words):
        read = (tuple(plain_words(word.word)), (word.language or "").lower())
        if not read[0]:
            detail = "Write a word: letters or digits."
            faults.append(Fault(f"/words/{index}/word", "no_word", detail))
        elif read in seen:
            faults.append(Fault(f"/words/{index}/word", "named_twice", f"“{word.word}” is there already."))
        if word.language is not None and not LANGUAGE.fullmatch(word.language):
            detail = "Write the language as a BCP 47 tag: en, de-AT."
            faults.append(Fault(f"/words/{index}/language", "invalid_language", detail))
        seen.add(read)
    return faults
