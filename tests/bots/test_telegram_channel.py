"""What is Telegram's own: webhooks, second pollers, HTML refused, contacts, groups that move."""

from datetime import timedelta

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import GetMe

from bots.channel import (
    BotHalted,
    Call,
    ChatMoved,
    Conflict,
    Doubtful,
    MessageRejected,
    PersonUnreachable,
    TryLater,
)
from bots.telegram.channel import TelegramChannel
from bots.telegram.failures import (
    Expired,
    FileRefused,
    MarkupRefused,
    Unchanged,
    failure,
)
from bots.uploads import RememberedUploads
from flows.events import ContactShared, Typed
from flows.markup import RichText
from flows.messages import Button, Media, Message
from tests.bots.messengers import (
    PICTURE,
    TOKEN,
    Telegram,
    arrivals,
    message,
    put_picture,
    sending,
)
from tests.emulators.telegram import places


@pytest.fixture
async def telegram(tmp_path):
    """The emulated messenger."""
    put_picture(tmp_path)
    side = Telegram(tmp_path)
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def channel(telegram):
    """A prepared channel."""
    channel = telegram.channel()
    await channel.prepare(consent=False)
    yield channel
    await channel.close()


async def test_a_foreign_webhook_is_named_by_its_host_and_removed_on_consent(telegram):
    channel = telegram.channel()
    url = "https://foreign.invalid/hook/SECRET"
    telegram.bot.webhook = {"url": url, "max_connections": 40, "secret_token": ""}
    telegram.bot.queue.webhook_url = url
    telegram.write("привет")
    with pytest.raises(Conflict, match=r"foreign\.invalid") as caught:
        await channel.prepare(consent=False)
    assert "SECRET" not in str(caught.value)
    assert await channel.prepare(consent=True) == "77"
    assert telegram.bot.queue.webhook_url == ""
    (arrival,), _ = await arrivals(channel)  # what waited is kept
    assert channel.hear(arrival.raw).event == Typed("привет")
    await channel.close()


async def test_a_second_poller_is_a_conflict(telegram, channel):
    telegram.emulator.fail("error", "getUpdates", status=409, description="Conflict: terminated")
    with pytest.raises(Conflict):
        await channel.fetch("")


async def test_a_fetch_waits_as_long_as_it_is_told(telegram, channel):
    telegram.emulator.fail("flood", "getUpdates", retry_after=7)
    with pytest.raises(TryLater) as caught:
        await channel.fetch("")
    assert caught.value.retry_after == timedelta(seconds=7)
    assert caught.value.whole_bot


@pytest.mark.parametrize("kind", ["cut_before", "server_error_html", "server_error"])
async def test_a_fetch_without_an_answer_is_simply_repeated(telegram, channel, kind):
    telegram.write("привет")
    telegram.emulator.fail(kind, "getUpdates", status=502)
    with pytest.raises(TryLater):
        await channel.fetch("")
    (arrival,), _ = await arrivals(channel)
    assert channel.hear(arrival.raw).event == Typed("привет")


async def test_a_cursor_of_an_earlier_life_confirms_nothing(telegram, channel):
    telegram.write("привет")
    found, _ = await arrivals(channel, "999999999999")
    assert len(found) == 1


async def test_an_update_that_aiogram_cannot_parse_is_fetched(telegram, channel):
    strange = {"message": {"message_id": 1, "forward_origin": {"type": "from the moon"}}}
    telegram.bot.queue.push_raw(strange)
    telegram.bot.queue.push_raw({"message": "not even an object"})
    telegram.write("привет")
    found, _ = await arrivals(channel)
    assert [arrival.kind for arrival in found] == ["ignored", "ignored", "person"]


async def test_html_refused_goes_as_plain_text_once_and_says_so(telegram, channel):
    telegram.fault("cant_parse")
    delivery = await channel.call(sending(message("Привет <3")))
    assert telegram.texts() == ["Привет <3"]
    assert "can't parse entities" in delivery.markup
    telegram.fault("cant_parse", times=2)
    with pytest.raises(MessageRejected):
        await channel.call(sending(message("Привет")))


