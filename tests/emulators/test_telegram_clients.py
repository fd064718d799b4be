"""Two independent client libraries drive the emulator: it is shaped to neither of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.emulators.telegram.media import sample_png
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.server import TelegramEmulator
from tests.emulators.telegram.world import Press

TOKEN = "42:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIII"


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        emulator.add_bot(TOKEN, "shop_bot")
        yield emulator


@pytest.fixture
def anna(emulator: TelegramEmulator) -> Person:
    return emulator.add_user(1001, "Anna", language="ru")


@pytest.fixture
async def aiogram_bot(emulator: TelegramEmulator) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(emulator.url))
    bot = Bot(TOKEN, session=session)
    yield bot
    await bot.session.close()


async def test_aiogram_holds_a_conversation(
    emulator: TelegramEmulator, anna: Person, aiogram_bot: Bot
) -> None:
    dispatcher = Dispatcher()
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]]
    )

    @dispatcher.message(CommandStart(deep_link=True))
    async def greet(message: Message) -> None:
        await message.answer("<b>Идём?</b>", parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.callback_query(F.data == "yes")
    async def agree(query: CallbackQuery) -> None:
        await query.answer("Ура", show_alert=True)
        assert isinstance(query.message, Message)
        edited = await query.message.edit_text("Отлично")
        assert isinstance(edited, Message)
        await dispatcher.stop_polling()

    async def act() -> None:
        await emulator.journal.wait_for(lambda: emulator.journal.messages(1001))
        press = anna.press("Да")
        assert isinstance(press, Press)
        pressed.append(press)

    pressed: list[Press] = []
    anna.start("promo_1")
    acting = asyncio.create_task(act())
    await dispatcher.start_polling(aiogram_bot, handle_signals=False, polling_timeout=5)
    await acting
    assert anna.chat().transcript() == ["Anna: /start promo_1", "bot: Отлично"]
    assert (pressed[0].text, pressed[0].alert) == ("Ура", True)


async def test_aiogram_uses_every_method(
    emulator: TelegramEmulator, anna: Person, aiogram_bot: Bot
) -> None:
    bot = aiogram_bot
    anna.start()
    file = BufferedInputFile(sample_png(), "a.png")
    photo = await bot.send_photo(1001, file, caption="c")
    assert photo.photo
    file_id = photo.photo[-1].file_id
    album = await bot.send_media_group(
        1001, [InputMediaPhoto(media=file), InputMediaPhoto(media=file_id, caption="two")]
    )
    assert len(album) == 2
    clip = BufferedInputFile(b"data", "f.bin")
    await bot.send_video(1001, clip, supports_streaming=True)
    await bot.send_audio(1001, clip)
    await bot.send_voice(1001, clip)
    await bot.send_video_note(1001, clip, length=240)
    document = await bot.send_document(1001, clip)
    assert document.document
    stored = await bot.get_file(document.document.file_id)
    assert stored.file_path
    downloaded = await bot.download_file(stored.file_path)
    assert downloaded
    assert downloaded.read() == b"data"
    await bot.send_chat_action(1001, "typing")
    await bot.edit_message_caption(chat_id=1001, message_id=photo.message_id, caption="new")
    await bot.delete_message(1001, photo.message_id)
    await bot.set_my_commands([BotCommand(command="start", description="Start")])
    assert [command.command for command in await bot.get_my_commands()] == ["start"]
    assert (await bot.get_chat(1001)).first_name == "Anna"
    assert (await bot.get_chat_member(1001, 1001)).status == "member"
    await bot.set_webhook("https://example.invalid/hook")
    assert (await bot.get_webhook_info()).url == "https://example.invalid/hook"
    await bot.delete_webhook()
    assert (await bot.me()).username == "shop_bot"


async def test_aiogram_raises_its_own_exceptions(
    emulator: TelegramEmulator, anna: Person, aiogram_bot: Bot
) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await aiogram_bot.send_message(1001, "Hi")
    anna.start()
    anna.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await aiogram_bot.send_message(1001, "Hi")
    anna.unblock()
    emulator.fail("flood", "sendMessage", retry_after=3)
    with pytest.raises(TelegramRetryAfter) as flood:
        await aiogram_bot.send_message(1001, "Hi")
    assert flood.value.retry_after == 3


async def test_python_telegram_bot_holds_a_conversation(
    emulator: TelegramEmulator, anna: Person
) -> None:
    async def greet(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        button = telegram.InlineKeyboardButton("Да", callback_data="yes")
        markup = telegram.InlineKeyboardMarkup([[button]])
        text = f"<b>Идём, {context.args}?</b>"
        await update.message.reply_text(text, parse_mode="HTML", reply_markup=markup)

    async def agree(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Ура")
        await update.callback_query.edit_message_text("Отлично")

    builder = Application.builder().token(TOKEN).base_url(f"{emulator.url}/bot")
    app = builder.base_file_url(f"{emulator.url}/file/bot").build()
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(agree))
    async with app:
        assert app.updater
        await app.start()
        await app.updater.start_polling(timeout=5)
        journal = emulator.journal
        anna.start("promo")
        await journal.wait_for(lambda: journal.messages(1001))
        assert anna.chat().transcript()[-1] == "bot: Идём, ['promo']? [Да]"
        press = anna.press("Да")
        assert isinstance(press, Press)
        await journal.wait_for(lambda: journal.messages(1001)[0].edits)
        assert anna.chat().transcript()[-1] == "bot: Отлично"
        assert press.text == "Ура"
        with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
            await app.bot.edit_message_text("Отлично", 1001, press.message.id)
        await app.bot.send_photo(1001, sample_png(), caption="Афиша")
        assert journal.delivered[-1].media == ["photo"]
        await app.updater.stop()
        await app.stop()
