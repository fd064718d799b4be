"""A printable plan of a funnel for a client's approval: one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flows.drawing.outline import flow_id, series_id
from flows.drawing.plan_steps import safe, steps_html, target_html, text_html
from flows.funnel import Letter, Series
from flows.nodes.consent import Consent
from flows.nodes.team import Lead
from flows.telling import Book
from flows.telling.letters import (
    entry_notes,
    entry_words,
    letter_notes,
    letter_when,
    series_notes,
)

if TYPE_CHECKING:
    from flows.project import Document

_STYLE = """
:root{color-scheme:light}
body{font:15px/1.45 Arial,'Helvetica Neue','Liberation Sans',sans-serif;color:#1a202c;background:#fff;
margin:0 auto;max-width:900px;padding:24px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:20px;margin:32px 0 8px;border-bottom:2px solid #cbd5e0;
padding-bottom:4px}h3{font-size:16px;margin:20px 0 4px}p{margin:2px 0}a{color:#2a4365}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #cbd5e0;padding:5px 8px;
text-align:left;vertical-align:top}th{background:#f7fafc}
.sub,.note,.aside,.terms{color:#4a5568;font-size:13px}.when{font-weight:bold;color:#2c5282}
.contents{columns:2;margin:12px 0;padding-left:20px}
.step{border:1px solid #cbd5e0;border-left:5px solid #a0aec0;border-radius:6px;padding:7px 12px;
margin:8px 0;break-inside:avoid-page}
.step.question{border-left-color:#2b6cb0}.step.consent{border-left-color:#6b46c1}
.step.message{border-left-color:#718096}.step.choice{border-left-color:#b7791f}
.step.wait{border-left-color:#4a5568}.step.team{border-left-color:#2f855a}
.what{font-size:13px;color:#4a5568}.place{float:right;font-family:monospace;color:#718096}
.text{margin:3px 0 5px;white-space:normal;overflow-wrap:anywhere}
.put{background:#edf2f7;border-radius:4px;padding:0 3px;color:#2c5282}
.choice{margin:4px 0}.button{display:inline-block;border:1px solid #718096;border-radius:6px;
padding:1px 10px;font-weight:bold}.way{font-style:italic}.on{color:#4a5568}
.inner{margin:4px 0 4px 18px;padding-left:10px;border-left:2px dotted #a0aec0}
.sign{margin-top:40px;display:flex;gap:40px}.sign span{flex:1;border-top:1px solid #1a202c;
padding-top:4px;font-size:13px}
@page{size:A4;margin:15mm}
@media print{body{padding:0;max-width:none;font-size:12px}a{text-decoration:none}h2{break-after:avoid}
h3,.what{break-after:avoid}.step:has(.inner){break-inside:auto}}
"""


def as_plan(book: Book, documents: Mapping[str, Document] | None = None) -> str:
    """The whole page; ``documents`` are those of the project."""
    tongue, funnel = book.tongue, book.program.funnel
    title = funnel.title or funnel.funnel
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    sections = [
        *_entries(book),
        *(_flow(name, book) for name in funnel.flows),
        *(_series(name, series, book) for name, series in funnel.series.items()),
        *_documents(book, documents or {}),
        *_leads(book),
        *_fields(book),
    ]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{tongue.language}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{safe(title)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{safe(title)}</h1>",
            f'<p class="sub">{tongue("План воронки", "The plan of")} {safe(funnel.funnel)}</p>',
            _contents(book),
            *sections,
            _sign(book),
            "</body></html>\n",
        ]
    )


def _contents(book: Book) -> str:
    funnel, tongue = book.program.funnel, book.tongue
    flows = [(flow_id(name), tongue(f"Поток «{name}»", f"Flow “{name}”")) for name in funnel.flows]
    series = [
        (series_id(name), tongue(f"Серия писем «{name}»", f"Series “{name}”"))
        for name in funnel.series
    ]
    lines = [
        f'<li><a href="#{safe(to)}">{safe(words)}</a></li>' for to, words in (*flows, *series)
    ]
    return f'<ul class="contents">{"".join(lines)}</ul>'


def _entries(book: Book) -> Iterator[str]:
    tongue = book.tongue
    rows = []
    for entry in book.program.funnel.entry:
        flow = entry.flow or "main"
        notes = "; ".join(entry_notes(entry, book))
        cells = (safe(entry_words(entry, book)), target_html(flow, book), safe(notes))
        rows.append("".join(f"<td>{cell}</td>" for cell in cells))
    heads = (tongue("Откуда", "From"), tongue("Куда", "To"), tongue("Что записывается", "Saved"))
    yield f"<h2>{tongue('Как люди приходят', 'How people come in')}</h2>{_table(heads, rows)}"


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f"<th>{words}</th>" for words in heads)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _flow(name: str, book: Book) -> str:
    title = book.tongue(f"Поток «{name}»", f"Flow “{name}”")
    return f'<h2 id="{safe(flow_id(name))}">{safe(title)}</h2>\n{steps_html(name, book) or "<p>—</p>"}'


def _series(name: str, series: Series, book: Book) -> str:
    title = book.tongue(f"Серия писем «{name}»", f"Series “{name}”")
    notes = "".join(f'<p class="terms">{safe(note)}</p>' for note in series_notes(series, book))
    letters = []
    for number, letter in enumerate(series.letters):
        letters.append(_letter(name, series, letter, number, book))
    return f'<h2 id="{safe(series_id(name))}">{safe(title)}</h2>{notes}{"".join(letters)}'


def _letter(name: str, series: Series, letter: Letter, number: int, book: Book) -> str:
    tongue = book.tongue
    address = f"{name}.{letter.id}"
    after = tongue("после начала серии", "after the series begins")
    if number:
        before = series.letters[number - 1].id
        after = tongue(f"после письма «{before}»", f"after the letter “{before}”")
    counted = letter_when(letter, book)
    relative = type(letter.when).__name__ in {"Elapsed", "DayAt", "WorkingDayAt", "WeekdayAt"}
    when = f"{counted} ({after})" if relative else counted
    terms = "".join(f'<p class="terms">{safe(x)}</p>' for x in letter_notes(letter, series, book))
    heading = tongue(f"Письмо «{letter.id}»", f"The letter “{letter.id}”")
    instead = steps_html(f"{address}.otherwise", book)
    if instead:
        label = tongue("Если письмо не ушло", "When the letter is not sent")
        instead = f'<p class="note">{label}:</p><div class="inner">{instead}</div>'
    return (
        f'<h3 id="letter-{safe(address)}">{safe(heading)}</h3><p class="when">{safe(when)}</p>'
        f"{terms}{steps_html(address, book)}{instead}"
    )


def _documents(book: Book, documents: Mapping[str, Document]) -> Iterator[str]:
    tongue = book.tongue
    asked: dict[str, list[str]] = {}
    for laid in book.program.steps.values():
        if isinstance(laid.step, Consent):
            place = book.program.names[laid.address]
            asked.setdefault(laid.step.consent, []).append(target_html(place, book))
    rows = []
    for name, places in asked.items():
        document = documents.get(name)
        title = safe(book.document(name))
        if document is not None and document.url:
            title = f'<a href="{safe(document.url)}">{title}</a>'
        version = safe(document.version) if document is not None else "—"
        rows.append(f"<td>{title}</td><td>{version}</td><td>{', '.join(places)}</td>")
    if rows:
        heads = (
            tongue("Документ", "Document"),
            tongue("Версия", "Version"),
            tongue("Где", "Where"),
        )
        yield f"<h2>{tongue('Документы', 'Documents')}</h2>{_table(heads, rows)}"


def _leads(book: Book) -> Iterator[str]:
    tongue = book.tongue
    rows = []
    for address, laid in book.program.steps.items():
        if isinstance(laid.step, Lead):
            step = laid.step
            link = f'<a href="#{safe(address)}">{safe(laid.flow)}</a>'
            title = text_html(step.lead.compiled, book)
            rows.append(f"<td>{title}</td><td>{safe(step.team)}</td><td>{link}</td>")
    if rows:
        heads = (tongue("Заявка", "Lead"), tongue("Команда", "Team"), tongue("Где", "Where"))
        yield f"<h2>{tongue('Заявки', 'Leads')}</h2>{_table(heads, rows)}"


def _fields(book: Book) -> Iterator[str]:
    tongue, funnel = book.tongue, book.program.funnel
    rows = [
        f"<td>{safe(spec.label or name)}</td><td>{safe(name)}</td>"
        f"<td>{tongue('личное', 'personal') if spec.is_personal else ''}</td>"
        for name, spec in funnel.fields.items()
    ]
    if rows:
        heads = (tongue("Что узнаём", "What is asked"), tongue("Поле", "Field"), "")
        yield f"<h2>{tongue('Что узнаём о человеке', 'What we learn')}</h2>{_table(heads, rows)}"


def _sign(book: Book) -> str:
    tongue = book.tongue
    names = (
        tongue("Согласовано", "Approved by"),
        tongue("Подпись", "Signature"),
        tongue("Дата", "Date"),
    )
    return f'<div class="sign">{"".join(f"<span>{words}</span>" for words in names)}</div>'
