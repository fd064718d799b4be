"""Conditions in words: «счёт не меньше 7 и есть метка «vip»»."""

from __future__ import annotations

from collections.abc import Mapping

from flows.expression_tree import Tree
from flows.telling.tongue import Tongue
from flows.values import is_empty, show

NAMES: dict[str, tuple[str, str]] = {
    "name": ("имя", "the name"),
    "first_name": ("имя", "the first name"),
    "last_name": ("фамилия", "the last name"),
    "username": ("имя в мессенджере", "the user name"),
    "channel": ("канал", "the channel"),
    "source": ("источник", "the source"),
    "link": ("код ссылки", "the link's code"),
    "score": ("счёт", "the score"),
    "tags": ("метки", "the tags"),
    "clicks": ("открытые ссылки", "the links opened"),
    "events": ("события", "the events"),
    "goals": ("цели", "the goals"),
    "now": ("сейчас", "now"),
    "today": ("сегодня", "today"),
    "entered_at": ("время входа", "the time of entry"),
    "funnel": ("воронка", "the funnel"),
    "bot": ("бот", "the bot"),
    "manager": ("менеджер", "the manager"),
    "lead": ("заявка", "a lead"),
}
_HELD = {
    "tags": ("есть метка {}", "the tag {} is there", "нет метки {}", "there is no tag {}"),
    "clicks": ("открыта ссылка {}", "the link {} was opened",
               "не открыта ссылка {}", "the link {} was not opened"),
    "events": ("было событие {}", "the event {} came",
               "не было события {}", "the event {} has not come"),
    "goals": ("достигнута цель {}", "the goal {} is reached",
              "не достигнута цель {}", "the goal {} is not reached"),
}  # fmt: skip
_COMPARED = {
    "==": ("—", "is"),
    "!=": ("— не", "is not"),
    "<": ("меньше", "is less than"),
    "<=": ("не больше", "is at most"),
    ">": ("больше", "is more than"),
    ">=": ("не меньше", "is at least"),
}


class _Untold(Exception):
    """There are no words for this expression."""


def condition_words(
    tree: Tree, labels: Mapping[str, str], tongue: Tongue, *, truth: bool = True
) -> str:
    """The condition in words, or its opposite; as it is written when words would not be plain."""
    try:
        return _told(tree, truth, _Names(labels, tongue))
    except _Untold:
        source = expression_source(tree)
        return source if truth else tongue(f"не выполнено: {source}", f"not: {source}")


def name_words(name: str, labels: Mapping[str, str], tongue: Tongue) -> str:
    """What a name of the language is called for people."""
    if name in labels:
        return labels[name]
    return tongue(*NAMES[name]) if name in NAMES else name


def expression_source(tree: Tree) -> str:
    """The expression as it could be written."""
    parts = [expression_source(part) for part in tree.parts]
    match tree.kind:
        case "name":
            words = str(tree.value)
        case "const" if isinstance(tree.value, str):
            words = f'"{tree.value}"'
        case "const":
            words = str(tree.value).lower()
        case "list":
            words = f"[{', '.join(parts)}]"
        case "not" | "neg":
            words = f"{'not ' if tree.kind == 'not' else '-'}{parts[0]}"
        case "choice":
            words = f"{parts[1]} if {parts[0]} else {parts[2]}"
        case "filter":
            arguments = f"({', '.join(parts[1:])})" if parts[1:] else ""
            words = f"{parts[0]} | {tree.value}{arguments}"
        case _:
            words = f"{parts[0]} {tree.value or tree.kind} {parts[1]}"
    return words


class _Names:
    def __init__(self, labels: Mapping[str, str], tongue: Tongue) -> None:
        self.tongue = tongue
        self.labels = labels

    def of(self, tree: Tree) -> str:
        """A name or a constant."""
        if tree.kind == "name":
            words = name_words(tree.value, self.labels, self.tongue)
            return words if tree.value in NAMES else self.tongue.quoted(words)
        if tree.kind == "const" and not is_empty(tree.value):
            words = show(tree.value, self.tongue.language)
            return self.tongue.quoted(words) if isinstance(tree.value, str) else words
        raise _Untold


def _told(tree: Tree, truth: bool, names: _Names) -> str:
    match tree.kind:
        case "not":
            return _told(tree.parts[0], not truth, names)
        case "and" | "or":
            return _joined(tree, truth, names)
        case "name":
            return _filled(tree, truth, names)
        case "compare" if tree.value in {"in", "not in"}:
            return _contained(tree, (tree.value == "in") == truth, names)
        case "compare":
            return _compared(tree, truth, names)
    raise _Untold


def _joined(tree: Tree, truth: bool, names: _Names) -> str:
    both = (tree.kind == "and") == truth
    parts = [_told(part, truth, names) for part in tree.parts]
    if both:
        inner = ["or" if truth else "and"]
        kinds = [part.kind in inner for part in tree.parts]
        parts = [
            f"({words})" if is_or else words for words, is_or in zip(parts, kinds, strict=True)
        ]
    return names.tongue(" и " if both else " или ", " and " if both else " or ").join(parts)


def _filled(tree: Tree, truth: bool, names: _Names) -> str:
    tongue = names.tongue
    if tree.value == "lead":
        return (
            tongue("заявка есть", "there is a lead")
            if truth
            else tongue("заявки нет", "there is no lead")
        )
    name = names.of(tree)
    if truth:
        return tongue(f"известно: {name}", f"{name} is known")
    return tongue(f"неизвестно: {name}", f"{name} is not known")


def _contained(tree: Tree, truth: bool, names: _Names) -> str:
    item, holder = tree.parts
    if holder.kind == "name" and holder.value in _HELD and item.kind == "const":
        ru, en, no_ru, no_en = _HELD[holder.value]
        words = names.tongue(ru, en) if truth else names.tongue(no_ru, no_en)
        return words.format(names.of(item))
    if holder.kind == "list" and item.kind == "name":
        found = [names.of(part) for part in holder.parts]
        listed = names.tongue.listed(found, ("или", "or"))
        ru, en = ("—", "is") if truth else ("— не", "is not")
        return f"{names.of(item)} {names.tongue(ru, en)} {listed}"
    raise _Untold


def _compared(tree: Tree, truth: bool, names: _Names) -> str:
    left, right = tree.parts
    if tree.value in {"==", "!="} and right.kind == "const" and is_empty(right.value):
        if left.kind != "name":
            raise _Untold
        return _filled(left, (tree.value == "!=") == truth, names)
    if not truth and tree.value not in {"==", "!="}:
        raise _Untold  # with an empty value both `<` and `>=` are false
    sign = tree.value if truth else {"==": "!=", "!=": "=="}[tree.value]
    return f"{names.of(left)} {names.tongue(*_COMPARED[sign])} {names.of(right)}"
