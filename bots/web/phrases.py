"""The words of the web chat's pages, in Russian and English."""

from __future__ import annotations

import json

from bots.vault import MOST_BYTES

MEGABYTES = MOST_BYTES // 1024 // 1024

_PHRASES: dict[str, tuple[str, str]] = {
    "start": ("Начать", "Start"),
    "write": ("Сообщение", "Message"),
    "send": ("Отправить", "Send"),
    "messages": ("Переписка", "Conversation"),
    "online": ("на связи", "online"),
    "typing": ("печатает…", "typing…"),
    "welcome": (
        "Нажмите «Начать» или просто напишите — бот ответит сразу.",
        "Press “Start” or just write: the bot answers at once.",
    ),
    "lost": ("Нет связи. Восстанавливаем…", "No connection. Reconnecting…"),
    "waiting": ("отправляется", "sending"),
    "failed": ("не отправлено", "not sent"),
    "retry": ("Повторить", "Try again"),
    "newer": ("Новые сообщения", "New messages"),
    "today": ("Сегодня", "Today"),
    "yesterday": ("Вчера", "Yesterday"),
    "you": ("Вы", "You"),
    "bot": ("Бот", "Bot"),
    "manager": ("Менеджер", "Manager"),
    "chosen": ("Выбрано", "Chosen"),
    "picture": ("Картинка", "Picture"),
    "file": ("Файл", "File"),
    "no_script": (
        "Чату нужен JavaScript. Включите его, пожалуйста, и обновите страницу.",
        "The chat needs JavaScript. Please switch it on and reload the page.",
    ),
    "chats": ("Чаты", "Chats"),
    "no_chats": ("Здесь пока нет ни одного чата.", "There are no chats here yet."),
    "open_chat": ("Открыть чат", "Open the chat"),
    "version": ("версия", "version"),
    "not_found_title": ("Страница не найдена", "Page not found"),
    "not_found": (
        "Такой страницы здесь нет. Возможно, ссылка устарела.",
        "There is no such page. The link may be out of date.",
    ),
    "crowded": (
        "Слишком много новых посетителей с вашего адреса. Подождите минуту и обновите страницу.",
        "Too many new visitors from your address. Wait a minute and reload the page.",
    ),
    "too_fast": (
        "Слишком много сообщений сразу. Подождите немного.",
        "Too many messages at once. Wait a little.",
    ),
    "too_many_tabs": (
        "Чат открыт в слишком многих вкладках.",
        "The chat is open in too many tabs.",
    ),
    "too_long": (
        "Сообщение длиннее {limit} знаков. Разделите его, пожалуйста.",
        "The message is longer than {limit} characters. Please split it.",
    ),
    "attach": ("Прикрепить файл", "Attach a file"),
    "file_large": ("Файл больше {limit} МБ.", "The file is larger than {limit} MB."),
    "file_empty": ("Файл пустой.", "The file is empty."),
    "no_room": (
        "Файлов уже слишком много. Напишите, пожалуйста, словами.",
        "There are too many files already. Please write in words.",
    ),
    "empty": ("Сообщение пустое.", "The message is empty."),
    "stranger": (
        "Чат вас не узнал. Обновите страницу и разрешите cookie.",
        "The chat does not know you. Reload the page and allow cookies.",
    ),
    "foreign": (
        "Запрос пришёл с чужой страницы.",
        "The request came from another site.",
    ),
    "unreadable": ("Запрос не разобрать.", "The request cannot be read."),
    "later": (
        "Сервер сейчас не может сохранить сообщение. Повторим сами.",
        "The server cannot store the message right now. We will try again.",
    ),
    "away": (
        "Чат на минуту недоступен. Переписка сохранена — обновите страницу чуть позже.",
        "The chat is away for a minute. The conversation is kept: reload the page a little later.",
    ),
}

IN_PAGE = (
    "online", "typing", "lost", "waiting", "failed", "retry", "newer", "today", "yesterday",
    "you", "bot", "manager", "chosen", "picture", "file", "later", "file_large",
)  # fmt: skip
"""Phrases that the page's script says."""


def phrase(name: str, language: str, **params: object) -> str:
    """The phrase in the bot's language, Russian unless that is English."""
    return _PHRASES[name][language == "en"].format(**params)


def phrases_of_page(language: str) -> str:
    """JSON of the phrases that the script says."""
    found = {name: phrase(name, language, limit=MEGABYTES) for name in IN_PAGE}
    return json.dumps(found, ensure_ascii=False)
