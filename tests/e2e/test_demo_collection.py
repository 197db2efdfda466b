"""The judgement of the demonstration's collection: what agrees with the truth passes, and nothing else does."""

from dataclasses import replace

import pytest

from feedback_dev.demo.collection.collected import Asked, Changed, Collected, Heard
from feedback_dev.demo.collection.holders import HOLDERS, TWICE, nps_of, simulate_holders
from feedback_dev.demo.collection.judgement import judge_collection
from feedback_dev.demo.findings import Figure

NPS = 20.0
DRAWN = {"north": 200, "south": 200, "islands": 200}
ASKED = Asked("email", "", 100, 598, HOLDERS + TWICE, TWICE, DRAWN, 600)
HEARD = Heard(
    3, 100, "invitation_ended", 103, Figure(0.2, 0.1, 0.3, 103), Figure(40, 30, 50, 103), Figure(22, 15, 29, 103)
)
CHANGED = Changed("Few islands.", "region: islands", ("email", "telephone"), "Few islands.", ("/methods/1",))
FOUND = Collected(ASKED, HEARD, CHANGED)


def test_what_agrees_with_the_truth_passes() -> None:
    assert all(check.holds for check in judge_collection(FOUND, NPS))


@pytest.mark.parametrize(
    ("found", "claim"),
    [
        (replace(FOUND, asked=replace(ASKED, repeated=TWICE - 1)), "one person"),
        (replace(FOUND, asked=replace(ASKED, drawn={"north": 201, "south": 200, "islands": 199})), "one mail"),
        (replace(FOUND, asked=replace(ASKED, mailed=599)), "one mail"),
        (replace(FOUND, asked=replace(ASKED, people=601)), "one mail"),
        (replace(FOUND, heard=replace(HEARD, completed=104)), "one response"),
        (replace(FOUND, heard=replace(HEARD, refused_again="not_found")), "one response"),
        (replace(FOUND, heard=replace(HEARD, weighted=Figure(40, 30, 50, 103))), "by the design"),
        (replace(FOUND, changed=replace(CHANGED, signal="Another one.")), "The alert names"),
        (replace(FOUND, changed=replace(CHANGED, methods=("email",))), "telephone"),
    ],
)
def test_what_contradicts_it_does_not(found: Collected, claim: str) -> None:
    assert [claim in check.claim for check in judge_collection(found, NPS) if not check.holds] == [True]


def test_the_same_seed_gives_the_same_holders_of_whom_the_islands_are_the_least_content() -> None:
    holders = simulate_holders()
    by_region = {region: [each for each in holders if each.region == region] for region in ("north", "islands")}
    answering = {region: sum(each.answers_mail for each in found) / len(found) for region, found in by_region.items()}

    assert holders == simulate_holders()
    assert nps_of(by_region["islands"]) < nps_of(holders) < nps_of(by_region["north"])
    assert answering["islands"] < answering["north"]
