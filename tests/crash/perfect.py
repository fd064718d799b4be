"""Evidence of a play in which nothing went wrong, made from the reference: for spoiling."""

from __future__ import annotations

from collections import Counter

from tests.crash.books import Booked, Books
from tests.crash.ledger import Evidence
from tests.crash.messengers import TG_TEAM, VK_TEAM, Delivered
from tests.crash.people import Prospect, prospects
from tests.crash.reference import Reference, references
from tests.crash.story import SCHOOL


def perfect(count: int = 8, seed: int = 1) -> Evidence:
    """So many prospects who were told everything, once."""
    people = prospects(count, seed)
    ways = references(SCHOOL.loaded(), people, SCHOOL.start)
    delivered = [
        Delivered(one.bot, one.account, line.text, line.labels, line.at_us)
        for one in people
        for line in ways[one.key].lines
    ]
    booked = [_booked(number, one, ways[one.key]) for number, one in enumerate(people, 1)]
    names = {one.key: one.first_name for one in people}
    for lead in booked:
        for bot, chat in (("tg", TG_TEAM), ("vk", VK_TEAM)):
            card = f"Новая заявка: {lead.title}\n{names[lead.key]}"
            delivered.append(Delivered(bot, chat, card, (), lead.captured_us))
    acts = Counter({one.key: len(ways[one.key].acts) for one in people})
    books = Books({one.key: Counter() for one in people}, updates=Counter(acts), leads=booked)
    books.events, books.calls = Counter(done=acts.total()), Counter({"send sent": len(delivered)})
    spoke = {(key, at_us): 0 for key, way in ways.items() for at_us, _ in way.acts}
    sheet = [_row(one) for one in booked]
    return Evidence(SCHOOL, people, ways, delivered, books, acts, spoke, sheet)


def _booked(number: int, person: Prospect, way: Reference) -> Booked:
    (lead,) = way.leads
    told = (lead.title, lead.team, "new", lead.source, lead.link, tuple(lead.answers))
    return Booked(number, person.key, *told, captured_us=way.acts[-1][0])


def _row(lead: Booked) -> dict[str, str]:
    head = {"№": str(lead.id), "Заявка": lead.title, "Команда": lead.team}
    answers = {label: shown for _, label, shown in lead.answers}
    return {**head, "Источник": lead.source, **answers}
