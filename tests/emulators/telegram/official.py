"""The machine-readable Bot API description, when the reference folder is at hand."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from tests.emulators.telegram.errors import refuse

_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "InputFile": (str,),
}


def folder() -> Path:
    """Return where the reference descriptions are expected."""
    named = os.environ.get("VORONKA_SPECS")
    if named:
        return Path(named)
    return Path(__file__).resolve().parents[3].parent / "shared" / "specs"


@cache
def _spec() -> dict[str, Any]:
    path = folder() / "telegram" / "api-10.1.json"
    if not path.is_file():
        return {"methods": {}, "types": {}}
    return dict(json.loads(path.read_text(encoding="utf-8")))


def available() -> bool:
    """Tell whether the description is there; without it only the client's models judge."""
    return bool(_spec()["methods"])


@cache
def method(name: str) -> dict[str, dict[str, Any]]:
    """Return the published parameters of a method by name."""
    fields = _spec()["methods"].get(name, {}).get("fields", [])
    return {field["name"]: field for field in fields}


@cache
def _type(name: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    entry = _spec()["types"].get(name, {})
    return {field["name"]: field for field in entry.get("fields", [])}, entry.get("subtypes", [])


def check_types(name: str, params: dict[str, Any]) -> None:
    """Refuse a value none of whose published types fits."""
    published = method(name)
    for parameter, value in params.items():
        field = published.get(parameter)
        if field is not None and not any(_fits(value, kind) for kind in field["types"]):
            refuse(f'parameter "{parameter}" must be of type {" or ".join(field["types"])}')


def _fits(value: Any, kind: str) -> bool:
    if kind in _PLAIN:
        if isinstance(value, bool):
            return bool in _PLAIN[kind]
        return isinstance(value, _PLAIN[kind])
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return isinstance(value, list) and all(_fits(item, inner) for item in value)
    fields, subtypes = _type(kind)
    if subtypes:
        return any(_fits(value, subtype) for subtype in subtypes)
    if not isinstance(value, dict):
        # KeyboardButton: "String can be used instead of this object"
        return kind == "KeyboardButton" and isinstance(value, str)
    if any(field["required"] and name not in value for name, field in fields.items()):
        return False
    return all(
        any(_fits(value[name], inner) for inner in field["types"])
        for name, field in fields.items()
        if value.get(name) is not None
    )
