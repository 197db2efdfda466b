"""Child processes that surely end: with their owner's context, on an error, and when this process is killed."""

import contextlib
import importlib.util
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launch.py")
_LARGEST_LOG = 32 * 2**20


class CannotRun(Exception):
    """What a person must change before this can run; the message is one line."""


@dataclass(eq=False)
class StartFailed(CannotRun):
    """A program ended, or never got ready, while starting."""

    program: str
    reason: str
    log: Path

    def __str__(self) -> str:
        return f"{self.program} did not start: {self.reason} (log: {self.log})"


def folder_of(package: str) -> Path:
    """Where a package is installed, without importing it: those that carry servers do things when imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


class _Spawner:
    """Forks every child from one thread that lives as long as this process.

    Linux sends the signal of a parent's death when the thread that forked ends, not the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: queue.SimpleQueue[tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]]
        self._calls = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def run(self, call: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="spawner", daemon=True)
                self._thread.start()
        self._calls.put((call, future))
        return future.result()

    def _serve(self) -> None:
        while True:
            call, future = self._calls.get()
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - handed to the thread that asked
                future.set_exception(error)


_SPAWNER = _Spawner()


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run as a child.

    Attributes:
        name: What people call it.
        command: Absolute path of the program, and its arguments.
        log: File that its output is appended to.
        environment: All of its environment; this process's own when None.
        folder: Where it runs; here when None.
        stop_signal: The signal that asks it to end in order.
        user: The user that root becomes to run it; the same user when None.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None


class Child:
    """One running program, in a process group of its own so that Ctrl-C reaches only its owner."""

    def __init__(self, program: Program, *, given: bytes = b"") -> None:
        """Start the program, with `given` on its standard input."""
        self.program = program
        self._buried = False
        program.log.parent.mkdir(parents=True, exist_ok=True)
        if program.log.exists() and program.log.stat().st_size > _LARGEST_LOG:
            program.log.replace(program.log.with_suffix(".log.1"))
        with program.log.open("ab") as log:
            self._process = _SPAWNER.run(lambda: self._fork(log.fileno()))
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(given)
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def _fork(self, log: int) -> subprocess.Popen[bytes]:
        program = self.program
        launch = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(program.stop_signal))]
        return subprocess.Popen(
            [*launch, program.user or "-", *program.command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=program.environment,
            cwd=program.folder,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Process id; that of the program itself."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended (negative: the signal); None while it runs."""
        code = self._process.poll()
        if code is not None:
            self._bury()
        return code

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for its end; None when it still runs after `seconds`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.exit_code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program, if it still runs."""
        self._process.send_signal(number)

    def stop(self, *, patience: float = 10.0, then: Sequence[signal.Signals] = ()) -> None:
        """Ask it to end; after `patience` seconds send each of `then`, and at last kill its whole group."""
        for number in (self.program.stop_signal, *then):
            self.send(number)
            if self.wait(patience) is not None:
                break
        self.kill()

    def kill(self) -> None:
        """End it and what it left in its process group at once, as `kill -9` does."""
        self.strike()
        self._process.wait()
        self._bury()

    def strike(self) -> None:
        """Send its whole group the signal that cannot be refused, without waiting; safe in a signal handler."""
        if not self._buried:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def _bury(self) -> None:
        """End what it left in its group, once: later on the number may belong to a stranger."""
        self.strike()
        self._buried = True

    def said(self, lines: int = 200) -> list[str]:
        """The last lines of its log."""
        with contextlib.suppress(FileNotFoundError):
            return self.program.log.read_text(errors="replace").splitlines()[-lines:]
        return []
