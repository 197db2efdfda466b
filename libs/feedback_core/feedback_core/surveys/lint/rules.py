"""The rules: what each looks for, why, and who has shown it."""

from collections.abc import Mapping
from typing import Final

from feedback_core.surveys.lint.lexicons import LANGUAGES
from feedback_core.surveys.lint.types import Rule, RuleId, Severity

_S, _W, _N = Severity.SERIOUS, Severity.WARNING, Severity.NOTE
_R = RuleId
_WORDS: Final = LANGUAGES

_PAYNE: Final = "Payne (1951), The Art of Asking Questions"
_SCHUMAN: Final = "Schuman & Presser (1981), Questions and Answers in Attitude Surveys"
_FOWLER: Final = "Fowler (1995), Improving Survey Questions"
_TOURANGEAU: Final = "Tourangeau, Rips & Rasinski (2000), The Psychology of Survey Response"
_BRADBURN: Final = "Bradburn, Sudman & Wansink (2004), Asking Questions"
_KROSNICK: Final = "Krosnick & Presser (2010), Question and Questionnaire Design, Handbook of Survey Research"
_DILLMAN: Final = "Dillman, Smyth & Christian (2014), Internet, Phone, Mail, and Mixed-Mode Surveys"
_SARIS: Final = "Saris, Revilla, Krosnick & Shaeffer (2010), Survey Research Methods 4:61"
_ISO: Final = "ISO 10004:2018, Customer satisfaction: monitoring and measuring"


def _rule(*parts: object) -> Rule:
    return Rule(*parts)  # type: ignore[arg-type]  # the table below is read as a table


