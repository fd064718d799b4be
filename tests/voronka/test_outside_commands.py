"""``voronka codes``, ``event`` and ``secret``, beside a database that somebody else may hold."""

import asyncio
import secrets

import pytest

from storage import bots, codes, inbox, people
from storage.database import open_database
from storage.seal import Seal, new_keys, read_keys
from voronka.outside import whom


@pytest.fixture
def filled(voronka, project):
    """The project with keys, a database and one visitor; the database's address and its seal."""
    keys = new_keys()
    (project / ".env").write_text(f"VORONKA_KEYS={keys.reveal()}\n", encoding="utf-8")
    assert voronka("db", "upgrade").exit_code == 0
    url, seal = f"sqlite:///{project / 'var' / 'voronka.db'}", Seal(read_keys(keys))
    asyncio.run(_welcome(url))
    return url, seal


async def _welcome(url):
    database = await open_database(url, exclusive=False)
    await database.commit(bots.register([{"name": "site", "channel": "web", "external_id": "s"}]))
    sender = {"person_id": 1, "identity_id": 1, "uid": secrets.token_hex(8)}
    await database.commit(people.create([{**sender, "bot_id": 1, "external_id": "501"}]))
    await database.close()


def commits(url, *work):
    """Store something as the running program does."""

    async def commit():
        database = await open_database(url, exclusive=False)
        for one in work:
            if isinstance(one, list):
                await database.commit(one)
            else:
                await database.returning(one)
        await database.close()

    asyncio.run(commit())


def heard(url, seal):
    """What the inbox holds."""

    async def fetch():
        database = await open_database(url, exclusive=False)
        found = await database.fetch(inbox.unread_rows([1], 100))
        await database.close()
        return found

    rows = asyncio.run(fetch())
    return [(row.kind, seal.open_json("inbox.raw_sealed", row.raw_sealed)) for row in rows]


def test_codes_are_loaded_once_and_counted(voronka, filled, project):
    (project / "spring.txt").write_text("\ufeffA1\nA2\n\nA1\n A3 \n", encoding="utf-8")
    assert voronka("codes", "list").output.strip() == "Кодов пока нет."
    assert (
        voronka("codes", "load", "spring", "spring.txt").output.strip() == "spring: 3 новых кода"
    )
    (project / "more.txt").write_text("A3\nA4\n", encoding="utf-8")
    again = voronka("codes", "load", "spring", "more.txt", "--language", "en")
    assert again.output.strip() == "spring: 1 new code, 1 known"
    commits(filled[0], codes.take("spring", 1, 1, None))
    assert "│ spring │ 3        │ 1      │ 0        │ 0       │" in voronka("codes", "list").output


@pytest.mark.parametrize("text", ["", "x" * 65])
def test_a_file_without_codes_is_refused(voronka, filled, project, text):
    (project / "bad.txt").write_text(text, encoding="utf-8")
    result = voronka("codes", "load", "spring", "bad.txt")
    assert result.exit_code == 2
    assert "bad.txt:1: нужен код на строке" in result.output
    assert voronka("codes", "load", "spring", "nowhere.txt").exit_code == 2


def test_a_redeemed_code_is_heard_of_by_the_funnel(voronka, filled):
    url, seal = filled
    commits(url, codes.load("spring", ["A1"]), codes.take("spring", 1, 1, None))
    assert voronka("codes", "redeem", "A1").output.strip() == "spring: код погашен."
    assert heard(url, seal) == [("code", {"code": "A1"})]
    again = voronka("codes", "redeem", "A1")
    assert (again.exit_code, again.output.strip()) == (2, "Код уже погашен.")
    unknown = voronka("codes", "redeem", "B1", "--language", "en")
    assert (unknown.exit_code, unknown.output.strip()) == (2, "Nobody has this code.")
    assert len(heard(url, seal)) == 1


def test_an_event_is_told_from_the_command_line(voronka, filled):
    url, seal = filled
    told = voronka("event", "paid", "--person", "501", "--data", '{"amount": 5}', "--key", "k")
    assert told.output.strip() == "Событие записано."
    again = voronka("event", "paid", "--person", "id:501", "--key", "k")
    assert again.output.strip() == "Такое событие уже записано."
    assert heard(url, seal) == [("event", {"name": "paid", "data": {"amount": 5}})]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("paid", "--person", "502"), "Такого человека у этого бота нет."),
        (("paid", "--person", "+79161234567"), "Такого человека у этого бота нет."),
        (("paid", "--person", "phone:x"), "Номер или адрес не читается."),
        (("Paid", "--person", "501"), "Имя события — a–z, 0–9 и «_», начинается с буквы."),
        (("paid", "--person", "501", "--bot", "tg"), "Какой бот (--bot): site?"),
        (("paid", "--person", "501", "--data", "[1]"), 'В --data нужен JSON: {"amount": 4500}.'),
    ],
)
def test_an_event_that_cannot_be_told_is_explained(voronka, filled, words, sentence):
    result = voronka("event", *words)
    assert (result.exit_code, result.output.strip()) == (2, sentence)


def test_people_are_named_by_their_look_or_by_a_word():
    assert whom("501") == {"id": "501"}
    assert whom("+79161234567") == {"phone": "+79161234567"}
    assert whom("a@example.ru") == {"email": "a@example.ru"}
    assert whom("token:1.x") == {"token": "1.x"}


def test_the_derived_secret_is_shown_when_it_is_asked_for(voronka, filled, project):
    assert voronka("secret", "events").output.strip() == filled[1].secret("events")
    assert voronka("secret", "http").output.strip() != filled[1].secret("events")
    file = project / "voronka.yaml"
    file.write_text(file.read_text("utf-8") + "events: {secret: $SHOP}\n", encoding="utf-8")
    assert "значение $SHOP" in voronka("secret", "events").output
