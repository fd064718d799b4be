"""Whether things stand as the ``expect`` of a test says."""

from __future__ import annotations

import re
from typing import Any

YES_NO = {"true": True, "yes": True, "да": True, "false": False, "no": False, "нет": False}


def as_expected(name: str, wanted: Any, got: Any) -> bool:
    """Whether what ``expect`` names stands as it wants."""
    if name in {"no_lead", "ended"}:
        return got is wanted
    if name in {"tags", "goals"}:
        return sorted(wanted) == sorted(got)
    return _equal(wanted, whole(got) if name == "lead" else got)


def whole(got: Any) -> Any:
    """A lead's fields may stand beside its title as well as under `fields`."""
    is_lead = isinstance(got, dict) and isinstance(got.get("fields"), dict) and "title" in got
    return {**got["fields"], **got} if is_lead else got


def _equal(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(_equal(v, got.get(k)) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and wanted == [str(item) for item in got]
    if isinstance(got, bool):
        return YES_NO.get(wanted.lower()) is got
    if isinstance(got, int | float):
        return re.fullmatch(r"-?\d+([.,]\d+)?", wanted) is not None and float(
            wanted.replace(",", ".")
        ) == float(got)
    return bool(wanted.split() == str("" if got is None else got).split())
