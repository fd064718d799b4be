"""One turn of a conversation while it is being played: what a step can read and do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows import adverts, asking, booking, effects, freezing, lettering, marking
from flows.answers import Asked
from flows.effects import Effect, Lane
from flows.events import Event, TimerFired
from flows.markup import RichText
from flows.messages import Button, Media, Message, MessageKind
from flows.nodes.base import Move
from flows.nodes.message_keys import MessageStep, SayButton
from flows.nodes.question import Question
from flows.nodes.team import Lead
from flows.phrases import phrase
from flows.program import Bundle, Laid, Program
from flows.state import Conversation, Person, Play, Run
from flows.texts import WrittenCondition, WrittenText, WrittenValue
from flows.values import Frame


@dataclass(slots=True)
class Turn:
    """What one event does to one conversation; every scene of the turn shares it."""

    bundle: Bundle
    conversation: Conversation
    event: Event
    now_us: int
    effects: list[Effect] = field(default_factory=list)
    fields_changed: bool = False
    clockwork: bool = False
    prompt: bool = False
    returned: list[dict[str, Any]] | None = None

    @property
    def now(self) -> datetime:
        """The turn's moment, UTC."""
        return datetime.fromtimestamp(self.now_us / 1_000_000, UTC)

    @property
    def seen(self) -> datetime:
        """The moment that ``late`` compares with: now, or since when the clock saw the timer due."""
        told = self.event.seen_us if isinstance(self.event, TimerFired) else None
        return self.now if told is None else min(self.now, lettering.moment_of(told))

    @property
    def by_clock(self) -> bool:
        """Whether the clock set the turn off, and not the person.

        A short wait still follows from what the person did (``prompt``), an answer from outside
        from what had asked for it (``clockwork``).
        """
        return self.clockwork or (isinstance(self.event, TimerFired) and not self.prompt)

    def number(self) -> int:
        """The next number of the person's counter."""
        self.conversation.person.counter += 1
        return self.conversation.person.counter

    def do(self, effect: Effect) -> None:
        """Ask for an effect."""
        self.effects.append(effect)

    def live_runs(self) -> list[Run]:
        """The runs that live, in the order they began."""
        return [run for run in self.conversation.runs if run.ended_us is None]

    def run(self, number: int) -> Run | None:
        """The run of that number."""
        return next((run for run in self.conversation.runs if run.number == number), None)

    def scene(self, run: Run) -> Scene | None:
        """A scene of the run; None when its program is gone."""
        program = self.bundle.program(run.funnel, run.program)
        return Scene(self, run, program) if program else None

    def scenes(self) -> list[Scene]:
        """A scene of every live run."""
        return [scene for run in self.live_runs() if (scene := self.scene(run))]


