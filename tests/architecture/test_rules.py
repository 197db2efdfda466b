"""What may be written where: transactions, SQL, time and chance each have one place."""

import pytest

from tests.architecture.rules import Rule, own_chance, own_time, sql_elsewhere, transactions_elsewhere
from tests.architecture.sources import API, CORE, WORKER, Source, sources

# Migrations, tests and `dev` are left out of every rule: Alembic runs its own transactions, tests set up and look
# behind faces, and `dev` starts servers as their administrator.
CLOCK = "libs/feedback_core/feedback_core/kit/clock.py"
IDS = "libs/feedback_core/feedback_core/kit/ids.py"

# Where chance is allowed, and why.
CHANCE = {
    IDS: "makes every identifier",
    "libs/feedback_core/feedback_core/jobs/execution.py": "a lease token has to be unique, and enters no figure",
}


def breaches(rule: Rule, found: tuple[Source, ...]) -> list[str]:
    return [breach for source in found for breach in rule(source)]


def test_only_the_session_module_begins_and_ends_transactions() -> None:
    assert breaches(transactions_elsewhere, sources(CORE, API, WORKER)) == []


def test_only_query_modules_hold_sql() -> None:
    assert breaches(sql_elsewhere, sources(CORE, API, WORKER)) == []


def test_only_the_clock_knows_what_time_it_is() -> None:
    assert breaches(own_time, tuple(source for source in sources(CORE) if source.path != CLOCK)) == []


def test_nothing_is_left_to_chance_but_identifiers() -> None:
    assert breaches(own_chance, tuple(source for source in sources(CORE) if source.path not in CHANCE)) == []


def test_every_exception_is_needed() -> None:
    exceptions = {source.path: source for source in sources(CORE) if source.path in {CLOCK, *CHANCE}}
    assert exceptions.keys() == {CLOCK, *CHANCE}
    assert list(own_time(exceptions[CLOCK]))
    assert all(list(own_chance(exceptions[path])) for path in CHANCE)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (transactions_elsewhere, "await session.commit()"),
        (transactions_elsewhere, "self._session.rollback()"),
        (transactions_elsewhere, "async with engine.begin() as c: pass"),
        (transactions_elsewhere, "create_async_engine(url)"),
        (sql_elsewhere, "from sqlalchemy import select"),
        (sql_elsewhere, "import sqlalchemy as sa"),
        (sql_elsewhere, "from sqlalchemy.dialects.postgresql import insert"),
        (sql_elsewhere, "import psycopg"),
        (sql_elsewhere, "await session.execute(statement)"),
        (own_time, "datetime.now(UTC)"),
        (own_time, "datetime.datetime.utcnow()"),
        (own_time, "date.today()"),
        (own_time, "import time\ntime.time()"),
        (own_time, "from time import time"),
        (own_time, "QUERY = text('SELECT now()')"),
        (own_time, "QUERY = f'SELECT {columns}, CURRENT_TIMESTAMP'"),
        (own_time, "select(func.now())"),
        (own_chance, "import random"),
        (own_chance, "from random import choice"),
        (own_chance, "np.random.seed(1)"),
        (own_chance, "numpy.random.normal(size=3)"),
        (own_chance, "np.random.default_rng()"),
        (own_chance, "from numpy.random import rand"),
        (own_chance, "uuid.uuid4()"),
        (own_chance, "from uuid import UUID, uuid4"),
        (own_chance, "os.urandom(16)"),
    ],
)
def test_a_breach_is_found(rule: Rule, text: str) -> None:
    assert list(rule(Source("libs/feedback_core/feedback_core/kpis/use_cases.py", text)))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (transactions_elsewhere, "db/session.py", "engine.begin()"),
        (sql_elsewhere, "kpis/queries.py", "from sqlalchemy import select"),
        (sql_elsewhere, "jobs/lease_queries.py", "session.execute(s)"),
        (sql_elsewhere, "kpis/queries/counts.py", "session.execute(s)"),
        (sql_elsewhere, "kpis/tables.py", "from sqlalchemy import Table"),
        (sql_elsewhere, "jobs/execution.py", "from sqlalchemy.exc import SQLAlchemyError"),
        (own_time, "jobs/execution.py", "self.clock.now()"),
        (own_time, "kpis/calc.py", '"""No now() here."""'),
        (own_chance, "trends/calc/summary.py", "rng = np.random.default_rng(seed)"),
        (own_chance, "trends/calc/summary.py", "def f(rng: np.random.Generator) -> None: rng.normal()"),
    ],
)
def test_what_is_allowed_is_no_breach(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(f"libs/feedback_core/feedback_core/{path}", text))) == []
