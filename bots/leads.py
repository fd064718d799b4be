"""Leads: captured into rows, shown to the team as cards, taken by the first manager who presses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bots.cards import Card, card_message, note_message, word
from bots.clocks import moment_of
from bots.house import Station
from bots.passing import fresh_files, passed_file
from bots.stock import ANSWERS, Lead
from bots.team_calls import change, chats, prospect, show, tell
from flows import effects
from flows.markup import RichText
from flows.messages import Message, message_to_json
from flows.sent import Kept, titles_of
from storage import leads
from storage.outbox import Lane

if TYPE_CHECKING:
    from bots.managers import Verdict
    from bots.scribe import Scribe
    from bots.turns import Played
    from flows.project import Team


def capture(scribe: Scribe, played: Played, effect: effects.CaptureLead) -> None:
    """One lead a run and title: a repeat updates it, and edits its cards (R48)."""
    run_id = scribe.run_id(played, effect.run)
    assert run_id is not None
    row_id = next(scribe.stock.numbers.leads)
    told = _told(scribe, played, effect)
    lead = _find(scribe, run_id, effect.title)
    told["passed"] = lead.told.get("passed", []) if lead is not None else []
    fresh = fresh_files(told, effect.files)
    if lead is None:
        lead = Lead(row_id, run_id, effect.title, effect.team, told)
        scribe.stock.leads.setdefault(scribe.person_id, []).append(lead)
    lead.team, lead.told, lead.priority = effect.team, told, effect.priority
    lead.value, lead.source = effect.value, effect.source
    scribe.ledger.leads += leads.capture(
        [
            {
                "id": row_id,
                "uid": scribe.house.seal.mac(f"lead:{row_id}", 16),
                "person_id": scribe.person_id,
                "run_id": run_id,
                "title": effect.title,
                "team": effect.team,
                "captured_us": scribe.now_us,
                "priority": effect.priority,
                "value": effect.value,
                "answers_sealed": scribe.house.seal.seal_json(ANSWERS, told),
                "source": effect.source,
            }
        ]
    )
    kind = "lead" if effect.revision == 1 else "lead_updated"
    scribe.journal(kind, run_id=run_id, lead_id=lead.id, option=effect.title)
    _show(scribe, played, lead)
    _pass_on(scribe, played, lead, fresh)


def _pass_on(scribe: Scribe, played: Played, lead: Lead, files: list[Kept]) -> None:
    """The files that came with the lead, after its card, in each of the team's chats."""
    home = scribe.station(played)
    who = prospect(scribe, played).name or word("nameless", str(lead.told["language"]))
    for station, chat in chats(scribe, home, home.bundle.teams.get(lead.team)):
        for file in files:
            told = passed_file(played, home, station, file)
            if told is not None:
                titles = titles_of([file], str(lead.told["language"]))
                message = message_to_json(Message(RichText.of(f"{who} · {titles}")))
                sealed = scribe.payload({"message": message, "file": told})
                scribe.call(station.id, chat, Lane.TEAM, payload_sealed=sealed)


def _told(scribe: Scribe, played: Played, effect: effects.CaptureLead) -> dict[str, Any]:
    """What ``answers_sealed`` holds: the answers and what the card needs to be drawn again."""
    assert played.identity is not None
    bundle = scribe.station(played).bundle
    runs = scribe.outcome.runs[played.identity.id]
    run = next(run for run in runs if run.number == effect.run)
    program = bundle.program(run.funnel, run.program)
    fields = program.funnel.fields if program else {}
    return {
        "answers": [list(answer) for answer in effect.answers],
        "phones": [name for name, spec in fields.items() if spec.type == "phone"],
        "link": effect.link,
        "zone": effect.zone,
        "zone_known": bool(scribe.outcome.person.zone),
        "at_us": scribe.now_us,
        "times": effect.revision,
        "language": program.funnel.language if program else scribe.station(played).language,
    }


def _find(scribe: Scribe, run_id: int, title: str) -> Lead | None:
    known = scribe.stock.leads.get(scribe.person_id, ())
    return next((one for one in known if (one.run_id, one.title) == (run_id, title)), None)


