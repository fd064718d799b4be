"""A city that was named puts the person's time zone into the database, and says where it is from."""

import pytest
from sqlalchemy import select

from storage.tables import people
from tests.acceptance.messengers import SIDES
from tests.acceptance.sides import NOON


@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_a_typed_city_is_kept_as_the_persons_zone(open_stage, channel):
    async with open_stage(channel, "webinar", NOON) as stage:
        await stage.do(("open", "web_1"), ("type", "Петропавловск-Камчатский"))
        (row,) = await stage.database.fetch(select(people.c.zone, people.c.zone_source))
        assert (row.zone, row.zone_source) == ("Asia/Kamchatka", "answer")


@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_an_offered_city_is_pressed(open_stage, channel):
    async with open_stage(channel, "webinar", NOON) as stage:
        await stage.do(("open", "web_1"), ("type", "Железногорск"))
        await stage.do(("press", "Железногорск (Красноярский край)"))
        assert (await stage.look()).fields["city"] == "Железногорск"
        assert (await stage.look()).zone == "Asia/Krasnoyarsk"