async def test_a_forgotten_file_is_uploaded_again_once(telegram, channel):
    said = message("История", media=[PICTURE])
    await channel.call(sending(said))
    ((key, _),) = telegram.uploads._references.items()
    telegram.uploads._references[key] = "forgotten"
    await channel.call(sending(said))
    assert telegram.media() == ["photo", "photo"]
    assert telegram.uploads._references[key] != "forgotten"


async def test_a_file_that_telegram_never_takes_is_rejected(telegram, channel):
    error = {"status": 400, "description": "Bad Request: wrong file identifier", "times": 2}
    telegram.emulator.fail("error", "sendPhoto", **error)
    with pytest.raises(MessageRejected):
        await channel.call(sending(message("История", media=[PICTURE])))


async def test_a_question_with_the_other_keyboard_is_left_as_it_is(telegram, channel):
    said = Message(RichText.of("Телефон?"), (Button("Номер", contact=True),))
    delivery = await channel.call(sending(said))
    edit = Call("edit", "501", said, external_id=delivery.external_id, chosen="Номер")
    assert "edits no message" in (await channel.call(edit)).note
    assert telegram.texts() == ["Телефон?"]


async def test_a_changed_file_is_uploaded_anew(telegram, channel):
    said = message("История", media=[PICTURE])
    await channel.call(sending(said))
    picture = telegram.folder / PICTURE.path
    picture.write_bytes(picture.read_bytes() + b"changed")
    await channel.call(sending(said))
    assert len(telegram.uploads._references) == 2


async def test_albums_of_uploads_are_remembered_by_file(telegram, channel):
    (telegram.folder / "b.pdf").write_bytes(b"b")
    (telegram.folder / "c.pdf").write_bytes(b"c")
    said = message("", media=[Media("document", "b.pdf"), Media("document", "c.pdf")])
    await channel.call(sending(said))
    await channel.call(sending(said))
    assert telegram.media() == ["document"] * 4
    assert len(telegram.uploads._references) == 2


async def test_the_own_phone_is_shared_by_the_button_and_the_keyboard_goes(telegram, channel):
    share = Button("Отправить номер", contact=True)
    buttons = (share, Button("Пропустить", action={"skip": True}))
    await channel.call(sending(Message(RichText.of("Телефон?"), buttons)))
    assert telegram.person.chat().keyboard is not None
    telegram.press("Отправить номер")
    (arrival,), _ = await arrivals(channel)
    assert channel.hear(arrival.raw).event == ContactShared("+79000000501", verified=True)
    await channel.call(sending(Message(RichText.of("Телефон?"), buttons)))
    telegram.person.share_contact("+79990000000", owner=7, foreign=True)
    await channel.call(sending(message("Спасибо!")))
    assert telegram.person.chat().keyboard is None
    *_, last = (await arrivals(channel))[0]
    assert channel.hear(last.raw).event == ContactShared("+79990000000", verified=False)


async def test_another_button_of_a_phone_question_is_typed(telegram, channel):
    share = Button("Отправить номер", contact=True)
    buttons = (share, Button("Пропустить", action={"skip": True}))
    await channel.call(sending(Message(RichText.of("Телефон?"), buttons)))
    telegram.press("Пропустить")
    (arrival,), _ = await arrivals(channel)
    assert channel.hear(arrival.raw).event == Typed("Пропустить")


async def test_a_moved_group_tells_its_new_address(telegram, channel):
    group = telegram.emulator.add_group("Продажи", kind="group")
    telegram.emulator.put_bot(group, telegram.bot, telegram.person)
    new = places.migrate(telegram.emulator.world, group)
    with pytest.raises(ChatMoved) as caught:
        await channel.call(sending(message("Заявка", "Беру"), chat=str(group.id)))
    assert caught.value.new_chat == str(new.id)


async def test_a_group_message_gets_no_order_to_remove_a_keyboard(telegram, channel):
    chat = telegram.team()
    await channel.call(sending(message("Заявка"), chat=chat))
    (row,) = telegram.emulator.journal.messages(chat=int(chat))
    assert row.text == "Заявка"


