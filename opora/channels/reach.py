"""How far an address typed on a page may lead: never into the network the program itself stands in, unless it is let.

Whoever connects a provider or a door writes its address. The program stands beside its database, its telephone exchange
and other people's servers; an address that leads there would make it ask them for somebody who may not. ``INNER_NETS``
(``OPORA_INNER_NETS``) names the inner networks where providers really are: a relay of mail, a tunnel.

The name is looked at before anything is said (``check_host``), the other end of a connection once more (``check_peer``,
``watched``): a name may lead elsewhere the second time.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpx
from django.conf import settings

from opora.channels.errors import GatewayInner

TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 behind a translator: RFC 6052
CONNECTED = "connection.connect_tcp.complete"


def is_open(address: str) -> bool:
    """Tell whether the program may talk to an IP address; a public one always."""
    found = _plain(ip_address(address.partition("%")[0]))
    return found.is_global or any(found in ip_network(net) for net in settings.INNER_NETS)


def check_host(host: str) -> None:
    """Refuse a name or an address that leads inside. Raises GatewayInner; an unknown name is left to who connects."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    if not all(is_open(str(place[0])) for *_, place in found):
        raise GatewayInner


def check_peer(end: socket.socket | None) -> None:
    """Hang up where the other end is inside; None — there is no other end. Raises GatewayInner, OSError."""
    if end is not None and not is_open(str(end.getpeername()[0])):
        end.close()
        raise GatewayInner


def watch(request: httpx.Request) -> None:
    """Hook of ``httpx.Client``: each new connection is looked at before a word is said."""
    request.extensions["trace"] = _connected


async def watch_async(request: httpx.Request) -> None:
    """Hook of ``httpx.AsyncClient``, as ``watch``."""
    request.extensions["trace"] = _connected_async


def _connected(event: str, info: Mapping[str, Any]) -> None:
    if event == CONNECTED and not _leads_out(info):
        info["return_value"].close()
        raise GatewayInner


async def _connected_async(event: str, info: Mapping[str, Any]) -> None:
    if event == CONNECTED and not _leads_out(info):
        await info["return_value"].aclose()
        raise GatewayInner


def _leads_out(info: Mapping[str, Any]) -> bool:
    return is_open(str(info["return_value"].get_extra_info("server_addr")[0]))


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address in the clothes of an IPv6 one is what it is."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
