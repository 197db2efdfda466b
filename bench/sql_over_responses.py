"""What the figures would cost without cells: the same counts by SQL over all responses, one statement per figure."""

from collections.abc import Mapping

_STANDING = """
    FROM response r
   WHERE r.organisation_id = %s AND r.survey_id = %s AND r.answers ? 'nps' AND r.status = 'complete'
     AND NOT EXISTS (SELECT FROM response_exclusion x
                      WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL)
"""
_MONTH = "date_trunc('month', r.submitted_at AT TIME ZONE 'Europe/London')::date"
_CELL = "r.attributes ->> 'region', r.attributes ->> 'segment', r.attributes ->> 'channel', r.attributes ->> 'age'"


def _counted(by: str, groups: int) -> str:
    columns = ", ".join(str(number) for number in range(1, groups + 2))
    leading = f"{by}, " if by else ""
    return f"SELECT {leading}r.answers ->> 'nps' AS value, count(*) {_STANDING} GROUP BY {columns}"


def _one_of_each(order: str) -> str:
    return f"""
        SELECT value, count(*) FROM (
            SELECT DISTINCT ON (r.respondent_ref) r.answers ->> 'nps' AS value {_STANDING}
             ORDER BY r.respondent_ref, r.submitted_at {order}, r.id {order}) AS taken
         GROUP BY 1
    """


_SUMS = """
    count(*), sum(above), sum(below), sum(above * above), sum(above * below), sum(below * below)
    FROM (SELECT r.attributes, (r.answers ->> 'refunds')::numeric AS above, (r.answers ->> 'orders')::numeric AS below
""" + _STANDING.replace("r.answers ? 'nps'", "r.answers ?& ARRAY['refunds', 'orders']") + ") AS pairs"  # fmt: skip

SAME_SQL: Mapping[str, str] = {
    "KPI value": _counted("", 0),
    "24-month series": _counted(_MONTH, 1),
    "breakdown": _counted("r.attributes ->> 'region'", 1),
    # What weights are fitted to: the answers of every combination of the four attributes.
    "weighted value": _counted(_CELL, 4),
    "weighted 24-month series": _counted(f"{_MONTH}, {_CELL}", 5),
    "weighted breakdown": _counted(_CELL, 4),
    "ratio": f"SELECT {_SUMS}",
    "breakdown of a ratio": f"SELECT attributes ->> 'region', {_SUMS} GROUP BY 1",
    "first of each respondent": _one_of_each("ASC"),
    "latest of each respondent": _one_of_each("DESC"),
}
"""By the name of the figure; each takes organisation and survey."""
