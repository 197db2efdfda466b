"""English words that say nothing by themselves; few, because "call" and "bill" are what feedback is about."""

from typing import Final

ENGLISH_STOP_WORDS: Final = frozenset(
    """
    a about above after again against all almost also always am an and any anything are aren't as at be because
    been before being below between both but by came can can't cannot come could couldn't did didn't do does
    doesn't doing don't done down during each either else enough etc even ever every everything few for from
    further gave get gets getting give given go goes going gone got had hadn't has hasn't have haven't having he
    he'd he's her here hers herself him himself his how however i i'd i'll i'm i've if in into is isn't it it's
    its itself just let like made make many may me might mine more most much must my myself need no nor not
    nothing now of off on once one only or other our ours ourselves out over own per please quite rather really
    said same say see seem seen she she's should shouldn't since so some something still such take taken than that
    that's the their theirs them themselves then there there's these they they're they've thing things think this
    those though through till to too took two under until up upon us use used using very via want was wasn't way
    we we'd we'll we're we've well went were weren't what when where whether which while who whom whose why will
    with within without won't would wouldn't yet you you're you've your yours yourself yourselves able back bit
    able although another around done lot maybe none okay ok put sure thank thanks told yes cant dont didnt doesnt
    couldnt wont im ive its thats theres wasnt isnt havent
    """.split()
)
