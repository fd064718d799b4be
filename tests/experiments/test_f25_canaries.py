"""F25: canaries wherever a person or a setting can put them; the program lets out none (R56).

The whole program plays on emulated messengers, a web chat and a server outside, while every part
of it fails with errors that quote all canaries. Then everything that came out is searched.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bots.outside.signing import SIGNATURE, TIMESTAMP, signature
from flows.loading import load
from flows.reports import as_github, as_json, as_text
from flows.sarif import as_sarif
from tests.bots.outside import OutsideServer
from tests.crash.births import Nursery
from tests.crash.house import House
from tests.crash.messengers import TG_TEAM, TG_TOKEN, VK_GROUP, VK_TEAM, VK_TOKEN, Messengers
from tests.crash.story import Story
from tests.experiments import canaries
from tests.experiments.canaries import ALL, leaks, leaks_in_bytes
from tests.experiments.figures import LONG, tell

START = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
PERSON, OWNER, VK_PERSON = 501, 998, 601
FUNNEL = """\
funnel: birds
language: ru
entry: [start, {event: paid, save: {order: data.order}, flow: paid}]
fields: {word: {label: Слово}, phone: {label: Телефон, type: phone}, order: {label: Заказ}}
flows:
  main:
    - ask: Скажите что-нибудь
      save: word
      answer: text
    - consent: personal_data
      refused: [end]
    - ask: Ваш телефон?
      save: phone
      answer: phone
    - ask: Почта?
      save: mail
      answer: email
    - ask: Пришлите документ
      save: paper
      answer: file
    - http:
        post: http://%s/price
        headers: {Authorization: Bearer $SERVER_KEY}
        body: {word: "{{ word }}", phone: "{{ phone }}", name: "{{ first_name }}"}
        save: {reply: data.reply}
      otherwise: [Сервер молчит]
    - lead: Птица
      team: sales
    - "Спасибо, {{ word }}! {{ reply | default('—') }}"
    - ask: Ещё что-нибудь?
      save: more
      answer: text
  paid:
    - "Оплачено: {{ order }}"
"""
PROJECT = """
project: crash
timezone: Europe/Moscow
listen: $LISTEN
database: $DATABASE_URL
bots:
  tg: {{channel: telegram, token: $TG_TOKEN, api_url: $TG_URL, funnels: [birds]}}
  vk: {{channel: vk, token: $VK_TOKEN, group: {group}, api_url: $VK_URL, funnels: [birds]}}
  site: {{channel: web, funnels: [birds]}}
documents:
  personal_data: {{title: Согласие, version: 1, url: "https://example.ru/pd"}}
teams: {{sales: {{notify: {{telegram: {tg_team}, vk: {vk_team}}}}}}}
alerts: {{telegram: {owner}}}
http: {{private: ["{server}"], secret: $SERVER_KEY}}
events: {{secret: $EVENTS_SECRET}}
"""


class Birds:
    """The house of the canaries, and all that came out of it."""

    def __init__(self, house: House, messengers: Messengers, server: OutsideServer) -> None:
        self.house, self.messengers, self.server = house, messengers, server
        self.out: dict[str, str] = {}
        self.session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        """Where the program's server is."""
        return self.house.idle_url.removesuffix("/debug/idle")

    @property
    def person(self) -> Any:
        """The canary on Telegram."""
        return self.messengers.tg.people[PERSON]

    async def idle(self) -> None:
        """Wait until nothing is left to do; what fails is tried again within seconds."""
        async with asyncio.timeout(60):
            calm = 0
            while calm < 2:
                calm = calm + 1 if await self.house.idle(self.session) else 0
                await asyncio.sleep(0.1)

    async def does(self, *acts: Any) -> None:
        """Acts of people one after another, each answered before the next."""
        for act in acts:
            act()
            await self.idle()

    async def asks(self, method: str, path: str, **more: Any) -> int:
        """A request to the program's server; its answer is something that came out."""
        async with self.session.request(method, f"{self.url}{path}", **more) as answer:
            text = f"{answer.status} {dict(answer.headers)} {await answer.text()}"
            self.out[f"{method} {path} {len(self.out)}"] = text
            return answer.status

    async def runs(self, *argv: str) -> None:
        """Another command of the program; what it prints came out."""
        output = self.house.folder / f"command{len(self.out)}"
        argv = (*argv, "--project", str(self.house.folder))
        life = await Nursery().bear(self.house.env, list(argv), output)
        code = await life.ended
        printed = output.read_text(encoding="utf-8")
        assert code in (0, 1), printed
        self.out[" ".join(argv[:-2])] = printed

    def log(self) -> list[dict]:
        """The events of the program's log."""
        lines = (self.house.folder / "output").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@asynccontextmanager
