"""The project: its files, what they need from the environment, its documents."""

from __future__ import annotations

from pathlib import Path

from flows.loading import Loaded
from flows.project import Project
from voronka.channels import is_ready
from voronka.examining.lines import Level, Line, fine
from voronka.hooks import secret_fault
from voronka.settings import Settings
from voronka.speech import Mistake


def files(loaded: Loaded) -> Line:
    """The checker's verdict in a line."""
    warnings = sum(problem.warning for problem in loaded.problems)
    ru = f"Файлы: ошибок {len(loaded.errors)}, предупреждений {warnings}"
    en = f"Files: errors {len(loaded.errors)}, warnings {warnings}"
    mend = ("voronka check покажет, что исправить.", "voronka check shows what to mend.")
    if loaded.errors:
        return Line("error", ru, en, *mend)
    return Line("warning", ru, en, *mend) if warnings else fine(ru, en)


def keys(project: Project, settings: Settings) -> list[Line]:
    """The names of the project that nobody set."""
    lines = []
    # the others start without it; with none left nothing does
    level: Level = "error"
    if any(is_ready(bot, settings) for bot in project.bots.values()):
        level = "warning"
    for bot in project.bots.values():
        missing = settings.missing(bot.token, bot.secret, bot.api_url, bot.proxy)
        if missing or not (is_ready(bot, settings) or bot.channel == "terminal"):
            named = ", ".join(missing) or "token"
            lines.append(
                Line(
                    level,
                    f"Бот «{bot.name}»: не задано {named}",
                    f"The bot “{bot.name}”: {named} is not set",
                    "Впишите в .env.",
                    "Write it in .env.",
                )
            )
    faults = (secret_fault(bot, settings) for bot in project.bots.values())
    made = ("Сделать такой: openssl rand -hex 24.", "Make one: openssl rand -hex 24.")
    lines += [Line("error", one.ru, one.en, *made) for one in faults if one is not None]
    rest = settings.missing(project.database, project.listen)
    for name in rest:
        ru, en = f"Не задано {name}", f"{name} is not set"
        lines.append(Line("error", ru, en, "Впишите в .env.", "Write it in .env."))
    return lines or [fine("Всё, что названо через $ИМЯ, задано", "Every $NAME of the bots is set")]


def documents(project: Project, folder: Path) -> list[Line]:
    """Documents without a text and without a link, and files that are not there."""
    lines = []
    for name, document in project.documents.items():
        gone = document.file and not (folder / document.file).is_file()
        if gone or not (document.file or document.url):
            lines.append(
                Line(
                    "error",
                    f"Документ «{name}»: нечего показать человеку",
                    f"The document “{name}” shows people nothing",
                    "Дайте file или url в voronka.yaml.",
                    "Give its file or url in voronka.yaml.",
                )
            )
    return lines


def refused(mistake: Mistake) -> Line:
    """What cannot even be looked at, in the words of the mistake."""
    return Line("error", mistake.ru, mistake.en)
