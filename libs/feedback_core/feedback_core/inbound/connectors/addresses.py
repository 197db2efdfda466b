"""The address of what is to be fetched: a template whose host is fixed, filled so that no parameter can change it."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from feedback_core.kit.pinned_http import AddressInvalid

_PARAMETER: Final = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9.-]{1,253}|[0-9a-f:.]{2,45}", re.IGNORECASE)
_UNSAFE: Final = frozenset({".", ".."})


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
