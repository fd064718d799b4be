"""``voronka graph``: what is printed, what is written, and how it looks in a browser."""

import os
import shutil
from pathlib import Path

import pytest

from tests.flows.test_drawing import sixty

SMALL = "flowchart TD\n"
EXAMPLES = Path(__file__).parents[1] / "examples" / "drawings"
OVERFLOW = """() => [...document.querySelectorAll('g[data-step]')].flatMap(card => {
    const box = card.querySelector('rect').getBBox();
    return [...card.querySelectorAll('text')].filter(text => {
        const words = text.getBBox();
        return words.x < 0 || words.x + words.width > box.width - 2
            || words.y + words.height > box.height + 1;
    }).map(text => card.id + ': ' + text.textContent);
})"""


def test_mermaid_is_printed_when_nothing_else_is_asked_for(voronka):
    shown = voronka("graph", "small")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("flowchart TD\n")
    assert "main.drink" in shown.stdout


@pytest.mark.parametrize(
    ("file", "begins"),
    [("a.svg", "<svg "), ("a.html", "<!doctype html>"), ("a.mmd", "flowchart TD")],
)
def test_the_files_ending_tells_the_form(voronka, tmp_path, file, begins):
    told = voronka("graph", "small", "-o", tmp_path / file)
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr == f"Нарисовано: {tmp_path / file}.\n"
    assert (tmp_path / file).read_text("utf-8").startswith(begins)


def test_the_form_that_is_asked_for_beats_the_ending(voronka, tmp_path):
    assert voronka("graph", "small", "--format", "svg", "-o", tmp_path / "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("<svg ")


def test_a_drawing_speaks_the_funnels_language_unless_another_is_asked_for(voronka):
    assert "План воронки" in voronka("graph", "small", "--format", "html").stdout
    assert (
        "The plan of" in voronka("graph", "small", "--format", "html", "--language", "en").stdout
    )


def test_a_funnel_that_there_is_not_is_a_sentence(voronka):
    told = voronka("graph", "none")
    assert told.exit_code == 2
    assert told.stderr.startswith("Нет воронки «none».")


def test_the_projects_documents_have_their_titles(voronka, project):
    funnel = project / "funnels" / "small.yaml"
    text = funnel.read_text("utf-8").replace(
        "    - Записали.", "    - consent: pd\n    - Записали."
    )
    funnel.write_text(text, encoding="utf-8")
    documents = (
        'documents:\n  pd: {title: Согласие № 1, version: 7, url: "https://example.ru/pd"}\n'
    )
    with (project / "voronka.yaml").open("a", encoding="utf-8") as file:
        file.write(documents)
    page = voronka("graph", "small", "--format", "html").stdout
    assert '<a href="https://example.ru/pd">Согласие № 1</a></td><td>7</td>' in page


LOOK = """
import sys
from voronka.cli import main
sys.argv = ["voronka", *{words!r}]
try:
    main()
except SystemExit as end:
    heavy = {{"aiogram", "vkbottle", "aiohttp", "sqlalchemy", "alembic", "cryptography"}}
    print("LOADED", sorted(heavy & set(sys.modules)), end.code)
"""


@pytest.mark.parametrize(
    "words",
    [["graph", "small"], ["schema"], ["diff", "funnels/small.yaml", "funnels/small.yaml"]],
    ids=lambda words: words[0],
)
def test_looking_and_comparing_load_no_channel_and_no_database(process, words):
    result = process("-c", LOOK.format(words=words))
    assert result.stdout.splitlines()[-1] == "LOADED [] 0", result.stderr


@pytest.fixture(scope="module")
def browser():
    names = (
        os.environ.get("VORONKA_CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    found = next((path for name in names if name and (path := shutil.which(name))), "")
    if not found:
        pytest.skip("no browser: install Chromium, or set VORONKA_CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield opened
        opened.close()


@pytest.mark.parametrize("name", ["sixty", "repair"])
@pytest.mark.parametrize("font", ["", "'DejaVu Sans'"])
def test_words_stay_inside_their_cards_in_a_browser(browser, voronka, project, name, font):
    text = sixty() if name == "sixty" else (EXAMPLES / "repair.yaml").read_text("utf-8")
    head = "" if text.startswith("funnel:") else "funnel: sixty\nentry: [start]\n"
    (project / "funnels" / "small.yaml").write_text(head + text, encoding="utf-8")
    svg = project / "drawn.svg"
    assert voronka("graph", name, "-o", svg).exit_code == 0
    if font:
        svg.write_text(svg.read_text("utf-8").replace("font-family:Arial", f"font-family:{font}"))
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(svg.as_uri())
    assert page.evaluate("document.querySelectorAll('g[data-step]').length") > 10
    assert page.evaluate(OVERFLOW) == []
    page.close()


def test_a_plan_asks_for_nothing_from_the_network(browser, voronka, project):
    (project / "funnels" / "small.yaml").write_text((EXAMPLES / "repair.yaml").read_text("utf-8"))
    file = project / "plan.html"
    assert voronka("graph", "repair", "-o", file).exit_code == 0
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert (asked, said) == ([file.as_uri()], [])
    assert page.locator("text=Посчитаем").first.is_visible()
    assert "<b>без</b>" in page.inner_text("body")
    assert page.pdf()[:4] == b"%PDF"
    page.close()


def test_a_file_that_is_no_drawing_is_refused(voronka, project):
    told = voronka("graph", "small", "-o", "plan.png")
    assert told.exit_code == 2
    assert ".svg" in told.stderr
    assert not (project / "plan.png").exists()
    assert voronka("graph", "small", "-o", "plan.png", "--format", "svg").exit_code == 0
    assert (project / "plan.png").read_text("utf-8").startswith("<svg")
