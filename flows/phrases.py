"""The bot's own phrases, in the funnel's language."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARAM = re.compile(r"\{(\w+)\}")
PHRASES: dict[str, tuple[str, str]] = {
    "agree": ("Согласен", "I agree"),
    "refuse": ("Нет", "No"),
    "consent": (
        "Прочитайте, пожалуйста, документ и выберите ответ:",
        "Please read the document and choose:",
    ),
    "choose_option": (
        "Не понял ответ. Выберите, пожалуйста, один из вариантов.",
        "I did not understand. Please choose one of the answers.",
    ),
    "choose_options": (
        "Отметьте варианты кнопками или напишите их номера через запятую, например 1, 3.",
        "Mark the answers with the buttons, or type their numbers, like 1, 3.",
    ),
    "choose_more": (
        "Нужно выбрать не меньше {min}.",
        "Please choose at least {min}.",
    ),
    "choose_fewer": (
        "Можно выбрать не больше {max}.",
        "Please choose no more than {max}.",
    ),
    "done": ("Готово", "Done"),
    "chosen": ("Выбрано: {options}.", "Chosen: {options}."),
    "chosen_none": ("Пока ничего не выбрано.", "Nothing is chosen yet."),
    "text_expected": (
        "Напишите, пожалуйста, ответ текстом.",
        "Please write your answer as text.",
    ),
    "share_contact": ("Отправить мой номер", "Share my phone number"),
    "share_location": ("Отправить местоположение", "Share my location"),
    "already": ("Вы уже с нами.", "You are already with us."),
    "already_next": ("Вы уже с нами. Следующее письмо: {moment}.",
                     "You are already with us. The next letter: {moment}."),
    "already_done": ("Вы уже прошли этот путь до конца.", "You have already finished this."),
    "old_button": ("Этот вопрос уже позади.", "That question is behind us."),
    "marked": ("Готово", "Done"),
    "stopped": (
        "Хорошо, больше не пишем. Если передумаете — просто напишите нам.",
        "Done: we will not write again. If you change your mind, just write to us.",
    ),
    "privacy": ("Как мы обращаемся с данными: {title} {url}", "How we treat data: {title} {url}"),
    "privacy_none": (
        "Политика обработки данных пока не опубликована. Спросите нас прямо здесь.",
        "The privacy policy is not published yet. Ask us right here.",
    ),
    "unsubscribe": ("Чтобы не получать рекламу, напишите «стоп».", "To stop adverts write “stop”."),
    "advert": ("Реклама.", "Advertisement."),
    "my_data": ("Что мы храним о вас:", "What we keep about you:"),
    "my_data_none": ("Мы ничего о вас не храним.", "We keep nothing about you."),
    "erasure": (
        "Запрос на удаление данных принят. Ответим в течение десяти рабочих дней.",
        "Your request to erase the data is taken. We answer within ten working days.",
    ),
    "another_day": ("Другой день", "Another day"),
    "slot_taken": (
        "Это время только что заняли. Вот ближайшие свободные:",
        "That time has just been taken. The nearest free ones:",
    ),
    "no_slots": (
        "Свободного времени пока нет. Напишите нам, и мы что-нибудь придумаем.",
        "There is no free time now. Write to us and we will find a way.",
    ),
    "waits_for_human": ("Клиент ждёт человека", "A client waits for a human"),
    "operator": (
        "Передали разговор менеджеру: он ответит вам здесь.",
        "A manager has the conversation now and answers you here.",
    ),
    "comment_reply": (
        "Напишите нам, и мы ответим в личных сообщениях: {link}",
        "Write to us, we answer in private messages: {link}",
    ),
}  # fmt: skip


def phrase(
    name: str, language: str, own: Mapping[str, str] | None = None, /, **params: str
) -> str:
    """The phrase with its parameters filled in; ``own`` are those that a funnel reworded."""
    written = (own or {}).get(name) or PHRASES[name][0 if language == "ru" else 1]
    return filled(written, params)


def filled(written: str, params: Mapping[str, str]) -> str:
    """The words with ``{name}`` replaced by its value, and nothing else understood."""
    return PARAM.sub(lambda found: str(params.get(found[1], found[0])), written)
