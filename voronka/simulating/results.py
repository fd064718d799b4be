"""What many lives came to, ready to be shown as a table, a page or JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flows.intervals import wilson
from flows.simulating.calendar import local
from flows.simulating.crowd import Plan
from flows.simulating.figures import DAY_US, ENDS, MINUTE_US, Figures, as_json
from flows.simulating.naming import Row
from flows.simulating.reasons import reason
from voronka.speech import Speech

END_WORDS: dict[str, tuple[str, str]] = {
    "lead": ("оставили заявку", "left a lead"),
    "series": ("получают письма", "get letters still"),
    "resting": ("ответа ждёт вопрос", "a question awaits them"),
    "silent": ("замолчали", "fell silent"),
    "done": ("дошли до конца без заявки", "reached the end without a lead"),
    "stop": ("написали «стоп»", "wrote “stop”"),
    "blocked": ("заблокировали бота", "blocked the bot"),
    "absent": ("не вошли", "never entered"),
}
WHAT_WORDS: dict[str, tuple[str, str]] = {
    "ask": ("вопрос", "question"),
    "consent": ("согласие", "consent"),
    "letter": ("письмо", "letter"),
    "wait": ("ожидание", "wait"),
    "handover": ("разговор с менеджером", "hand-over"),
    "http": ("запрос", "request"),
    "member": ("подписка", "membership"),
    "do": ("действие", "action"),
    "code": ("промокод", "code"),
}
WHY_WORDS: dict[str, tuple[str, str]] = {
    "moved": ("перенесено", "moved"),
    "held": ("ждало", "held"),
    "skipped": ("пропущено", "skipped"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One row of the funnel: who came there, and whose way ended there without an answer."""

    row: Row
    reached: int
    stopped: int
    clicked: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a split: to how many it fell, how many of them did what was hoped for.

    ``aim`` is a goal's name, "" for a lead.
    """

    split: str
    name: str
    people: int
    aim: str
    reached: int

    @property
    def share(self) -> float:
        """Of those to whom it fell."""
        return self.reached / max(self.people, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share truly lies, as likely as 95 of 100."""
        return wilson(self.reached, self.people)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures with what they are about."""

    title: str
    plan: Plan
    figures: Figures
    rows: tuple[Row, ...]
    zone: ZoneInfo

    def stops(self) -> list[Stop]:
        """The rows of the funnel in the file's order."""
        figures = self.figures
        return [
            Stop(row, figures.reached[row.place], figures.stopped[row.place]) for row in self.rows
        ]

    @property
    def leads(self) -> int:
        """People with a lead."""
        return self.figures.ends["lead"]

    def share(self, people: int) -> float:
        """The share of all people, from 0 to 1."""
        return people / max(self.figures.people, 1)

    def letters_a_day(self) -> list[float]:
        """Letters per person on each day of life."""
        on_day = self.figures.letters_on_day
        return [on_day[day] / max(self.figures.people, 1) for day in range(self.plan.days)]

    def busiest(self) -> int:
        """The most letters that one person got on one day."""
        return max(
            (most for most, people in self.figures.busiest_day.items() if people), default=0
        )

    def peak(self) -> tuple[int, str]:
        """The most messages a minute and when, on the funnel's clock."""
        most, minute = self.figures.peak()
        return most, f"{local(minute * MINUTE_US, self.zone):%Y-%m-%d %H:%M}"

    def hours(self) -> list[int]:
        """Messages by the hour of the day on the funnel's clock."""
        found: Counter[int] = Counter()
        for minute, sent in self.figures.minutes.items():
            found[local(minute * MINUTE_US, self.zone).hour] += sent
        return [found[hour] for hour in range(24)]

    def ends(self) -> list[tuple[str, int]]:
        """How people stand at the end, those kinds that happened."""
        return [(end, self.figures.ends[end]) for end in ENDS if self.figures.ends[end]]

    def variants(self) -> list[Variant]:
        """Every variant of the splits with its leads, and with each goal that anybody reached."""
        figures = self.figures
        found = []
        for aim in ("", *sorted(figures.goals)):
            for key in sorted(figures.splits):
                split, name = key.split("|", 1)
                counts = figures.split_goals if aim else figures.split_leads
                reached = counts[f"{key}|{aim}" if aim else key]
                found.append(Variant(split, name, figures.splits[key], aim, reached))
        return sorted(found, key=lambda each: (each.split, each.aim, each.name))

    def whys(self, say: Speech) -> list[tuple[str, str, str, int]]:
        """What was moved, held and skipped, where, why, how often: the commonest first."""
        found = []
        for key, times in sorted(self.figures.whys.items(), key=lambda item: (-item[1], item[0])):
            kind, place, why = key.split("|", 2)
            found.append((say(*WHY_WORDS[kind]), place, reason(why, say.language), times))
        return found

    def to_json(self) -> dict[str, Any]:
        """Everything as a JSON object; the same for a seed, however it was played."""
        plan, (most, at) = self.plan, self.peak()
        return {
            "funnel": plan.funnel,
            "title": self.title,
            "seed": plan.seed,
            "days": plan.days,
            "from": local(plan.first_us, self.zone).isoformat(),
            "arrive_days": plan.spread_us / DAY_US,
            **as_json(self.figures),
            "peak": {"messages": most, "at": at},
            "letters_per_person_and_day": [round(each, 4) for each in self.letters_a_day()],
            "most_letters_on_one_day": self.busiest(),
            "variants": [
                {
                    "split": each.split,
                    "variant": each.name,
                    "people": each.people,
                    "aim": each.aim or "lead",
                    "reached": each.reached,
                    "share": round(each.share, 4),
                    "interval": [round(end, 4) for end in each.interval],
                }
                for each in self.variants()
            ],
            "places": [
                {
                    "place": stop.row.place,
                    "what": stop.row.what,
                    "title": stop.row.title,
                    "reached": stop.reached,
                    "stopped": stop.stopped,
                }
                for stop in self.stops()
            ],
        }


def percent(share: float, say: Speech) -> str:
    """``34 %``; tenths below one."""
    value = share * 100
    return f"{decimal(value, 1, say) if 0 < value < 1 else f'{value:.0f}'} %"


def variant_words(each: Variant, say: Speech) -> tuple[str, str, str, str, str]:
    """The variant in a table: its name, people, what they came to, the share, its interval."""
    low, high = (percent(end, say) for end in each.interval)
    between = f"{low.removesuffix(' %')}–{high}"
    aim = each.aim or say("заявка", "lead")
    name = f"{each.split}: {each.name}"
    reached = f"{aim} {grouped(each.reached)}"
    return name, grouped(each.people), reached, percent(each.share, say), between


def variant_heads(say: Speech) -> tuple[str, str, str, str, str]:
    """The heads of that table."""
    return (
        say("вариант", "variant"),
        say("людей", "people"),
        say("достигли", "reached"),
        "%",
        say("интервал 95 %", "95 % interval"),
    )


def decimal(value: float, digits: int, say: Speech) -> str:
    """The number with the language's decimal sign."""
    told = f"{value:.{digits}f}"
    return told.replace(".", ",") if say.language == "ru" else told


def grouped(number: int) -> str:
    """``12 345`` with a thin space."""
    return f"{number:,}".replace(",", "\u202f")
