"""The routes of the web chat over a real database: cookies, posting, files, links, refusals."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bots.buttons import link
from flows.messages import Button
from storage import messages
from storage.tables import identities, inbox, people, web_visitors
from tests.bots.web_stage import BASE, Stage, open_stage, said

PNG = b"\x89PNG\r\n\x1a\n"
HELLO = {"client_id": "client-0001", "kind": "text", "text": "Привет"}


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The chat with nobody in it."""
    picture = tmp_path / "student.png"
    picture.write_bytes(PNG)
    opened = await open_stage(database_url, picture)
    yield opened
    await opened.close()


async def count(stage: Stage, table) -> int:
    """How many rows a table has."""
    return (await stage.house.database.fetch(select(func.count().label("n")).select_from(table)))[
        0
    ].n


async def visitor(stage: Stage, bot: str = "site", address: str = "203.0.113.5"):
    """A browser that has opened the page."""
    browser = stage.browser(address)
    page = await browser.get(f"/chat/{bot}")
    assert page.status_code == 200
    return browser


async def test_the_first_page_lists_the_chats_by_title(stage):
    page = await stage.browser().get("/")
    assert "Школа «Лондонский мост»" in page.text
    assert 'href="/chat/site"' in page.text
    assert 'href="/chat/shop"' in page.text


async def test_the_cookie_is_a_random_key_and_only_its_hash_is_stored(stage):
    page = await stage.browser().get("/chat/site?start=ads_may")
    cookie = page.headers["set-cookie"]
    key = re.fullmatch(
        r"voronka_site=([\w-]{22}); HttpOnly; Max-Age=31536000; Path=/chat/site; SameSite=lax",
        cookie,
    )[1]
    [row] = await stage.house.database.fetch(select(web_visitors))
    assert len(row.key_hash) == 32
    assert key.encode() not in row.key_hash
    assert key not in page.text


async def test_the_cookie_is_secure_over_https_and_behind_the_public_address(stage):
    stage.chat.public_url = BASE.replace("http:", "https:")
    page = await stage.browser().get("/chat/site")
    assert "; Secure" in page.headers["set-cookie"]


async def test_a_visitor_becomes_a_person_with_the_first_message(stage):
    browser = await visitor(stage)
    await browser.get("/chat/site")
    assert (await browser.get("/chat/site/messages")).json()["messages"] == []
    assert [await count(stage, table) for table in (web_visitors, people)] == [1, 0]
    assert (await browser.post("/chat/site/say", json=HELLO)).json() == {"ok": True}
    await stage.play()
    await browser.get("/chat/site/messages")
    assert [await count(stage, table) for table in (people, identities, inbox)] == [1, 1, 1]
    [row] = await stage.house.database.fetch(select(web_visitors))
    assert row.identity_id is not None


async def test_a_repeated_post_changes_nothing(stage):
    browser = await visitor(stage)
    for _ in range(3):
        assert (await browser.post("/chat/site/say", json=HELLO)).status_code == 200
    assert await count(stage, inbox) == 1


async def test_a_known_cookie_is_kept_and_a_strange_one_replaced(stage):
    browser = await visitor(stage)
    assert "set-cookie" not in (await browser.get("/chat/site")).headers
    forger = stage.browser()
    forger.cookies.set("voronka_site", "A" * 22)
    assert (await forger.post("/chat/site/say", json=HELLO)).status_code == 401
    assert "set-cookie" in (await forger.get("/chat/site")).headers


async def test_a_cookie_of_one_bot_opens_no_other(stage):
    browser = await visitor(stage)
    key = browser.cookies["voronka_site"]
    browser.cookies.set("voronka_shop", key)
    assert (await browser.get("/chat/shop/messages")).status_code == 401


async def test_a_crowd_from_one_address_is_asked_to_wait(stage):
    for _ in range(20):
        await visitor(stage)
    page = await stage.browser().get("/chat/site")
    assert page.status_code == 429
    assert "Слишком много новых посетителей" in page.text
    assert await count(stage, web_visitors) == 20
    await visitor(stage, address="203.0.113.6")


async def test_a_flood_of_messages_is_asked_to_wait(stage):
    browser = await visitor(stage)
    answers = [
        await browser.post("/chat/site/say", json={**HELLO, "client_id": f"client-{n:04}"})
        for n in range(61)
    ]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["retry-after"]


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]
OURS = [{"sec-fetch-site": "same-origin"}, {"origin": BASE}, {}]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_post_from_another_site_is_refused(stage, headers):
    browser = await visitor(stage)
    answer = await browser.post("/chat/site/say", json=HELLO, headers=headers)
    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "Запрос пришёл с чужой страницы."},
    )
    assert await count(stage, inbox) == 0


