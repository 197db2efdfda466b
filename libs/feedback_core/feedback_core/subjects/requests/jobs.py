"""The worker's part: find what is held on somebody, then export or erase it, store by store."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.regions import regions_of
from feedback_core.kit.sealing import Seal
from feedback_core.kpis.corrections import recount_many
from feedback_core.kpis.queries.folding import lock_watermark
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.exports.erasures import discard_exports_of
from feedback_core.responses.privacy import Privacy
from feedback_core.sampling.vault import ContactVault
from feedback_core.subjects import erasure_queries
from feedback_core.subjects.payloads import AnswerRequest, ForgetExports
from feedback_core.subjects.requests import queries, store_queries
from feedback_core.subjects.requests.finding import Found, Mention, find_mentions, find_responses
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.queries import Held, Pending
from feedback_core.subjects.requests.stores.frames import frame_files_naming
from feedback_core.subjects.requests.stores.place import Place
from feedback_core.subjects.requests.stores.registry import STORES, sweep
from feedback_core.subjects.requests.use_cases import EXPORT_KEPT_FOR
from feedback_core.subjects.types import Mentions, Report, RequestKind, Stays, Touched

BATCH = 500
_MENTIONED: Final = "response.answers of others"

_AGGREGATES: Final = (
    Stays("response_erasure", "That responses were erased, by whom and why: without what they said."),
    Stays("analysis_run", "Results of analyses made before: figures of at least the minimum of respondents."),
    Stays("contact_opt_out", "That somebody does not want to be asked, as keyed hashes: so that nobody asks again."),
    Stays("audit_event", "That this was asked for and done, by whom and when: without whom it was about."),
)
_SEALED_FILES: Final = (
    "Files that wait to be imported are not changed: cancel the import, or ask again once it is done."
)
_STILL_NAMED: Final = "Rows of other kinds, or written by others, in which the subject is named: look at them yourself."


async def answer_request(run: JobRun[AnswerRequest]) -> None:
    """Export or erase everything that is held on somebody."""
    privacy = Privacy.from_settings(run.secrets)
    async with run.snapshot() as session:
        asked = await queries.pending(session, run.organisation_id, run.payload.request_id)
        organisation = await get_organisation(session, run.organisation_id)
    if asked is None:
        return
    regions = regions_of(organisation.time_zone)
    found = await _found(run, asked, privacy, regions)
    mentions = await find_mentions(run, found.known.contacts, found.ids)
    if asked.kind is RequestKind.EXPORT:
        await _export(run, asked, found, mentions, privacy, regions)
    else:
        await _Erasing(run, asked, found.known, privacy, regions).erase(found, mentions)


async def forget_exports(run: JobRun[ForgetExports]) -> None:
    """Delete exports that nobody fetched in time."""
    async with run.completion() as session:
        await queries.delete_expired(session, run.organisation_id, run.clock.now())


async def request_due_expiry(system: Session, /, *, now: datetime) -> int:
    """Request a job for every organisation with exports that have expired; returns how many there are."""
    organisations = await queries.organisations_with_expired(system, now)
    for organisation_id in organisations:
        await request_job(system, organisation_id, ForgetExports(), now=now, dedupe_key="all")
    return len(organisations)


async def _found(run: JobRun[AnswerRequest], asked: Pending, privacy: Privacy, regions: Sequence[str]) -> Found:
    """The responses of the subject, as an earlier attempt found them, or as they are found now.

    Kept before anything is gone: another attempt would not find any more what the subject is called.
    """
    sealed = privacy.identities.open_text(asked.sealed)
    if asked.report is not None:
        return Found.from_json(sealed)
    found = await find_responses(run, Known.from_json(sealed), privacy, regions)
    if asked.kind is RequestKind.ERASE:
        kept = privacy.identities.seal_text(found.to_json())
        async with run.transaction() as session:
            await queries.save_progress(session, run.organisation_id, asked.id, sealed=kept, report=Report())
    return found


async def _export(
    run: JobRun[AnswerRequest],
    asked: Pending,
    found: Found,
    mentions: Sequence[Mention],
    privacy: Privacy,
    regions: tuple[str, ...],
) -> None:
    """Everything, as one document that only we can read until it is fetched."""
    async with run.snapshot() as session:
        place = _place(run, session, privacy, regions)
        surveys = await queries.survey_keys(session, run.organisation_id)
        held = await queries.held(session, run.organisation_id, found.ids)
        theirs = frozenset(str(each) for each in found.ids)
        known = replace(found.known, response_ids=found.known.response_ids | theirs)
        stores = {store.name: await store.held(place, known) for store in STORES}
    responses = [_response(each, surveys, privacy) for each in held]
    document = {
        "made_at": run.clock.now().isoformat(),
        "responses": responses,
        "mentions": [{"response_id": str(each.response_id), "question": each.question} for each in mentions],
        "stores": stores,
    }
    counts = {"response": len(responses), _MENTIONED: len(mentions)}
    counts["respondent_identity"] = sum(each.ciphertext is not None for each in held)
    counts |= {name: len(rows) for name, rows in stores.items()}
    sealed = await run.calculate(privacy.identities.seal_text, json.dumps(document))
    at = run.clock.now()
    async with run.completion() as session:
        await queries.add_export(session, run.organisation_id, asked.id, sealed, at=at, until=at + EXPORT_KEPT_FOR)
        await _finish(session, run, asked, Report(_touched(counts)))


def _response(each: Held, surveys: dict[UUID, str], privacy: Privacy) -> dict[str, object]:
    who = None if each.ciphertext is None else privacy.identities.open(each.ciphertext)
    identity = None if who is None else {"id": who.id, "name": who.name, "email": who.email, "phone": who.phone}
    return {**each.document, "survey_key": surveys.get(each.survey_id), "identity": identity}


class _Erasing:
    """One erasure under way; what earlier attempts have done is counted on."""

    def __init__(
        self, run: JobRun[AnswerRequest], asked: Pending, known: Known, privacy: Privacy, regions: tuple[str, ...]
    ) -> None:
        self._run = run
        self._asked = asked
        self._known = known
        self._privacy = privacy
        self._regions = regions
        self._done: Counter[str] = Counter()
        if asked.report is not None:
            self._done.update({touched.store: touched.rows for touched in asked.report.touched})

    async def erase(self, found: Found, mentions: Sequence[Mention]) -> None:
        """Store by store."""
        run = self._run
        for survey_id, ids in sorted(found.responses.items()):
            for start in range(0, len(ids), BATCH):
                await self._erase_responses(survey_id, ids[start : start + BATCH])
        if self._known.mentions is Mentions.ERASE:
            await self._erase_mentions(mentions)
        async with run.transaction() as session:
            place = _place(run, session, self._privacy, self._regions)
            for store in STORES:
                self._done[store.name] += await store.erase(place, self._known)
            await self._note(session)
        async with run.completion() as session:
            place = _place(run, session, self._privacy, self._regions)
            stays = [*_AGGREGATES, *await self._remaining(place, mentions)]
            await _finish(session, run, self._asked, Report(_touched(self._done), tuple(stays)))

    async def _erase_responses(self, survey_id: UUID, ids: Sequence[UUID]) -> None:
        run, of = self._run, (self._run.organisation_id, survey_id)
        async with run.transaction() as session:
            await lock_watermark(session, *of)
            beside = await queries.beside(session, run.organisation_id, ids)
            async with recount_many(session, *of, ids):
                erased = await erasure_queries.erase_responses(
                    session, *of, ids, reason=self._asked.reason, by=self._asked.requested_by, at=run.clock.now()
                )
                exports = await discard_exports_of(session, *of, ids)
            self._done.update({**beside, "response": erased, "response_export": exports})
            await self._note(session)
        await run.progress(self._done["response"], unit="responses")

    async def _erase_mentions(self, mentions: Sequence[Mention]) -> None:
        by_question: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
        for each in mentions:
            by_question[each.survey_id, each.question].append(each.response_id)
        for (survey_id, question), ids in sorted(by_question.items()):
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                async with self._run.transaction() as session:
                    await lock_watermark(session, self._run.organisation_id, survey_id)
                    async with recount_many(session, self._run.organisation_id, survey_id, batch):
                        self._done[_MENTIONED] += await erasure_queries.erase_answers(
                            session,
                            self._run.organisation_id,
                            survey_id,
                            question,
                            batch,
                            at=self._run.clock.now(),
                        )
                        self._done["response_export"] += await discard_exports_of(
                            session, self._run.organisation_id, survey_id, batch
                        )
                    await self._note(session)

    async def _remaining(self, place: Place, mentions: Sequence[Mention]) -> list[Stays]:
        stays = []
        if self._known.mentions is Mentions.REPORT and mentions:
            why = "Comments of others in which an address or number of the subject stands, as was asked for."
            stays.append(Stays(_MENTIONED, why, len(mentions)))
        if self._known.needles:
            files = await store_queries.files_holding(place.session, place.organisation_id, self._known.needles)
            if files:
                stays.append(Stays("import_chunk", _SEALED_FILES, files))
            waiting = await frame_files_naming(place, self._known)
            if waiting:
                stays.append(Stays("frame_import_chunk", _SEALED_FILES, waiting))
        remains = await sweep(place, self._known)
        return stays + [Stays(table, _STILL_NAMED, rows) for table, rows in sorted(remains.items())]

    async def _note(self, session: Session) -> None:
        report = Report(_touched(self._done))
        await queries.save_progress(session, self._run.organisation_id, self._asked.id, sealed=None, report=report)


async def _finish(session: Session, run: JobRun[AnswerRequest], asked: Pending, report: Report) -> None:
    await queries.finish(session, run.organisation_id, asked.id, report, at=run.clock.now())
    await record_event(
        session,
        run.organisation_id,
        AuditAction.SUBJECT_ANSWERED,
        by=asked.requested_by,
        thing="subject_request",
        thing_id=asked.id,
        clock=run.clock,
        details={"kind": asked.kind, **{touched.store: touched.rows for touched in report.touched}},
    )


def _place(run: JobRun[AnswerRequest], session: Session, privacy: Privacy, regions: tuple[str, ...]) -> Place:
    seal, vault = Seal.from_settings(run.secrets), ContactVault.from_settings(run.secrets)
    return Place(session, run.organisation_id, privacy, regions, seal, vault, run.clock.now())


def _touched(counts: dict[str, int]) -> tuple[Touched, ...]:
    return tuple(Touched(store, rows) for store, rows in sorted(counts.items()))
