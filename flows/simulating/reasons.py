"""Decisions of the engine in a marketer's words, in both languages."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "previous": ("прошлое письмо ушло позже", "the letter before it went later"),
    "day": ("в этот день не пишем", "not on that day"),
    "window": ("вне часов отправки", "outside its window"),
    "quiet": ("тихие часы", "quiet hours"),
    "gap": ("слишком близко к прошлому письму", "too near the letter before it"),
    "limit": ("на день писем уже хватит", "the day's limit is used up"),
    "late": ("момент прошёл", "its moment is past"),
    "if": ("условие `if` не выполнено", "its `if` is false"),
    "busy": ("открыт вопрос", "a question is open"),
    "stop_when": ("сработало `stop_when`", "`stop_when` came true"),
    "stop_when is true at the start": (
        "`stop_when` верно с начала",
        "`stop_when` was true already",
    ),
    "no advertising consent": ("нет согласия на рекламу", "no consent to advertising"),
    "a question is open": ("открыт вопрос", "a question is open"),
    "a newer question was asked": ("задан новый вопрос", "a newer question was asked"),
    "its field is empty": ("поле ещё пустое", "its field is empty"),
    "its time is past": ("время уже прошло", "its time is past"),
    "the person blocked the bot": ("человек заблокировал бота", "the person blocked the bot"),
    "the letter is gone": ("письма больше нет", "the letter is gone"),
    "nothing is left": ("всё сыграно", "nothing is left"),
    "agreed before": ("согласие уже есть", "agreed before"),
    "restarted": ("начато заново", "begun anew"),
    "failed": ("снаружи отказ", "the outside failed"),
    "returned": ("вернул менеджер", "a manager gave it back"),
    "silence": ("никто не пишет", "nobody writes"),
    "refused": ("отказ", "refused"),
    "the habits say so": ("так велят привычки", "the habits say so"),
    "the test says so": ("так велит тест", "the test says so"),
    "no entry by event": ("нет входа по событию", "no entry by event"),
    "go button": ("по кнопке", "by a button"),
}


def reason(code: str, language: str) -> str:
    """The reason in words; a list of reasons one by one; an unknown one as it is."""
    column = 0 if language == "ru" else 1
    if code in REASONS:
        return REASONS[code][column]
    if code.startswith("nowhere: "):
        lead = ("не на что перенести", "no moment suits")[column]
        return f"{lead}: {reason(code.removeprefix('nowhere: '), language)}"
    if ", " in code:
        return ", ".join(reason(part, language) for part in code.split(", "))
    return code
