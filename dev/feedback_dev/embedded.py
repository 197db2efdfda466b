"""Embedded servers as blocks: running inside, surely ended outside, however the block is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedback_dev.ports import PortTaken
from feedback_dev.postgres import PostgresServer
from feedback_dev.redis_server import RedisServer

__all__ = ["PortTaken", "PostgresServer", "RedisServer", "embedded_postgres", "embedded_redis"]


@contextmanager
def embedded_postgres(
    data: Path, *, log: Path, port: int | None = None, durable: bool = True
) -> Iterator[PostgresServer]:
    """A running PostgreSQL over `data`, made there first if need be; see `PostgresServer`."""
    server = PostgresServer(data, log=log, port=port, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def embedded_redis(data: Path, *, log: Path, port: int | None = None) -> Iterator[RedisServer]:
    """A running Redis over `data`; see `RedisServer`."""
    server = RedisServer(data, log=log, port=port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
