"""What came over HTTP: the parameters and the files of one call, whatever the body's form."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.emulators.telegram.errors import ApiError, refuse

MAX_BODY = 50 * 1024 * 1024 + 64 * 1024  # "50 MB max size for other files", and the fields


@dataclass
class Upload:
    """A file inside a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass
class Call:
    """One call of a method."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def chat(self) -> int | str | None:
        """Return the chat meant, as far as it can be told before the checks."""
        value = self.params.get("chat_id")
        try:
            return int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return value if isinstance(value, str) else None


async def read_call(request: web.Request, method: str) -> Call:
    """Return the call in the request: query string, urlencoded, JSON or multipart body.

    Making requests: "We support GET and POST ... URL query string,
    application/x-www-form-urlencoded, application/json, multipart/form-data".
    """
    call = Call(method, dict(request.query))
    if request.method == "GET" or not request.can_read_body:
        return call
    kind = request.content_type.lower()
    try:
        if kind == "application/json":
            call.params |= _json_body(await request.read())
        elif kind == "multipart/form-data":
            await _read_parts(request, call)
        elif kind == "application/x-www-form-urlencoded":
            for name, value in (await request.post()).items():
                call.params[name] = value
        # a body of another type is not looked into: its parameters are simply absent
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    # the server treats an empty value as an absent one
    call.params = {name: value for name, value in call.params.items() if value not in ("", None)}
    return call


def _json_body(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        refuse("can't parse request body as JSON object")
    if not isinstance(value, dict):
        refuse("request body must be a JSON Object")
    return value


async def _read_parts(request: web.Request, call: Call) -> None:
    try:
        reader = await request.multipart()
    except ValueError:
        refuse("can't find boundary in the Content-Type of a multipart request")
    size = 0
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            refuse("nested multipart bodies are not supported")
        data = bytes(await part.read(decode=True))
        size += len(data)
        if size > MAX_BODY:
            raise ApiError(413, "Request Entity Too Large")
        name = part.name or ""
        if part.filename is None:
            call.params[name] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            call.files[name] = Upload(part.filename, mime, data)
