"""Which carousels VK accepts (dev.vk.com/api/bots/development/messages)."""

import json
from typing import Any

from tests.emulators.vk.keyboards import bad, read_button
from tests.emulators.vk.refusals import invalid

ELEMENTS = 10
BUTTONS = 3
TEXT = 80


def read(template: str, message: str) -> dict[str, Any]:
    """Return the carousel as VK keeps it, or refuse it."""
    try:
        carousel = json.loads(template)
    except ValueError:
        raise invalid("template contains incorrect JSON") from None
    elements = carousel.get("elements") if isinstance(carousel, dict) else None
    if not isinstance(elements, list) or carousel.get("type") != "carousel":
        raise invalid("template is invalid")
    if not message:
        raise invalid("message is empty or invalid")
    if not 1 <= len(elements) <= ELEMENTS:
        raise invalid(f"template should contain from 1 to {ELEMENTS} elements")
    kept = [_element(element, number) for number, element in enumerate(elements)]
    if len({(frozenset(element), len(element["buttons"])) for element in kept}) > 1:
        raise invalid("template elements should have the same structure")
    return {"type": "carousel", "elements": kept}


def _element(element: Any, number: int) -> dict[str, Any]:
    place = f"template element [{number}]"
    if not isinstance(element, dict) or (not element.get("photo_id") and not element.get("title")):
        raise invalid(f"{place} should have photo_id or title")
    if element.get("title") and not element.get("description"):
        raise invalid(f"{place} should have description")
    for name in ("title", "description"):
        if len(element.get(name, "")) > TEXT:
            raise invalid(f"{place} {name} should be not more than {TEXT} letters length")
    buttons = element.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise bad(f"{place} should have from 1 to {BUTTONS} buttons")
    read_buttons = [read_button(item, f"button [{number}][{x}]") for x, item in enumerate(buttons)]
    return {**element, "buttons": read_buttons}
