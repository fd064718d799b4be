"""Which addresses a call may connect to: looked at when it connects, after names are resolved."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver

METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
"""Where clouds tell machines their secrets, beside the link-local one."""
OURS = tuple(
    ip_network(each)
    for each in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
        "::1/128", "fc00::/7",
    )
)  # fmt: skip
"""The networks of one's own: this machine, offices, clouds' insides."""
NAT64 = ip_network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


class AddressRefused(OSError):
    """The server's address is not one that may be asked."""


def is_public(written: str) -> bool:
    """Whether everybody on the internet can reach the address."""
    return all(_is_public(each) for each in _meant(written))


def is_ours(written: str) -> bool:
    """Whether the address may stand in the project's own network."""
    return all(_is_public(each) or _is_ours(each) for each in _meant(written))


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_ours(address: Address) -> bool:
    return address not in METADATA and any(address in network for network in OURS)


def _meant(written: str) -> list[Address]:
    """The address, and those that it carries inside (mapped, 6to4, Teredo, NAT64)."""
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        raise AddressRefused("this is no address") from None
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    inside: list[Address] = [address]
    if address.sixtofour is not None:
        inside.append(address.sixtofour)
    if address.teredo is not None:
        inside.extend(address.teredo)
    return inside


def guarded(*, private: bool, resolver: AbstractResolver | None = None) -> TCPConnector:
    """A connector that opens no socket to an address that may not be asked.

    The look is at the very address of the socket: a name that is resolved to another one the next
    moment changes nothing.
    """
    may = is_ours if private else is_public

    def open_socket(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may(str(address[0])):
            raise AddressRefused("the server has a private address")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return TCPConnector(
        resolver=resolver, socket_factory=open_socket, use_dns_cache=False, limit=0
    )
