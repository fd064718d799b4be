"""Which words and signs a text or condition may hold, told before anything is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from flows.expression_messages import ExpressionProblem
from flows.values import MAX_NUMBER

Token = tuple[int, str, str]
"""The offset, Jinja's kind and the text of a token."""

MAX_TOKENS = 400
MAX_BRACKETS = 12
MAX_NESTED_TAGS = 10

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = "nt\"'\\"
_CONSTANTS = {"True", "False", "None"}
_WORDS = {"и": "and", "или": "or", "не": "not", "если": "if", "иначе": "else", "AND": "and"} | {
    "OR": "or",
    "NOT": "not",
    "IN": "in",
    "в": "in",
}
_ELSE_IF = {"found": "else if", "instead": "elif"}
_SIGNS = {"+", "-", "*", "/", "(", ")", "[", "]", ",", "|", "==", "!=", "<", "<=", ">", ">="}
_SIGN_CODES = {"=": "assignment", ".": "dot-forbidden", "{": "braces-inside", "}": "braces-inside"}
_OPENS = {"variable_begin", "block_begin"}
_CLOSES = {"variable_end", "block_end"}
_ALONE = {"comment_begin", "raw_begin"}


def token_problems(
    tokens: list[Token], *, condition: bool, broken: bool
) -> list[ExpressionProblem]:
    """The forbidden tokens, at most one for each pair of braces, and tags out of place.

    ``broken``: the lexer could not read on after the last token.
    """
    if condition:
        return _condition_problems(tokens)
    problems: list[ExpressionProblem] = []
    tags = _Tags()
    for braces in _in_braces(tokens):
        inside = [token for token in braces[1:] if token[1] not in _CLOSES]
        found = _braces_problem(braces[0], inside, tags) if inside else _empty(braces)
        closed = braces[-1][1] in (*_CLOSES, *_ALONE)
        if not closed and (found is None or not inside):
            found = None if broken else ExpressionProblem("substitution-unclosed", braces[0][0])
        problems += [found] if found else []
    return problems if problems or broken else tags.unclosed()


def _condition_problems(tokens: list[Token]) -> list[ExpressionProblem]:
    inside = [token for token in tokens if token[1] != "whitespace"]
    signs = [text for _, _, text in inside]
    for at, (offset, kind, _) in enumerate(inside):
        if kind in _CLOSES or signs[at : at + 2] == ["{", "{"]:
            return [ExpressionProblem("condition-braces", offset)]
    found = _expression_problem(inside)
    return [found] if found else []


def _in_braces(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of each pair of braces; a comment or a raw block's beginning stands alone."""
    braces: list[Token] = []
    for token in tokens:
        if token[1] in _OPENS or token[1] in _ALONE:
            braces = [token]
        elif braces and token[1] != "whitespace":
            braces.append(token)
        if braces and (token[1] in _CLOSES or token[1] in _ALONE):
            yield braces
            braces = []
    if braces:
        yield braces


def _empty(braces: list[Token]) -> ExpressionProblem:
    offset, kind, _ = braces[0]
    if kind == "raw_begin":
        return ExpressionProblem("tag-forbidden", offset, {"tag": "raw"})
    codes = {"comment_begin": "comment-forbidden", "block_begin": "tag-empty"}
    return ExpressionProblem(codes.get(kind, "substitution-empty"), offset)


def _braces_problem(begin: Token, inside: list[Token], tags: _Tags) -> ExpressionProblem | None:
    if begin[1] == "variable_begin":
        return _expression_problem(inside)
    tag, *rest = inside
    if tag[2] == "else" and rest and rest[0][2] == "if":
        return ExpressionProblem("foreign-operator", tag[0], _ELSE_IF)
    return tags.enter(tag) or _expression_problem(rest) or _bare_choice(rest)


@dataclass(slots=True)
class _Tags:
    """The ``if`` tags that are open, each with its offset and whether its ``else`` has come."""

    open: list[list[Any]] = field(default_factory=list)

    def enter(self, token: Token) -> ExpressionProblem | None:
        """What is wrong with a tag of this name here."""
        offset, _, tag = token
        if tag not in ("if", "elif", "else", "endif"):
            return ExpressionProblem("tag-forbidden", offset, {"tag": tag})
        if tag == "if":
            self.open.append([offset, False])
            deep = len(self.open) > MAX_NESTED_TAGS
            return ExpressionProblem("too-deep", offset) if deep else None
        if not self.open or (tag != "endif" and self.open[-1][1]):
            return ExpressionProblem("tag-unexpected", offset, {"tag": tag})
        if tag == "endif":
            self.open.pop()
        elif tag == "else":
            self.open[-1][1] = True
        return None

    def unclosed(self) -> list[ExpressionProblem]:
        """The tags without an end."""
        return [ExpressionProblem("tag-unclosed", offset) for offset, _ in self.open]


def _expression_problem(tokens: list[Token]) -> ExpressionProblem | None:
    brackets = 0
    before = ""
    for count, (offset, kind, text) in enumerate(tokens):
        brackets += (text in ("(", "[")) - (text in (")", "]")) if kind == "operator" else 0
        if brackets > MAX_BRACKETS or count > MAX_TOKENS:
            return ExpressionProblem("too-deep", offset)
        if kind == before == "string":
            return ExpressionProblem("texts-adjacent", offset)
        found = _CHECKS[kind](offset, text) if kind in _CHECKS else None
        if found:
            return found
        before = kind
    return _double_bar(tokens)


def _double_bar(tokens: list[Token]) -> ExpressionProblem | None:
    for left, right in pairwise(tokens):
        if left[2] == right[2] == "|" and left[0] + 1 == right[0]:
            return ExpressionProblem("foreign-operator", left[0], {"found": "||", "instead": "or"})
    return None


def _bare_choice(tokens: list[Token]) -> ExpressionProblem | None:
    brackets = 0
    for offset, kind, text in tokens:
        brackets += (text in ("(", "[")) - (text in (")", "]")) if kind == "operator" else 0
        if not brackets and kind == "name" and text == "if":
            return ExpressionProblem("inline-if-needs-brackets", offset)
    return None


def _check_name(offset: int, name: str) -> ExpressionProblem | None:
    if name == "is":
        return ExpressionProblem("test-forbidden", offset)
    if name in _WORDS:
        params = {"found": name, "instead": _WORDS[name]}
        return ExpressionProblem("foreign-operator", offset, params)
    if name in _CONSTANTS or _NAME.fullmatch(name):
        return None
    return ExpressionProblem("name-form", offset, {"name": name})


def _check_number(offset: int, number: str) -> ExpressionProblem | None:
    if not _NUMBER.fullmatch(number):
        return ExpressionProblem("number-form", offset, {"number": number[:20]})
    whole = number.partition(".")[0].lstrip("0")
    big = len(whole) > len(str(MAX_NUMBER)) or int(whole or "0") > MAX_NUMBER
    return ExpressionProblem("number-too-big", offset) if big else None


def _check_string(offset: int, text: str) -> ExpressionProblem | None:
    for escape in _ESCAPE.finditer(text):
        if escape[1] not in _ESCAPES:
            params = {"escape": escape[0]}
            return ExpressionProblem("text-escape", offset + escape.start(), params)
    return None


def _check_operator(offset: int, sign: str) -> ExpressionProblem | None:
    if sign in _SIGNS:
        return None
    code = _SIGN_CODES.get(sign, "operator-forbidden")
    return ExpressionProblem(code, offset, {"operator": sign})


_CHECKS = {
    "name": _check_name,
    "integer": _check_number,
    "float": _check_number,
    "string": _check_string,
    "operator": _check_operator,
}
