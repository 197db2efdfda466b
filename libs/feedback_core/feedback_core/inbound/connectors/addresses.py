"""The address of what is to be fetched: a template whose host is fixed, filled so that no parameter can change it."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

_PARAMETER: Final = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9.-]{1,253}|[0-9a-f:.]{2,45}", re.IGNORECASE)
_UNSAFE: Final = frozenset({".", ".."})


class AddressInvalid(ValueError):
    """The address is not one that may be called; says why."""


def parameters_of(template: str) -> frozenset[str]:
    """The parameters in braces."""
    return frozenset(_PARAMETER.findall(template))


def check_template(template: str, *, allow_http: bool) -> None:
    """Hold an address to what may be called.

    Raises:
        AddressInvalid: it may not be.
    """
    if not _VISIBLE.fullmatch(template):
        raise AddressInvalid("Give printable ASCII characters without spaces.")
    bare = _PARAMETER.sub("", template)
    if "{" in bare or "}" in bare:
        raise AddressInvalid("Braces stand around parameters only: {response_id}.")
    try:
        parts = urlsplit(template)
        port = parts.port
    except ValueError:
        raise AddressInvalid("Give an address, as https://api.example.com/responses/{id}.") from None
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        raise AddressInvalid("Give an address that begins with https://.")
    if parts.username is not None or parts.password is not None:
        raise AddressInvalid("Give the token as such, not in the address.")
    if parts.fragment:
        raise AddressInvalid("Leave out what follows #.")
    if port == 0 or parts.hostname is None or not _HOST.fullmatch(parts.hostname):
        raise AddressInvalid("Give a host without parameters.")


def fill(template: str, parameters: Mapping[str, str]) -> str:
    """The address with its parameters, each one step or value, whatever it holds.

    Raises:
        AddressInvalid: a parameter is missing, or would leave its place.
    """

    def value(found: re.Match[str]) -> str:
        given = parameters.get(found.group(1))
        if given is None or given in _UNSAFE:
            raise AddressInvalid(f"The parameter {found.group(1)} cannot be part of an address.")
        return quote(given, safe="")

    return _PARAMETER.sub(value, template)


def public_addresses(found: Iterable[str], *, allow_private: bool) -> list[str]:
    """Those of addresses that may be called.

    Raises:
        AddressInvalid: one of them is of a network that is nobody else's business; then none is called, for a name
            that leads to both may lead elsewhere the next time.
    """
    addresses = list(dict.fromkeys(found))
    if not allow_private:
        for address in addresses:
            if not _is_public(address):
                raise AddressInvalid("The host leads into a private network.")
    return addresses


def _is_public(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded is not None:
            return _is_public(str(embedded))
        # NAT64 puts an IPv4 address into its last four bytes.
        if ip in _NAT64:
            return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
