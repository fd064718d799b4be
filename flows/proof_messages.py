"""What the search over a funnel's ways finds, said in Russian and English."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "broken-on-path": (
        "На этом пути воронка ломается: {what}.",
        "The funnel breaks on this path: {what}.",
        "Повторите путь в `voronka chat`: так видно, на каком шаге.",
        "Walk the path in `voronka chat` to see the step.",
    ),
    "stuck-state": (
        "Из «{place}» на этом пути нет выхода, кроме «стоп».",
        "On this path “{place}” has no way out but “стоп”.",
        "Добавьте вариант или `silence` с последним `then`.",
        "Add an option, or `silence` with a last `then`.",
    ),
    "never-ends": (
        "После «{place}» разговор не кончится никогда: все пути ходят по кругу.",
        "After “{place}” the talk never ends: every way goes round in a circle.",
        "Пусть один из путей ведёт к `end`: вариант или молчание.",
        "Let one of the ways lead to `end`: an option or silence.",
    ),
    "never-reached": (
        "Сюда не приводит ни один из всех путей: условие выше не бывает таким.",
        "None of all the ways leads here: the condition above never turns out so.",
        "Проверьте условие или уберите эти шаги.",
        "Look at the condition or remove these steps.",
    ),
    "letter-never-sent": (
        "Письмо «{letter}» не уходит ни на одном из всех путей.",
        "The letter “{letter}” is sent on none of all the ways.",
        "Проверьте его `if`, `stop_when` серии и согласие на рекламу.",
        "Look at its `if`, the series' `stop_when` and the consent to advertising.",
    ),
    "series-not-started": (
        "На этом пути серия «{series}» не начнётся: её `stop_when` уже выполнено.",
        "On this path the series “{series}” does not start: its `stop_when` holds already.",
        "Ничего менять не надо, если так и задумано.",
        "Nothing needs mending if that is meant.",
    ),
    "too-many-a-day": (
        "Молчащему человеку может прийти {count} сообщений за день, больше {limit}.",
        "Somebody who is silent may get {count} messages in a day, more than {limit}.",
        "Разнесите письма и напоминания по дням.",
        "Spread letters and reminders over the days.",
    ),
    "busiest-day": (
        "Больше всего сообщений за день без ответа человека: {count}.",
        "The most messages in a day while the person is silent: {count}.",
        "Ничего менять не надо, если это вас устраивает.",
        "Nothing needs mending if that is fine with you.",
    ),
}

WARNINGS = frozenset(
    {
        "never-ends",
        "never-reached",
        "letter-never-sent",
        "series-not-started",
        "too-many-a-day",
        "busiest-day",
    }
)
"""Codes that only warn."""
