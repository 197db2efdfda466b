"""Every kind of job has an actor, and every actor its limits."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import timedelta

from pydantic import SecretStr

import feedback_core
from feedback_core.jobs.types import JobPayload
from feedback_core.kit.settings import DatabaseSettings, SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from feedback_worker.settings import BrokerSettings, Settings
from feedback_worker.wiring import build_worker
from tests.architecture.sources import CORE, WORKER, sources

LONGEST_ATTEMPT = timedelta(hours=24)
LONGEST_ACTOR = 15


def payloads() -> dict[str, type[JobPayload]]:
    """The core's kinds of job, by name; those that tests define are left out."""
    for module in pkgutil.walk_packages(feedback_core.__path__, "feedback_core."):
        importlib.import_module(module.name)
    return {payload.kind: payload for payload in _kinds(JobPayload) if payload.__module__.startswith("feedback_core.")}


def _kinds(base: type[JobPayload]) -> Iterator[type[JobPayload]]:
    for below in base.__subclasses__():
        if hasattr(below, "kind"):
            yield below
        yield from _kinds(below)


def test_every_kind_of_job_has_an_actor_and_every_actor_a_kind() -> None:
    load_actors()
    ours = {kind for kind in HANDLERS if not kind.startswith("tests.")}
    assert ours == set(payloads())
    assert ours


def test_a_kind_is_named_after_the_folder_that_does_it() -> None:
    folders = {path.name for path in CORE.rglob("*") if path.is_dir()}
    for kind in payloads():
        folder, verb = kind.split(".")
        assert folder in folders, kind
        assert verb.isidentifier(), kind


def test_every_actor_has_a_time_limit_and_retries() -> None:
    load_actors()
    for kind, handler in HANDLERS.items():
        assert timedelta() < handler.time_limit <= LONGEST_ATTEMPT, kind
        assert handler.max_retries >= 1, kind


def test_the_broker_ends_what_goes_beyond_its_limit() -> None:
    settings = Settings(
        DatabaseSettings(url=SecretStr("postgresql://nobody@127.0.0.1:1/none")),
        SecretSettings(secret_keys=SecretStr("unused"), pepper=SecretStr("unused")),
        BrokerSettings(url=SecretStr("redis://127.0.0.1:1/0")),
    )
    process = build_worker(settings)
    try:
        declared = {name: process.broker.get_actor(name) for name in process.broker.get_declared_actors()}
        assert declared.keys() == HANDLERS.keys()
        for kind, actor in declared.items():
            assert actor.options["time_limit"] > HANDLERS[kind].time_limit / timedelta(milliseconds=1)
    finally:
        process.broker.close()


def test_an_actor_is_the_name_of_a_job_and_its_limits() -> None:
    for source in sources(WORKER / "actors"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_ACTOR, f"{source.path}: {node.name}"


def test_what_an_actor_imports_late_is_loaded_beside_the_event_loop() -> None:
    loaded = 0
    for source in sources(WORKER / "actors"):
        for function in (node for node in ast.walk(source.tree) if isinstance(node, ast.AsyncFunctionDef)):
            late = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            calls = [decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
            loads = [ast.literal_eval(word.value) for call in calls for word in call.keywords if word.arg == "loads"]
            assert [_is_of(statement, *loads) for statement in late] == [True] * len(loads), f"{source.path}"
            loaded += len(loads)
    assert loaded


def _is_of(statement: ast.Import | ast.ImportFrom, *modules: str) -> bool:
    """Whether it imports one of the modules, or something out of one."""
    if isinstance(statement, ast.Import):
        return all(alias.name in modules for alias in statement.names)
    return all({statement.module, f"{statement.module}.{alias.name}"} & set(modules) for alias in statement.names)
