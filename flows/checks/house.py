"""The project file: its bots, secrets, documents and teams, and the funnels it plays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from flows.checks.entries import overlaps
from flows.checks.subject import at
from flows.checks.teams import told
from flows.nodes.base import Step
from flows.nodes.consent import Consent
from flows.problems import Problem, closest, problem
from flows.program import Program
from flows.project import Project

VARIABLE = re.compile(r"\$[A-Z_][A-Z0-9_]*")
PASSWORD_INSIDE = re.compile(r"://[^/@\s]*:[^/@\s]+@")


@dataclass(frozen=True)
class House:
    """A project with the funnels that could be read and the names of all its files."""

    project: Project
    programs: dict[str, Program]
    files: Collection[str]

    @property
    def funnel_files(self) -> list[str]:
        """The files of funnels, the broken ones too."""
        endings = (".yaml", ".yml")
        return [
            name for name in self.files if name.startswith("funnels/") and name.endswith(endings)
        ]


def unknown_funnels(house: House) -> Iterator[Problem]:
    """A bot plays funnels that exist; while a file cannot be read nothing is said of its name."""
    if len(house.funnel_files) > len(house.programs):
        return
    for bot in house.project.bots.values():
        for name in bot.funnels:
            if name not in house.programs:
                close = closest(name, house.programs)
                yield problem("unknown-funnel", at(bot, "funnels", name), name=name, close=close)


def no_funnels(house: House) -> Iterator[Problem]:
    """There is something to play."""
    if not house.funnel_files:
        yield problem("no-funnels", house.project.mark)


def unused_funnels(house: House) -> Iterator[Problem]:
    """Every funnel is played by a bot."""
    played = {name for bot in house.project.bots.values() for name in bot.funnels}
    for name, program in house.programs.items():
        if name not in played:
            yield problem("funnel-unused", at(program.funnel, "funnel"), name=name)


def bots_without_group(house: House) -> Iterator[Problem]:
    """A VK bot knows its community."""
    for bot in house.project.bots.values():
        if bot.channel == "vk" and not bot.group:
            yield problem("bot-without-group", bot.mark, bot=bot.name)


def bots_without_funnels(house: House) -> Iterator[Problem]:
    """Every bot has something to play."""
    for bot in house.project.bots.values():
        if not bot.funnels:
            yield problem("bot-without-funnels", bot.mark, bot=bot.name)


def overlapping_funnels(house: House) -> Iterator[Problem]:
    """No two funnels of a bot answer the same message."""
    for bot in house.project.bots.values():
        played = [house.programs[name] for name in bot.funnels if name in house.programs]
        for index, program in enumerate(played):
            own = {entry.mark for entry in program.funnel.entry}
            earlier = [entry for each in played[:index] for entry in each.funnel.entry]
            for found in overlaps([*earlier, *program.funnel.entry]):
                other = dict(found.params)["other"]
                if found.mark in own and other not in set(map(str, own)):
                    yield found


def secrets_in_file(house: House) -> Iterator[Problem]:
    """Tokens and passwords are named, and kept elsewhere."""
    project = house.project
    for bot in project.bots.values():
        for key in ("token", "secret"):
            value = getattr(bot, key)
            if value and not VARIABLE.fullmatch(value):
                yield problem("secret-in-file", at(bot, key))
        if PASSWORD_INSIDE.search(bot.proxy):
            yield problem("secret-in-file", at(bot, "proxy"))
    for rules in (project.http, project.events):
        if rules.secret and not VARIABLE.fullmatch(rules.secret):
            yield problem("secret-in-file", at(rules, "secret"))
    if PASSWORD_INSIDE.search(project.database):
        yield problem("secret-in-file", at(project, "database"))


def missing_documents(house: House) -> Iterator[Problem]:
    """A document's text is where the project says it is."""
    for document in house.project.documents.values():
        if document.file and document.file not in house.files:
            yield problem("document-missing", at(document, "file"), file=document.file)


def unpublished_documents(house: House) -> Iterator[Problem]:
    """People can read what they agree to."""
    asked = {step.consent for step in _steps(house, Consent)}
    for name, document in house.project.documents.items():
        if name in asked and not document.url:
            yield problem("consent-not-published", document.mark, document=name)


def teams_without_chat(house: House) -> Iterator[Problem]:
    """A team that gets leads, words or conversations can be told of them."""
    named = {found[1] for step in _steps(house, Step) if (found := told(step)) is not None}
    for name, team in house.project.teams.items():
        if name in named and not (team.notify.telegram or team.notify.vk):
            where = at(house.project, "teams", name)
            yield problem("team-without-chat", where, name=name)


def unknown_heads(house: House) -> Iterator[Problem]:
    """Whom a team passes a lead on to is a team."""
    teams = house.project.teams
    for team in teams.values():
        if team.then and team.then not in teams:
            close = closest(team.then, teams)
            yield problem("unknown-team", at(team, "then"), name=team.then, close=close)


def _steps(house: House, kind: type[Step]) -> Iterator[Any]:
    for program in house.programs.values():
        for laid in program.steps.values():
            if isinstance(laid.step, kind):
                yield laid.step
