"""People of the emulated VK write, follow links, press buttons and talk in chats."""

import pytest
import vkbottle_types.objects as models

from tests.emulators.vk.people import Impossible
from tests.emulators.vk.stage import ANNA, BORIS, GROUP, STRANGER, button, keyboard, stage
from tests.samples import png

DAY = "2026-11-23T10:00:00+00:00"
LATER = "2026-11-23T10:00:01+00:00"
YES_NO = keyboard(
    [button("Да", payload={"step": 1})], [button("Нет", "callback", payload={"step": 2})]
)


@pytest.fixture
def watch(tmp_path, monkeypatch):
    path = tmp_path / "clock"
    path.write_text("2026-11-22T10:00:00+00:00")
    monkeypatch.setenv("VORONKA_TEST_CLOCK", str(path))
    return path


@pytest.fixture
async def scene():
    async with stage(events=["all"]) as ready:
        yield ready


async def _messages(poll) -> list[dict]:
    events = await poll.events()
    return [event["object"]["message"] for event in events if event["type"] == "message_new"]


async def test_writing_is_consent(scene):
    assert (await scene.refused("messages.send", peer_id=STRANGER, random_id=1, message="?"))[0]
    scene.vk.people.start(GROUP, STRANGER)
    assert await scene.send(STRANGER) > 0


async def test_the_start_button(scene):
    poll = await scene.long_poll()
    scene.vk.people.start(GROUP, STRANGER)
    [message] = await _messages(poll)
    assert message["payload"] == '{"command":"start"}'
    assert message["text"] == "Начать"


async def test_a_deep_link_marks_the_next_message_only(scene):
    poll = await scene.long_poll()
    scene.vk.people.open_link(GROUP, ANNA, "promo_1", "site")
    scene.vk.people.start(GROUP, ANNA)
    scene.vk.people.write(GROUP, ANNA, "Ещё")
    first, second = await _messages(poll)
    assert (first["ref"], first["ref_source"]) == ("promo_1", "site")
    assert "ref" not in second


async def test_a_text_button_writes_its_label(scene):
    await scene.send(keyboard=YES_NO)
    poll = await scene.long_poll()
    assert scene.vk.people.press(GROUP, ANNA, "Да")["type"] == "text"
    [message] = await _messages(poll)
    assert (message["text"], message["payload"]) == ("Да", '{"step": 1}')


async def test_a_location_button_writes_a_place(scene):
    await scene.send(keyboard=keyboard([{"action": {"type": "location"}}]))
    poll = await scene.long_poll()
    scene.vk.people.press(GROUP, ANNA, "location")
    [message] = await _messages(poll)
    assert message["geo"]["type"] == "point"


async def test_a_link_button_returns_where_it_leads(scene):
    link = button("Сайт", "open_link", link="https://example.com")
    await scene.send(keyboard=keyboard([link], inline=True))
    assert scene.vk.people.press(GROUP, ANNA, "Сайт")["link"] == "https://example.com"


async def test_a_callback_button_waits_for_its_answer(scene):
    sent = await scene.get(
        "messages.send", peer_ids=ANNA, random_id=1, message="?", keyboard=_inline("Нет")
    )
    poll = await scene.long_poll()
    pressed = scene.vk.people.press(GROUP, ANNA, "Нет")
    [event] = await poll.events()
    assert event["type"] == "message_event"
    assert event["object"] == {
        "user_id": ANNA,
        "peer_id": ANNA,
        "event_id": pressed["event_id"],
        "payload": {"step": 2},
        "conversation_message_id": sent[0]["conversation_message_id"],
    }


def _inline(label: str, kind: str = "callback") -> str:
    return keyboard([button(label, kind, payload={"step": 2})], inline=True)


def _answer(event_id: str, **changed) -> dict:
    data = {"type": "show_snackbar", "text": "Готово"}
    return {"event_id": event_id, "user_id": ANNA, "peer_id": ANNA, "event_data": data, **changed}


