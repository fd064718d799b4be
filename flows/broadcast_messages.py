"""What can be wrong in a broadcast's file, said in Russian and English."""

from __future__ import annotations

# code: (sentence ru, sentence en, hint ru, hint en)
MESSAGES: dict[str, tuple[str, str, str, str]] = {
    "broadcast-when": (
        "Рассылка не может идти «{text}».",
        "A broadcast cannot go “{text}”.",
        "Пишите `now` или день и время: `2026-12-10 12:00`.",
        "Write `now`, or a day and a time: `2026-12-10 12:00`.",
    ),
    "broadcast-rate": (
        "«{text}» — не скорость.",
        "“{text}” is no rate.",
        "Сколько человек за сколько: `600/h`, `20/m`, `5000/d`.",
        "How many people in what time: `600/h`, `20/m`, `5000/d`.",
    ),
    "broadcast-needs-funnel": (
        "`{key}` работает внутри одной воронки, а она не названа.",
        "`{key}` belongs to one funnel, and none is named.",
        "Напишите `to: {{funnel: имя}}`.",
        "Write `to: {{funnel: name}}`.",
    ),
    "broadcast-nobody": (
        "Воронку «{funnel}» не играет ни один из ботов рассылки: {bots}.",
        "No bot of the broadcast plays the funnel “{funnel}”: {bots}.",
        "Назовите в `bots` бота, который её играет, или уберите `bots`.",
        "Name a bot that plays it in `bots`, or leave `bots` out.",
    ),
    "duplicate-broadcast": (
        "Рассылка «{name}» уже есть в {other}.",
        "The broadcast “{name}” is in {other} already.",
        "Дайте другое имя: одно имя отправляется один раз.",
        "Give it another name: one name is sent once.",
    ),
    "unknown-bot": (
        "Бота «{name}» в проекте нет.",
        "The project has no bot “{name}”.",
        "Есть: {known}.",
        "There are: {known}.",
    ),
    "unknown-place": (
        "Места «{name}» в воронке нет.",
        "The funnel has no place “{name}”.",
        "Места — это `поток.вопрос` и `серия.письмо`.",
        "Places are `flow.question` and `series.letter`.",
    ),
    "unknown-link": (
        "По коду «{link}» не войти ни в одну воронку ботов рассылки.",
        "The code “{link}” enters no funnel of the broadcast's bots.",
        "Добавьте воронке вход `link: {link}`.",
        "Give a funnel the entry `link: {link}`.",
    ),
}
