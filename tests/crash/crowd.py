"""The prospects at their screens: each answers what truly arrived, as soon as it arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.crash.messengers import Delivered, Messengers
from tests.crash.people import Act, Person, Talker


class Crowd:
    """All prospects of one play; `acts` counts what each of them did.

    `spoke` tells at what moments they did, with the number of deliveries that there had been.
    """

    def __init__(self, messengers: Messengers, people: Sequence[Person]) -> None:
        self._messengers = messengers
        self._people = {one.key: one for one in people}
        self._talkers: dict[str, Talker] = {one.key: one.talker() for one in people}
        self._read = 0
        self.acts: Counter[str] = Counter()
        self.spoke: dict[tuple[str, int], int] = {}
        for one in people:
            messengers.know(one)

    def come(self) -> None:
        """Everybody opens the bot."""
        for one in self._people.values():
            self._do(one, self._talkers[one.key].begins())

    def answer(self) -> bool:
        """Answer everything that arrived since; whether anybody did anything."""
        new = self._messengers.delivered[self._read :]
        self._read += len(new)
        heard = [self._hear(one) for one in new]  # everybody, not only until the first who acts
        return any(heard)

    @property
    def waiting(self) -> list[str]:
        """Who has not come to the end."""
        talkers = self._talkers.items()
        return [key for key, one in talkers if one.step < len(one.script)]

    def _hear(self, one: Delivered) -> bool:
        prospect = self._people.get(one.key)
        if prospect is None:
            return False
        acts = self._talkers[one.key].hears(one.text)
        self._do(prospect, acts)
        return bool(acts)

    def _do(self, prospect: Person, acts: list[Act]) -> None:
        for act in acts:
            self.acts[prospect.key] += 1
            moment = (prospect.key, self._messengers.now_us())
            self.spoke.setdefault(moment, len(self._messengers.delivered))
            self._messengers.do(prospect, act)
