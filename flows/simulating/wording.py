"""What a calendar says of deeds and decisions, in Russian and in English."""

from __future__ import annotations

from flows import events

NOTES: dict[str, tuple[str, str]] = {
    "moved": ("Письмо {place} перенесено на {until}: {why}", "{place} is moved to {until}: {why}"),
    "held": (
        "{place} ждёт до {until}: {why}",
        "{place} waits till {until}: {why}",
    ),
    "skipped": ("{place} пропущено: {why}", "{place} is skipped: {why}"),
    "parked": ("{place} отложено: {why}", "{place} is put aside: {why}"),
    "silent": ("Человек молчит, вопрос {place} оставлен", "Silence: {place} is left"),
    "reminded": ("↑ напоминание о вопросе {place}", "↑ a reminder of {place}"),
    "misunderstood": ("Ответ не подошёл: {place}", "The answer did not fit: {place}"),
    "started": ("Начата серия {place}", "The series {place} starts"),
    "series_done": ("Серия {place} закончена", "The series {place} is done"),
    "series_stopped": ("Серия {place} остановлена: {why}", "The series {place} is stopped: {why}"),
    "tagged": ("+ метка «{option}»", "+ tag “{option}”"),
    "untagged": ("− метка «{option}»", "− tag “{option}”"),
    "split": ("Выпал вариант «{variant}»", "The variant “{variant}” falls"),
    "came_true": ("Условие ожидания {place} выполнено", "The wait {place} came true"),
    "answered_outside": ("Пришёл ответ снаружи: {why}", "The outside answered: {why}"),
    "repeated": ("Повторное нажатие: ничего не меняется", "A repeat press changes nothing"),
    "ignored": ("Бот не понял и промолчал", "The bot did not understand and kept silent"),
    "stopped": ("Путь прерван: {why}", "The play was stopped: {why}"),
    "ended": ("Прохождение закончено: {why}", "The run is over: {why}"),
    "reopened": ("Прохождение снова открыто", "The run is open again"),
    "handed_over": ("Разговор передан команде {option}", "{option} has the conversation"),
    "taken_back": ("Разговор снова у бота: {why}", "The bot has the conversation again: {why}"),
    "happened": ("Событие {option}", "The event {option}"),
    "event_lacks": ("В событии {option} нет {why}", "The event {option} has no {why}"),
    "call_failed": ("{place} не удалось: {why}", "{place} failed: {why}"),
    "no_slots": ("Свободного времени нет: {place}", "No time is free: {place}"),
    "slot_lost": ("Время только что заняли: {place}", "The time was just taken: {place}"),
    "goal": ("Цель «{option}»", "The goal “{option}”"),
}
"""Notes worth a line, in Russian and English."""


DEEDS: dict[type, tuple[str, str]] = {
    events.Pressed: ("нажимает «{0.text}»", "presses “{0.text}”"),
    events.Typed: ("пишет: {0.text}", "writes: {0.text}"),
    events.Commented: ("комментирует: {0.text}", "comments: {0.text}"),
    events.Clicked: ("открывает ссылку {0.track}", "opens the link {0.track}"),
    events.BotBlocked: ("блокирует бота", "blocks the bot"),
    events.LocationSent: ("присылает место", "sends a place"),
    events.ContactShared: ("присылает контакт", "shares a contact"),
    events.BotAllowed: ("разрешает писать", "allows messages"),
    events.Joined: ("вступает в сообщество", "joins the community"),
    events.FileSent: ("присылает файл", "sends a file"),
    events.Opened: ("приходит по ссылке {0.code}", "comes by the link {0.code}"),
    events.ResetAsked: ("начинает заново: /reset", "begins anew: /reset"),
    events.PreviewAsked: ("смотрит письмо {0.letter}", "previews the letter {0.letter}"),
}
"""What the person did."""

OF_MANAGERS: dict[type, tuple[str, str]] = {
    events.ManagerTook: ("{0.manager} берёт разговор", "{0.manager} takes the conversation"),
    events.ManagerWrote: ("{0.manager} пишет", "{0.manager} writes"),
    events.ManagerReturned: (
        "{0.manager} возвращает разговор боту",
        "{0.manager} gives the conversation back",
    ),
}
"""What a manager did."""

FROM_OUTSIDE: dict[type, tuple[str, str]] = {
    events.EventHappened: ("снаружи: {0.name}", "outside: {0.name}"),
    events.CodeRedeemed: ("код погашен", "the code is redeemed"),
}
"""What happened outside."""
