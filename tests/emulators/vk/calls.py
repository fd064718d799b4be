"""One call of a method: who calls, with which parameters, in which world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulators.faults import FaultPlan
from tests.emulators.vk.refusals import Refusal
from tests.emulators.vk.world import Access, Community, World


@dataclass(frozen=True)
class Call:
    """A request that passed the checks common to all methods."""

    world: World
    access: Access
    params: dict[str, Any]
    faults: FaultPlan

    @property
    def community(self) -> Community:
        """Return the community whose key was used."""
        return self.access.community

    def need(self, permission: str) -> None:
        """Refuse with 7 when the key was issued without this right."""
        if self.access.kind == "group" and permission not in self.community.permissions:
            raise Refusal(7)

    def own_group(self) -> Community:
        """Return the community of `group_id`, which must be the key's own."""
        if self.params["group_id"] != self.community.id:
            raise Refusal(15)
        return self.community


Method = Callable[[Call], Any]
