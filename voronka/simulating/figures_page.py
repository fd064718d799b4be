"""The figures of many lives as a page with pictures."""

from __future__ import annotations

from voronka.simulating.drawing import columns, funnel, shares
from voronka.simulating.page import page, told
from voronka.simulating.results import (
    END_WORDS,
    Result,
    decimal,
    grouped,
    percent,
    variant_heads,
    variant_words,
)
from voronka.speech import Speech

_STYLE = """
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 18px}
.tile{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
.tile b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--dim);font-size:13px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:18px}.pair section{margin:0}
.pair{margin:0 0 18px}@media(max-width:760px){.pair{grid-template-columns:1fr}}
"""
END_COLOURS = {
    "lead": "#1f9d63", "series": "#7aa7f7", "resting": "#e8a33d", "silent": "#c9b48a",
    "done": "#a9b4c4", "stop": "#cf4a4a", "blocked": "#8e3b5e", "absent": "#dfe4ea",
}  # fmt: skip


def figures_page(result: Result, say: Speech) -> str:
    """The page: sums, the funnel's picture, letters by day, messages by hour, reasons."""
    hourly = columns(
        [float(sent) for sent in result.hours()],
        [f"{hour}" for hour in range(24)],
        lambda value: grouped(int(value)),
    )
    daily = columns(
        result.letters_a_day(),
        [str(day + 1) for day in range(result.plan.days)],
        lambda value: decimal(value, 2, say),
    )
    ends = [(told(say(*END_WORDS[end])), n, END_COLOURS[end]) for end, n in result.ends()]
    body = "\n".join(
        (
            _tiles(result, say),
            _card(say("Куда дошли", "How far they came"), funnel(result, say), _legend(say)),
            _card(say("Чем кончилось", "How it ended"), shares(ends, say)),
            '<div class="pair">',
            _card(say("Писем на человека по дням", "Letters a person by day of life"), daily),
            _card(say("Сообщений по часам суток", "Messages by hour of the day"), hourly),
            "</div>",
            _variants(result, say),
            _whys(result, say),
        )
    )
    return page(result.title, _about(result, say), body, say.language, _STYLE)


def _about(result: Result, say: Speech) -> str:
    plan = result.plan
    days = say.count(plan.days, ("день", "дня", "дней"), ("day", "days"))
    crowd = say.count(
        result.figures.people, ("человек", "человека", "человек"), ("person", "people")
    )
    told_seed = say(f"зерно {plan.seed}", f"seed {plan.seed}")
    return f"{crowd} · {days} · {told_seed} · voronka simulate {plan.funnel}"


def _tiles(result: Result, say: Speech) -> str:
    figures = result.figures
    letters = figures.letters_on_day.total() / max(figures.people, 1)
    most, at = result.peak()
    tiles = (
        (
            grouped(result.leads),
            say("с заявкой", "with a lead") + f", {percent(result.share(result.leads), say)}",
        ),
        (decimal(letters, 1, say), say("писем на человека", "letters a person")),
        (str(result.busiest()), say("самое большее за день", "at most on one day")),
        (grouped(most), say(f"сообщений в минуту, {at}", f"messages a minute, {at}")),
    )
    shown = "".join(
        f'<div class="tile"><b>{told(n)}</b><span>{told(w)}</span></div>' for n, w in tiles
    )
    return f'<div class="tiles">{shown}</div>'


def _card(title: str, picture: str, note: str = "") -> str:
    under = f'<p class="note">{note}</p>' if note else ""
    return f"<section><h2>{told(title)}</h2>{picture}{under}</section>"


def _legend(say: Speech) -> str:
    square = '<span style="color:{}">■</span> '
    return (
        square.format("#2f6fed")
        + say("дошли и пошли дальше", "came and went on")
        + " &nbsp; "
        + square.format("#e8a33d")
        + say("последний вопрос остался без ответа", "their last question, left unanswered")
    )


def _variants(result: Result, say: Speech) -> str:
    variants = result.variants()
    if not variants:
        return ""
    name, *heads = variant_heads(say)
    head = f"<th>{name}</th>" + "".join(f'<th class="number">{each}</th>' for each in heads)
    rows = []
    for each in variants:
        first, *rest = variant_words(each, say)
        cells = "".join(f'<td class="number">{told(cell)}</td>' for cell in rest)
        rows.append(f"<tr><td>{told(first)}</td>{cells}</tr>")
    table = f"<table><tr>{head}</tr>{''.join(rows)}</table>"
    return _card(say("Варианты split", "Variants of splits"), table)


def _whys(result: Result, say: Speech) -> str:
    whys = result.whys(say)
    if not whys:
        return ""
    heads = (say("письмо или вопрос", "letter or question"), "", say("почему", "why"))
    head = "".join(f"<th>{each}</th>" for each in heads)
    rows = "".join(
        f"<tr><td>{told(place)}</td><td>{kind}</td><td>{told(why)}</td>"
        f'<td class="number">{grouped(times)}</td></tr>'
        for kind, place, why, times in whys
    )
    times = say("раз", "times")
    table = f'<table><tr>{head}<th class="number">{times}</th></tr>{rows}</table>'
    return _card(say("Что перенесено, ждало и пропущено", "Moved, held and skipped"), table)
