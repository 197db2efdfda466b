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

import numpy as np
import pypdfium2
import pytest

from feedback_dev.demo.collection.browser import browser_here
from feedback_dev.demo.ferries import SHIFT, Truth, simulate
from feedback_dev.demo.findings import (
    Bias,
    Capture,
    Change,
    Difference,
    Drivers,
    Figure,
    Findings,
    GroupShare,
    Recommendation,
)
from feedback_dev.demo.judgement import judge, judge_outcomes
from feedback_dev.demo.outcomes import Acted, Decided, Distributed, Effect, FollowedUp, Outcomes, Written
from feedback_dev.demo.simulated import SHOWN
from tests.support.pictures import pixels_of
from tests.support.waiting import until

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(600)]


ROOT = Path(__file__).resolve().parents[2]
AUDIENCES = ("front-line", "supervisors", "senior-managers", "other-departments", "service-partners", "customers")


@contextmanager
def demo(temporary: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, with a folder for temporary files by which its processes are known, and one for its reports."""
    command = [sys.executable, "-m", "feedback_dev", "demo"]
    environment = {**os.environ, "TMPDIR": str(temporary), "DATA_DIR": str(data)}
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


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data") / "reports"


@pytest.fixture(scope="module")
def printed(temporary: Path, reports: Path) -> str:
    """What the command says, run once to its end."""
    with demo(temporary, reports.parent) as process:
        said, complaints = process.communicate(timeout=570)
    assert (process.returncode, complaints) == (0, ""), said
    return said


def test_the_planted_truth_is_found_and_nothing_is_left(printed: str, temporary: Path) -> None:
    truth = simulate().truth
    words = " ".join(printed.split())

    assert processes_of(temporary) == []
    assert list(temporary.iterdir()) == []
    assert "\x1b" not in printed
    figures = re.search(r"NPS unweighted (\S+) \(.*?\); weighted (\S+) \(.*?\); truth (\S+)\. ", words)
    assert figures
    unweighted, weighted, true = (float(figure) for figure in figures.groups())
    assert true == pytest.approx(truth.nps, abs=0.05)
    assert abs(weighted - true) < 3 < abs(unweighted - true)
    assert re.search(r"Change found: (February|March|April) 2024 \(.*?\); true date: March 2024\.", words)
    assert re.search(r"islands +\S+ +20\.\d% +-\d+\.\d +under", printed)
    assert "Of 3 standards 1 met; not met: A short wait" in words
    assert re.search(r"\d\. Improve Waiting time \(\w+ confidence\)", words)
    assert " NO " not in printed


def test_what_was_decided_is_done_and_the_placebo_does_not_work(printed: str) -> None:
    truth, words = simulate().truth, " ".join(printed.split())

    assert "Waiting time” (met by drivers, themes, review) was accepted by Chair of the quay meeting: Agreed" in words
    assert "Another boarding lane at the north quay worked: the mean of wait changed by +0." in words
    assert f"True effect: {truth.repair:+.2f}. Told by difference in differences" in words
    assert "New signs on every quay did not work: the mean of information changed by" in words
    assert "True effect: +0.00. Told by interrupted series" in words
    assert words.count("closing it as anything else was refused") == 2
    assert "went to Ada Kim by mail: sent, then opened, then acknowledged." in words
    assert re.search(r"action\.closed 2, .*recommendation\.moved 3", words)


def test_a_collection_goes_from_nothing_to_a_plan_that_its_alert_has_changed(printed: str) -> None:
    words = " ".join(printed.split())

    assert "Of 10,150 rows 150 repeat somebody." in words
    assert "Alert: region islands: " in words
    assert "The plan was revised by it: now email, then telephone." in words
    asked_by_browser = browser_here() is not None or bool(os.environ.get("FEEDBACK_BROWSER_REQUIRED"))
    assert ("answered, 3 of them in a browser" in words) is asked_by_browser


def test_every_edition_is_there_with_its_pages(printed: str, reports: Path) -> None:
    names = {path.name for path in reports.iterdir()}

    assert {f"{audience}.{kind}" for audience in AUDIENCES for kind in ("html", "pdf", "xlsx", "json")} <= names
    assert "you-said-we-did.html" in names
    for audience in AUDIENCES:
        pages = len(pypdfium2.PdfDocument(reports / f"{audience}.pdf"))
        assert {name for name in names if name.startswith(f"{audience}-")} == {
            f"{audience}-{number}.png" for number in range(1, pages + 1)
        }


@pytest.mark.parametrize("name", SHOWN)
def test_the_pictures_of_the_readme_are_what_the_demo_makes(printed: str, reports: Path, name: str) -> None:
    """All but what differs from run to run: days, ids, fingerprints."""
    kept, made = (pixels_of((folder / name).read_bytes()) for folder in (ROOT / "docs" / "pictures", reports))

    assert kept.shape == made.shape
    differing = (np.abs(kept.astype(int) - made.astype(int)) > 64).any(axis=2).mean()
    assert differing < 0.01, f"{differing:.1%} of {name} differ: make pictures"


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with demo(tmp_path, tmp_path / "data") as process:
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


TRUTH = Truth({"north": 80, "islands": 20}, 20.0, {"north": 40.0, "islands": -60.0}, (4.0, 3.2), SHIFT, 0.8, 0.0)
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
    drivers=Drivers("", (("wait",), ("crew", "booking", "information"))),
    themes=(),
    review="",
    verdicts={"short_wait": "not_met", "good_crew": "met", "easy_booking": "not_enough_evidence"},
    recommendations=tuple(
        Recommendation(feature, "improve", feature, feature, "medium", (), "")
        for feature in ("waiting_time", "information")
    ),
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
        (
            replace(FOUND, verdicts={**FOUND.verdicts, "short_wait": "not_enough_evidence"}),
            "A short wait: not met",
        ),
        (replace(FOUND, drivers=Drivers("", (("wait", "crew"),))), "moves the score"),
    ],
)
def test_what_contradicts_the_truth_fails_by_its_claim(found: Findings, claim: str) -> None:
    (failed,) = (check.claim for check in judge(found, TRUTH) if not check.holds)

    assert claim in failed


DECIDED = Decided(
    "1",
    "",
    "accepted",
    "Chair",
    "Agreed.",
    ("drivers", "themes", "review"),
    ("not_yours_to_decide", "required_by_procedure"),
    "",
)
WORKED = Effect("1", "", "difference_in_differences", "effective", 0.8, 0.7, 0.9, None, None, ())
DID_NOT = Effect("2", "", "interrupted_series", "not_effective", 0.0, -0.1, 0.1, None, None, ())
TOLD = ((1, "action.created"), (2, "action.changed"), (3, "action.closed"))
LANE = Acted("1", "", "", (), "closed", "effective", WORKED, "effect_differs", TOLD)
SIGNS = Acted("2", "", "", (), "closed", "not_effective", DID_NOT, "effect_differs", TOLD)
WRITTEN = tuple(
    Written(audience.replace("-", "_"), kind, Path(__file__), 1, audience)
    for audience in AUDIENCES
    for kind in ("html", "pdf", "xlsx", "json")
)
BECAME = Outcomes(
    decided=(DECIDED, replace(DECIDED, met_by=("review",))),
    lane=LANE,
    signs=SIGNS,
    followed_up=FollowedUp(4, 1, 0, "closed", "helped"),
    public=("",),
    written=WRITTEN,
    distributed=Distributed("", "", ("sent", "opened", "acknowledged"), same_bytes=True),
    events={},
)


def test_what_became_of_it_passes_where_it_agrees_with_the_truth() -> None:
    assert all(check.holds for check in judge_outcomes(BECAME, TRUTH))


@pytest.mark.parametrize(
    ("became", "claim"),
    [
        (replace(BECAME, decided=(replace(DECIDED, met_by=("review",)),)), "is one recommendation"),
        (replace(BECAME, decided=(replace(DECIDED, refusals=()),)), "Nobody decides"),
        (replace(BECAME, decided=(replace(DECIDED, state="proposed"),)), "Both were accepted"),
        (replace(BECAME, lane=replace(LANE, outcome="unknown")), "found effective"),
        (replace(BECAME, lane=replace(LANE, refusal="")), "found effective"),
        (replace(BECAME, lane=replace(LANE, effect=replace(WORKED, low=0.81))), "true effect"),
        (replace(BECAME, signs=replace(SIGNS, outcome="unknown")), "change nothing"),
        (replace(BECAME, signs=replace(SIGNS, effect=replace(DID_NOT, verdict="effective"))), "change nothing"),
        (replace(BECAME, lane=replace(LANE, told=TOLD[1:])), "in its order"),
        (replace(BECAME, signs=replace(SIGNS, told=TOLD[:2])), "in its order"),
        (replace(BECAME, followed_up=replace(BECAME.followed_up, cases=2)), "followed up"),
        (replace(BECAME, followed_up=replace(BECAME.followed_up, anonymous=1)), "followed up"),
        (replace(BECAME, public=()), "Everybody reads"),
        (replace(BECAME, written=WRITTEN[1:]), "has its edition"),
        (replace(BECAME, written=(replace(WRITTEN[0], content_sha256="other"), *WRITTEN[1:])), "has its edition"),
        (replace(BECAME, distributed=replace(BECAME.distributed, states=("sent", "opened"))), "acknowledged"),
        (replace(BECAME, distributed=replace(BECAME.distributed, same_bytes=False)), "acknowledged"),
    ],
)
def test_what_became_otherwise_fails_by_its_claim(became: Outcomes, claim: str) -> None:
    (failed,) = (check.claim for check in judge_outcomes(became, TRUTH) if not check.holds)

    assert claim in failed
