"""SQL of the analysis of themes: counts by period, theme and score, never the comments themselves."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from feedback_core.db.session import Session
from feedback_core.kpis.calc.tally import NOT_CHOSEN
from feedback_core.kpis.queries.response_values import DECIDED, STANDS
from feedback_core.kpis.types import WHOLE, Bucket, Selection, Standing, Target
from feedback_core.surveys.types import QuestionType
from feedback_core.themes.analysis.calc.tallies import Counted
from feedback_core.themes.analysis.types import Example
from feedback_core.themes.types import Tone

_NAMED: Final = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.BOOLEAN})

# Whoever stopped half way has said what they said; whoever was screened out was not to be asked.
_COUNTING: Final = f"('{Standing.COMPLETE}', '{Standing.PARTIAL}')"


@dataclass(frozen=True, slots=True)
class CommentQuery:
    """Which comments are looked at.

    Attributes:
        language: ISO 639-1 code; ``None``: any.
    """

    organisation_id: UUID
    survey_id: UUID
    questions: tuple[str, ...]
    selection: Selection
    language: str | None


@dataclass(frozen=True, slots=True)
class CodedRespondent:
    """What a source that is no rule gave the comments of one respondent, all of them together.

    Attributes:
        version: the oldest of the codebook that one of them was coded by.
    """

    response_id: UUID
    themes: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class CommentCounts:
    """How many comments there are of one language and tone."""

    language: str | None
    tone: Tone | None
    n: int


async def comment_counts(session: Session, query: CommentQuery) -> list[CommentCounts]:
    """Comments by language and tone."""
    values: dict[str, Any] = {}
    statement = f"SELECT c.language, c.tone, count(*) AS n {_comments(query, values)} GROUP BY 1, 2"
    return [
        CommentCounts(row.language, None if row.tone is None else Tone(row.tone), row.n)
        for row in await session.execute(text(statement), values)
    ]


async def respondents(session: Session, query: CommentQuery) -> int:
    """How many gave at least one of the comments."""
    values: dict[str, Any] = {}
    statement = f"SELECT count(DISTINCT c.response_id) {_comments(query, values)}"
    found: int = (await session.execute(text(statement), values)).scalar_one()
    return found


async def theme_counts(
    session: Session,
    query: CommentQuery,
    bucket: Bucket,
    target: Target | None,
    *,
    codebook_version: int,
    coded: Sequence[CodedRespondent] | None,
) -> list[Counted]:
    """Respondents by period, standing and score: all of them, and those who speak of each theme.

    Args:
        session: a snapshot.
        query: whose comments are looked at.
        bucket: length of a period.
        target: of the KPI; ``None``: none.
        codebook_version: by whose rules comments were coded.
        coded: what another source gave; ``None``: rules.
    """
    values: dict[str, Any] = {"bucket": bucket, "codebook_version": codebook_version}
    comments = _comments(query, values)
    if coded is None:
        themes = f"""
            SELECT c.response_id, array_agg(DISTINCT t.theme) FILTER (WHERE t.theme IS NOT NULL) AS themes,
                   min(c.codebook_version) AS version
            {comments.replace("WHERE", "LEFT JOIN LATERAL unnest(c.themes) AS t(theme) ON true WHERE", 1)}
               AND c.codebook_version = :codebook_version
             GROUP BY c.response_id
        """
    else:
        values["coded"] = json.dumps(
            [{"response_id": str(c.response_id), "themes": list(c.themes), "version": c.version} for c in coded]
        )
        themes = f"""
            SELECT DISTINCT k.response_id, k.themes, k.version
              FROM jsonb_to_recordset(CAST(:coded AS jsonb)) AS k(response_id uuid, themes text[], version int)
             WHERE EXISTS (SELECT {comments} AND c.response_id = k.response_id)
        """  # noqa: S608 - composed of constants
    statement = f"""
        WITH people AS MATERIALIZED (
            SELECT date_trunc(:bucket, r.submitted_at AT TIME ZONE :time_zone)::date AS start, r.status, k.version,
                   coalesce(k.themes, '{{}}') AS themes, {_score(target, values)} AS score
              FROM ({themes}) AS k
              JOIN response r ON r.organisation_id = :organisation_id AND r.id = k.response_id
        )
        SELECT NULL AS theme, cardinality(themes) > 0 AS any_theme, start, status, version, score, count(*) AS n
          FROM people GROUP BY 2, 3, 4, 5, 6
         UNION ALL
        SELECT t.theme, true, start, status, version, score, count(*)
          FROM people CROSS JOIN LATERAL unnest(themes) AS t(theme) GROUP BY 1, 3, 4, 5, 6
    """  # noqa: S608 - composed of constants
    return [_counts(row) for row in await session.execute(text(statement), values)]


async def drawn_comments(
    session: Session,
    query: CommentQuery,
    start: int,
    *,
    most: int,
    uncoded_by: int | None = None,
    theme: str | None = None,
    among: Collection[UUID] | None = None,
) -> list[tuple[Example, str]]:
    """Comments with what they say, in their random order from a place on and around its end.

    Args:
        session: a snapshot.
        query: which.
        start: place in the random order.
        most: how many.
        uncoded_by: only those that the rules of this version of the codebook give nothing.
        theme: only those that rules give this theme.
        among: only those of these responses.
    """
    values: dict[str, Any] = {"start": start}
    conditions = ""
    if uncoded_by is not None:
        conditions += " AND c.codebook_version = :uncoded_by AND c.themes = '{}'"
        values["uncoded_by"] = uncoded_by
    if theme is not None:
        conditions += " AND :theme = ANY(c.themes)"
        values["theme"] = theme
    if among is not None:
        conditions += " AND c.response_id = ANY(:among)"
        values["among"] = list(among)
    comments = _comments(query, values)
    drawn: list[tuple[Example, str]] = []
    for part in ("c.lot >= :start", "c.lot < :start"):
        statement = f"""
            SELECT c.response_id, c.question_key, r.answers ->> c.question_key AS comment
            {comments}{conditions} AND {part} ORDER BY c.lot, c.response_id, c.question_key LIMIT :most
        """
        rows = await session.execute(text(statement), {**values, "most": most - len(drawn)})
        drawn += [(Example(row.response_id, row.question_key), row.comment) for row in rows]
    return drawn


async def texts_of(session: Session, organisation_id: UUID, wanted: Sequence[Example]) -> dict[Example, str]:
    """What comments say, of responses that are still there and that nobody excluded."""
    statement = text(
        """
        SELECT k.response_id, k.question, r.answers ->> k.question AS comment
          FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS k(response_id uuid, question text)
          JOIN response r ON r.organisation_id = :organisation_id AND r.id = k.response_id
          LEFT JOIN response_exclusion x
            ON x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL
         WHERE x.response_id IS NULL AND r.answers ? k.question
        """
    )
    named = json.dumps([{"response_id": str(one.response_id), "question": one.question} for one in wanted])
    rows = await session.execute(statement, {"organisation_id": organisation_id, "wanted": named})
    return {Example(row.response_id, row.question): row.comment for row in rows}


async def rule_themes(
    session: Session, organisation_id: UUID, wanted: Sequence[Example], *, codebook_version: int
) -> dict[Example, tuple[str, ...]]:
    """What the rules of a version of the codebook give to comments."""
    statement = text(
        """
        SELECT c.response_id, c.question_key, c.themes
          FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS k(response_id uuid, question text)
          JOIN comment_reading c ON c.organisation_id = :organisation_id AND c.response_id = k.response_id
                                AND c.question_key = k.question
         WHERE c.codebook_version = :codebook_version
        """
    )
    named = json.dumps([{"response_id": str(one.response_id), "question": one.question} for one in wanted])
    values = {"organisation_id": organisation_id, "wanted": named, "codebook_version": codebook_version}
    return {
        Example(row.response_id, row.question_key): tuple(row.themes)
        for row in await session.execute(statement, values)
    }


def _comments(query: CommentQuery, values: dict[str, Any]) -> str:
    """From which comments, ``c`` of responses ``r``; add conditions."""
    values |= {
        "organisation_id": query.organisation_id,
        "survey_id": query.survey_id,
        "questions": list(query.questions),
        "time_zone": query.selection.time_zone,
    }
    conditions = ""
    if query.language is not None:
        conditions += " AND c.language = :language"
        values["language"] = query.language
    if query.selection.start is not None:
        conditions += " AND r.submitted_at >= :from_instant"
        values["from_instant"] = query.selection.start
    if query.selection.end is not None:
        conditions += " AND r.submitted_at < :to_instant"
        values["to_instant"] = query.selection.end
    conditions += _where(query.selection.where, values)
    return f"""
          FROM comment_reading c
          JOIN response r ON r.organisation_id = c.organisation_id AND r.id = c.response_id {DECIDED}
         WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id
           AND c.question_key = ANY(:questions) AND {STANDS} IN {_COUNTING}{conditions}
    """


def _where(where: Mapping[str, Sequence[str]], values: dict[str, Any]) -> str:
    conditions = ""
    for number, (attribute, allowed) in enumerate(where.items()):
        conditions += (
            f" AND (r.attributes || jsonb_build_object('method', r.method)) ->> CAST(:attribute_{number} AS text)"
            f" = ANY(:values_{number})"
        )
        values |= {f"attribute_{number}": attribute, f"values_{number}": list(allowed)}
    return conditions


def _score(target: Target | None, values: dict[str, Any]) -> str:
    """The answer that a KPI counts, as the cells hold it; NULL where there is none."""
    if target is None:
        return "CAST(NULL AS text)"
    values["scored"] = target.question_key
    answer = "r.answers -> CAST(:scored AS text)"
    if target.question_type in _NAMED:
        return f"({answer}) #>> '{{}}'"
    if target.question_type is QuestionType.MULTIPLE_CHOICE:
        values["choice"] = target.choice
        return (
            f"CASE WHEN ({answer}) ? CAST(:choice AS text) THEN CAST(:choice AS text)"
            f" WHEN ({answer}) IS NOT NULL THEN '{NOT_CHOSEN}' END"
        )
    if target.question_type is QuestionType.RANKING:
        values["item"] = target.item
        places = f"jsonb_array_elements_text({answer}) WITH ORDINALITY AS e(choice, place)"
        return f"(SELECT e.place::text FROM {places} WHERE e.choice = :item)"  # noqa: S608 - composed of constants
    if target.item != WHOLE:
        values["item"] = target.item
        answer += " -> CAST(:item AS text)"
    return f"trim_scale((({answer}) #>> '{{}}')::numeric)::text"


def _counts(row: Row[Any]) -> Counted:
    return Counted(row.theme, row.any_theme, row.start, Standing(row.status), row.version, row.score, row.n)
