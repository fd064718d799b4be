"""The syntax of texts and conditions: Jinja's lexer and parser, fenced, with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import Lexer
from jinja2.parser import Parser

from flows.expression_messages import ExpressionProblem, ExpressionRefused
from flows.expression_tokens import Token, token_problems

MAX_SOURCE = 8_000
MAX_CONDITION = 2_000

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WORD = re.compile(r"\w+|\S")
_FOREIGN = {
    "&": "and",
    "!": "not",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
}


def parse_text(source: str) -> list[nodes.Node]:
    """The pieces of a text as Jinja's nodes, ``lineno`` being an offset in the source."""
    _check_source(source, MAX_SOURCE)
    return _parsed(source, None).body


def parse_condition(source: str) -> nodes.Node:
    """The condition as one of Jinja's nodes, ``lineno`` being an offset in the source."""
    _check_source(source, MAX_CONDITION)
    if not source.strip():
        _refuse("condition-empty", 0)
    return _parsed(source, "variable").body[0]


class _OffsetLexer(Lexer):
    """Jinja's lexer whose tokens carry the character's offset instead of the line."""

    def tokeniter(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> Iterator[Token]:
        """The tokens of a source that has no forbidden one; else :class:`ExpressionRefused`."""
        tokens: list[Token] = []
        position, failure = 0, None
        try:
            for _, kind, text in super().tokeniter(source, name, filename, state):
                offset = source.index(text, position)
                tokens.append((offset, kind, text))
                position = offset + len(text)
        except TemplateSyntaxError as error:
            failure = _lexer_problem(error.message or "", source, position)
        problems = token_problems(tokens, condition=state is not None, broken=failure is not None)
        if problems or failure:
            raise ExpressionRefused(problems or [failure] if failure else problems)
        yield from tokens


class _Syntax(Environment):
    """An environment of which only the lexer and the parser are ever used."""

    offset_lexer: Lexer | None = None

    @property
    def lexer(self) -> Lexer:
        """The lexer with offsets."""
        if self.offset_lexer is None:
            self.offset_lexer = _OffsetLexer(self)
        return self.offset_lexer


_SYNTAX = _Syntax(keep_trailing_newline=True, autoescape=True)


def _parsed(source: str, state: str | None) -> nodes.Template:
    try:
        parser = Parser(_SYNTAX, source, state=state)
        if state is None:
            return parser.parse()
        expression = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail("chunk after expression")
        return nodes.Template([expression], lineno=0)
    except TemplateSyntaxError as error:
        raise ExpressionRefused([_parser_problem(error, source)]) from None
    except RecursionError:
        raise ExpressionRefused([ExpressionProblem("too-deep", 0)]) from None


def _check_source(source: str, limit: int) -> None:
    if len(source) > limit:
        _refuse("too-long", limit, length=len(source), limit=limit)
    unfit = _UNFIT.search(source)
    if unfit:
        _refuse("bad-character", unfit.start(), character=f"U+{ord(unfit[0]):04X}")


def _refuse(code: str, offset: int, **params: object) -> NoReturn:
    raise ExpressionRefused([ExpressionProblem(code, offset, params)])


def _lexer_problem(message: str, source: str, position: int) -> ExpressionProblem:
    sign = source[position : position + 1]
    if not message.startswith("unexpected char"):
        if sign == "}" and "expected '" not in message.partition(",")[2]:
            return ExpressionProblem("substitution-unclosed", position)
        bracket = {"')'": "(", "']'": "["}.get(message[-3:], sign) if sign == "}" else sign
        return ExpressionProblem("bracket-unexpected", position, {"bracket": bracket})
    if sign in "\"'":
        return ExpressionProblem("quote-unclosed", position)
    if sign in _FOREIGN:
        params = {"found": sign, "instead": _FOREIGN[sign]}
        return ExpressionProblem("foreign-operator", position, params)
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    return ExpressionProblem("bad-character", position, {"character": shown})


def _parser_problem(error: TemplateSyntaxError, source: str) -> ExpressionProblem:
    message = error.message or ""
    if "end of template" in message:
        return ExpressionProblem("expression-unfinished", len(source))
    if "'end of " in message.rpartition("got ")[2] or "unexpected 'end of" in message:
        return ExpressionProblem("expression-unfinished", error.lineno)
    found = _WORD.match(source, error.lineno)
    word = found[0] if found else source[error.lineno : error.lineno + 1]
    if word == ",":
        return ExpressionProblem("comma-forbidden", error.lineno)
    return ExpressionProblem("expression-syntax", error.lineno, {"found": word})
