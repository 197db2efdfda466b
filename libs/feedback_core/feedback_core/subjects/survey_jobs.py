"""The worker's part: taking out of a survey what was asked for, or what it is not to keep any more.

Batch by batch, each a transaction in which the counts are kept exact and the report grows; an attempt that follows
another goes on with what is left.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.queries.deliveries import redact
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.ids import new_id
from feedback_core.kpis.corrections import recount_many
from feedback_core.kpis.queries.folding import lock_watermark
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.entries.erasing_queries import take_out_words
from feedback_core.responses.exports.erasures import discard_exports_of
from feedback_core.subjects import erasure_queries as queries
from feedback_core.subjects import survey_queries
from feedback_core.subjects.calc import Attributes, generalise, kept_since, next_night
from feedback_core.subjects.erasure_queries import Candidate
from feedback_core.subjects.payloads import ApplyRetention, EraseFromSurvey
from feedback_core.subjects.types import (
    Comments,
    ErasureKind,
    Report,
    Retention,
    RetentionAction,
    Stays,
    SurveyErasure,
    Touched,
)
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.cells import cell_of
from feedback_core.surveys.use_cases import get_survey

BATCH = 1_000
_NO_ID: Final = UUID(int=0)
_BY: Final = "retention"
# Those who submit in the future do so by a clock that is ahead.
_EVERYTHING: Final = timedelta(days=36_500)

_STAYS_ERASED: Final = (
    Stays("response_erasure", "That a response was erased, by whom and why: without what it said."),
    Stays("analysis_run", "Results of analyses made before: figures of at least the minimum of respondents."),
)
_STAYS_ANONYMOUS: Final = (
    Stays(
        "response", "Answers without who gave them; their ids and times: whoever kept a receipt can tell whose it is."
    ),
    Stays("analysis_run", "Results of analyses made before: figures of at least the minimum of respondents."),
)


@dataclass(slots=True)
class _Work:
    """One erasure under way.

    Attributes:
        done: rows by store, those of earlier attempts included.
    """

    run: "JobRun[EraseFromSurvey] | JobRun[ApplyRetention]"
    survey_id: UUID
    erasure_id: UUID
    done: Counter[str] = field(default_factory=Counter)

    async def note(self, session: Session) -> None:
        """Write down how far it is, in the transaction that took it there."""
        await survey_queries.save_report(
            session, self.run.organisation_id, self.erasure_id, self.report(), finished_at=None
        )

    def report(self, stays: Sequence[Stays] = ()) -> Report:
        """What has been done so far."""
        return Report(tuple(Touched(store, rows) for store, rows in sorted(self.done.items())), tuple(stays))

    async def finish(self, session: Session, stays: Sequence[Stays]) -> None:
        """Write down that it is done."""
        report = self.report(stays)
        at = self.run.clock.now()
        await survey_queries.save_report(session, self.run.organisation_id, self.erasure_id, report, finished_at=at)


async def run_erasure(run: JobRun[EraseFromSurvey]) -> None:
    """Take out of a survey what was asked for."""
    organisation_id = run.organisation_id
    async with run.snapshot() as session:
        asked = await survey_queries.erasure_by_id(session, organisation_id, None, run.payload.erasure_id)
        assert asked is not None
        settings = (await get_survey(session, organisation_id, asked.survey_id)).settings
        organisation = strict_for(await get_organisation(session, organisation_id), settings)
    work = _Work(run, asked.survey_id, asked.id, _counted(asked))
    if asked.kind is ErasureKind.ANSWERS:
        await _erase_answers(work, str(asked.parameters["question"]), before=None)
        stays: tuple[Stays, ...] = _STAYS_ERASED[1:]
    else:
        minimum = asked.parameters["minimum"] or organisation.minimum_cell_size
        assert isinstance(minimum, int)
        comments = Comments(str(asked.parameters["comments"]))
        await _anonymise(work, run.clock.now() + _EVERYTHING, minimum, comments)
        stays = _STAYS_ANONYMOUS
    await _redact(work, run.clock.now())
    async with run.completion() as session:
        await _forget_beside(session, work, run.clock.now(), open_too=asked.kind is ErasureKind.ANONYMISE)
        await work.finish(session, stays)


async def apply_retention(run: JobRun[ApplyRetention]) -> None:
    """Take out of a survey what it is not to keep any more; nothing is written down where that is nothing."""
    organisation_id, survey_id, now = run.organisation_id, run.payload.survey_id, run.clock.now()
    async with run.snapshot() as session:
        stored = await survey_queries.retention_of(session, organisation_id, survey_id)
        settings = (await get_survey(session, organisation_id, survey_id)).settings
        organisation = strict_for(await get_organisation(session, organisation_id), settings)
    before = kept_since(stored.retention, now) if stored else None
    work = None
    if stored and before and await _is_due(run, stored.retention, before, organisation.minimum_cell_size):
        work = await _begin(run, stored.retention, before)
        if stored.retention.action is RetentionAction.ERASE:
            await _erase(work, before, _reason(stored.retention))
        else:
            await _anonymise(work, before, organisation.minimum_cell_size, stored.retention.comments)
        await _redact(work, before)
    async with run.completion() as session:
        await survey_queries.put_off(
            session, organisation_id, survey_id, until=next_night(organisation.time_zone, after=now)
        )
        if stored and before and work:
            await _forget_beside(session, work, before, open_too=True)
            erased = stored.retention.action is RetentionAction.ERASE
            await work.finish(session, _STAYS_ERASED if erased else _STAYS_ANONYMOUS)
            await record_event(
                session,
                organisation_id,
                AuditAction.RETENTION_APPLIED,
                by=_BY,
                thing="survey",
                thing_id=survey_id,
                clock=run.clock,
                details={"erasure_id": str(work.erasure_id), "action": stored.retention.action, **work.done},
            )


async def _is_due(run: JobRun[ApplyRetention], retention: Retention, before: datetime, minimum: int) -> bool:
    organisation_id, survey_id = run.organisation_id, run.payload.survey_id
    async with run.snapshot() as session:
        if retention.action is RetentionAction.ERASE:
            return bool(await queries.submitted_before(session, organisation_id, survey_id, before, limit=1))
        if retention.comments is Comments.ERASE:
            for key in await queries.question_keys(session, organisation_id, survey_id, kind="text"):
                found = await queries.answered(
                    session, organisation_id, survey_id, key, before=before, after=_NO_ID, limit=1
                )
                if found:
                    return True
        if await queries.any_linked(session, organisation_id, survey_id, before):
            return True
        return bool(_generalised(await queries.groups(session, organisation_id, survey_id, before), minimum))


async def _begin(run: JobRun[ApplyRetention], retention: Retention, before: datetime) -> _Work:
    erasure_id = new_id()
    work = _Work(run, run.payload.survey_id, erasure_id)
    async with run.transaction() as session:
        await survey_queries.add_erasure(
            session,
            run.organisation_id,
            erasure_id,
            survey_id=run.payload.survey_id,
            kind=ErasureKind.RETENTION,
            parameters={"action": retention.action, "comments": retention.comments, "before": before.isoformat()},
            reason=_reason(retention),
            by=_BY,
            job_id=run.job_id,
            at=run.clock.now(),
        )
    return work


async def _erase(work: _Work, before: datetime, reason: str) -> None:
    run, of = work.run, (work.run.organisation_id, work.survey_id)
    while True:
        async with run.transaction() as session:
            await lock_watermark(session, *of)
            batch = await queries.submitted_before(session, *of, before, limit=BATCH)
            async with recount_many(session, *of, batch):
                work.done["response"] += await queries.erase_responses(
                    session, *of, batch, reason=reason, by=_BY, at=run.clock.now()
                )
                work.done["response_export"] += await discard_exports_of(session, *of, batch)
            await work.note(session)
        await run.progress(work.done["response"], unit="responses")
        if len(batch) < BATCH:
            return


async def _erase_answers(work: _Work, question: str, *, before: datetime | None) -> None:
    run, of, after = work.run, (work.run.organisation_id, work.survey_id), _NO_ID
    store = f"response.answers.{question}"
    work.done[store] += 0
    while True:
        async with run.transaction() as session:
            await lock_watermark(session, *of)
            batch = await queries.answered(session, *of, question, before=before, after=after, limit=BATCH)
            async with recount_many(session, *of, batch):
                work.done[store] += await queries.erase_answers(session, *of, question, batch, at=run.clock.now())
                work.done["response_export"] += await discard_exports_of(session, *of, batch)
            await work.note(session)
        await run.progress(work.done[store], unit="answers")
        if len(batch) < BATCH:
            return
        after = batch[-1]


async def _anonymise(work: _Work, before: datetime, minimum: int, comments: Comments) -> None:
    run, of, after = work.run, (work.run.organisation_id, work.survey_id), _NO_ID
    async with run.snapshot() as session:
        generalised = _generalised(await queries.groups(session, *of, before), minimum)
        texts = await queries.question_keys(session, *of, kind="text")
    while True:
        async with run.transaction() as session:
            await lock_watermark(session, *of)
            batch = await queries.candidates_after(session, *of, before, after=after, limit=BATCH)
            await _unlink(session, work, batch, generalised)
            await work.note(session)
        await run.progress(work.done["response"], unit="responses")
        if len(batch) < BATCH:
            break
        after = batch[-1].id
    if comments is Comments.ERASE:
        for key in texts:
            await _erase_answers(work, key, before=before)


async def _unlink(
    session: Session, work: _Work, batch: Sequence[Candidate], generalised: dict[Attributes, Attributes]
) -> None:
    """Make the responses of a batch anonymous, those that are to say the same at once."""
    organisation_id, survey_id = work.run.organisation_id, work.survey_id
    alike: dict[tuple[tuple[str, ...], UUID], list[UUID]] = defaultdict(list)
    cells: dict[UUID, str] = {}
    for found in batch:
        known = frozenset(found.attributes.items())
        stays = generalised.get(known, known)
        if not found.linked and stays == known:
            continue
        cell = cell_of(dict(stays), found.method)
        cells[cell.id] = cell.json
        dropped = tuple(sorted(key for key, _ in known - stays))
        alike[dropped, cell.id].append(found.id)
        work.done["response.attributes"] += bool(dropped)
    # Also of those who were anonymous before: a transcript may say who spoke.
    everybody = [found.id for found in batch]
    work.done["staff_entry"] += await take_out_words(session, organisation_id, everybody, at=work.run.clock.now())
    async with recount_many(session, organisation_id, survey_id, [each for ids in alike.values() for each in ids]):
        for (dropped, cell_id), ids in sorted(alike.items()):
            if dropped:
                await queries.describe_cell(session, organisation_id, survey_id, cell_id, cells[cell_id])
            work.done["response"] += await queries.unlink(
                session, organisation_id, survey_id, ids, dropped=dropped, cell_id=cell_id
            )
            work.done["response_export"] += await discard_exports_of(session, organisation_id, survey_id, ids)


async def _redact(work: _Work, before: datetime) -> None:
    """Take away the bodies in which responses came in before an instant."""
    run, after = work.run, _NO_ID
    while True:
        async with run.transaction() as session:
            batch = await queries.deliveries_kept(
                session, run.organisation_id, work.survey_id, before, after=after, limit=BATCH
            )
            for delivery_id in batch:
                await redact(session, run.organisation_id, delivery_id, at=run.clock.now())
            work.done["delivery"] += len(batch)
            await work.note(session)
        if len(batch) < BATCH:
            return
        after = batch[-1]


async def _forget_beside(session: Session, work: _Work, before: datetime, *, open_too: bool) -> None:
    """Delete what quotes responses from before an instant, or holds them as they came about."""
    of = (session, work.run.organisation_id, work.survey_id, before)
    work.done["import_fault"] += await queries.forget_faults(*of)
    if open_too:
        work.done["open_response"] += await queries.forget_open(*of)


def _generalised(groups: Sequence[tuple[object, int]], minimum: int) -> dict[Attributes, Attributes]:
    known: Counter[Attributes] = Counter()
    for attributes, n in groups:
        assert isinstance(attributes, dict)
        known[frozenset(attributes.items())] += n
    return generalise(known, minimum)


def _counted(asked: SurveyErasure) -> Counter[str]:
    """What an earlier attempt has done."""
    return Counter({touched.store: touched.rows for touched in asked.report.touched}) if asked.report else Counter()


def _reason(retention: Retention) -> str:
    if retention.days is not None:
        return f"Kept for {retention.days} days after submission"
    return f"Kept until {retention.until:%Y-%m-%d}"
