"""A prospect called `{{ 7*7 }}` or `<b>` is shown so wherever names are shown, and nothing breaks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from bots.cards import Card, Prospect, card_message, handover_message, note_message
from bots.telegram import rendering as telegram_rendering
from bots.terminal import rendering as terminal_rendering
from bots.vk import rendering as vk_rendering
from bots.web.entries import Said, entry
from desk.sheets import new_sheet
from flows import events
from flows.channels import TELEGRAM, VK
from flows.markup import utf16_length
from flows.messages import Message
from flows.values import fit_to_show
from tests.flows.staging import stage
from tests.hostile_names import NAMES

FUNNEL = """
flows:
  main:
    - ask: "Привет, {{ first_name }}!"
      save: word
    - say: "Вы написали: {{ word }}. {{ word | upper }} {{ word | prefix('— ') }}"
      buttons: [{text: "{{ first_name }}", tag: x}]
    - lead: "Заявка {{ word }}"
      team: sales
    - {notify: sales, say: "Пришёл {{ word }}"}
"""
NOON = datetime(2026, 1, 12, 9, tzinfo=UTC)


def messages_of(name: str) -> list[Message]:
    """What the bot says to a person of that name who also types it."""
    s = stage(FUNNEL, name=name)
    s.opens()
    s.hears(events.Typed(name[:4_000]))
    return [message for _, message, _ in s.play.messages]


class Shown(HTMLParser):
    """What a reader of Telegram's HTML sees; a tag is none of ours."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.tags = "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def in_telegram(message: Message) -> str:
    shown = []
    for part in telegram_rendering.parts(message, ["t"] * 9, [""] * 9):
        words = Shown(part.words().get("text", ""))
        assert set(words.tags) <= {"b"}, words.tags  # a card's own title
        assert utf16_length(words.words) <= TELEGRAM.text
        assert part.words(formatted=False).get("text", "") == words.words
        shown.append(words.words)
    return " ".join(shown)


def in_vk(message: Message) -> str:
    made = vk_rendering.parts(message, ["t"] * 9, [""] * 9)
    assert all(len(part.text) <= VK.text for part in made)
    assert not re.search(r"\[(id|club)\d+\|", " ".join(part.text for part in made))
    return " ".join(part.text for part in made).replace("\u2060", "")


def in_the_web_chat(message: Message) -> str:
    """The page puts every text in as text (`messages.js`): here are the texts that it gets."""
    told = entry(Said(1, 0, "bot", message, ["t"] * 9), ())
    json.loads(json.dumps(told).encode())
    spans = told["text"]
    assert all(isinstance(span, str) or set(span) <= {"text", "bold"} for span in spans)
    return "".join(span if isinstance(span, str) else span["text"] for span in spans)


def in_the_terminal(message: Message) -> str:
    lines = list(terminal_rendering.message_lines(message, "ru"))
    assert not any(re.search(r"[\x00-\x08\x0b-\x1f\x7f\x1b]", line) for line in lines)
    output = io.StringIO()
    console = Console(file=output, width=200, color_system=None)
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return output.getvalue()


CHANNELS = [in_telegram, in_vk, in_the_web_chat, in_the_terminal]


def bare(text: str) -> str:
    """Without white space and joiners, which channels cut at and hide."""
    return re.sub(r"[\s\u2060]+", "", fit_to_show(text))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_prospect_reads_what_they_typed(name: str, channel: Callable[[Message], str]):
    greeting, answer = messages_of(name)
    assert bare(name) in bare(channel(greeting))
    assert bare(name) in bare(channel(answer))
    assert "49" not in channel(answer) or "49" in name


def card_of(name: str) -> Card:
    return Card(
        title=f"Заявка {name}",
        prospect=Prospect(name, name[:30], "telegram", "7", "+79161234567"),
        answers=(("word", "Слово", name),),
        at=NOON,
        team_zone="Europe/Moscow",
        zone="Europe/Moscow",
        source=name,
    )


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_team_reads_it_on_the_card(name: str, channel: Callable[[Message], str]):
    person = Prospect(name, "", "vk", "7")
    handed = handover_message(
        f"Клиент ждёт: {name}", person,
        at=NOON, zone="Europe/Moscow", zone_known=True, language="ru", team="sales",
    )  # fmt: skip
    for message in (card_message(card_of(name), 1), note_message(name, person, "ru"), handed):
        assert bare(name) in bare(channel(message))


def test_a_name_forges_no_line_of_a_card():
    name = "Аня\nТелефон: +7 900 000-00-00\n✓ В работе: Олег"
    text = card_message(card_of(name), 1).text.plain
    note = note_message("Пришёл", Prospect(name, "a\nb", "telegram"), "ru").text.plain
    for line in [*text.splitlines(), *note.splitlines()]:
        assert not re.match(r"Телефон: \+7 900|✓ В работе", line), text


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_table_holds_it(suffix: str, tmp_path):
    path = tmp_path / f"leads{suffix}"
    names = [name for name in NAMES.values() if "\ud83d" not in name]
    with new_sheet(path, ["Имя"]) as sheet:
        for name in names:
            sheet.write([name])
    if suffix == ".xlsx":
        rows = [str(row[0].value or "") for row in openpyxl.load_workbook(path).active.iter_rows()]
        rows = [openpyxl.utils.escape.unescape(row) for row in rows]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row[0] for row in csv.reader(file, delimiter=";")]
    for row, name in zip(rows[1:], names, strict=True):
        assert bare(name) in bare(row), row


STATIC = Path(__file__).parents[1] / "bots" / "web" / "static"
TEMPLATES = STATIC.parent / "templates"


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_of_the_page_makes_html_of_words(script: Path):
    made = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|eval\("
    )
    assert not re.search(made, script.read_text("utf-8"))


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_lets_words_through_as_html(template: Path):
    assert not re.search(r"\|\s*safe|autoescape|Markup", template.read_text("utf-8"))
