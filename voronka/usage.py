"""What was wrong with the words of a command: the command line's own refusals, told as mistakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from voronka.speech import Mistake

_USAGE = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")
_COMMAND = re.compile(r"No such command '(.+?)'")
_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")
_CHOICE = re.compile(r"'(.*?)' is not one of (.*)\.")


def as_usage(error: Exception) -> Mistake | None:
    """The mistake in a command's words, with where to look; None for anything else."""
    if not isinstance(error, _USAGE) or type(error).__name__ == "NoArgsIsHelpError":
        return None
    ru, en = _told(error)
    ctx = getattr(error, "ctx", None)
    where = f"{ctx.command_path} --help" if ctx is not None else "voronka --help"
    return Mistake(f"{ru}: смотрите «{where}».", f"{en}: see `{where}`.")


def asked_language(words: Sequence[str]) -> str:
    """What ``--language`` says among words that could not be read."""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--language":
            return following
        if word.startswith("--language="):
            return word.partition("=")[2]
    return ""


def _told(error: Any) -> tuple[str, str]:
    match type(error).__name__:
        case "NoSuchOption":
            name = error.option_name
            told = f"Нет такого параметра {name}", f"There is no option {name}"
        case "MissingParameter":
            name = _name(error.param)
            told = f"Не хватает {name}", f"{name} is missing"
        case "BadOptionUsage":
            name = error.option_name
            told = f"Параметру {name} нужно значение", f"The option {name} needs a value"
        case "BadParameter":
            told = _bad_value(error)
        case _:
            told = _wrong_words(error.message)
    return told


def _wrong_words(message: str) -> tuple[str, str]:
    if found := _COMMAND.search(message):
        return f"Нет команды {found[1]}", f"There is no command {found[1]}"
    if found := _EXTRA.search(message):
        return f"Лишнее слово {found[1]}", f"A word too many, {found[1]}"
    return "Команда написана неверно", "The command is written wrongly"


def _bad_value(error: Any) -> tuple[str, str]:
    name = _name(error.param)
    if found := _CHOICE.search(error.message):
        listed = found[2].replace("'", "")
        ru, en = f"«{found[1]}» не годится для {name}", f"“{found[1]}” does not fit {name}"
        return f"{ru}, можно {listed}", f"{en}, take {listed}"
    low, high = getattr(error.param, "min", None), getattr(error.param, "max", None)
    if low is not None and high is not None:
        return (
            f"Для {name} нужно целое от {low} до {high}",
            f"{name} needs a whole number from {low} to {high}",
        )
    return f"Значение не годится для {name}", f"The value does not fit {name}"


def _name(param: Any) -> str:
    if param is None:
        return "?"
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name.upper())
