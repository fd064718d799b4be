"""The steps of a printable plan: every text whole, every way on with what follows it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flows.drawing.outline import flow_id, series_id
from flows.drawing.outlining import steps_of
from flows.formatting import SCHEMES
from flows.markup import RichText, Span
from flows.program import Laid
from flows.telling import Book, Choice, Note, Told, told
from flows.telling.texts import CLOSE, OPEN, rich_words
from flows.templates import Text
from flows.values import fit_to_show


def steps_html(prefix: str, book: Book) -> str:
    """The steps of a block, in order; empty when there are none."""
    found = [_step(laid, book) for laid in steps_of(book.program, prefix)]
    return "".join(found)


def text_html(text: Text, book: Book) -> str:
    """A text with its formatting; what is put in later is marked."""
    return rich_html(rich_words(text, book.labels, book.tongue))


def rich_html(rich: RichText) -> str:
    """Formatted words as HTML: all that an author wrote is escaped."""
    return "".join(map(_span, rich.spans))


def safe(words: str) -> str:
    """Words as they are, harmless in a page."""
    return escape(fit_to_show(words))


def target_html(to: str, book: Book) -> str:
    """A link to a flow or a place of the same page."""
    flow = to.split(".", 1)[0]
    anchor = book.program.places.get(to) or flow_id(flow)
    return f'<a href="#{safe(anchor)}">{safe(to)}</a>'


def _span(span: Span) -> str:
    words = escape(span.text).replace("\n", "<br>")
    words = words.replace(OPEN, '<span class="put">').replace(CLOSE, "</span>")
    for wanted, tag in ((span.code, "code"), (span.italic, "i"), (span.bold, "b")):
        words = f"<{tag}>{words}</{tag}>" if wanted else words
    if span.url.startswith(SCHEMES):
        return f'<a href="{safe(span.url)}">{words}</a>'
    return words


def _step(laid: Laid, book: Book) -> str:
    words = told(laid.step, book)
    place = book.program.names.get(laid.address, "")
    named = f' <span class="place">{safe(place)}</span>' if place else ""
    parts = [f'<p class="what">{safe(words.title)}{_where(words, book)}{named}</p>']
    if words.text is not None:
        parts.append(f'<div class="text">{text_html(words.text, book)}</div>')
    parts += [_note(note, book) for note in words.notes]
    parts += [_choice(laid, choice, book) for choice in words.choices]
    return f'<div class="step {words.kind}" id="{safe(laid.address)}">{"".join(parts)}</div>\n'


def _where(words: Told, book: Book) -> str:
    if words.series:
        return f': <a href="#{safe(series_id(words.series))}">{safe(words.series)}</a>'
    return f": {target_html(words.to, book)}" if words.to else ""


def _note(note: Note, book: Book) -> str:
    said = f": <span>{text_html(note.text, book)}</span>" if note.text is not None else ""
    return f'<p class="note">{safe(note.label)}{said}</p>'


def _choice(laid: Laid, choice: Choice, book: Book) -> str:
    parts = [*_label(choice), *_outcome(laid, choice, book)]
    return f'<div class="choice">{" ".join(parts)}</div>'


def _label(choice: Choice) -> Iterator[str]:
    if choice.label:
        name = "button" if choice.button else "way"
        yield f'<span class="{name}">{safe(choice.label)}</span>'
    if choice.notes:
        yield f'<span class="aside">{safe("; ".join(choice.notes))}</span>'


def _outcome(laid: Laid, choice: Choice, book: Book) -> Iterator[str]:
    tongue = book.tongue
    if choice.to:
        yield f'<span class="on">→ {target_html(choice.to, book)}</span>'
    elif choice.block:
        inner = steps_html(f"{laid.address}.{choice.block}", book)
        yield f'<div class="inner">{inner}</div>' if inner else ""
    elif choice.leads:
        yield f'<span class="on">{tongue("→ дальше, ниже", "→ on, below")}</span>'
