"""A person and a team talk through the bot: hand-overs and leads, over HTTP to both messengers."""

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.acceptance.engine_alone import play_alone
from tests.acceptance.messengers import SIDES
from tests.acceptance.project import loaded_project, start_moment, transcripts
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import MANAGERS, STRANGER
from tests.acceptance.stage_over_http import opened_stage, play
from tests.acceptance.team_chats import TEAMS

FUNNEL = """\
funnel: helped
title: Помощь человека
entry: [start]
fields: {wish: {label: Вопрос}}
flows:
  main:
    - {ask: Какой у вас вопрос?, save: wish, silence: [{after: 3d, then: [end]}]}
    - {handover: sales, id: talk, for: 24h, otherwise: [Никто не смог ответить.]}
    - С вами говорил {{ manager | default("бот") }}.
    - {lead: Заявка, team: sales}
    - {ask: Всё ли понятно?, id: clear, options: [Да, Нет], silence: [{after: 3d, then: [end]}]}
    - Вас ведёт {{ manager | default("команда") }}.
tests:
  - test: Менеджер отвечает и возвращает
    talk:
      - open: ""
      - bot: Какой у вас вопрос?
      - type: Сколько стоит?
      - team: Клиент ждёт человека
      - type: Вы тут?
      - team: Вы тут?
      - manager: {take: true}
      - manager: {say: "Здравствуйте! {{ 7*7 }}"}
      - bot: Здравствуйте! {{ 7*7 }}
      - type: Спасибо
      - team: Спасибо
      - manager: {return: true}
      - bot: С вами говорил Анна.
      - team: Заявка
      - bot: Всё ли понятно?
      - manager: {take: true}
      - manager: {say: Перезвоню завтра}
      - bot: Перезвоню завтра
      - manager: {status: sold}
      - press: Да
      - bot: Вас ведёт Анна.
      - expect: {lead: {title: Заявка}, ended: true}
  - test: Никто не взял
    talk:
      - open: ""
      - bot: Какой у вас вопрос?
      - type: Сколько стоит?
      - team: Клиент ждёт человека
      - bot: Никто не смог ответить.
        at: 2026-01-13 12:00
      - bot: С вами говорил бот.
      - team: Заявка
      - bot: Всё ли понятно?
"""
CARD = "Клиент ждёт человека"


@pytest.fixture
def helped(tmp_path: Path):
    """A project with the funnel in question alone."""
    (tmp_path / "funnels").mkdir()
    (tmp_path / "voronka.yaml").write_text(
        "project: helped\ntimezone: Europe/Moscow\n"
        "bots: {bot: {channel: web, funnels: [helped]}}\n"
        "teams: {sales: {managers: [{name: Анна, telegram: 1}]}}\n",
        encoding="utf-8",
    )
    (tmp_path / "funnels" / "helped.yaml").write_text(FUNNEL, encoding="utf-8")
    loaded = loaded_project(tmp_path)
    assert not loaded.errors, loaded.errors
    return loaded


@pytest.fixture
def open_helped(people_time, helped, database_url):
    """A function that opens a stage of the funnel, on SQLite and on PostgreSQL."""

    @asynccontextmanager
    async def make(channel):
        start = start_moment(helped, "helped", transcripts(helped, "helped")[0])
        opened = opened_stage(SIDES[channel](), helped, "helped", database_url, start)
        async with opened as stage:
            yield stage, TEAMS[channel](stage.side)

    return make


@pytest.fixture(params=sorted(SIDES))
async def asked(request, open_helped):
    """The person waits for a human."""
    async with open_helped(request.param) as (stage, chat):
        await stage.do(("open", ""), ("type", "Сколько стоит?"))
        assert chat.card().text.startswith(CARD)
        yield stage, chat


@pytest.mark.parametrize("restless", [False, True], ids=["at once", "restarted"])
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("channel", sorted(SIDES))
async def test_managers_in_tests_do_the_same_through_real_clients(
    helped, open_helped, channel, number, restless
):
    test = transcripts(helped, "helped")[number]
    async with open_helped(channel) as (stage, _):
        stage.restless = restless
        failure, heard = await play(stage, "helped", test)
        assert failure is None, f"{failure.mark.line}: {failure.en}"
        failure, expected = play_alone(stage.bundle, "helped", test, stage.side.profile)
        assert failure is None, f"{failure.mark.line}: {failure.en}"
        assert [(one.kind, one.at_us) for one in heard] == [
            (one.kind, one.at_us) for one in expected
        ]
        told = zip(heard, expected, strict=True)
        assert all(one.text in each.text for each, one in told)
        check_nothing_refused(stage)


async def test_one_of_two_who_press_at_once_has_the_conversation(asked):
    stage, chat = asked
    assert chat.card().labels == ["Взять разговор", "Вернуть боту"]
    for manager in MANAGERS:
        chat.press(manager, "Взять разговор")
    await stage.hear()
    (taken,) = [line for line in chat.card().text.split("\n") if line.startswith("✓ Говорит")]
    winner = taken.removeprefix("✓ Говорит ").removesuffix(", 12:00")
    assert sorted(one[:12] for one in chat.popups()) == ["Разговор ваш", "Уже в работе"]
    assert f"Уже в работе: {winner}" in chat.popups()
    assert chat.card().labels == ["Вернуть боту"]
    check_nothing_refused(stage)


async def test_a_reply_to_what_the_person_wrote_goes_to_the_person(asked):
    stage, chat = asked
    await stage.do(("type", "Вы тут?"))
    relayed = chat.messages()[-1]
    assert relayed.text.endswith(": Вы тут?")
    await stage.said()
    chat.reply(222, "Да, тут", chat.numbered("Вы тут?"))
    chat.write(222, "Кто ответит?")
    await stage.hear()
    assert [(one.kind, one.text) for one in await stage.said()] == [("bot", "Да, тут")]
    assert "✓ Говорит Борис" in chat.messages()[0].text
    check_nothing_refused(stage)


async def test_a_stranger_in_the_teams_chat_is_told_once_and_not_heard(asked):
    stage, chat = asked
    await stage.said()
    for _ in range(2):
        chat.reply(STRANGER, "Я отвечу", chat.numbered(CARD))
        await stage.hear()
    told = "Вас нет в списке команды: клиенту это не отправлено"
    assert [(one.kind, one.text) for one in await stage.said()] == [("team", told)]
    check_nothing_refused(stage)


async def test_stop_takes_the_buttons_from_the_card(asked):
    stage, chat = asked
    await stage.do(("type", "стоп"))
    assert chat.card().labels == []
    assert chat.card().text.endswith("клиент просил больше не писать")
    check_nothing_refused(stage)


async def test_what_became_of_a_lead_stands_on_its_card(asked):
    stage, chat = asked
    chat.press(111, "Вернуть боту")
    await stage.hear()
    chat.press(222, "Взять в работу")
    await stage.hear()
    assert chat.card().labels == ["Продано", "Отказ", "Вернуть в новые"]
    chat.press(111, "Отказ")
    await stage.hear()
    assert chat.card().text.endswith("\n✗ Отказ")
    assert chat.card().labels == ["Вернуть в работу"]
    check_nothing_refused(stage)
