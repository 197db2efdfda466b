"""The API as it would be served, built without a server or a database: its routes and its document."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import SecretStr

from feedback_api.app import ROUTERS, create_app
from feedback_api.settings import Settings
from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as documented."""

    method: str
    path: str
    document: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def headers(self) -> set[str]:
        """Headers it takes, in lower case."""
        return {p["name"].lower() for p in self.document.get("parameters", []) if p["in"] == "header"}


@cache
def app() -> FastAPI:
    """The application; nothing listens at its database's address, and nobody asks."""
    return create_app(
        Settings(
            DatabaseSettings(url=SecretStr("postgresql://nobody@127.0.0.1:1/none")),
            SecretSettings(secret_keys=SecretStr(Fernet.generate_key().decode()), pepper=SecretStr("p" * 32)),
            logs=LogSettings(level="WARNING"),
        )
    )


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return app().openapi()


def operations() -> Iterator[Operation]:
    """Every documented operation under /v1."""
    for path, methods in document()["paths"].items():
        if path.startswith("/v1/"):
            for method, operation in methods.items():
                yield Operation(method, path, operation)


# Used by senders of webhooks: they have no key, repeat by ids of their own, and send what this service did not choose.
OF_SENDERS = {"receiveWebhook", "receiveWebhookBySecretPath", "probeWebhook"}
# Used by providers of mail and short messages, who say what became of them; believed by their signature.
OF_PROVIDERS = {"noteMessages"}
# Followed by whoever was given a link, which says all that a key would.
BY_LINK = {"getDownload"}

# Used by recipients of reports: their link is their key, and acknowledging again changes nothing.
OF_RECIPIENTS = {"seeSharedReport", "getSharedReportFile", "acknowledgeSharedReport"}
# Likewise, of whom a role was sent to.
OF_ROLE_HOLDERS = {"seeSharedRole", "acknowledgeSharedRole"}


# Read by everybody: nothing but what was published for them.
OF_EVERYBODY = {"readYouSaidWeDid", "readYouSaidWeDidPage"}
# Used by the invited: their personal link is their key; what they do twice is done once.
OF_INVITED = {
    "seeInvitation",
    "openInvitedResponse",
    "submitInvitedResponse",
    "refuseInvitation",
    "askForOptOut",
    "optOut",
    "eraseInvitedResponse",
}
WITHOUT_KEY = OF_INVITED | OF_PROVIDERS | OF_SENDERS | BY_LINK | OF_RECIPIENTS | OF_ROLE_HOLDERS | OF_EVERYBODY


def of_callers(operation: Operation) -> bool:
    """Whether callers with a key use it."""
    return operation.document["operationId"] not in WITHOUT_KEY


def routes() -> Iterator[APIRoute]:
    """Every route under /v1."""
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            if route.path.startswith("/v1/"):
                yield route


def dependencies(dependant: Dependant) -> Iterator[Any]:
    """Everything that is called before a route, however deep."""
    for below in dependant.dependencies:
        yield below.call
        yield from dependencies(below)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, or what it refers to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found
