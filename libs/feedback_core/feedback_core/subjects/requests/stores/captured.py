"""What came in of the subject, on the way to a response or beside one."""

from uuid import UUID

from feedback_core.db.sealed_queries import every_sealed
from feedback_core.inbound.processing.queries import drop_fetched
from feedback_core.inbound.queries.deliveries import redact
from feedback_core.inbound.tables import delivery
from feedback_core.subjects.requests import beside_queries, queries, store_queries
from feedback_core.subjects.requests.matching import Known, readings_of
from feedback_core.subjects.requests.stores.place import BATCH, NO_ID, Place
from feedback_core.subjects.types import Mentions


class OpenResponses:
    """Responses that are still open, or were, with every version of their answers."""

    name = "open_response"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What was answered in theirs, but for those that became a response."""
        theirs = await self._theirs(place, known)
        return await beside_queries.open_answers(place.session, place.organisation_id, theirs)

    async def erase(self, place: Place, known: Known) -> int:
        """Delete theirs, and answers of others in which an address or number of the subject stands."""
        session, organisation_id = place.session, place.organisation_id
        erased = await beside_queries.erase_open(session, organisation_id, await self._theirs(place, known))
        if known.contacts and known.mentions is Mentions.ERASE:
            erased += await beside_queries.erase_open_answers(
                session, organisation_id, await self._mentioning(place, known)
            )
        return erased

    async def _mentioning(self, place: Place, known: Known) -> list[tuple[UUID, str]]:
        found = await beside_queries.open_texts(place.session, place.organisation_id, known.contacts)
        return [(open_id, question) for open_id, question, said in found if known.contacts.stand_in(said)]

    async def _theirs(self, place: Place, known: Known) -> list[UUID]:
        session, organisation_id = place.session, place.organisation_id
        theirs: set[UUID] = set()
        for survey_id in await queries.survey_keys(session, organisation_id):
            references = place.privacy.references.of_survey(organisation_id, survey_id)
            theirs |= await beside_queries.open_named(
                session,
                organisation_id,
                survey_id,
                external_refs=[references.external_id(name) for name in sorted(known.external_ids)],
                respondent_refs=known.references(references.respondent),
            )
        for open_id, sealed in await beside_queries.open_identities(session, organisation_id):
            who = place.privacy.identities.open(sealed)
            if known.is_of(who, place.regions) or known.is_surely_of(who, place.regions):
                theirs.add(open_id)
        return sorted(theirs)


class Inbox:
    """What other systems delivered, as it came in, and what was fetched for it."""

    name = "delivery"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Deliveries that name the subject, as they came in."""
        return [
            {"delivery_id": str(delivery_id), "body": body} for delivery_id, body in await self._theirs(place, known)
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Take the bodies away of deliveries that name the subject."""
        theirs = await self._theirs(place, known)
        for delivery_id, _ in theirs:
            await redact(place.session, place.organisation_id, delivery_id, at=place.at)
        await drop_fetched(place.session, place.organisation_id)
        return len({delivery_id for delivery_id, _ in theirs})

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, str]]:
        session, organisation_id = place.session, place.organisation_id
        found = []
        async for delivery_id, sealed in every_sealed(session, organisation_id, delivery.c.body):
            found += self._naming(place, known, delivery_id, sealed)
        after = NO_ID
        while batch := await beside_queries.fetched_after(session, organisation_id, after, limit=BATCH):
            for delivery_id, sealed in batch:
                found += self._naming(place, known, delivery_id, sealed)
            after = batch[-1][0]
        return found

    def _naming(self, place: Place, known: Known, delivery_id: UUID, sealed: bytes) -> list[tuple[UUID, str]]:
        body = place.seal.open(sealed).decode(errors="replace")
        return [(delivery_id, body)] if any(known.stands_in(said) for said in readings_of(body)) else []


class ImportFaults:
    """What was wrong in files, with the value as it stood there."""

    name = "import_fault"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Values that name the subject."""
        found = await store_queries.faults_quoting(place.session, place.organisation_id, known.needles)
        return [
            {"import_id": str(import_id), "line": line, "value": value, "detail": detail}
            for import_id, line, _, value, detail in found
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete the lines that name the subject."""
        found = await store_queries.faults_quoting(place.session, place.organisation_id, known.needles)
        places = [(import_id, line, number) for import_id, line, number, _, _ in found]
        return await store_queries.delete_faults(place.session, place.organisation_id, places)


class RememberedAnswers:
    """Answers to requests with an Idempotency-Key, kept for two days."""

    name = "idempotent_request"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """How many name the subject: they say what the service answered, not what the subject said."""
        count = await store_queries.count_answers(place.session, place.organisation_id, known.needles)
        return [{"answers": count}] if count else []

    async def erase(self, place: Place, known: Known) -> int:
        """Forget those that name the subject."""
        return await store_queries.forget_answers(place.session, place.organisation_id, known.needles)
