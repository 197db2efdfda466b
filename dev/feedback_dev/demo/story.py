"""The whole job on the ferry line, step by step, as a client of the API does it."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final

from feedback_dev.demo.caller import Caller, Document, StepFailed
from feedback_dev.demo.ferries import FerryLine
from feedback_dev.demo.findings import (
    Bias,
    Capture,
    Change,
    Decision,
    Difference,
    Figure,
    Findings,
    Recommendation,
    bias_of,
    change_of,
    recommendation_of,
)
from feedback_dev.demo.imports import import_file
from feedback_dev.demo.meter import Meter, progress_of
from feedback_dev.demo.paperwork import FEATURES, FROM, MAPPING, NAME, PROCESSES, SPLIT, SURVEY, TO, csv_file, standards

_SINGLE: Final = 20
_IN_FILE: Final = 600
_BATCH: Final = 500
_WANTED: Final = "waiting_time"
_REASON: Final = "Agreed at the quay meeting: a third boarding lane from Easter."


class Story:
    """One telling of it."""

    def __init__(self, caller: Caller, line: FerryLine, meter: Meter) -> None:
        """Name the caller, what is to be told, and where progress is shown."""
        self._api = caller
        self._line = line
        self._meter = meter
        self._survey = ""

    def tell(self) -> Findings:
        """Every step, in order.

        Raises:
            StepFailed: the service did not do as it should.
        """
        self._prepare()
        capture = self._send()
        figures = {"survey": self._survey, "from": FROM, "to": TO}
        with self._meter.step("Reading KPIs"):
            nps = Figure.of(self._api.get("/v1/kpis/nps/value", **figures))
            regions = self._api.get("/v1/kpis/nps/breakdown", by="region", **figures)["groups"]
            series = self._api.get("/v1/kpis/mean/series", question="wait", bucket="month", **figures)["points"]
            wait = self._compare()
        change, bias, review = self._analyse()
        verdicts = {each["standard"]: str(each["verdict"]) for each in review["result"]["standards"]}
        recommendations = tuple(
            recommendation_of(found) for found in self._api.pages("/v1/recommendations", survey_id=self._survey)
        )
        return Findings(
            capture=capture,
            nps=nps,
            nps_by_region={group["group"]: Figure.of(group) for group in regions},
            wait_by_month=tuple((date.fromisoformat(point["starts_on"]), Figure.of(point)) for point in series),
            wait=wait,
            change=change,
            bias=bias,
            review=str(review["sentence"]),
            verdicts=verdicts,
            recommendations=recommendations,
            decision=self._decide(recommendations),
        )

    def _prepare(self) -> None:
        with self._meter.step("Describing the service and publishing the survey"):
            settings = self._api.get("/v1/organisation")
            self._api.put(
                "/v1/organisation",
                {"name": NAME, "minimum_cell_size": settings["minimum_cell_size"]},
                etag=self._api.etag("/v1/organisation"),
            )
            for key, process in PROCESSES.items():
                self._api.put(f"/v1/processes/{key}", process)
            for key, feature in FEATURES.items():
                self._api.put(f"/v1/features/{key}", feature)
            self._survey = self._api.post("/v1/surveys", SURVEY).document["id"]
            self._api.post(f"/v1/surveys/{self._survey}/publish")
            for key, standard in standards(self._survey).items():
                self._api.put(f"/v1/standards/{key}", standard)

    def _send(self) -> Capture:
        """One by one, in batches, from a file; then what must change nothing, and what must leave no trace."""
        path = f"/v1/surveys/{self._survey}/responses"
        responses = iter(self._line.responses)
        single = list(islice(responses, _SINGLE))
        filed = list(islice(responses, _IN_FILE))
        rest = list(responses)
        with self._meter.step("Sending answers, one by one and in batches") as show:
            for response in single:
                self._api.post(path, response)
            batched = 0
            for first in range(0, len(rest), _BATCH):
                batched += self._api.post(f"{path}/batch", {"items": rest[first : first + _BATCH]}).document["recorded"]
                show(len(single) + batched, len(single) + len(rest))
        imported = self._import("quay.csv", filed)
        imported_again = self._import("the same file again", filed)
        with self._meter.step("Sending one answer again, and a test entry"):
            repeated = self._api.post(path, single[0]).replayed
            before = self._count()
            entry = {
                "submitted_at": single[0]["submitted_at"],
                "answers": {"nps": 0, "why": "A test by our own staff."},
            }
            made = self._api.post(path, entry).document["id"]
            during = self._count()
            self._api.post(f"{path}/{made}/exclude", {"reason": "A test entry by our own staff"})
            counts = (before, during, self._count())
        return Capture(len(single), batched, imported, repeated, imported_again, counts)

    def _import(self, name: str, responses: Sequence[Document]) -> int:
        file = csv_file(responses)
        return import_file(self._api, self._meter, self._survey, MAPPING, name, file).recorded

    def _count(self) -> int:
        n: int = self._api.get("/v1/kpis/nps/value", survey=self._survey)["n"]
        return n

    def _compare(self) -> Difference:
        found = self._api.get(
            "/v1/kpis/mean/compare",
            survey=self._survey,
            question="wait",
            versus_from=FROM,
            versus_to=SPLIT,
            **{"from": SPLIT, "to": TO},
        )
        comparison = found["comparison"]
        return Difference(
            before=Figure.of(found["second"]),
            after=Figure.of(found["first"]),
            value=comparison["difference"],
            low=comparison["interval"]["low"],
            high=comparison["interval"]["high"],
            verdict=comparison["verdict"],
        )

    def _analyse(self) -> tuple[Change, Bias, Document]:
        frame = {"margins": {"region": dict(self._line.truth.customers)}}
        asked = {"survey_id": self._survey, "from": FROM, "to": TO}
        trend = self._run("Looking for trends", {**asked, "kind": "trend", "kpi": "mean", "question": "wait"})
        bias = self._run(
            "Holding who answered against all customers",
            {**asked, "kind": "sampling_bias", "kpi": "nps", "frame": frame},
        )
        review = self._run("Reviewing every feature", {**asked, "kind": "review", "frame": frame})
        return change_of(trend), bias_of(bias, "region"), review

    def _run(self, words: str, body: Document) -> Document:
        with self._meter.step(words) as show:
            made = self._api.post("/v1/analyses", body).document
            return self._api.finished(f"/v1/analyses/{made['id']}", progress=progress_of(show))

    def _decide(self, recommendations: Sequence[Recommendation]) -> Decision:
        about = [found for found in recommendations if found.feature == _WANTED]
        if not about:
            raise StepFailed("There is no recommendation for the waiting time to decide on.")
        path = f"/v1/recommendations/{about[0].id}/transitions"
        decided = self._api.post(path, {"to": "accepted", "reason": _REASON}).document
        last = decided["transitions"][-1]
        return Decision(decided["title"], decided["state"], last["decided_by"], last["reason"])
