"""Two client libraries that know nothing of each other work with the emulated VK."""

import asyncio
import json

import pytest
import requests
import vk_api
from requests.adapters import HTTPAdapter
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.keyboard import VkKeyboard, VkKeyboardColor
from vkbottle import API, Callback, Keyboard, SingleAiohttpClient, Text, VKAPIError
from vkbottle.polling import BotPolling

from tests.emulators.vk.stage import ANNA, BORIS, GROUP, STRANGER, TOKEN, stage


@pytest.fixture
async def scene():
    async with stage(events=["message_new", "message_event"]) as ready:
        yield ready


@pytest.fixture
async def api(scene):
    client = SingleAiohttpClient()
    api = API(TOKEN, http_client=client)
    api.API_URL = scene.vk.method_url
    yield api
    await client.close()


async def test_vkbottle_sends_and_polls(scene, api):
    board = Keyboard(inline=True).add(Callback("Да", {"step": 1})).row().add(Text("Нет"))
    sent = await api.messages.send(
        peer_ids=[ANNA, BORIS], random_id=5, message="Выбор", keyboard=board.get_json()
    )
    assert [item.peer_id for item in sent] == [ANNA, BORIS]
    assert [one.labels for one in scene.vk.journal.delivered()] == [["Да", "Нет"]] * 2
    polling = BotPolling(api=api, wait=1)
    server = await polling.get_server()
    scene.vk.people.press(GROUP, ANNA, "Да")
    answer = await polling.get_event(server)
    pressed = answer["updates"][0]["object"]
    assert pressed["payload"] == {"step": 1}
    await api.messages.send_message_event_answer(
        event_id=pressed["event_id"],
        user_id=ANNA,
        peer_id=ANNA,
        event_data=json.dumps({"type": "show_snackbar", "text": "Готово"}),
    )
    assert scene.vk.journal.answers()[0].snackbar == "Готово"


async def test_vkbottle_reads_the_answers(scene, api):
    assert (await api.groups.get_by_id()).groups[0].id == GROUP
    assert (await api.users.get(user_ids=[ANNA]))[0].id == ANNA
    await api.messages.send(peer_id=ANNA, random_id=1, message="Привет")
    assert (await api.messages.get_history(peer_id=ANNA)).count == 1
    conversations = await api.messages.get_conversations_by_id(peer_ids=[ANNA])
    assert conversations.items[0].can_write.allowed
    settings = await api.groups.get_long_poll_settings(group_id=GROUP)
    assert settings.events.message_new
    with pytest.raises(VKAPIError[901]):
        await api.messages.send(peer_id=STRANGER, random_id=2, message="Привет")


class Loopback(HTTPAdapter):
    """Sends what is meant for api.vk.ru to the emulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request, **options):
        request.url = request.url.replace("https://api.vk.ru", self._url)
        return super().send(request, **options)


def _use_vk_api(url: str, press) -> dict:
    """Send, refuse and poll with vk_api, which blocks: it runs in a thread."""
    with requests.Session() as session:
        session.mount("https://api.vk.ru/", Loopback(url))
        vk = vk_api.VkApi(token=TOKEN, session=session, api_version="5.199")
        polled = VkBotLongPoll(vk, GROUP, wait=1)
        board = VkKeyboard(inline=True)
        board.add_callback_button("Да", VkKeyboardColor.POSITIVE, payload={"step": 1})
        board.add_line()
        board.add_button("Нет", VkKeyboardColor.SECONDARY)
        message = {"peer_id": ANNA, "random_id": 9, "message": "Выбор"}
        first = vk.method("messages.send", message | {"keyboard": board.get_keyboard()})
        again = vk.method("messages.send", message | {"keyboard": board.get_keyboard()})
        with pytest.raises(vk_api.ApiError) as refused:
            vk.method("messages.send", message | {"peer_id": STRANGER})
        press()
        events = polled.check()
        polled.session.close()
    return {"ids": (first, again), "code": refused.value.code, "events": events}


async def test_vk_api_sends_and_polls(scene):
    loop = asyncio.get_running_loop()

    def press():
        both = [("Да", ANNA), ("Нет", ANNA)]
        pressed = [_in_loop(loop, scene.vk.people.press, GROUP, who, what) for what, who in both]
        assert [one["type"] for one in pressed] == ["callback", "text"]

    seen = await asyncio.to_thread(_use_vk_api, scene.vk.url, press)
    assert seen["ids"][0] == seen["ids"][1]
    assert seen["code"] == 901
    assert scene.vk.journal.duplicates == 1
    pressed, written = seen["events"]
    assert pressed.type is VkBotEventType.MESSAGE_EVENT
    assert pressed.object.payload == {"step": 1}
    assert written.type is VkBotEventType.MESSAGE_NEW
    assert written.from_user
    assert written.message["text"] == "Нет"


def _in_loop(loop, action, *arguments):
    async def act():
        return action(*arguments)

    return asyncio.run_coroutine_threadsafe(act(), loop).result()
