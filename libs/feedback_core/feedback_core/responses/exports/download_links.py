"""Download links: whoever has one may fetch one file for a while, without a key; a browser can follow it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from uuid import UUID

from cryptography.fernet import InvalidToken

from feedback_core.db.session import Database
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Gone, NotFound
from feedback_core.kit.sealing import Seal
from feedback_core.organisations.use_cases import key_is_valid
from feedback_core.responses.exports.use_cases import FinishedFile, finished_file

PATH: Final = "/v1/downloads"
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=1)
USUAL: Final = timedelta(minutes=15)

_PURPOSE: Final = b"download "
_UUID_BYTES: Final = 16
_TIME_BYTES: Final = 8


class LinkExpired(Gone):
    """The link was good, and is no more."""

    code = "link_expired"


@dataclass(frozen=True, slots=True)
class DownloadLink:
    """What a link says: which file, by whose key, until when."""

    organisation_id: UUID
    export_id: UUID
    api_key_id: UUID
    expires_at: datetime

    def token(self, seal: Seal) -> str:
        """The link as one step of a path: nobody can make or change one, or read the ids in it, without a key."""
        ids = self.organisation_id.bytes + self.export_id.bytes + self.api_key_id.bytes
        ends = int(self.expires_at.timestamp()).to_bytes(_TIME_BYTES)
        return seal.seal(_PURPOSE + ids + ends).decode().rstrip("=")

    def path(self, seal: Seal) -> str:
        """Where the file is fetched."""
        return f"{PATH}/{self.token(seal)}"

    @classmethod
    def parse(cls, token: str, seal: Seal) -> Self:
        """What a token says.

        Raises:
            NotFound: it is not one of ours.
        """
        try:
            said = seal.open(token.encode() + b"=" * (-len(token) % 4))
        except (InvalidToken, UnicodeEncodeError) as error:
            raise _unknown() from error
        if not said.startswith(_PURPOSE) or len(said) != len(_PURPOSE) + 3 * _UUID_BYTES + _TIME_BYTES:
            raise _unknown()
        parts = said.removeprefix(_PURPOSE)
        organisation_id, export_id, api_key_id = (
            UUID(bytes=parts[at : at + _UUID_BYTES]) for at in range(0, 3 * _UUID_BYTES, _UUID_BYTES)
        )
        ends = datetime.fromtimestamp(int.from_bytes(parts[-_TIME_BYTES:]), UTC)
        return cls(organisation_id, export_id, api_key_id, ends)


async def file_of_link(database: Database, link: DownloadLink, *, clock: Clock) -> FinishedFile:
    """The file that a link leads to.

    Raises:
        LinkExpired: its time is over, or the key that made it was revoked.
        ExportGone: the file is gone.
        NotFound: the export is gone with its survey.
    """
    async with database.snapshot(link.organisation_id) as session:
        is_good = await key_is_valid(session, link.organisation_id, link.api_key_id, clock=clock)
        if link.expires_at <= clock.now() or not is_good:
            raise LinkExpired("This link leads nowhere any more: ask for another one.")
        return await finished_file(session, link.organisation_id, link.export_id)


def _unknown() -> NotFound:
    return NotFound("download", "by this link")