async def test_a_press_is_answered_once(scene):
    await scene.send(keyboard=_inline("Нет"))
    event_id = scene.vk.people.press(GROUP, ANNA, "Нет")["event_id"]
    await scene.get("messages.sendMessageEventAnswer", **_answer(event_id))
    assert [one.snackbar for one in scene.vk.journal.answers(user=ANNA)] == ["Готово"]
    again = await scene.refused("messages.sendMessageEventAnswer", **_answer(event_id))
    assert again[0] == 100


@pytest.mark.parametrize(
    "changed",
    [
        {"user_id": BORIS},
        {"event_data": {"type": "show_snackbar", "text": "ж" * 91}},
        {"event_data": {"type": "show_snackbar"}},
        {"event_data": {"type": "open_link", "link": "example.com"}},
        {"event_data": {"type": "open_app"}},
        {"event_data": {"type": "dance"}},
        {"event_data": "Готово"},
    ],
)
async def test_an_answer_to_a_press_can_be_wrong(scene, changed):
    await scene.send(keyboard=_inline("Нет"))
    event_id = scene.vk.people.press(GROUP, ANNA, "Нет")["event_id"]
    answer = _answer(event_id, **changed)
    assert (await scene.refused("messages.sendMessageEventAnswer", **answer))[0] == 100
    assert scene.vk.journal.answers() == []


async def test_a_press_waits_for_a_minute(watch, scene):
    await scene.send(keyboard=_inline("Нет"))
    event_id = scene.vk.people.press(GROUP, ANNA, "Нет")["event_id"]
    watch.write_text("2026-11-22T10:01:01+00:00")
    late = await scene.refused("messages.sendMessageEventAnswer", **_answer(event_id))
    assert late[0] == 100


async def test_the_newest_button_of_that_name_is_pressed(scene):
    await scene.send(keyboard=_inline("Да"))
    newest = await scene.get(
        "messages.send", peer_ids=ANNA, random_id=0, message="?", keyboard=_inline("Да")
    )
    pressed = scene.vk.people.press(GROUP, ANNA, "Да")
    assert pressed["conversation_message_id"] == newest[0]["conversation_message_id"]
    assert scene.vk.people.press(GROUP, ANNA, "Да", cmid=1)["conversation_message_id"] == 1


@pytest.mark.parametrize(
    "after",
    [keyboard(), keyboard([button("Другая")])],
    ids=["taken away", "replaced"],
)
async def test_there_is_one_keyboard_under_the_input_field(scene, after):
    await scene.send(keyboard=YES_NO)
    await scene.send(keyboard=after)
    with pytest.raises(Impossible, match="no button 'Да'"):
        scene.vk.people.press(GROUP, ANNA, "Да")


async def test_a_one_time_keyboard_goes_away(scene):
    await scene.send(keyboard=keyboard([button("Да")], one_time=True))
    scene.vk.people.press(GROUP, ANNA, "Да")
    assert scene.vk.people.screen(GROUP, ANNA)["keyboard"] == []


async def test_a_message_is_edited_and_its_buttons_go(scene):
    [sent] = await scene.get(
        "messages.send", peer_ids=ANNA, random_id=1, message="Выбор", keyboard=_inline("Да")
    )
    cmid = sent["conversation_message_id"]
    edited = {"peer_id": ANNA, "conversation_message_id": cmid, "message": "Выбрано: да"}
    assert await scene.get("messages.edit", **edited) == 1
    [record] = scene.vk.journal.delivered()
    assert record.text == "Выбор"
    assert [change["text"] for change in record.edits] == ["Выбрано: да"]
    shown = scene.vk.people.screen(GROUP, ANNA)["messages"]
    assert shown[0]["text"] == "Выбрано: да"
    assert shown[0]["buttons"] == []


async def test_a_persons_message_is_not_edited(scene):
    cmid = scene.vk.people.write(GROUP, ANNA, "моё")
    refusal = await scene.refused("messages.edit", peer_id=ANNA, cmid=cmid, message="не моё")
    assert refusal == (920, "Can't edit this kind of message")


