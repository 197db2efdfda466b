"""Vocabulary of connectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from feedback_core.kit.errors import Invalid

LONGEST_URL: Final = 2_000
LONGEST_TOKEN: Final = 4_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a connector fetched."""

    body: bytes = field(repr=False)
    content_type: str | None


class FetchFailed(Exception):
    """It could not be fetched just now; another attempt may."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class FetchRefused(Exception):
    """It cannot be fetched, and another attempt would change nothing."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Connector(Protocol):
    """Fetches what an event names by its ids."""

    async def fetch(self, parameters: Mapping[str, str]) -> Fetched:
        """What is there under these parameters.

        Raises:
            FetchFailed: not just now.
            FetchRefused: never.
        """


class ConnectorInvalid(Invalid):
    """The connector's address or token is not usable; each fault is named with a pointer."""

    code = "connector_invalid"


@dataclass(frozen=True, slots=True)
class StoredConnector:
    """A connector as it may be shown: never its token.

    Attributes:
        url: of ``https``, with the mapping's parameters in braces.
        hint: the last characters of the token.
        defined_by: name of the API key.
    """

    source_id: UUID
    url: str
    hint: str
    defined_at: datetime
    defined_by: str
    revision: int
