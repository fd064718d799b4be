"""What a planned fault means in VK: the error code it answers with."""

from tests.emulators.faults import Fault
from tests.emulators.vk.refusals import Refusal

CODES = {"flood": 6, "blocked": 901, "cant_parse": 100}


def refusal_of(fault: Fault) -> Refusal | None:
    """Return VK's refusal for a fault of kind flood, blocked, cant_parse or error, else None."""
    code = fault.status if fault.kind == "error" else CODES.get(fault.kind)
    return None if code is None else Refusal(code, text=fault.description)
