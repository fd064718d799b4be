"""Faults that an emulated messenger shows on demand: which call fails, how, and how often."""

import random
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

FaultKind = Literal[
    "flood",  # too many requests: wait `retry_after` seconds
    "server_error",  # `status` with the messenger's own error body
    "server_error_html",  # `status` with a gateway's page instead of JSON
    "server_error_empty",  # `status` with no body at all
    "cut_before",  # the connection breaks, the call did not take place
    "cut_after",  # the connection breaks, the call did take place
    "page_after",  # the call did take place, a gateway answers with its page and 502
    "blocked",  # the user blocked the bot
    "cant_parse",  # the messenger cannot read the mark-up
    "error",  # `status` and `description` as given (VK: `status` is the error code)
    "slow",  # the call takes place, the answer comes after `delay` seconds
    "hold",  # the call takes place, the answer waits until the test lets it go
]


@dataclass
class Fault:
    """One planned fault of the calls that match `method` and `chat`."""

    kind: FaultKind
    method: str | None = None
    chat: int | str | None = None
    times: int | None = 1  # None: for ever
    skip: int = 0  # so many matching calls pass first
    probability: float = 1.0
    retry_after: int = 1
    status: int = 500
    description: str = ""
    delay: float = 0.0
    struck: int = 0  # how often it has happened already

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"there is no fault {self.kind!r}: {', '.join(get_args(FaultKind))}")

    def matches(self, method: str, chat: int | str | None) -> bool:
        """Tell whether a call of `method` for `chat` is meant; None in the plan means any."""
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.chat is None or str(self.chat) == str(chat)

    @property
    def exhausted(self) -> bool:
        """Tell whether it has happened as often as planned."""
        return self.times is not None and self.struck >= self.times


class FaultPlan:
    """The faults still to come, asked once for every call."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Plan a fault; earlier ones are asked first."""
        self._faults.append(fault)
        return fault

    def add_json(self, data: dict[str, Any]) -> Fault:
        """Plan a fault written as JSON with the field names of Fault."""
        unknown = set(data) - {field.name for field in fields(Fault)}
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        return self.add(Fault(**data))

    def seed(self, seed: int) -> None:
        """Start the dice of probable faults afresh."""
        self._random = random.Random(seed)

    def clear(self) -> None:
        """Forget every planned fault."""
        self._faults.clear()

    def take(
        self, method: str, chat: int | str | None = None, *, named_only: bool = False
    ) -> Fault | None:
        """Return the fault that strikes this call, or None; it is counted as happened.

        With `named_only` a fault planned for any method passes by: an endless poll must not
        eat what was meant for a message.
        """
        for fault in self._faults:
            if fault.exhausted or not fault.matches(method, chat):
                continue
            if named_only and fault.method is None:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.probability < 1.0 and self._random.random() >= fault.probability:
                continue
            fault.struck += 1
            return fault
        return None

    def pending(self) -> list[dict[str, Any]]:
        """Return the faults that can still strike, as JSON."""
        return [asdict(fault) for fault in self._faults if not fault.exhausted]
