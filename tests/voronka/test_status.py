"""`voronka status`: read from the database beside a runner; 1 when a person is needed (R62)."""

import asyncio
import json
import secrets

import pytest
from sqlalchemy import insert

from storage import bots, inbox, leases, migration, notes, outbox, people
from storage.database import open_database
from storage.outbox import Lane
from storage.seal import new_keys
from storage.tables import timers
from storage.work import Do
from voronka.ages import told_age, told_size


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request, voronka, project):
    """The project with a database of each kind that knows one bot, one person and a runner."""
    path = project / "voronka.yaml"
    text = path.read_text(encoding="utf-8")
    env = f"VORONKA_KEYS={new_keys().reveal()}\n"
    if request.param == "postgresql":
        text += "database: $DATABASE_URL\n"
        url = request.getfixturevalue("new_postgres")()
        env += f"DATABASE_URL={url}\n"
    else:
        url = f"sqlite:///{project}/var/voronka.db"
    path.write_text(text, encoding="utf-8")
    (project / ".env").write_text(env, encoding="utf-8")
    assert voronka("db", "upgrade").exit_code == 0
    return Base(url)


class Base:
    """A database that tests write to between two looks of the command."""

    def __init__(self, url):
        self.url = url
        site = {"name": "site", "channel": "web", "external_id": "s"}
        person = {
            "person_id": 1, "identity_id": 1, "uid": secrets.token_hex(8), "bot_id": 1,
            "external_id": "1",
        }  # fmt: skip
        self.commits(bots.register([site]), people.create([person]))
        self.takes("poll:site")

    def takes(self, name, seconds=600.0):
        """A runner takes a lease."""
        asyncio.run(self._with(lambda it: it.returning(leases.take(name, "ab" * 8, seconds))))

    def commits(self, *works):
        """Store all of it."""
        asyncio.run(self._with(lambda it: it.commit([do for work in works for do in work])))

    async def _with(self, call):
        database = await open_database(self.url, exclusive=False)
        try:
            return await call(database)
        finally:
            await database.close()


def event(number, **more):
    return {
        "source_key": f"web:{number}", "bot_id": 1, "identity_id": 1, "person_id": 1,
        "kind": "person", "received_us": 1_767_225_600_000_000, **more,
    }  # fmt: skip


def state(voronka, code):
    result = voronka("status", "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_a_project_at_work_needs_nobody(voronka, base):
    result = voronka("status")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"Воронка запущена\nБаза: схема {migration.head()}, ")
    assert "Аренды: poll:site №1" in result.stdout
    assert "Бот «site» (web): работает" in result.stdout
    assert result.stdout.endswith("✓ Вмешательство не нужно.\n")
    english = voronka("status", "--language", "en").stdout
    assert english.startswith("Voronka is running\n")
    assert english.endswith("✓ Nothing needs a person.\n")


def test_the_json_tells_the_same_and_is_ok(voronka, base):
    base.commits(outbox.add([{
        "id": 1, "bot_id": 1, "chat": "9", "lane": int(Lane.LETTER), "due_us": 9 * 10**17,
    }]))  # fmt: skip
    told = state(voronka, 0)
    assert (told["ok"], told["worries"], told["running"], told["people"]) == (True, [], True, 1)
    assert told["queue"] == [
        {"bot": "site", "lane": "letter", "state": "queued", "decided": False, "count": 1,
         "oldest": 0.0}
    ]  # fmt: skip
    assert told["schema"] == migration.head()
    assert [lease["name"] for lease in told["leases"]] == ["poll:site"]


def test_a_runner_that_is_gone_needs_a_person(voronka, base):
    base.commits(leases.give_back("ab" * 8))
    assert [each["code"] for each in state(voronka, 1)["worries"]] == ["stopped"]
    assert "✗ Воронка не запущена: voronka run." in voronka("status").stdout


def test_what_stands_still_needs_a_person(voronka, base):
    base.commits(
        inbox.add([event(1)]),
        [Do(insert(timers), [{"id": 1, "person_id": 1, "name": "wait:a", "due_us": 1}])],
        outbox.add([{"id": 1, "bot_id": 1, "chat": "9", "lane": int(Lane.REPLY), "due_us": 1}]),
    )
    told = state(voronka, 1)
    assert [each["code"] for each in told["worries"]] == ["unread", "timers", "queue"]
    assert (told["unread"], told["timers_due"], told["timers_late"]) == (1, 1, 1)
    assert told["unread_age"] > 300


def test_a_halted_bot_a_hold_and_dead_letters_need_a_person(voronka, base):
    base.commits(
        inbox.add([event(1)]),
        inbox.dead(1, "KeyError"),
        bots.set_state(1, "halted", "unauthorized"),
        notes.put("hold", "restored"),
    )
    told = state(voronka, 1)
    assert [each["code"] for each in told["worries"]] == ["hold", "halted", "dead"]
    assert "Бот «site» (web): остановлен (unauthorized)" in voronka("status").stdout


def test_a_halted_bot_that_the_project_does_not_name_is_nobodys_worry(voronka, base):
    base.commits(bots.register([{"name": "old", "channel": "vk", "external_id": "7"}]))
    base.commits(bots.set_state(2, "halted", "gone"))
    assert state(voronka, 0)["worries"] == []


def test_without_a_database_it_is_a_sentence(voronka, project):
    result = voronka("status")
    assert result.exit_code == 2
    assert result.stderr.startswith("Базы ")


def test_ages_and_sizes_are_told_shortly():
    seconds = (5, 130, 7200, 200_000)
    assert [told_age(one, "ru") for one in seconds] == ["5 с", "2 мин", "2 ч", "2 дн"]
    assert [told_age(one, "en") for one in seconds] == ["5 s", "2 min", "2 h", "2 d"]
    sizes = (2048, 3 * 1024**2, 3.5 * 1024**3)
    assert [told_size(one, "ru") for one in sizes] == ["2 КБ", "3 МБ", "3,5 ГБ"]
