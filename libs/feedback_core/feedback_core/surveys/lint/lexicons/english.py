"""English: words by which faults are found. Written by hand from the literature that the rules name."""

from typing import Final

from feedback_core.surveys.lint.lexicons.english_answers import ANSWERS
from feedback_core.surveys.lint.lexicons.english_lists import (
    BEHAVIOUR,
    HYPOTHETICAL,
    JARGON,
    KNOWN,
    PAIRS,
    POLITE,
    SENSITIVE,
    STATEMENTS,
    TOLD_WHEN,
    VERBS,
)
from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import phrases, several

_LEADING: Final = """
    ^ don't|doesn't|didn't you|we|they|it|the|our
    ^ isn't|aren't|wasn't|weren't _
    ^ wouldn't|shouldn't|couldn't|won't|can't|haven't|hasn't _
    ^ would|do|should you not agree|think|say|find|feel|prefer
    ^ surely|obviously|clearly|naturally|admittedly
    surely you
    of course you
    , isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|haven't|hasn't|can't it|you|they|we|he|she $
    , right|correct|no $
    don't you agree|think|feel|find
    wouldn't you agree|say|prefer
    most|many of our customers|people|members|users|guests|patients|clients
    most customers|people|members|users|guests|patients|clients|experts
    many customers|people|members|users|guests|patients|clients|experts ... say|think|find|feel|believe|agree|prefer
    as many|most people|others|customers|members|users
    as many|most ... do
    like many|most others|people|customers
    as you know
    as we all know
    given that
    given the ... increase|decrease|cuts|delay|delays|problems
    bearing in mind that
    considering that
    in view of the
    everybody|everyone knows|agrees|likes|loves
    it is|it's well|widely|generally known|accepted|agreed
    experts|doctors|scientists|specialists|professionals recommend|say|agree|believe|advise|think
    research|studies|science|evidence|surveys shows|show|proves|prove|suggests|suggest
    nine|eight|seven|9|8|7 in|of|out ten|10|of
    like most|many|nine|everybody|everyone
    the majority of our|customers|people
    would you go so far
    how much better|worse|easier|faster|happier
    why is|are our|the|this _ ... best|better|great|excellent|superior
    to what extent did|do you love|enjoy|appreciate
    exceed|exceeded your expectations
    wouldn't|isn't it be|better|nice|great|good
    far too long|much|many|few|little|slow|expensive
    why do|did|would you prefer|love|like|trust us|our
    how concerned|worried|angry|upset|annoyed are|were you
    as good as they|we|it say|said|promised
"""
_PRAISE: Final = """
    amazing
    awesome
    fantastic
    wonderful
    brilliant
    superb
    outstanding
    exceptional
    excellent
    great
    incredible
    terrific
    delightful
    delicious
    exciting
    award-winning
    world-class -> international
    best-in-class
    first-class
    top-quality
    high-quality
    state-of-the-art -> new
    cutting-edge -> new
    innovative -> new
    revolutionary -> new
    unique
    unbeatable
    unrivalled
    market-leading
    industry-leading
    exclusive
    hard-working
    hardworking
    dedicated
    our friendly
    our fast|quick|reliable|modern|trusted|unmatched|generous
    our helpful
    our caring
    our expert
    our loyal
    our popular
    our improved -> our new
    our new and improved -> our new
    much-loved
    beautiful
    perfect
    popular new
"""
_LOADED: Final = """
    ridiculous
    outrageous
    unfair
    unjust
    unacceptable
    disastrous
    disgraceful
    shocking
    appalling
    awful
    horrible
    terrible
    dreadful
    terribly
    greedy
    lazy
    incompetent
    careless
    stupid
    selfish
    irresponsible
    reckless
    corrupt
    dishonest
    inhumane
    cruel
    ruthless
    so-called
    sensible plan|idea|proposal|measure|measures
    outdated -> old
    old-fashioned -> old
    obsolete -> old
    antiquated -> old
    bureaucratic
    burdensome
    annoying
    frustrating
    irritating
    tedious
    endless -> long
    painful
    poor service -> service
    the poor -> the
    wasting -> spending
    waste of money -> use of money
    wasteful
    squander*
    victimi?ed
    victim|victims
    victimised -> affected
    victimized -> affected
    innocent
    suffer|suffered|suffering -> have
    abuse|abused|abusive
    exploit|exploited|exploiting
    exploitation
    attack|attacked|attacking -> criticise
    scandal|scandalous
    disaster
    chaos|chaotic
    mess
    crisis
    rip-off
    overpriced
    extortionate
    ordinary hard-working
    freedom
    common sense
    forced|forcing to -> asked to
    clean safe
    safe and modern
    blame
    guilty
    refuse to listen
    ignore callers|customers|complaints -> do not answer callers
    failure -> problem
    faulty
    inferior
    misleading
    excessive
    exorbitant
    soaring -> rising
    massive -> large
    huge -> large
    tiny -> small
    love our
    loves our
    do you love -> do you think of
"""
_ABSOLUTE: Final = """
    always
    never
    all
    every
    everyone
    everybody
    everything
    nobody
    no one
    none
    nothing
    entirely -> -
    totally -> -
    completely -> -
    absolutely -> -
    fully -> -
    perfectly -> -
    ever completely|entirely|totally|fully -> -
    only buy|shop|use|eat|drink|read|go|call|visit|choose|order|travel
    without exception
    at all times
    100 percent
    100 per
    invariably
"""
_NOT_ABSOLUTE: Final = """
    not at all
    at all
    after all
    all in all
    above all
    all day|night|week|year|month|together
    first of all
    once and for all
    every day|week|month|year|time|morning|evening|night|two|three|four|other|second|hour|few
    none of these|them|the
    nothing else|at
    not everything|every|all|always
    all of these|the following
    for all who|those
    everything you|else
    all types|kinds
    you want|need to say
"""
_ASSUMPTIVE: Final = """
    when did you last complain|return|cancel|contact|argue -> Have you {verb}ed in the past 12 months?
    when was the last time you complained|returned|cancelled|had a
    what did|do|don't|didn't you dislike|hate|like|love|enjoy|miss
    what do|did you like|love|enjoy best|most
    what frustrated|annoyed|disappointed|irritated|pleased|impressed|delighted you
    how much do|did you enjoy|like|love|appreciate|dislike|hate|miss
    what problems|difficulties|issues|trouble|complaints did|do|have you
    what problems|difficulties|issues|trouble|complaints were|are there
    which problems|difficulties|issues|complaints
    why do|did you prefer|love|trust|complain|leave|cancel|switch|return|like|dislike
    why is|are our|the|this _ ... best|better|great|poor|slow|bad
    why was|were our|the|your _ ... late|slow|bad|poor|rude|wrong
    how long did you wait for|until
    how long did it take to get|receive your refund|reply|replacement|compensation
    how many|much ... do|did you smoke|drink
    how many children|cars|pets|dogs do you
    how often do|did you drink|smoke|complain|argue
    which of our competitors
    how did our|we|the ... exceed|help|improve|delight
    how could|can|should we improve the|our poor|slow|bad|weak
    what went wrong
    what made you happy|unhappy|satisfied|dissatisfied|angry|leave|complain|cancel|discontinue
    how do you usually|normally pay|travel|park|get|use|buy|order
    how have we exceeded|improved
    which party did you vote
    determined|influenced|prompted the|your decision to discontinue|cancel|leave|stop
    handling of your claim|complaint make you
    now that you have|know|are
    since you stopped|left|switched
    when you complained
    have you stopped
    do you still
    how will you use your
    how happy|pleased|delighted|glad were|are you that
    what made you dislike|hate|choose|love|regret
    what disappointed|annoyed|irritated|upset you
    when did you stop|quit|give
    why have you stopped|left|changed|switched
    what was the worst|best thing|part
    how did you fix|solve|overcome the
    how badly
    why did|do you not
    why didn't|don't|haven't you
"""
_UNITS: Final = {
    "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30.4, "months": 30.4, "quarter": 91, "quarters": 91,
    "year": 365, "years": 365, "decade": 3650, "decades": 3650,
}  # fmt: skip
_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "few": 3, "several": 3, "couple": 2, "twenty": 20,
}  # fmt: skip

