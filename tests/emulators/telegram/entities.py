"""Message texts: HTML to plain text and entities, with the server's own refusals."""

import re
from dataclasses import dataclass, field
from typing import Any

from teremok.validation import ApiRuleViolation, validate_html, validate_markdown

from tests.emulators.telegram.errors import ApiError, refuse

MAX_TEXT = 4096  # sendMessage: "1-4096 characters after entities parsing"
MAX_CAPTION = 1024  # sendPhoto: "0-1024 characters after entities parsing"

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7})|(lt|gt|amp|quot));?")
_RUN = re.compile(r"[^<&]+")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.\-]+)))?""")
_TOKENS = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?)|(?P<url>https?://\S+)"
)


@dataclass
class FormattedText:
    """A text as the server keeps it."""

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    html: str = ""


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[2]:
            return _NAMED[match[2]]
        digits = match[1][1:]
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        return chr(code) if 0 < code < 0x10FFFF else match[0]

    return _REFERENCE.sub(replace, text)


class _Html:
    """One pass over a text: the same walk, in the same order of checks, as tdlib's parse_html."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.plain: list[str] = []
        self.length = 0
        self.open: list[tuple[str, dict[str, str], int]] = []
        self.entities: list[dict[str, Any]] = []

    def _fail(self, text: str, at: int | None = None) -> None:
        place = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        raise ApiError(400, f"Bad Request: can't parse entities: {text}{place}")

    def _put(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16_length(text)

    def parse(self) -> FormattedText:
        at = 0
        while at < len(self.source):
            if run := _RUN.match(self.source, at):
                self._put(run[0])
                at = run.end()
            elif self.source[at] == "&":
                reference = _REFERENCE.match(self.source, at)
                self._put(_unescape(reference[0]) if reference else "&")
                at = reference.end() if reference else at + 1
            elif self.source.startswith("</", at):
                at = self._close(at)
            else:
                at = self._start(at)
        if self.open:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return FormattedText("".join(self.plain), self.entities, self.source)

    def _start(self, at: int) -> int:
        end = self.source.find(">", at)
        name = re.split(r"[\s>]", self.source[at + 1 :], maxsplit=1)[0].lower()
        if end < 0 and not re.search(r"\s", self.source[at:]):
            self._fail("Unclosed start tag", at)
        if name not in _KINDS:
            self._fail(f'Unsupported start tag "{name}"', at)
        if end < 0:
            self._fail(f'Unclosed start tag "{name}"', at)
        inside = self.source[at + 1 + len(name) : end]
        attributes = {
            found[1].lower(): _unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(inside)
        }
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', at)
        self.open.append((name, attributes, self.length))
        return end + 1

    def _close(self, at: int) -> int:
        if not self.open:
            self._fail("Unexpected end tag", at)
        end = self.source.find(">", at)
        if end < 0:
            self._fail("Unclosed end tag", at)
        found = self.source[at + 2 : end].strip()
        name, attributes, offset = self.open.pop()
        if found and found != name:
            self._fail(
                f"Unmatched end tag at byte offset {len(self.source[:at].encode())}, "
                f'expected "</{name}>", found "</{found}>"'
            )
        if self.length > offset:
            self._add(name, attributes, offset)
        return end + 1

    def _add(self, name: str, attributes: dict[str, str], offset: int) -> None:
        entity: dict[str, Any] = {
            "type": _KINDS[name],
            "offset": offset,
            "length": self.length - offset,
        }
        if name == "a":
            entity["url"] = attributes.get("href", "")
            if not entity["url"]:
                return  # tdlib: a link without an address is plain text
        elif name == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif name == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        self.entities.append(entity)


def detect_entities(text: str) -> list[dict[str, Any]]:
    """Return commands and links, which the server finds by itself."""
    if "/" not in text:
        return []
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for match in _TOKENS.finditer(text)
    ]


def _parse(text: str, mode: str) -> FormattedText:
    try:
        if mode == "html":
            parsed = _Html(text).parse()
            validate_html(text)  # the documented rules the server is lenient about
            return parsed
        if mode in ("markdown", "markdownv2"):
            validate_markdown(text, 2 if mode == "markdownv2" else 1)
            return FormattedText(text, [], text)  # kept as written: the bot speaks HTML
    except ApiRuleViolation as refusal:
        raise ApiError(400, refusal.description) from None
    return refuse("unsupported parse_mode")


def _given_entities(text: str, entities: list[Any]) -> FormattedText:
    limit = utf16_length(text)
    for entity in entities:
        if not isinstance(entity, dict):
            refuse("can't parse MessageEntity: expected an Object")
        for name in ("offset", "length"):
            if not isinstance(entity.get(name), int):
                refuse(f"can't parse MessageEntity: Can't find field \"{name}\"")
        if entity["offset"] < 0 or not 0 <= entity["offset"] + entity["length"] <= limit:
            refuse("entity beginning or end is out of the text")
    return FormattedText(text, list(entities), text)


def _trimmed(parsed: FormattedText) -> FormattedText:
    """Return the text without the white space around it, which the server drops."""
    shift = utf16_length(parsed.text) - utf16_length(parsed.text.lstrip())
    text = parsed.text.strip()
    limit = utf16_length(text)
    entities = []
    for entity in parsed.entities:
        start = min(max(entity["offset"] - shift, 0), limit)
        end = min(max(entity["offset"] + entity["length"] - shift, 0), limit)
        if end > start:
            entities.append(entity | {"offset": start, "length": end - start})
    return FormattedText(text, entities, parsed.html)


def read_text(text: str, parse_mode: str | None, entities: list[Any] | None) -> FormattedText:
    """Return the text as it will be kept, or refuse it."""
    if parse_mode and parse_mode.lower() != "none" and text:
        parsed = _parse(text, parse_mode.lower())
    else:
        parsed = _given_entities(text, entities or [])
    parsed = _trimmed(parsed)
    parsed.entities.extend(detect_entities(parsed.text) if not parsed.entities else [])
    return parsed


def read_message(text: str, parse_mode: str | None, entities: list[Any] | None) -> FormattedText:
    """Return the text of a message within its limits."""
    if not text:
        refuse("message text is empty")
    parsed = read_text(text, parse_mode, entities)
    if not parsed.text:
        refuse("text must be non-empty")
    if utf16_length(parsed.text) > MAX_TEXT:
        refuse("message is too long")
    return parsed


def read_caption(text: str, parse_mode: str | None, entities: list[Any] | None) -> FormattedText:
    """Return a caption within its limits."""
    parsed = read_text(text, parse_mode, entities)
    if utf16_length(parsed.text) > MAX_CAPTION:
        refuse("message caption is too long")
    return parsed
