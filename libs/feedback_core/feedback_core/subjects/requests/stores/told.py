"""What was told to the subject, or to others of them."""

from uuid import UUID

from feedback_core.db.sealed_queries import AnyColumn, every_sealed
from feedback_core.jobs.file_queries import discard_file
from feedback_core.reports.distributions import queries as distributions
from feedback_core.reports.distributions.recipients import opened
from feedback_core.reports.distributions.types import Recipient
from feedback_core.reports.portfolios.naming import names
from feedback_core.reports.portfolios.queries import store as portfolios
from feedback_core.reports.portfolios.queries.store import PORTFOLIO_FILES
from feedback_core.reports.portfolios.types import PortfolioGoneReason
from feedback_core.reports.schedules import recipient_queries as standing_recipients
from feedback_core.reports.tables import report_distribution, report_schedule_recipient
from feedback_core.responses.types import Respondent
from feedback_core.subjects.requests import queries
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.place import Place
from feedback_core.subjects.tables import subject_export
from feedback_core.webhooks.queries import deliveries as webhook_log


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
        found, columns = [], subject_export.c
        exports = every_sealed(place.session, place.organisation_id, columns.sealed, key=columns.request_id)
        async for request_id, sealed in exports:
            said = place.privacy.identities.open_text(sealed).casefold()
            if any(needle.casefold() in said for needle in (*known.needles, *known.response_ids)):
                found.append(request_id)
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
        return await _recipients(place, known, report_distribution.c.sealed_recipient)


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
        return await _recipients(place, known, report_schedule_recipient.c.sealed_recipient)


async def _recipients(place: Place, known: Known, column: AnyColumn) -> list[tuple[UUID, Recipient]]:
    found = []
    async for row_id, sealed in every_sealed(place.session, place.organisation_id, column):
        recipient = opened(sealed, place.seal)
        if known.is_of(Respondent(name=recipient.name, email=recipient.email), place.regions):
            found.append((row_id, recipient))
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
