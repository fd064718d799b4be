"""Which servers outside a project lets its funnels ask, and what its requests are signed with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.problems import Mark
from flows.reading import Reading, as_scalar, key, list_of, source_node
from flows.shapes import TEXT, shaped, written_as
from flows.source import Mapping, Node

PORTS = {"https": 443, "http": 80}
HOST = re.compile(r"(\*\.)?[A-Za-z0-9_.-]{1,253}(:[0-9]{1,5})?")


@shaped(written_as(f"^{HOST.pattern}$", "api.example.ru", "*.example.ru", "crm.local:8443"))
def host(node: Node, reading: Reading) -> str:
    """A host, maybe with a port; ``*.`` stands for whatever is before."""
    scalar = as_scalar(node, reading)
    if HOST.fullmatch(scalar.text):
        return scalar.text.lower()
    raise reading.refuse("bad-host", scalar.mark, host=scalar.text)


@shaped(TEXT)
def secret(node: Node, reading: Reading) -> str:
    """``$NAME`` of the environment."""
    return as_scalar(node, reading).text.strip()


@dataclass(frozen=True, kw_only=True)
class HttpRules:
    """``http`` of ``voronka.yaml``; hosts without a port are meant with the usual one.

    ``private`` hosts stand in the project's own network: they alone may have private addresses.
    """

    mark: Mark
    node: Mapping | None = source_node()
    allow: tuple[str, ...] = key(list_of(host), default=())
    private: tuple[str, ...] = key(list_of(host), default=())
    secret: str = key(secret, default="")

    def allows(self, asked: str) -> bool:
        """Whether the host (with its port when that is not the usual one) may be asked."""
        return _fits(asked, (*self.allow, *self.private))

    def is_private(self, asked: str) -> bool:
        """Whether it stands in the project's own network."""
        return _fits(asked, self.private)


@dataclass(frozen=True, kw_only=True)
class EventRules:
    """``events`` of ``voronka.yaml``: what events from outside are signed with."""

    mark: Mark
    node: Mapping | None = source_node()
    secret: str = key(secret, default="")


def _fits(asked: str, allowed: Iterable[str]) -> bool:
    low = asked.lower()
    name, _, port = low.partition(":")
    for each in allowed:
        wanted, _, wanted_port = each.partition(":")
        if port != wanted_port:
            continue
        if name == wanted or (wanted.startswith("*.") and name.endswith(wanted[1:])):
            return True
    return False


def host_of(url: str) -> str:
    """The host of an address, with its port when that is not the usual one; "" when it is none."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not name or parts.username is not None:
        return ""
    return name if port in (None, PORTS[parts.scheme]) else f"{name}:{port}"
