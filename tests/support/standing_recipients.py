"""Standing recipients of a schedule of reports, kept without a mail server that they could be mailed by."""

from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from feedback_core.reports.distributions.recipients import sealed
from feedback_core.reports.distributions.types import Recipient
from feedback_core.reports.schedules.recipient_queries import add_recipient
from feedback_core.reports.schedules.types import PlannedEdition, StandingRecipient
from feedback_core.reports.types import Audience, ReportFormat
from tests.support.api import Api


async def standing_recipients(api: Api, database: Database, schedule_id: UUID) -> list[str]:
    """Two who are mailed the editions of a schedule, which here no mail server could be; their ids."""
    seal, edition = Seal.from_settings(SecretSettings()), PlannedEdition(Audience.CUSTOMERS, ReportFormat.HTML)
    added = []
    for name in ("Bo", "Cy"):
        recipient = sealed(Recipient(name, f"{name.lower()}@example.org"), seal)
        now = SystemClock().now()
        added.append(StandingRecipient(new_id(), schedule_id, edition, recipient, 7, "test", now))
        async with database.tenant(api.organisation.organisation_id) as session:
            await add_recipient(session, api.organisation.organisation_id, added[-1])
    return [str(each.id) for each in added]