_TABLE: Final = (
    _rule(_R.LEADING, _S, "Leading question", "It pushes towards one answer, and people give it.", _BRADBURN, _WORDS),
    _rule(_R.LOADED, _S, "Loaded words", "Words that judge move answers, whatever is asked.", _PAYNE, _WORDS),
    _rule(_R.DOUBLE_BARRELLED, _S, "Two questions in one", "One answer cannot be about two things.", _DILLMAN, _WORDS),
    _rule(_R.ABSOLUTE, _W, "Words without exception", "One exception makes it a no.", _PAYNE, _WORDS),
    _rule(_R.DOUBLE_NEGATIVE, _S, "Double negative", "Few can tell what a no to a denial means.", _DILLMAN, _WORDS),
    _rule(_R.JARGON, _W, "Jargon", "Who does not know a word guesses, and answers another question.", _FOWLER, _WORDS),
    _rule(
        _R.HARD_TO_READ,
        _W,
        "Hard to read",
        "The harder the words, the more people leave, or take the first answer that will do.",
        "Lenzner (2012), Field Methods 24:409",
    ),
    _rule(
        _R.READING_LEVEL,
        _N,
        "Reading level",
        "Questions beyond plain language are answered well by those who read well.",
        "Lenzner (2014), Public Opinion Quarterly 78:677",
    ),
    _rule(_R.LONG_TEXT, _W, "Long question", "What stands late in a long question is not read.", _PAYNE),
    _rule(_R.HYPOTHETICAL, _W, "Hypothetical", "People do not know what they would do.", _FOWLER, _WORDS),
    _rule(_R.ASSUMPTIVE, _W, "Assumption", "Who it is not so for cannot answer, or makes it up.", _FOWLER, _WORDS),
    _rule(_R.RECALL_MISSING, _W, "No time named", "Each counts over another time.", _TOURANGEAU, _WORDS),
    _rule(_R.RECALL_TOO_LONG, _W, "Too long a time", "Nobody remembers so much.", _TOURANGEAU, _WORDS),
    _rule(
        _R.SENSITIVE,
        _W,
        "Sensitive",
        "Many do not answer, or not truly, and some leave.",
        "Tourangeau & Yan (2007), Psychological Bulletin 133:859",
        _WORDS,
    ),
    _rule(
        _R.NPS_WORDING,
        _W,
        "NPS wording altered",
        "A score from another question compares with nobody's.",
        "Reichheld (2003), Harvard Business Review 81(12):46",
        _WORDS,
    ),
    _rule(_R.AGREE_DISAGREE, _W, "Agree or disagree", "People agree with what is stated.", _SARIS, _WORDS),
    _rule(_R.UNBALANCED_SCALE, _S, "Unbalanced scale", "More answers on a side draw more.", _KROSNICK, _WORDS),
    _rule(_R.UNLABELLED_SCALE, _W, "Unlabelled scale", "Numbers mean to each what they will.", _KROSNICK),
    _rule(_R.OVERLAPPING_OPTIONS, _S, "Answers overlap", "Two answers are right.", _DILLMAN),
    _rule(_R.GAPPED_OPTIONS, _S, "Answers leave a gap", "For some no answer is right.", _DILLMAN),
    _rule(
        _R.MISSING_WAY_OUT,
        _W,
        "No way out",
        "Who has no answer gives one all the same, and it counts.",
        "Schuman & Presser (1979), American Sociological Review 44:692; Krosnick et al. (2002), Public Opinion"
        " Quarterly 66:371",
        _WORDS,
    ),
    _rule(
        _R.SCALE_DIRECTION,
        _W,
        "Scale turned round",
        "Who has learnt the first scale answers a turned one at the wrong end.",
        "Tourangeau, Couper & Conrad (2004), Public Opinion Quarterly 68:368",
        _WORDS,
    ),
    _rule(_R.OVERALL_AFTER_SPECIFICS, _N, "Overall after parts", "It repeats what was just said.", _SCHUMAN, _WORDS),
    _rule(_R.SENSITIVE_FIRST, _W, "Sensitive first", "Who is put off at the start answers nothing.", _BRADBURN, _WORDS),
    _rule(
        _R.LONG_LIST,
        _N,
        "Long list",
        "The first things on a list are chosen more often.",
        "Krosnick & Alwin (1987), Public Opinion Quarterly 51:201",
    ),
    _rule(
        _R.LONG_MATRIX,
        _W,
        "Long matrix",
        "Rows are left out, or answered alike.",
        "Couper, Tourangeau, Conrad & Zhang (2013), Social Science Computer Review 31:322",
    ),
    _rule(
        _R.MOSTLY_REQUIRED,
        _N,
        "Much is required",
        "Who is forced to answer leaves, or makes something up.",
        "Sischka, Décieux, Mergener, Neufang & Schmidt (2022), Social Science Computer Review 40:405",
    ),
    _rule(
        _R.TOO_LONG,
        _W,
        "Too long",
        "The longer it takes, the fewer begin and end, and the shorter the late answers are.",
        "Galesic & Bosnjak (2009), Public Opinion Quarterly 73:349; Revilla & Ochoa (2017), International Journal of"
        " Market Research 59:557",
    ),
    _rule(_R.CIRCULAR_BRANCH, _S, "Circular branching", "Nobody is shown any of them.", _DILLMAN),
    _rule(_R.NEVER_SHOWN, _S, "Never shown", "Nobody is asked.", _DILLMAN),
    _rule(_R.ALWAYS_SHOWN, _N, "Idle condition", "It hides the question from nobody.", _DILLMAN),
    _rule(_R.SERVES_NOTHING, _W, "Serves nothing", "What is asked for nothing costs attention elsewhere.", _ISO),
    _rule(
        _R.NEW_FEATURE, _N, "New feature", "A slip of the pen makes a feature of its own, apart from the rest.", _ISO
    ),
    _rule(_R.STANDARD_NOT_ASKED, _W, "Standard not asked", "No verdict on it is possible.", _ISO),
    _rule(
        _R.MISSING_TRANSLATION,
        _W,
        "Not translated",
        "Some read a language that they do not know.",
        "Harkness, Villar & Edwards (2010), Translation, Adaptation, and Design, in Survey Methods in Multinational,"
        " Multiregional, and Multicultural Contexts",
    ),
    _rule(
        _R.OTHER_LANGUAGE,
        _S,
        "Other language",
        "It is shown to those who do not read it.",
        "Harkness, Villar & Edwards (2010), as above",
    ),
    _rule(
        _R.TRANSLATION_DIFFERS,
        _S,
        "Translations differ",
        "Answers to different questions are counted together.",
        "Harkness, Villar & Edwards (2010), as above",
    ),
)

RULES: Final[Mapping[RuleId, Rule]] = {rule.id: rule for rule in _TABLE}
"""Every rule, in the order in which they are listed."""
