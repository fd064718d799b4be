"""A person opens a tracked link: its address is taken from the screen and followed over HTTP."""

from urllib.parse import urlsplit

import httpx2
from starlette.applications import Starlette

from bots.runner import Runner
from bots.web.assembly import web_chat
from bots.web.bells import Bells
from bots.web.server import routes
from flows.nodes.say import Say
from flows.program import Bundle
from tests.acceptance.sides import FUNNELS, PUBLIC_URL


def link_of(side, label: str) -> str:
    """The address of the newest link with this label on the side's screen."""
    if side.name == "telegram":
        return side.person.press(label)
    if side.name == "vk":
        return side.people.press(side.group, int(side.sender), label)["link"]
    keys = [key for one in side.shown.values() for row in one.get("rows", ()) for key in row]
    return PUBLIC_URL + [key["href"] for key in keys if "href" in key and key["text"] == label][-1]


def label_of(bundle: Bundle, track: str) -> str:
    """The words of the button whose clicks are counted under the name."""
    steps = [laid.step for program in bundle.programs.values() for laid in program.steps.values()]
    buttons = [button for step in steps if isinstance(step, Say) for button in step.buttons]
    return next(button.text.compiled.literal for button in buttons if button.track == track)


async def follow(runner: Runner, link: str, times: int = 1) -> list[str]:
    """Open the link in a browser; where it leads comes back, once for each time."""
    assert link.startswith(f"{PUBLIC_URL}/r/")
    chat = web_chat(runner.house, Bells(), funnels=FUNNELS)
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(chat)))
    async with httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL) as browser:
        found = [await browser.get(urlsplit(link).path) for _ in range(times)]
    assert {answer.status_code for answer in found} == {302}
    return [answer.headers["location"] for answer in found]
