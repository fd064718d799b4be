"""What the world around a conversation holds after a turn: timers, deliveries, buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows import effects
from flows.effects import Effect
from flows.proving.states import Node, Offer, Trace
from flows.proving.views import Views, frozen


@dataclass(frozen=True, slots=True)
class World:
    """Keeps what effects leave outside the conversation; buttons that change nothing are left out."""

    views: Views

    def keep(
        self, node: Node, after: Node, done: list[Effect], timer: effects.SetTimer | None
    ) -> None:
        """What the world holds after the turn: timers, deliveries, buttons, the day's messages."""
        after.timers = dict(node.timers)
        after.delivered = dict(node.delivered)
        after.requests = dict(node.requests)
        after.asked = dict(node.asked)
        if timer is not None:
            after.timers.pop((timer.run, timer.name), None)
        for effect in done:
            if isinstance(effect, effects.SetTimer):
                after.timers[effect.run, effect.name] = effect
            elif isinstance(effect, effects.DropTimer):
                after.timers.pop((effect.run, effect.name), None)
            elif isinstance(effect, effects.Request):
                after.requests[effect.number] = effect
            elif isinstance(effect, effects.Say):
                after.delivered[effect.number] = after.now_us
                self._see_buttons(after, effect)
        wanted = {each.after for each in after.timers.values()}
        after.delivered = {n: us for n, us in after.delivered.items() if n in wanted}
        awaited = _awaited(after)
        after.requests = {n: made for n, made in after.requests.items() if n in awaited}
        visits = _visits(after)
        after.asked = {visit: each for visit, each in after.asked.items() if visit in visits}

    def _see_buttons(self, after: Node, say: effects.Say) -> None:
        asked = tuple(
            button
            for button in say.message.buttons
            if button.action is not None and button.action["do"] not in {"go", "mark"}
        )
        if asked:
            after.asked[say.visit] = (say.number, asked)
        for button in say.message.buttons:
            action = button.action
            if button.track and self.views.known(f"clicks:{button.track}"):
                self._grow(after, Offer(button.text, "click", button.track))
            elif action is not None and action["do"] == "go":
                self._grow(after, Offer(button.text, "go", action["flow"], action))
            elif action is not None and action["do"] == "mark" and self._matters(action):
                target = (frozen(action["tag"]), frozen(action["untag"]), str(action["set"]))
                self._grow(after, Offer(button.text, "mark", target, action))

    def _grow(self, after: Node, offer: Offer) -> None:
        after.offers[offer] = after.trace

    def _matters(self, action: dict[str, Any]) -> bool:
        names = [f"tags:{tag}" for tag in (*action["tag"], *action["untag"])]
        return any(self.views.known(name) for name in (*names, *action["set"]))


def carried(offers: dict[Offer, Trace | None], label: Any) -> dict[Offer, Trace | None]:
    """The buttons after one more step of the ways on which they were sent."""
    return {offer: Trace(label, trace) for offer, trace in offers.items()}


def _awaited(node: Node) -> set[int]:
    """The calls that plays stand still for."""
    run = node.run
    return {play.pause.request for play in run.plays if play.pause} if run else set()


def _visits(node: Node) -> set[int]:
    run, last = node.run, node.conversation.person.last
    visits = {play.rest.visit for play in run.plays if play.rest} if run else set()
    return visits | ({last.visit} if last is not None else set())
