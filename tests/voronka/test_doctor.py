"""`voronka doctor` against the emulated messengers: what is wrong, how to mend it, no secrets."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from flows.accounts import Alerts
from flows.problems import Mark
from flows.secrecy import Secret
from storage.seal import new_keys
from tests.bots.messengers import CANARY, TOKEN, Telegram, Vk
from tests.voronka.conftest import PROJECT
from voronka.examining import machine, messengers
from voronka.settings import Settings

BOTS = """\
project: small
bots:
  site: {{channel: web, funnels: [small]}}
  tg: {{channel: telegram, token: $TG, api_url: "{tg}", funnels: [small]}}
  vk: {{channel: vk, token: $VK, group: {group}, api_url: "{vk}", funnels: [small]}}
teams:
  sales: {{notify: {{telegram: {tg_chat}, vk: {vk_chat}}}}}
"""


@pytest.fixture
async def sides(tmp_path):
    """Both messengers, each with a team's chat."""
    telegram, vk = Telegram(tmp_path), Vk(tmp_path)
    await telegram.start()
    await vk.start()
    yield SimpleNamespace(
        telegram=telegram, vk=vk, tg_chat=telegram.team(), vk_chat=vk.team(), group=vk.group
    )
    await telegram.stop()
    await vk.stop()


async def looked(voronka, project, sides, *options, written=BOTS, **changes):
    """The lines of the command as `(level, text)`, run beside the emulators, and its exit code."""
    given = {
        "tg": sides.telegram.emulator.url, "vk": sides.vk.emulator.url, "group": sides.group,
        "tg_chat": sides.tg_chat, "vk_chat": sides.vk_chat,
    } | changes  # fmt: skip
    (project / "voronka.yaml").write_text(written.format(**given), encoding="utf-8")
    env = project / ".env"
    keys = new_keys().reveal()
    tokens = f"TG={TOKEN['telegram']}\nVK={TOKEN['vk']}\n"
    env.write_text(f"VORONKA_KEYS={keys}\n{tokens}", encoding="utf-8")
    env.chmod(0o600)
    result = await asyncio.to_thread(voronka, "doctor", "--json", *options)
    assert CANARY not in result.output
    assert keys not in result.output
    lines = json.loads(result.stdout)
    assert all(line["mend"] for line in lines if line["level"] == "error")
    return [(line["level"], line["text"]) for line in lines], result.exit_code


async def test_a_sound_project_has_nothing_to_mend(voronka, project, sides):
    await sides.vk.channel().prepare(consent=False)
    lines, code = await looked(voronka, project, sides)
    assert code == 0, lines
    assert ("ok", "Бот «tg»: токен принят: @london_bot") in lines
    assert ("ok", f"Бот «tg»: чат {sides.tg_chat} открыт") in lines
    assert ("ok", "Бот «vk»: токен принят: club9") in lines
    assert ("ok", "Бот «vk»: Long Poll включён") in lines
    assert [text for level, text in lines if level == "error"] == []


async def test_the_look_changes_nothing_in_the_messengers(voronka, project, sides):
    await looked(voronka, project, sides)
    asked = {one.method for one in sides.vk.emulator.journal.calls()}
    assert "groups.setLongPollSettings" not in asked
    assert "messages.send" not in asked
    asked = {one.method for one in sides.telegram.emulator.journal.calls}
    assert asked <= {"getMe", "getWebhookInfo", "getChat", "getChatMember"}


async def test_what_is_wrong_in_the_messengers_is_told_with_its_mend(voronka, project, sides):
    url = "https://foreign.invalid/hook/PATH-CANARY"
    sides.telegram.bot.webhook = {"url": url, "max_connections": 40, "secret_token": ""}
    sides.telegram.bot.queue.webhook_url = url
    lines, code = await looked(
        voronka, project, sides, group=10, tg_chat=-100999, vk_chat=2_000_000_077
    )
    assert code == 1
    wrong = [text for level, text in lines if level == "error"]
    assert wrong[0] == "Бот «tg»: события забирает вебхук на foreign.invalid"
    assert wrong[1].startswith("Бот «tg»: в чат -100999 не написать")
    assert "ключ сообщества 9, а в group стоит 10" in wrong[2]
    assert "PATH-CANARY" not in str(lines)
    lines, code = await looked(voronka, project, sides, vk_chat=2_000_000_077)
    wrong = [text for level, text in lines if level == "error"]
    assert "Бот «vk»: в чат 2000000077 не написать" in str(wrong)


