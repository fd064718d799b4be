"""Lines ``manager`` of a test: the engine alone and the runtime do and say the same."""

from datetime import UTC, datetime

import pytest

from bots.performing import rehearse as rehearse_on_runtime
from flows.loading import load
from flows.reading import Reading
from flows.rehearsal import rehearse
from flows.transcripts import read_tests
from voronka.testing import alone

FUNNEL = """\
funnel: small
entry:
  - start
  - {event: sold, flow: sale, save: {chief: manager}}
  - {event: refused, flow: refusal}
flows:
  sale: ["Спасибо за покупку! Ваш менеджер — {{ chief }}."]
  refusal: [Жаль.]
  main:
    - {ask: Как вас зовут?, save: who}
    - {handover: sales, id: talk, otherwise: [Никто не ответил]}
    - Говорил {{ manager | default("бот") }}
    - {lead: Первая, team: sales}
    - {ask: Ещё?, id: more, options: [Да, Нет]}
    - {lead: Первая, team: sales}
    - Вас ведёт {{ manager | default("команда") }}
tests:
  - test: Разговор
    talk:
      - open: ""
      - bot: Как вас зовут?
      - type: Мария
      - team: Клиент ждёт человека
      - type: Вы тут?
      - team: Вы тут?
      - manager: {take: true}
      - manager: {say: "Да, {{ тут }}"}
      - bot: Да, {{ тут }}
      - send: {photo: media/a.jpg, caption: Вот}
      - team: Вот
      - manager: {return: true}
      - bot: Говорил NAME
      - team: Первая
      - bot: Ещё?
  - test: Никто не взял
    talk:
      - open: ""
      - bot: Как вас зовут?
      - type: Мария
      - team: Клиент ждёт человека
      - bot: Никто не ответил
        at: 2026-01-13 12:00
      - bot: Говорил бот
      - team: Первая
      - bot: Ещё?
  - test: Ответ без «взять» и заявка
    talk:
      - open: ""
      - bot: Как вас зовут?
      - type: Мария
      - team: Клиент ждёт человека
      - manager: {say: Здравствуйте!}
      - bot: Здравствуйте!
      - manager: {return: true}
      - bot: Говорил NAME
      - team: Первая
      - bot: Ещё?
      - manager: {take: true}
      - manager: {status: sold}
      - bot: Ваш менеджер — NAME.
      - manager: {status: taken}
      - manager: {status: new}
      - manager: {say: Перезвоню}
      - bot: Перезвоню
      - press: Да
      - team: Первая
      - bot: Вас ведёт NAME
      - manager: {status: refused}
      - bot: Жаль.
      - expect: {ended: true}
  - {test: Нечего взять, talk: [{open: ""}, {bot: ...}, {manager: {take: true}}]}
  - {test: Нечего вернуть, talk: [{open: ""}, {bot: ...}, {manager: {return: true}}]}
  - {test: Некому ответить, talk: [{open: ""}, {bot: ...}, {manager: {say: Да}}]}
  - {test: Нечего закрыть, talk: [{open: ""}, {bot: ...}, {manager: {status: sold}}]}
"""
PROJECT = """\
project: small
bots: {site: {channel: web, funnels: [small]}}
teams: {sales: {hours: mon-fri 10:00-19:00MANAGERS}}
"""
ANNA = ", managers: [{name: Анна, telegram: 111}]"
FAILURES = {3: "nothing for a manager to take", 4: "the bot has", 5: "to reply to", 6: "no lead"}


class Wall:
    """The real time."""

    def now(self):
        """Now."""
        return datetime.now(UTC)


@pytest.mark.parametrize("channel", ["telegram", "vk", "web"])
@pytest.mark.parametrize("managers", [ANNA, ""], ids=["listed", "nobody listed"])
@pytest.mark.parametrize("number", range(7))
async def test_managers_do_the_same_on_both_stages(channel, managers, number):
    text = FUNNEL.replace("NAME", "Анна" if managers else "Менеджер")
    project = PROJECT.replace("MANAGERS", managers)
    files = {"voronka.yaml": project.encode(), "funnels/small.yaml": text.encode()}
    loaded = load(files, {"funnels/media/a.jpg": 10}, "2026-01-01")
    assert not loaded.errors
    bundle = alone(loaded, "small", channel)
    test = read_tests(bundle.programs["small"].funnel.tests, Reading("funnels/small.yaml"))[number]
    engine = rehearse(bundle, test, "small")
    runtime = await rehearse_on_runtime(bundle, test, "small", {}, Wall())
    for found in (engine, runtime):
        if number in FAILURES:
            assert FAILURES[number] in found.en
        else:
            assert found is None, (found.mark.line, found.en)
