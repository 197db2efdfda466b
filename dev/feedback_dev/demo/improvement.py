"""From a recommendation to whether it worked: by the organisation's procedure, with a key for each who takes part."""

from collections.abc import Mapping
from typing import Any, Final

from feedback_dev.demo.agreements import (
    CHAIR,
    CHANGED_ON,
    HEAD_OF_CREWS,
    HEAD_OF_QUAYS,
    PEOPLE,
    PROCEDURE,
    Measure,
)
from feedback_dev.demo.caller import Caller, Document, StepFailed
from feedback_dev.demo.meter import Meter, progress_of
from feedback_dev.demo.outcomes import Acted, Decided, Effect

_SCOPES: Final = ("recommendations:read", "recommendations:write")
_OUTCOMES: Final = {"effective": "effective", "not_effective": "not_effective", "cannot_be_told": "unknown"}
_CONTRARY: Final = {"effective": "not_effective", "not_effective": "effective", "unknown": "effective"}
"""An outcome that the analysis does not say."""


class Improvement:
    """What the organisation does with what was found."""

    def __init__(self, caller: Caller, meter: Meter) -> None:
        """Name the caller, whose key may do all but decide."""
        self._api = caller
        self._meter = meter
        self._people: Mapping[str, Caller] = {}

    def agree_how(self) -> None:
        """Store the procedure, and give those who take part in it their keys."""
        with self._meter.step("Storing the procedure, and keys for those who decide"):
            path = "/v1/procedures/standard"
            self._api.put(path, PROCEDURE, etag=self._api.etag(path))
            self._people = {name: self._api.with_key(self._key(name, *roles)) for name, roles in PEOPLE.items()}

    def decide(self, survey_id: str, measure: Measure) -> Decided:
        """Accept what was recommended for the measure's feature; not before it is known what it costs.

        Raises:
            StepFailed: nothing was recommended.
        """
        found = next(iter(self._api.pages("/v1/recommendations", survey_id=survey_id, feature=measure.feature)), None)
        if found is None:
            raise StepFailed(f"There is no recommendation for {measure.feature} to decide on.")
        path = f"/v1/recommendations/{found['id']}"
        accept = {"to": "accepted", "reason": measure.why}
        refused = (
            self._api.refusal(f"{path}/transitions", accept),
            self._people[CHAIR].refusal(f"{path}/transitions", accept),
        )
        self._people[HEAD_OF_QUAYS].put(path, measure.entered, etag=self._api.etag(path))
        decided = self._people[CHAIR].post(f"{path}/transitions", accept).document
        last = decided["transitions"][-1]
        return Decided(
            recommendation_id=decided["id"],
            title=decided["title"],
            state=decided["state"],
            decided_by=last["decided_by"],
            reason=last["reason"],
            met_by=tuple(self._kind_of(sighting["run_id"]) for sighting in decided["sightings"]),
            refusals=tuple(_codes_of(problem) for problem in refused),
            document=f"{decided['document']['reference']}, version {decided['document']['version']}",
        )

    def act(self, decided: Decided, measure: Measure) -> str:
        """Plan it, have everybody agree, do it; the id of the action."""
        owner = self._people[HEAD_OF_QUAYS]
        path = f"/v1/actions/{owner.post('/v1/actions', measure.action(decided.recommendation_id)).document['id']}"
        for name in (HEAD_OF_QUAYS, HEAD_OF_CREWS):
            self._people[name].post(f"{path}/agreements", {"answer": "agreed"})
        owner.post(f"{path}/transitions", {"to": "under_way", "reason": "The order is placed."})
        owner.post(f"{path}/notes", {"text": "Halfway, and within the budget."})
        done = {"to": "completed", "reason": "It is there.", "change_on": CHANGED_ON}
        return str(owner.post(f"{path}/transitions", done).document["id"])

    def look_whether_it_worked(self, survey_id: str, action_id: str, measure: Measure) -> Effect:
        """Have its effect analysed."""
        with self._meter.step(f"Looking whether it worked: {measure.title}") as show:
            made = self._api.post("/v1/analyses", measure.effect(survey_id, action_id)).document
            return Effect.of(self._api.finished(f"/v1/analyses/{made['id']}", progress=progress_of(show)))

    def close(self, action_id: str, effect: Effect) -> Acted:
        """Close the action with what the analysis says, after something else was refused."""
        path, outcome = f"/v1/actions/{action_id}", _OUTCOMES[effect.verdict]
        closing = {"to": "closed", "reason": effect.sentence, "analysis_id": effect.run_id}
        owner = self._people[HEAD_OF_QUAYS]
        refused = owner.refusal(f"{path}/transitions", {**closing, "outcome": _CONTRARY[outcome]})
        closed = owner.post(f"{path}/transitions", {**closing, "outcome": outcome}).document
        # The feed shows an event once no transaction can come before it any more, which is a moment after its commit.
        feed = self._api.until("/v1/events", _tells_of_closing, subject=action_id, limit="1000")
        return Acted(
            action_id=action_id,
            title=closed["title"],
            owner=closed["owner"],
            agreed=tuple(each["person"] for each in closed["agreements"] if each["answer"] == "agreed"),
            state=closed["state"],
            outcome=closed["outcome"],
            effect=effect,
            refusal=_codes_of(refused),
            told=tuple((event["subject"]["sequence"], event["type"]) for event in feed["items"]),
        )

    def finish(self, decided: Decided) -> None:
        """Say that what was recommended is done."""
        done = {"to": "done", "reason": "The lane works.", "fields": {"minutes": "Quay meeting of February, item 3"}}
        self._people[CHAIR].post(f"/v1/recommendations/{decided.recommendation_id}/transitions", done)

    def _key(self, name: str, *roles: str) -> str:
        body: dict[str, Any] = {"name": name, "scopes": list(_SCOPES), "roles": list(roles)}
        return str(self._api.post("/v1/api-keys", body).document["api_key"])

    def _kind_of(self, run_id: str) -> str:
        return str(self._api.get(f"/v1/analyses/{run_id}")["kind"])


def _codes_of(problem: Document) -> str:
    """Codes of the fields that are wrong, or else that of the whole."""
    return ", ".join(dict.fromkeys(fault["code"] for fault in problem.get("errors") or ())) or str(problem["code"])


def _tells_of_closing(feed: Document) -> bool:
    return any(event["type"] == "action.closed" for event in feed["items"])