async def test_a_chat_that_threw_the_bot_out_is_told(voronka, project, sides):
    sides.telegram.group.members[sides.telegram.bot.id] = "left"
    lines, code = await looked(voronka, project, sides)
    assert code == 1
    assert any(f"в чат {sides.tg_chat} не написать" in text for _, text in lines)


async def test_the_owners_chats_are_looked_at_by_the_bot_that_tells_them(voronka, project, sides):
    lines, code = await looked(
        voronka, project, sides, written=f"{BOTS}alerts: {{{{telegram: [-4242]}}}}\n"
    )
    assert code == 1
    assert [text for _, text in lines if "-4242" in text] == [
        "Бот «tg»: в чат -4242 не написать (Bad Request: chat not found)"
    ]


async def test_a_token_that_the_messenger_refuses_is_told(voronka, project, sides):
    sides.telegram.emulator.world.bots.clear()
    lines, code = await looked(voronka, project, sides)
    assert code == 1
    assert any("Бот «tg»: токен не принят" in text for _, text in lines)


async def test_a_long_poll_that_is_off_and_rights_that_lack_are_told(voronka, project, sides):
    lines, code = await looked(voronka, project, sides)
    assert code == 0
    assert any("Long Poll выключен" in text for level, text in lines if level == "warning")
    sides.vk.community.permissions = {"messages"}
    lines, code = await looked(voronka, project, sides)
    assert code == 1
    assert any("у ключа нет прав: manage" in text for level, text in lines if level == "error")


async def test_offline_asks_nobody(voronka, project, sides):
    lines, code = await looked(voronka, project, sides, "--offline")
    assert code == 0
    assert not any("Бот «" in text for _, text in lines)
    assert sides.vk.emulator.journal.calls() == []


async def test_a_messenger_that_hangs_is_left_after_its_seconds(project, sides):
    sides.telegram.emulator.fail("hold", "getMe")
    loaded = SimpleNamespace(
        bots={
            "tg": SimpleNamespace(
                name="tg", channel="telegram", token="$TG", group="",
                api_url=sides.telegram.emulator.url, proxy="", updates="polling",
            )
        },
        teams={},
        public_url="",
        alerts=Alerts(mark=Mark("voronka.yaml", 1, 1)),
    )  # fmt: skip
    settings = Settings({"TG": Secret(TOKEN["telegram"])})
    (line,) = await messengers.examine(loaded, settings, seconds=0.3)
    assert line.level == "error"
    assert "мессенджер не отвечает" in line.ru
    sides.telegram.emulator.release()


def test_an_env_file_that_others_read_is_told(voronka, project):
    env = project / ".env"
    env.write_text("VORONKA_KEYS=k1:secret-canary\n", encoding="utf-8")
    env.chmod(0o644)
    result = voronka("doctor", "--offline")
    assert result.exit_code == 1
    assert "✗ .env читают не только вы (644)\n  → chmod 600 .env\n" in result.stdout
    assert "secret-canary" not in result.output


def test_broken_files_and_tokens_that_nobody_set_are_told(voronka, project):
    (project / "funnels" / "small.yaml").write_text("funnel: small\n", encoding="utf-8")
    result = voronka("doctor", "--offline", "--language", "en")
    assert result.exit_code == 1
    assert "✗ Files: errors" in result.stdout
    text = PROJECT + "  tg: {channel: telegram, token: $NOBODY, funnels: [small]}\n"
    text = text.replace(
        "teams:\n  sales: {hours: mon-fri 10:00-19:00, notify: {telegram: -100}}\n", ""
    )
    (project / "voronka.yaml").write_text(text, encoding="utf-8")
    told = voronka("doctor", "--offline").stdout
    assert "! Бот «tg»: не задано NOBODY\n  → Впишите в .env.\n" in told


