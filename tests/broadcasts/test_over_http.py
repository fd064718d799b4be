"""`voronka run` and `voronka broadcast` on emulated messengers over HTTP, with a kill in the midst."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import aiohttp
import pytest

from tests.broadcasts.mailing import SHOP
from tests.crash.births import Nursery
from tests.crash.house import House
from tests.crash.messengers import VK_GROUP, Messengers
from tests.crash.story import Story, project

ON_EACH = 8
ACCOUNTS = range(5_001, 5_001 + ON_EACH)
MORE = """documents:
  advertising: {title: Реклама, version: 1, url: "https://example.ru/ads"}
limits: {gap: 3h, advertising_per_day: 1, quiet: 22:00-09:00}
"""
SALE = """\
broadcast: sale
say: "{{ name | suffix(', ') }}скидка!"
buttons: [{text: Хочу, open: sale}]
"""


async def until(house: House, holds) -> None:
    """Wait until it holds; the program must not end meanwhile."""
    async with asyncio.timeout(60):
        while not holds():
            assert not house.crashed, house.told()
            await asyncio.sleep(0.05)


def come(messengers: Messengers) -> None:
    """Everybody starts a talk."""
    for account in ACCOUNTS:
        messengers.tg.add_user(account, "Мария").start("")
        messengers.vk.add_user(account, first_name="Мария")
        messengers.vk.people.start(VK_GROUP, account)


def press(messengers: Messengers, label: str, accounts=ACCOUNTS) -> None:
    for account in accounts:
        messengers.tg.people[account].press(label)
        messengers.vk.people.press(VK_GROUP, account, label)


@pytest.mark.timeout(300)
async def test_a_broadcast_goes_on_after_a_kill_and_its_buttons_work(tmp_path) -> None:
    funnel = tmp_path / "school.yaml"
    funnel.write_text(SHOP, encoding="utf-8")
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    story = Story(funnel, project("school", MORE), start, lambda *_: [], ())
    url = f"sqlite:///{tmp_path / 'voronka.db'}"
    async with Messengers() as messengers, Nursery() as nursery:
        house = House(tmp_path / "project", messengers, url, nursery, story)
        try:
            await _agree(house, messengers)
            await _send_through_a_kill(house, messengers, tmp_path)
            await _press_its_button(house, messengers)
            await house.stop()
        finally:
            await house.clear()


def said(messengers: Messengers, words: str) -> Counter:
    """Who was told the words, and how often."""
    return Counter(one.key for one in messengers.delivered if words in one.text)


def asked(messengers: Messengers) -> set[str]:
    """Who was shown the button."""
    return {one.key for one in messengers.delivered if "Согласен" in one.labels}


async def _agree(house: House, messengers: Messengers) -> None:
    await house.start()
    async with aiohttp.ClientSession() as session:
        while not await house.idle(session) or not (await house.stand())[0]:
            assert not house.crashed, house.told()
            await asyncio.sleep(0.05)
    come(messengers)
    await until(house, lambda: len(asked(messengers)) == 2 * ON_EACH)
    press(messengers, "Согласен")
    await until(house, lambda: len(said(messengers, "Договорились")) == 2 * ON_EACH)


async def _send_through_a_kill(house: House, messengers: Messengers, tmp_path) -> None:
    file = tmp_path / "sale.yaml"
    file.write_text(SALE, encoding="utf-8")
    messengers.dawdle(1.0, 0.05)
    place = ("--project", str(house.folder))
    told = await house.command("broadcast", str(file), "--yes", "--no-follow", *place)
    assert f"Подходят: {2 * ON_EACH}" in told
    await until(house, lambda: len(said(messengers, "скидка")) >= ON_EACH // 2)
    house.kill()
    await house.buried()
    await house.start()
    shown = await house.command("broadcast", "show", "sale", "--follow", *place)
    assert "Рассылка «sale» закончена" in shown
    assert f"В списке: {2 * ON_EACH}" in shown
    got = said(messengers, "скидка")
    assert max(got.values()) == 1
    assert sum(key.startswith("vk:") for key in got) == ON_EACH
    lacking = 2 * ON_EACH - len(got)
    doubtful = [line for line in shown.splitlines() if "неизвестно, дошло ли" in line]
    assert lacking <= (int(doubtful[0].rsplit(" ", 1)[1]) if doubtful else 0)


async def _press_its_button(house: House, messengers: Messengers) -> None:
    key = next(one for one in said(messengers, "скидка") if one.startswith("tg:"))
    messengers.tg.people[int(key.split(":")[1])].press("Хочу")
    await until(house, lambda: said(messengers, "Какой курс?")[key] == 1)
