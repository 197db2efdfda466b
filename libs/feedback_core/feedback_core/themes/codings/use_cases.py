"""What can be done to code by hand: draw a batch, record codings, read them, see how far coders agree."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from feedback_core.analyses.outcomes import seed_of
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.responses.masking.reader import reader_of
from feedback_core.surveys.use_cases import check_survey
from feedback_core.themes.codebooks.queries import codebook_versions
from feedback_core.themes.codebooks.types import Codebook
from feedback_core.themes.codebooks.use_cases import codebook_history, get_codebook
from feedback_core.themes.codings import queries
from feedback_core.themes.codings.calc.survey_agreement import agreement_of_codings
from feedback_core.themes.codings.types import (
    RESERVED,
    BatchComment,
    BatchSelection,
    CoderRole,
    Coding,
    CodingAgreement,
    CodingBatch,
    CodingResult,
    CodingStatus,
    CommentRef,
    NewCoding,
    NothingToCode,
)
from feedback_core.themes.lots import place_of
from feedback_core.themes.reading.queries import text_question_keys


async def draw_batch(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    wanted: BatchSelection,
    *,
    seed: int | None,
    by: str,
    clock: Clock,
) -> CodingBatch:
    """Draw comments at random, and keep which: a second coder is given the same.

    Comments lie in a random order of their own that never changes; the seed says where in it the batch begins. So the
    same seed draws the same, as long as no comment came in between or went.

    Raises:
        NotFound: no such survey, or it has no codebook.
        Invalid: a question is none of its text questions, or the period ends before it begins.
        NothingToCode: no comment that has been read fits.
    """
    stored = await get_codebook(session, organisation_id, survey_id)
    known = await text_question_keys(session, organisation_id, survey_id)
    for place, key in enumerate(wanted.questions):
        if key not in known:
            detail = f"The survey has no text question {key}; it has: {', '.join(known)}."
            raise Invalid([Fault(f"/questions/{place}", "unknown_question", detail)])
    if wanted.start and wanted.end and wanted.start >= wanted.end:
        raise Invalid([Fault("/to", "empty_period", "The period must end after it begins.")])
    batch_id = new_id()
    seed = seed_of(batch_id) if seed is None else seed
    drawn = await queries.draw_comments(session, organisation_id, survey_id, wanted, place_of(seed))
    if not drawn:
        raise NothingToCode("No comment that has been read fits; those of the last minute may not have been read yet.")
    batch = CodingBatch(batch_id, survey_id, stored.codebook.version, wanted, seed, by, clock.now(), tuple(drawn))
    await queries.add_batch(session, organisation_id, batch)
    return batch


async def list_batches(
    session: Session, organisation_id: UUID, survey_id: UUID, *, limit: int, cursor: str | None
) -> tuple[list[CodingBatch], str | None]:
    """A page of batches, newest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "coding-batches", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.batches(session, organisation_id, survey_id, batch_id=None, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def get_batch(
    session: Session, organisation_id: UUID, survey_id: UUID, batch_id: UUID, *, unmasked: bool
) -> tuple[CodingBatch, list[BatchComment]]:
    """A batch and its comments; those of excluded and erased responses are not among them.

    Unless ``unmasked``, personal data in them is masked.

    Raises:
        NotFound: no such batch of this survey here.
    """
    batch = await queries.batch_by_id(session, organisation_id, survey_id, batch_id)
    if batch is None:
        raise NotFound("coding batch", batch_id)
    reader = await reader_of(session, organisation_id, survey_id, unmasked=unmasked)
    found = await queries.batch_comments(session, organisation_id, batch_id)
    return batch, [replace(comment, text=reader.text(comment.text)) for comment in found]


async def record_codings(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    codings: Sequence[NewCoding],
    *,
    coder: str,
    role: CoderRole,
    codebook_version: int | None,
    by: str,
    clock: Clock,
) -> list[CodingResult]:
    """Keep what a coder gave to comments; each is taken or rejected by itself, the same again changes nothing.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: whose comments they are.
        codings: in any order; of several for one comment the last one corrects the others.
        coder: name of who coded.
        role: in which role.
        codebook_version: that the coder had; ``None``: the one that holds now.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey, or it has no codebook.
        Invalid: the coder has a name that programs code under, or there is no such version of the codebook.
    """
    await get_codebook(session, organisation_id, survey_id)
    if coder in RESERVED:
        detail = f"{coder} is the name that a program codes under; give the coder's own."
        raise Invalid([Fault("/coder", "reserved_name", detail)])
    codebook = await _version(session, organisation_id, survey_id, codebook_version)
    await queries.lock_coder(session, survey_id, coder)
    comments = [coding.comment for coding in codings]
    known = await queries.known_comments(session, organisation_id, survey_id, comments)
    latest = await queries.latest_of(session, organisation_id, coder, role, comments)
    results, added, at = [], [], clock.now()
    for place, new in enumerate(codings):
        faults = _faults(new, place, known, codebook)
        before = latest.get(new.comment)
        if faults:
            results.append(CodingResult(CodingStatus.REJECTED, None, tuple(faults)))
        elif before and (set(before.themes), before.codebook_version) == (set(new.themes), codebook.version):
            results.append(CodingResult(CodingStatus.UNCHANGED, before.id))
        else:
            coding = Coding(new_id(), new.comment, coder, role, new.themes, codebook.version, by, at)
            latest[new.comment] = coding
            added.append(coding)
            results.append(CodingResult(CodingStatus.RECORDED, coding.id))
    if added:
        await queries.add_codings(session, organisation_id, survey_id, added)
    return results


async def list_codings(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    coder: str | None,
    role: CoderRole | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Coding], str | None]:
    """A page of codings as they were recorded, oldest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "codings", "organisation": organisation_id, "survey": survey_id, "coder": coder, "role": role}
    after = id_in_cursor(cursor, query)
    found = await queries.codings_after(
        session, organisation_id, survey_id, coder=coder, role=role, after=after, limit=limit + 1
    )
    return page_of(found, limit, query)


async def coding_agreement(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int, level: float
) -> CodingAgreement:
    """How far the coders of a survey agree about the themes of the codebook that holds now.

    Raises:
        NotFound: no such survey, or it has no codebook.
    """
    await get_codebook(session, organisation_id, survey_id)
    history = await codebook_history(session, organisation_id, survey_id)
    assert history is not None
    codings = await queries.current_codings(session, organisation_id, survey_id)
    return agreement_of_codings(codings, history, seed=seed_of(survey_id), most=most, level=level)


async def _version(session: Session, organisation_id: UUID, survey_id: UUID, version: int | None) -> Codebook:
    versions = [stored.codebook for stored in await codebook_versions(session, organisation_id, survey_id)]
    found = next((one for one in versions if version in {None, one.version}), None)
    if found is None:
        detail = f"The codebook has no version {version}; the latest is {versions[0].version}."
        raise Invalid([Fault("/codebook_version", "unknown_version", detail)])
    return found


def _faults(coding: NewCoding, place: int, known: Collection[CommentRef], codebook: Codebook) -> list[Fault]:
    here = f"/items/{place}"
    found = []
    if coding.comment not in known:
        detail = "The survey has no such comment, or it has not been read yet: those of the last minute may not be."
        found.append(Fault(f"{here}/response_id", "unknown_comment", detail))
    for i, theme in enumerate(coding.themes):
        if theme not in codebook.keys:
            detail = f"Version {codebook.version} of the codebook has no theme {theme}."
            found.append(Fault(f"{here}/themes/{i}", "unknown_theme", detail))
        elif theme in coding.themes[:i]:
            found.append(Fault(f"{here}/themes/{i}", "named_twice", "This theme is named already."))
    return found
