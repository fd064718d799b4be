"""``voronka webhook set|info|delete``: the webhooks at the messengers, told as lines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from bots.channel import CallFailed, Conflict
from bots.hooks import HookState, Webhook
from bots.uploads import RememberedUploads
from flows.project import Bot, Project
from storage.seal import Seal
from voronka.channels import client_of, is_ready
from voronka.databases import seal_of
from voronka.hooks import HOOKED, Hooks, webhook_of
from voronka.projects import open_project
from voronka.settings import Settings, read_settings
from voronka.speech import OK, WRONG, Mistake, Speech


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a bot's webhook: a line, and the figures behind it."""

    bot: str
    ru: str
    en: str
    fine: bool = True
    state: HookState | None = None


Act = Callable[[Bot, Webhook], Awaitable[Told]]


def set_all(
    names: Sequence[str], folder: Path | None, env_file: Path | None, *, say: Speech
) -> int:
    """Tell the messengers to bring updates here; 1 when one of them did not agree."""
    place = _Place.of(folder, env_file)
    bots = place.chosen(names)
    polling = [bot.name for bot in bots if bot.updates != "webhook"]
    hooked = [bot for bot in bots if bot.updates == "webhook"]
    if polling and names:
        raise Mistake(
            f"Бот «{polling[0]}» ждёт событий сам: напишите ему в voronka.yaml updates: webhook.",
            f"The bot “{polling[0]}” polls: write updates: webhook for it in voronka.yaml.",
        )
    if not hooked:
        raise Mistake(
            "Ни у одного бота нет updates: webhook с заданным токеном.",
            "No bot whose token is set has updates: webhook.",
        )
    code = _shown(asyncio.run(place.each(hooked, _set)), say)
    if code != OK:
        ru = "Воронка запущена и видна по public_url? VK спрашивает её о подтверждении."
        en = "Does Voronka run, and does public_url lead to it? VK asks it to confirm."
        typer.echo(say(ru, en), err=True)
    return code


def show_all(
    names: Sequence[str], folder: Path | None, env_file: Path | None, *, as_json: bool, say: Speech
) -> int:
    """Tell where updates go; 1 when that is not what the project says."""
    place = _Place.of(folder, env_file)
    found = asyncio.run(place.each(place.chosen(names), _looked))
    if as_json:
        typer.echo(json.dumps([_fields(place, each, say) for each in found], ensure_ascii=False))
        return OK if all(each.fine for each in found) else WRONG
    return _shown(found, say)


def delete_all(
    names: Sequence[str], folder: Path | None, env_file: Path | None, *, say: Speech
) -> int:
    """Remove our webhooks and keep what waits; 1 when a messenger did not answer."""
    place = _Place.of(folder, env_file)
    bots = place.chosen(names)
    code = _shown(asyncio.run(place.each(bots, _deleted)), say)
    again = ", ".join(bot.name for bot in bots if bot.updates == "webhook")
    if again:
        ru = f"В voronka.yaml у {again} стоит updates: webhook: voronka run поставит их снова."
        en = f"voronka.yaml says updates: webhook for {again}: voronka run will set them again."
        typer.echo(say(ru, en))
    return code


async def _set(bot: Bot, webhook: Webhook) -> Told:
    try:
        state = await webhook.stand(consent=False, anew=True)
    except Conflict:
        return _foreign(bot, await webhook.look())
    ru, en = f"вебхук стоит: {state.host}", f"the webhook stands: {state.host}"
    return Told(bot.name, ru, en, state=state)


async def _deleted(bot: Bot, webhook: Webhook) -> Told:
    if await webhook.fall():
        return Told(
            bot.name, "вебхук снят, ждущее сохранено", "the webhook is removed, nothing dropped"
        )
    state = await webhook.look()
    if state.host:
        return _foreign(bot, state)
    return Told(bot.name, "вебхука нет", "there is no webhook", state=state)


def _foreign(bot: Bot, state: HookState) -> Told:
    ru = f"чужой вебхук на {state.host}: снимет voronka run --take-webhook"
    en = f"a foreign webhook at {state.host}: voronka run --take-webhook removes it"
    return Told(bot.name, ru, en, fine=False, state=state)


