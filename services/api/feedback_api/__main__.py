"""The commands of the API's image: serve, and what an administrator does by hand."""

import argparse
import asyncio
import os
import secrets
import sys

import uvicorn

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.errors import DomainError
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import DatabaseSettings
from feedback_core.organisations import queries, use_cases
from feedback_core.organisations.credentials import SECRET_BYTES
from feedback_core.organisations.types import Scope

EXISTS = 3


def main() -> None:
    """Parse the command line and run one command."""
    arguments = _parser().parse_args()
    if arguments.command == "serve":
        serve()
    else:
        sys.exit(asyncio.run(_create_organisation(arguments)))


def serve() -> None:
    """Serve until told to stop; open requests are finished first."""
    from feedback_api.settings import HttpSettings

    http = HttpSettings()
    uvicorn.run(
        "feedback_api.asgi:app",
        host=http.host,
        port=http.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        workers=int(os.environ.get("WEB_CONCURRENCY", "1")),
    )


async def _create_organisation(arguments: argparse.Namespace) -> int:
    database = Database(DatabaseSettings())
    clock = SystemClock()
    try:
        async with database.system() as system:
            if await queries.organisation_with_key(system, arguments.key):
                print(f"There is an organisation {arguments.key} already.", file=sys.stderr)  # noqa: T201
                return EXISTS
        organisation_id = new_id()
        async with database.tenant(organisation_id) as session:
            await use_cases.create_organisation(
                session,
                organisation_id,
                key=arguments.key,
                name=arguments.name,
                time_zone=arguments.time_zone,
                minimum_cell_size=arguments.minimum_cell_size,
                clock=clock,
            )
            _, token = await use_cases.create_api_key(
                session,
                organisation_id,
                name="administrator",
                scopes=list(Scope),
                secret=secrets.token_bytes(SECRET_BYTES),
                clock=clock,
            )
    except DomainError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201 - a command's answer
        return 2
    finally:
        await database.dispose()
    print(token)  # noqa: T201 - the only time that it is shown
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="feedback-api", description="The API of the feedback service.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve HTTP")
    create = commands.add_parser("create-organisation", help="create an organisation and print its all-scope key")
    create.add_argument("--key", required=True, help="short name, unique on this installation")
    create.add_argument("--name", required=True)
    create.add_argument("--time-zone", required=True, help="IANA name, such as Europe/London")
    create.add_argument("--minimum-cell-size", type=int, default=use_cases.DEFAULT_MINIMUM_CELL_SIZE)
    return parser


if __name__ == "__main__":
    main()