async def test_only_the_keyboard_goes_where_the_words_are_not_at_hand(telegram, channel):
    delivery = await channel.call(sending(message("Да?", "Да")))
    await channel.call(Call("edit", "501", external_id=delivery.external_id))
    assert (telegram.texts(), telegram.labels()) == (["Да?"], [])


async def test_what_is_no_token_halts_at_once(tmp_path):
    with pytest.raises(BotHalted):
        TelegramChannel("нет", bot="b", media=tmp_path, uploads=RememberedUploads())


async def test_an_edit_of_a_lost_message_is_rejected(telegram, channel):
    edit = Call("edit", "501", message("Да?", "Да"), external_id="999", chosen="Да")
    with pytest.raises(MessageRejected):
        await channel.call(edit)


async def test_an_http_proxy_is_used(telegram):
    channel = telegram.channel(api_url="http://nowhere.invalid", proxy=telegram.emulator.url)
    assert await channel.prepare(consent=False) == "77"
    await channel.close()


METHOD = GetMe()
REFUSALS = [
    ("Bad Request: chat not found", PersonUnreachable),
    ('Bad Request: can\'t parse entities: unclosed "b"', MarkupRefused),
    ("Bad Request: message is not modified: specified new…", Unchanged),
    ("Bad Request: query is too old and response timeout expired", Expired),
    ("Bad Request: wrong file identifier/HTTP URL specified", FileRefused),
    ("Bad Request: wrong remote file identifier specified", FileRefused),
    ("Bad Request: BUTTON_DATA_INVALID", MessageRejected),
    ("Bad Request: message to edit not found", MessageRejected),
    ("Bad Request: not enough rights to send text messages to the chat", PersonUnreachable),
]


@pytest.mark.parametrize(("description", "kind"), REFUSALS)
def test_a_bad_request_means_what_its_sentence_says(description, kind):
    assert type(failure(TelegramBadRequest(METHOD, description))) is kind


def test_errors_mean_decisions():
    assert type(failure(TelegramForbiddenError(METHOD, "Forbidden: …"))) is PersonUnreachable
    assert type(failure(TelegramServerError(METHOD, "Internal Server Error"))) is TryLater
    assert type(failure(TelegramAPIError(METHOD, "Too Many Requests: later"))) is TryLater
    assert type(failure(TelegramNetworkError(METHOD, "?"))) is Doubtful
    assert type(failure(ClientDecodeError("?", ValueError(), ""))) is Doubtful
    assert type(failure(RuntimeError("?"))) is Doubtful
    later = failure(TelegramRetryAfter(METHOD, "Flood", 35))
    assert later.retry_after == timedelta(seconds=35)


def test_what_stands_in_quotes_is_left_out_of_a_reason():
    error = TelegramBadRequest(METHOD, 'Bad Request: can\'t parse: tag "секрет" at offset 3')
    assert str(failure(error)) == "Bad Request: can't parse: tag … at offset 3"


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("Bad Request: URL 'http://a.ru/Anna' isn't valid", "Bad Request: URL … isn't valid"),
        ("Bad Request: wrong URL https://a.ru/?q=Anna here", "Bad Request: wrong URL … here"),
        ("Bad Request: Мария is wrong", "Bad Request: … is wrong"),
        ("Bad Request: +7 916 555-01-99 is wrong", "Bad Request: *** is wrong"),
    ],
)
def test_what_a_person_wrote_is_left_out_of_a_reason(description, reason):
    assert str(failure(TelegramBadRequest(METHOD, description))) == reason


async def test_a_message_sent_counts_even_if_its_answer_is_not_understood(telegram, channel):
    error = ClientDecodeError("?", ValueError(), {"ok": True, "result": {"message_id": 5}})
    bot = channel._bot
    real, channel._bot = bot, Answering(error)
    delivery = await channel.call(sending(message()))
    channel._bot = real
    assert delivery.external_id == "5"


class Answering:
    """A client to which every answer is a riddle."""

    token = TOKEN["telegram"]

    def __init__(self, error):
        self.error = error

    async def __call__(self, method, request_timeout=None):
        raise self.error
