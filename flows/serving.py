"""Service words that wait for their turn: «мои данные», «удалите мои данные»."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows import effects, events
from flows.filters import format_moment
from flows.marking import shown
from flows.markup import RichText
from flows.matching import ERASE, MY_DATA, command, service_word
from flows.messages import Message
from flows.phrases import phrase
from flows.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flows.events import Event
    from flows.scene import Scene, Turn

PREVIEW = "preview"
"""The command that shows a letter to a tester; what a button under it does: nothing."""
_WORDS = {
    "name": ("Имя", "Name"),
    "username": ("Имя в мессенджере", "Username"),
    "phone": ("Телефон", "Phone"),
    "zone": ("Часовой пояс", "Time zone"),
    "tags": ("Метки", "Tags"),
    "source": ("Откуда вы пришли", "Where you came from"),
    "leads": ("Заявки", "Requests"),
    "given": ("дано {moment}, версия {version}", "given {moment}, version {version}"),
    "refused": ("не дано {moment}", "refused {moment}"),
    "withdrawn": ("отозвано {moment}", "withdrawn {moment}"),
    "erase": ("Просит удалить свои данные.", "Asks to erase their data."),
}


def bot_phrase(turn: Turn, name: str, **params: str) -> str:
    """A phrase outside any run: in the words of the newest run, else of the bot's first funnel."""
    scenes: list[Scene] = turn.scenes()
    programs = list(turn.bundle.programs.values())
    funnel = scenes[-1].program.funnel if scenes else programs[0].funnel if programs else None
    own: Mapping[str, str] = funnel.phrases if funnel else {}
    return phrase(name, funnel.language if funnel else "ru", own, **params)


def bot_says(turn: Turn, text: RichText) -> None:
    """Say it outside any run."""
    turn.do(effects.Say(turn.number(), Message(text), "reply"))


def served(turn: Turn, text: str) -> bool:
    """Whether the whole message is a service word, and was answered."""
    word = service_word(text)
    if word == MY_DATA:
        _show_data(turn)
    elif word == ERASE:
        _open_erasure(turn)
    else:
        return False
    return True


def asked_by_tester(text: str) -> Event | None:
    """What a tester's message asks of the bot itself; None when it is like anybody's."""
    name, argument = command(text) or ("", "")
    if name == "reset" and not argument:
        return events.ResetAsked()
    return events.PreviewAsked(argument) if name == PREVIEW else None


def _show_data(turn: Turn) -> None:
    lines = list(_stored(turn))
    turn.do(effects.Note("data_shown"))
    head = bot_phrase(turn, "my_data" if lines else "my_data_none")
    bot_says(turn, RichText.of("\n".join([head, *lines])))


def _open_erasure(turn: Turn) -> None:
    """The request stands in the journal, and a team is told of it."""
    turn.do(effects.Note("erasure_requested"))
    scenes = [scene for run in turn.conversation.runs if (scene := turn.scene(run))]
    if scenes and turn.bundle.teams:
        team = next(iter(turn.bundle.teams))
        words = _word("erase", scenes[-1].language)
        turn.do(effects.Notify(scenes[-1].run.number, team, words))
    bot_says(turn, RichText.of(bot_phrase(turn, "erasure")))


def _word(name: str, language: str) -> str:
    return _WORDS[name][0 if language == "ru" else 1]


def _stored(turn: Turn) -> Iterator[str]:
    """All that is stored of the person, a line each."""
    scenes = [scene for run in turn.conversation.runs if (scene := turn.scene(run))]
    language = scenes[-1].language if scenes else "ru"
    person = turn.conversation.person
    about = {
        "name": " ".join(filter(None, (person.first_name, person.last_name))),
        "username": person.username,
        "phone": person.phone,
        "zone": person.zone,
        "tags": ", ".join(person.tags),
    }
    yield from (f"{_word(name, language)}: {value}" for name, value in about.items() if value)
    yield from _consents(turn, language)
    newest = {scene.run.funnel: scene for scene in scenes}
    for scene in newest.values():
        yield from _of_run(scene)


def _consents(turn: Turn, language: str) -> Iterator[str]:
    for name, consent in turn.conversation.person.consents.items():
        document = turn.bundle.documents.get(name)
        moment = datetime.fromtimestamp(consent.at_us / 1_000_000, UTC)
        said = format_moment(moment, "dd.MM.yyyy", language)
        words = _word(consent.action, language).format(moment=said, version=consent.version)
        yield f"{document.title if document else name}: {words}"


def _of_run(scene: Scene) -> Iterator[str]:
    run, funnel = scene.run, scene.program.funnel
    for name, stored in run.fields.items():
        spec = funnel.fields.get(name)
        value = shown(scene.program, name, stored)
        if value not in (None, "", []):
            label = (spec.label if spec else "") or name
            yield f"{label}: {show(value, funnel.language, scene.zone)}"
    if run.source:
        yield f"{_word('source', funnel.language)}: {run.source}"
    if run.leads:
        yield f"{_word('leads', funnel.language)}: {', '.join(run.leads)}"
