"""Texts as a client reads them: what is put in later stands as a name, formatting as it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.expression_tree import Tree
from flows.formatting import HOLE, format_text
from flows.markup import RichText
from flows.telling.conditions import condition_words, expression_source, name_words
from flows.telling.tongue import Tongue
from flows.templates import Text
from flows.values import show

OPEN, CLOSE = "\ue000", "\ue001"
"""They stand around what is not the author's words: a name put in, a choice of words."""


def rich_words(text: Text, labels: Mapping[str, str], tongue: Tongue) -> RichText:
    """The text with its formatting; what is put in stands between :data:`OPEN` and :data:`CLOSE`."""
    skeleton: list[str] = []
    values: list[str] = []
    for words, put_in in _pieces(text.tree, labels, tongue):
        skeleton.append(HOLE if put_in else words)
        if put_in:
            values.append(f"{OPEN}{words}{CLOSE}")
    return format_text("".join(skeleton), values)


def plain_words(text: Text, labels: Mapping[str, str], tongue: Tongue) -> str:
    """The text in one line, without formatting; what is put in stands in angle brackets."""
    plain = rich_words(text, labels, tongue).plain
    return " ".join(plain.replace(OPEN, "‹").replace(CLOSE, "›").split())


def _pieces(tree: Tree, labels: Mapping[str, str], tongue: Tongue) -> Iterator[tuple[str, bool]]:
    """Words in order, and whether they stand for something that is put in."""
    match tree.kind:
        case "words":
            yield tree.value, False
        case "print":
            yield value_words(tree.parts[0], labels, tongue), True
        case "choose":
            yield from _choice(tree, labels, tongue)
        case _:
            for part in tree.parts:
                yield from _pieces(part, labels, tongue)


def _choice(tree: Tree, labels: Mapping[str, str], tongue: Tongue) -> Iterator[tuple[str, bool]]:
    tests, bodies = tree.parts[:-1:2], tree.parts[1::2]
    for index, (test, body) in enumerate(zip(tests, bodies, strict=False)):
        when = condition_words(test, labels, tongue)
        yield (
            tongue(
                f"{'иначе ' * bool(index)}если {when}: ", f"{'else ' * bool(index)}if {when}: "
            ),
            True,
        )
        yield from _pieces(body, labels, tongue)
    if tree.parts[-1].parts:
        yield tongue("иначе: ", "else: "), True
        yield from _pieces(tree.parts[-1], labels, tongue)
    yield "/", True


def value_words(tree: Tree, labels: Mapping[str, str], tongue: Tongue) -> str:
    """What an expression prints, named for people."""
    if tree.kind == "name":
        return name_words(tree.value, labels, tongue)
    if tree.kind == "const":
        return show(tree.value, tongue.language)
    if tree.kind == "choice":
        test, yes, no = tree.parts
        first, second = (value_words(part, labels, tongue) for part in (yes, no))
        when = condition_words(test, labels, tongue)
        return tongue(f"{first}, если {when}, иначе {second}", f"{first} if {when}, else {second}")
    if tree.kind == "filter":
        return _filtered(tree, labels, tongue)
    return expression_source(tree)


def _filtered(tree: Tree, labels: Mapping[str, str], tongue: Tongue) -> str:
    inner, *arguments = (value_words(part, labels, tongue) for part in tree.parts)
    match tree.value, arguments:
        case "prefix", [before]:
            return f"{before}{inner}"
        case "suffix", [after]:
            return f"{inner}{after}"
        case "default", [instead]:
            return tongue(f"{inner} или «{instead}»", f"{inner} or “{instead}”")
        case "plural" | "gender", forms:
            return "/".join(forms)
    return inner