def _show(scribe: Scribe, played: Played, lead: Lead) -> None:
    """The card in each of the team's chats: a new one, or the old one edited."""
    home = scribe.station(played)
    team = home.bundle.teams.get(lead.team)
    for station, chat in chats(scribe, home, team):
        shown = [
            message_id
            for (bot_id, written), message_id in lead.shown.items()
            if bot_id == station.id and station.chat(written) == chat
        ]
        message = _card(scribe, played, lead, team)
        if shown:
            change(scribe, played, (station, chat), shown[0], message)
        else:
            _send(scribe, lead, station, chat, message)


def _send(scribe: Scribe, lead: Lead, station: Station, chat: str, message: Message) -> None:
    message_id = show(scribe, (station, chat), message, f"card:{lead.id}", lead_id=lead.id)
    lead.shown[station.id, chat] = message_id
    scribe.ledger.cards.append(
        {"lead_id": lead.id, "bot_id": station.id, "chat": chat, "revision": lead.told["times"]}
    )


def judged(scribe: Scribe, played: Played) -> str:
    """What a manager did with the lead is stored, and its cards show it; the team's language."""
    verdict = played.verdict
    station = scribe.house.stations[played.item.bot_id]
    lead_id = verdict.lead or (played.item.pressed.lead_id if played.item.pressed else None)
    known = scribe.stock.leads.get(scribe.person_id, ())
    lead = next((one for one in known if one.id == lead_id), None)
    if lead is None:
        return station.language
    if verdict.lead:
        _move(scribe, lead, verdict)
        team = station.bundle.teams.get(lead.team)
        for (bot_id, written), message_id in lead.shown.items():
            shown = scribe.house.stations.get(bot_id)
            if shown is not None:
                message = _card(scribe, played, lead, team)
                change(scribe, played, (shown, shown.chat(written)), message_id, message)
    return str(lead.told.get("language") or station.language)


def _move(scribe: Scribe, lead: Lead, verdict: Verdict) -> None:
    """The lead gets its new status, and its manager or none."""
    taken = verdict.status == "taken" and not lead.manager
    lead.status = verdict.status
    if taken:
        lead.manager, lead.taken_us = verdict.manager, scribe.now_us
        scribe.ledger.leads += leads.take(lead.id, verdict.manager, scribe.now_us)
    elif verdict.status == "new":
        lead.manager, lead.taken_us = "", None
        scribe.ledger.leads += leads.release(lead.id)
    else:
        scribe.ledger.leads += leads.set_status(lead.id, verdict.status)
    kind = "taken" if taken else f"lead_{verdict.status}"
    scribe.journal(kind, run_id=lead.run_id, lead_id=lead.id, option=verdict.manager)


def notify(scribe: Scribe, played: Played, effect: effects.Notify) -> None:
    """Tell the team's chats something about the person."""
    home = scribe.station(played)
    team = home.bundle.teams.get(effect.team)
    message = note_message(effect.text, prospect(scribe, played), home.language)
    for station, chat in chats(scribe, home, team):
        tell(scribe, station, chat, message)


def _card(scribe: Scribe, played: Played, lead: Lead, team: Team | None) -> Message:
    told = lead.told
    station = next(iter(scribe.house.stations.values()))
    card = Card(
        title=lead.title,
        prospect=prospect(scribe, played),
        answers=tuple((name, label, shown) for name, label, shown in told.get("answers", ())),
        at=moment_of(int(told.get("at_us", scribe.now_us))),
        team_zone=station.bundle.timezone,
        zone=str(told.get("zone", "")),
        zone_known=bool(told.get("zone_known", True)),
        priority=lead.priority,
        value=lead.value,
        source=lead.source,
        link=str(told.get("link", "")),
        times=int(told.get("times", 1)),
        phones=tuple(told.get("phones", ())),
        mask_phone=team.mask_phone if team else "never",
        manager=lead.manager,
        taken=None if lead.taken_us is None else moment_of(lead.taken_us),
        status=lead.status,
        language=str(told.get("language") or station.language),
    )
    return card_message(card, lead.id)
