"""Out to SurveyJS and back: the same questionnaire."""

from hypothesis import given

from feedback_core.surveys.exchange.surveyjs.reading import from_surveyjs
from feedback_core.surveys.exchange.surveyjs.writing import as_surveyjs, left_out_of_surveyjs
from feedback_core.surveys.exchange.types import Beside, BesideModel, RemarkCode
from feedback_core.surveys.types import Questionnaire, questionnaire_to_json
from tests.unit.exchange.comparing import but_for, meant
from tests.unit.surveys.strategies import questionnaires, unhurried


@unhurried
@given(questionnaires())
def test_with_what_stands_beside_it_nothing_is_lost(asked: Questionnaire) -> None:
    beside = {question.key: Beside(question.type, question.feature, question.unit) for question in asked.questions}

    taken = from_surveyjs(as_surveyjs(asked), language=None, beside=BesideModel(beside, asked.attributes))

    assert taken.remarks == ()
    assert meant(taken.questionnaire) == meant(asked)


@unhurried
@given(questionnaires())
def test_of_the_model_alone_only_that_is_lost_which_is_named(asked: Questionnaire) -> None:
    named = left_out_of_surveyjs(asked)

    taken = from_surveyjs(as_surveyjs(asked), language=None, beside=BesideModel())

    lost = [each.pointer for each in named.kept if each.code is not RemarkCode.COMPARED_LOOSELY]
    guessed = [
        f"/questions/{index}/type"
        for index, question in enumerate(taken.questionnaire.questions)
        if f"/beside/questions/{question.key}/type" in {each.pointer for each in taken.remarks}
    ]
    # Whether a scale is written out hangs on the type.
    scales = [pointer.replace("/type", "/scale") for pointer in guessed]
    lost += [*guessed, *scales]
    back = but_for(meant(taken.questionnaire), lost)
    sent = but_for(meant(asked), lost)
    for document in (back, sent):
        document.pop("attributes", None)
    assert back == sent
    assert taken.questionnaire.attributes == ()
    assert {pointer.split("/")[2] for pointer in lost if pointer.startswith("/attributes")} == {
        str(index) for index in range(len(asked.attributes))
    }


@unhurried
@given(questionnaires())
def test_the_model_has_every_question_in_its_order(asked: Questionnaire) -> None:
    (page,) = as_surveyjs(asked)["pages"]

    assert [element["name"] for element in page["elements"]] == [question.key for question in asked.questions]
    assert [element.get("isRequired", False) for element in page["elements"]] == [
        question.get("required", False)
        for question in questionnaire_to_json(asked)["questions"]  # type: ignore[attr-defined] # a document is any JSON
    ]
