"""Does what the collection found agree with what was planted?"""

from feedback_dev.demo.collection.collected import Collected
from feedback_dev.demo.collection.holders import HOLDERS, TWICE
from feedback_dev.demo.collection.paperwork import DESIGN
from feedback_dev.demo.judgement import Check


def judge_collection(found: Collected, true_nps: float) -> tuple[Check, ...]:
    """Every claim about it."""
    asked, heard, changed = found.asked, found.heard, found.changed
    answered = (heard.in_browser or 0) + heard.by_program
    low, high = heard.weighted.low, heard.weighted.high
    return (
        Check(
            "Who is twice in the file is one person of the frame",
            (asked.rows, asked.repeated) == (HOLDERS + TWICE, TWICE),
        ),
        Check(
            "As many of each region were drawn as the design says, and one mail reached each",
            set(asked.drawn.values()) == {DESIGN["n"] // len(asked.drawn)} and asked.mailed == DESIGN["n"],
        ),
        Check(
            "Each answer is one response, whether by page or by program, and no link is good for two",
            heard.completed == answered and heard.refused_again == "invitation_ended",
        ),
        Check(
            "The truth lies in the interval by the design of the sample",
            low is not None and high is not None and low <= true_nps <= high,
        ),
        Check("The alert names the islands, and stands on the revision of the plan", changed.signal == changed.alert),
        Check("The revised plan asks by telephone too", changed.methods[-1] == "telephone"),
    )
