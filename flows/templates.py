"""Texts of the language: words with substitutions and choices, rendered in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flows.expression_messages import ExpressionProblem, ExpressionRefused
from flows.expression_names import Mention, mentioned, printed
from flows.expression_syntax import parse_text
from flows.expression_tree import Tree, text_tree
from flows.expressions import DEFAULT_FRAME, Context, Evaluate, evaluator
from flows.formatting import HOLE, SCHEMES, fill_text, fill_url, format_text
from flows.markup import RichText
from flows.values import MAX_TEXT, Frame, Value, is_true, show

STARS = "***"
_LINK = re.compile(r"\[[^\[\]\n]+\]\(([^\s()]+)\)")
_LIKE_ADDRESS = re.compile(rf"[{HOLE}/]|\.[a-zа-яё]{{2,}}", re.IGNORECASE)


@dataclass(slots=True)
class _Page:
    """What is rendered so far: the author's words with holes, and what goes in the holes."""

    context: Context
    frame: Frame
    skeleton: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    room: int = MAX_TEXT

    def write(self, words: str, hole: str = "") -> None:
        """Add words of the author, or a value with the sign of its hole, while there is room."""
        words = words[: self.room]
        self.room -= len(words)
        self.skeleton.append(hole or words)
        if hole:
            self.values.append(words)


Write = Callable[[_Page], None]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its substitutions.

    ``names`` are the names it mentions with their offsets, ``printed`` those it prints though
    nothing there provides for an empty value. ``literal`` is the whole text when nothing is
    substituted, ``single`` tells that it is exactly one ``{{ … }}``. ``tree`` is its form for a
    checker.
    """

    source: str
    tree: Tree
    names: tuple[Mention, ...]
    printed: tuple[Mention, ...]
    literal: str | None
    single: bool
    _write: Write = field(repr=False, compare=False)
    _evaluate: Evaluate | None = field(repr=False, compare=False)
    _constant: RichText | None = field(repr=False, compare=False)

    def render(self, context: Context, frame: Frame = DEFAULT_FRAME) -> RichText:
        """The text for a person: the author's formatting, the values literal."""
        if self._constant is not None:
            return self._constant
        page = self._page(context, frame)
        return format_text("".join(page.skeleton), page.values)

    def words(self, context: Context, frame: Frame = DEFAULT_FRAME) -> str:
        """The text as it is written, formatting marks and all: for buttons, fields and CRM."""
        if self.literal is not None:
            return self.literal[:MAX_TEXT]
        page = self._page(context, frame)
        return fill_text("".join(page.skeleton), iter(page.values))

    def veiled(self, context: Context, frame: Frame = DEFAULT_FRAME) -> str:
        """The words with stars for whatever is put in: nothing of the person is told."""
        if self.literal is not None:
            return self.literal[:MAX_TEXT]
        page = self._page(context, frame)
        return fill_text("".join(page.skeleton), (STARS if value else "" for value in page.values))

    def value(self, context: Context, frame: Frame = DEFAULT_FRAME) -> Value:
        """A single substitution's value with its type; of any other text the words."""
        if self._evaluate is None:
            return self.words(context, frame)
        return self._evaluate(context, frame)

    def url(self, context: Context, frame: Frame = DEFAULT_FRAME) -> str:
        """The address: values percent-encoded, save one that is the whole address.

        Empty unless it begins with a scheme that is safe to open.
        """
        page = self._page(context, frame)
        if self.single:
            address = "".join(page.values).strip()
        else:
            address = fill_url("".join(page.skeleton), iter(page.values)).strip()
        return address if address.startswith(SCHEMES) else ""

    def _page(self, context: Context, frame: Frame) -> _Page:
        page = _Page(context, frame)
        self._write(page)
        return page


def compile_text(source: str) -> Text:
    """The text, or :class:`~flows.expression_messages.ExpressionRefused`."""
    tree = text_tree(parse_text(source))
    problems = list(_link_problems(tree))
    if problems:
        raise ExpressionRefused(problems)
    literal = _literal(tree)
    single = len(tree.parts) == 1 and tree.parts[0].kind == "print"
    return Text(
        source=source,
        tree=tree,
        names=mentioned(tree),
        printed=printed(tree),
        literal=literal,
        single=single,
        _write=_writer(tree),
        _evaluate=evaluator(tree.parts[0].parts[0]) if single else None,
        _constant=None if literal is None else format_text(literal),
    )


def _literal(tree: Tree) -> str | None:
    if any(part.kind != "words" for part in tree.parts):
        return None
    return "".join(part.value for part in tree.parts)


def _writer(tree: Tree) -> Write:
    return _WRITERS[tree.kind](tree)


def _write_words(tree: Tree) -> Write:
    words = tree.value
    return lambda page: page.write(words)


def _write_print(tree: Tree) -> Write:
    value = evaluator(tree.parts[0])

    def write(page: _Page) -> None:
        frame = page.frame
        page.write(show(value(page.context, frame), frame.language, frame.zone), HOLE)

    return write


def _write_body(tree: Tree) -> Write:
    writers = tuple(map(_writer, tree.parts))

    def write(page: _Page) -> None:
        for part in writers:
            part(page)

    return write


def _write_choose(tree: Tree) -> Write:
    tests = tuple(map(evaluator, tree.parts[:-1:2]))
    *bodies, last = map(_writer, (*tree.parts[1::2], tree.parts[-1]))

    def write(page: _Page) -> None:
        for test, body in zip(tests, bodies, strict=True):
            if is_true(test(page.context, page.frame)):
                return body(page)
        return last(page)

    return write


_WRITERS: dict[str, Callable[[Tree], Write]] = {
    "words": _write_words,
    "print": _write_print,
    "body": _write_body,
    "choose": _write_choose,
}


def _link_problems(body: Tree) -> Iterator[ExpressionProblem]:
    """Links whose address is one, but without a scheme: they would be shown as they are written."""
    offsets: list[int] = []
    skeleton = ""
    for part in body.parts:
        words = {"words": part.value, "print": HOLE}.get(part.kind, " ")
        skeleton += words
        offsets += range(part.offset, part.offset + len(words))
        for branch in part.parts[1::2] + part.parts[-1:] if part.kind == "choose" else ():
            yield from _link_problems(branch)
    for link in _LINK.finditer(skeleton):
        address = link[1]
        if _LIKE_ADDRESS.search(address) and not address.startswith(SCHEMES):
            shown = address.replace(HOLE, "{{ … }}")
            yield ExpressionProblem("link-without-scheme", offsets[link.start(1)], {"url": shown})
