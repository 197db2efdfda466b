"""English: the words of answers, of scales, and of ways out."""

from typing import Final, TypedDict

from feedback_core.surveys.lint.phrases import Phrases, phrases, several


class Answers(TypedDict):
    """The fields of a lexicon that are about answers."""

    agree_choices: Phrases
    disagree_choices: Phrases
    good: Phrases
    bad: Phrases
    middling: Phrases
    nothing_of_it: Phrases
    degrees: Phrases
    comparing: Phrases
    frequencies: Phrases
    other: Phrases
    unsaid: Phrases
    optional: Phrases
    yes_no: Phrases
    recommend: Phrases
    likely: Phrases
    overall: Phrases


ANSWERS: Final[Answers] = {
    "agree_choices": phrases("agree\nstrongly agree\ntend to agree\ntrue"),
    "disagree_choices": phrases("disagree\nstrongly disagree\ntend to disagree\nfalse"),
    "good": phrases("""
        excellent|outstanding|superb|exceptional|perfect|amazing|fantastic|wonderful|brilliant|great|awesome
        good|very|fairly good
        good
        satisfied|happy|pleased|delighted
        better|faster|easier
        easy|simple|clear|helpful|useful|polite|friendly|clean|fast|quick|quickly|important|valuable|well
        likely
        agree
        love|like
        above average
        exceeded
        sufficient
        a little|bit|lot
        very much
        completely
    """),
    "bad": phrases("""
        poor|poorly|bad|badly|terrible|awful|horrible|dreadful|unacceptable
        dissatisfied|unsatisfied|unhappy|displeased|disappointed
        worse|slower|harder
        difficult|hard|unclear|unhelpful|useless|impolite|rude|unfriendly|dirty|slow|slowly|unimportant
        unlikely
        disagree
        hate|dislike
        below average
        insufficient
        not good|satisfied|helpful|easy|important|likely|clear|useful|happy|at
    """),
    "middling": phrases("""
        neither
        neutral
        average
        about the same
        about right
        as expected
        ok|okay|acceptable|adequate|fair|mixed|moderate|so-so
        undecided|unsure
        unchanged
    """),
    "nothing_of_it": phrases(
        "not at all\nnone at all\nnever\nno\nnot important|helpful|likely|clear|useful|satisfied at"
    ),
    "degrees": several("slightly moderately somewhat little quite fairly extremely"),
    "comparing": phrases(
        "too\nmore\nless\nfewer\nabout the same|right\nlonger|shorter|bigger|smaller|higher|lower|earlier|later|sooner"
    ),
    "frequencies": phrases("""
        never|rarely|seldom|sometimes|often|always|usually|occasionally|regularly|frequently
        every|each day|week|month|year|time
        daily|weekly|monthly|yearly|annually
        once|twice|times
        less often|than
        several times
        not at all
        none
        most|some of the
    """),
    "other": phrases("""
        other|others|elsewhere
        something|somebody|someone|somewhere|another else
        something|somewhere|somebody else
        none of these|the|them
        another
        none
        nobody|nothing|no one
        neither
        no reason|problem|problems|preference
        i have no
        any other
        all of
        not applicable
        does not apply
        i did|have|do|didn't|haven't|don't not
        i did|have not
        i didn't|haven't
        did not use
        didn't use
        n a
    """),
    "unsaid": phrases("""
        prefer|rather not
        don't know|remember
        do not know|remember
        not sure|applicable
        unsure
        can't|cannot say|remember|tell
        no opinion|answer|preference
        not applicable
        does not apply
        i did|have not
        i didn't|haven't|don't
        n a
        undecided
    """),
    "optional": phrases("optional\nif you wish|like|want\nyou may|can skip\nprefer not"),
    "yes_no": several("yes no maybe true false"),
    "recommend": phrases("recommend*"),
    "likely": phrases("likely\nlikelihood\nprobable\nprobability"),
    "overall": phrases("overall\nin general\nall in all\non the whole\ntaken together\nall things considered"),
}
