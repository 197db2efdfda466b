"""English words and phrases that carry a feeling in customer feedback, with their strength."""

from typing import Final

# Strength 3 leaves no doubt, 1 leans. A phrase goes before the words in it, the longest first.
_POSITIVE: Final = {
    3: """
        amazing awesome brilliant excellent exceptional fabulous fantastic faultless flawless gorgeous impeccable
        incredible love loved magnificent marvellous marvelous outstanding perfect perfection perfectly phenomenal
        sensational
        spectacular splendid stellar sublime superb superbly superlative terrific tremendous unbeatable wonderful
        wonderfully amazingly brilliantly exceptionally excellently fantastically
        first class|first rate|1st class|second to none|gold standard|world class|top class|top notch|five star|5 star
        10 out of 10|ten out of ten|100 percent|could not be better|couldn't be better|cannot fault|can't fault|
        could not fault|
        couldn't fault|can not fault|cant fault|couldnt fault|no fault|no faults|without fault|couldn't ask for more
        could not ask for more|couldn't ask for better|could not have asked for|couldn't have asked for
        could not have been better|couldn't have been better|could not have done better|couldn't have done better
        could not do better|couldn't do better|could not have done more|couldn't have done more|could not do enough
        couldn't do enough|could not have done anything better|could not do any better|couldn't do any better
        could not get any better|couldn't get any better|couldn't get better|could not be happier|
        couldn't be happier|above and beyond
        beyond the call|over and above|saved my life|life saver|lifesaver|life saving|highly recommend|blown away|
        best ever|
        nothing was too much trouble|nothing is too much trouble|nothing too much trouble|god send|godsend|
        absolute credit|
        keep up the good work|keep up the great work|keep doing what you are doing|keep doing what you're doing
        exceeded my expectations|exceeded expectations|so grateful|very grateful|eternally grateful
    """,
    2: """
        accommodating admirable appreciate appreciated appreciative approachable appropriate attentive best beautiful
        beautifully beneficial calm calmed calming calmly care caring charming cheerful clean comfort comfortable
        comfortably comforting
        commend commendable compassion compassionate competent confident congratulations considerate conscientious
        courteous
        courtesy credit dedicated dedication delicious delighted delightful dependable devoted diligent easily easy
        educational effective efficient efficiently effortless empathetic empathic empathy encouraging engaging
        enjoy enjoyable
        enjoyed enjoying enthusiastic expert expertise fast faster friendliness friendly fun funny generous genuine
        genuinely
        gentle glad good grateful gratitude great greatly happily happy helpful helpfulness heroes honest hospitable
        humour immaculate
        impressed impressive informative informed inspiring insightful invaluable interesting intuitive joy kind
        kindly kindness
        knowledgable knowledgeable liked lovely loving lucky meticulous nice nicely non-judgmental obliging
        optimistic organised
        organized patience personable pleasant pleasantly pleased pleasing pleasure plenty polite politely positive
        praise precise pride professional professionalism professionally prompt promptly promptness punctual quick
        quickest quickly quickness
        reassurance reassure reassured reassuring recommend recommended relaxed relaxing reliable relieved respect
        respected
        respectful respectfully responsive rewarding safe safely satisfactory satisfied satisfying seamless
        sensitive sincere
        skilled skilful skillful smile smiley smiles smiling smooth smoothly sorted special speed speedy spotless
        straightforward superior
        support supported supporting supportive sweet swift swiftly sympathetic tactful tasty thank thanks thankful
        thankyou thorough
        thoroughly thoughtful thx tidy timely trustworthy understanding understood upbeat useful valuable valued
        warm warmth welcomed welcoming
        well wow yummy honestly
        on time|in good time|right on time|easy to use|user friendly
        thank you|well done|good job|great job|well looked after|looked after|well organised|well informed|
        kept informed|
        kept me informed|kept us informed|put at ease|puts you at ease|put me at ease|at ease|easy to talk to|
        listened|listens
        listened to|listened to me|happy with|no wait|no waiting|didn't have to wait|did not have to wait|no delay|
        no delays|
        no problem|no problems|no issue|no issues|no complaints|no complaint|never had a problem|no hassle
        hassle free|stress free|trouble free|without any problems|without delay|good value|value for money|worth it|
        worth every|
        straight away|right away|immediately|straightaway|straight forward|spot on|down to earth|made me feel|
        feel at home|
        took the time|takes the time|took time|takes time|time to listen|time to explain|explained everything
        everything explained|explained|explains|clearly explained|clear|clearly|answered all|in safe hands|
        good hands|hard working|hardworking
        works hard|work hard|worked hard|did everything|more than happy|more than helpful|can't complain|
        cannot complain|
        can't complain about|not complaining|better than expected|better than i expected|much better|a lot better|
        getting better|
        feel better|feeling better|felt better|all good|all ok|always there|there for me|always available|
        keep it up|a pleasure
        a credit|no pressure|no judgement|never judged|not judged|not bad|not too bad|without judgement|went well|
        going well|works well
        very well|made a difference|big difference|huge difference|helped|helps|helping|help|came quickly|
        arrived quickly|never let me down|never fails
        nothing to complain about|nothing to complain|nothing bad|nothing negative|nothing wrong|nothing to improve
        nothing to change|nothing needs|nothing could be improved|nothing could be better|
        nothing could have been better|
        nothing better|nothing you could|nothing they could|nothing more|nothing else could|no improvement|
        no improvements|
        no improvement needed|no improvements needed|no need to improve|doesn't need improving|does not need improving
        wouldn't change|would not change|wouldn't change anything|would not change anything|wouldn't change a thing
        don't change|happy as it is|fine as it is
    """,
    1: """
        able access accessible accurate active adequate advice alright answered arrived available better bonus
        choice choose
        convenient cool correct correctly decent directly everything fair fairly familiar fine flexible freedom fresh
        handy healthy hope hopeful improved improvement improving included independent included individual interested
        involved laugh laughter modern ok okay open patient peaceful progress proper properly quiet relief resolved
        respond responded right satisfactorily secure simple solved spacious suitable sure treated trust trusted
        variety willing
        yes listening listen explain explaining welcome communication friend friends personal teamwork
        as expected|as promised|as always|within minutes|in minutes|within an hour|only took|no need
        to the point|dealt with|called back|rang back|got back to me|every time|first time|in time
    """,
}
_NEGATIVE: Final = {
    3: """
        abominable abuse abused abusive abysmal appalled appalling atrocious awful bullied bullying catastrophe
        deplorable despicable despise
        diabolical dire disaster disastrous disgrace disgraceful disgust disgusted disgusting dreadful furious hate
        hated
        hateful heartless horrendous horrible horrid horrific hostile inexcusable inhumane intolerable livid neglect
        neglected neglectful negligence negligent outrage outraged outrageous pathetic scam shambles shambolic
        shameful shocking
        terrible terribly traumatic traumatised unacceptable unforgivable useless vile worst worthless
        not acceptable|not good enough|waste of time|waste of money|total waste|never again|not fit for purpose
        not worth|joke|third world|ripped off|rip off|rip-off|gave up|given up|let down|worst experience|no excuse
    """,
    2: """
        abandoned abrupt afraid aggressive agitated alone angry annoyed annoying anxious apathetic argue argument
        arrogant ashamed
        avoidable bad badly bored boring broken bug bugs careless chaos chaotic cold complain complained complaining
        complaint
        complaints complicated condescending confused confusing confusion crap cramped crashed crashes crashing
        crowded cruel
        damaged dangerous defective delay delayed delays demoralising depressing desperate difficult difficulties
        difficulty
        dirty disagree disappointed disappointing disappointment discharged discriminated dishonest disinterested
        dismissed
        dismissive disorganised disorganized disrespect disrespectful dissatisfied distress distressed distressing
        disturbing dread
        error errors excuses expensive fail failed failing fails failure fault faults faulty filthy flaw forced
        forgot forgotten freezing
        frightened frightening frustrated frustrating frustration glitch glitches harsh horrified hurt ignorant ignore
        ignored impatient impersonal impolite impossible inaccurate inadequate incapable incompetence incompetent
        incomplete
        inconsiderate inconsistent inconvenience inconvenient incorrect indifferent inefficient inflexible inferior
        insensitive
        insufficient insulted insulting intimidating issue issues judgemental judgmental jargon lack lacked lacking
        lacks lag lags laggy
        late lateness lazy lied lies lost lousy mess messy misdiagnosed misleading missed missing mistake mistakes
        moody
        nasty needlessly negative noisy outdated overcharged overcrowded overpriced overworked painful panic
        patronised patronising
        patronizing poor poorly pressure pressured problem problems queue queues queuing redundant refuse refused
        refuses repetitive
        reluctant rubbish rude rudely rudeness rushed sad sarcastic scared scary screwed shame shabby shock shocked
        short-staffed
        shortage shortages shouted shouting sick slow slower slowly sloppy smelly sorry spoiled stress stressed
        stressful stressing struggle struggled
        struggling stuck stupid suffer suffered suffering tedious tired trouble ugly unable unanswered unavailable
        uncaring
        unclean unclear uncomfortable understaffed undignified unfair unfortunately unfriendly unhappy unhelpful
        unhygienic
        uninterested unkind unnecessary unpleasant unprofessional unreasonable unreliable unresolved unsafe
        unsatisfactory unsatisfied unsuitable unsupported unsympathetic untidy untrained unwelcome unwell upset
        upsetting vague
        wait waited waiting waits waste wasted wasting weak worried worry worrying worse worsened wrong
        too long|too much|too many|too late|too slow|too busy|too expensive|too far|too short|too little|too few|
        too hot|
        too cold|too quick|too noisy|too small|too early|too young|too complicated|too difficult|took ages|
        takes ages|for ages|forever|hours on end
        on hold|hang up|hung up|cut off|fobbed off|passed around|passed from|pushed around|pillar to post|chase up|
        have to chase|had to chase
        chasing|not listened|didn't listen|did not listen|don't listen|never listened|not listening|no one listens|
        nobody listens|
        no communication|lack of communication|poor communication|no information|not informed|not told|never told|
        wasn't told|
        were not told|didn't tell|not explained|never explained|no explanation|not enough|never enough|no one|
        nobody|no help|no support
        no reply|no response|no answer|never answer|didn't answer|not answered|not answering|doesn't work|
        does not work|
        didn't work|did not work|not working|stopped working|never works|never arrived|never came|did not come|
        didn't come|didn't arrive
        did not arrive|not arrive|didn't turn up|did not turn up|never turned up|no show|turn up late|running late|
        left waiting|kept waiting|long wait
        long waits|long time|long delay|long delays|a long time|hard to|hard to get|not able|wasn't able|could not get
        couldn't get|can't get|cannot get|can't get through|not getting|unable to|no appointments|no idea what|
        cancelled|canceled
        cancellation|short staffed|under staffed|understaffing|not happy|not helpful|not interested|not great|
        not good|could not care|couldn't care|don't care
        didn't care|do not care|did not care|doesn't care|not the best|not very|not at all|no thanks to|sent home|
        sent away|left alone|left in pain
        in pain|made to feel|felt like a burden|waste|no privacy|no respect|not polite|no compassion|no empathy|
        got lost|worse off|no consistency|lack of
    """,
    1: """
        basic busy cancel change changed chase cheap concern concerned concerns cost costs cry crying dark despite
        eventually
        except fear few hard hardly however ill improve inform less limited loud miss old only pain pay repeat
        repeated
        repeatedly rather restricted rigid seldom short sometimes strict strain sudden tough unaware
        understaffed unexpected uncertain unsure varied variable whatever why mediocre average bland bumpy hot
        had to|has to|have to|would have liked|again and again|over and over|so many times|several times|
        different staff|different person
        every time i|only downside|only problem|only issue|bit of a|not always|not really|not sure
    """,
}
NEGATORS: Final = frozenset(
    "not no never none nobody nothing neither nor cannot can't cant don't dont doesn't doesnt didn't didnt won't wont "
    "wouldn't wouldnt couldn't couldnt shouldn't shouldnt isn't isnt wasn't wasnt aren't arent weren't werent haven't "
    "havent hasn't hasnt hadn't hadnt without hardly barely rarely seldom lack lacking lacked".split()
)
STRENGTHENERS: Final = frozenset(
    "very really extremely so absolutely truly incredibly totally completely highly super most always exceptionally "
    "particularly especially utterly entirely deeply too such".split()
)
WEAKENERS: Final = frozenset(
    "slightly little bit somewhat fairly quite rather mostly sometimes occasionally usually".split()
)
# After one of these a comment turns: what follows weighs more than what came before.
TURNS: Final = (
    "but",
    "however",
    "although",
    "though",
    "except",
    "unfortunately",
    "apart from",
    "other than",
    "until",
    "whereas",
)


def _strengths() -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for sign, lists in ((1.0, _POSITIVE), (-1.0, _NEGATIVE)):
        for strength, listed in lists.items():
            for line in listed.strip().splitlines():
                words = line.split("|") if "|" in line else line.split()
                for entry in filter(None, map(str.strip, words)):
                    found.setdefault(tuple(entry.split()), sign * strength)
    return found


STRENGTHS: Final = _strengths()
