"""What a response adds to the counts: the one definition that folding and reading share."""

from collections.abc import Mapping

from feedback_core.kpis.types import UNANSWERED, Standing, Take

# Scalars are counted by value; of texts, dates and lists only that they were answered.
_SCALARS = "('nps', 'ces', 'csat', 'rating', 'number')"
_NAMED = "('single_choice', 'boolean')"

_STANDS = f"""
    CASE WHEN {{exclusion}}.response_id IS NOT NULL THEN '{Standing.FLAGGED}'
         WHEN {{suspicion}}.response_id IS NULL THEN {{response}}.status
         WHEN {{response}}.status = '{Standing.COMPLETE}' THEN '{Standing.SUSPECT}'
         WHEN {{response}}.status = '{Standing.PARTIAL}' THEN '{Standing.SUSPECT_PARTIAL}'
         ELSE {{response}}.status END
"""
_DECIDED = """
      LEFT JOIN response_exclusion {exclusion}
        ON {exclusion}.organisation_id = {response}.organisation_id AND {exclusion}.response_id = {response}.id
           AND {exclusion}.restored_at IS NULL
      LEFT JOIN response_suspicion {suspicion}
        ON {suspicion}.organisation_id = {response}.organisation_id AND {suspicion}.response_id = {response}.id
"""
_THIS = {"response": "r", "exclusion": "x", "suspicion": "s"}
_OTHER = {"response": "o", "exclusion": "y", "suspicion": "t"}

STANDS = _STANDS.format(**_THIS)
"""How a response ``r`` stands, where what was decided about it is joined as ``DECIDED`` does."""

DECIDED = _DECIDED.format(**_THIS)
"""Joins of what was decided about ``r``: an exclusion ``x`` by somebody, a suspicion ``s`` by the inclusion rule."""

RESPONSE_VALUES = f"""
    SELECT r.survey_version_id, r.cell_id, r.submitted_at, r.attributes, r.method,
           {STANDS} AS status,
           v.question_key, v.item, v.value
      FROM response r {DECIDED}
     CROSS JOIN LATERAL (
        SELECT '' AS question_key, '' AS item, '' AS value
         UNION ALL
        SELECT u.question_key, '', '{UNANSWERED}' FROM unnest(r.unanswered) AS u(question_key)
         UNION ALL
        SELECT a.key, p.item, p.value
          FROM jsonb_each(r.answers) AS a
          JOIN question q
            ON q.organisation_id = r.organisation_id AND q.survey_version_id = r.survey_version_id AND q.key = a.key
         CROSS JOIN LATERAL (
            SELECT '' AS item,
                   CASE WHEN q.type IN {_SCALARS} THEN trim_scale((a.value #>> '{{}}')::numeric)::text
                        WHEN q.type IN {_NAMED} THEN a.value #>> '{{}}'
                        ELSE '' END AS value
             UNION ALL
            SELECT m.key, trim_scale((m.value #>> '{{}}')::numeric)::text
              FROM jsonb_each(CASE WHEN q.type = 'matrix' THEN a.value ELSE '{{}}' END) AS m
             UNION ALL
            SELECT e.choice, e.position::text
              FROM jsonb_array_elements_text(
                       CASE WHEN q.type IN ('multiple_choice', 'ranking') THEN a.value ELSE '[]' END
                   ) WITH ORDINALITY AS e(choice, position)
         ) AS p
     ) AS v
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
"""  # noqa: S608 - composed of constants
"""Rows of (version, cell, time, attributes, method, status, question, item, value); add conditions on ``r``."""

RATIO_VALUES = f"""
    SELECT r.survey_version_id, r.cell_id, r.submitted_at, r.attributes, r.method,
           {STANDS} AS status,
           CAST(:question_key AS text) AS question_key, '' AS item,
           CASE WHEN r.answers ? :question_key AND r.answers ? :denominator
                THEN concat(trim_scale((r.answers ->> :question_key)::numeric), '/',
                            trim_scale((r.answers ->> :denominator)::numeric))
                ELSE '{UNANSWERED}' END AS value
      FROM response r {DECIDED}
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
       AND (r.answers ?| ARRAY[:question_key, :denominator] OR r.unanswered && ARRAY[:question_key, :denominator])
"""  # noqa: S608 - composed of constants
"""The same rows with the answers to two number questions as one value, for who was asked either."""


def _taken(other_is_better: str) -> str:
    """A condition on ``r``: if it counts, no other response of its respondent is to be taken instead."""
    return f"""
        AND (NOT {STANDS} = ANY(:standings) OR NOT EXISTS (
            SELECT FROM response o {_DECIDED.format(**_OTHER)}
             WHERE o.organisation_id = r.organisation_id AND o.survey_id = r.survey_id
               AND o.respondent_ref = r.respondent_ref AND {_STANDS.format(**_OTHER)} = ANY(:standings)
               AND {other_is_better}{{within}}
        ))
    """


TAKEN: Mapping[Take, str] = {
    Take.FIRST: _taken("(o.submitted_at, o.id) < (r.submitted_at, r.id)"),
    Take.LATEST: _taken("(o.submitted_at, o.id) > (r.submitted_at, r.id)"),
}
"""Conditions on ``r`` under which one response of each known respondent is left of those ``within``."""
