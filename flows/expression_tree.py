"""A light tree of a text or a condition, made of the parser's nodes that are allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from jinja2 import nodes

from flows.expression_messages import ExpressionProblem, ExpressionRefused
from flows.filters import FILTERS, Filter, argument_fits, closest_filter
from flows.values import Value, calculate

MAX_DEPTH = 60

_COMPARISONS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}
_RESERVED = {"and", "or", "not", "in", "if", "elif", "else", "endif"}
_ORDERINGS = {"<", "<=", ">", ">="}
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Getattr: "dot-forbidden",
    nodes.Getitem: "subscript-forbidden",
    nodes.Call: "call-forbidden",
    nodes.Tuple: "comma-forbidden",
}
_USAGE = {
    "default": 'default("…")',
    "prefix": 'prefix(", ")',
    "suffix": 'suffix("!")',
    "round": "round, round(2)",
    "plural": 'plural("день", "дня", "дней")',
    "date": 'date("d MMMM")',
    "gender": 'gender("рад", "рада", "рады")',
    "join": 'join(", ")',
}


class Tree(NamedTuple):
    """A part of an expression or of a text.

    ========== ===================== ===============================================
    kind       value                 parts
    ========== ===================== ===============================================
    const      the constant          none
    list       none                  constants
    name       the name              none
    not, neg   none                  the operand
    and, or    none                  left, right
    compare    == != < <= > >= in,   left, right
               not in
    arithmetic + - * /               left, right
    choice     none                  condition, value if true, value if false
    filter     the filter            the value, then the arguments
    words      the author's words    none
    print      none                  an expression
    choose     none                  condition, body, condition, body, …, last body
    body       none                  words, print and choose in order
    ========== ===================== ===============================================
    """

    kind: str
    offset: int
    value: Value = None
    parts: Trees = ()


Trees: TypeAlias = tuple[Tree, ...]


def expression_tree(node: nodes.Node) -> Tree:
    """The tree of an expression; :class:`ExpressionRefused` with all that is not allowed."""
    return _all_allowed(lambda reader: reader.expression(node, 0))


def text_tree(body: list[nodes.Node]) -> Tree:
    """The ``body`` tree of a text; :class:`ExpressionRefused` with all that is not allowed."""
    return _all_allowed(lambda reader: reader.body(body, 0))


def _all_allowed(read: Callable[[_Reader], Tree]) -> Tree:
    reader = _Reader()
    try:
        tree = read(reader)
    except RecursionError:
        raise ExpressionRefused([ExpressionProblem("too-deep", 0)]) from None
    if reader.problems:
        raise ExpressionRefused(reader.problems)
    return tree


class _Reader:
    """Walks the nodes once; what is not on the list is a problem."""

    def __init__(self) -> None:
        self.problems: list[ExpressionProblem] = []

    def body(self, body: list[nodes.Node], offset: int) -> Tree:
        parts: list[Tree] = []
        for node in body:
            if isinstance(node, nodes.If):
                parts.append(self._choose(node))
            elif isinstance(node, nodes.Output):
                parts.extend(map(self._piece, node.nodes))
            else:
                parts.append(self._refuse("tag-forbidden", node.lineno, tag="?"))
        return Tree("body", parts[0].offset if parts else offset, None, tuple(parts))

    def expression(self, node: nodes.Node, depth: int) -> Tree:
        kind = type(node)
        if depth > MAX_DEPTH:
            return self._refuse("too-deep", node.lineno)
        if kind in _FORBIDDEN:
            return self._refuse(_FORBIDDEN[kind], _start(node))
        read = _READERS.get(kind)
        if read is None:
            return self._refuse("operator-forbidden", node.lineno, operator=kind.__name__)
        return read(self, node, depth + 1)

    def _refuse(self, code: str, offset: int, **params: object) -> Tree:
        if code != "too-deep" or not self.problems:
            self.problems.append(ExpressionProblem(code, offset, params))
        return Tree("const", offset)

    def _piece(self, node: nodes.Expr) -> Tree:
        if isinstance(node, nodes.TemplateData):
            return Tree("words", node.lineno, node.data)
        tree = self.expression(node, 0)
        return Tree("print", tree.offset, None, (tree,))

    def _choose(self, node: nodes.If) -> Tree:
        parts: list[Tree] = []
        for branch in (node, *node.elif_):
            test = self.expression(branch.test, 0)
            parts += [test, self.body(branch.body, test.offset)]
        parts.append(self.body(node.else_, node.lineno))
        return Tree("choose", node.lineno, None, tuple(parts))

    def const_(self, node: nodes.Const, _depth: int) -> Tree:
        return Tree("const", node.lineno, node.value)

    def name_(self, node: nodes.Name, _depth: int) -> Tree:
        if node.name in _RESERVED:
            return self._refuse("expression-syntax", node.lineno, found=node.name)
        return Tree("name", node.lineno, node.name)

    def list_(self, node: nodes.List, depth: int) -> Tree:
        items = [self.expression(item, depth) for item in node.items]
        for item in items:
            if item.kind != "const":
                self._refuse("list-items", item.offset)
        return Tree("list", node.lineno, None, tuple(items))

    def not_(self, node: nodes.Not, depth: int) -> Tree:
        return Tree("not", node.lineno, None, (self.expression(node.node, depth),))

    def neg_(self, node: nodes.Neg, depth: int) -> Tree:
        operand = self._number(node.node, depth)
        if operand.kind == "const":
            return Tree("const", node.lineno, calculate("-", 0, operand.value))
        return Tree("neg", node.lineno, None, (operand,))

    def both_(self, node: nodes.And | nodes.Or, depth: int) -> Tree:
        parts = (self.expression(node.left, depth), self.expression(node.right, depth))
        return Tree(type(node).__name__.lower(), parts[0].offset, None, parts)

    def arithmetic_(self, node: nodes.BinExpr, depth: int) -> Tree:
        parts = (self._number(node.left, depth), self._number(node.right, depth))
        return Tree("arithmetic", parts[0].offset, node.operator, parts)

    def _number(self, node: nodes.Expr, depth: int) -> Tree:
        tree = self.expression(node, depth)
        constant = tree.kind == "const" and type(tree.value) not in (int, float)
        if (constant or tree.kind == "list") and not self.problems:
            return self._refuse("text-arithmetic", tree.offset)
        return tree

    def compare_(self, node: nodes.Compare, depth: int) -> Tree:
        signs = [_COMPARISONS[operand.op] for operand in node.ops]
        values = [
            self.expression(item, depth) for item in (node.expr, *(o.expr for o in node.ops))
        ]
        if len(signs) > 1 and not _ORDERINGS.issuperset(signs):
            return self._refuse("chain-forbidden", values[1].offset)
        tree = _comparison(signs[0], values[0], values[1])
        for at, sign in enumerate(signs[1:], 1):
            both = (tree, _comparison(sign, values[at], values[at + 1]))
            tree = Tree("and", tree.offset, None, both)
        return tree

    def choice_(self, node: nodes.CondExpr, depth: int) -> Tree:
        if node.expr2 is None:
            return self._refuse("inline-if-without-else", _start(node.expr1))
        test = self.expression(node.test, depth)
        parts = (test, self.expression(node.expr1, depth), self.expression(node.expr2, depth))
        return Tree("choice", parts[1].offset, None, parts)

    def filter_(self, node: nodes.Filter, depth: int) -> Tree:
        assert node.node is not None  # only a {% filter %} block has none
        value = self.expression(node.node, depth)
        known = FILTERS.get(node.name)
        if known is None:
            close, names = closest_filter(node.name), ", ".join(FILTERS)
            params = {"filter": node.name, "close": close, "filters": names}
            return self._refuse("unknown-filter", node.lineno, **params)
        arguments = tuple(self.expression(argument, depth) for argument in node.args)
        named = node.kwargs or node.dyn_args or node.dyn_kwargs
        if named or not _arguments_fit(known, arguments):
            usage = _USAGE.get(node.name, node.name)
            self._refuse("filter-arguments", node.lineno, filter=node.name, usage=usage)
        return Tree("filter", node.lineno, node.name, (value, *arguments))


def _arguments_fit(known: Filter, arguments: Trees) -> bool:
    if not known.required <= len(arguments) <= len(known.arguments):
        return False
    return all(
        kind == "any" or (tree.kind == "const" and argument_fits(kind, tree.value))
        for kind, tree in zip(known.arguments, arguments, strict=False)
    )


def _comparison(sign: str, left: Tree, right: Tree) -> Tree:
    return Tree("compare", left.offset, sign, (left, right))


def _start(node: nodes.Node) -> int:
    """Where an expression begins: Jinja keeps the offset of a later token in some nodes."""
    inner = getattr(node, "node", None)
    return _start(inner) if isinstance(inner, nodes.Node) else node.lineno


_READERS: dict[type[nodes.Node], Callable[[_Reader, Any, int], Tree]] = {
    nodes.Const: _Reader.const_,
    nodes.Name: _Reader.name_,
    nodes.List: _Reader.list_,
    nodes.Not: _Reader.not_,
    nodes.Neg: _Reader.neg_,
    nodes.And: _Reader.both_,
    nodes.Or: _Reader.both_,
    nodes.Add: _Reader.arithmetic_,
    nodes.Sub: _Reader.arithmetic_,
    nodes.Mul: _Reader.arithmetic_,
    nodes.Div: _Reader.arithmetic_,
    nodes.Compare: _Reader.compare_,
    nodes.CondExpr: _Reader.choice_,
    nodes.Filter: _Reader.filter_,
}
