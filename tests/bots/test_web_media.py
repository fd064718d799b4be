"""A browser on a phone shows an album, a film, sounds, a document and the pictures of options."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bots.test_web_browser import PHONE, Program, browser, chromium, open_page, press, words
from tests.samples import pdf, png, wav

__all__ = ["browser"]

FILM = """async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const brush = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const ended = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    for (let frame = 0; frame < 10; frame += 1) {
        brush.fillStyle = `hsl(${frame * 30}, 70%, 50%)`;
        brush.fillRect(0, 0, 64, 64);
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture
async def gallery(new_sqlite: Callable[[], str], tmp_path: Path) -> AsyncIterator[Program]:
    """The server with files of every kind; the film is made by the browser itself."""
    chromium()
    media = tmp_path / "media"
    media.mkdir()
    for name, colour in {
        "one": (58, 95, 200),
        "two": (15, 118, 104),
        "three": (173, 79, 30),
    }.items():
        (media / f"{name}.png").write_bytes(png(640, 480, colour))
    (media / "tone.wav").write_bytes(wav(2.0))
    (media / "hello.wav").write_bytes(wav(1.0))
    (media / "price.pdf").write_bytes(pdf())
    made = Program(await asyncio.to_thread(new_sqlite), tmp_path)
    await made.start()
    yield made
    made.kill()


async def film(browser, folder: Path) -> None:
    """A film of some frames where the funnel keeps its own."""
    page = await browser.new_page()
    made = base64.b64decode(await page.evaluate(FILM))
    (folder / "media" / "film.webm").write_bytes(made)
    await page.close()


LOADED = (
    "one => one.readyState > 0 || new Promise(done => one.onloadedmetadata = () => done(true))"
)


async def test_files_of_every_kind_are_shown_on_a_phone(gallery, browser, tmp_path):
    await film(browser, tmp_path)
    context, errors = await browser.new_context(**PHONE), []
    page = await open_page(context, gallery, "/chat/lessons", errors)
    await page.get_by_role("button", name="Начать").click()
    await page.get_by_role("button", name="Кирпичный").wait_for()
    assert await words(page) == [
        "Так проходит занятие.",
        "Послушайте и возьмите с собой.",
        "Какой цвет стен выбрать?",
    ]
    for place in range(6):
        picture = page.locator(".media img").nth(place)
        wide = "image => image.decode().then(() => image.naturalWidth)"
        assert await picture.evaluate(wide) == 640
    for player in await page.locator("video, audio").all():
        assert await player.evaluate(LOADED)
        assert await player.evaluate("one => one.controls && !one.error")
    assert await page.locator("video").evaluate("film => film.videoWidth") == 64
    assert await page.locator("figcaption").all_inner_texts() == [
        "1. Синий",
        "2. Зелёный",
        "3. Кирпичный",
    ]
    for number, words_under in enumerate(await page.locator("figcaption").all()):
        above = await page.locator("figure img").nth(number).bounding_box()
        below = await words_under.bounding_box()
        assert above["y"] + above["height"] <= below["y"] + 1
    document = page.get_by_role("link", name="price.pdf")
    found = await page.request.get(gallery.address + await document.get_attribute("href"))
    assert await found.body() == pdf()
    left = [(await page.locator(".media img").nth(n).bounding_box())["x"] for n in range(2)]
    assert left[0] < left[1]  # an album is a grid
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await press(page, "Зелёный")
    await page.get_by_text("Записали Зелёный.").wait_for()
    assert errors == []
