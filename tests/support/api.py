"""A caller of the API, as tests speak to it."""

from typing import Any

import httpx

from tests.support.organisations import TestOrganisation


class Api:
    """Calls with one organisation's key."""

    def __init__(self, client: httpx.AsyncClient, organisation: TestOrganisation) -> None:
        self.client = client
        self.organisation = organisation

    async def call(
        self, method: str, path: str, *, status: int | None = None, headers: dict[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        """One request; with `status`, it must be answered so."""
        headers = {"Authorization": f"Bearer {self.organisation.token}", **(headers or {})}
        response = await self.client.request(method, path, headers=headers, **rest)
        assert status is None or response.status_code == status, f"{response.status_code}: {response.text}"
        return response

    async def get(self, path: str, *, status: int | None = 200, **rest: Any) -> httpx.Response:
        """Read."""
        return await self.call("GET", path, status=status, **rest)

    async def post(self, path: str, json: Any = None, *, status: int | None = None, **rest: Any) -> httpx.Response:
        """Write."""
        return await self.call("POST", path, status=status, json=json, **rest)

    async def put(self, path: str, json: Any = None, *, status: int | None = None, **rest: Any) -> httpx.Response:
        """Replace."""
        return await self.call("PUT", path, status=status, json=json, **rest)
