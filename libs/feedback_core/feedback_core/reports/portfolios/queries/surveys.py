"""Finders of surveys: questionnaires as published, and what is promised to respondents."""

from typing import Any

from sqlalchemy import Row, select

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.queries.reading import find, joined, of
from feedback_core.reports.portfolios.records import Found, Mark, Record, Window
from feedback_core.surveys.lint.tables import lint_waiver
from feedback_core.surveys.tables import survey, survey_version
from feedback_core.surveys.types.texts import text_in


async def survey_versions(session: Session, window: Window) -> Found:
    """Questionnaires, each as it was published."""
    table = survey_version.c

    def record(row: Row[Any]) -> Record:
        document = row.document
        language = document["language"]
        marks = {
            Mark.OF_FEATURES: any(question.get("feature") for question in document["questions"]),
            Mark.REVISED: row.number > 1,
        }
        return Record(
            f"{row.key}-v{row.number}",
            f"{text_in(document['title'], language, fallback=language)}, version {row.number}",
            row.published_at,
            f"/v1/surveys/{row.survey_id}/versions/{row.number}",
            says={"survey": row.key, "survey_id": row.survey_id, "version": row.number, "questionnaire": document},
            marks=frozenset(mark for mark, is_so in marks.items() if is_so),
        )

    statement = (
        select(survey.c.key, table.survey_id, table.number, table.document, table.published_at)
        .select_from(survey_version)
        .join(survey, joined(survey_version, survey, "survey_id"))
        .where(*of(window, survey_version))
    )
    keys = [table.survey_id, table.number]
    return await find(session, window, statement, record, at=table.published_at, keys=keys, standing=True)


async def lint_waivers(session: Session, window: Window) -> Found:
    """Findings about questions that somebody weighed and left as they are; those that were ended too."""
    columns = lint_waiver.c

    def record(row: Row[Any]) -> Record:
        says = {
            "survey": row.key,
            "survey_id": row.survey_id,
            "rule": row.rule,
            "place": row.place,
            "reason": row.reason,
            "ended_by": row.ended_by,
            "ended_at": row.ended_at,
        }
        title = f"{row.key}: {row.rule.replace('_', ' ')} at {row.place}"
        link = f"/v1/surveys/{row.survey_id}/lint-waivers/{row.id}"
        return Record(str(row.id), title, row.waived_at, link, by=row.waived_by, says=says)

    statement = (
        select(lint_waiver, survey.c.key)
        .join(survey, joined(lint_waiver, survey, "survey_id"))
        .where(*of(window, lint_waiver))
    )
    return await find(session, window, statement, record, at=columns.waived_at, keys=[columns.id], standing=True)


async def confidentiality(session: Session, window: Window) -> Found:
    """What each survey promises."""
    columns = survey.c

    def record(row: Row[Any]) -> Record:
        says = {
            "survey": row.key,
            "survey_id": row.id,
            "confidentiality": row.confidentiality,
            "responses_per_respondent": row.responses_per_respondent,
            "counts_below_are_withheld": window.minimum,
        }
        return Record(row.key, f"{row.key}: {row.confidentiality}", row.created_at, f"/v1/surveys/{row.id}", says=says)

    statement = select(survey).where(*of(window, survey))
    if window.survey_ids:
        statement = statement.where(columns.id.in_(list(window.survey_ids)))
    return await find(session, window, statement, record, at=columns.created_at, keys=[columns.id], standing=True)
