"""What a response adds to the counts: the one definition that folding and reading share."""

from feedback_core.kpis.types import UNANSWERED, Standing, Take

# Scalars are counted by value; of texts, dates and lists only that they were answered.
_SCALARS = "('nps', 'ces', 'csat', 'rating', 'number')"
_NAMED = "('single_choice', 'boolean')"

STANDS = f"""
    CASE WHEN x.response_id IS NOT NULL THEN '{Standing.FLAGGED}'
         WHEN s.response_id IS NULL THEN r.status
         WHEN r.status = '{Standing.COMPLETE}' THEN '{Standing.SUSPECT}'
         WHEN r.status = '{Standing.PARTIAL}' THEN '{Standing.SUSPECT_PARTIAL}'
         ELSE r.status END
"""
"""How a response ``r`` stands, where what was decided about it is joined as ``DECIDED`` does."""

DECIDED = """
      LEFT JOIN response_exclusion x
        ON x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL
      LEFT JOIN response_suspicion s ON s.organisation_id = r.organisation_id AND s.response_id = r.id
"""
"""Joins of what was decided about ``r``: an exclusion ``x`` by somebody, a suspicion ``s`` by the inclusion rule."""

_UNFOLDED_RESPONDENTS = """
    SELECT t.respondent_ref FROM response t
     WHERE t.organisation_id = :organisation_id AND t.survey_id = :survey_id
       AND t.recorded_xid >= CAST(:folded AS xid8) AND t.respondent_ref IS NOT NULL
"""
_OF_THE_SURVEY = "WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id"

RESPONSE_VALUES = f"""
    SELECT r.survey_version_id, r.cell_id, r.submitted_at, r.attributes, r.method,
           {STANDS} AS status,
           v.question_key, v.item, v.value
      FROM response r
{DECIDED}     CROSS JOIN LATERAL (
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
{_OF_THE_SURVEY}
"""  # noqa: S608 - composed of constants
"""Rows of (version, cell, time, attributes, method, status, question, item, value); add conditions on ``r``."""

PAIR_VALUES = f"""
    SELECT r.cell_id, r.submitted_at, r.attributes, r.method,
           {STANDS} AS status,
           p.question_key, p.denominator_key,
           r.answers ?| ARRAY[p.question_key, p.denominator_key]
               OR r.unanswered && ARRAY[p.question_key, p.denominator_key] AS asked,
           CASE WHEN r.answers ? p.denominator_key THEN (r.answers ->> p.question_key)::numeric END AS above,
           CASE WHEN r.answers ? p.question_key THEN (r.answers ->> p.denominator_key)::numeric END AS below
      FROM response r
     CROSS JOIN LATERAL ({{pairs}}) AS p
{DECIDED}{_OF_THE_SURVEY}
"""  # noqa: S608 - composed of constants
"""A row per response and pair of number questions: whether it was asked either, and both numbers if it gave both."""

SAMPLED = """
      JOIN LATERAL (
        SELECT md5(m.sample_id::text || ' ' || m.position)::uuid AS cell_id, m.sample_id, m.stratum, m.position,
               m.cluster, m.probability, m.cluster_probability, m.cluster_population
          FROM sample_unit m
          JOIN sample p ON p.organisation_id = m.organisation_id AND p.id = m.sample_id
         WHERE m.organisation_id = r.organisation_id AND m.respondent_ref = r.respondent_ref
           AND p.survey_id = r.survey_id AND p.drawn_at IS NOT NULL
         ORDER BY p.drawn_at <= r.received_at DESC, p.drawn_at DESC LIMIT 1
      ) AS m ON true
"""
"""Joins the unit ``m`` of a sample of the survey that a response ``r`` is of: of several the last before it came."""

_BEFORE_VALUES = "     CROSS JOIN LATERAL (\n        SELECT ''"
assert RESPONSE_VALUES.count(_BEFORE_VALUES) == 1

SAMPLED_VALUES = RESPONSE_VALUES.replace(_BEFORE_VALUES, SAMPLED + _BEFORE_VALUES).replace("r.cell_id", "m.cell_id")
"""The same rows of responses alone that are of a unit of a sample; the cell is the unit."""

# Whoever answered since the last fold is read from the responses, all others from those that folds have noted.
_NOT_TAKEN = f"""(
        SELECT r.* FROM (
            SELECT r.id, {{other}}(r.id) OVER (PARTITION BY r.respondent_ref ORDER BY r.submitted_at, r.id) AS other
              FROM (
                SELECT r.organisation_id, r.response_id AS id, r.respondent_ref, r.submitted_at, r.status
                  FROM repeated_response r
                 {_OF_THE_SURVEY}{{within}} AND r.respondent_ref NOT IN ({_UNFOLDED_RESPONDENTS})
                 UNION ALL
                SELECT r.organisation_id, r.id, r.respondent_ref, r.submitted_at, r.status
                  FROM response r
                 {_OF_THE_SURVEY}{{within}} AND r.respondent_ref IN ({_UNFOLDED_RESPONDENTS})
              ) AS r
              {DECIDED}
             WHERE {STANDS} = ANY(:standings)
        ) AS t
        JOIN response r ON r.organisation_id = :organisation_id AND r.id = t.id
       WHERE t.other IS NOT NULL)"""  # noqa: S608 - composed of constants
_OTHER = {Take.FIRST: "lag", Take.LATEST: "lead"}


def of_those_not_taken(values: str, take: Take, *, within: str) -> str:
    """The same rows ``v`` of responses alone that count, and in whose place another of their respondent is taken.

    They are found among the responses of whoever answered more than once, before their answers are looked at.

    Args:
        values: as they are of all responses.
        take: which response is taken.
        within: condition on ``r`` under which a response lies in the selected time.
    """
    not_taken = _NOT_TAKEN.format(other=_OTHER[take], within=within)
    return values.replace("FROM response r\n", f"FROM {not_taken} AS r\n", 1)
