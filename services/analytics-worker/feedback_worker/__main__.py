"""Command line of the worker: ``feedback-worker run``."""

import argparse
import os
import signal
import sys
import threading

from pydantic import ValidationError

from feedback_core.kit.garbage import settle_collector
from feedback_core.kit.logs import configure_logs, get_logger
from feedback_worker.broker import UnknownBroker
from feedback_worker.metrics import served
from feedback_worker.settings import Settings
from feedback_worker.wiring import WorkerProcess, build_worker

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

# A job that blocks the event loop cannot be told to stop; its lease will run out.
_LONGEST_STOP_SECONDS = 15.0

log = get_logger(__name__)


def main() -> int:
    """Run the worker until SIGTERM or SIGINT; returns the exit code."""
    parser = argparse.ArgumentParser(prog="feedback-worker", description="Runs jobs: workers, relay and schedule.")
    parser.add_subparsers(required=True).add_parser("run", help="work until told to stop (SIGTERM, Ctrl-C)")
    parser.parse_args()
    try:
        settings = Settings.from_environment()
        process = build_worker(settings)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = "".join(str(part) for part in fault["loc"])
            sys.stderr.write(f"{error.title}: {name}: {fault['msg']}\n")
        return 2
    except UnknownBroker as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logs(settings.logs)
    return _run(settings, process)


def _run(settings: Settings, process: WorkerProcess) -> int:
    # Blocked before any thread starts, so that only the wait below receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    told = None
    settle_collector()
    with served(process.metrics, settings.worker) as port:
        process.start()
        log.info("worker_started", threads=settings.worker.threads, metrics_port=port)
        while told is None and process.relay.alive and process.courier.alive:
            told = signal.sigtimedwait(STOP_SIGNALS, 1.0)
        _leave_at_last()
        process.stop()
    log.info("worker_stopped", told=told is not None)
    return 0 if told is not None else 1


def _leave_at_last() -> None:
    timer = threading.Timer(_LONGEST_STOP_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    sys.exit(main())