async def birds(folder: Path, url: str, bug: str) -> AsyncIterator[Birds]:
    """The program at work, with its people and the bug."""
    server = OutsideServer()
    server.usual = (200, {"data": {"reply": canaries.REPLY}})
    await server.start()
    funnel = folder / "birds.yaml"
    funnel.write_text(FUNNEL % server.host, encoding="utf-8")
    teams = {"tg_team": TG_TEAM, "vk_team": VK_TEAM, "group": VK_GROUP}
    text = PROJECT.format(owner=OWNER, server=server.host, **teams)
    story = Story(funnel, text, START, lambda *_: (), ())
    async with Messengers() as messengers, _session() as session:
        house = House(folder / "house", messengers, url, Nursery(bug), story)
        house.env |= {
            "VORONKA_LOG": "json",
            "VORONKA_KEYS": canaries.KEYS,
            "VORONKA_METRICS_TOKEN": canaries.METRICS,
            "EVENTS_SECRET": canaries.EVENTS_SECRET,
            "SERVER_KEY": canaries.SERVER_KEY,
        }
        made = Birds(house, messengers, server)
        made.session = session
        _settle_people(messengers)
        try:
            await house.start()
            yield made
        finally:
            await house.clear()
            await server.stop()


def _session() -> aiohttp.ClientSession:
    alone = aiohttp.TCPConnector(force_close=True)  # a server may close after a fault of its own
    return aiohttp.ClientSession(connector=alone, cookie_jar=aiohttp.CookieJar(unsafe=True))


def _settle_people(messengers: Messengers) -> None:
    names = {"last_name": canaries.SURNAME, "username": canaries.USERNAME}
    messengers.tg.add_user(PERSON, canaries.NAME, **names)
    messengers.tg.add_user(OWNER, "Владелец").start()
    messengers.vk.add_user(VK_PERSON, first_name=canaries.NAME, last_name=canaries.SURNAME)


async def talk(made: Birds) -> None:
    """A person's whole way on Telegram, with faults of the messenger and of every part on it."""
    person, tg = made.person, made.messengers.tg
    quoting = f"Bad Request: {canaries.ANSWER} of {canaries.PHONE} is wrong"
    tg.fail("flood", "sendMessage", chat=PERSON, retry_after=1)
    await made.does(person.start, lambda: person.write(f"!hear {canaries.STRAY}"))
    await made.does(
        lambda: person.write(f"!play {canaries.STRAY}"),
        lambda: person.write(f"!write {canaries.ANSWER}"),
        lambda: person.press("Согласен"),
    )
    tg.fail("error", "sendMessage", chat=PERSON, status=400, description=quoting)
    await made.does(
        lambda: person.write("это не телефон, это " + canaries.EMAIL),
        lambda: person.write(canaries.PHONE),
        lambda: person.write(canaries.EMAIL),
    )
    tg.fail("server_error", "sendMessage", chat=PERSON, status=502)
    await made.does(
        lambda: person.send_file("document", name=canaries.FILE, caption=canaries.STRAY)
    )
    tg.fail(
        "error",
        "sendMessage",
        chat=PERSON,
        status=403,
        description=f"Forbidden: {canaries.NAME} blocked",
    )
    await made.does(lambda: person.write(canaries.ANSWER))


