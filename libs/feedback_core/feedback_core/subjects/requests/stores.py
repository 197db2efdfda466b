"""Where something may be held on somebody beside their responses: looked through for an export, emptied for an erasure.

A capability that keeps what customers say, or who they are, adds its store here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from feedback_core.cases import queries as cases
from feedback_core.db.session import Session
from feedback_core.inbound.processing.queries import drop_fetched
from feedback_core.inbound.queries.deliveries import redact
from feedback_core.jobs.file_queries import discard_file
from feedback_core.kit.sealing import Seal
from feedback_core.reports.distributions import queries as distributions
from feedback_core.reports.distributions.recipients import opened
from feedback_core.reports.distributions.types import Recipient
from feedback_core.reports.portfolios.naming import names
from feedback_core.reports.portfolios.queries import store as portfolios
from feedback_core.reports.portfolios.queries.store import PORTFOLIO_FILES
from feedback_core.reports.portfolios.types import PortfolioGoneReason
from feedback_core.reports.schedules import recipient_queries as standing_recipients
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Respondent
from feedback_core.subjects.requests import beside_queries, queries, store_queries
from feedback_core.subjects.requests.matching import Known, readings_of
from feedback_core.subjects.types import Mentions
from feedback_core.webhooks.queries import deliveries as webhook_log

_NO_ID: Final = UUID(int=0)
_BATCH: Final = 50

# Looked through on their own, or without a text that somebody wrote.
_NOT_SWEPT: Final = frozenset(
    {
        "evidence_watch",
        "fold_state",
        "idempotent_request",
        "import_chunk",
        "kpi_cell",
        "organisation",
        "portfolio_chunk",
        "question",
        "ratio_cell",
        "ratio_fold",
        "repeated_response",
        "report_chunk",
        "respondent_cell",
        "respondent_identity",
        "response_fingerprint",
        "response_flag",
        "response_suspicion",
        "sealing_state",
        "subject_export",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation whose stores are looked through, and what opens what is sealed there."""

    session: Session
    organisation_id: UUID
    privacy: Privacy
    regions: tuple[str, ...]
    seal: Seal
    at: datetime


class Store(Protocol):
    """One of them; ``name`` is what a report calls it."""

    name: str

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What is held there on the subject, for an export."""
        ...

    async def erase(self, place: Place, known: Known) -> int:
        """Take out what is held there on the subject; how many rows that was."""
        ...


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


class SubjectExports:
    """Exports made for the same subject before, until they expire."""

    name = "subject_export"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Which there are."""
        return [{"request_id": str(found)} for found in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete them."""
        theirs = await self._theirs(place, known)
        return await queries.delete_exports(place.session, place.organisation_id, theirs) if theirs else 0

    async def _theirs(self, place: Place, known: Known) -> list[UUID]:
        found, after = [], _NO_ID
        while batch := await queries.exports_after(place.session, place.organisation_id, after, limit=_BATCH):
            for request_id, sealed in batch:
                said = place.privacy.identities.open_text(sealed).casefold()
                if any(needle.casefold() in said for needle in (*known.needles, *known.response_ids)):
                    found.append(request_id)
            after = batch[-1][0]
        return found


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
        found = []
        for bodies_after in (beside_queries.bodies_after, beside_queries.fetched_after):
            after = _NO_ID
            while batch := await bodies_after(place.session, place.organisation_id, after, limit=_BATCH):
                for delivery_id, sealed in batch:
                    body = place.seal.open(sealed).decode(errors="replace")
                    if any(known.stands_in(said) for said in readings_of(body)):
                        found.append((delivery_id, body))
                after = batch[-1][0]
        return found


class ReceiversAnswers:
    """The beginnings of what receivers of webhooks answered, in which they may have repeated anything."""

    name = "webhook_attempt"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Those that name the subject."""
        found = await webhook_log.snippets_naming(place.session, place.organisation_id, known.needles)
        return [{"webhook_id": str(webhook_id), "snippet": said} for webhook_id, said in found]

    async def erase(self, place: Place, known: Known) -> int:
        """Take those away that name the subject."""
        return await webhook_log.erase_snippets(place.session, place.organisation_id, known.needles)


class ReportRecipients:
    """Whom reports were sent to, with the address."""

    name = "report_distribution"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Which were sent to the subject."""
        return [
            {"distribution_id": str(found), "name": recipient.name, "email": recipient.email}
            for found, recipient in await self._theirs(place, known)
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Forget the subject, and with it that they were told; their links end."""
        theirs = [found for found, _ in await self._theirs(place, known)]
        if not theirs:
            return 0
        return await distributions.delete_distributions(place.session, place.organisation_id, theirs)

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, Recipient]]:
        return await _recipients(place, known, distributions.recipients_after)


