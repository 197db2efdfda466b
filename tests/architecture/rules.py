"""Rules about what may be written where; each gives the breaches of one file, a line each."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Final

from tests.architecture.sources import Source, called_names, imports, strings

Rule = Callable[[Source], Iterator[str]]

SESSION_MODULE: Final = "libs/feedback_core/feedback_core/db/session.py"
_TRANSACTION: Final = re.compile(r"\.(commit|rollback|begin|begin_nested)$")
_CONNECTION: Final = re.compile(r"(^|\.)(connect|create_engine|create_async_engine)$")
_EXECUTION: Final = re.compile(r"\.(execute|executemany|exec_driver_sql|stream|stream_scalars)$|cursor(\(\))?\.copy$")
_SQL_IN_TEXT: Final = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|gen_random_uuid|random|setseed)\s*\(\s*\)"
    r"|\bcurrent_(timestamp|date|time)\b",
    re.IGNORECASE,
)

_CLOCKS: Final = frozenset({"now", "utcnow", "today"})
_CLOCK_FUNCTIONS: Final = frozenset({"time", "time_ns", "localtime", "gmtime", "ctime"})
_SEEDED: Final = frozenset({"Generator", "SeedSequence", "BitGenerator", "PCG64", "PCG64DXSM", "Philox", "SFC64"})
_CHANCE_MODULES: Final = frozenset({"random", "secrets"})
_CHANCE_CALLS: Final = frozenset({"uuid1", "uuid4", "uuid7", "urandom"})


def transactions_elsewhere(source: Source) -> Iterator[str]:
    """Transactions begun or ended outside the one module of sessions."""
    if source.path == SESSION_MODULE:
        return
    for name, call in called_names(source.tree):
        if _TRANSACTION.search(name) or _CONNECTION.search(name):
            yield f"{source.path}:{call.lineno}: {name}()"


def sql_elsewhere(source: Source) -> Iterator[str]:
    """SQL made or run outside the modules for it.

    Tables are described in ``tables.py`` and ``db``; SQLAlchemy's errors may be caught anywhere.
    """
    if source.is_query_module or source.path == SESSION_MODULE:
        return
    describes = source.path.endswith("/tables.py") or "/feedback_core/db/" in source.path
    for module, name, line in imports(source.tree):
        if module.split(".")[0] in {"psycopg", "asyncpg", "adbc_driver_postgresql"} or (
            module.split(".")[0] == "sqlalchemy" and module != "sqlalchemy.exc" and not describes
        ):
            yield f"{source.path}:{line}: imports {module}{f' ({name})' if name else ''}"
    for name, call in called_names(source.tree):
        if _EXECUTION.search(name):
            yield f"{source.path}:{call.lineno}: {name}()"


def own_time(source: Source) -> Iterator[str]:
    """Clocks read by the code itself, or by the SQL that it sends."""
    modules = _module_names(source.tree, "datetime", "time")
    for name, call in called_names(source.tree):
        *owner, function = name.split(".")
        of_type = owner[-1:] in (["datetime"], ["date"]) and function in _CLOCKS
        of_module = len(owner) == 1 and modules.get(owner[0]) == "time" and function in _CLOCK_FUNCTIONS
        if of_type or of_module:
            yield f"{source.path}:{call.lineno}: {name}()"
    for module, imported, line in imports(source.tree):
        if module == "time" and imported in _CLOCK_FUNCTIONS:
            yield f"{source.path}:{line}: from time import {imported}"
    yield from _volatile_sql(source)


def own_chance(source: Source) -> Iterator[str]:
    """Draws from a generator that nobody passed in; identifiers that are not made by ``kit.ids``."""
    for module, imported, line in imports(source.tree):
        if module.split(".")[0] in _CHANCE_MODULES:
            yield f"{source.path}:{line}: import {module}"
        if (module in {"uuid", "uuid_utils", "os"} or module.startswith("uuid_utils.")) and imported in _CHANCE_CALLS:
            yield f"{source.path}:{line}: from {module} import {imported}"
        if module == "numpy.random" and imported not in {*_SEEDED, "default_rng"}:
            yield f"{source.path}:{line}: from numpy.random import {imported}"
    for name, call in called_names(source.tree):
        *owner, function = name.split(".")
        if owner and function in _CHANCE_CALLS:
            yield f"{source.path}:{call.lineno}: {name}()"
        unseeded = function == "default_rng" and not call.args and not call.keywords
        of_numpy = len(owner) == 2 and owner[0] in {"np", "numpy"} and owner[1] == "random"
        if unseeded or (of_numpy and function not in {*_SEEDED, "default_rng"}):
            yield f"{source.path}:{call.lineno}: {name}()"


def _volatile_sql(source: Source) -> Iterator[str]:
    for string in strings(source.tree):
        for found in _SQL_IN_TEXT.finditer(str(string.value)):
            yield f"{source.path}:{string.lineno}: SQL reads {found.group(0)}"
    for name, call in called_names(source.tree):
        if re.search(r"(^|\.)func\.(now|random|gen_random_uuid|clock_timestamp|current_\w+)$", name):
            yield f"{source.path}:{call.lineno}: {name}()"


def _module_names(tree: ast.Module, *modules: str) -> dict[str, str]:
    """The names under which these modules are known in a file."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in modules}
    return known