@pytest.mark.parametrize("headers", OURS)
async def test_a_post_from_our_page_is_taken(stage, headers):
    browser = await visitor(stage)
    assert (await browser.post("/chat/site/say", json=HELLO, headers=headers)).status_code == 200


async def test_refusals_speak_the_language_of_the_bot(stage):
    english = await visitor(stage, "shop")
    long = {**HELLO, "text": "a" * 4097}
    answer = await english.post("/chat/shop/say", json=long)
    assert answer.status_code == 413
    assert answer.json()["error"] == (
        "The message is longer than 4096 characters. Please split it."
    )
    russian = await visitor(stage)
    answer = await russian.post("/chat/site/say", json=long)
    assert answer.json()["error"].startswith("Сообщение длиннее 4096 знаков.")


async def test_a_huge_body_and_a_form_are_refused(stage):
    browser = await visitor(stage)
    huge = await browser.post("/chat/site/say", json={**HELLO, "text": "a" * 100_000})
    form = await browser.post("/chat/site/say", data={"kind": "open"})
    assert (huge.status_code, form.status_code) == (413, 415)


async def test_hostile_words_come_back_literally(stage):
    stage.story = (said("{{ 1 }}", "<i>да</i>"),)
    words = "<b>{{ 7*7 }}</b>\u202e\u0664\u05d0<script>alert(1)</script>"
    browser = await visitor(stage)
    await browser.post("/chat/site/say", json={**HELLO, "text": words})
    await stage.play()
    mine, answer = (await browser.get("/chat/site/messages")).json()["messages"]
    assert mine["text"] == [words]
    assert answer["rows"][0][0]["text"] == "<i>да</i>"


async def test_both_sides_are_told_in_order_and_each_once(stage):
    browser = await visitor(stage)
    await browser.post("/chat/site/say", json={"client_id": "client-0000", "kind": "open"})
    await stage.play()
    first = (await browser.get("/chat/site/messages")).json()
    [start, hello] = first["messages"]
    assert (start["hidden"], hello["from"]) == (True, "bot")
    button = hello["rows"][0][0]
    press = {"client_id": "client-0002", "kind": "press", **button}
    await browser.post("/chat/site/say", json=press)
    await stage.play()
    second = (await browser.get("/chat/site/messages", params={"after": first["after"]})).json()
    edited, pressed, asked = second["messages"]
    assert (edited["id"], edited["chosen"]) == (hello["id"], "Присылайте")
    assert "rows" not in edited
    assert pressed["text"] == ["Присылайте"]
    assert asked["id"] > pressed["id"] > edited["id"]
    again = (await browser.get("/chat/site/messages", params={"after": second["after"]})).json()
    assert again["messages"] == []
    whole = (await browser.get("/chat/site/messages")).json()["messages"]
    assert whole == [start, edited, pressed, asked]


async def test_another_visitor_sees_nothing_of_it(stage):
    browser = await visitor(stage)
    await browser.post("/chat/site/say", json=HELLO)
    await stage.play()
    stranger = await visitor(stage)
    assert (await stranger.get("/chat/site/messages")).json()["messages"] == []
    assert (await stage.browser().get("/chat/site/messages")).status_code == 401


async def track(stage: Stage, url: str) -> int:
    """A message with a tracked link was sent; its id."""
    stage.story = (said("Урок", Button("Смотреть", url=url, track="video")),)
    browser = await visitor(stage)
    await browser.post("/chat/site/say", json=HELLO)
    await stage.play()
    _, lesson = (await browser.get("/chat/site/messages")).json()["messages"]
    assert lesson["rows"][0][0]["href"] == f"/r/{link(stage.house.seal, lesson['id'], 0)}"
    return lesson["id"]


async def test_a_tracked_link_leads_to_its_address(stage):
    number = await track(stage, "https://example.ru/1?a=b")
    answer = await stage.browser().get(f"/r/{link(stage.house.seal, number, 0)}")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.ru/1?a=b")


async def test_a_link_that_is_not_ours_leads_nowhere(stage):
    number = await track(stage, "https://example.ru/1")
    good = link(stage.house.seal, number, 0)
    other = link(stage.house.seal, number, 7)
    forged = f"{number}.0.{'A' * 8}"
    for written in (forged, good[:-1], other, f"{number}.0.", "https:%2F%2Fevil.example", "x"):
        answer = await stage.browser().get(f"/r/{written}")
        assert (answer.status_code, "location" in answer.headers) == (404, False)


