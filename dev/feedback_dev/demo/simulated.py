"""``feedback-dev demo``: the whole job on a line whose truth is known, on a stack of its own."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from feedback_dev.children import CannotRun
from feedback_dev.demo.caller import Caller, StepFailed
from feedback_dev.demo.ferries import simulate
from feedback_dev.demo.judgement import judge
from feedback_dev.demo.meter import Meter, console_of
from feedback_dev.demo.report import report
from feedback_dev.demo.story import Story
from feedback_dev.stack import Stack
from feedback_dev.supervisor import StopRequests

_FAILED = 1
_CANNOT_RUN = 2
_INTERRUPTED = 130


def demo() -> int:
    """Run it.

    Returns: The exit code: 0 when everything planted was found, 1 when a step failed or the findings contradict the
        truth, 2 when it cannot run, 130 when interrupted.
    """
    return with_own_stack(_demo)


def with_own_stack(work: Callable[[Console, Caller], int]) -> int:
    """Do the work on a stack that lives only so long, in a folder that goes with it; the exit code is the work's."""
    console = console_of()
    requests = StopRequests()
    try:
        with tempfile.TemporaryDirectory(prefix="feedback-demo-", ignore_cleanup_errors=True) as folder:
            stack = Stack(Path(folder) / "data", durable=False)
            try:
                with Meter(console).step("Starting PostgreSQL, Redis, API and worker"):
                    stack.start()
                with Caller(stack.url, stack.api_key or "") as caller:
                    return work(console, caller)
            finally:
                requests.stopping(stack.hurry)
                stack.stop()
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return _FAILED
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return _CANNOT_RUN
    except KeyboardInterrupt:
        print("Stopped before the end.", file=sys.stderr)
        return _INTERRUPTED


def _demo(console: Console, caller: Caller) -> int:
    line = simulate()
    console.print(
        f"  A simulated ferry line: {sum(line.truth.customers.values()):,} customers,"
        f" of whom {len(line.responses):,} answer."
    )
    found = Story(caller, line, Meter(console)).tell()
    checks = judge(found, line.truth)
    report(console, found, line.truth, checks)
    return 0 if all(check.holds for check in checks) else _FAILED
