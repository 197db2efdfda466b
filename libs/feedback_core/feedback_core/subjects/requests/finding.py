"""Finding the responses of a subject: by references, by opening identities, and where others mention them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Self
from uuid import UUID

from feedback_core.db.sealed_queries import sealed_after
from feedback_core.jobs.runs import JobRun
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.tables import respondent_identity
from feedback_core.responses.types import Respondent
from feedback_core.subjects.payloads import AnswerRequest
from feedback_core.subjects.requests import queries
from feedback_core.subjects.requests.matching import Contacts, Known

_NO_ID: Final = UUID(int=0)
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """Responses of a subject, by survey, and what the subject is called in them."""

    responses: Mapping[UUID, Sequence[UUID]]
    known: Known

    def to_json(self) -> str:
        """As it is sealed."""
        ids = {str(survey_id): [str(each) for each in found] for survey_id, found in self.responses.items()}
        return json.dumps({"known": json.loads(self.known.to_json()), "responses": ids})

    @classmethod
    def from_json(cls, document: str) -> Self:
        """As it was sealed."""
        said = json.loads(document)
        responses = {UUID(survey_id): [UUID(each) for each in ids] for survey_id, ids in said["responses"].items()}
        return cls(responses, Known.from_json(json.dumps(said["known"])))

    @property
    def ids(self) -> list[UUID]:
        """Of all of them."""
        return [each for ids in self.responses.values() for each in ids]


@dataclass(frozen=True, slots=True)
class Mention:
    """An answer in words of somebody else in which an address or number of the subject stands."""

    survey_id: UUID
    response_id: UUID
    question: str


async def find_responses(run: JobRun[AnswerRequest], known: Known, privacy: Privacy, regions: Sequence[str]) -> Found:
    """The responses of a subject.

    Identities are opened one by one: nothing that is stored says by itself whose they are. What is found in them may
    lead to more: an id that stands beside the e-mail address asked for, to responses of which only its code is kept.
    """
    opened = await _open_identities(run, partial(known.is_of, regions=regions), privacy)
    found, known = known, _joined(known, opened.values(), regions)
    while known != found:
        opened |= await _open_identities(run, partial(known.is_surely_of, regions=regions), privacy)
        found, known = known, _joined(known, opened.values(), regions)
    responses: dict[UUID, list[UUID]] = {}
    async with run.snapshot() as session:
        surveys = await queries.survey_keys(session, run.organisation_id)
        for survey_id in sorted(surveys):
            references = privacy.references.of_survey(run.organisation_id, survey_id)
            named = await queries.responses_named(
                session,
                run.organisation_id,
                survey_id,
                external_refs=[references.external_id(name) for name in sorted(known.external_ids)],
                respondent_refs=known.references(references.respondent),
            )
            if named:
                responses[survey_id] = named
        wanted = {*opened, *(UUID(each) for each in known.response_ids)}
        wanted -= {each for ids in responses.values() for each in ids}
        external_ids: set[str] = set()
        everything = await queries.held(
            session, run.organisation_id, [*wanted, *(named for ids in responses.values() for named in ids)]
        )
        for each in everything:
            if each.id in wanted:
                responses.setdefault(each.survey_id, []).append(each.id)
            if each.document["external_id"] is not None:
                external_ids.add(str(each.document["external_id"]))
            if each.ciphertext is not None:
                known = known.beside(privacy.identities.open(each.ciphertext), regions)
    return Found(responses, known.named(external_ids))


async def find_mentions(run: JobRun[AnswerRequest], contacts: Contacts, own: Sequence[UUID]) -> list[Mention]:
    """Answers of others in which an address or number of the subject stands."""
    mentions: list[Mention] = []
    after, theirs = _NO_ID, frozenset(own)
    while contacts:
        async with run.snapshot() as session:
            batch = await queries.mentioning(session, run.organisation_id, contacts, after=after, limit=BATCH)
        mentions += [
            Mention(survey_id, response_id, question)
            for response_id, survey_id, answers in batch
            if response_id not in theirs
            for question, said in answers.items()
            if isinstance(said, str) and contacts.stand_in(said)
        ]
        if len(batch) < BATCH:
            break
        after = batch[-1][0]
    return mentions


async def _open_identities(
    run: JobRun[AnswerRequest], is_theirs: Callable[[Respondent], bool], privacy: Privacy
) -> dict[UUID, Respondent]:
    found: dict[UUID, Respondent] = {}
    after, looked = _NO_ID, 0
    while True:
        async with run.snapshot() as session:
            batch = await sealed_after(
                session,
                run.organisation_id,
                respondent_identity.c.ciphertext,
                after,
                limit=BATCH,
                key=respondent_identity.c.response_id,
            )
        found |= await run.calculate(_theirs, batch, is_theirs, privacy)
        looked += len(batch)
        await run.progress(looked, unit="identities")
        if len(batch) < BATCH:
            return found
        after = batch[-1][0]


def _theirs(
    batch: Sequence[tuple[UUID, bytes]], is_theirs: Callable[[Respondent], bool], privacy: Privacy
) -> dict[UUID, Respondent]:
    opened = ((response_id, privacy.identities.open(sealed)) for response_id, sealed in batch)
    return {response_id: who for response_id, who in opened if is_theirs(who)}


def _joined(known: Known, opened: Iterable[Respondent], regions: Sequence[str]) -> Known:
    for who in opened:
        known = known.beside(who, regions)
    return known
