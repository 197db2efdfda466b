"""Which transactions are open on the server of the tests: one that writes for long holds back what all others read."""

import psycopg

_OPEN = """
    SELECT format('%s pid %s, %s for %s, xid %s, waits for %s: %s', datname, pid, state, now() - xact_start,
                  coalesce(backend_xid::text, '-'), coalesce(wait_event, '-'),
                  left(regexp_replace(query, '\\s+', ' ', 'g'), 300))
      FROM pg_stat_activity
     WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()
     ORDER BY xact_start
"""


def open_transactions(url: str) -> str:
    """One line for each, the oldest first, or why nobody can tell."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return "\n".join(line for (line,) in connection.execute(_OPEN))
    except psycopg.Error as error:
        return f"not to be had: {error}"
