"""A team's group that becomes a supergroup, over HTTP: by refusal and by service message (R23)."""

from datetime import timedelta

import pytest

from bots.clocks import SetClock
from bots.runner import Runner
from flows.loading import bundle_of, read_program
from storage.database import open_database
from tests.bots.messengers import Telegram
from tests.bots.runtime import PROJECT, SCHOOL, SEAL, START, loaded
from tests.emulators.telegram import places


class Team:
    """A bot on Telegram whose leads are shown in an ordinary group."""

    def __init__(self, side, database) -> None:
        self.side, self.database = side, database
        self.alarms: list[tuple[str, dict]] = []
        self.clock = SetClock(START)

    async def open(self, group: int) -> "Team":
        """Begin, or begin again as after a restart."""
        project = loaded(SCHOOL, PROJECT.replace("{telegram: -100}", f"{{telegram: {group}}}"))
        self.channel = self.side.channel()
        self.runner = Runner(
            self.database,
            SEAL,
            self.clock,
            self.clock,
            {"tg": (self.channel, bundle_of(project, project.project.bots["tg"]))},
            texts={one.hash: project.texts[name] for name, one in project.programs.items()},
            read=lambda funnel, text: read_program(text, f"funnels/{funnel}.yaml"),
            alarm=lambda kind, facts: self.alarms.append((kind, dict(facts))),
            alone=True,
        )
        await self.runner.open()
        return self

    async def goes_on(self) -> None:
        """The bot hears, plays and sends all there is."""
        await self.runner.fetchers["tg"].once()
        await self.runner.settle()

    async def lead(self, account: int) -> None:
        """Somebody comes to the end of the funnel."""
        person = self.side.emulator.add_user(account, "Мария")
        person.start()
        await self.goes_on()
        for label in ("С нуля", "Два", "Согласен"):
            person.press(label)
            await self.goes_on()
        person.share_contact(f"+7900{account:07}")
        await self.goes_on()

    def cards(self, chat: int) -> list[str]:
        """The titles of the cards that came to a chat."""
        rows = self.side.emulator.journal.messages(chat=chat)
        return [row.text.splitlines()[1].split(",")[0] for row in rows]


@pytest.fixture
async def team(tmp_path, new_sqlite):
    """The bot, its group and a manager in it."""
    side = Telegram(tmp_path)
    await side.start()
    group = side.emulator.add_group("Продажи", kind="group")
    side.emulator.put_bot(group, side.bot, side.person)
    side.bot.queue.pending.clear()
    database = await open_database(new_sqlite(), exclusive=True)
    team = Team(side, database)
    team.group = group
    await team.open(group.id)
    yield team
    await team.channel.close()
    await database.close()
    await side.stop()


@pytest.mark.parametrize("heard", [True, False])
async def test_the_card_comes_once_at_the_new_address(team, heard):
    new = places.migrate(team.side.emulator.world, team.group)
    if not heard:  # the service message is lost: the refusal tells
        team.side.bot.queue.pending.clear()
    await team.lead(601)
    await team.lead(602)
    assert team.cards(team.group.id) == []
    assert len(team.cards(new.id)) == 2
    moved = [facts for kind, facts in team.alarms if kind == "chat_moved"]
    assert moved == [{"bot": "tg", "old": str(team.group.id), "new": str(new.id)}]
    refused = [one for one in team.side.emulator.journal.calls if one.status == 400]
    assert len(refused) == (0 if heard else 1)


@pytest.mark.parametrize("heard", [True, False])
async def test_what_is_queued_moves_too_and_a_restart_remembers(team, heard):
    team.side.emulator.fail("server_error", "sendMessage", chat=team.group.id, times=2)
    await team.lead(601)
    await team.lead(602)
    new = places.migrate(team.side.emulator.world, team.group)
    if not heard:
        team.side.bot.queue.pending.clear()
    for _ in range(5):
        team.clock.move(timedelta(seconds=70))
        await team.goes_on()
    assert len(team.cards(new.id)) == 2
    await team.channel.close()
    await team.open(team.group.id)
    await team.lead(603)
    assert len(team.cards(new.id)) == 3
    refused = [one for one in team.side.emulator.journal.calls if one.status == 400]
    assert len(refused) == (0 if heard else 1)
    assert len([kind for kind, _ in team.alarms if kind == "chat_moved"]) == 1


async def test_a_press_under_the_card_at_the_new_address_counts(team):
    new = places.migrate(team.side.emulator.world, team.group)
    await team.lead(601)
    manager = team.side.emulator.add_user(111, "Анна")
    places.join(team.side.emulator.world, new, manager.user)
    manager.press("Взять в работу", chat=new)
    await team.goes_on()
    (card,) = team.side.emulator.journal.messages(chat=new.id)
    assert any("Анна" in edit["text"] for edit in card.edits)


async def test_formatting_that_is_refused_goes_plain_and_is_told_with_its_place(team):
    for account in (601, 602):
        team.side.emulator.fail("cant_parse", "sendMessage", chat=account)
        team.side.emulator.add_user(account, "Мария").start()
        await team.goes_on()
    told = [facts for kind, facts in team.alarms if kind == "markup"]
    assert [(one["bot"], one["funnel"], one["place"]) for one in told] == [
        ("tg", "school", "main.level")
    ]
    assert "can't parse entities" in told[0]["reason"]
    for account in (601, 602):
        (row,) = team.side.emulator.journal.messages(chat=account)
        assert row.text == "Какой у вас уровень?"


async def test_plain_text_that_is_refused_too_is_given_up(team):
    team.side.emulator.fail("cant_parse", "sendMessage", chat=601, times=None)
    team.side.emulator.add_user(601, "Мария").start()
    await team.goes_on()
    calls = [one for one in team.side.emulator.journal.calls if one.method == "sendMessage"]
    assert len(calls) == 2
    (told,) = [facts for kind, facts in team.alarms if kind == "rejected"]
    assert (told["funnel"], told["place"]) == ("school", "main.level")
