"""What a project's ``actions.py`` is written with: actions, types of answers, filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from flows import extending
from flows.answers.answer import ValueType
from flows.extending import Call

F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["Call", "action", "answer_type", "filter"]


@overload
def action(function: F) -> F: ...
@overload
def action(*, name: str) -> Callable[[F], F]: ...
def action(function: Any = None, *, name: str = "") -> Any:
    """Let ``do: NAME`` call the function, plain or async; its parameter ``call`` gets the call."""
    return _registered(function, lambda each: extending.add_action(each, name))


@overload
def answer_type(function: F) -> F: ...
@overload
def answer_type(
    *,
    name: str = ...,
    hint: tuple[str, str] = ...,
    personal: bool = ...,
    value: ValueType = ...,
) -> Callable[[F], F]: ...
def answer_type(
    function: Any = None,
    *,
    name: str = "",
    hint: tuple[str, str] = ("", ""),
    personal: bool = False,
    value: ValueType = "text",
) -> Any:
    """Let ``answer: NAME`` read a typed text by the function, which gives None for what does not fit.

    ``hint`` is told then, in Russian and English; ``value`` is the kind of what the function gives.
    """

    def add(each: Callable[..., Any]) -> None:
        extending.add_answer(each, name, hint=hint, personal=personal, value=value)

    return _registered(function, add)


@overload
def filter(function: F) -> F: ...  # noqa: A001
@overload
def filter(*, name: str) -> Callable[[F], F]: ...  # noqa: A001
def filter(function: Any = None, *, name: str = "") -> Any:  # noqa: A001  # it is called so in texts
    """Let ``{{ value | NAME(…) }}`` show what the function makes of the value."""
    return _registered(function, lambda each: extending.add_filter(each, name))


def _registered(function: Any, add: Callable[[Callable[..., Any]], None]) -> Any:
    def register(each: F) -> F:
        add(each)
        return each

    return register if function is None else register(function)
