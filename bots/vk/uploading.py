"""Files for VK: each goes to the server of its kind once, and is named by its attachment after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from bots.channel import Doubtful, MessageRejected, TryLater
from bots.uploads import Digests, Flights, Uploads
from bots.vk.client import Client
from flows.media import vk_upload
from flows.messages import Media


class Files:
    """The files under ``media`` as attachments of the community ``group``.

    A photo and a document belong to the community and go to anybody. A voice message can only be
    uploaded for a peer, whose own it becomes, and so is remembered for that peer; documents too
    where the community takes none on its wall.
    """

    def __init__(self, client: Client, media: Path, uploads: Uploads) -> None:
        self.group = 0
        self._client = client
        self._media = media
        self._uploads = uploads
        self._digests = Digests()
        self._flights = Flights()

    async def attachments(
        self, media: Sequence[Media], peer: str, refused: Collection[str] = ()
    ) -> list[str]:
        """The attachments for a message to the peer, in order; none that VK has ``refused``."""
        return [await self._attachment(item, peer, refused) for item in media]

    async def private(self, path: Path, peer: str) -> str:
        """The attachment of a person's file, for this peer and nobody else."""
        place = await self._client.method("docs.getMessagesUploadServer", type="doc", peer_id=peer)
        return await self._document(Media("document", "of a person"), path, place)

    async def _attachment(self, item: Media, peer: str, refused: Collection[str]) -> str:
        path = self._media / item.path
        theirs = f"{item.kind}@{peer}"
        try:
            digest = await self._digests.of(path)
            known = await self._known(digest, (item.kind, theirs), refused)
            if known:
                return known
            own = vk_upload(item) == "audio_message"
            async with self._flights.alone([(digest, theirs if own else item.kind)]):
                known = await self._known(digest, (item.kind, theirs), refused)
                if known:
                    return known
                name, shared = await self._upload(item, path, peer)
                await self._uploads.put(digest, item.kind if shared else theirs, name)
        except OSError:
            raise MessageRejected(f"the file {item.path} cannot be read") from None
        except Doubtful as lost:  # an upload may be repeated whatever became of it
            raise TryLater(str(lost)) from None
        return name

    async def _known(
        self, digest: str, kinds: Sequence[str], refused: Collection[str]
    ) -> str | None:
        for kind in kinds:
            known = await self._uploads.get(digest, kind)
            if known and known not in refused:
                return known
        return None

    async def _upload(self, item: Media, path: Path, peer: str) -> tuple[str, bool]:
        """The attachment, and whether it may go to anybody."""
        kind = vk_upload(item)
        if kind == "photo":
            return await self._photo(item, path), True
        place = await self._wall_server() if kind == "doc" else None
        if place is not None:
            return await self._document(item, path, place), True
        place = await self._client.method("docs.getMessagesUploadServer", type=kind, peer_id=peer)
        return await self._document(item, path, place), False

    async def _wall_server(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = await self._client.method(
                "docs.getWallUploadServer", group_id=self.group
            )
        except MessageRejected:  # the community's documents are switched off
            return None
        return found

    async def _document(self, item: Media, path: Path, place: dict[str, Any]) -> str:
        held = await self._client.upload(place["upload_url"], "file", path)
        if "file" not in held:
            raise MessageRejected(f"VK does not take the file {item.path}")
        saved = await self._client.method("docs.save", file=held["file"], title=path.name)
        return _name(saved["type"], saved[saved["type"]])

    async def _photo(self, item: Media, path: Path) -> str:
        # without a peer: the photo lies in a hidden album and goes to any dialog
        place = await self._client.method("photos.getMessagesUploadServer")
        held = await self._client.upload(place["upload_url"], "photo", path)
        wanted = {name: held[name] for name in ("photo", "server", "hash") if name in held}
        if wanted.get("photo") in (None, "", "[]"):
            raise MessageRejected(f"VK does not take the picture {item.path}")
        (saved,) = await self._client.method("photos.saveMessagesPhoto", **wanted)
        return _name("photo", saved)


def _name(kind: str, saved: dict[str, Any]) -> str:
    key = f"_{saved['access_key']}" if saved.get("access_key") else ""
    return f"{kind}{saved['owner_id']}_{saved['id']}{key}"
