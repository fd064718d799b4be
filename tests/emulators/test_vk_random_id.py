"""random_id keeps VK from delivering twice: in one dialog, for an hour and a hundred messages."""

import pytest

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, stage


@pytest.fixture
def watch(tmp_path, monkeypatch):
    path = tmp_path / "clock"
    path.write_text("2026-11-22T10:00:00+00:00")
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(path))
    return path


@pytest.fixture
async def scene():
    async with stage() as ready:
        yield ready


async def test_a_repeat_returns_the_first_message(scene):
    first = await scene.send(random_id=7)
    assert await scene.send(random_id=7, message="Уже другой текст") == first
    assert len(scene.vk.journal.delivered()) == 1
    assert scene.vk.journal.duplicates == 1


async def test_zero_is_not_checked(scene):
    assert await scene.send(random_id=0) != await scene.send(random_id=0)


async def test_negative_numbers_count_too(scene):
    assert await scene.send(random_id=-5) == await scene.send(random_id=-5)


async def test_another_dialog_is_another_matter(scene):
    await scene.send(ANNA, random_id=7)
    await scene.send(BORIS, random_id=7)
    assert [one.peer for one in scene.vk.journal.delivered()] == [ANNA, BORIS]


async def test_another_community_is_another_sender(scene):
    scene.vk.add_community(102, "second-key")
    scene.vk.people.set_relation(102, ANNA, allowed=True)
    await scene.send(random_id=7)
    await scene.send(random_id=7, access_token="second-key")
    assert [one.group for one in scene.vk.journal.delivered()] == [GROUP, 102]


@pytest.mark.parametrize(
    ("moment", "delivered"),
    [("2026-11-22T11:00:00+00:00", 1), ("2026-11-22T11:00:01+00:00", 2)],
)
async def test_it_is_remembered_for_an_hour(watch, scene, moment, delivered):
    await scene.send(random_id=7)
    watch.write_text(moment)
    await scene.send(random_id=7)
    assert len(scene.vk.journal.delivered()) == delivered


@pytest.mark.parametrize(("others", "delivered"), [(99, 1), (100, 2)])
async def test_it_is_remembered_for_a_hundred_messages(scene, others, delivered):
    await scene.send(random_id=7)
    for number in range(others):
        scene.vk.people.write(GROUP, ANNA, str(number))
    await scene.send(random_id=7)
    assert len(scene.vk.journal.delivered()) == delivered


async def test_an_array_repeats_its_first_results(scene):
    both = {"peer_ids": f"{ANNA},{BORIS}", "random_id": 7, "message": "Всем"}
    first = await scene.get("messages.send", **both)
    assert await scene.get("messages.send", **both) == first
    assert scene.vk.journal.duplicates == 2


async def test_a_refused_message_is_not_remembered(scene):
    scene.vk.people.deny(GROUP, ANNA)
    await scene.refused("messages.send", peer_id=ANNA, random_id=7, message="Привет")
    scene.vk.people.allow(GROUP, ANNA)
    await scene.send(random_id=7)
    assert len(scene.vk.journal.delivered()) == 1
