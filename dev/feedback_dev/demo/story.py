"""The whole job on the ferry line, step by step, as a client of the API does it."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final

from feedback_dev.demo.agreements import CODEBOOK
from feedback_dev.demo.caller import Caller, Document
from feedback_dev.demo.ferries import FerryLine
from feedback_dev.demo.findings import (
    Bias,
    Capture,
    Change,
    Difference,
    Drivers,
    Figure,
    Findings,
    Theme,
    bias_of,
    change_of,
    drivers_of,
    recommendation_of,
    theme_of,
)
from feedback_dev.demo.imports import import_file
from feedback_dev.demo.meter import Meter, progress_of
from feedback_dev.demo.paperwork import FEATURES, FROM, MAPPING, NAME, PROCESSES, SPLIT, SURVEY, TO, csv_file, standards

_SINGLE: Final = 20
_IN_FILE: Final = 600
_BATCH: Final = 500


class Story:
    """What is found in the two years."""

    def __init__(self, caller: Caller, line: FerryLine, meter: Meter) -> None:
        """Name the caller, what is to be told, and where progress is shown."""
        self._api = caller
        self._line = line
        self._meter = meter
        self.survey_id = ""
        self.review_id = ""
        self.themes_id = ""

    def prepare(self) -> None:
        """Describe the service, and publish the survey.

        Raises:
            StepFailed: the service did not do as it should; so in the steps that follow.
        """
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
            self.survey_id = self._api.post("/v1/surveys", SURVEY).document["id"]
            self._api.post(f"/v1/surveys/{self.survey_id}/publish")
            self._api.put(f"/v1/surveys/{self.survey_id}/codebook", CODEBOOK)
            for key, standard in standards(self.survey_id).items():
                self._api.put(f"/v1/standards/{key}", standard)

    def find(self) -> Findings:
        """Send the answers of the two years, and ask everything of them."""
        capture = self._send()
        figures = {"survey": self.survey_id, "from": FROM, "to": TO}
        with self._meter.step("Reading KPIs"):
            nps = Figure.of(self._api.get("/v1/kpis/nps/value", **figures))
            regions = self._api.get("/v1/kpis/nps/breakdown", by="region", **figures)["groups"]
            series = self._api.get("/v1/kpis/mean/series", question="wait", bucket="month", **figures)["points"]
            wait = self._compare()
        change, bias = self._trend(), self._bias()
        drivers, themes = self._drivers(), self._themes()
        review = self._review()
        return Findings(
            capture=capture,
            nps=nps,
            nps_by_region={group["group"]: Figure.of(group) for group in regions},
            wait_by_month=tuple((date.fromisoformat(point["starts_on"]), Figure.of(point)) for point in series),
            wait=wait,
            change=change,
            bias=bias,
            drivers=drivers,
            themes=themes,
            review=str(review["sentence"]),
            verdicts={each["standard"]: str(each["verdict"]) for each in review["result"]["standards"]},
            recommendations=tuple(
                recommendation_of(found) for found in self._api.pages("/v1/recommendations", survey_id=self.survey_id)
            ),
        )

    def go_on(self) -> None:
        """Send the answers of the year after."""
        self._send_batches("Sending the answers of the year after", self._line.since)

    def _send(self) -> Capture:
        """One by one, in batches, from a file; then what must change nothing, and what must leave no trace."""
        path = f"/v1/surveys/{self.survey_id}/responses"
        responses = iter(self._line.responses)
        single = list(islice(responses, _SINGLE))
        filed = list(islice(responses, _IN_FILE))
        rest = list(responses)
        with self._meter.step("Sending answers one by one") as show:
            for done, response in enumerate(single, 1):
                self._api.post(path, response)
                show(done, len(single))
        batched = self._send_batches("Sending answers in batches", rest)
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

    def _send_batches(self, words: str, responses: Sequence[Document]) -> int:
        """How many were recorded."""
        recorded, path = 0, f"/v1/surveys/{self.survey_id}/responses/batch"
        with self._meter.step(words) as show:
            for first in range(0, len(responses), _BATCH):
                items = responses[first : first + _BATCH]
                recorded += self._api.post(path, {"items": items}).document["recorded"]
                show(recorded, len(responses))
        return recorded

    def _import(self, name: str, responses: Sequence[Document]) -> int:
        file = csv_file(responses)
        return import_file(self._api, self._meter, self.survey_id, MAPPING, name, file).recorded

    def _count(self) -> int:
        n: int = self._api.get("/v1/kpis/nps/value", survey=self.survey_id)["n"]
        return n

    def _compare(self) -> Difference:
        found = self._api.get(
            "/v1/kpis/mean/compare",
            survey=self.survey_id,
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

    def _trend(self) -> Change:
        return change_of(self._run("Looking for trends", kind="trend", kpi="mean", question="wait"))

    def _bias(self) -> Bias:
        words = "Holding who answered against all customers"
        return bias_of(self._run(words, kind="sampling_bias", kpi="nps", frame=self._frame()), "region")

    def _drivers(self) -> Drivers:
        run = self._run("Looking what moves the score", kind="drivers", outcome="nps", **{"from": SPLIT})
        self._propose(run)
        return drivers_of(run)

    def _themes(self) -> tuple[Theme, ...]:
        run = self._run("Reading comments", kind="themes", kpi="nps")
        self._propose(run)
        self.themes_id = run["id"]
        return tuple(theme_of(found) for found in run["result"]["themes"])

    def _review(self) -> Document:
        run = self._run("Reviewing every feature", kind="review", frame=self._frame())
        self.review_id = run["id"]
        return run

    def _frame(self) -> Document:
        return {"margins": {"region": dict(self._line.truth.customers)}}

    def _run(self, words: str, **asked: object) -> Document:
        with self._meter.step(words) as show:
            body = {"survey_id": self.survey_id, "from": FROM, "to": TO, **asked}
            made = self._api.post("/v1/analyses", body).document
            return self._api.finished(f"/v1/analyses/{made['id']}", progress=progress_of(show))

    def _propose(self, run: Document) -> None:
        """A review proposes by itself; of other analyses it is asked for."""
        self._api.post(f"/v1/analyses/{run['id']}/recommendations")