class StandingRecipients:
    """Who is sent every new edition of a schedule, with the address."""

    name = "report_schedule_recipient"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Which are to be sent to the subject."""
        return [
            {"recipient_id": str(found), "name": recipient.name, "email": recipient.email}
            for found, recipient in await self._theirs(place, known)
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Take the subject off every schedule."""
        theirs = [found for found, _ in await self._theirs(place, known)]
        if not theirs:
            return 0
        return await standing_recipients.forget_recipients(place.session, place.organisation_id, theirs)

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, Recipient]]:
        return await _recipients(place, known, standing_recipients.sealed_after)


async def _recipients(
    place: Place, known: Known, sealed_after: Callable[..., Awaitable[Sequence[tuple[UUID, bytes]]]]
) -> list[tuple[UUID, Recipient]]:
    found, after = [], _NO_ID
    while batch := await sealed_after(place.session, place.organisation_id, after, limit=_BATCH):
        for row_id, sealed in batch:
            recipient = opened(sealed, place.seal)
            if known.is_of(Respondent(name=recipient.name, email=recipient.email), place.regions):
                found.append((row_id, recipient))
        after = batch[-1][0]
    return found


class PortfolioFiles:
    """Copies, in portfolios of evidence, of what people wrote elsewhere."""

    name = "portfolio"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Which of them name the subject."""
        return [{"portfolio_id": str(found)} for found in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Throw those files away; they can be asked for again."""
        theirs = await self._theirs(place, known)
        for found in theirs:
            reason = PortfolioGoneReason.ERASURE
            await discard_file(place.session, PORTFOLIO_FILES, place.organisation_id, found, reason, at=place.at)
        return len(theirs)

    async def _theirs(self, place: Place, known: Known) -> list[UUID]:
        found = []
        for portfolio_id in await portfolios.ready_files(place.session, place.organisation_id):
            content = await portfolios.whole_file(place.session, place.organisation_id, portfolio_id)
            if names(content, known.stands_in):
                found.append(portfolio_id)
        return found


class CaseEntries:
    """What people wrote about cases, of which those of the subject's responses go with them."""

    name = "case_entry"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What was written about their cases, or names them."""
        return [{"entry_id": str(entry_id), "said": said} for entry_id, said in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete what names them."""
        theirs = [entry_id for entry_id, _ in await self._theirs(place, known)]
        return await cases.delete_entries(place.session, place.organisation_id, theirs) if theirs else 0

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, str]]:
        responses = [UUID(each) for each in known.response_ids]
        of_theirs = await cases.cases_of_responses(place.session, place.organisation_id, responses)
        found, after = [], _NO_ID
        while batch := await cases.sealed_entries_after(place.session, place.organisation_id, after, limit=_BATCH):
            for entry_id, sealed in batch:
                said = place.seal.open(sealed).decode()
                if entry_id in of_theirs or known.stands_in(said):
                    found.append((entry_id, said))
            after = batch[-1][0]
        return found


STORES: Final[Sequence[Store]] = (
    OpenResponses(),
    Inbox(),
    ImportFaults(),
    RememberedAnswers(),
    SubjectExports(),
    ReceiversAnswers(),
    ReportRecipients(),
    PortfolioFiles(),
    StandingRecipients(),
    CaseEntries(),
)


async def sweep(place: Place, known: Known) -> dict[str, int]:
    """Rows in which the subject is still named, by table: every table with texts is read as a whole."""
    remains = {}
    if known.needles:
        for table in await store_queries.tenant_tables(place.session):
            if table not in _NOT_SWEPT:
                rows = await store_queries.rows_naming(place.session, place.organisation_id, table, known.needles)
                if rows:
                    remains[table] = rows
    return remains
