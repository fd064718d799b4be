"""What each channel can show and how much of it: the limits as data, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flows.markup import RichText, to_plain, utf16_length
from flows.media import albums
from flows.messages import MEDIA_KINDS, Button, Media, MediaKind, Message

Measure = Literal["utf16", "characters"]


@dataclass(frozen=True, slots=True)
class Keyboard:
    """How many buttons one kind of keyboard holds, and how long a label may be (characters)."""

    buttons: int
    per_row: int
    rows: int
    label: int


@dataclass(frozen=True, slots=True)
class Abilities:
    """One channel's limits and abilities.

    ``text`` is the length of one message in units of ``measure``; ``caption`` that of the words
    under a picture (0: pictures and words share one message and ``text`` is the only limit).
    ``inline`` is the keyboard under a message, ``ordinary`` the one under the input field (None:
    the channel has none). ``album`` is how many files one message holds. ``popup`` is the length
    of an answer to a press (0: there are none), ``edits`` whether a sent message can change.
    ``sources`` of the numbers: Bot API 10.3, dev.vk.com; where undocumented, measured by others
    (docs/channels.md).
    """

    name: str
    text: int
    measure: Measure
    caption: int
    inline: Keyboard
    ordinary: Keyboard | None
    popup: int
    album: int
    media: dict[MediaKind, str]
    edits: bool = True
    formatting: bool = False
    text_links: bool = False
    contact: bool = False
    location: bool = False
    local_links: bool = True


_NATIVE: dict[MediaKind, str] = dict.fromkeys(MEDIA_KINDS, "shown")

TELEGRAM = Abilities(
    name="telegram",
    text=4096,
    measure="utf16",
    caption=1024,
    inline=Keyboard(buttons=100, per_row=8, rows=100, label=64),
    ordinary=Keyboard(buttons=300, per_row=12, rows=100, label=64),
    popup=200,
    album=10,
    media=_NATIVE,
    formatting=True,
    text_links=True,
    contact=True,
    location=True,
    local_links=False,
)
VK = Abilities(
    name="vk",
    text=4096,
    measure="characters",
    caption=0,
    inline=Keyboard(buttons=10, per_row=5, rows=6, label=40),
    ordinary=Keyboard(buttons=40, per_row=5, rows=10, label=40),
    popup=90,
    album=10,
    media={**_NATIVE, "video": "as_file", "audio": "file_or_voice", "video_note": "as_file"},
    location=True,
)
WEB = Abilities(
    name="web",
    text=4096,
    measure="characters",
    caption=0,
    inline=Keyboard(buttons=100, per_row=8, rows=100, label=64),
    ordinary=None,
    popup=200,
    album=100,
    media=_NATIVE,
    formatting=True,
    text_links=True,
)
TERMINAL = Abilities(
    name="terminal",
    text=100_000,
    measure="characters",
    caption=0,
    inline=Keyboard(buttons=100, per_row=8, rows=100, label=200),
    ordinary=None,
    popup=200,
    album=100,
    media=dict.fromkeys(MEDIA_KINDS, "named"),
    edits=False,
)
MESSENGERS = frozenset({"telegram", "vk"})
CHANNELS: dict[str, Abilities] = {
    channel.name: channel for channel in (TELEGRAM, VK, WEB, TERMINAL)
}


def text_length(channel: Abilities, text: RichText) -> int:
    """How long the text is to the channel, in its own units, as it will be sent."""
    if channel.measure == "utf16":
        return utf16_length(text.plain)
    return len(text.plain if channel.text_links else to_plain(text))


def action_buttons(message: Message) -> list[Button]:
    """The message's buttons without those that the messenger itself answers."""
    return [button for button in message.buttons if not button.shares]


def marks_in_place(channel: str, message: Message) -> bool:
    """Whether the channel can mark buttons of a message that was sent, leaving it where it is."""
    abilities = CHANNELS.get(channel, WEB)
    return abilities.edits and not _too_many(abilities, message)


def degradations(channel: str, message: Message) -> list[tuple[str, str]]:
    """What the channel shows otherwise than meant: ``(element, how)`` with keys of the tables.

    The words are in ``flows.channel_words``; an empty list says that all is shown as
    meant. Raises ``KeyError`` for a channel that there is not.
    """
    abilities = CHANNELS[channel]
    found = [
        (element, how(abilities))
        for element, (used, how) in _RULES.items()
        if used(abilities, message)
    ]
    media = dict.fromkeys(media.kind for media in message.media)
    found += [(kind, abilities.media[kind]) for kind in media]
    return [(element, way) for element, way in found if way != "shown"]


