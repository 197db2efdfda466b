"""A caller of the API who stops at the first answer that is not a success."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeAlias
from uuid import uuid4

import httpx

Document: TypeAlias = Mapping[str, Any]

_PAUSE_SECONDS = 0.15
_PATIENCE_SECONDS = 600.0
_ENDED = {"succeeded", "failed", "cancelled"}


class StepFailed(Exception):
    """A request was not answered as it should be; the message is one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        document: the JSON body; empty if there was none.
        replayed: whether the service said that it had done the same before.
    """

    status: int
    document: Document
    replayed: bool


class Caller:
    """Requests with one key of an organisation; a block that closes its connections."""

    def __init__(self, url: str, key: str | None, *, client: httpx.Client | None = None) -> None:
        """Name the API's address and the key; none is what everybody has."""
        self._url = url
        self._client = client or httpx.Client(base_url=url, timeout=120)
        self._key = {} if key is None else {"Authorization": f"Bearer {key}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def with_key(self, key: str | None) -> "Caller":
        """The same with another key, or without any, over the same connections."""
        return Caller(self._url, key, client=self._client)

    def get(self, path: str, **query: str) -> Document:
        """Read a document.

        Raises:
            StepFailed: it was refused.
        """
        return self._call("GET", path, query=query).document

    def post(self, path: str, body: Document | None = None, *, etag: str | None = None) -> Answer:
        """Write, safe to repeat; with `etag`, only if what it was read of has not changed.

        Raises:
            StepFailed: it was refused.
        """
        headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": etag} if etag else {})
        return self._call("POST", path, body=body, headers=headers)

    def put(self, path: str, body: Document, *, etag: str | None = None) -> Document:
        """Put a thing where there is none, or replace what `etag` was read of.

        Raises:
            StepFailed: it was refused.
        """
        return self._call("PUT", path, body=body, headers={"If-Match": etag} if etag else {}).document

    def refusal(self, path: str, body: Document) -> Document:
        """The problem that something written is answered by.

        Raises:
            StepFailed: it was not refused.
        """
        answer = self._answer("POST", path, body=body, headers={"Idempotency-Key": str(uuid4())})
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            raise StepFailed(f"POST {path} was to be refused, and was answered {answer.status_code}")
        problem: Document = answer.json()
        return problem

    def file(self, path: str) -> bytes:
        """The bytes of what is there.

        Raises:
            StepFailed: it was refused.
        """
        return self._request("GET", path).content

    def upload(self, path: str, mapping: Document, name: str, content: bytes) -> str:
        """Send a file with its mapping; where to look what becomes of it.

        Raises:
            StepFailed: it was refused.
        """
        files = {"mapping": (None, json.dumps(mapping).encode()), "file": (name, content)}
        return str(self._request("POST", path, files=files).headers["Location"])

    def etag(self, path: str) -> str:
        """The entity tag of what is there now."""
        return str(self._request("GET", path).headers["ETag"])

    def pages(self, path: str, **query: str) -> Iterable[Document]:
        """Every item of a list, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next_cursor"]

    def finished(self, path: str, *, progress: Callable[[Document], None] = lambda _: None) -> Document:
        """Wait until what is worked on there has succeeded.

        Args:
            path: where it is.
            progress: is told how it stands, each time.

        Raises:
            StepFailed: it failed, was cancelled, or took longer than ten minutes.
        """
        found = self.until(path, lambda state: state["status"] in _ENDED, progress=progress)
        if found["status"] != "succeeded":
            raise StepFailed(f"{path} {found['status']}: {found.get('error')}")
        return found

    def until(
        self,
        path: str,
        holds: Callable[[Document], bool],
        *,
        progress: Callable[[Document], None] = lambda _: None,
        **query: str,
    ) -> Document:
        """Read what is there again and again until something holds of it.

        Raises:
            StepFailed: it did not within ten minutes.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = self.get(path, **query)
            progress(found)
            if holds(found):
                return found
            time.sleep(_PAUSE_SECONDS)
        raise StepFailed(f"{path} was not as it should be after {_PATIENCE_SECONDS:.0f} s")

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Document | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        answer = self._request(method, path, query=query, body=body, headers=headers)
        document = answer.json() if answer.content else {}
        return Answer(answer.status_code, document, answer.headers.get("Idempotent-Replayed") == "true")

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Document | None = None,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str | None, bytes]] | None = None,
    ) -> httpx.Response:
        answer = self._answer(method, path, query=query, body=body, headers=headers, files=files)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise StepFailed(f"{method} {path} was answered {answer.status_code}: {answer.text[:500]}")
        return answer

    def _answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Document | None = None,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str | None, bytes]] | None = None,
    ) -> httpx.Response:
        told = {**self._key, **(headers or {})}
        try:
            return self._client.request(method, path, params=query, json=body, headers=told, files=files)
        except httpx.TransportError as error:
            raise StepFailed(f"{method} {path} got no answer: {error!r}") from error
