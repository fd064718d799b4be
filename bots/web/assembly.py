"""The web chat put together with the runtime: the same ingest, the same keys, the same clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bots import inbox
from bots.channel import Arrival, Batch
from bots.house import House, Station
from bots.web.bells import Bells
from bots.web.chat import WebChat
from bots.web.clicks import Clicks
from bots.web.documents import WebDocument
from bots.web.pages import WebBot
from bots.web.transcripts import said
from flows.nodes.message_keys import MessageStep
from flows.program import Bundle


def web_chat(
    house: House,
    bells: Bells,
    *,
    funnels: Path,
    documents: Mapping[str, WebDocument] | None = None,
) -> WebChat:
    """The chats of the house's web bots, which stand in it already.

    ``bells`` are those that the bots' channels show their calls to, ``funnels`` is the folder that
    media paths start from.
    """

    async def ingest(bot: WebBot, arrival: Arrival) -> None:
        await inbox.store(house, house.stations[bot.id], Batch((arrival,)))

    chat = WebChat(
        house.database,
        house.clock.now,
        (),
        ingest=ingest,
        read=lambda row, edit: said(house.seal, row, edit),
        follow=Clicks(house).follow,
        bells=bells,
        public_url=house.public_url,
        documents=documents,
        vault=house.vault,
    )
    look_again(chat, house, funnels)
    return chat


def look_again(chat: WebChat, house: House, funnels: Path) -> None:
    """Take the titles and files of the funnels that the house plays now (after a change of them)."""
    stations = [station for station in house.stations.values() if station.kind == "web"]
    chat.bots = {station.name: _bot(station) for station in stations}
    chat.media = {path: funnels / path for each in stations for path in media_of(each.bundle)}


def media_of(bundle: Bundle) -> set[str]:
    """The files that the bundle's messages name, also those of versions that people still walk."""
    programs = [*bundle.programs.values(), *bundle.older.values()]
    steps = [laid.step for program in programs for laid in program.steps.values()]
    return {
        media.path for step in steps if isinstance(step, MessageStep) for media in step.files()
    }


def _bot(station: Station) -> WebBot:
    """The bot with the title and language of the first funnel that may begin."""
    first = next(iter(station.bundle.programs.values()), None)
    if first is None:
        return WebBot(station.id, station.name, station.name)
    return WebBot(
        station.id, station.name, first.funnel.title or station.name, first.funnel.language
    )
