"""The pages that people see, made from templates that escape everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bots.web.documents import WebDocument, blocks
from bots.web.entries import is_openable
from bots.web.files import static_version
from bots.web.phrases import phrase, phrases_of_page
from bots.web.saying import TEXT_LIMIT
from bots.web.security import guarded

TINTS = 6


@dataclass(frozen=True, slots=True)
class WebBot:
    """One bot with a chat: ``id`` is its row, ``name`` its word in addresses."""

    id: int
    name: str
    title: str
    language: str = "ru"

    @property
    def tint(self) -> int:
        """Which of the soft colours is the bot's: always the same one."""
        return sum(self.name.encode()) % TINTS

    @property
    def letter(self) -> str:
        """The sign on the bot's round picture."""
        return next((sign.upper() for sign in self.title if sign.isalnum()), "?")


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["is_openable"] = is_openable


def chats_page(bots: Iterable[WebBot]) -> Response:
    """The list of chats; in the language of the first."""
    found = list(bots)
    language = found[0].language if found else "ru"
    return _page("chats.html", language, bots=found)


def chat_page(bot: WebBot, *, largest: int = 0) -> Response:
    """A bot's chat, empty: its messages come by the feed.

    ``largest`` is how many bytes a file may have, 0 when none can be sent.
    """
    strings = phrases_of_page(bot.language)
    return _page(
        "chat.html", bot.language, bot=bot, strings=strings, limit=TEXT_LIMIT, largest=largest
    )


def document_page(document: WebDocument) -> Response:
    """A consent text to read."""
    found = list(blocks(document.text))
    own_title = any(block.kind == "title" for block in found[:1])
    return _page(
        "document.html", document.language, document=document, blocks=found, own_title=own_title
    )


def sorry_page(name: str, language: str, status: int) -> Response:
    """A page that says one sentence."""
    title = phrase("not_found_title" if status == 404 else "chats", language)
    response = _page("sorry.html", language, title=title, sentence=phrase(name, language))
    response.status_code = status
    return response


def _page(template: str, language: str, **values: Any) -> Response:
    def say(name: str) -> str:
        return phrase(name, language)

    html = _templates.get_template(template).render(
        values, say=say, language=language, static=static_version()
    )
    return guarded(HTMLResponse(html))
