"""Where is looked, and what a store is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.sealing import Seal
from feedback_core.responses.privacy import Privacy
from feedback_core.sampling.vault import ContactVault
from feedback_core.subjects.requests.matching import Known

NO_ID: Final = UUID(int=0)
BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation whose stores are looked through, and what opens what is sealed there."""

    session: Session
    organisation_id: UUID
    privacy: Privacy
    regions: tuple[str, ...]
    seal: Seal
    vault: ContactVault
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
