"""`make demo`: the planted truth is found through the API, it reads well without a terminal, and nothing is left."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedback_dev.demo.ferries import SHIFT, Truth, simulate
from feedback_dev.demo.findings import (
    Bias,
    Capture,
    Change,
    Decision,
    Difference,
    Figure,
    Findings,
    GroupShare,
    Recommendation,
)
from feedback_dev.demo.judgement import judge
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("stack")


@contextmanager
def demo(temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, keeping what it makes in a folder by which its processes are known."""
    command = [sys.executable, "-m", "feedback_dev", "demo"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def processes_of(temporary: Path) -> list[str]:
    """Every process that was started with that folder for temporary files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={temporary}\0" in (folder / "environ").read_text(errors="replace"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is another user's
    return found


def test_the_planted_truth_is_found_and_nothing_is_left(tmp_path: Path) -> None:
    truth = simulate().truth
    with demo(tmp_path) as process:
        printed, complaints = process.communicate(timeout=240)

    assert (process.returncode, complaints) == (0, "")
    assert processes_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
    assert "\x1b" not in printed
    words = " ".join(printed.split())
    figures = re.search(r"NPS unweighted (\S+) \(.*?\); weighted (\S+) \(.*?\); truth (\S+)\. ", words)
    assert figures
    unweighted, weighted, true = (float(figure) for figure in figures.groups())
    assert true == pytest.approx(truth.nps, abs=0.05)
    assert abs(weighted - true) < 3 < abs(unweighted - true)
    assert re.search(r"Change found: (February|March|April) 2024 \(.*?\); true date: March 2024\.", words)
    assert re.search(r"islands +\S+ +20\.\d% +-\d+\.\d +under", printed)
    assert re.search(r"\d\. Improve Waiting time \(\w+ confidence\)", words)
    assert re.search(r"“.*Waiting time” was accepted by .*: Agreed at the quay meeting", words)
    assert " NO " not in printed


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        deadline = time.monotonic() + 60
        while not any("feedback_api" in command for command in processes_of(tmp_path)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.terminate()
        _, complaints = process.communicate(timeout=60)

    assert (process.returncode, complaints) == (130, "Stopped before the end.\n")
    # A command that was under way ends by itself.
    until(lambda: processes_of(tmp_path) == [], seconds=20)
    assert list(tmp_path.iterdir()) == []


TRUTH = Truth({"north": 80, "islands": 20}, 20.0, {"north": 40.0, "islands": -60.0}, (4.0, 3.2), SHIFT)
FOUND = Findings(
    capture=Capture(20, 5_000, 600, repeated=True, imported_again=0, n=(9, 10, 9)),
    nps=Figure(31.0, 29.0, 33.0, 9),
    nps_by_region={},
    wait_by_month=(),
    wait=Difference(Figure(4.0, 3.9, 4.1, 5), Figure(3.2, 3.1, 3.3, 4), -0.8, -0.9, -0.7, ""),
    change=Change("", SHIFT, SHIFT, SHIFT),
    bias=Bias(
        "",
        (GroupShare("islands", 5, 0.05, 0.2, -15.0, "under"),),
        9.0,
        1,
        unweighted=Figure(31.0, 29.0, 33.0, 9),
        weighted=Figure(21.0, 18.0, 24.0, 9),
        cannot_tell=(),
    ),
    review="",
    recommendations=tuple(
        Recommendation(feature, "improve", feature, feature, "medium", (), "")
        for feature in ("waiting_time", "information")
    ),
    decision=Decision("", "accepted", "demo", "Agreed."),
)


def test_what_agrees_with_the_truth_passes() -> None:
    assert all(check.holds for check in judge(FOUND, TRUTH))


@pytest.mark.parametrize(
    ("found", "claim"),
    [
        (replace(FOUND, capture=replace(FOUND.capture, repeated=False)), "sent again"),
        (replace(FOUND, capture=replace(FOUND.capture, imported_again=1)), "sent again"),
        (replace(FOUND, capture=replace(FOUND.capture, n=(9, 10, 10))), "excluded"),
        (replace(FOUND, bias=replace(FOUND.bias, weighted=Figure(33.0, 19.0, 40.0, 9))), "nearer the truth"),
        (replace(FOUND, bias=replace(FOUND.bias, weighted=Figure(21.0, 20.5, 24.0, 9))), "weighted interval"),
        (replace(FOUND, change=replace(FOUND.change, first_period=date(2024, 5, 1))), "within one month"),
        (replace(FOUND, change=replace(FOUND.change, first_period=None)), "within one month"),
        (replace(FOUND, wait=replace(FOUND.wait, high=-0.81)), "size is right"),
        (replace(FOUND, bias=replace(FOUND.bias, groups=())), "islands"),
        (replace(FOUND, recommendations=FOUND.recommendations[1:]), "for the waiting time"),
        (replace(FOUND, recommendations=FOUND.recommendations[:1]), "for information"),
        (replace(FOUND, decision=replace(FOUND.decision, reason="")), "accepted"),
    ],
)
def test_what_contradicts_the_truth_fails_by_its_claim(found: Findings, claim: str) -> None:
    (failed,) = (check.claim for check in judge(found, TRUTH) if not check.holds)

    assert claim in failed
