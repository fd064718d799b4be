"""The bot's own phrases, in the funnel's language."""

from __future__ import annotations

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
    "text_expected": (
        "Напишите, пожалуйста, ответ текстом.",
        "Please write your answer as text.",
    ),
    "share_contact": ("Отправить мой номер", "Share my phone number"),
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
    "comment_reply": (
        "Напишите нам, и мы ответим в личных сообщениях: {link}",
        "Write to us, we answer in private messages: {link}",
    ),
}  # fmt: skip


def phrase(name: str, language: str, **params: str) -> str:
    """The phrase with its parameters filled in."""
    return PHRASES[name][0 if language == "ru" else 1].format(**params)
