"""``feedback-dev demo``: the whole job on a line whose truth is known, on a stack of its own."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from shutil import copyfile
from typing import Final

from rich.console import Console

from feedback_dev.children import CannotRun
from feedback_dev.demo.aftermath import Aftermath
from feedback_dev.demo.caller import Caller, StepFailed
from feedback_dev.demo.collection.holders import nps_of, simulate_holders
from feedback_dev.demo.collection.judgement import judge_collection
from feedback_dev.demo.collection.report import report_collection
from feedback_dev.demo.collection.steps import Collection
from feedback_dev.demo.ferries import simulate
from feedback_dev.demo.judgement import judge, judge_outcomes
from feedback_dev.demo.mailbox import Mailbox
from feedback_dev.demo.meter import Meter, console_of
from feedback_dev.demo.report import report, report_checks
from feedback_dev.demo.report_outcomes import report_outcomes
from feedback_dev.demo.story import Story
from feedback_dev.ports import LOOPBACK, free_port
from feedback_dev.stack import ROOT, Stack
from feedback_dev.supervisor import StopRequests

SHOWN: Final = ("senior-managers-1.png", "supervisors-3.png", "customers-1.png")
"""Pages that the README shows."""

_FAILED = 1
_CANNOT_RUN = 2
_INTERRUPTED = 130


def demo(pictures: Path | None = None) -> int:
    """Run it; the pages that the README shows are copied to the folder `pictures`, too.

    Returns: The exit code: 0 when everything planted was found, 1 when a step failed or the findings contradict the
        truth, 2 when it cannot run, 130 when interrupted.
    """
    mailbox, reports = Mailbox(), Path(os.environ.get("DATA_DIR") or ROOT / ".data") / "reports"

    def work(console: Console, caller: Caller) -> int:
        code = _demo(console, caller, mailbox, reports)
        if code == 0 and pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            for name in SHOWN:
                copyfile(reports / name, pictures / name)
        return code

    return with_own_stack(work, beside=mailbox.open())


def with_own_stack(
    work: Callable[[Console, Caller], int], *, beside: AbstractContextManager[Mapping[str, str]] | None = None
) -> int:
    """Do the work on a stack that lives only so long, in a folder that goes with it; the exit code is the work's.

    Args:
        work: is given where to print, and a caller with a key for everything.
        beside: what runs beside the stack, giving what API and worker find in their environment.
    """
    console = console_of()
    requests = StopRequests()
    try:
        with (
            beside or nullcontext({}) as environment,
            tempfile.TemporaryDirectory(prefix="feedback-demo-", ignore_cleanup_errors=True) as folder,
        ):
            port = free_port()
            url = f"http://{LOOPBACK}:{port}"
            told = {**environment, "REPORTS_LINK_BASE_URL": url, "INVITATIONS_LINK_BASE_URL": url}
            stack = Stack(Path(folder) / "data", port=port, durable=False, environment=told)
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


def _demo(console: Console, caller: Caller, mailbox: Mailbox, reports: Path) -> int:
    line, meter = simulate(), Meter(console)
    console.print(
        f"  A simulated ferry line: {sum(line.truth.customers.values()):,} customers in two years,"
        f" of whom {len(line.responses):,} answer."
    )
    story, aftermath = Story(caller, line, meter), Aftermath(caller, meter, reports, mailbox)
    story.prepare()
    aftermath.agree_how()
    found = story.find()
    became = aftermath.go_through(story)
    holders = simulate_holders()
    collected, nps = Collection(caller, meter, mailbox, holders).carry_out(), nps_of(holders)
    checks = (
        *judge(found, line.truth),
        *judge_outcomes(became, line.truth),
        *judge_collection(collected, nps),
    )
    report(console, found, line.truth)
    report_outcomes(console, became, line.truth)
    report_collection(console, collected, nps)
    report_checks(console, checks)
    return 0 if all(check.holds for check in checks) else _FAILED
