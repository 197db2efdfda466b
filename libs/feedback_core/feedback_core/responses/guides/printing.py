"""From a guide and its survey to what is printed: pure but for the template."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedback_core.responses.guides.types import GuideQuestion, PrintedGuide, PrintedQuestion, StoredGuide
from feedback_core.surveys.types import Question, Questionnaire, QuestionType, text_in

_WRITTEN: Final = 5


def printed(stored: StoredGuide, questionnaire: Questionnaire) -> PrintedGuide:
    """The guide with the words and possible answers of the survey's questions, in the guide's language."""
    language = stored.guide.language
    questions = tuple(
        _printed(number, asked, questionnaire, language) for number, asked in enumerate(stored.guide.questions, start=1)
    )
    return PrintedGuide(stored, questions)


def page_of(guide: PrintedGuide) -> bytes:
    """One HTML page to be printed: no script, nothing to fetch; what somebody wrote is escaped by the template."""
    template = _environment().get_template("interview_guide.html.jinja")
    return template.render(printed=guide, guide=guide.stored.guide, direction=_direction(guide)).encode()


def _printed(number: int, asked: GuideQuestion, questionnaire: Questionnaire, language: str) -> PrintedQuestion:
    question = None if asked.question is None else questionnaire.question(asked.question)
    said = asked.ask
    if said is None:
        said = text_in(question.text, language, fallback=questionnaire.language) if question else asked.question or ""
    scale = question.answer_scale if question else None

    def words(parts: Question, names: str) -> tuple[str, ...]:
        return tuple(text_in(each.label, language, fallback=questionnaire.language) for each in getattr(parts, names))

    return PrintedQuestion(
        number=number,
        key=asked.question,
        ask=said,
        prompts=asked.prompts,
        probes=asked.probes,
        note=asked.note,
        options=words(question, "choices") if question else (),
        scale=None if scale is None else (scale.min, scale.max),
        rows=words(question, "rows") if question else (),
        lines=_lines(question),
    )


def _lines(question: Question | None) -> int:
    """Lines to write on."""
    if question is None or question.type is QuestionType.TEXT:
        return _WRITTEN
    return 1 if question.type in {QuestionType.NUMBER, QuestionType.DATE, QuestionType.BOOLEAN} else 0


def _direction(guide: PrintedGuide) -> str:
    return "rtl" if guide.stored.guide.language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


_RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedback_core.responses.guides"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
