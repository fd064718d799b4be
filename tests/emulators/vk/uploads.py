"""Photos and documents: where to upload them, and what saving them gives."""

import json
import secrets
from typing import Any

from tests.emulators import clock
from tests.emulators.vk.calls import Call
from tests.emulators.vk.refusals import Refusal, invalid
from tests.emulators.vk.world import World

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
    """Return where to upload a document or a voice message."""
    call.need("docs")
    _check_peer(call)
    kind = call.params.get("type", "doc")
    return {"upload_url": f"{call.world.base_url}/_upload/{kind}/{call.community.id}"}


def _check_peer(call: Call) -> None:
    """Refuse a peer the community may not write to (the schema lists 901 for both methods)."""
    peer = call.params.get("peer_id")
    refusal = call.world.refusal_for(call.community, peer) if peer else None
    if refusal is not None:
        raise refusal


def receive(world: World, kind: str, group_id: int, file: tuple[str, bytes] | None) -> Any:
    """Return what the upload server answers: a ticket to be saved."""
    name, content = file or ("", b"")
    ticket = secrets.token_hex(16)
    upload = {"kind": kind, "group": group_id, "name": name, "size": len(content)}
    if kind != "photo":
        if not content:
            return {"error": "no_file", "error_descr": "ERR_UPLOAD_NO_FILE: file not found"}
        world.uploads[ticket] = upload
        return {"file": ticket}
    if not content.startswith(PHOTO_TYPES):
        return {"server": SERVER, "photo": "[]", "hash": ticket}  # saving it then fails
    photo = json.dumps([{"photo": ticket, "sizes": [], "kid": ticket[:8]}])
    world.uploads[photo] = {**upload, "hash": ticket}
    return {"server": SERVER, "photo": photo, "hash": ticket}


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
    saved = _saved(call, "photo")
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
    saved = _saved(call, kind)
    url = f"https://vk.com/{kind}{saved['owner_id']}_{saved['id']}"
    if kind == "audio_message":
        saved |= {"duration": 1, "waveform": [], "link_mp3": url, "link_ogg": url}
        return {"type": kind, kind: saved}
    title = call.params.get("title") or upload["name"]
    extension = upload["name"].rpartition(".")[2]
    saved |= {"title": title, "size": upload["size"], "ext": extension, "url": url, "type": 1}
    return {"type": kind, kind: saved}


def _saved(call: Call, kind: str) -> dict[str, Any]:
    number, owner = 457_000_000 + call.community.next_number(), -call.community.id
    saved = {"id": number, "owner_id": owner, "date": clock.timestamp()}
    saved["access_key"] = secrets.token_hex(9)
    call.world.media[f"{kind}{owner}_{number}"] = saved
    return saved
