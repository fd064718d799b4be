"""Photos and documents: where to upload them, and what saving them gives."""

import json
import secrets
import struct
from typing import Any

from tests.emulators import clock
from tests.emulators.vk.calls import Call
from tests.emulators.vk.refusals import Refusal, invalid
from tests.emulators.vk.world import World

# dev.vk.com/api/upload: "a photo of up to 50 MB, the sum of its sides up to 14000, ratio up to 20";
# "any documents but mp3 and executables, up to 200 MB"; voice messages are Ogg Opus, and vk-io's
# issue 159 shows that mp3 is made into one
MAX_PHOTO, MAX_SIDES, MAX_RATIO = 50 * 2**20, 14_000, 20
MAX_DOC = 200 * 2**20
BARRED = ("mp3", "exe", "msi", "bat", "cmd", "com", "scr")
VOICES = (b"OggS", b"ID3", b"\xff\xfb")
PHOTO_TYPES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")  # dev.vk.com upload: JPG, PNG, GIF
SERVER = 857136
ALBUM = -64  # the hidden album of messages


def photo_server(call: Call) -> dict[str, Any]:
    """Return where to upload a photo for a message; without peer_id for any dialog."""
    call.need("photos")
    _check_peer(call)
    url = f"{call.world.base_url}/_upload/photo/{call.community.id}"
    return {"album_id": ALBUM, "upload_url": url, "user_id": 0, "group_id": call.community.id}


def doc_server(call: Call) -> dict[str, str]:
    """Return where to upload a document or a voice message, which will be the peer's own."""
    call.need("docs")
    peer = call.params.get("peer_id")
    if not peer:  # vkbottle, issue 306
        raise invalid("peer_id is required for community messages")
    _check_peer(call)
    return {"upload_url": _address(call, call.params.get("type", "doc"), peer)}


def wall_server(call: Call) -> dict[str, str]:
    """Return where to upload a document of the community's own."""
    call.need("docs")
    if call.params.get("group_id") != call.community.id or not call.community.wall_docs:
        raise Refusal(15, "User can't upload docs to this group")  # vk_api, issue 365
    return {"upload_url": _address(call, "doc", -call.community.id)}


def save_video(call: Call) -> None:
    """Never get here: the schema opens video.save to people's keys alone."""
    raise AssertionError(call.access.kind)


def _address(call: Call, kind: str, owner: int) -> str:
    return f"{call.world.base_url}/_upload/{kind}/{call.community.id}?owner={owner}"


def _check_peer(call: Call) -> None:
    """Refuse a peer the community may not write to (the schema lists 901 for both methods)."""
    peer = call.params.get("peer_id")
    refusal = call.world.refusal_for(call.community, peer) if peer else None
    if refusal is not None:
        raise refusal


def receive(
    world: World, kind: str, group_id: int, owner: int, file: tuple[str, bytes] | None
) -> Any:
    """Return what the upload server answers: a ticket to be saved."""
    name, content = file or ("", b"")
    ticket = secrets.token_hex(16)
    upload = {"kind": kind, "group": group_id, "owner": owner, "name": name, "size": len(content)}
    if kind != "photo":
        error = _refused(kind, name, content)
        if error:
            return {"error": error[0], "error_descr": error[1]}
        world.uploads[ticket] = upload
        return {"file": ticket}
    if not _is_photo(content):
        return {"server": SERVER, "photo": "[]", "hash": ticket}  # saving it then fails
    photo = json.dumps([{"photo": ticket, "sizes": [], "kid": ticket[:8]}])
    world.uploads[photo] = {**upload, "hash": ticket}
    return {"server": SERVER, "photo": photo, "hash": ticket}


def _refused(kind: str, name: str, content: bytes) -> tuple[str, str] | None:
    if not content:
        return "no_file", "ERR_UPLOAD_NO_FILE: file not found"
    if len(content) > MAX_DOC:
        return "too_large", "ERR_UPLOAD_FILE_TOO_LARGE: file is too large"
    if kind == "doc" and name.rpartition(".")[2].lower() in BARRED:
        return "bad_type", "ERR_UPLOAD_BAD_TYPE: file type is not allowed"
    if kind == "audio_message" and not content.startswith(VOICES):
        return "bad_type", "ERR_UPLOAD_BAD_TYPE: not a sound"
    return None


def _is_photo(content: bytes) -> bool:
    if not content.startswith(PHOTO_TYPES) or len(content) > MAX_PHOTO:
        return False
    if not content.startswith(b"\x89PNG") or len(content) < 24:
        return True
    width, height = struct.unpack(">II", content[16:24])
    longer, shorter = max(width, height), min(width, height)
    return bool(width + height <= MAX_SIDES and longer <= MAX_RATIO * shorter)


def save_photo(call: Call) -> list[dict[str, Any]]:
    """Return the saved photo: its owner and id make the attachment."""
    call.need("photos")
    params = call.params
    upload = call.world.uploads.get(params["photo"])
    if upload is None or upload["group"] != call.community.id:
        raise invalid("photo is undefined")  # VK's words for what is not a picture
    if params.get("server") != SERVER:
        raise Refusal(118)
    if params.get("hash") != upload["hash"]:
        raise Refusal(121)
    saved = _saved(call, "photo", -call.community.id)
    size = {"type": "x", "url": "https://vk.com/images/photo.jpg", "width": 604, "height": 371}
    saved |= {"album_id": ALBUM, "text": "", "sizes": [size], "has_tags": False}
    return [saved]


def save_doc(call: Call) -> dict[str, Any]:
    """Return the saved document or voice message under the name of its type."""
    call.need("docs")
    upload = call.world.uploads.pop(call.params["file"], None)
    if upload is None or upload["group"] != call.community.id:
        raise Refusal(105)
    kind = upload["kind"]
    saved = _saved(call, kind, upload["owner"])
    url = f"https://vk.com/{kind}{saved['owner_id']}_{saved['id']}"
    if kind == "audio_message":
        saved |= {"duration": 1, "waveform": [], "link_mp3": url, "link_ogg": url}
        return {"type": kind, kind: saved}
    title = call.params.get("title") or upload["name"]
    extension = upload["name"].rpartition(".")[2]
    saved |= {"title": title, "size": upload["size"], "ext": extension, "url": url, "type": 1}
    return {"type": kind, kind: saved}


def _saved(call: Call, kind: str, owner: int) -> dict[str, Any]:
    number = 457_000_000 + call.community.next_number()
    saved = {"id": number, "owner_id": owner, "date": clock.timestamp()}
    saved["access_key"] = secrets.token_hex(9)
    call.world.media[f"{kind}{owner}_{number}"] = saved
    return saved
