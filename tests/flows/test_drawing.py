"""A funnel drawn: nothing is left out, nothing overlaps, what an author wrote stays literal.

`VORONKA_REWRITE=1 pytest tests/flows/test_drawing.py` writes `tests/examples/drawings` anew.
"""

import os
import re
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import pytest

from flows.drawing.faces import INNER, PAD, WIDTH, size_of
from flows.drawing.layout import Placed
from flows.drawing.measure import shortened, width_of, wrapped
from flows.drawing.mermaid import as_mermaid
from flows.drawing.outline import Outline, all_cards
from flows.drawing.outlining import outline_of
from flows.drawing.panels import panels_of
from flows.drawing.plan import as_plan
from flows.drawing.svg import as_svg
from flows.nodes import REGISTRY
from flows.telling import book_of, told
from tests.flows.staging import program

EXAMPLES = Path(__file__).parents[1] / "examples"
DRAWINGS = EXAMPLES / "drawings"
NODES = {verb: (EXAMPLES / "nodes" / f"{verb}.yaml").read_text("utf-8") for verb in REGISTRY.verbs}


def drawn(text: str) -> Outline:
    return outline_of(book_of(program(text)))


def words_of(outline: Outline) -> str:
    """Everything that a picture tells."""
    found = []
    for card in all_cards(outline):
        found += [card.title, card.caption]
        found += [line.text for line in card.lines]
        found += [line.chip.text for line in card.lines if line.chip]
    return "\n".join(found)


@pytest.mark.parametrize("form", ["mmd", "svg", "html"])
def test_the_drawings_of_the_example_are_as_they_were(form):
    made = program((DRAWINGS / "repair.yaml").read_text("utf-8"))
    book = book_of(made, {"personal_data": "Согласие"})
    draw = {"mmd": as_mermaid, "svg": as_svg}
    text = as_plan(book) if form == "html" else draw[form](outline_of(book))
    golden = DRAWINGS / f"repair.{form}"
    if os.environ.get("VORONKA_REWRITE"):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text("utf-8") == text


@pytest.mark.parametrize("verb", NODES)
def test_no_type_of_step_is_left_out_of_a_picture(verb):
    made = program(NODES[verb])
    book = book_of(made)
    shown = words_of(outline_of(book))
    for laid in made.steps.values():
        words = told(laid.step, book)
        said = book.plain(words.text) if words.text else words.title
        assert said in shown or (words.to and words.to in shown) or laid.step.VERB == "end"
        for choice in words.choices:
            assert choice.label in shown


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("verb", NODES)
def test_a_plan_has_every_step_with_every_text_and_way_on(verb, language):
    made = program(NODES[verb])
    book = book_of(made, language=language)
    page = as_plan(book)
    text = " ".join(unescape(re.sub(r"<br>|<[^>]*>", " ", page)).split())
    for address, laid in made.steps.items():
        assert f'id="{address}"' in page
        words = told(laid.step, book)
        plain = [words.title, *(note.label for note in words.notes)]
        plain += [part for choice in words.choices for part in (choice.label, *choice.notes)]
        texts = [words.text, *(note.text for note in words.notes)]
        plain += [
            part.literal for part in texts if part and part.literal and part.literal.isalpha()
        ]
        assert [part for part in plain if " ".join(part.split()) not in text] == []


@pytest.mark.parametrize("verb", NODES)
def test_a_picture_is_good_xml_with_a_card_for_every_place(verb):
    made = program(NODES[verb])
    root = ET.fromstring(as_svg(outline_of(book_of(made))))
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert set(made.places.values()) <= ids
    links = [each.get("href", "") for each in root.iter() if each.tag.endswith("}a")]
    assert {link[1:] for link in links} <= ids


def test_links_of_a_plan_lead_to_what_there_is():
    page = as_plan(book_of(program((DRAWINGS / "repair.yaml").read_text("utf-8"))))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


HOSTILE = """
title: </title><script>alert(1)</script>
flows:
  main:
    - "<img src=x onerror=alert(1)> [ссылка](https://example.ru/?a=1&b=\\"2\\") ]] --> end \\" %%"
    - {ask: "<b>Кто?</b>", save: who, options: ["<i>Я</i>", "a|b"]}
"""


def test_what_an_author_wrote_is_literal_everywhere():
    outline = drawn(HOSTILE)
    page = as_plan(book_of(program(HOSTILE)))
    for text in (page, as_svg(outline)):
        assert "<script" not in text
        assert "<img" not in text
        assert "<b>Кто" not in text
        assert "&lt;b&gt;Кто?&lt;/b&gt;" in text
    graph = as_mermaid(outline)
    assert "<script" not in graph
    assert all(line.count('"') in {0, 2, 4} for line in graph.splitlines())
    assert "#lt;b#gt;Кто?" in graph