@dataclass(slots=True)
class Scene:
    """A run in a turn, with the play and the step that stand on the stage now."""

    turn: Turn
    run: Run
    program: Program
    play: Play | None = None
    laid: Laid | None = None

    @property
    def bundle(self) -> Bundle:
        """The bot's programs and rules."""
        return self.turn.bundle

    @property
    def person(self) -> Person:
        """The person."""
        return self.turn.conversation.person

    @property
    def language(self) -> str:
        """The funnel's language."""
        return self.program.funnel.language

    @property
    def funnel_zone(self) -> ZoneInfo:
        """The funnel's zone."""
        return ZoneInfo(self.program.funnel.timezone or self.bundle.timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The person's zone, or the funnel's until it is known."""
        return ZoneInfo(self.person.zone) if self.person.zone else self.funnel_zone

    @property
    def frame(self) -> Frame:
        """How values look to the person."""
        return Frame(self.language, self.zone, self.person.gender)

    @property
    def asked(self) -> Asked:
        """How and when the person answers: typed dates and times mean what they do there."""
        return Asked(self.language, self.turn.now, self.zone)

    @property
    def place(self) -> str:
        """The name of the step on the stage: its place, else its flow."""
        if self.laid is None:
            return ""
        return self.program.names.get(self.laid.address, self.laid.flow)

    @property
    def default_kind(self) -> MessageKind:
        """The kind of a message that names none."""
        return lettering.kind_by_clock(self) if self.turn.by_clock else "service"

    def context(self) -> dict[str, Any]:
        """Every name that a text or a condition may use."""
        return marking.context(self)

    def render(self, written: WrittenText) -> RichText:
        """The text with its values put in."""
        return written.compiled.render(self._context_for(written), self.frame)

    def plain(self, written: WrittenText) -> str:
        """The text without styles."""
        return written.compiled.words(self._context_for(written), self.frame)

    def _context_for(self, written: WrittenText) -> dict[str, Any]:
        """What the text may read; a text without substitutions reads nothing."""
        return self.context() if written.compiled.literal is None else {}

    def value(self, written: WrittenValue) -> Any:
        """What the template gives: typed when it is exactly one ``{{ … }}``."""
        if written.compiled.single:
            return written.compiled.value(self.context(), self.frame)
        return written.compiled.words(self.context(), self.frame) or None

    def holds(self, condition: WrittenCondition) -> bool:
        """Whether the condition is true now."""
        return condition.compiled.holds(self.context(), self.frame)

    def phrase(self, name: str, **params: str) -> str:
        """A phrase of the bot in the funnel's language."""
        return phrase(name, self.language, self.program.funnel.phrases, **params)

    def note(self, kind: str, *, reason: str = "", place: str = "", **more: Any) -> None:
        """Write a line in the journal."""
        place = place or self.place
        self.turn.do(effects.Note(kind, self.run.number, place, reason=reason, **more))

    def say(
        self, step: MessageStep, written: WrittenText, *, buttons: tuple[Button, ...] = ()
    ) -> None:
        """Say a step's message, unless it is advertising that may not go."""
        kind = step.kind or self.default_kind
        if self.is_barred(kind):
            return
        rich = self.render(written)
        if kind == "advertising":
            rich = self.with_advert_marks(rich, step)
        self.tell(rich, buttons, kind=kind, media=tuple(step.media()), typing_us=step.typing)

    def is_barred(self, kind: MessageKind) -> bool:
        """Whether it is advertising that may not go to the person; the journal says so."""
        barred = kind == "advertising" and not self.may_advertise()
        if barred:
            self.note("skipped", reason="no advertising consent")
        return barred

    def tell(
        self,
        text: RichText,
        buttons: tuple[Button, ...] = (),
        *,
        kind: MessageKind | None = None,
        media: tuple[Media, ...] = (),
        columns: int | None = None,
        typing_us: int = 0,
        visit: int = 0,
        restates: bool = False,
    ) -> int:
        """Say a message; its number comes back."""
        kind = kind or self.default_kind
        message = Message(text, buttons, columns, media, kind, typing_us, restates)
        number = self.turn.number()
        lane: Lane = "letter" if self.turn.by_clock else "reply"
        self.turn.do(effects.Say(number, message, lane, self.run.number, self.place, visit))
        return number

    def say_button(self, button: SayButton) -> Button:
        """A button of a ``say`` with its meaning frozen now."""
        return freezing.say_button(self, button)

    def ask(self, step: Question) -> Move:
        """Ask the question on the stage and rest there."""
        return asking.ask(self, step)

    def answer_action(self, what: str, **more: Any) -> dict[str, Any]:
        """The frozen meaning of a button of the question on the stage."""
        return freezing.answer_action(self, what, more)

    def back_text(self) -> str:
        """The text of the back button, empty at the first question of a play."""
        assert self.play is not None
        return self.program.funnel.back if len(self.play.trail) > 1 else ""

    def agreed(self, document: str) -> bool:
        """Whether the person agreed to the document's present version."""
        given = self.person.consents.get(document)
        known = self.bundle.documents.get(document)
        if given is None or known is None:
            return False
        return given.action == "given" and given.version == known.version

    def may_advertise(self) -> bool:
        """Whether advertising may go to the person on this channel."""
        given = self.person.consents.get("advertising")
        return given is not None and given.action == "given" and not self.bundle.deny_advertising

    def moment_in(self, field: str) -> datetime | None:
        """The moment that a field holds."""
        value = self.context().get(field)
        return value if isinstance(value, datetime) else None

    def save(self, name: str, value: Any) -> None:
        """Put a value in a field, read as the field's type."""
        marking.save(self, name, value)

    def add(self, name: str, amount: float) -> None:
        """Add to a field or to ``score``."""
        marking.add(self, name, amount)

    def let_go(self, field: str) -> None:
        """The booked time in the field is nobody's any more."""
        booking.let_go(self, field)

    def forget_answer(self, place: str) -> None:
        """Take back what the place's last answer gave."""
        marking.forget_answer(self, place)

    def tag(self, tags: tuple[str, ...] | list[str]) -> None:
        """Give tags."""
        marking.tag(self, tags)

    def untag(self, tags: tuple[str, ...] | list[str]) -> None:
        """Take tags away."""
        marking.untag(self, tags)

    def start_series(self, name: str) -> None:
        """Start a series."""
        lettering.start(self, name)

    def stop_series(self, name: str, reason: str) -> None:
        """Stop a series, or all of the run's (empty name)."""
        for each in [name] if name else list(self.run.series):
            lettering.stop(self, each, reason)

    def capture_lead(self, step: Lead) -> None:
        """Capture or update the run's lead."""
        marking.capture_lead(self, step)

    def notify(self, team: str, written: WrittenText) -> None:
        """Tell the team, with times in its zone."""
        frame = Frame(self.language, ZoneInfo(self.bundle.timezone), self.person.gender)
        text = written.compiled.words(self.context(), frame)
        self.turn.do(effects.Notify(self.run.number, team, text))

    def with_advert_marks(self, rich: RichText, step: MessageStep) -> RichText:
        """The text with what the law wants under an advert, and the way to unsubscribe."""
        return adverts.with_marks(self, rich, step)
