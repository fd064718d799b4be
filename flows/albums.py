"""Albums: their files come one by one, and all of them are one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import effects
from flows.nodes.ask import Ask
from flows.nodes.team import Lead
from flows.sent import MOST_FILES, Kept, kept, kept_files, names_of

if TYPE_CHECKING:
    from flows.events import FileSent
    from flows.scene import Scene, Turn


def goes_on(turn: Turn, event: FileSent) -> bool:
    """Whether the files belong to an album that was heard already: then they are no new message.

    They are added to the answer that the album began; where it was no answer, only words under a
    later file are heard.
    """
    album = turn.conversation.person.album
    if not event.group:
        return False
    if album.get("group") != event.group:
        turn.conversation.person.album = {"group": event.group}
        return False
    if event.caption and "place" not in album:
        return False
    run = turn.run(album.get("run", 0))
    scene = turn.scene(run) if run is not None else None
    if scene is None or not _added(scene, event, album["place"]):
        turn.do(effects.Note("ignored", reason="an album's next file"))
    return True


def answers(scene: Scene, place: str) -> None:
    """Remember that the album whose file was just taken answers the question of the place."""
    if scene.person.album:
        scene.person.album |= {"run": scene.run.number, "place": place}


def fitting(step: Ask, scene: Scene, event: FileSent) -> list[Kept]:
    """The files of the event that the question asks for, as its field keeps them."""
    fits = getattr(step.answer, "fits", None)
    if fits is None:
        return []
    channel, bot = scene.bundle.channel, scene.bundle.bot
    found = [kept(file, event.caption, channel, bot) for file in event.files if fits(file)]
    return found[:MOST_FILES]


def _added(scene: Scene, event: FileSent, place: str) -> bool:
    address = scene.program.places.get(place)
    step = scene.program.steps[address].step if address else None
    if address is None or not isinstance(step, Ask) or not step.save:
        return False
    old = kept_files(scene.run.fields.get(step.save))
    more = fitting(step, scene, event)
    if not old or not more or len(old) >= MOST_FILES:
        return False
    scene.laid = scene.program.steps[address]
    scene.save(step.save, [*old, *more][:MOST_FILES])
    told = {"value": names_of(more, scene.language)}
    scene.note("answered", place=place, option="value", data=told)
    _update_leads(scene, step.save)
    return True


def _update_leads(scene: Scene, field: str) -> None:
    """A lead captured between two files of the album gets the later one too."""
    for laid in scene.program.steps.values():
        step = laid.step
        if not isinstance(step, Lead) or (step.fields is not None and field not in step.fields):
            continue
        if scene.plain(step.lead) in scene.run.leads:
            scene.laid = laid
            scene.capture_lead(step)
            break
