"""Ports on this machine."""

import contextlib
import secrets
import socket
from dataclasses import dataclass

from feedback_dev.children import CannotRun

LOOPBACK = "127.0.0.1"

# Linux gives outgoing connections ports from 32768 on.
_BELOW_OUTGOING = range(20_000, 32_000)


@dataclass(eq=False)
class PortTaken(CannotRun):
    """Another program listens on the port."""

    port: int
    host: str = LOOPBACK

    def __str__(self) -> str:
        return f"Port {self.port} on {self.host} is taken by another program."


def free_port() -> int:
    """A port that nobody listens on just now, and that no outgoing connection will be given before it is bound.

    Raises:
        CannotRun: none was found.
    """
    for _ in range(100):
        port = _BELOW_OUTGOING.start + secrets.randbelow(len(_BELOW_OUTGOING))
        with contextlib.suppress(PortTaken):
            check_free(port)
            return port
    raise CannotRun("There is no free port.")


def check_free(port: int, host: str = LOOPBACK) -> None:
    """Make sure that a server could listen on the port.

    Raises:
        PortTaken: somebody does already.
        CannotRun: this user may not listen there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CannotRun(f"This user may not listen on port {port}.") from error
        except OSError as error:
            raise PortTaken(port, host) from error
