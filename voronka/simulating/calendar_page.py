"""One prospect's days as a page to look at and to print."""

from __future__ import annotations

from flows.simulating.calendar import Day, Line, city
from voronka.simulating.one import Shown, about, clocks, day_words
from voronka.simulating.page import page, told
from voronka.speech import Speech

_STYLE = """
.day h2{display:flex;justify-content:space-between;align-items:baseline;gap:12px;margin:0 0 10px}
.day h2 small{font-weight:400;color:var(--dim);font-size:13px}
.day{break-inside:auto}
.row{display:grid;grid-template-columns:56px 76px 1fr;gap:0 10px;padding:3px 0;break-inside:avoid}
.row.single{grid-template-columns:56px 1fr}
.zones{color:var(--dim);font-size:12px;border-bottom:1px solid var(--line);
margin-bottom:6px;padding-bottom:6px}
.clock{font-variant-numeric:tabular-nums;padding-top:7px;font-weight:600}
.clock.theirs{font-weight:400;color:var(--dim)}
.said{justify-self:start;max-width:620px;background:#eef2f8;border-radius:4px 14px 14px 14px;
padding:7px 13px;white-space:pre-wrap;overflow-wrap:anywhere}
.said.letter{background:#fff6e2;border:1px solid #f3dcaa}
.said.advertising{background:#fdecec;border:1px solid #f2c9c9}
.said b{display:block;font-size:12px;font-weight:600;color:#8a6116}
.did{justify-self:end;max-width:520px;background:var(--main);color:#fff;
border-radius:14px 4px 14px 14px;
padding:7px 13px;overflow-wrap:anywhere}
.why{color:var(--dim);font-size:13px;padding-top:6px}
.team{justify-self:start;background:#e3f5ec;border:1px solid #b5e2cc;color:#11603c;border-radius:8px;
padding:6px 12px;white-space:pre-wrap}
.buttons{display:flex;flex-wrap:wrap;gap:6px;margin-top:7px}
.buttons span{background:#fff;border:1px solid #c7d3e8;border-radius:8px;padding:2px 10px;
font-size:13px}
.idle{text-align:center;color:var(--dim);margin:0 0 18px}
.ends{margin:0;padding-left:20px}
"""


def calendar_page(shown: Shown, say: Speech) -> str:
    """The page: a card a day, both clocks, who said what, what was held and why."""
    body = "\n".join(_day(day, shown, say) for day in shown.days)
    ends = "".join(f"<li>{told(text)}</li>" for text in shown.ends)
    head = say("Чем кончилось", "How it ended")
    body += f'\n<section><h2>{head}</h2><ul class="ends">{ends}</ul></section>'
    return page(shown.title, about(shown, say), body, say.language, _STYLE)


def _day(day: Day, shown: Shown, say: Speech) -> str:
    number = say(f"день {day.number}", f"day {day.number}")
    idle = ""
    if day.idle:
        quiet = say.count(day.idle, ("день", "дня", "дней"), ("day", "days"))
        words = say(f"{quiet} тишины", f"{quiet} of silence")
        idle = f'<p class="idle">… {words} …</p>\n'
    rows, before = [], ("", "")
    for line in day.lines:
        times = clocks(line, shown, say)
        rows.append(_row(line, times if times != before else ("", ""), shown))
        before = times
    heading = f"<h2>{told(day_words(day, say).capitalize())}<small>{number}</small></h2>"
    return (
        f'{idle}<section class="day">{heading}{_zones(day, shown, say)}{"".join(rows)}</section>'
    )


def _zones(day: Day, shown: Shown, say: Speech) -> str:
    if shown.one_zone:
        return ""
    zones = dict.fromkeys(line.zone for line in day.lines)
    mine = told(" → ".join(city(zone, say.language) for zone in zones))
    theirs = told(city(shown.funnel, say.language))
    return (
        f'<div class="zones"><b>{mine}</b> · '
        f"{say('человек', 'the person')} &nbsp;|&nbsp; {theirs} · {say('воронка', 'the funnel')}</div>"
    )


def _row(line: Line, times: tuple[str, str], shown: Shown) -> str:
    theirs = "" if shown.one_zone else f'<div class="clock theirs">{told(times[1])}</div>'
    single = " single" if shown.one_zone else ""
    clock = f'<div class="clock">{told(times[0])}</div>'
    return f'<div class="row{single}">{clock}{theirs}{_bubble(line)}</div>'


def _bubble(line: Line) -> str:
    if line.who == "bot":
        kind = line.kind if line.kind == "advertising" else "letter" if line.letter else ""
        name = f"<b>✉ {told(line.letter)}</b>" if line.letter else ""
        buttons = "".join(f"<span>{told(text)}</span>" for text in line.buttons)
        shelf = f'<div class="buttons">{buttons}</div>' if buttons else ""
        return f'<div class="said {kind}">{name}{told(line.text)}{shelf}</div>'
    classes = {"person": "did", "team": "team"}
    mark = "⚑ " if line.who == "team" else ""
    return f'<div class="{classes.get(line.who, "why")}">{mark}{told(line.text)}</div>'
