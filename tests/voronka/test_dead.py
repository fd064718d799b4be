"""`voronka dead`: nothing personal unless it is asked for, and that is recorded (R5, R56)."""

import asyncio
import json

import pytest
from sqlalchemy import select, update

from storage import bots, inbox, outbox, people, requests
from storage.database import open_database
from storage.outbox import Lane
from storage.seal import Seal, new_keys, read_keys
from storage.tables import audit
from storage.tables import inbox as inbox_table
from storage.tables import outbox as outbox_table
from storage.work import Do

CANARY = "Анна +79161234567 \x1b[31m"


@pytest.fixture(params=["sqlite", "postgresql"])
def letters(request, voronka, project):
    """A project with one dead letter of each kind, and one request that needed its answer then."""
    path = project / "voronka.yaml"
    keys = new_keys()
    env = f"VORONKA_KEYS={keys.reveal()}\n"
    url = f"sqlite:///{project}/var/voronka.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres")()
        path.write_text(path.read_text(encoding="utf-8") + "database: $DATABASE_URL\n")
        env += f"DATABASE_URL={url}\n"
    (project / ".env").write_text(env, encoding="utf-8")
    assert voronka("db", "upgrade").exit_code == 0
    asyncio.run(fill(url, Seal(read_keys(keys))))
    return url


async def fill(url, seal):
    """Three letters of bot `site`."""
    database = await open_database(url, exclusive=False)
    site = {"name": "site", "channel": "web", "external_id": "s"}
    person = {"person_id": 1, "identity_id": 1, "uid": "u", "bot_id": 1, "external_id": "1"}
    event = {
        "source_key": "web:abc:1", "bot_id": 1, "identity_id": 1, "person_id": 1,
        "kind": "person", "received_us": 1_767_225_600_000_000,
        "raw_sealed": seal.seal_json("inbox.raw_sealed", {"text": CANARY}),
    }  # fmt: skip
    asked = [
        {
            "key": target, "target": target, "due_us": 1_767_225_600_000_000, "state": "dead",
            "person_id": 1, "error": "the server answered 500",
            "request_sealed": seal.seal_json("requests.request_sealed", {"body": CANARY}),
        }
        for target in ("http:crm.example.ru", "member")
    ]  # fmt: skip
    card = {
        "id": 1, "bot_id": 1, "chat": "-100", "lane": int(Lane.TEAM), "state": "failed",
        "due_us": 1_767_225_600_000_000, "final_us": 9, "error": "the bot is not a member",
        "payload_sealed": seal.seal_json("outbox.payload_sealed", {"message": CANARY}),
    }  # fmt: skip
    await database.commit(
        [
            *bots.register([site]),
            *people.create([person]),
            *inbox.add([event]),
            *inbox.dead(1, "hearing.py:10 read\nKeyError"),
            *requests.add(asked),
            *outbox.add([card]),
        ]
    )
    await database.close()


def rows(url, statement):
    async def read():
        database = await open_database(url, exclusive=False)
        try:
            return await database.fetch(statement)
        finally:
            await database.close()

    return asyncio.run(read())


def test_the_list_names_each_without_a_word_of_the_person(voronka, letters):
    result = voronka("dead", "list")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "e1  01.01.2026 03:00  person · site  KeyError\n"
        "r1  01.01.2026 03:00  http:crm.example.ru  the server answered 500\n"
        "r2  01.01.2026 03:00  member  the server answered 500\n"
        "m1  01.01.2026 03:00  send · site → -100  the bot is not a member\n"
    )
    told = json.loads(voronka("dead", "list", "--json").stdout)
    assert [(each["name"], each["replay"]) for each in told] == [
        ("e1", True), ("r1", True), ("r2", False), ("m1", True),
    ]  # fmt: skip


def test_one_is_shown_with_its_trace_and_its_contents_only_when_asked(voronka, letters):
    for name in ("e1", "r1", "m1"):
        closed = voronka("dead", "show", name)
        assert closed.exit_code == 0, closed.output
        assert "Анна" not in closed.output
        assert "Содержимое личное и скрыто" in closed.output
    assert "  hearing.py:10 read\n  KeyError\n" in voronka("dead", "show", "e1").stdout
    assert rows(letters, select(audit)) == []
    for name in ("e1", "r1", "m1"):
        opened = voronka("dead", "show", name, "--show")
        assert "Анна +79161234567" in opened.stdout
        assert "\x1b" not in opened.stdout
    deeds = rows(letters, select(audit).order_by(audit.c.id))
    assert [(deed.action, deed.subject) for deed in deeds] == [
        ("dead.show", "dead:e1"), ("dead.show", "dead:r1"), ("dead.show", "dead:m1"),
    ]  # fmt: skip
    assert all(deed.who.startswith("cli:") and "Анна" not in deed.data for deed in deeds)


def test_replay_lets_all_go_but_what_makes_no_sense(voronka, letters):
    result = voronka("dead", "replay", "--all")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "e1: пойдёт снова",
        "r1: пойдёт снова",
        "r2: не повторить: ответ нужен был в тот миг. Убрать: voronka dead drop r2",
        "m1: пойдёт снова",
    ]
    (event,) = rows(letters, select(inbox_table.c.state, inbox_table.c.error))
    (card,) = rows(letters, select(outbox_table.c.state, outbox_table.c.final_us))
    assert (event.state, event.error, card.state, card.final_us) == ("new", "", "queued", None)
    deeds = rows(letters, select(audit).order_by(audit.c.id))
    assert [(deed.action, deed.data) for deed in deeds] == [
        ("dead.replay", "KeyError"),
        ("dead.replay", "the server answered 500"),
        ("dead.replay", "the bot is not a member"),
    ]
    assert [each["name"] for each in json.loads(voronka("dead", "list", "--json").stdout)] == [
        "r2"
    ]


def test_drop_ends_the_named_ones_only(voronka, letters):
    assert voronka("dead", "drop", "e1", "r2").stdout == "e1: убрано\nr2: убрано\n"
    again = voronka("dead", "drop", "e1")
    assert (again.exit_code, again.stderr) == (2, "e1 не отложено (уже).\n")
    (event,) = rows(letters, select(inbox_table.c.state, inbox_table.c.error))
    assert (event.state, event.error.rsplit("\n", 1)[-1]) == ("ignored", "KeyError")
    voronka("dead", "drop", "--all")
    assert voronka("dead", "list").stdout == "Ничего не отложено.\n"
    assert voronka("dead", "drop", "--all").stdout == "Ничего не отложено.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replay"], "Назовите номера (e12, r5, m7) или дайте --all."),
        (["replay", "e1", "--all"], "Назовите номера (e12, r5, m7) или дайте --all."),
        (["show", "12"], "«12» — не номер: пишите e12, r5 или m7"),
        (["show", "e99"], "e99 не отложено (уже)."),
    ],
)
def test_a_wrong_name_is_a_sentence(voronka, letters, words, told):
    result = voronka("dead", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith(told)


def test_a_message_to_a_person_is_no_dead_letter(voronka, letters):
    changed = update(outbox_table).values(lane=int(Lane.REPLY))

    async def change():
        database = await open_database(letters, exclusive=False)
        await database.commit([Do(changed)])
        await database.close()

    asyncio.run(change())
    assert voronka("dead", "show", "m1").exit_code == 2
