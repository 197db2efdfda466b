"""Many responses at once, past the API; and the statements that the service sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.responses import owner
from tests.support.surveys import PublishedSurvey

Sent = list[tuple[str, Any]]
"""Statements with their parameters, as the driver gets them."""

_FILL = """
    INSERT INTO response (organisation_id, id, survey_id, survey_version_id, content_hash, status, method,
                          confidentiality, submitted_at, received_at, attributes, cell_id, answers, unanswered)
    SELECT %(organisation)s, uuidv7(), %(survey)s, %(version)s, '\\x00', 'complete', 'online_questionnaire',
           'anonymous', t, t, '{}', '00000000-0000-0000-0000-000000000001',
           jsonb_build_object('nps', g %% 11, 'wait', 1 + g %% 5, 'why', w.said), '{}'
      FROM (SELECT g, timestamptz '2026-01-01' + g * interval '1 minute' AS t FROM generate_series(1, %(n)s) AS g) AS s,
           LATERAL (SELECT string_agg(translate(md5(s.g || ' ' || i), '0123456789', 'ghijklmnop'), ' ') AS said
                      FROM generate_series(1, %(words)s) AS i) AS w
"""


@contextmanager
def filled(owner_url: str, api: Api, survey: PublishedSurvey, n: int, *, words: int = 1) -> Iterator[None]:
    """So many responses, written straight into the table, with comments of so many words, each a new one.

    They are gone afterwards: a worker would fold and read them all.
    """
    with owner(owner_url) as connection:
        values = {"organisation": api.organisation.organisation_id, "survey": survey.id, "version": survey.version_id}
        connection.execute(_FILL, {**values, "n": n, "words": words})
        connection.execute("VACUUM ANALYZE response")
        try:
            yield
        finally:
            connection.execute("DELETE FROM response WHERE survey_id = %s", [survey.id])


@contextmanager
def statements(database: Database) -> Iterator[Sent]:
    """What is sent through a process's connections meanwhile."""
    sent: Sent = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
