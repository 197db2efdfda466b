"""Calling addresses that somebody else gave: only public ones, and exactly the one that was looked at.

The name is resolved once, what it resolves to is held against the rules, and that is called, so that a name cannot lead
elsewhere between the look and the call. No proxy of the environment is used, and no redirect is followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Final

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

# All of IPv6 that is given out to the public internet: what lies outside is local, of old, or not in use.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")


class AddressInvalid(ValueError):
    """The address is not one that may be called; says why."""


class HostUnknown(OSError):
    """The host of an address could not be found just now."""


def public_addresses(found: Iterable[str], *, allow_private: bool) -> list[str]:
    """Those of addresses that may be called.

    Raises:
        AddressInvalid: one of them is of a network that is nobody else's business; then none is called, for a name
            that leads to both may lead elsewhere the next time.
    """
    addresses = list(dict.fromkeys(found))
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise AddressInvalid("The host leads into a private network.")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, whatever form it is written in."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded is not None:
            return is_public(str(embedded))
        # NAT64 puts an IPv4 address into its last four bytes.
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """The address to call in the name of a host.

    Raises:
        HostUnknown: it has none, or nobody could say.
        AddressInvalid: it leads into a private network.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown("The host of the address is not known.") from None
    return public_addresses((str(entry[4][0]) for entry in found), allow_private=allow_private)[0]


def socket_to(address: str, port: int, *, timeout: float | None) -> socket.socket:
    """A connection to an address that was looked at.

    Raises:
        OSError: there is none; a ``TimeoutError``: within that many seconds.
    """
    connected = socket.create_connection((address, port), timeout)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def secured(connected: socket.socket, host: str) -> ssl.SSLSocket:
    """The same connection by TLS; the host proves its name in the handshake, which is the caller's to begin."""
    return _tls().wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificates that are trusted takes longer than a message.
    return ssl.create_default_context()


class PinnedConnection(http.client.HTTPConnection):
    """A connection to one address, in the name of a host."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._is_tls = is_tls

    def connect(self) -> None:
        """Connect to the address that was looked at, and have the host prove its name."""
        self.sock = socket_to(self._address, self.port, timeout=self.timeout)
        if self._is_tls:
            self.sock = secured(self.sock, self.host)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it, whatever it is waiting for."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
