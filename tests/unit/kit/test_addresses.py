"""Which addresses may be called: those of the public internet, in whatever form an address is written."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback_core.kit.pinned_http import AddressInvalid, HostUnknown, is_public, public_addresses, resolve

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fec0::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "100::1",
        "2002:7f00:1::", "2001:db8::1", "198.18.0.1", "192.0.0.1", "not-an-address", "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_private_addresses_are_never_called(address: str) -> None:
    with pytest.raises(AddressInvalid):
        public_addresses([PUBLIC, address], allow_private=False)


def test_public_addresses_are() -> None:
    found = [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", PUBLIC]
    assert public_addresses(found, allow_private=False) == found[:2]


@given(st.ip_addresses(v=4))
@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("10.0.0.1"))
@example(IPv4Address(PUBLIC))
def test_an_address_within_an_address_is_as_public_as_it_is_by_itself(inner: IPv4Address) -> None:
    n, public = int(inner), is_public(str(inner))
    mapped, translated, tunnelled = 0xFFFF << 32 | n, 0x64FF9B << 96 | n, 0x2002 << 112 | n << 80

    assert [is_public(str(IPv6Address(outer))) for outer in (mapped, translated, tunnelled)] == [public] * 3


@given(st.ip_addresses(v=6))
def test_nothing_outside_of_what_is_given_out_is_called_but_an_address_within_it(address: IPv6Address) -> None:
    if is_public(str(address)):
        within = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96")
        assert any(address in network for network in within)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "[::1]", "127.1"])
def test_no_spelling_of_this_machine_leads_there(host: str) -> None:
    with pytest.raises((AddressInvalid, HostUnknown)):
        resolve(host, 443, allow_private=False)


def test_a_name_that_leads_to_both_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in (PUBLIC, "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(AddressInvalid):
        resolve("both.example.com", 443, allow_private=False)
