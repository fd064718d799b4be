"""Parameters of a method against its published signature: names, presence, types."""

import datetime as dt
import json
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.client.default import Default
from aiogram.types import InputFile
from pydantic import BaseModel, ValidationError

from tests.emulators.telegram import official
from tests.emulators.telegram.errors import QUERY_TOO_OLD, refuse
from tests.emulators.telegram.requests import Call

# Accepted by the real server, gone from the published description (platforms.md §1.3).
LEGACY = {"disable_web_page_preview", "reply_to_message_id", "allow_sending_without_reply"}

# The official words for an absent parameter; the others get the general sentence.
_ABSENT = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": QUERY_TOO_OLD,
    "photo": "there is no photo in the request",
    "video": "there is no video in the request",
    "audio": "there is no audio in the request",
    "voice": "there is no voice in the request",
    "video_note": "there is no video note in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
    "user_id": "invalid user_id specified",
    "file_id": "invalid file_id specified",
}
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True)
class Parameter:
    """One parameter as the client library's model of the method describes it."""

    kinds: frozenset[str]
    required: bool


@dataclass(frozen=True)
class Signature:
    """A method as the client library's model describes it."""

    model: type[BaseModel]
    parameters: dict[str, Parameter]


@cache
def signature_of(method: str) -> Signature | None:
    """Return the signature of a method by its wire name, None when there is no such method."""
    model = getattr(aiogram.methods, method[:1].upper() + method[1:], None)
    if model is None or getattr(model, "__api_method__", None) != method:
        return None
    parameters = {
        name: Parameter(frozenset(_kinds(field.annotation)), field.is_required())
        for name, field in model.model_fields.items()
    }
    return Signature(model, parameters)


def _kinds(annotation: Any) -> set[str]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return {kind for part in typing.get_args(annotation) for kind in _kinds(part)}
    if origin is typing.Annotated:
        return _kinds(typing.get_args(annotation)[0])
    if origin in (list, tuple):
        return {"json"}
    if origin is typing.Literal:
        return {"str"}
    if annotation in (type(None), Default):
        return set()
    return {_plain_kind(annotation)}


def _plain_kind(annotation: Any) -> str:
    if annotation is bool:
        return "bool"
    if annotation is float:
        return "float"
    if annotation in (int, dt.datetime, dt.timedelta):
        return "int"
    if isinstance(annotation, type) and issubclass(annotation, InputFile):
        return "file"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "json"
    return "str"


def check_call(call: Call) -> None:
    """Decode the call's parameters in place; refuse unknown, absent and mistyped ones."""
    signature = signature_of(call.method)
    if signature is None:
        return
    published = official.method(call.method)
    for name, value in call.params.items():
        parameter = signature.parameters.get(name)
        if parameter is None and name not in LEGACY and name not in published:
            # The real server is silent about these; a typing error in a bot must not be.
            refuse(f'unknown parameter "{name}" of {call.method}')
        if parameter is not None:
            call.params[name] = _decoded(name, value, parameter.kinds)
    for name, parameter in signature.parameters.items():
        if not parameter.required or name in call.params or name in call.files:
            continue
        if (call.method, name) != ("setWebhook", "url"):  # "Use an empty string to remove"
            refuse(_ABSENT.get(name, f'parameter "{name}" is required'))


def _decoded(name: str, value: Any, kinds: frozenset[str]) -> Any:
    if "json" in kinds and isinstance(value, str):
        if "file" in kinds or "str" in kinds:
            return value
        try:
            return json.loads(value)
        except ValueError:
            title = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
            refuse(f"can't parse {title} JSON object")
    if "bool" in kinds and isinstance(value, str):
        return _boolean(name, value)
    if "int" in kinds and isinstance(value, str):
        return _integer(name, value, kinds)
    if kinds == {"str"} and not isinstance(value, str):
        refuse(f'parameter "{name}" must be of type String')
    return value


def _boolean(name: str, value: str) -> bool:
    if value.strip().lower() not in _TRUE | _FALSE:
        refuse(f'parameter "{name}" must be of type Boolean')
    return value.strip().lower() in _TRUE


def _integer(name: str, value: str, kinds: frozenset[str]) -> int | str:
    try:
        return int(value)
    except ValueError:
        if "str" in kinds:
            return value
    return refuse(f'parameter "{name}" must be of type Integer')


def check_types(call: Call) -> None:
    """Refuse values that do not fit the method's models; runs after the worded checks."""
    signature = signature_of(call.method)
    if signature is None:
        return
    values = {
        name: _without_thumbnails(value)
        for name, value in (call.params | dict.fromkeys(call.files, "attach://file")).items()
        if name in signature.parameters and signature.parameters[name].kinds != {"file"}
    }
    try:
        checked = signature.model.model_validate(values)
    except ValidationError as problems:
        first = problems.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        refuse(f"can't parse parameter {place}: {first['msg']}")
    for name in signature.parameters:
        _check_extra(getattr(checked, name), name)
    official.check_types(call.method, call.params)


def _without_thumbnails(value: Any) -> Any:
    """Return input media without files that the models know only as objects of the library."""
    if not isinstance(value, list):
        return value
    return [
        {name: part for name, part in item.items() if name != "thumbnail"}
        if isinstance(item, dict)
        else item
        for item in value
    ]


def _check_extra(value: Any, place: str) -> None:
    """Refuse fields that the nested object does not have."""
    if isinstance(value, list | tuple):
        for item in value:
            _check_extra(item, place)
    elif isinstance(value, BaseModel) and not isinstance(value, InputFile):
        if value.model_extra:
            extra = ", ".join(sorted(value.model_extra))
            refuse(f'unknown field "{extra}" of {type(value).__name__} in "{place}"')
        for name in value.model_fields_set:
            _check_extra(getattr(value, name), place)
