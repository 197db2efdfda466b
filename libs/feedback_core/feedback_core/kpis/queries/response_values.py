"""What a response adds to the counts: the one definition that folding and reading share."""

from feedback_core.kpis.types import UNANSWERED

# Scalars are counted by value; of texts, dates and lists only that they were answered.
_SCALARS = "('nps', 'ces', 'csat', 'rating', 'number')"
_NAMED = "('single_choice', 'boolean')"

RESPONSE_VALUES = f"""
    SELECT r.id, r.respondent_ref, r.survey_version_id, r.cell_id, r.submitted_at, r.attributes, r.method,
           CASE WHEN x.response_id IS NULL THEN r.status ELSE 'flagged' END AS status,
           v.question_key, v.item, v.value
      FROM response r
      LEFT JOIN response_exclusion x
        ON x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL
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
"""Rows of (id, respondent, version, cell, time, attributes, method, status, question, item, value); add conditions on
``r``."""

PAIR_VALUES = """
    SELECT r.id, r.respondent_ref, r.cell_id, r.submitted_at, r.attributes, r.method,
           CASE WHEN x.response_id IS NULL THEN r.status ELSE 'flagged' END AS status,
           p.question_key, p.denominator_key,
           r.answers ?| ARRAY[p.question_key, p.denominator_key]
               OR r.unanswered && ARRAY[p.question_key, p.denominator_key] AS asked,
           CASE WHEN r.answers ? p.denominator_key THEN (r.answers ->> p.question_key)::numeric END AS above,
           CASE WHEN r.answers ? p.question_key THEN (r.answers ->> p.denominator_key)::numeric END AS below
      FROM response r
     CROSS JOIN LATERAL ({pairs}) AS p
      LEFT JOIN response_exclusion x
        ON x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
"""
"""A row per response and pair of number questions: whether it was asked either, and both numbers if it gave both."""
