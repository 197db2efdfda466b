"""What one data folder keeps to itself: secrets of the service, the key of the demo organisation, and a lock."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from feedback_dev.children import CannotRun


@dataclass(frozen=True, slots=True)
class Secrets:
    """What both processes need to encrypt identities and to hash external ids."""

    secret_keys: str
    pepper: str

    def environment(self) -> dict[str, str]:
        """As the variables that the processes read."""
        return {"FEEDBACK_SECRET_KEYS": self.secret_keys, "FEEDBACK_PEPPER": self.pepper}


def write_secret(file: Path, value: str) -> None:
    """Put a secret into a file that only this user can read, whole or not at all."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(value)
    fresh.replace(file)


def secrets_in(file: Path) -> Secrets:
    """The secrets that the file keeps, made on first use: without the same ones, what was encrypted stays unreadable.

    Raises:
        CannotRun: the file is there and is not what was written.
    """
    if not file.exists():
        made = Secrets(Fernet.generate_key().decode(), secrets.token_hex(32))
        write_secret(file, "".join(f"{name}={value}\n" for name, value in made.environment().items()))
    kept = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    try:
        return Secrets(kept["FEEDBACK_SECRET_KEYS"], kept["FEEDBACK_PEPPER"])
    except KeyError as missing:
        raise CannotRun(f"{file} lacks {missing.args[0]}.") from missing


@contextlib.contextmanager
def only_user_of(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it however the process ends.

    Raises:
        CannotRun: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(f"{folder} is in use by process {lock.read().strip() or 'unknown'}.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
