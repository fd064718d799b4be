"""A browser on a phone plays a funnel to a lead, while the server is killed under it."""

import asyncio
import base64
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIXEL = (  # a PNG of one point
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "ru-RU",
    "timezone_id": "Europe/Moscow",
}


def chromium() -> str:
    """The browser's path; without one the test is skipped, in CI it fails."""
    names = (
        os.environ.get("VORONKA_CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    found = next((path for name in names if name and (path := shutil.which(name))), "")
    try:
        import playwright  # noqa: F401
    except ImportError:
        found = ""
    if not found and os.environ.get("CI"):
        pytest.fail("CI needs Chromium and playwright: the page would go untested.")
    if not found:
        pytest.skip("no browser: install Chromium and playwright, or set VORONKA_CHROMIUM")
    return found


class Program:
    """The server as a process of its own, on one port and one database."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._command = [sys.executable, "-m", "tests.bots.web_program", url]
        self._command += [str(self.port), str(folder)]
        self._process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._command, cwd=ROOT)
        while True:
            assert self._process.poll() is None, "the server did not start"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return

    def kill(self) -> None:
        """End it without any warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
async def program(new_sqlite: Callable[[], str], tmp_path: Path) -> AsyncIterator[Program]:
    """The server, running."""
    chromium()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "lesson.png").write_bytes(base64.b64decode(PIXEL))
    made = Program(await asyncio.to_thread(new_sqlite), tmp_path)
    await made.start()
    yield made
    made.kill()


@pytest.fixture
async def browser() -> AsyncIterator:
    """A browser; its pages fail the test when a script of theirs fails."""
    path = chromium()
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        await opened.close()


async def open_page(context, program: Program, path: str, errors: list[str]):
    """A page of the chat that notes errors of scripts and refusals of the policy."""
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    await page.goto(program.address + path)
    return page


async def words(page) -> list[str]:
    """What the bubbles say, from top to bottom."""
    return await page.locator("#messages .words").all_inner_texts()


async def press(page, label: str) -> None:
    """Press a button under a message."""
    await page.get_by_role("button", name=label, exact=True).click()


async def write(page, text: str) -> None:
    """Type a message and send it."""
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


HELLO = (
    "Здравствуйте! Это школа «Лондонский мост». За неделю пришлём два видеоурока и позовём на "
    "бесплатную консультацию."
)
CONSENT = (
    "Прочитайте, пожалуйста, документ и выберите ответ:\nСогласие на обработку персональных данных"
)
TALK = [
    HELLO,
    "✓ Присылайте",
    "Какой у вас сейчас уровень?",
    "✓ С нуля",
    CONSENT,
    "✓ Согласен",
    "Оставьте телефон — позвоним и подберём время.",
    "<b>{{ 7*7 }}</b> \u202eabc",
    "Не получилось прочитать номер. Пример — 8 912 345-67-89.",
    "8 916 123-45-67",
    "Спасибо! Менеджер напишет вам в рабочее время. А пока — первый урок.",
]


async def test_a_funnel_is_played_to_a_lead_though_the_server_is_killed(program, browser):
    context, errors = await browser.new_context(**PHONE), []
    page = await open_page(context, program, "/chat/site?start=ads_may", errors)
    await page.get_by_role("button", name="Начать").click()
    await press(page, "Присылайте")
    await page.get_by_text("С нуля").wait_for()
    assert page.url.endswith("/chat/site")
    program.kill()
    await press(page, "С нуля")
    await page.get_by_text("Нет связи").wait_for()
    assert await page.locator("#status").text_content() == ""
    assert await page.locator("#typing").is_hidden()
    await program.start()
    await page.get_by_text("на связи").wait_for()
    await press(page, "Согласен")
    await page.get_by_text("Оставьте телефон").wait_for()
    program.kill()
    await write(page, TALK[7])
    await page.locator(".waiting").wait_for()
    await program.start()
    await page.get_by_text("Не получилось прочитать").wait_for()
    await write(page, "8 916 123-45-67")
    await page.get_by_role("link", name="Смотреть урок").wait_for()
    assert await words(page) == TALK
    assert await page.locator("button.key, .waiting, .failed").count() == 0
    other = await open_page(context, program, "/chat/site", errors)
    await other.get_by_role("link", name="Смотреть урок").wait_for()
    assert await words(other) == TALK
    picture = other.locator(".media img")
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert errors == []


async def test_a_tab_that_was_closed_finds_everything_when_it_comes_back(program, browser):
    context, errors = await browser.new_context(**PHONE), []
    page = await open_page(context, program, "/chat/site", errors)
    await write(page, "Здравствуйте")
    await page.get_by_text("Присылайте").wait_for()
    await page.close()
    again = await open_page(context, program, "/chat/site", errors)
    await again.get_by_text("Присылайте").wait_for()
    assert await words(again) == ["Здравствуйте", HELLO]
    assert not await again.locator("#start").is_visible()
    stranger = await open_page(await browser.new_context(**PHONE), program, "/chat/site", errors)
    await stranger.get_by_role("button", name="Начать").wait_for()
    assert await words(stranger) == []
    assert errors == []


async def test_where_no_stream_comes_through_the_page_asks_by_itself(program, browser):
    context, errors = await browser.new_context(**PHONE), []
    await context.route("**/feed*", lambda route: route.abort())
    page = await open_page(context, program, "/chat/site", errors)
    await page.get_by_role("button", name="Начать").click()
    await press(page, "Присылайте")
    await page.get_by_text("С нуля").wait_for()
    assert await words(page) == TALK[:3]
    assert errors == []


async def test_a_text_that_is_too_long_is_told_beside_it(program, browser):
    context, errors = await browser.new_context(**PHONE), []
    page = await open_page(context, program, "/chat/shop", errors)
    await page.locator("#text").evaluate("field => field.removeAttribute('maxlength')")
    await write(page, "a" * 4097)
    await page.get_by_text("The message is longer than 4096 characters.").wait_for()
    await page.get_by_role("button", name="Try again").wait_for()
    assert errors == []


@pytest.mark.parametrize("width", [320, 360, 414, 1280])
async def test_the_page_fits_every_screen_and_every_control_has_a_name(program, browser, width):
    context = await browser.new_context(viewport={"width": width, "height": 800})
    errors: list[str] = []
    page = await open_page(context, program, "/chat/site", errors)
    await page.get_by_role("button", name="Начать").click()
    await page.get_by_text("Присылайте").wait_for()
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    for name in ("Присылайте", "Не сейчас", "Отправить", "Прикрепить файл"):
        box = await page.get_by_role("button", name=name).bounding_box()
        assert box["height"] >= 44
    assert await page.get_by_role("textbox", name="Сообщение").count() == 1
    assert await page.get_by_role("log", name="Переписка").count() == 1
    assert errors == []


async def test_a_file_is_sent_with_the_paper_clip_and_seen_in_the_talk(program, browser):
    context, errors = await browser.new_context(**PHONE), []
    page = await open_page(context, program, "/chat/site", errors)
    await page.get_by_role("button", name="Начать").click()
    await page.get_by_text("Присылайте").wait_for()
    picture = {"name": "кот.png", "mimeType": "image/png", "buffer": base64.b64decode(PIXEL)}
    paper = {"name": "дог.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Прикрепить файл").click()
    await (await chooser.value).set_files([picture, paper])
    image = page.locator("#messages .person img")
    await image.wait_for()
    assert await image.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    await page.locator("#messages .person a.file[download='дог.pdf']").wait_for()
    await page.locator("#messages .person .words", has_text="📎").first.wait_for(state="detached")
    await page.get_by_text("Не понял ответ.").first.wait_for()
    large = {**paper, "buffer": b"x" * (10 * 1024 * 1024 + 1)}
    await page.locator("#files").set_input_files(large)
    await page.get_by_text("Файл больше 10 МБ.").wait_for()
    assert errors == []


ROW = """words => {
    const row = document.createElement("div");
    row.className = "row";
    for (const word of words) {
        const key = document.createElement("button");
        key.className = "key";
        key.textContent = word;
        row.append(key);
    }
    const keys = document.createElement("div");
    keys.className = "keys";
    keys.append(row);
    document.querySelector("#messages").append(keys);
    return {
        heights: [...row.children].map(key => key.offsetHeight),
        wide: document.documentElement.scrollWidth > innerWidth || row.scrollWidth > row.clientWidth,
    };
}"""


async def test_a_word_on_a_button_is_not_broken_on_a_phone(program, browser):
    context = await browser.new_context(**PHONE)
    page = await open_page(context, program, "/chat/site", [])
    plain = await page.evaluate(ROW, ["Да"])
    short = await page.evaluate(ROW, ["Ребёнку", "Коллеге", "Назад"])
    assert set(short["heights"]) == set(plain["heights"])
    assert not (await page.evaluate(ROW, ["Ы" * 64, "Нет"]))["wide"]
