"""From findings to change: decided, done, looked at whether it worked, told to everybody."""

from collections import Counter
from pathlib import Path

from feedback_dev.demo.agreements import LANE, SIGNS
from feedback_dev.demo.caller import Caller
from feedback_dev.demo.editions import Editions
from feedback_dev.demo.improvement import Improvement
from feedback_dev.demo.mailbox import Mailbox
from feedback_dev.demo.meter import Meter
from feedback_dev.demo.outcomes import Outcomes
from feedback_dev.demo.story import Story
from feedback_dev.demo.telling_back import follow_up, tell_everybody


class Aftermath:
    """What becomes of what the story found."""

    def __init__(self, caller: Caller, meter: Meter, folder: Path, mailbox: Mailbox) -> None:
        """Name the caller, where progress is shown, where reports are written to, and where mail arrives."""
        self._api = caller
        self._meter = meter
        self._folder = folder
        self._improvement = Improvement(caller, meter)
        self._editions = Editions(caller, meter, folder, mailbox)

    def agree_how(self) -> None:
        """What has to be settled before the first recommendation."""
        self._improvement.agree_how()

    def go_through(self, story: Story) -> Outcomes:
        """Every step, in order.

        Raises:
            StepFailed: the service did not do as it should.
        """
        improvement, survey_id = self._improvement, story.survey_id
        with self._meter.step("Deciding by the procedure, and doing what was decided"):
            decided = tuple(improvement.decide(survey_id, measure) for measure in (LANE, SIGNS))
            lane_id, signs_id = (
                improvement.act(each, measure) for each, measure in zip(decided, (LANE, SIGNS), strict=True)
            )
        story.go_on()
        effects = [
            improvement.look_whether_it_worked(survey_id, action_id, measure)
            for action_id, measure in ((lane_id, LANE), (signs_id, SIGNS))
        ]
        with self._meter.step("Closing both with what the analyses say"):
            lane, signs = (
                improvement.close(action_id, effect)
                for action_id, effect in zip((lane_id, signs_id), effects, strict=True)
            )
            improvement.finish(decided[0])
        followed_up = follow_up(self._api, self._meter, survey_id)
        public = tell_everybody(self._api, self._meter, survey_id, lane, self._folder)
        written = self._editions.write(story.review_id, story.themes_id)
        return Outcomes(
            decided=decided,
            lane=lane,
            signs=signs,
            followed_up=followed_up,
            public=public,
            written=written,
            distributed=self._editions.distribute(story.review_id),
            events=self._events(),
        )

    def _events(self) -> dict[str, int]:
        """How often each kind of event happened, read to the end of the feed."""
        told, cursor = Counter[str](), dict[str, str]()
        while True:
            page = self._api.get("/v1/events", limit="1000", **cursor)
            told.update(event["type"] for event in page["items"])
            if not page["has_more"]:
                return dict(sorted(told.items()))
            cursor = {"cursor": page["next_cursor"]}