async def talk_on_vk(made: Birds) -> None:
    people = made.messengers.vk.people
    await made.does(
        lambda: people.start(VK_GROUP, VK_PERSON),
        lambda: people.write(VK_GROUP, VK_PERSON, canaries.ANSWER),
        lambda: people.press(VK_GROUP, VK_PERSON, "Согласен"),
        lambda: people.write(VK_GROUP, VK_PERSON, canaries.PHONE),
    )


async def visit(made: Birds) -> None:
    """A visitor of the web chat, and requests that nobody should make."""
    page = "/chat/site"
    assert await made.asks("GET", page) == 200
    said = {"kind": "text", "text": canaries.VISITOR, "client_id": "page-00000001"}
    assert await made.asks("POST", f"{page}/say", json={**said, "kind": "open", "text": ""}) == 200
    await made.idle()
    wrong = {**said, "text": f"!serve {canaries.VISITOR}", "client_id": "page-00000002"}
    assert await made.asks("POST", f"{page}/say", json=wrong) == 500
    assert await made.asks("POST", f"{page}/say", data=canaries.VISITOR.encode()) >= 400
    assert await made.asks("POST", f"{page}/say", json={"kind": canaries.VISITOR}) >= 400
    assert await made.asks("GET", "/r/nothing.of.the.kind") == 404
    assert await made.asks("PUT", page) == 405
    assert await made.asks("GET", "/chat/nobody") == 404
    await made.idle()


async def happen(made: Birds) -> None:
    """Events from outside: a good one, and all that are refused."""
    told = {"event": "paid", "person": {"id": str(PERSON)}, "data": {"order": canaries.PAYMENT}}
    assert await made.asks("POST", "/events/tg", **signed(told)) == 200
    assert await made.asks("POST", "/events/tg", json=told) == 401
    by_phone = {**told, "person": {"phone": canaries.PHONE}, "event": "told"}
    assert await made.asks("POST", "/events/tg", **signed(by_phone)) == 200
    nobody = {**told, "person": {"phone": "+7 999 000-00-00"}}
    assert await made.asks("POST", "/events/tg", **signed(nobody)) >= 400
    assert await made.asks("POST", "/events/tg", **signed(f"{{{canaries.PAYMENT}")) >= 400
    await made.idle()


def signed(told: Any) -> dict[str, Any]:
    body = (told if isinstance(told, str) else json.dumps(told)).encode()
    moment = int(time.time())
    fits = signature(canaries.EVENTS_SECRET, moment, body)
    return {"data": body, "headers": {SIGNATURE: fits, TIMESTAMP: str(moment)}}


async def look(made: Birds) -> None:
    """Everything that a monitor and an operator look at."""
    bearer = {"Authorization": f"Bearer {canaries.METRICS}"}
    assert await made.asks("GET", "/metrics", headers=bearer) == 200
    assert await made.asks("GET", "/metrics") == 401
    for path in ("/readyz", "/healthz", "/", "/debug/idle"):
        await made.asks("GET", path)
    await made.runs("status")
    await made.runs("doctor", "--json")
    await made.runs("dead", "list")
    for argv in (["status", "--json"], ["doctor"], ["dead", "list", "--json"]) if LONG else ():
        await made.runs(*argv)


def told_owner(made: Birds) -> str:
    """What the owner's chat was told."""
    return "\n".join(one.text for one in made.messengers.delivered if one.chat == OWNER)


async def everything(made: Birds) -> dict[str, str]:
    """All that came out, by where it came out."""
    made.out["alerts"] = told_owner(made)
    made.out["urls"] = "\n".join(one["path"] for one in made.server.heard)
    await made.house.stop()
    made.out["log"] = (made.house.folder / "output").read_text(encoding="utf-8")
    return made.out