def test_a_plan_needs_nothing_from_elsewhere():
    page = as_plan(book_of(program((DRAWINGS / "repair.yaml").read_text("utf-8"))))
    assert re.findall(r"<(?:script|link|img|iframe)\b|\burl\(|@import", page) == []
    assert "default-src 'none'" in page
    assert "@media print" in page


def test_back_ways_and_common_ends_are_chips():
    outline = drawn((DRAWINGS / "repair.yaml").read_text("utf-8"))
    chips = {
        line.chip.text: line.chip
        for card in all_cards(outline)
        for line in card.lines
        if line.chip
    }
    assert (chips["main.rooms"].kind, chips["main.rooms"].target) == ("back", "main.1")
    assert (chips["booking"].kind, chips["booking"].target) == ("go", "flow-booking")
    assert chips["advice"].target == "series-advice"
    assert {lane.name for lane in outline.lanes} == {"main", "prices", "booking", "advice"}


def test_a_flow_that_one_jump_leads_to_is_drawn_where_the_jump_stands():
    outline = drawn("flows: {main: [Раз, {go: next}], next: [Два, {go: last}], last: [Три]}")
    (lane,) = outline.lanes
    assert [item.card.caption for item in lane.items] == ["", "Поток «next»", "Поток «last»"]


def test_flows_that_only_lead_to_one_another_are_drawn_too():
    outline = drawn("flows: {main: [Раз], a: [{go: b}], b: [{go: a}]}")
    assert "main" in {lane.name for lane in outline.lanes}
    assert {card.id.split(".")[0] for card in all_cards(outline)} == {"main", "b"}


def test_siblings_stand_in_the_order_of_the_file():
    outline = drawn(
        "flows: {main: [{ask: Кто?, save: who, options: {Раз: [Один], Два: [Два], Три: [Три]}}]}"
    )
    (placed,) = [p for p in panels_of(outline) if p.id == "flow-main"]
    cards = {thing.face.card.id: thing.x for thing in placed.things if isinstance(thing, Placed)}
    assert cards["main.0.option0.0"] < cards["main.0.option1.0"] < cards["main.0.option2.0"]


def sixty() -> str:
    """A funnel of sixty places with forks, jumps back and a common end."""
    lines = ["flows:", "  main:"]
    for number in range(60):
        lines += [
            f"    - ask: Вопрос {number} — какой вариант отделки вам ближе и почему именно он?",
            f"      save: q{number}",
            "      options:",
            "        - Да, обязательно нужно",
            f"        - {{text: В начало, go: main.q{number // 2}}}",
            f"        - {{text: Нет, then: [{{tag: нет_{number}}}, Жаль. Идём дальше.]}}",
            "        - {text: Позвоните мне, go: booking}",
            "      silence: [{after: 45m, say: Осталось немного}, {after: 24h, then: [end]}]",
        ]
    return "\n".join([*lines, "  booking: [{ask: Телефон?, save: phone, answer: phone}]"])


@pytest.mark.parametrize(
    "text", [sixty(), (DRAWINGS / "repair.yaml").read_text("utf-8"), *NODES.values()]
)
def test_cards_stand_apart_inside_their_panels_and_words_inside_their_cards(text):
    panels = panels_of(drawn(text))
    for index, one in enumerate(panels):
        for two in panels[:index]:
            assert apart(
                (one.x, one.y, one.width, one.height), (two.x, two.y, two.width, two.height)
            )
        cards = [thing for thing in one.things if isinstance(thing, Placed)]
        boxes = [(card.x, card.y, WIDTH, card.face.height) for card in cards]
        for number, (x, y, width, height) in enumerate(boxes):
            assert 0 <= x <= one.width - width
            assert 0 <= y <= one.height - height
            assert all(apart(boxes[number], other) for other in boxes[:number])
        for card in cards:
            for piece in card.face.pieces:
                wide = max(width_of(row, size_of(piece.look)) for row in piece.rows)
                assert piece.x + wide <= WIDTH - PAD / 2
                assert piece.y + piece.height <= card.face.height


def apart(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    x, y, width, height = one
    u, v, wide, high = two
    return x + width <= u or u + wide <= x or y + height <= v or v + high <= y


def test_sixty_places_make_a_sheet_that_is_no_ribbon():
    root = ET.fromstring(as_svg(drawn(sixty())))
    wide, high = float(root.get("width")), float(root.get("height"))
    assert max(wide, high) < 8_000
    assert max(wide, high) / min(wide, high) < 3


@pytest.mark.parametrize("text", ["Щ" * 300, "слово " * 90, "a" * 5, "👩‍👩‍👧‍👦" * 40])
def test_words_are_wrapped_and_shortened_to_the_width(text):
    rows = wrapped(text, INNER, 13, 3)
    assert 1 <= len(rows) <= 3
    assert all(width_of(row, 13) <= INNER for row in rows)
    assert width_of(shortened(text, 60, 13), 13) <= 60
