"""Reports: an edition for each audience in each format, kept with their pages as pictures; one of them is sent."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from feedback_dev.demo.caller import Caller, Document, StepFailed
from feedback_dev.demo.mailbox import Mailbox
from feedback_dev.demo.meter import Meter
from feedback_dev.demo.outcomes import Distributed, Written
from feedback_dev.demo.pictures import pages_of

AUDIENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "front_line": {},
    "supervisors": {},
    "senior_managers": {},
    "other_departments": {"process": "sales"},
    "service_partners": {"process": "boarding"},
    "customers": {},
}
"""Who is told, and the part of the service that is theirs."""

FORMATS: Final = ("html", "pdf", "xlsx", "json")
RECIPIENT: Final = {"name": "Ada Kim", "email": "ada.kim@example.org"}


class Editions:
    """Reports on one review."""

    def __init__(self, caller: Caller, meter: Meter, folder: Path, mailbox: Mailbox) -> None:
        """Name the caller, the folder that files are written to, and where mail arrives."""
        self._api = caller
        self._meter = meter
        self._folder = folder
        self._mailbox = mailbox

    def write(self, run_id: str, themes_run_id: str) -> tuple[Written, ...]:
        """Have every edition written, one after the other, and keep the files."""
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = [(audience, kind) for audience in AUDIENCES for kind in FORMATS]
        written = []
        with self._meter.step("Writing an edition for each audience") as show:
            for audience, kind in wanted:
                place = self._asked(run_id, themes_run_id, audience, kind)
                written.append(self._kept(audience, kind, self._api.finished(place)))
                show(len(written), len(wanted))
        return tuple(written)

    def distribute(self, run_id: str) -> Distributed:
        """Send the managers' edition by mail; its recipient opens it and says so."""
        with self._meter.step("Sending a report by mail, and acknowledging it"):
            made = self._api.pages("/v1/reports", run_id=run_id, audience="senior_managers")
            report = next(each for each in made if each["format"] == "pdf")
            told = {"way": "email", "recipient": RECIPIENT, "remind_after_days": 7}
            path = report["links"]["distributions"]
            place = f"{path}/{self._api.post(path, told).document['id']}"
            mail = self._mailbox.next_mail()
            link, everybody = self._link_in(mail.get_content()), self._api.with_key(None)
            states = [self._until_sent(place)]
            same = everybody.file(f"{link}/file") == self._api.file(report["links"]["file"])
            states.append(self._state(place))
            everybody.post(f"{link}/acknowledge")
            states.append(self._state(place))
        return Distributed(RECIPIENT["name"], str(mail["Subject"]), tuple(states), same)

    def _asked(self, run_id: str, themes_run_id: str, audience: str, kind: str) -> str:
        body = {"run_id": run_id, "themes_run_id": themes_run_id, "audience": audience, "format": kind}
        made = self._api.post("/v1/reports", {**body, **AUDIENCES[audience]}).document
        return str(made["links"]["self"])

    def _kept(self, audience: str, kind: str, report: Document) -> Written:
        name, content = audience.replace("_", "-"), self._api.file(report["links"]["file"])
        path = self._folder / f"{name}.{kind}"
        path.write_bytes(content)
        pages = pages_of(content) if kind == "pdf" else []
        if kind == "pdf":
            for stale in self._folder.glob(f"{name}-*.png"):
                stale.unlink()
        for number, page in enumerate(pages, 1):
            (self._folder / f"{name}-{number}.png").write_bytes(page)
        return Written(audience, kind, path, len(pages), report["content_sha256"])

    def _state(self, place: str) -> str:
        return str(self._api.get(place)["state"])

    def _until_sent(self, place: str) -> str:
        """The mail is there a moment before it is written down that it was taken."""
        return str(self._api.until(place, lambda found: found["state"] != "waiting")["state"])

    def _link_in(self, text: str) -> str:
        found = re.search(r"https?://\S+?(/v1/shared-reports/\S+)", text)
        if found is None:
            raise StepFailed("The mail has no link.")
        return found[1]
