"""What the bot says: channel-free messages and buttons, JSON in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from flows.markup import RichText

MessageKind = Literal["service", "requested", "advertising"]
CHOSEN_SIGN = "✅ "
"""Before the words of an option that is chosen in a multiple choice."""
MediaKind = Literal["photo", "video", "audio", "voice", "video_note", "document"]
MEDIA_KINDS: tuple[MediaKind, ...] = get_args(MediaKind)


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, video or file; ``path`` is relative to the funnel's folder.

    ``label`` are words of its own: those of the option that a picture shows.
    """

    kind: MediaKind
    path: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message.

    Exactly one of ``action``, ``url``, ``contact`` and ``location`` is meant: ``action`` is the
    frozen meaning that comes back in ``events.Pressed``; ``url`` opens a link (``track`` names the
    click to record); ``contact`` and ``location`` ask the messenger to share the person's own phone
    or place.
    """

    text: str
    action: dict[str, Any] | None = None
    url: str = ""
    track: str = ""
    contact: bool = False
    location: bool = False

    @property
    def shares(self) -> bool:
        """Whether the messenger itself answers it, with a contact or a place."""
        return self.contact or self.location


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a person: rich text, media, buttons in order and how many fit a row.

    ``restates``: it stands for a change of an earlier message, where that cannot be changed.
    """

    text: RichText
    buttons: tuple[Button, ...] = ()
    columns: int | None = None
    media: tuple[Media, ...] = ()
    kind: MessageKind = "service"
    typing_us: int = 0
    restates: bool = False


def message_to_json(message: Message) -> dict[str, Any]:
    """A JSON object from which :func:`message_from_json` makes an equal message."""
    return {
        "text": message.text.to_json(),
        "buttons": [button_to_json(button) for button in message.buttons],
        "columns": message.columns,
        "media": [_media_to_json(media) for media in message.media],
        "kind": message.kind,
        "typing_us": message.typing_us,
        **({"restates": True} if message.restates else {}),
    }


def message_from_json(data: dict[str, Any]) -> Message:
    """The message that was stored."""
    return Message(
        text=RichText.from_json(data["text"]),
        buttons=tuple(Button(**button) for button in data["buttons"]),
        columns=data["columns"],
        media=tuple(Media(*media) for media in data["media"]),
        kind=data["kind"],
        typing_us=data["typing_us"],
        restates=data.get("restates", False),
    )


def _media_to_json(media: Media) -> list[str]:
    return [media.kind, media.path, *([media.label] if media.label else [])]


def button_to_json(button: Button) -> dict[str, Any]:
    """The button's fields that are set."""
    data = {
        "text": button.text,
        "action": button.action,
        "url": button.url,
        "track": button.track,
        "contact": button.contact,
        "location": button.location,
    }
    return {name: value for name, value in data.items() if value}
