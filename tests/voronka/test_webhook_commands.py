"""`voronka webhook set|info|delete` against the emulated messengers; no secret is ever printed."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from aiohttp import web

from storage.seal import new_keys
from tests.bots.messengers import CANARY, TOKEN, Vk
from tests.emulators.telegram.server import TelegramEmulator
from voronka.hooks import LONGEST

BOTS = """\
project: small
bots:
  tg:
    {{channel: telegram, token: $TG, updates: {tg_updates}, {extra} api_url: "{tg}", funnels: [small]}}
  vk:
    channel: vk
    token: $VK
    group: {group}
    updates: {vk_updates}
    api_url: "{vk}"
    funnels: [small]
public_url: {public}
"""


@pytest.fixture
async def sides(tmp_path):
    """Both messengers, and a program that confirms whatever VK asks for."""
    telegram, vk = TelegramEmulator(local_webhooks=True), Vk(tmp_path)
    await telegram.start()
    await vk.start()
    bot = telegram.add_bot(TOKEN["telegram"], "london_bot")

    async def confirm(_request: web.Request) -> web.Response:
        return web.Response(text=vk.community.callbacks.code)

    app = web.Application()
    app.router.add_post("/hooks/vk", confirm)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    public = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield SimpleNamespace(telegram=telegram, vk=vk, bot=bot, public=public, runner=runner)
    await runner.cleanup()
    await telegram.stop()
    await vk.stop()


async def run(voronka, project, sides, *words, secret="", **changes):
    """The command beside the emulators: exit code and what was printed."""
    given = {
        "tg": sides.telegram.url, "vk": sides.vk.emulator.url, "group": sides.vk.group,
        "tg_updates": "webhook", "vk_updates": "webhook", "public": sides.public,
        "extra": "secret: $HOOK," if secret else "",
    } | changes  # fmt: skip
    (project / "voronka.yaml").write_text(BOTS.format(**given), encoding="utf-8")
    keys = project / "keys"
    if not keys.exists():
        keys.write_text(new_keys().reveal(), encoding="utf-8")
    told = f"VORONKA_KEYS={keys.read_text()}\nTG={TOKEN['telegram']}\nVK={TOKEN['vk']}\n"
    (project / ".env").write_text(told + (f"HOOK={secret}\n" if secret else ""), encoding="utf-8")
    result = await asyncio.to_thread(voronka, "webhook", *words)
    assert CANARY not in result.output
    assert keys.read_text() not in result.output
    for hidden in (secret, sides.bot.webhook.get("secret_token")):
        assert not hidden or hidden not in result.output
    return result.exit_code, result.output


async def test_both_webhooks_are_set_with_secrets_that_nobody_invented(voronka, project, sides):
    code, told = await run(voronka, project, sides, "set")
    assert (code, told) == (0, "tg: вебхук стоит: 127.0.0.1\nvk: вебхук стоит: 127.0.0.1\n")
    assert sides.bot.webhook["url"] == f"{sides.public}/hooks/tg"
    assert len(sides.bot.webhook["secret_token"]) == 64
    (server,) = sides.vk.community.callbacks.servers.values()
    assert (server.url, server.status) == (f"{sides.public}/hooks/vk", "ok")
    assert len(server.secret_key) == LONGEST["vk"]
    assert server.types["message_event"]
    assert server.secret_key != sides.bot.webhook["secret_token"][: LONGEST["vk"]]


async def test_setting_keeps_what_waits(voronka, project, sides):
    sides.telegram.add_user(501, "Анна").start(bot=sides.bot)
    await run(voronka, project, sides, "set", "tg")
    assert len(sides.bot.queue.pending) == 1
    calls = [call for call in sides.telegram.journal.calls if call.method == "setWebhook"]
    assert len(calls) == 1
    await run(voronka, project, sides, "delete", "tg")
    assert not sides.bot.queue.webhook_url
    assert len(sides.bot.queue.pending) == 1


@pytest.mark.parametrize("secret", ["short", "x" * 31, "x" * 257, "я" * 40, "a b" * 20])
async def test_a_secret_that_could_be_guessed_is_refused(voronka, project, sides, secret):  # R10
    code, told = await run(voronka, project, sides, "set", "tg", secret=secret)
    assert code == 2
    assert "secret для вебхука — 32–256 знаков A-Z a-z 0-9 _ -" in told
    assert not sides.bot.queue.webhook_url


async def test_a_secret_of_ones_own_is_told_to_telegram(voronka, project, sides):
    code, _ = await run(voronka, project, sides, "set", "tg", secret="x" * 32)
    assert (code, sides.bot.webhook["secret_token"]) == (0, "x" * 32)


async def test_a_bot_that_polls_gets_no_webhook(voronka, project, sides):
    code, told = await run(voronka, project, sides, "set", "tg", tg_updates="polling")
    assert (code, "updates: webhook" in told) == (2, True)
    code, told = await run(voronka, project, sides, "set", "nobody")
    assert (code, "«nobody»" in told) == (2, True)
    polls = {"tg_updates": "polling", "vk_updates": "polling"}
    assert (await run(voronka, project, sides, "set", **polls))[0] == 2


async def test_info_tells_where_updates_go_and_what_is_not_as_meant(voronka, project, sides):
    code, told = await run(voronka, project, sides, "info")
    assert code == 1
    assert "tg: вебхука нет, а в проекте updates: webhook" in told
    await run(voronka, project, sides, "set")
    sides.telegram.add_user(501, "Анна").start(bot=sides.bot)
    while "last_error_message" not in sides.bot.webhook:
        await asyncio.sleep(0.01)
    code, told = await run(voronka, project, sides, "info", "--json")
    tg, vk = json.loads(told)
    assert code == 0
    assert (tg["host"], tg["ours"], tg["pending"], tg["fine"]) == ("127.0.0.1", True, 1, True)
    assert "404" in tg["last_error"]
    assert (vk["status"], vk["pending"], vk["lacking"]) == ("ok", None, [])
    code, told = await run(voronka, project, sides, "info", "tg", tg_updates="polling")
    assert (code, "а в проекте updates: polling" in told) == (1, True)
    (server,) = sides.vk.community.callbacks.servers.values()
    server.types["message_event"] = False
    code, told = await run(voronka, project, sides, "info", "vk")
    assert (code, "не включены: message_event" in told) == (1, True)


async def test_a_foreign_webhook_is_left_alone_and_told_without_its_path(voronka, project, sides):
    url = "https://foreign.invalid/hook/PATH-CANARY"
    await sides.telegram.request(sides.bot, "setWebhook", url=url)
    for word in ("set", "delete"):
        code, told = await run(voronka, project, sides, word, "tg")
        assert code == 1
        assert "чужой вебхук на foreign.invalid" in told
        assert "PATH-CANARY" not in told
    code, told = await run(voronka, project, sides, "info", "tg")
    assert (code, "foreign.invalid (чужой)" in told) == (1, True)
    assert sides.bot.queue.webhook_url == url


async def test_delete_leaves_other_callback_servers(voronka, project, sides):
    sides.vk.community.callbacks.add(f"{sides.public}/hooks/vk?other", "Другой", "")
    await run(voronka, project, sides, "set", "vk")
    code, told = await run(voronka, project, sides, "delete", "vk")
    assert code == 0
    assert "voronka run поставит их снова" in told
    assert [one.title for one in sides.vk.community.callbacks.servers.values()] == ["Другой"]


async def test_without_a_running_program_vk_is_not_confirmed(voronka, project, sides):
    await sides.runner.cleanup()
    code, told = await run(voronka, project, sides, "set", "vk")
    assert code == 1
    assert "VK has not got the confirmation" in told
    assert "Воронка запущена" in told
