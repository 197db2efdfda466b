"""A published version in the words of another tool, and a new survey from what another tool has written."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.surveys.exchange.surveyjs.reading import from_surveyjs
from feedback_core.surveys.exchange.surveyjs.writing import Json, as_surveyjs, left_out_of_surveyjs
from feedback_core.surveys.exchange.types import Beside, BesideModel, Remarks, Taken
from feedback_core.surveys.exchange.xlsform.reading import from_xlsform
from feedback_core.surveys.exchange.xlsform.workbook import as_workbook
from feedback_core.surveys.exchange.xlsform.writing import as_xlsform
from feedback_core.surveys.types import Confidentiality, Questionnaire, Survey
from feedback_core.surveys.use_cases import create_survey, get_version, published_survey


@dataclass(frozen=True, slots=True)
class Imported:
    """A survey that was made from a document, and what is not in it as it was there."""

    survey: Survey
    taken: Taken


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What an imported survey is to be called, and what its documents do not say."""

    key: str
    confidentiality: Confidentiality
    language: str | None


@dataclass(frozen=True, slots=True)
class WhatIsBeside:
    """What the model of a version has no word for.

    Attributes:
        version: number of the version.
    """

    version: int
    beside: BesideModel
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class Form:
    """A version as a workbook."""

    name: str
    content: bytes


async def surveyjs_of(session: Session, organisation_id: UUID, survey_id: UUID, version: int | None) -> Json:
    """A version as a model of SurveyJS; ``None``: the latest.

    Raises:
        NotFound: no such survey, or no such version of it.
        SurveyNotPublished: it has no version.
    """
    _, _, questionnaire = await _version(session, organisation_id, survey_id, version)
    return as_surveyjs(questionnaire)


async def beside_surveyjs(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int | None
) -> WhatIsBeside:
    """What ``surveyjs_of`` has no word for.

    Raises:
        NotFound: no such survey, or no such version of it.
        SurveyNotPublished: it has no version.
    """
    _, number, asked = await _version(session, organisation_id, survey_id, version)
    questions = {each.key: Beside(each.type, each.feature, each.unit) for each in asked.questions}
    return WhatIsBeside(number, BesideModel(questions, asked.attributes), left_out_of_surveyjs(asked))


async def xlsform_of(session: Session, organisation_id: UUID, survey_id: UUID, version: int | None) -> Form:
    """A version as an XLSForm; ``None``: the latest.

    Raises:
        NotFound: no such survey, or no such version of it.
        SurveyNotPublished: it has no version.
    """
    key, number, questionnaire = await _version(session, organisation_id, survey_id, version)
    sheets = as_xlsform(questionnaire, form_id=key, version=number)
    return Form(f"{key}-v{number}.xlsx", await asyncio.to_thread(as_workbook, sheets))


async def import_surveyjs(
    session: Session,
    organisation_id: UUID,
    model: Mapping[str, object],
    *,
    new: NewSurvey,
    beside: BesideModel,
    clock: Clock,
) -> Imported:
    """A new survey with a model as its draft.

    Raises:
        NotExchangeable: it is no model, or larger than a questionnaire can be.
        Invalid: the key cannot be a survey's, or what stands beside the model does not belong to it.
        SurveyKeyTaken: the organisation has a survey with this key.
    """
    taken = await asyncio.to_thread(from_surveyjs, model, language=new.language, beside=beside)
    return await _imported(session, organisation_id, taken, new, clock)


async def import_xlsform(
    session: Session, organisation_id: UUID, content: bytes, *, new: NewSurvey, clock: Clock
) -> Imported:
    """A new survey with a form as its draft.

    Raises:
        NotExchangeable: it is no form, or larger than a questionnaire can be.
        Invalid: the key cannot be a survey's.
        SurveyKeyTaken: the organisation has a survey with this key.
    """
    taken = await asyncio.to_thread(from_xlsform, content, language=new.language)
    return await _imported(session, organisation_id, taken, new, clock)


async def _imported(session: Session, organisation_id: UUID, taken: Taken, new: NewSurvey, clock: Clock) -> Imported:
    survey = await create_survey(
        session,
        organisation_id,
        taken.questionnaire,
        key=new.key,
        confidentiality=new.confidentiality,
        clock=clock,
    )
    return Imported(survey, taken)


async def _version(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int | None
) -> tuple[str, int, Questionnaire]:
    """Key of the survey, number of the version, and what it asks."""
    latest = await published_survey(session, organisation_id, survey_id)
    if version is None or version == latest.number:
        return latest.key, latest.number, latest.questionnaire
    found = await get_version(session, organisation_id, survey_id, version)
    return latest.key, found.number, found.questionnaire
