"""From what somebody finds behind a link to the page that says it: questions, or words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.collectors.answering import THANKS
from feedback_core.collectors.languages import Spoken, chosen_language, languages_of, spoken
from feedback_core.collectors.page.fields import Fields, Trouble, fields_of
from feedback_core.collectors.page.rendering import LanguageChoice, NoticePage, QuestionsPage, language_choice
from feedback_core.collectors.page.troubles import missing
from feedback_core.collectors.page.view import Reader, shown_fields
from feedback_core.collectors.page.walk import END, Walk, number_of
from feedback_core.collectors.page.words import WORDS, words_in
from feedback_core.collectors.visits import Finds, Visit
from feedback_core.responses.open_responses.changes import validator_of, values_of
from feedback_core.responses.open_responses.types import Draft
from feedback_core.surveys.types import Confidentiality, PublishedSurvey

NO_COOKIE: Final = "no_cookie"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as it was asked for.

    Attributes:
        page: number, ``end`` or ``thanks``; ``None``: where this reader is.
        wish: the language that the reader chose; ``accepted`` is the header of their browser.
        action: where its form goes to.
        form: sign of its form.
        is_check: whether what is required and missing is pointed at.
    """

    page: str | None
    wish: str | None
    accepted: str | None
    action: str
    form: str
    is_check: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """A page that is shown again with what was sent, and what is wrong with it."""

    fields: Fields
    troubles: Mapping[str, Trouble]
    is_changed: bool


def reader_of(visit: Visit | None, asked: Asked) -> Reader:
    """In which language a page is read: as chosen, as invited, as the collector says, or as the browser asks."""
    survey = visit.survey if visit else None
    if visit is None or survey is None:
        # Nothing is known of the survey's languages: one in which the page can say everything.
        language = _spoken_here(asked)
        words, tag = words_in(language)
        return Reader(tag, tag, words, tag)
    invited = visit.link.invited
    wishes = [asked.wish, invited.language if invited else None, visit.link.collector.details.language]
    language = chosen_language(survey.questionnaire, wishes, asked.accepted)
    words, tag = words_in(language)
    return Reader(language, survey.questionnaire.language, words, tag)


def page_wanted(visit: Visit, asked: Asked) -> str | None:
    """The page with questions that is shown: the one asked for, or where the reader is; ``None``: they lost the way.

    Without a draft there is only the first page: whoever asks for a later one has lost the cookie, or never kept it.
    """
    assert visit.survey is not None
    walk = walk_of(visit.survey, visit.draft)
    if visit.draft is None:
        return None if asked.page not in {None, THANKS, "1"} else walk.resumed()
    if asked.page == END:
        return END
    number = number_of(asked.page)
    return str(number) if number is not None and walk.has(number) else walk.resumed()


def questions_page(visit: Visit, page: str, asked: Asked, again: Again | None = None) -> QuestionsPage:
    """A page with questions, with what was answered by now; or with what was just sent, where something is wrong."""
    survey, draft = visit.survey, visit.draft
    assert survey is not None
    reader = reader_of(visit, asked)
    questionnaire, details = survey.questionnaire, visit.link.collector.details
    walk = walk_of(survey, draft)
    number = None if page == END else int(page)
    questions = () if number is None else walk.questions(number)
    answers = values_of(draft.answers) if draft else {}
    answered = [question.key for question in questions if question.key in answers]
    fields: dict[str, list[str]] = {}
    for question in questions:
        fields |= fields_of(question, answers.get(question.key), reader.language)
    troubles = {
        each.key: found for each in questions if asked.is_check and (found := missing(each, answers.get(each.key)))
    }
    is_first = page == str(next(iter(walk.numbers), ""))
    several = len(walk.numbers) > 1 or not (number is not None and walk.is_last(number))
    return QuestionsPage(
        reader=reader,
        organisation=visit.organisation,
        title=spoken(questionnaire.title, reader.language, own=reader.own),
        step=_step(walk, number, reader) if several else None,
        introduction=spoken(details.introduction, reader.language, own=reader.own)
        if is_first and details.introduction
        else None,
        told=_told(visit, reader, several=several) if is_first else (),
        notice=reader.words.changed if again and again.is_changed else None,
        fields=shown_fields(
            questions,
            again.fields if again else fields,
            again.troubles if again else troubles,
            answered=answered,
            reader=reader,
        ),
        action=asked.action,
        hidden=_hidden(asked, survey, page, answered),
        languages=_languages(survey),
        is_end=number is None,
        is_last=number is None or walk.is_last(number),
        may_go_back=walk.before(number) is not None,
        opt_out_path=visit.link.invited.opt_out_path if visit.link.invited else None,
    )


def walk_of(survey: PublishedSurvey, draft: Draft | None) -> Walk:
    """The way through a survey, as it was answered by now."""
    return Walk(survey.questionnaire, draft.progress if draft else validator_of(survey).progress({}))


def notice_page(what: str, visit: Visit | None, asked: Asked) -> NoticePage:
    """A page that says something in words; ``what`` begins the names of its sentences."""
    reader = reader_of(visit, asked)
    title, text = (Spoken(getattr(reader.words, f"{what}_{part}"), reader.words_language) for part in ("title", "text"))
    is_thanks = what == Finds.THANKS
    if visit is not None and is_thanks and (told := visit.link.collector.details.thank_you):
        text = spoken(told, reader.language, own=reader.own)
    may_go_again = (
        visit is not None and is_thanks and visit.link.invited is None and visit.link.collector.on_shared_device
    )
    return NoticePage(
        language=reader.language,
        organisation=visit.organisation if visit else "",
        title=title,
        text=text,
        action=asked.action,
        form=asked.form,
        again=Spoken(reader.words.again, reader.words_language) if may_go_again else None,
        start=Spoken(reader.words.start, reader.words_language) if what == NO_COOKIE else None,
    )


def _spoken_here(asked: Asked) -> str:
    for wanted in [asked.wish, *(part.partition(";")[0].strip() for part in (asked.accepted or "").split(","))]:
        if wanted and wanted.lower().partition("-")[0] in WORDS:
            return wanted
    return "en"


def _step(walk: Walk, number: int | None, reader: Reader) -> str | None:
    if number is None or number not in walk.numbers:
        return None
    return reader.words.page_of.format(page=walk.numbers.index(number) + 1, pages=len(walk.numbers))


def _told(visit: Visit, reader: Reader, *, several: bool) -> tuple[str, ...]:
    """What is promised to the reader before the first question."""
    assert visit.survey is not None
    words, invited = reader.words, visit.link.invited
    promises = []
    if visit.survey.confidentiality is Confidentiality.ANONYMOUS:
        promises.append(words.promise_anonymous)
    elif invited is not None and invited.respondent is not None:
        is_code = visit.survey.confidentiality is Confidentiality.PSEUDONYMOUS
        promises.append(words.promise_pseudonymous if is_code else words.promise_identified)
    if several and not visit.link.collector.on_shared_device:
        promises.append(words.kept)
    return tuple(promises)


def _hidden(asked: Asked, survey: PublishedSurvey, page: str, answered: list[str]) -> tuple[tuple[str, str], ...]:
    named = {"form": asked.form, "version": str(survey.number), "page": page, "answered": " ".join(answered)}
    if asked.wish:
        named["lang"] = asked.wish
    return tuple((name, value) for name, value in named.items() if value)


def _languages(survey: PublishedSurvey) -> tuple[LanguageChoice, ...]:
    return tuple(language_choice(tag) for tag in languages_of(survey.questionnaire))
