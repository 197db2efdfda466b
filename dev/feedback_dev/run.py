"""``feedback-dev run``: the service on this machine until Ctrl-C."""

import os
import sys
from pathlib import Path

from feedback_dev.children import CannotRun
from feedback_dev.ports import LOOPBACK
from feedback_dev.secret_files import Secrets
from feedback_dev.stack import ROOT, Servers, Stack
from feedback_dev.supervisor import StopRequests, Supervisor

_CANNOT_RUN = 2
_INTERRUPTED = 130


def run() -> int:
    """Start, say where it is, look after it, stop in order.

    Returns: The exit code: 0 after an orderly stop, 2 when it cannot run, 130 when stopped while starting.
    """
    requests = StopRequests()
    try:
        stack = _stack()
        try:
            stack.start(progress=_say)
            requests.running()
            _introduce(stack)
            Supervisor(stack.parts, say=_say).watch(requests.requested)
            _say("Stopping; Ctrl-C again hurries.")
        finally:
            requests.stopping(stack.hurry)
            stack.stop()
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return _CANNOT_RUN
    except KeyboardInterrupt:
        _say("Stopped before it was ready.")
        return _INTERRUPTED
    _say("Stopped.")
    return 0


def _stack() -> Stack:
    environment = os.environ
    port = environment.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise CannotRun(f"PORT is {port}; it must be a number from 1 to 65535.")
    keys, pepper = environment.get("FEEDBACK_SECRET_KEYS"), environment.get("FEEDBACK_PEPPER")
    if (keys is None) != (pepper is None):
        raise CannotRun("Give both FEEDBACK_SECRET_KEYS and FEEDBACK_PEPPER, or neither.")
    return Stack(
        Path(environment.get("DATA_DIR") or ROOT / ".data"),
        host=environment.get("HOST") or LOOPBACK,
        port=int(port),
        servers=Servers(
            environment.get("DATABASE_URL") or None,
            environment.get("MIGRATION_DATABASE_URL") or None,
            environment.get("BROKER_URL") or None,
        ),
        secrets=Secrets(keys, pepper) if keys and pepper else None,
    )


def _introduce(stack: Stack) -> None:
    if stack.new_key:
        key = f"{stack.api_key}  (kept in {_near(stack.api_key_file)})"
    elif stack.api_key:
        key = f"kept in {_near(stack.api_key_file)}"
    else:
        key = "not kept here; the organisation demo was made elsewhere"
    _say(
        f"Ready.\n\n"
        f"  API      {stack.url}\n"
        f"  Docs     {stack.url}/docs\n"
        f"  Key      {key}\n"
        f"  Logs     {_near(stack.logs)}\n\n"
        "Ctrl-C stops it."
    )


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _say(line: str) -> None:
    print(line, flush=True)
