"""What lives are made of: acts, words, and funnels that are hard to live in."""

from __future__ import annotations

import random

Action = tuple[str, int]

ACTS = (
    *("press",) * 8, *("newest",) * 8, *("type",) * 4, *("wait",) * 9, *("leap",) * 4,
    "double", "twice", "forged", "open", "outage", "stop", "block", "allow", "click", "contact",
    "sticker", "comment", "old_timer", "old_timer",
)  # fmt: skip
ALL_ACTS = (
    *ACTS, *("answer",) * 9, *("file",) * 3, "album", "location", "location", "join", "answer_twice",
    *("manager",) * 3, *("happen",) * 2, "slow", "set_back",
)  # fmt: skip
"""With all that files, places, managers and the world outside may do."""
WORDS = (
    "да",
    "нет",
    "1",
    "2",
    "привет",
    "урок",
    "подарок",
    "/privacy",
    "/start",
    "/start side",
    "назад",
    "+7 916 123-45-67",
    "не скажу",
    "согласен",
    "{{ 7*7 }}",
    "**<b>**",
    "зима",
    "",
    "ещё",
    "5",
)
MORE_WORDS = (
    "завтра", "25.12.2026", "в пятницу", "10:30", "20.01.2026 19:00", "Казань", "Киров", "Ейск",
    "2,5 метра", "anna@example.ru", "7", "10", "да, нет", "55.75, 37.61", "готово", "мои данные",
    "удалите мои данные", "оператор", "/human", "понедельник", "\u202eRTL\u200b", "x" * 4000, "<b>",
)  # fmt: skip
CODES = ("", "ads_may", "gift_1", "side", "anew", "once", "nobody")
STOPS = ("стоп", "/stop", "Отписаться!")
ZONES = ("", "Asia/Vladivostok", "Europe/Kaliningrad")


def random_life(seed: int, length: int) -> list[Action]:
    """The same life for the same seed."""
    dice = random.Random(seed)
    return [(dice.choice(ACTS), dice.randrange(1_000)) for _ in range(length)]


NASTY = (
    """
    funnel: nasty
    timezone: Europe/Moscow
    back: Назад
    entry: [start, {link: anew, restart: true}, {words: [ещё], flow: side}, {comment: ["*"]}, any]
    fields: {day: {type: datetime}, n: {type: integer}}
    flows:
      main:
        - {start: drip}
        - ask: Первый?
          save: one
          options:
            - {text: Да, score: 1, tag: да}
            - {text: Нет, score: 5, tag: стой, then: [{start: drip}]}
            - {text: Сбоку, go: side}
          silence: [{after: 20m, say: Ау}, {after: 3h, say: Ау-ау}, {after: 1d, then: [{tag: тихо}]}]
        - {call: side}
        - {consent: advertising, silence: [{after: 2h, then: []}]}
        - {ask: Сколько?, save: n, answer: integer, attempts: 2, otherwise: [Ладно], skip: Пропустить}
        - say: Когда?
          buttons:
            - {text: Скоро, set: {day: "2026-01-20 12:00"}}
            - {text: Никогда, set: {day: ""}, reply: Ясно}
            - {text: Заново, go: main}
        - {untag: [стой, тихо]}
        - {go: main.one}
      side:
        - {ask: Сбоку?, id: side, options: {Дальше: , Стоп-серии: [{stop: all}], Конец: [end]}}
        - {lead: Заявка, team: sales}
    series:
      drip:
        stop_when: '"стой" in tags or "тихо" in tags'
        window: 10:00-21:00
        letters:
          - {id: first, when: +1h, say: Раз, buttons: [{text: Снова, go: main}]}
          - {id: when, when: day -1h, say: Завтра, otherwise: [Вместо]}
          - id: asks
            when: +1d 12:00
            busy: send
            steps:
              - ask: Из письма?
                id: inner
                options: [{text: Ага, tag: ага}, {text: Прочь, tag: стой}]
                silence: [{after: 5h, say: Из письма ау}, {after: 2d, then: []}]
              - {say: Купите, kind: advertising}
          - {id: advert, when: +2h, kind: advertising, say: Реклама, otherwise: [Без рекламы]}
          - {id: night, when: +0d 23:30, late: send within 3h, say: Ночь, otherwise: [Проспали]}
    """,
    """
    funnel: second
    entry: [{link: side}, {link: once, once: true}, {words: [зима]}]
    silence: [{after: 3h, say: Второй ау}, {after: 9h, then: [end]}]
    flows:
      main:
        - {ask: Второй?, id: q, options: [Так, Этак]}
        - {start: quick}
        - {start: slow}
        - {consent: personal_data, refused: [end]}
    series:
      quick:
        busy: skip
        letters:
          - {id: a, when: now, say: Сразу, buttons: [{text: Открыть, url: "https://a.ru", track: a}]}
          - {id: b, when: +2h, if: '"a" not in clicks', say: Не открыли}
      slow:
        kind: service
        stop_when: lead
        letters:
          - {id: free, when: +1h, if: 'link == ""', say: Без ссылки}
          - {id: ad, when: +1h, kind: advertising, busy: send, say: Реклама второй}
          - {id: a, when: +0d 23:00, say: Служебное ночью}
          - {id: b, when: fri 10:00, ask: Служебный?, save: s, options: [Ок]}
    """,
    """
    funnel: third
    entry: [{command: third}]
    flows:
      main: [{call: a}, {call: a, id: again}, Всё]
      a: [{if: score > 3, then: [{go: b}]}, {add: {score: 2}}, {ask: А?, id: q, options: [Да]}]
      b: [{set: {x: "{{ score }}"}}, {match: x, cases: {"4..": [Много]}}, end]
    """,
)
