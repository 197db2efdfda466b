"""What the worker tells Prometheus: attempts by kind and outcome, their time, and how late the oldest job is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from feedback_core.jobs.types import Outcome
from feedback_core.webhooks.delivering.settling import Sent
from feedback_core.webhooks.types import AttemptOutcome
from feedback_worker.settings import WorkerSettings


class Metrics:
    """Counters of one worker process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._attempts = Counter(
            "feedback_job_attempts", "Attempts at jobs by kind and outcome", ["kind", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "feedback_job_attempt_seconds",
            "Duration of attempts at jobs",
            ["kind"],
            buckets=(0.01, 0.05, 0.2, 1, 5, 20, 60, 300, 1200),
            registry=registry,
        )
        self._rung = Counter("feedback_jobs_rung", "Messages sent to workers", registry=registry)
        self._requested = Counter(
            "feedback_jobs_requested", "Jobs requested by the schedule", ["tick"], registry=registry
        )
        self._oldest = Gauge(
            "feedback_oldest_due_job_age_seconds", "How long the oldest due job has waited", registry=registry
        )

        self._told = Counter(
            "feedback_webhook_attempts", "Attempts at deliveries to webhooks by outcome", ["outcome"], registry=registry
        )
        self._told_seconds = Histogram(
            "feedback_webhook_attempt_seconds",
            "How long receivers took",
            buckets=(0.01, 0.05, 0.2, 1, 5, 15),
            registry=registry,
        )
        self._delay = Histogram(
            "feedback_webhook_delay_seconds",
            "From when an event happened to when a receiver had taken it",
            buckets=(0.5, 1, 2, 5, 20, 60, 600, 3600, 86400),
            registry=registry,
        )

    def delivered(self, sent: Sent) -> None:
        """An attempt at a delivery to a webhook has ended."""
        self._told.labels(sent.answer.outcome.value).inc()
        self._told_seconds.observe(sent.answer.seconds)
        if sent.answer.outcome is AttemptOutcome.DELIVERED:
            delay = (sent.at - sent.due.event.occurred_at).total_seconds() + sent.answer.seconds
            self._delay.observe(max(0.0, delay))

    def count(self, kind: str, outcome: Outcome, *, seconds: float) -> None:
        """An attempt has ended; rings that found nothing to do are counted but not timed."""
        self._attempts.labels(kind, outcome.value).inc()
        if outcome is not Outcome.NOT_CLAIMED:
            self._seconds.labels(kind).observe(seconds)

    def rung(self) -> None:
        """A message was sent."""
        self._rung.inc()

    def requested(self, tick: str, jobs: int) -> None:
        """A tick of the schedule requested so many jobs."""
        self._requested.labels(tick).inc(jobs)

    def oldest_due(self, age: timedelta) -> None:
        """The oldest due job has waited so long."""
        self._oldest.set(age.total_seconds())


@contextmanager
def served(metrics: Metrics, settings: WorkerSettings) -> Iterator[int | None]:
    """Serve the metrics over HTTP while the block runs, on the port it gives; not at all if the settings name none."""
    if settings.metrics_port is None:
        yield None
        return
    server, thread = start_http_server(settings.metrics_port, settings.metrics_host, metrics.registry)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
