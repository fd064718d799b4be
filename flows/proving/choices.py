"""Which marks of a multiple choice are worth a look: all of them only where a condition sees them."""

from __future__ import annotations

from typing import Any

from flows.nodes.ask import Ask
from flows.program import Program
from flows.proving.states import Node
from flows.proving.views import Views


def is_idle(program: Program, views: Views, node: Node, action: dict[str, Any]) -> bool:
    """Whether pressing the option only leads to another mix that nothing in the funnel tells apart.

    What no condition looks at is chosen in the order of the options, as much as must be chosen:
    every option is marked on some way, every count that is allowed is reached at its least.
    """
    if action["do"] != "toggle":
        return False
    address = program.places.get(action["place"])
    step = program.steps[address].step if address else None
    if not isinstance(step, Ask) or _seen(step, views):
        return False
    chosen = _chosen(node, action["visit"])
    return bool(chosen) and (action["option"] <= chosen[-1] or len(chosen) >= step.least)


def _seen(step: Ask, views: Views) -> bool:
    """Whether any condition looks at what the answer gives."""
    tags = [f"tags:{tag}" for option in step.options for tag in option.tag]
    scores = ["score"] if any(option.score for option in step.options) else []
    names = {*views.tests, *views.exact}
    told = [name for name in names if name.partition(":")[0] == step.save]
    return bool(told) or any(views.known(name) for name in (*tags, *scores))


def _chosen(node: Node, visit: int) -> list[int]:
    run, last = node.run, node.conversation.person.last
    for play in run.plays if run else ():
        if play.rest is not None and play.rest.visit == visit:
            return play.rest.chosen
    return last.chosen if last is not None and last.visit == visit else []
