"""The worker process, put together: used unchanged by the command line and by the tests."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from dramatiq import Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.broker import Broker
from dramatiq.middleware import Middleware
from prometheus_client import CollectorRegistry

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import DueJob
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import DatabaseSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from feedback_worker.background import Background
from feedback_worker.broker import build_broker, declare_actors, ring
from feedback_worker.courier import Courier
from feedback_worker.metrics import Metrics
from feedback_worker.relay import Relay
from feedback_worker.schedule import Schedule
from feedback_worker.settings import Settings
from feedback_worker.ticks import TICKS

# How often idle workers look into the broker.
_IDLE_MILLISECONDS = 200
_PATIENCE_SECONDS = 4.0

# What delivers waits for a connection rather than holding many: its transactions are short.
_COURIER_CONNECTIONS = 4
_LONG_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """Workers, relay and schedule in one process."""

    broker: Broker
    workers: Worker
    relay: Background
    courier: Background
    metrics: Metrics

    def start(self) -> None:
        """Begin to work; broker and database may come later."""
        self.broker.emit_after("process_boot")
        self.workers.start()
        self.relay.start()
        self.courier.start()

    def stop(self) -> None:
        """Give back what is running, and end."""
        self.relay.stop(patience=_PATIENCE_SECONDS)
        self.courier.stop(patience=_PATIENCE_SECONDS)
        self.workers.stop(timeout=int(_PATIENCE_SECONDS * 1000))
        self.broker.close()


def build_worker(settings: Settings) -> WorkerProcess:
    """Everything that the worker process consists of; nothing is started or connected yet.

    Raises:
        UnknownBroker: the address of the broker is neither Redis nor RabbitMQ.
    """
    load_actors()
    metrics = Metrics(CollectorRegistry())
    database = Database(settings.database)
    executor = Executor(database, SystemClock(), settings.secrets, settings.worker.lease)
    broker = build_broker(settings.broker, [_Ending(executor)])
    declare_actors(broker, HANDLERS, executor, metrics)
    return WorkerProcess(
        broker=broker,
        workers=Worker(broker, worker_threads=settings.worker.threads, worker_timeout=_IDLE_MILLISECONDS),
        relay=Background("relay", partial(_relay_and_schedule, settings, broker, metrics)),
        courier=Background("courier", partial(_deliver, settings, metrics)),
        metrics=metrics,
    )


async def _deliver(settings: Settings, metrics: Metrics, stopping: asyncio.Event) -> None:
    database = Database(_small(settings.database, size=_COURIER_CONNECTIONS))
    try:
        await Courier(database, SystemClock(), settings.secrets, settings.webhooks, metrics.delivered).run(stopping)
    finally:
        await database.dispose()


async def _relay_and_schedule(settings: Settings, broker: Broker, metrics: Metrics, stopping: asyncio.Event) -> None:
    database = Database(_small(settings.database))
    relay = Relay(
        database,
        partial(_ring_and_count, broker, metrics),
        {kind: handler.max_retries for kind, handler in HANDLERS.items()},
        SystemClock(),
        settings.worker,
    )
    schedule = Schedule(database, TICKS, SystemClock(), metrics, timedelta(seconds=settings.worker.tick_seconds))
    try:
        await asyncio.gather(relay.run(stopping), schedule.run(stopping))
    finally:
        await database.dispose()


def _ring_and_count(broker: Broker, metrics: Metrics, job: DueJob) -> None:
    ring(broker, job)
    metrics.rung()


def _small(settings: DatabaseSettings, *, size: int = 2) -> DatabaseSettings:
    return settings.model_copy(update={"pool_size": size, "pool_overflow": 0, "pool_timeout_seconds": _LONG_WAIT})


class _Ending(Middleware):
    """Gives running jobs back when the workers stop, and closes what they shared."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def before_worker_shutdown(self, _broker: Broker, worker: Worker) -> None:
        """No thread takes another message; running jobs are told to end."""
        for thread in worker.workers:
            thread.stop()
        loop_thread = get_event_loop_thread()
        if loop_thread is not None:
            loop_thread.loop.call_soon_threadsafe(self._executor.stopping.set)

    def after_worker_shutdown(self, _broker: Broker, _worker: Worker) -> None:
        """Close the database's connections in the loop that they belong to."""
        loop_thread = get_event_loop_thread()
        if loop_thread is not None:
            loop_thread.run_coroutine(self._executor.database.dispose())
