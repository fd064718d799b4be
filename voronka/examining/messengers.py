"""The bots in their messengers, through the real clients; what they found, told as lines."""

from __future__ import annotations

from bots.findings import Finding
from bots.hooks import Hook
from flows.project import Bot, Project
from voronka.channels import is_ready
from voronka.examining.lines import Level, Line
from voronka.hooks import url_of
from voronka.settings import Settings

_TOLD: dict[str, tuple[Level, str, str, str, str]] = {
    "account": ("ok", "токен принят: {account}", "the token is accepted: {account}", "", ""),
    "polling": ("ok", "Long Poll включён", "the long poll is on", "", ""),
    "chat": ("ok", "чат {chat} открыт", "the chat {chat} is open", "", ""),
    "package": (
        "error",
        "не установлен пакет {package}",
        "the package {package} is not installed",
        "make setup",
        "make setup",
    ),
    "no_token": (
        "error",
        "это не токен",
        "this is no token",
        "Скопируйте токен целиком: у @BotFather или в «Работа с API» сообщества.",
        "Copy the whole token, from @BotFather or the community's API settings.",
    ),
    "refused": (
        "error",
        "токен не принят ({reason})",
        "the token is refused ({reason})",
        "Выпустите новый токен и впишите в .env.",
        "Make a new token and write it in .env.",
    ),
    "away": (
        "error",
        "мессенджер не отвечает ({reason})",
        "the messenger does not answer ({reason})",
        "Проверьте сеть; если нужен прокси, задайте proxy у бота.",
        "Check the network; where a proxy is needed, set the bot's proxy.",
    ),
    "webhook": (
        "error",
        "события забирает вебхук на {host}",
        "a webhook at {host} takes the events",
        "Снять его и запустить: voronka run --take-webhook.",
        "Remove it and start: voronka run --take-webhook.",
    ),
    "own_webhook": (
        "warning",
        "события всё ещё идут вебхуком на {host}",
        "updates still come by webhook to {host}",
        "voronka run снимет его сам; ждущее сохранится.",
        "voronka run removes it by itself; what waits is kept.",
    ),
    "no_webhook": (
        "warning",
        "вебхук ещё не поставлен",
        "the webhook is not set yet",
        "voronka run поставит его сам.",
        "voronka run sets it by itself.",
    ),
    "hooked": ("ok", "вебхук стоит: {host}", "the webhook stands: {host}", "", ""),
    "unconfirmed": (
        "error",
        "VK не получил подтверждения от адреса вебхука ({status})",
        "VK has no confirmation from the webhook's address ({status})",
        "Запустите Воронку и проверьте public_url, потом: voronka webhook set.",
        "Start Voronka and check public_url, then: voronka webhook set.",
    ),
    "hook_lacks": (
        "warning",
        "вебхук без событий: {events}",
        "the webhook lacks events: {events}",
        "voronka run включит их сам.",
        "voronka run turns them on by itself.",
    ),
    "hook_trouble": (
        "warning",
        "события не доставить: {reason}; ждут: {n}",
        "updates cannot be delivered: {reason}; waiting: {n}",
        "Запущена ли Воронка, ведёт ли на неё прокси (docs/operations.md)?",
        "Does Voronka run, and does the proxy lead to it (docs/operations.en.md)?",
    ),
    "hook_closed": (
        "error",
        "серверы Callback API не открыть ({reason})",
        "the callback servers cannot be had ({reason})",
        "Дайте ключу право на управление сообществом.",
        "Give the key the right to manage the community.",
    ),
    "other_group": (
        "error",
        "ключ сообщества {group}, а в group стоит {meant}",
        "the key is of the community {group}, but group says {meant}",
        "Исправьте group или ключ.",
        "Mend group or the key.",
    ),
    "rights": (
        "error",
        "у ключа нет прав: {rights}",
        "the key lacks rights: {rights}",
        "Создайте ключ с правами на сообщения и управление сообществом.",
        "Make a key with the rights to messages and to manage the community.",
    ),
    "polling_off": (
        "warning",
        "Long Poll выключен или без событий: {events}",
        "the long poll is off or lacks events: {events}",
        "voronka run включит его сам.",
        "voronka run turns it on by itself.",
    ),
    "polling_closed": (
        "error",
        "Long Poll не открыть ({reason})",
        "the long poll cannot be had ({reason})",
        "Дайте ключу право на управление сообществом.",
        "Give the key the right to manage the community.",
    ),
    "chat_unknown": (
        "warning",
        "чат {chat} не проверен ({reason})",
        "the chat {chat} could not be looked at ({reason})",
        "Повторите позже.",
        "Try again later.",
    ),
    "chat_closed": (
        "error",
        "в чат {chat} не написать ({reason})",
        "the chat {chat} cannot be written to ({reason})",
        "Добавьте туда бота или исправьте номер в teams → notify или alerts; его скажет /id в чате.",
        "Add the bot there or mend teams → notify or alerts; /id in the chat tells its number.",
    ),
}


async def examine(project: Project, settings: Settings, seconds: float = 5) -> list[Line]:
    """What the messengers say of every bot whose token is set, and of the teams' chats."""
    lines = []
    for bot in project.bots.values():
        if bot.channel not in {"telegram", "vk"} or not is_ready(bot, settings):
            continue
        # a lead's card goes by the bot that its prospect talks to: each must be in the chat
        chats = [*_chats(project, bot.channel), *_owners(project, settings, bot)]
        try:
            hook = Hook(bot.name, url_of(project, bot), on=bot.updates == "webhook")
            found = await _examined(bot, hook, settings, list(dict.fromkeys(chats)), seconds)
        except ImportError as missing:
            found = [Finding("package", {"package": str(missing.name).split(".")[0]})]
        lines += [_line(bot, each) for each in found]
    return lines


def _chats(project: Project, channel: str) -> list[str]:
    named = (getattr(team.notify, channel, "") for team in project.teams.values())
    return list(dict.fromkeys(each for each in named if each))


def _owners(project: Project, settings: Settings, bot: Bot) -> tuple[str, ...]:
    """The owner's chats that the bot tells: the one that is named does, else the channel's first."""
    named = project.bots.get(project.alerts.bot)
    ready = [one for one in project.bots.values() if is_ready(one, settings)]
    of_channel = [one for one in ready if one.channel == bot.channel]
    teller = named if named in of_channel else next(iter(of_channel), None)
    return project.alerts.on(bot.channel) if teller is bot else ()


async def _examined(
    bot: Bot, hook: Hook, settings: Settings, chats: list[str], seconds: float
) -> list[Finding]:
    token = settings.read(bot.token).reveal()
    api_url, proxy = settings.read(bot.api_url).reveal(), settings.read(bot.proxy).reveal()
    if bot.channel == "telegram":
        from bots.telegram import examining as telegram

        return await telegram.examine(
            token, chats, hook=hook, api_url=api_url, proxy=proxy, seconds=seconds
        )
    from bots.vk import examining as vk

    return await vk.examine(
        token, chats, group=bot.group, hook=hook, api_url=api_url, proxy=proxy, seconds=seconds
    )


def _line(bot: Bot, finding: Finding) -> Line:
    level, ru, en, mend_ru, mend_en = _TOLD[finding.kind]
    facts = finding.facts
    told_ru = f"Бот «{bot.name}»: {ru.format(**facts)}".rstrip()
    told_en = f"The bot “{bot.name}”: {en.format(**facts)}".rstrip()
    return Line(level, told_ru, told_en, mend_ru, mend_en)