def test_the_database_is_looked_at_on_postgresql_with_its_clock(voronka, project, new_postgres):
    path = project / "voronka.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "database: $DATABASE_URL\n")
    (project / ".env").write_text(f"DATABASE_URL={new_postgres()}\n", encoding="utf-8")
    (project / ".env").chmod(0o600)
    told = voronka("doctor", "--offline").stdout
    assert "✓ База отвечает, схема " in told
    assert "✓ Часы расходятся с базой на 0.0 с" in told


def test_a_database_that_does_not_answer_is_told_without_its_password(voronka, project):
    path = project / "voronka.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "database: $DATABASE_URL\n")
    url = "postgresql://voronka:pass-canary@127.0.0.1:1/voronka"
    (project / ".env").write_text(f"DATABASE_URL={url}\n", encoding="utf-8")
    (project / ".env").chmod(0o600)
    result = voronka("doctor", "--offline")
    assert result.exit_code == 1
    assert "✗ PostgreSQL не отвечает или не пускает" in result.stdout
    assert "pass-canary" not in result.output


def test_little_room_is_told(tmp_path, monkeypatch):
    for scarce, level in ((1, "ok"), (2**62, "error")):
        monkeypatch.setattr(machine, "SCARCE", scarce)
        assert machine.room(tmp_path / "not" / "there").level == level


def test_an_address_that_is_silent_only_warns(voronka, project):
    path = project / "voronka.yaml"
    address = 'public_url: "http://127.0.0.1:1"\n'
    path.write_text(path.read_text(encoding="utf-8") + address, encoding="utf-8")
    result = voronka("doctor")
    assert "! public_url: 127.0.0.1 не отвечает" in result.stdout


HOOKED = BOTS.replace("{{channel: telegram,", "{{channel: telegram, {tg_updates}")
HOOKED += "public_url: http://127.0.0.1:9\n"


def hooked(sides) -> dict:
    """The same project with webhooks."""
    updates = "webhook, secret: $HOOK"
    group = f"{sides.group}, updates: {updates}"
    return {"written": HOOKED, "group": group, "tg_updates": f"updates: {updates}, "}


async def test_webhooks_that_are_meant_are_looked_at(voronka, project, sides, monkeypatch):
    monkeypatch.setenv("HOOK", "x" * 40)
    await sides.vk.channel().prepare(consent=False)
    lines, _ = await looked(voronka, project, sides, **hooked(sides))
    assert ("warning", "Бот «tg»: вебхук ещё не поставлен") in lines
    assert ("warning", "Бот «vk»: вебхук ещё не поставлен") in lines
    emulator, bot = sides.telegram.emulator, sides.telegram.bot
    emulator.api.local_webhooks = True
    url = "http://127.0.0.1:9/hooks/tg"
    await emulator.request(bot, "setWebhook", url=url, allowed_updates=["message"])
    callbacks = sides.vk.community.callbacks
    server = callbacks.add("http://127.0.0.1:9/hooks/vk", "voronka", "")
    while server.status == "wait":
        await asyncio.sleep(0.01)
    lines, code = await looked(voronka, project, sides, **hooked(sides))
    assert ("ok", "Бот «tg»: вебхук стоит: 127.0.0.1") in lines
    assert ("warning", "Бот «tg»: вебхук без событий: callback_query, my_chat_member") in lines
    told = "Бот «vk»: VK не получил подтверждения от адреса вебхука (failed)"
    assert (code, ("error", told) in lines) == (1, True)
    lines, _ = await looked(voronka, project, sides, written=HOOKED, tg_updates="")
    told = "Бот «tg»: события всё ещё идут вебхуком на 127.0.0.1"
    assert ("warning", told) in lines
    monkeypatch.setenv("HOOK", "short")
    lines, code = await looked(voronka, project, sides, "--offline", **hooked(sides))
    wrong = [text for level, text in lines if level == "error"]
    assert (code, len(wrong)) == (1, 2)
    assert "secret для вебхука" in wrong[0]