def ways(channel: str) -> dict[str, str]:
    """The channel's column of the table: what becomes of each element of ``flows.channel_words``."""
    abilities = CHANNELS[channel]
    found = {element: how(abilities) for element, (_, how) in _RULES.items()}
    return {**found, **{kind: abilities.media[kind] for kind in MEDIA_KINDS}}


def _styled(message: Message) -> bool:
    return any(span.bold or span.italic or span.code for span in message.text.spans)


def _linked(message: Message) -> bool:
    return any(span.url for span in message.text.spans)


def _too_many(channel: Abilities, message: Message) -> bool:
    return len(action_buttons(message)) > channel.inline.buttons


def _far_too_many(channel: Abilities, message: Message) -> bool:
    return len(action_buttons(message)) > (channel.ordinary or channel.inline).buttons


def _toggles(message: Message) -> bool:
    return any((button.action or {}).get("do") == "toggle" for button in message.buttons)


def _long_label(channel: Abilities, message: Message) -> bool:
    return any(len(button.text) > channel.inline.label for button in message.buttons)


def _long_caption(channel: Abilities, message: Message) -> bool:
    words = text_length(channel, message.text)
    return bool(_own(message)) and words > (channel.caption or channel.text)


def _mixed_album(channel: Abilities, message: Message) -> bool:
    return len(albums(channel.name, _own(message), channel.album)) > 1


def _own(message: Message) -> list[Media]:
    """The message's media without the pictures of its options."""
    return [media for media in message.media if not media.label]


_OPTION_PHOTOS = {"telegram": "labels_below", "vk": "labels_below", "web": "shown"} | {
    "terminal": "named"
}


def _location_button(channel: Abilities) -> str:
    if not channel.location:
        return "address_typed"
    return "under_input" if channel.contact else "shown"


_Used = Callable[[Abilities, Message], bool]
_How = Callable[[Abilities], str]
_RULES: dict[str, tuple[_Used, _How]] = {
    "formatting": (
        lambda _, message: _styled(message),
        lambda channel: "shown" if channel.formatting else "plain",
    ),
    "text_link": (
        lambda _, message: _linked(message),
        lambda channel: "shown" if channel.text_links else "address",
    ),
    "long_text": (
        lambda channel, message: text_length(channel, message.text) > channel.text,
        lambda _: "split",
    ),
    "long_caption": (_long_caption, lambda channel: "apart" if channel.caption else "split"),
    "many_buttons": (
        _too_many,
        lambda channel: "under_input" if channel.name == "vk" else "listed",
    ),
    "too_many_buttons": (_far_too_many, lambda _: "listed"),
    "long_label": (_long_label, lambda _: "cut"),
    "many_marks": (
        lambda channel, message: _toggles(message) and not marks_in_place(channel.name, message),
        lambda _: "said_again",
    ),
    "contact_button": (
        lambda _, message: any(button.contact for button in message.buttons),
        lambda channel: "under_input" if channel.contact else "typed",
    ),
    "location_button": (
        lambda _, message: any(button.location for button in message.buttons),
        _location_button,
    ),
    "local_link": (
        lambda _, message: any(
            button.url and not opens_everywhere(button.url) for button in message.buttons
        ),
        lambda channel: "shown" if channel.local_links else "address",
    ),
    "album_buttons": (
        lambda _, message: len(_own(message)) > 1 and bool(message.buttons),
        lambda channel: "apart" if channel.caption else "shown",
    ),
    "mixed_album": (
        _mixed_album,
        lambda channel: "split" if channel.name in MESSENGERS else "shown",
    ),
    "option_photos": (
        lambda _, message: any(media.label for media in message.media),
        lambda channel: _OPTION_PHOTOS[channel.name],
    ),
}


def opens_everywhere(url: str) -> bool:
    """Whether a messenger takes the address on a button: http(s) and a host with a name.

    Telegram refuses ``localhost`` and hosts without a dot (``BUTTON_URL_INVALID``); addresses of
    one's own machine are kept out too, as nobody else could open them.
    """
    scheme, mark, rest = url.partition("://")
    authority = rest.split("/")[0].split("?")[0].split("#")[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    named = "." in host.strip(".") and not host.replace(".", "").isdigit()
    return bool(mark) and scheme in ("http", "https") and named and "[" not in authority
