"""The figures of many lives as a table in the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.values import fit_to_show
from voronka.simulating.results import (
    END_WORDS,
    Result,
    Variant,
    decimal,
    grouped,
    percent,
    variant_heads,
    variant_words,
)
from voronka.speech import Speech

BAR = 16
EIGHTHS = " ▏▎▍▌▋▊▉█"


def print_result(result: Result, say: Speech) -> None:
    """Print the funnel, the sums and the reasons."""
    console = Console(highlight=False)
    people = result.figures.people
    days = say.count(result.plan.days, ("день", "дня", "дней"), ("day", "days"))
    crowd = say.count(people, ("человек", "человека", "человек"), ("person", "people"))
    seed = say(f"зерно {result.plan.seed}", f"seed {result.plan.seed}")
    console.print(f"[bold]{_safe(result.title)}[/] · {crowd}, {days}, {escape(seed)}")
    console.print(_funnel(result, say))
    for line in _sums(result, say):
        console.print(line)
    variants = result.variants()
    if variants:
        console.print(_variants(variants, say))
    whys = result.whys(say)
    if whys:
        console.print(_whys(whys, say))


def _funnel(result: Result, say: Speech) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False, expand=False)
    table.add_column(say("место", "place"), no_wrap=True, overflow="ellipsis", max_width=30)
    table.add_column("", no_wrap=True)
    table.add_column(say("дошли", "reached"), justify="right", no_wrap=True)
    table.add_column("%", justify="right", no_wrap=True)
    table.add_column(say("остались тут", "stopped"), justify="right", no_wrap=True)
    for stop in result.stops():
        share = result.share(stop.reached)
        mark = "✉ " if stop.row.what == "letter" else "  "
        table.add_row(
            mark + _safe(stop.row.place),
            f"[cyan]{bar(share)}[/]",
            grouped(stop.reached),
            percent(share, say),
            grouped(stop.stopped) if stop.stopped else "",
        )
    return table


def bar(share: float) -> str:
    """A bar of blocks, an eighth of a block exact."""
    eighths = round(min(max(share, 0), 1) * BAR * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(BAR)


def _sums(result: Result, say: Speech) -> list[str]:
    figures = result.figures
    most, at = result.peak()
    letters = figures.letters_on_day.total()
    told = decimal(letters / max(figures.people, 1), 1, say)
    lead = say("Заявок", "Leads")
    found = [
        f"{lead}: [bold]{grouped(result.leads)}[/] ({percent(result.share(result.leads), say)})",
        say(
            f"Писем: {grouped(letters)}, {told} на человека, за один день не больше"
            f" {result.busiest()}",
            f"Letters: {grouped(letters)}, {told} a person, at most {result.busiest()} on one day",
        ),
        say(
            f"Сообщений: {grouped(figures.minutes.total())}, в самую частую минуту {grouped(most)}"
            f" ({at})",
            f"Messages: {grouped(figures.minutes.total())}, {grouped(most)} in the busiest minute"
            f" ({at})",
        ),
    ]
    ends = ", ".join(f"{say(*END_WORDS[end])} {grouped(n)}" for end, n in result.ends())
    found.append(say("Чем кончилось: ", "How it ended: ") + ends)
    if figures.clicks:
        found.append(say("Открыли ссылки: ", "Links opened: ") + _counted(figures.clicks))
    if figures.goals:
        found.append(say("Цели: ", "Goals: ") + _counted(figures.goals))
    if figures.events:
        found.append(say("События: ", "Events: ") + _counted(figures.events))
    if figures.handovers:
        taken, missed = figures.handovers["taken"], figures.handovers["missed"]
        found.append(
            say(
                f"Разговоры менеджерам: взяли {taken}, не взяли {missed}",
                f"Conversations handed over: {taken} taken, {missed} missed",
            )
        )
    return found


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{_safe(name)} {grouped(counts[name])}" for name in sorted(counts))


def _variants(variants: list[Variant], say: Speech) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for index, title in enumerate(variant_heads(say)):
        table.add_column(title, justify="right" if index else "left", no_wrap=True)
    for each in variants:
        table.add_row(*map(_safe, variant_words(each, say)))
    return table


def _whys(whys: list[tuple[str, str, str, int]], say: Speech) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for title in (say("письмо или вопрос", "letter or question"), "", say("почему", "why")):
        table.add_column(title)
    table.add_column(say("раз", "times"), justify="right")
    for kind, place, why, times in whys:
        table.add_row(_safe(place), kind, _safe(why), grouped(times))
    return table


def _safe(text: str) -> str:
    return escape(fit_to_show(text))
