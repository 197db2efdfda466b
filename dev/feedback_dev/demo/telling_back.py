"""Closing the loop: who asked for it is followed up, and everybody reads what was done."""

from pathlib import Path

from feedback_dev.demo.agreements import DESK, DESK_RESPONSES, DESK_RULE
from feedback_dev.demo.caller import Caller
from feedback_dev.demo.meter import Meter
from feedback_dev.demo.outcomes import Acted, FollowedUp

_YOU_SAID = "You wait too long to board."
_WE_DID = "The north quay has another boarding lane. The other quays follow."


def follow_up(caller: Caller, meter: Meter, anonymous_survey_id: str) -> FollowedUp:
    """Answers at a desk: whom the rule is for becomes a case, and is helped.

    Args:
        caller: with a key for all of it.
        meter: where progress is shown.
        anonymous_survey_id: of a survey whose respondents nobody can follow up.
    """
    with meter.step("Following up who asked for it"):
        survey = caller.post("/v1/surveys", DESK).document["id"]
        caller.post(f"/v1/surveys/{survey}/publish")
        caller.put(f"/v1/surveys/{survey}/case-rule", DESK_RULE)
        for response in DESK_RESPONSES:
            caller.post(f"/v1/surveys/{survey}/responses", response)
        cases = caller.until("/v1/cases", lambda found: bool(found["items"]), survey_id=survey)["items"]
        path = f"/v1/cases/{cases[0]['id']}"
        caller.post(f"{path}/transitions", {"to": "in_progress", "reason": "Calling today."})
        caller.post(f"{path}/notes", {"text": "Missed the last ferry for the queue; told of the new lane."})
        for to, more in (("resolved", {"outcome": "helped"}), ("closed", {})):
            caller.post(f"{path}/transitions", {"to": to, "reason": "The fare was given back.", **more})
        case = caller.get(path)
        anonymous = caller.get("/v1/cases", survey_id=anonymous_survey_id)["items"]
    return FollowedUp(len(DESK_RESPONSES), len(cases), len(anonymous), case["state"], case["outcome"])


def tell_everybody(caller: Caller, meter: Meter, survey_id: str, lane: Acted, folder: Path) -> tuple[str, ...]:
    """Publish what was done, with what it changed; as everybody reads it, without a key. The page is kept."""
    with meter.step("Telling everybody what was done"):
        figures = [
            {"analysis_id": lane.effect.run_id, "pointer": f"/treated/{when}", "label": label}
            for when, label in (
                ("before", "Your rating of the wait at the north quay before, of 5"),
                ("after", "Your rating since"),
            )
        ]
        item = {"you_said": _YOU_SAID, "we_did": _WE_DID, "action_id": lane.action_id}
        path = f"/v1/surveys/{survey_id}/you-said-we-did"
        made = caller.post(path, {**item, "figures": figures, "published": True}).document
        page, everybody = made["public_url"], caller.with_key(None)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "you-said-we-did.html").write_bytes(everybody.file(page))
        feed = everybody.get(page.replace(".html", ".json"))
    return tuple(
        f"You said: {each['you_said']} We did: {each['we_did']} "
        + "; ".join(
            f"{figure['label']}: {figure['value']:.2f}, from {figure['n']:,} answers" for figure in each["figures"]
        )
        for each in feed["items"]
    )
