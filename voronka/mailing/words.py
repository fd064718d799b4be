"""Broadcasts in words: what a preview tells, how far it is, a line of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bots.broadcast_figures import Figures
from flows.broadcasts.file import Broadcast
from flows.broadcasts.reasons import told
from flows.values import fit_to_show
from voronka.mailing.preview import Preview
from voronka.speech import Speech

_KINDS = {
    "advertising": ("реклама", "advertising"),
    "requested": ("то, что люди просили", "what people asked for"),
    "service": ("служебная", "service"),
}
_ZONES = 4


def preview_lines(
    preview: Preview, broadcast: Broadcast, zone: ZoneInfo, say: Speech
) -> Iterator[str]:
    """What a person reads before they say yes."""
    kind = say(*_KINDS[broadcast.kind])
    yield say(
        f"Рассылка «{broadcast.broadcast}»: {kind}", f"Broadcast “{broadcast.broadcast}”: {kind}"
    )
    yield say(f"Подходят: {preview.total}", f"Fit: {preview.total}")
    yield from _bots(preview, say)
    later, skipped = preview.later.total(), preview.skipped.total()
    yield say(
        f"Получат в срок: {preview.prompt}, позже: {later}, не получат: {skipped}",
        f"In time: {preview.prompt}, later: {later}, not at all: {skipped}",
    )
    if later:
        yield say("  позже: ", "  later: ") + by_reason(preview.later, say)
    if skipped:
        yield say("  не получат: ", "  not at all: ") + by_reason(preview.skipped, say)
    yield from _moments(preview, broadcast, zone, say)
    if preview.sample is not None:
        yield say("Так это выглядит (*** — у каждого своё):", "It looks so (*** differs):")
        yield from (f"  │ {fit_to_show(line)}" for line in preview.sample.text.splitlines())
        yield from (f"  [ {fit_to_show(label)} ]" for label in preview.sample.buttons)


def _bots(preview: Preview, say: Speech) -> Iterator[str]:
    for bot in dict.fromkeys(bot for bot, _ in sorted(preview.people)):
        zones = Counter({zone: n for (of, zone), n in preview.people.items() if of == bot})
        named = [
            f"{zone or say('пояс не известен', 'zone not known')} {n}"
            for zone, n in zones.most_common(_ZONES)
        ]
        rest = zones.total() - sum(n for _, n in zones.most_common(_ZONES))
        named += [say(f"другие {rest}", f"others {rest}")] if rest else []
        yield f"  {bot} ({preview.channels[bot]}): {zones.total()} — {' · '.join(named)}"


def _moments(preview: Preview, broadcast: Broadcast, zone: ZoneInfo, say: Speech) -> Iterator[str]:
    if preview.first is None or preview.final is None or not preview.reached:
        return
    first, final = clock(preview.first, zone), clock(preview.final, zone)
    if first == final:
        yield say(f"Начнётся: {first} ({zone.key})", f"Begins: {first} ({zone.key})")
    else:
        ru = f"По часам каждого: первые в {first}, последние в {final} ({zone.key})"
        en = f"By everybody's own clock: first at {first}, last at {final} ({zone.key})"
        yield say(ru, en)
    length = span(preview.seconds(broadcast.rate), say)
    yield say(f"Отправка займёт {length}", f"Sending takes {length}")


def span(seconds: float, say: Speech) -> str:
    """A length of time, roughly."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return say("меньше минуты", "less than a minute")
    if minutes < 120:
        return say(f"около {minutes} мин", f"about {minutes} min")
    return say(f"около {round(minutes / 60)} ч", f"about {round(minutes / 60)} h")


def by_reason(counts: Mapping[str, int], say: Speech) -> str:
    """Reasons with their numbers, the greatest first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{told(reason, say.language)} {n}" for reason, n in ordered)


def progress_line(figures: Figures, say: Speech) -> str:
    """How far it is, in a line."""
    left = say(f", осталось {figures.left}", f", {figures.left} left") if figures.left else ""
    return say(
        f"отправлено {figures.sent} из {figures.recipients}{left}",
        f"sent {figures.sent} of {figures.recipients}{left}",
    )


def figure_lines(figures: Figures, say: Speech) -> Iterator[str]:
    """All figures: together they are everybody on the list."""
    yield say(f"В списке: {figures.recipients}", f"On the list: {figures.recipients}")
    rows = (
        ("отправлено", "sent", figures.sent),
        ("бот заблокирован", "the bot is blocked", figures.blocked),
        ("не принято мессенджером", "refused by the messenger", figures.failed),
        ("неизвестно, дошло ли", "perhaps delivered, not repeated", figures.doubtful),
        ("ещё не дошла очередь", "still to come", figures.left),
    )
    for ru, en, number in rows:
        if number or en == "sent":
            yield f"  {say(ru, en)}: {number}"
    for reason, number in figures.skipped.most_common():
        yield f"  {say('пропущено', 'skipped')}, {told(reason, say.language)}: {number}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """The moment on the project's clock."""
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"
