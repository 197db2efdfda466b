"""Alerts of collections that name the subject: as the interviewer that they are on, or in what was written to them."""

from uuid import UUID

from feedback_core.fieldwork.queries.alerts import said_in_alerts, take_words_out
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.place import BATCH, NO_ID, Place


class FieldworkAlerts:
    """Alerts on interviewers, and notes of those who took alerts on."""

    name = "fieldwork_alert"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What is said of them."""
        return [{"alert_id": str(alert_id), "said": list(said)} for alert_id, said in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Take out who it is on and what was written; that there was an alert stays, of nobody."""
        theirs = await self._theirs(place, known)
        for alert_id, _ in theirs:
            await take_words_out(place.session, place.organisation_id, alert_id)
        return len(theirs)

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, tuple[str, ...]]]:
        found, after = [], NO_ID
        while batch := await said_in_alerts(place.session, place.organisation_id, after, limit=BATCH):
            found += [
                (alert_id, said)
                for alert_id, said in batch
                if any(each in known.ids or each.lower() in known.names or known.stands_in(each) for each in said)
            ]
            after = batch[-1][0]
        return found