async def _looked(bot: Bot, webhook: Webhook) -> Told:
    state = await webhook.look()
    wanted = bot.updates == "webhook"
    fine = (state.ours if wanted else not state.host) and not state.lacking
    fine = fine and state.status in ("", "ok")
    return Told(bot.name, *_words(state, wanted=wanted), fine=fine, state=state)


def _words(state: HookState, *, wanted: bool) -> tuple[str, str]:
    """How it stands and whether that is what the project says, in two languages."""
    whose = ("наш", "ours") if state.ours else ("чужой", "foreign")
    ru = f"вебхук: {state.host} ({whose[0]})" if state.host else "вебхука нет"
    en = f"webhook: {state.host} ({whose[1]})" if state.host else "no webhook"
    if wanted != state.ours:
        meant = "webhook" if wanted else "polling"
        ru, en = f"{ru}, а в проекте updates: {meant}", f"{en}, but the project says {meant}"
    if state.status:
        ru, en = f"{ru}; VK: {state.status}", f"{en}; VK: {state.status}"
    if state.pending:
        ru, en = f"{ru}; ждут: {state.pending}", f"{en}; waiting: {state.pending}"
    if state.lacking:
        listed = ", ".join(state.lacking)
        ru, en = f"{ru}; не включены: {listed}", f"{en}; not switched on: {listed}"
    if state.trouble:
        ru, en = f"{ru}; последняя ошибка: {state.trouble}", f"{en}; last error: {state.trouble}"
    return ru, en


def _shown(found: Sequence[Told], say: Speech) -> int:
    for each in found:
        typer.echo(f"{each.bot}: {say(each.ru, each.en)}", err=not each.fine)
    return OK if all(each.fine for each in found) else WRONG


def _fields(place: _Place, told: Told, say: Speech) -> dict[str, Any]:
    state = told.state or HookState()
    return {
        "bot": told.bot,
        "updates": place.project.bots[told.bot].updates,
        "host": state.host,
        "ours": state.ours,
        "pending": state.pending,
        "status": state.status,
        "last_error": state.trouble,
        "last_error_at": state.trouble_at,
        "lacking": list(state.lacking),
        "fine": told.fine,
        "text": say(told.ru, told.en),
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """The project with what its bots' clients need."""

    project: Project
    settings: Settings
    seal: Seal
    media: Path

    @classmethod
    def of(cls, folder: Path | None, env_file: Path | None) -> _Place:
        opened = open_project(folder)
        project = opened.loaded.project
        if project is None or opened.loaded.errors:
            raise Mistake(
                "В проекте есть ошибки: что исправить, покажет «voronka check».",
                "The project has errors: `voronka check` shows what to mend.",
            )
        settings = read_settings(opened.folder, env_file)
        return cls(project, settings, seal_of(settings), opened.folder / "funnels")

    def chosen(self, names: Sequence[str]) -> list[Bot]:
        """The bots of those names, else all whose token is set."""
        ready = [
            bot
            for bot in self.project.bots.values()
            if bot.channel in HOOKED and is_ready(bot, self.settings)
        ]
        unknown = [name for name in names if name not in {bot.name for bot in ready}]
        if unknown:
            raise Mistake(
                f"Бота «{unknown[0]}» в Telegram или VK нет, или его токен не задан.",
                f"There is no bot “{unknown[0]}” on Telegram or VK, or its token is not set.",
            )
        return [bot for bot in ready if not names or bot.name in names]

    async def each(self, bots: Sequence[Bot], act: Act) -> list[Told]:
        """What came of every bot, one after another."""
        return [await self._one(bot, act) for bot in bots]

    async def _one(self, bot: Bot, act: Act) -> Told:
        client = client_of(bot, self.settings, self.media, RememberedUploads())
        hook = Hooks(self.project, self.settings, self.seal).hook(bot)
        try:
            return await act(bot, webhook_of(hook, bot, client))
        except CallFailed as failed:
            return Told(bot.name, f"не вышло ({failed})", f"failed ({failed})", fine=False)
        finally:
            await client.close()
