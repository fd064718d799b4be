"""What people send that is no text, through real clients: answers, leads, and the files behind them."""

from datetime import datetime
from pathlib import Path
from textwrap import dedent

import httpx2
import pytest

from tests.acceptance.messengers import SIDES
from tests.acceptance.project import loaded_project, start_moment, transcripts
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import BOT, PUBLIC_URL
from tests.acceptance.stage_over_http import opened_stage
from tests.acceptance.test_transcripts import hold_to_parity
from tests.emulators.telegram.media import sample_png

PROJECT = """
project: papers
timezone: Europe/Moscow
bots:
  web: {channel: web, funnels: [papers]}
teams:
  sales: {hours: mon-fri 10:00-19:00}
"""
FUNNEL = """
funnel: papers
entry: [start]
fields:
  passport: {label: Паспорт}
  contract: {label: Договор}
  place: {label: Куда}
flows:
  main:
    - ask: Пришлите фото паспорта.
      save: passport
      answer: photo
    - ask: И договор.
      save: contract
      answer: file
    - ask: Куда привезти?
      save: place
      answer: location
    - lead: Оформление
      team: sales
    - "Приняли: {{ passport }}, {{ contract }}, {{ place }}."
tests:
  - test: Фото, файл и место
    channel: telegram
    talk:
      - open: ""
      - bot: Пришлите фото паспорта.
      - type: Сейчас
      - bot: Пришлите, пожалуйста, фото
      - send: {voice: media/голос.ogg}
      - bot: Пришлите, пожалуйста, фото
      - send: {photo: media/паспорт.jpg, caption: Разворот}
      - bot: И договор.
      - send: {file: media/договор.pdf}
      - bot: Куда привезти?
      - send: {location: "55.75, 37.61"}
      - team: Оформление
      - bot: "Приняли: фото, договор.pdf, 55.75, 37.61."
      - expect:
          fields: {passport: фото, contract: договор.pdf, place: "55.75, 37.61"}
          lead: {passport: фото «Разворот», contract: "файл: договор.pdf"}
"""


@pytest.fixture
def papers(tmp_path: Path):
    """A project of its own, with a funnel that asks for files."""
    (tmp_path / "funnels").mkdir()
    (tmp_path / "voronka.yaml").write_text(dedent(PROJECT), encoding="utf-8")
    (tmp_path / "funnels" / "papers.yaml").write_text(dedent(FUNNEL), encoding="utf-8")
    loaded = loaded_project(tmp_path)
    assert not loaded.errors, loaded.errors
    return loaded


@pytest.fixture
def open_papers(people_time: None, papers, new_sqlite):
    """A function that opens a stage where the funnel can begin."""

    def make(channel: str):
        (test,) = transcripts(papers, "papers")
        start: datetime = start_moment(papers, "papers", test)
        return opened_stage(SIDES[channel](), papers, "papers", new_sqlite(), start)

    return make


@pytest.mark.parametrize("channel", ["telegram", "vk"])
async def test_files_and_a_place_come_through_a_real_client(open_papers, papers, channel):
    (test,) = transcripts(papers, "papers")
    async with open_papers(channel) as stage:
        await hold_to_parity(stage, "papers", test)
        check_nothing_refused(stage)


async def lead_of_files(stage):
    """The whole way to the lead."""
    await stage.do(("open", ""), ("send", {"photo": "паспорт.jpg", "caption": "Разворот"}))
    await stage.do(("send", {"file": "договор.pdf"}), ("type", "Тверская, 7"))


async def test_the_team_gets_the_files_after_the_card_in_telegram(open_papers):
    async with open_papers("telegram") as stage:
        await lead_of_files(stage)
        side = stage.side
        rows = [row for row in side.emulator.journal.messages() if row.chat == side.group.id]
        assert [row.method for row in rows] == ["sendMessage", "sendPhoto", "sendDocument"]
        assert "Паспорт: фото «Разворот»\nДоговор: файл: договор.pdf\nКуда: Тверская, 7" in (
            rows[0].text
        )
        assert [row.text for row in rows[1:]] == [
            "Мария Ли · фото «Разворот»",
            "Мария Ли · файл: договор.pdf",
        ]
        check_nothing_refused(stage)


async def test_the_team_gets_the_files_after_the_card_in_vk(open_papers):
    async with open_papers("vk") as stage:
        await lead_of_files(stage)
        side = stage.side
        said = [one for one in side.community.dialog(side.chat).messages if one.out]
        assert [len(one.attachments) for one in said] == [0, 1, 1]
        kinds = [name.partition("5")[0] for one in said for name in one.attachments]
        assert kinds == ["photo", "doc"]
        assert said[1].text == "Мария Ли · фото «Разворот»"
        check_nothing_refused(stage)


async def test_an_album_is_one_answer_and_all_of_it_reaches_the_team(open_papers):
    async with open_papers("telegram") as stage:
        await stage.do(("open", ""))
        for _ in range(3):
            stage.side.person.send_file("photo", album="g1")
        await stage.hear()
        assert [one.said.text for one in await stage.side.heard()] == ["И договор."]
        await stage.do(("send", {"file": "договор.pdf"}), ("type", "Тверская, 7"))
        group = stage.side.group.id
        sent = [row for row in stage.side.emulator.journal.messages() if row.chat == group]
        assert [row.method for row in sent[1:]] == ["sendPhoto"] * 3 + ["sendDocument"]


@pytest.mark.parametrize("channel", ["telegram", "vk"])
async def test_the_button_shares_the_place(open_papers, channel):
    async with open_papers(channel) as stage:
        await stage.do(("open", ""), ("send", {"photo": "a.jpg"}), ("send", {"file": "b.pdf"}))
        side = stage.side
        if channel == "telegram":
            assert side.shared() == ["location"]
            side.person.press("Отправить местоположение")
        else:
            side.people.press(side.group, int(side.sender), "location")
        await stage.hear()
        seen = await stage.look()
        assert seen.fields["place"] == "55.75, 37.62"
        check_nothing_refused(stage)


async def test_a_visitors_files_go_to_the_team_and_to_their_own_page_only(open_papers):
    async with open_papers("web") as stage:
        await lead_of_files(stage)
        side = stage.side
        journal, group = side.messenger.emulator.journal, side.messenger.group.id
        rows = [row for row in journal.messages() if row.chat == group]
        assert [row.method for row in rows] == ["sendMessage", "sendDocument", "sendDocument"]
        assert [row.text for row in rows[1:]] == [
            "Без имени · фото",
            "Без имени · файл: договор.pdf",
        ]
        assert "Договор: файл: договор.pdf" in rows[0].text
        mine = [entry for entry in side.shown.values() if entry["from"] == "person"]
        shown = [one for entry in mine for one in entry.get("media", ())]
        assert [(one["kind"], one["name"]) for one in shown] == [
            ("photo", "паспорт.jpg"),
            ("document", "договор.pdf"),
        ]
        picture, paper = [f"/chat/{BOT}/files/{one['own']}" for one in shown]
        looked = await side.browser.get(picture)
        assert (looked.content, looked.headers["content-type"]) == (sample_png(), "image/png")
        saved = await side.browser.get(paper)
        assert saved.headers["content-disposition"] == "attachment"
        assert saved.headers["x-content-type-options"] == "nosniff"
        stranger = httpx2.AsyncClient(transport=side.browser._transport, base_url=PUBLIC_URL)
        assert (await stranger.get(picture)).status_code == 401
        await stranger.get(f"/chat/{BOT}")
        assert (await stranger.get(picture)).status_code == 404
        check_nothing_refused(stage)
