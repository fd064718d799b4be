"""The emulated VK takes the files that the real one takes, and lends them to nobody else."""

import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, stage
from tests.emulators.vk.uploads import receive
from tests.samples import ogg, png


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


async def _saved(scene, content, name="file.pdf", **where):
    """The attachment of a file that was uploaded where the method says."""
    method = "docs.getWallUploadServer" if "group_id" in where else "docs.getMessagesUploadServer"
    place = await scene.get(method, **where)
    ticket = await scene.upload(place["upload_url"], "file", content, name)
    saved = await scene.get("docs.save", **ticket)
    kind = saved["type"]
    made = saved[kind]
    return f"{kind}{made['owner_id']}_{made['id']}_{made['access_key']}"


async def test_a_document_of_the_community_goes_to_anybody(scene):
    name = await _saved(scene, b"%PDF", group_id=GROUP)
    await scene.send(ANNA, attachment=name)
    await scene.send(BORIS, attachment=name)
    assert [one.attachments for one in scene.vk.journal.delivered()] == [[name], [name]]


async def test_what_was_uploaded_for_one_person_goes_to_nobody_else(scene):
    name = await _saved(scene, ogg(), type="audio_message", peer_id=ANNA)
    await scene.send(ANNA, attachment=name)
    refused = await scene.refused("messages.send", peer_id=BORIS, random_id=1, attachment=name)
    assert refused[0] == 100
    wrong = await scene.refused("messages.send", peer_id=ANNA, random_id=1, attachment=f"{name}x")
    assert wrong[0] == 100


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("doc", "song.mp3", b"ID3"),
        ("doc", "setup.EXE", b"MZ"),
        ("doc", "empty.pdf", b""),
        ("audio_message", "voice.ogg", b"RIFF"),
    ],
)
async def test_files_that_the_server_of_uploads_refuses(scene, kind, name, content):
    place = await scene.get("docs.getMessagesUploadServer", type=kind, peer_id=ANNA)
    held = await scene.upload(place["upload_url"], "file", content, name)
    assert "file" not in held
    assert held["error"]


async def test_a_picture_too_long_is_not_saved(scene):
    for picture in (png(21, 1), png(14_000, 1)):
        where = await scene.get("photos.getMessagesUploadServer")
        ticket = await scene.upload(where["upload_url"], "photo", picture)
        assert (await scene.refused("photos.saveMessagesPhoto", **ticket))[0] == 100


@pytest.mark.parametrize(
    ("kind", "content"),
    [("photo", b"GIF89a" + bytes(50 * 2**20)), ("doc", bytes(200 * 2**20 + 1))],
)
async def test_files_have_a_limit(scene, kind, content):
    held = receive(scene.vk.world, kind, GROUP, -GROUP, ("file.bin", content))
    assert held.get("photo", "[]") == "[]"
    assert "file" not in held


async def test_a_community_without_documents_takes_none_on_its_wall(scene):
    scene.vk.people.set_community(GROUP, wall_docs=False)
    refused = await scene.refused("docs.getWallUploadServer", group_id=GROUP)
    assert refused == (15, "Access denied: User can't upload docs to this group")
