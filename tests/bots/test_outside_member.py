"""Who is subscribed: asked of Telegram and VK, and what a funnel makes of it."""

import pytest

from bots.channel import BotHalted, CallFailed, TryLater
from bots.vk.membership import community, is_inside
from storage.database import open_database
from tests.bots.messengers import PERSON, Telegram, Vk
from tests.bots.outside import asking
from tests.emulators.telegram.members import set_user_status

FUNNEL = """
funnel: school
entry: [start]
flows:
  main:
    - member: "@school"
      then: [Подписан]
      else: [Не подписан]
      otherwise: [Не узнать]
"""


@pytest.fixture
async def telegram(tmp_path):
    side = Telegram(tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def vk(tmp_path):
    side = Vk(tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.mark.parametrize(
    ("status", "told"),
    [("member", True), ("administrator", True), ("creator", True), ("left", False)],
)
async def test_telegram_tells_who_reads_a_channel(telegram, status, told):
    news = telegram.emulator.add_channel("Школа", username="school")
    telegram.emulator.put_bot(news, telegram.bot, telegram.person, admin=True)
    set_user_status(telegram.emulator.world, news, PERSON, status)
    channel = telegram.channel()
    for named in ("@school", "school", str(news.id)):
        assert await channel.member(named, str(PERSON)) is told
    await channel.close()


async def test_telegram_does_not_tell_a_bot_that_is_no_administrator(telegram):
    telegram.emulator.add_channel("Школа", username="school")
    channel = telegram.channel()
    with pytest.raises(CallFailed, match="inaccessible") as refused:
        await channel.member("@school", str(PERSON))
    assert not isinstance(refused.value, TryLater | BotHalted)
    with pytest.raises(CallFailed, match="chat not found"):
        await channel.member("@nowhere", str(PERSON))
    await channel.close()


async def test_vk_tells_who_is_in_a_community(vk):
    channel = vk.channel()
    for named in ("9", "-9", "club9", "@public9"):
        assert await channel.member(named, str(PERSON)) is False
    vk.people.join(vk.group, PERSON)
    assert await channel.member("9", str(PERSON)) is True
    assert await channel.member(vk.community.screen_name, str(PERSON)) is True
    with pytest.raises(CallFailed):
        await channel.member("nowhere", str(PERSON))
    await channel.close()


def test_communities_are_named_as_people_name_them():
    assert [community(one) for one in ("-123", "club123", "@school", "school")] == [
        "123",
        "123",
        "school",
        "school",
    ]
    assert is_inside({"member": 1, "request": 0})
    assert not is_inside({"member": 0})


@pytest.mark.parametrize(
    ("members", "said"),
    [({"@school": True}, "Подписан"), ({"@school": False}, "Не подписан"), ({}, "Не узнать")],
)
async def test_a_funnel_parts_by_what_the_messenger_tells(database_url, members, said):
    database = await open_database(database_url, exclusive=True)
    async with asking(database, FUNNEL) as world:
        world.tg.members = members
        await world.does(start="")
        assert world.tg.texts() == [said]
        assert [row.target for row in await world.requests()] == ["member"]
    await database.close()
