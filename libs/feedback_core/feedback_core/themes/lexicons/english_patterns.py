"""English turns of phrase of customers: answers that say nothing, wishes, praise by denial, long and short waits."""

import re
from typing import Final

NOTHING_HEADS: Final = frozenset("nothing none no nope nil na nowt not can't cant cannot n don't dont".split())
# A comment of these words alone says nothing.
NOTHING: Final = NOTHING_HEADS | frozenset(
    """
    a anything at all really i i'm im can could think of much to add comment comments further any other else as
    far aware that this time the moment just now in particular honestly there is there's was theres absolutely
    particularly lot know do so it you springs mind come comes on occasion from my me for specific special thing
    things idea sure if yet have had with same again here would be say
    """.split()
)

_COMPARATIVE: Final = (
    "more|less|better|fewer|quicker|faster|shorter|earlier|sooner|easier|clearer|bigger|larger|longer|cheaper|warmer"
)
_WISHED_DEED: Final = (
    "improve|improved|increase|reduce|cut|speed|stop|employ|hire|recruit|invest|try|ensure|allow|consider|"
    "train|teach|send|find|respect|provide|make sure|answer|arrive|"
    "listen to|respond|remember|remove|bring|update|educate|pay|fix|"
    "extra|additional|different|another"
)
_BEFORE_WISH: Final = (
    "please|maybe|perhaps|just|possibly|by|to|if possible|if anything|only|a|an|the|bit|little|even|slightly|much|have|"
    "having|get|got|be|being|are|is|with|need|needs|needed|could|should|would|do|make|provide|give|offer|arrive|arrived|"
    "answer|reply|respond|response|responses|come|came|act|react|reacted|been|not|keep"
)
_NUMBER: Final = r"\d+|two|three|four|five|six|seven|eight|nine|ten|half an|an|several|many|\w+teen|\w+ty|few"
_UNIT: Final = "hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?"

# A clause that begins as a wish: "more staff", "be quicker", "answer the phone".
WISH_HEAD: Final = re.compile(rf"^(?:(?:{_BEFORE_WISH}) )*(?:{_COMPARATIVE}|{_WISHED_DEED})\b")
# Words of a wish anywhere in a clause.
WISH_ANYWHERE: Final = re.compile(
    r"\b(?:could (?:be|have|do|use|improve|maybe|perhaps|also)|should(?:n't)?|"
    r"would (?:be (?:nice|good|better|great|helpful|useful|easier|ideal)|"
    r"have been (?:nice|good|better|great|helpful|useful|easier)|like|have liked|prefer|benefit|help)|"
    r"it would|needs? (?:to|more|a|an|better|improving|improvement)|if (?:only|you could|"
    r"they could|there (?:was|were))|"
    r"i wish|wish|if possible|instead of|rather than|be nice if|ought to|more [a-z]+ (?:needed|required)|"
    r"improvements? (?:is |are )?(?:needed|required)|(?:quicker|faster|sooner|shorter|easier|clearer|better|earlier)$|"
    r"(?:needs|requires|room for) improve\w*|to be (?:more|better|able)|must)\b"
)
# Looks like a wish and is none.
NO_WISH: Final = re.compile(
    r"\b(?:could(?: not|n't)(?: have)?(?: \w+){0,3} (?:better|more|enough|fault|happier|nicer|kinder|quicker|faster)|"
    r"nothing|would (?:highly |definitely |certainly |recommend)|what(?:ever)? (?:i|you) (?:would|should)|"
    r"as (?:it|they) should|keep (?:up|it up|doing|on)|got better|much better|feel\w* better|"
    r"would have (?:died|been lost)|"
    r"better (?:than|now)|more than (?:happy|helpful|just)|all i could)\b"
)
# Praise by denial: "couldn't have been better", "nothing to improve", "no complaints".
NO_FAULT: Final = re.compile(
    r"\b(?:nothing|no one|nobody|not|\w+n't|cant|dont|couldnt|cannot|any|no)\b(?: [\w']+){0,7} "
    r"(?:better|improv\w+|complain\w*|complaints?|fault\w*|differently|suggestions?|enough praise|ask for more)\b|"
    r"\b(?:can't|cannot|can not|couldn't|could not) (?:praise|thank)\b"
)
# Looks like praise by denial and is none: "it isn't getting any better".
STILL_A_FAULT: Final = re.compile(
    r"\b(?:getting|get|got|feel|feeling|gets) (?:any |much )?better\b|\bnot improv|\bno improvement in\b"
)
# A time beside a word of waiting: "waited four hours", "30 minutes on hold".
LONG_TIME: Final = re.compile(
    r"\b(?:wait|waits|waited|waiting|hold|holding|took|taken|takes|late|delay|delayed|queue|queued|queuing|over|after|"
    rf"nearly|almost|another)\b(?: \w+){{0,6}} (?:{_NUMBER}) ?(?:and a half )?(?:{_UNIT})\b|"
    rf"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many) ?(?:{_UNIT})"
    r"(?: \w+){0,4} (?:wait|late|delay|before|on hold|to get|on the phone|waiting|ago)\b"
)
# A time that was short: "within ten minutes".
FEW_TIME: Final = re.compile(
    r"\b(?:within|in|only|just|less than|under) (?:about |a |the )?"
    r"(?:\d+|one|two|few|couple of|five|ten|fifteen|an|half an) (?:hours?|hrs?|mins?|minutes?)\b"
)
GOOD_FACES: Final = tuple(
    "🙂 😀 😃 😄 😁 😊 😍 🥰 😘 👍 👏 🙌 ❤ ♥ 💕 💖 💙 💚 💛 💜 🎉 ⭐ 🌟 💯 😎 🤗 🙏 👌 ☺ 😇 🏆 ✅ "
    ":) :-) :d ;) =) <3".split()
)
BAD_FACES: Final = tuple(
    "🙁 ☹ 😞 😟 😠 😡 🤬 😢 😭 👎 💔 😤 😩 😫 😖 😣 😒 🤮 🤢 😱 😰 😥 😓 🙄 ❌ :( :-( :/ >:( ='(".split()
)
