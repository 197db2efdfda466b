"""A collection from nothing, step by step, as a client of the API does it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from feedback_dev.demo.caller import Caller, Document
from feedback_dev.demo.collection.browser import answer_in_browser, browser_here
from feedback_dev.demo.collection.collected import Asked, Changed, Collected, Heard
from feedback_dev.demo.collection.holders import Holder, csv_of
from feedback_dev.demo.collection.paperwork import COLUMNS, DESIGN, FRAME, MESSAGES, RULES, SURVEY, comparison, plan
from feedback_dev.demo.findings import Figure
from feedback_dev.demo.mailbox import Mailbox
from feedback_dev.demo.meter import Meter, progress_of

_LINK: Final = re.compile(r"http://\S+/s/(fbi_[\w-]+)")
_IN_BROWSER: Final = 3
_DAYS: Final = 21
_ISLANDS: Final = "region: islands"


class Collection:
    """Holders of a season ticket, asked."""

    def __init__(self, caller: Caller, meter: Meter, mailbox: Mailbox, holders: Sequence[Holder]) -> None:
        """Name the caller, where progress is shown, where mail arrives, and who there is to be asked."""
        self._api = caller
        self._meter = meter
        self._mailbox = mailbox
        self._holders = {holder.email: holder for holder in holders}

    def carry_out(self) -> Collected:
        """Every step, in order.

        Raises:
            StepFailed: the service did not do as it should.
        """
        with self._meter.step("Comparing ways to ask holders of a season ticket"):
            survey_id = self._api.post("/v1/surveys", SURVEY).document["id"]
            self._api.post(f"/v1/surveys/{survey_id}/publish")
            compared = self._api.post("/v1/methods/compare", comparison(len(self._holders))).document
            best = compared["options"][0]
        frame_id, rows, repeated = self._frame()
        made = self._plan(survey_id, best)
        sample = self._draw(survey_id, frame_id)
        links = self._invite(survey_id, sample)
        asked = Asked(
            method=", then ".join(best["methods"]),
            why=best["why"],
            answers=best["answers"],
            rows=rows,
            repeated=repeated,
            drawn={stratum["values"]["region"]: stratum["drawn"] for stratum in sample["outcome"]["strata"]},
            mailed=len(links),
        )
        self._api.put(f"/v1/surveys/{survey_id}/fieldwork-rules", RULES)
        heard = self._answer(survey_id, links)
        return Collected(asked, heard, self._revise(survey_id, made))

    def _frame(self) -> tuple[str, int, int]:
        """The frame's id, the rows that came in, and how many of them repeat somebody."""
        frame_id = self._api.post("/v1/frames", FRAME).document["id"]
        with self._meter.step("Importing the frame") as show:
            file = csv_of(tuple(self._holders.values()))
            place = self._api.upload(f"/v1/frames/{frame_id}/imports", COLUMNS, "holders.csv", file)
            done = self._api.finished(place, progress=progress_of(show))
            found = self._api.get(f"/v1/frames/{frame_id}/coverage")
        return frame_id, done["rows_added"], found["units"] - found["people"]

    def _plan(self, survey_id: str, best: Document) -> Document:
        """The plan, running."""
        today = datetime.now(UTC).date()
        with self._meter.step("Planning"):
            methods = [{"method": method, "cost": best["cost"]} for method in best["methods"]]
            body = plan(
                survey_id,
                methods,
                best["why"],
                population=len(self._holders),
                answers=best["answers"],
                invitations=DESIGN["n"],
                response_rate=best["response_rate"],
            )
            body |= {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=_DAYS)).isoformat()}
            made = self._api.post("/v1/plans", body).document
            for state in ("approved", "running"):
                self._api.post(f"/v1/plans/{made['id']}/transitions", {"to": state})
        return made

    def _draw(self, survey_id: str, frame_id: str) -> Document:
        body = {"frame_id": frame_id, "survey_id": survey_id, "name": "Spring", "seed": 2025, "design": DESIGN}
        with self._meter.step("Drawing a stratified sample") as show:
            asked = self._api.post("/v1/samples", body).document
            return self._api.finished(f"/v1/samples/{asked['id']}", progress=progress_of(show))

    def _invite(self, survey_id: str, sample: Document) -> Mapping[str, str]:
        """Send a mail to each; the link of each address."""
        collector = {"name": "Season ticket", "language": "en", "thank_you": "Thank you, and a good crossing."}
        made = self._api.post(f"/v1/surveys/{survey_id}/collectors", collector).document
        body = {
            "survey_id": survey_id,
            "sample_id": sample["id"],
            "collector_id": made["id"],
            "name": "Spring",
            "method": "email",
            "messages": MESSAGES,
            "language": "en",
            "reminders": [{"after_days": 5}],
            "per_minute": 100_000,
        }
        wanted, links = sum(stratum["drawn"] for stratum in sample["outcome"]["strata"]), {}
        with self._meter.step("Inviting by e-mail") as show:
            self._api.post("/v1/invitations", body)
            for number in range(1, wanted + 1):
                mail = self._mailbox.next_mail()
                text = mail.get_body(("plain",))
                found = _LINK.search("" if text is None else text.get_content())
                if found is not None:
                    links[str(mail["To"].addresses[0].addr_spec)] = found[0]
                show(number, wanted)
        return links

    def _answer(self, survey_id: str, links: Mapping[str, str]) -> Heard:
        """Whoever answers mail does: a few in a browser, the others by a program of their own."""
        willing = [(link, self._holders[email]) for email, link in links.items() if self._holders[email].answers_mail]
        program = browser_here()
        in_browser = None
        if program is not None:
            with self._meter.step("Answering on the hosted page, in a browser"):
                in_browser = answer_in_browser(program, willing[:_IN_BROWSER])
        rest = willing[_IN_BROWSER if program else 0 :]
        nobody = self._api.with_key(None)
        with self._meter.step("Answering by the personal links") as show:
            for number, (link, holder) in enumerate(rest, 1):
                nobody.post(f"/v1/invited/{_token(link)}/submission", {"answers": holder.answers})
                show(number, len(rest))
        again = nobody.refusal(f"/v1/invited/{_token(rest[0][0])}/submission", {"answers": {"nps": 0}})
        figures = {"survey": survey_id}
        whole = self._api.get(f"/v1/surveys/{survey_id}/fieldwork")["whole"]
        return Heard(
            in_browser=in_browser,
            by_program=len(rest),
            refused_again=again["code"],
            completed=whole["counts"]["completed"],
            rate=Figure.of(whole["outcome_rates"]["rates"]["rr1"]),
            unweighted=Figure.of(self._api.get("/v1/kpis/nps/value", **figures)),
            weighted=Figure.of(self._api.get("/v1/kpis/nps/value", weighting="design", **figures)),
        )

    def _revise(self, survey_id: str, made: Document) -> Changed:
        """Wait for the alert on the islands, and ask them by telephone too."""
        query = {"survey_id": survey_id, "state": "open"}
        with self._meter.step("Waiting for the alert, and changing the plan"):
            found = self._api.until(
                "/v1/fieldwork-alerts", lambda page: _ISLANDS in Counter(_subjects(page["items"])), **query
            )
            alert = next(each for each in found["items"] if each["subject"] == _ISLANDS)
            place = f"/v1/plans/{made['id']}"
            details = self._api.get(place)["plan"]
            by_telephone = {"method": "telephone", "part": "The islands, where few answer mail"}
            revised = self._api.post(
                f"/v1/fieldwork-alerts/{alert['id']}/plan-revision",
                {"plan": {**details, "methods": [*details["methods"], by_telephone]}},
                etag=self._api.etag(place),
            ).document
            revision = revised["revision"]
            differences = self._api.get(f"{place}/revisions/{revision}/differences")
        return Changed(
            alert=alert["sentence"],
            subject=alert["subject"],
            methods=tuple(each["method"] for each in self._api.get(place)["plan"]["methods"]),
            signal=differences["signal"]["observed"],
            differences=tuple(each["pointer"] for each in differences["differences"]),
        )


def _subjects(alerts: Sequence[Document]) -> list[Any]:
    return [alert["subject"] for alert in alerts]


def _token(link: str) -> str:
    return link.rpartition("/")[2]
