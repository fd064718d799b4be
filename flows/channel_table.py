"""The tables of docs/channels.md, made from the limits in the code so that they cannot drift."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from flows.channel_words import ELEMENTS, WAYS
from flows.channels import CHANNELS, Abilities, Keyboard, ways
from flows.media import Takes, takes
from flows.messages import MEDIA_KINDS

Language = Literal["ru", "en"]

_TITLES = {
    "telegram": ("Telegram", "Telegram"),
    "vk": ("VK", "VK"),
    "web": ("веб", "web"),
    "terminal": ("терминал", "terminal"),
}
_CORNER = {"limits": ("предел", "limit"), "elements": ("элемент", "element")} | {
    "files": ("файл", "file")
}


def _keyboard(board: Keyboard | None) -> str:
    return f"{board.buttons} ({board.per_row} × {board.rows})" if board else "–"


def _number(number: int) -> str:
    return str(number) if number else "–"


_LIMITS: tuple[tuple[tuple[str, str], Callable[[Abilities], str]], ...] = (
    (("текст сообщения", "text of a message"), lambda channel: str(channel.text)),
    (
        ("в чём считают", "counted in"),
        lambda channel: "UTF-16" if channel.measure == "utf16" else "Unicode",
    ),
    (("подпись к картинке", "words under a picture"), lambda channel: _number(channel.caption)),
    (
        ("кнопок под сообщением (в ряд × рядов)", "buttons under a message (per row × rows)"),
        lambda channel: _keyboard(channel.inline),
    ),
    (
        ("кнопок под полем ввода", "buttons under the input field"),
        lambda channel: _keyboard(channel.ordinary),
    ),
    (("надпись кнопки", "button label"), lambda channel: str(channel.inline.label)),
    (("всплывающий ответ", "pop-up answer"), lambda channel: _number(channel.popup)),
    (("файлов в сообщении", "files in a message"), lambda channel: str(channel.album)),
)


def limits_table(language: Language) -> str:
    """A Markdown table: what each channel holds."""
    at = _at(language)
    rows = [[words[at], *map(shown, CHANNELS.values())] for words, shown in _LIMITS]
    return _markdown(_CORNER["limits"][at], rows, at)


def elements_table(language: Language) -> str:
    """A Markdown table: what each channel makes of each element of a message."""
    at = _at(language)
    columns = [ways(name) for name in CHANNELS]
    rows = [
        [words[at], *(WAYS[column[element]][at] for column in columns)]
        for element, words in ELEMENTS.items()
    ]
    return _markdown(_CORNER["elements"][at], rows, at)


def files_table(language: Language) -> str:
    """A Markdown table: how large and of which form the files of each kind may be."""
    at = _at(language)
    rows = [
        [f"`{kind}`", *(_files(takes(name, kind), at) for name in CHANNELS)]
        for kind in MEDIA_KINDS
    ]
    return _markdown(_CORNER["files"][at], rows, at)


def _files(limits: Takes, at: int) -> str:
    words = []
    if limits.size:
        size = limits.size // (1024 * 1024)
        words.append((f"до {size} МБ", f"up to {size} MB")[at])
    if limits.forms:
        words.append(", ".join(limits.forms))
    if limits.barred:
        words.append(f"{('кроме', 'but')[at]} {', '.join(limits.barred)}")
    return "; ".join(words) or ("любой", "any")[at]


def _at(language: Language) -> int:
    return ("ru", "en").index(language)


def _markdown(corner: str, rows: list[list[str]], at: int) -> str:
    head = [corner, *(_TITLES[name][at] for name in CHANNELS)]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
