"""``http``: a request to a server that the project allows, and what is kept of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import pausing
from flows.nodes.base import BELOW, Block, Move
from flows.nodes.json_values import Json, json_value, rendered
from flows.nodes.outside import OutsideStep, json_path, save_all, wants
from flows.problems import Mark
from flows.reading import (
    Reading,
    Unread,
    as_scalar,
    key,
    record,
    source_node,
    table_of,
)
from flows.shapes import TEXT, shaped, written_as
from flows.source import Mapping, Node
from flows.texts import WrittenText, written_text

if TYPE_CHECKING:
    from flows.scene import Scene

METHODS = ("get", "post", "put", "patch", "delete")
ADDRESS = re.compile(r"(https?)://([^/?#@{}\s:]+)(?::(\d{1,5}))?([/?#].*)?", re.DOTALL)
HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
VARIABLE = re.compile(r"\$[A-Z_][A-Z0-9_]*")
OURS = frozenset({"host", "content-length", "content-type", "idempotency-key"})
PORTS = {"https": "443", "http": "80"}


@shaped(written_as(r"^https?://[^/?#@{}\s]+", "https://api.example.ru/price?level={{ level }}"))
def address(node: Node, reading: Reading) -> WrittenText:
    """An address whose host is written out, so that the checker can hold it to the project's."""
    scalar = as_scalar(node, reading)
    if not ADDRESS.fullmatch(scalar.text.strip()):
        raise reading.refuse("http-address", scalar.mark, url=scalar.text)
    return written_text(scalar, reading)


@shaped(written_as(f"^{HEADER.pattern}$", "Authorization"))
def header_name(node: Node, reading: Reading) -> str:
    """A header's name that is not ours to set."""
    scalar = as_scalar(node, reading)
    low = scalar.text.lower()
    if HEADER.fullmatch(scalar.text) and low not in OURS and not low.startswith("x-voronka-"):
        return scalar.text
    raise reading.refuse("bad-header", scalar.mark, name=scalar.text)


@shaped(TEXT)
def header(node: Node, reading: Reading) -> WrittenText:
    """A header's value; ``$NAME`` in it is a secret of the environment."""
    written = written_text(node, reading)
    if written.compiled.literal is None and VARIABLE.search(written.source):
        raise reading.refuse("secret-in-template", written.mark)
    return written


@dataclass(frozen=True, kw_only=True)
class HttpCall:
    """What is asked: exactly one method with its address, and what is saved of the answer."""

    mark: Mark
    node: Mapping | None = source_node()
    get: WrittenText | None = key(address, default=None)
    post: WrittenText | None = key(address, default=None)
    put: WrittenText | None = key(address, default=None)
    patch: WrittenText | None = key(address, default=None)
    delete: WrittenText | None = key(address, default=None)
    body: Json | None = key(json_value, default=None)
    headers: dict[str, WrittenText] | None = key(table_of(header, header_name), default=None)
    save: dict[str, str] | None = key(table_of(json_path), default=None)

    @property
    def method(self) -> str:
        """The method."""
        return next(method for method in METHODS if getattr(self, method) is not None)

    @property
    def url(self) -> WrittenText:
        """The address."""
        found: WrittenText = getattr(self, self.method)
        return found

    @property
    def host(self) -> str:
        """The host, with its port when that is not the usual one."""
        parts = ADDRESS.fullmatch(self.url.source.strip())
        assert parts is not None
        usual = parts[3] is None or parts[3] == PORTS[parts[1]]
        return parts[2].lower() if usual else f"{parts[2].lower()}:{parts[3]}"


@shaped(lambda drawing: drawing.record(HttpCall))
def http_call(node: Node, reading: Reading) -> HttpCall:
    """The value under ``http``."""
    made = record(HttpCall, node, reading, mark=node.mark)
    assert isinstance(node, Mapping)
    named = [scalar.text for scalar, _ in node if scalar.text in METHODS]
    if len(named) != 1:
        raise reading.refuse("http-method", node.mark, methods=", ".join(METHODS))
    if getattr(made, named[0]) is None:
        raise Unread(named[0])  # its address has left a problem
    if made.method == "get" and made.body is not None:
        raise reading.refuse("http-body", node.mark)
    return made


@dataclass(frozen=True, kw_only=True)
class Http(OutsideStep):
    """``http: {post: URL, body: {…}, headers: {…}, save: {field: json.path}}``."""

    VERB = "http"

    http: HttpCall = key(http_call)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """What follows when the server did not answer as it should."""
        yield "otherwise", self.otherwise

    def gives(self) -> frozenset[str]:
        """The saved fields."""
        return frozenset(self.http.save or ())

    def enter(self, scene: Scene) -> Move:
        """Ask; secrets stay names until the very moment of the call."""
        call = self.http
        url = call.url.compiled.url(scene.context(), scene.frame)
        headers = {name: _one_line(scene.plain(text)) for name, text in _plain(call).items()}
        body: dict[str, Any] = {"method": call.method, "url": url, "headers": headers}
        body["secrets"] = {name: text.source for name, text in _secret(call).items()}
        if call.body is not None:
            body["body"] = rendered(scene, call.body)
        body["wants"] = wants(scene, call.save or {})
        return pausing.request(scene, self.VERB, body)

    def took(self, scene: Scene, result: dict[str, Any]) -> Move:
        """Below with the fields filled; an answer that lacks one of them is a failure."""
        lacking = save_all(scene, self.http.save or {}, result.get("answer"))
        return BELOW if lacking is None else self.failed(scene, f"the answer has no {lacking}")


def _plain(call: HttpCall) -> dict[str, WrittenText]:
    return {name: text for name, text in (call.headers or {}).items() if not _is_secret(text)}


def _secret(call: HttpCall) -> dict[str, WrittenText]:
    return {name: text for name, text in (call.headers or {}).items() if _is_secret(text)}


def _is_secret(text: WrittenText) -> bool:
    return VARIABLE.search(text.source) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())