async def test_a_link_that_is_a_script_leads_nowhere(stage):
    stage.story = (said("Урок", Button("Зло", url="javascript:alert(1)", track="evil")),)
    browser = await visitor(stage)
    await browser.post("/chat/site/say", json=HELLO)
    await stage.play()
    number = (await browser.get("/chat/site/messages")).json()["messages"][1]["id"]
    answer = await stage.browser().get(f"/r/{link(stage.house.seal, number, 0)}")
    assert answer.status_code == 404


async def test_only_named_files_are_served(stage, tmp_path):
    (tmp_path / "secret.png").write_bytes(PNG)
    browser = stage.browser()
    found = await browser.get("/media/media/student.png")
    assert (found.content, found.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in found.headers["content-security-policy"]
    for path in (
        "secret.png",
        "media/../secret.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "/etc",
    ):
        assert (await browser.get(f"/media/{path}")).status_code == 404


async def test_files_that_could_run_are_only_saved(stage, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<script>alert(1)</script>")
    stage.chat.media = {"media/page.html": page}
    answer = await stage.browser().get("/media/media/page.html")
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("a.PNG", "image/png", "inline"),
        ("a.mp4", "video/mp4", "inline"),
        ("a.ogg", "audio/ogg", "inline"),
        ("a.wav", "audio/wav", "inline"),
        ("a.pdf", "application/pdf", "inline"),
        ("a.xhtml", "application/octet-stream", "attachment"),
        ("a.js", "application/octet-stream", "attachment"),
        ("price", "application/octet-stream", "attachment"),
    ],
)
async def test_a_file_is_what_its_name_says_and_nothing_is_guessed(
    stage, tmp_path, name, kind, place
):
    (tmp_path / name).write_bytes(b"<script>alert(1)</script>")
    stage.chat.media = {f"media/{name}": tmp_path / name}
    answer = await stage.browser().get(f"/media/media/{name}")
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith(place)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_film_is_served_in_pieces(stage, tmp_path):
    (tmp_path / "a.mp4").write_bytes(bytes(range(100)))
    stage.chat.media = {"media/a.mp4": tmp_path / "a.mp4"}
    browser = stage.browser()
    piece = await browser.get("/media/media/a.mp4", headers={"Range": "bytes=10-19"})
    assert (piece.status_code, piece.content) == (206, bytes(range(10, 20)))


async def test_a_consent_text_is_a_page(stage):
    page = await stage.browser().get("/documents/personal_data")
    assert "<h1>Согласие</h1>" in re.sub(r"\s*\n\s*", "", page.text)
    assert "Я <b>разрешаю</b> &lt;b&gt;." in page.text
    assert (await stage.browser().get("/documents/other")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/chat/site", "/chat/nobody", "/healthz", "/documents/x"])
async def test_every_answer_forbids_what_it_does_not_need(stage, path):
    answer = await stage.browser().get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in answer.headers


async def test_pages_load_only_our_own_files_and_hold_no_script(stage):
    browser = stage.browser()
    for path in ("/", "/chat/site", "/documents/personal_data"):
        page = (await browser.get(path)).text
        for address in re.findall(r'(?:src|href)="(/web/[^"]+)"', page):
            loaded = await browser.get(address)
            assert loaded.status_code == 200
            assert "immutable" in loaded.headers["cache-control"]
        assert not re.search(r'<script(?! type="module" src="/web/)|\sstyle=|\son\w+=|//cdn', page)
    assert (await browser.get("/web/../server.py")).status_code == 404
    assert (await browser.get("/web/chat.html")).status_code == 404


async def test_a_missing_page_is_a_sentence(stage):
    page = await stage.browser().get("/chat/nobody")
    assert (page.status_code, "Такой страницы здесь нет" in page.text) == (404, True)


async def test_the_first_click_is_recorded_for_its_run_and_later_ones_change_nothing(stage):
    number = await track(stage, "https://example.ru/1")
    await stage.house.database.commit(messages.save([{"id": number, "run_id": 7}]))
    for _ in range(2):
        await stage.browser().get(f"/r/{link(stage.house.seal, number, 0)}")
    clicks = select(inbox).where(inbox.c.kind == "click")
    [row] = await stage.house.database.fetch(clicks)
    assert json.loads(row.payload) == {"track": "video", "run": 7}
    assert row.person_id is not None