@pytest.mark.parametrize(("moment", "code"), [(DAY, None), (LATER, 909)])
async def test_a_message_is_edited_within_a_day(watch, scene, moment, code):
    await scene.send()
    watch.write_text(moment)
    answer = await scene.call("messages.edit", peer_id=ANNA, cmid=1, message="Позже")
    assert answer.get("error", {}).get("error_code") == code


async def test_a_chat(scene):
    peer = scene.vk.people.add_chat(GROUP, [ANNA, BORIS])
    poll = await scene.long_poll()
    scene.vk.people.write(GROUP, ANNA, "Всем привет", peer_id=peer)
    [message] = await _messages(poll)
    assert (message["peer_id"], message["from_id"], message["id"]) == (peer, ANNA, 0)
    assert await scene.send(peer, random_id=3, keyboard=_inline("Да", "text")) == 0
    scene.vk.people.press(GROUP, BORIS, "Да", peer_id=peer)
    [answer] = await _messages(poll)
    assert answer["text"] == f"[club{GROUP}|@club{GROUP}] Да"


@pytest.mark.parametrize(
    ("flags", "code"), [({"bot_inside": False}, 917), ({"disabled": True}, 945)]
)
async def test_a_chat_the_bot_cannot_write_to(scene, flags, code):
    peer = scene.vk.people.add_chat(GROUP, [ANNA])
    scene.vk.people.set_chat(GROUP, peer, **flags)
    assert (await scene.refused("messages.send", peer_id=peer, random_id=1, message="?"))[
        0
    ] == code


async def test_a_bot_that_may_not_be_in_chats(scene):
    peer = scene.vk.people.add_chat(GROUP, [ANNA])
    scene.vk.people.set_community(GROUP, bot_in_chats=False)
    assert (await scene.refused("messages.send", peer_id=peer, random_id=1, message="?"))[0] == 912


async def test_history_and_conversations(scene):
    scene.vk.people.write(GROUP, ANNA, "раз")
    await scene.send(message="два")
    history = await scene.get("messages.getHistory", peer_id=ANNA)
    assert [item["text"] for item in history["items"]] == ["два", "раз"]
    state = await scene.get("messages.getConversationsById", peer_ids=f"{ANNA},{STRANGER}")
    assert state["count"] == 1
    assert state["items"][0]["can_write"] == {"allowed": True}
    scene.vk.people.deny(GROUP, ANNA)
    state = await scene.get("messages.getConversationsById", peer_ids=ANNA)
    assert state["items"][0]["can_write"] == {"allowed": False, "reason": 901}
    allowed = await scene.get("messages.isMessagesFromGroupAllowed", group_id=GROUP, user_id=ANNA)
    assert allowed == {"is_allowed": 0}


async def test_who_is_who(scene):
    scene.vk.add_user(21, first_name="Илья", last_name="Ветров", sex=2, city="Тверь")
    [person] = await scene.get("users.get", user_ids="21,404", fields="sex,city")
    assert person["first_name"] == "Илья"
    assert (person["sex"], person["city"]["title"]) == (2, "Тверь")
    groups = await scene.get("groups.getById")
    assert groups["groups"][0]["id"] == GROUP
    rights = await scene.get("groups.getTokenPermissions")
    assert "messages" in {right["name"] for right in rights["permissions"]}


async def test_comments_of_the_community(scene):
    post = scene.vk.people.add_post(GROUP, "Новинка")
    asked = scene.vk.people.comment(GROUP, ANNA, post, "Сколько?")
    comment = {"owner_id": -GROUP, "post_id": post, "message": "Ответили в личку"}
    done = await scene.get("wall.createComment", **comment, reply_to_comment=asked, guid="a")
    assert await scene.get("wall.createComment", **comment, guid="a") != {}
    [written] = scene.vk.journal.comments(post=post)
    assert (written.comment_id, written.reply_to_comment) == (done["comment_id"], asked)
    shown = await scene.get("wall.getById", posts=f"{-GROUP}_{post}", access_token="service-key")
    assert shown["items"][0]["comments"]["count"] == 2