@pytest.mark.timeout(300)
async def test_nothing_personal_and_no_secret_comes_out(tmp_path, new_sqlite):
    url = new_sqlite()
    begun = time.perf_counter()
    async with birds(tmp_path, url, "leaks: everywhere") as made:
        await made.idle()
        await talk(made)
        await talk_on_vk(made)
        await visit(made)
        await happen(made)
        await look(made)
        await asyncio.sleep(6)  # the alerts look every five seconds
        await made.idle()
        out = await everything(made)
    found = {where: leaks(text) for where, text in out.items() if leaks(text)}
    assert found == {}
    database = Path(url.removeprefix("sqlite:///"))
    lying = list(database.parent.glob(f"{database.name}*"))
    assert lying
    assert sorted({leak for one in lying for leak in leaks_in_bytes(one.read_bytes())}) == []
    kinds = {line["event"] for line in made.log()}
    # the faults did happen: else their silence would prove nothing
    assert {"dead", "rejected", "library", "crash", "not_stored"} <= kinds, kinds
    assert out["alerts"]
    assert canaries.STRAY.encode() in made.server.heard[0]["body"]
    tell(
        "F25",
        seed=1,
        canaries=len(ALL),
        places_searched=len(out) + len(lying),
        log_lines=len(made.log()),
        faults_told=len([line for line in made.log() if line["level"] != "info"]),
        leaks=0,
        seconds=round(time.perf_counter() - begun, 1),
    )


async def test_a_crash_of_the_program_is_told_without_a_word_of_anybodys(tmp_path, new_sqlite):
    async with birds(tmp_path, new_sqlite(), "leaks: crash") as made:
        assert made.house.life is not None
        assert await made.house.life.ended == 1
        told = (made.house.folder / "output").read_text(encoding="utf-8")
    assert leaks(told) == []
    assert "Careless" in told
    assert "leaking.py" in told
    assert "Traceback" not in told


async def test_a_log_without_masks_is_caught(tmp_path, new_sqlite):
    """The look can fail: the same faults through a log that shows what it is given."""
    async with birds(tmp_path, new_sqlite(), "leaks: a log without masks") as made:
        await made.idle()
        await made.house.stop()
        told = (made.house.folder / "output").read_text(encoding="utf-8")
    assert set(leaks(told)) == set(ALL)


def test_no_report_shows_the_secret_that_it_found():
    keys = {"TG": TG_TOKEN, "VK": VK_TOKEN, "EVENTS": canaries.EVENTS_SECRET}
    text = (
        "project: birds\nbots:\n"
        f"  tg: {{channel: telegram, token: '{keys['TG']}', wrong: 1, funnels: [birds]}}\n"
        f"  vk: {{channel: vk, token: {keys['VK']}, group: 5, funnels: [birds]}}\n"
        f"events: {{secret: {keys['EVENTS']}}}\n"
        "database: postgresql://anna:canary-password@db.example.ru/birds\n"
    )
    funnel = "funnel: birds\nentry: [start]\nflows:\n  main: [Да]\n"
    found = load(
        {"voronka.yaml": text.encode(), "funnels/birds.yaml": funnel.encode()}, {}, "2026-01-01"
    )
    assert [each.code for each in found.problems].count("secret-in-file") == 4
    for language in ("ru", "en"):
        reports = [form(found.problems, language) for form in (as_json, as_github, as_sarif)]
        reports.append(as_text(found.problems, language, {"voronka.yaml": text}))
        for report in reports:
            assert leaks(report) == []
            assert "canary-password" not in report


@pytest.mark.parametrize("canary", ALL)
def test_the_look_knows_a_canary_in_any_writing(canary):
    for written in (canary, json.dumps(canary), repr(canary.encode()), canary.encode().hex()):
        assert canary in leaks(f"x {written} y")
    assert canary in leaks_in_bytes(b"\0" + canary.encode() + b"\0")
    assert canary in leaks_in_bytes(canary.encode("utf-16-le"))
