"""The broker: a doorbell of Redis or RabbitMQ, and an actor for every kind of job."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID

import dramatiq
from dramatiq.broker import Broker
from dramatiq.middleware import AsyncIO, Middleware, TimeLimit

from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import DueJob
from feedback_worker.actor import Handler
from feedback_worker.metrics import Metrics
from feedback_worker.settings import BrokerSettings

QUEUE = "jobs"

# The job's own limit ends it in order; Dramatiq's, later, frees the thread of a function that would not be ended.
_GRACE = timedelta(minutes=1)


class UnknownBroker(Exception):
    """The address of the broker is neither Redis nor RabbitMQ."""


def build_broker(settings: BrokerSettings, middleware: Iterable[Middleware] = ()) -> Broker:
    """A broker by the scheme of its address; nothing is connected yet.

    Dramatiq's own retries and results are left out on purpose: both are in the job's row.

    Raises:
        UnknownBroker: neither Redis nor RabbitMQ.
    """
    url = settings.url.get_secret_value()
    parts: list[Middleware] = [AsyncIO(), TimeLimit(), *middleware]
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss", "unix"}:
        return _redis_broker(url, parts)
    if scheme in {"amqp", "amqps"}:
        return _rabbitmq_broker(url, parts)
    raise UnknownBroker(f"BROKER_URL begins with {scheme or 'nothing'}: use redis:// or amqp://.")


def declare_actors(broker: Broker, handlers: Mapping[str, Handler], executor: Executor, metrics: Metrics) -> None:
    """Let the broker's workers run every kind of job in ``handlers``."""
    for kind, handler in handlers.items():
        dramatiq.Actor[[str, str], None](
            _run_by(executor, handler, metrics),
            broker=broker,
            actor_name=kind,
            queue_name=QUEUE,
            priority=0,
            options={"time_limit": (handler.time_limit + _GRACE) / timedelta(milliseconds=1)},
        )


def ring(broker: Broker, job: DueJob) -> None:
    """Tell a worker that the job is due."""
    broker.enqueue(broker.get_actor(job.kind).message(str(job.organisation_id), str(job.id)))


def _run_by(executor: Executor, handler: Handler, metrics: Metrics) -> Callable[[str, str], Awaitable[None]]:
    async def run(organisation_id: str, job_id: str) -> None:
        begun = perf_counter()
        outcome = await executor.run(handler, UUID(organisation_id), UUID(job_id))
        metrics.count(handler.payload.kind, outcome, seconds=perf_counter() - begun)

    return run


def _redis_broker(url: str, middleware: list[Middleware]) -> Broker:
    import redis
    from dramatiq.brokers.redis import RedisBroker
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Whoever calls waits and tries again; the client itself only replaces a connection that has gone stale.
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=10, retry=Retry(NoBackoff(), 1))
    return RedisBroker(client=client, middleware=middleware, namespace="feedback")  # type: ignore[no-untyped-call]


def _rabbitmq_broker(url: str, middleware: list[Middleware]) -> Broker:
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    # Without confirmation a message to a queue that was lost would vanish, and the queue not be made again.
    return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