LEXICON: Final = Lexicon(
    language="en",
    leading=phrases(_LEADING),
    agreeing=phrases("""
        agree
        do you agree|disagree
        agree|disagree that|with
        agree or disagree
        strongly agree|disagree
    """),
    loaded=phrases(_PRAISE + _LOADED),
    praise=phrases(_PRAISE + "much better"),
    how=frozenset({"how"}),
    absolute=phrases(_ABSOLUTE),
    not_absolute=phrases(_NOT_ABSOLUTE),
    how_often=phrases("""
        ^ do|did|does you always|never|ever -> How often {verb} you
        ^ are|were you always|never|ever -> How often {verb} you
    """),
    hypothetical=phrases(HYPOTHETICAL),
    conditions=several("if unless when"),
    wouldbe=several("would could might"),
    polite=phrases(POLITE),
    assumptive=phrases(_ASSUMPTIVE),
    if_any=phrases("if any|anything|applicable|at|so\nor not\nif you have|did|do"),
    sensitive=phrases(SENSITIVE),
    jargon=phrases(JARGON),
    known=frozenset(KNOWN.split()),
    joins=phrases("and\nas well as\nalong with\ntogether with\nplus"),
    either=several("or"),
    pairs=phrases(PAIRS),
    verbs=phrases(VERBS),
    determiners=frozenset("the our your my their its his her a an this that these those".split()),
    tails=frozenset("of with in from for at on by when during before after".split()),
    negations=several(
        "not no never none nobody nothing neither nor cannot without isn't aren't wasn't weren't don't doesn't didn't"
        " won't wouldn't can't couldn't shouldn't haven't hasn't hadn't"
    ),
    negative=phrases("""
        oppose|opposed|opposes|opposing
        against
        ban|banned|banning|prohibit*|forbid*
        disagree*
        dislike|disliked
        deny|denied|refuse|refused|refusal|reject|rejected
        prevent|prevented|avoid|avoided
        fail|failed|fails
        lack|lacks|lacking
        unhelpful|unclear|unfriendly|unlikely|uncommon|unusual|unable|unhappy|unimportant|unreasonable|unnecessary
        untrue
        impossible|impolite|incorrect|incomplete|inconvenient|inaccurate|ineffective|insufficient|irrelevant
        dissatisfied|disappointed|dishonest|disallow*|discourage*
        wrong
        mind
        late
    """),
    since="In the past four weeks, ",
    behaviour=phrases(BEHAVIOUR),
    told_when=phrases(TOLD_WHEN),
    ever=phrases("""
        in your life|lifetime
        in your entire
        since you became|were
        since childhood|school|birth|university
        all your life
        over the years
    """),
    past=frozenset("past last previous preceding recent".split()),
    units=_UNITS,
    numbers=_NUMBERS,
    statements=phrases(STATEMENTS),
    frequent=frozenset(
        "the and you your our was were is are how what which did do of to with for have has this that it we us when"
        " would please any from by at or not they there".split()
    ),
    **ANSWERS,
)
"""Everything that is known of English."""