async def test_a_photo_is_uploaded_saved_and_sent(scene):
    where = await scene.get("photos.getMessagesUploadServer")
    picture = png()
    ticket = await scene.upload(where["upload_url"], "photo", picture)
    [photo] = await scene.get("photos.saveMessagesPhoto", **ticket)
    name = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    await scene.send(attachment=name)
    assert scene.vk.journal.delivered()[0].attachments == [name]
    wrong = await scene.refused("photos.saveMessagesPhoto", **{**ticket, "hash": "?"})
    assert wrong == (121, "Invalid hash")


async def test_what_is_no_picture_is_not_saved(scene):
    where = await scene.get("photos.getMessagesUploadServer", peer_id=ANNA)
    ticket = await scene.upload(where["upload_url"], "photo", b"<html>")
    assert (await scene.refused("photos.saveMessagesPhoto", **ticket))[0] == 100


async def test_a_document_is_uploaded_saved_and_sent(scene):
    where = await scene.get("docs.getMessagesUploadServer", peer_id=ANNA, type="doc")
    ticket = await scene.upload(where["upload_url"], "file", b"%PDF")
    saved = await scene.get("docs.save", **ticket, title="Прайс")
    doc = saved["doc"]
    assert doc["title"] == "Прайс"
    await scene.send(message=None, attachment=f"doc{doc['owner_id']}_{doc['id']}")
    assert doc["owner_id"] == ANNA


@pytest.mark.parametrize("kind", ["photo", "doc", "audio_message", "video"])
async def test_a_file_of_a_person_is_what_the_schema_says(scene, kind):
    poll = await scene.long_poll()
    scene.vk.people.send_file(GROUP, ANNA, kind, "договор.pdf", "вот")
    (message,) = await _messages(poll)
    assert message["text"] == "вот"
    (attachment,) = message["attachments"]
    held = models.MessagesMessageAttachment(**attachment)
    assert getattr(held, kind).owner_id == ANNA
    assert getattr(held, kind).access_key


async def test_a_file_of_a_person_goes_on_by_its_key_only(scene):
    poll = await scene.long_poll()
    scene.vk.people.send_file(GROUP, ANNA, "photo")
    (message,) = await _messages(poll)
    photo = message["attachments"][0]["photo"]
    name = f"photo{photo['owner_id']}_{photo['id']}"
    chat = scene.vk.people.add_chat(GROUP, [BORIS])
    sent = {"peer_id": chat, "random_id": 1, "message": "?"}
    assert (await scene.refused("messages.send", **sent, attachment=name))[0] == 100
    await scene.get("messages.send", **sent, attachment=f"{name}_{photo['access_key']}")
    shown = scene.vk.people.screen(GROUP, chat)["messages"]
    assert [one["attachments"] for one in shown] == [[f"{name}_{photo['access_key']}"]]


async def test_a_shared_place_is_what_the_schema_says(scene):
    poll = await scene.long_poll()
    scene.vk.people.send_location(GROUP, ANNA, 55.75, 37.61, "Москва")
    (message,) = await _messages(poll)
    geo = models.BaseGeo(**message["geo"])
    assert (geo.coordinates.latitude, geo.coordinates.longitude) == (55.75, 37.61)


async def test_an_answer_in_a_chat_shows_what_it_answers(scene):
    chat = scene.vk.people.add_chat(GROUP, [ANNA])
    poll = await scene.long_poll()
    await scene.send(peer_ids=str(chat), message="Анна: Вы тут?")
    scene.vk.people.write(GROUP, ANNA, "Да", peer_id=chat, reply_to=1)
    events = [one for one in await poll.events() if one["type"] == "message_new"]
    answered = events[-1]["object"]["message"]["reply_message"]
    assert (answered["from_id"], answered["conversation_message_id"]) == (-GROUP, 1)
    assert (answered["peer_id"], answered["text"]) == (chat, "Анна: Вы тут?")
    with pytest.raises(Impossible):
        scene.vk.people.write(GROUP, ANNA, "Да", peer_id=chat, reply_to=9)
