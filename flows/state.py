"""What is remembered of a person between events: plain data with a version, JSON in and out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

VERSION = 1
"""The version of the stored form; older ones pass through ``UPGRADES`` when they are read."""

ConsentAction = Literal["given", "refused", "withdrawn"]
Origin = Literal["person", "letter", "event", "funnel"]


@dataclass(slots=True)
class Consent:
    """The person's last word on a document."""

    action: ConsentAction
    version: str
    at_us: int


@dataclass(slots=True)
class LastQuestion:
    """The question asked last in the chat: after it was left its buttons still work.

    ``trail`` is what its play had asked when it ended, for ``back``; ``chosen`` what was marked in
    a multiple choice.
    """

    run: int
    play: int
    place: str
    visit: int
    origin: Origin
    calls: list[str]
    trail: list[Step] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Handover:
    """The conversation is in the hands of a team: the bot is silent.

    ``run`` and ``play`` are those of the step (0: a service word asked for it). ``last_us`` is the
    last word of either side, after ``quiet_us`` without one the bot returns; ``timer`` wakes it.
    ``manager`` is who took it; ``deferred`` are events that the bot hears when it is back.
    """

    team: str
    run: int
    play: int
    since_us: int
    last_us: int
    quiet_us: int
    timer: int = 0
    manager: str = ""
    deferred: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """What belongs to the person in every funnel of the bot.

    ``counter`` gives numbers to visits, runs, plays, messages and timers and never goes back.
    ``letters_sent`` are ``[moment in microseconds UTC, kind]`` of the last days, for gap and caps.
    ``pressed`` is the last answer or button that counted: pressed once more, it changes nothing.
    ``zone_source`` tells how ``zone`` is known: by an ``answer``, or it was given.
    ``known`` are fields by funnel that were known before the first run. ``uid`` tells people apart
    for good: sticky chance hangs on it; ``splits`` hold the variants that fell to the person.
    ``album`` is the album whose files came last, and the answer that they are part of.
    ``stopped`` that they said «стоп» and began nothing since.
    """

    first_name: str = ""
    last_name: str = ""
    username: str = ""
    gender: str = ""
    zone: str = ""
    zone_source: str = ""
    tags: list[str] = field(default_factory=list)
    consents: dict[str, Consent] = field(default_factory=dict)
    counter: int = 0
    letters_sent: list[list[Any]] = field(default_factory=list)
    last: LastQuestion | None = None
    blocked: bool = False
    phone: str = ""
    pressed: str = ""
    album: dict[str, Any] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    uid: str = ""
    splits: dict[str, str] = field(default_factory=dict)
    handover: Handover | None = None
    stopped: bool = False


@dataclass(slots=True)
class Rest:
    """Where a play rests: the place, the visit's number and what the place remembers.

    ``base_us`` is the person's last act there (silence counts from it or from the delivery of
    ``message``), ``reminders`` how many silence items passed, ``bad`` how many bad answers,
    ``timer`` the number of the living silence timer, ``parked`` whether a newer question lies
    on it, ``chosen`` the options marked in a multiple choice; ``offer`` the free times of a
    question for one, microseconds UTC, ``view`` which of them are shown.
    """

    place: str
    visit: int
    message: int
    base_us: int
    reminders: int = 0
    bad: int = 0
    timer: int = 0
    parked: bool = False
    chosen: list[int] = field(default_factory=list)
    offer: list[int] = field(default_factory=list)
    view: str = ""


@dataclass(slots=True)
class Pause:
    """Where a play stands still and no question is open: a ``wait`` or a call outside.

    ``base_us`` is when it came there and ``until_us`` when it goes on by itself (None: when the
    answer comes), ``timer`` the number of the living timer. ``request`` is the number of the
    outside call (``effects.Request``) whose answer is awaited, 0 in a ``wait``; ``by_clock`` tells
    that the clock had set the play off. ``answer`` came in quiet hours and waits for their end.
    """

    place: str
    visit: int
    base_us: int
    until_us: int | None = None
    timer: int = 0
    request: int = 0
    by_clock: bool = False
    answer: dict[str, Any] | None = None


@dataclass(slots=True)
class Step:
    """A question that was asked in a play, with what ``back`` puts back."""

    place: str
    calls: list[str]
    score: float
    tags: list[str]
    fields: dict[str, Any]
    answers: dict[str, dict[str, Any]]


@dataclass(slots=True)
class Play:
    """One flow being played; ``calls`` are the addresses of the ``call`` steps to come back to."""

    number: int
    origin: Origin
    flow: str
    calls: list[str] = field(default_factory=list)
    rest: Rest | None = None
    pause: Pause | None = None
    trail: list[Step] = field(default_factory=list)
    asked: bool = False
    button: str = ""

    @property
    def stand(self) -> Rest | Pause | None:
        """Where the play stands: at its question, or where it waits without one."""
        return self.rest or self.pause


@dataclass(slots=True)
class SeriesRun:
    """A series that runs: the next letter, its planned moment and the timer that wakes it.

    ``previous_us`` is the planned moment of the previous letter (the start, before the first) and
    ``sent_us`` when it really went; ``due_us`` is the moment after moving. ``held`` is set while
    the letter waits for an open question, ``parked`` while its field is empty. ``excused_us`` is the
    latest moment to which window, days, gap and limits moved a letter: up to it none is late.
    """

    letter: str
    started_us: int
    previous_us: int
    sent_us: int = 0
    planned_us: int | None = None
    due_us: int | None = None
    timer: int = 0
    held_us: int | None = None
    parked: bool = False
    excused_us: int = 0


@dataclass(slots=True)
class Run:
    """A person's pass through a funnel.

    ``manager`` is who took its lead or the conversation.
    ``answers`` remember what an option gave, to take it back; ``done`` are series that ran out.
    """

    number: int
    funnel: str
    program: str
    entered_us: int
    ended_us: int | None = None
    link: str = ""
    source: str = ""
    score: float = 0
    lead: bool = False
    leads: dict[str, int] = field(default_factory=dict)
    clicks: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    manager: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    plays: list[Play] = field(default_factory=list)
    series: dict[str, SeriesRun] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Conversation:
    """A person in one bot: the person and the runs in the order they began.

    The last run of each funnel stays when it ended, because its buttons and fields live on.
    """

    person: Person = field(default_factory=Person)
    runs: list[Run] = field(default_factory=list)


def person_to_json(person: Person) -> dict[str, Any]:
    """A JSON object with its version under ``v``."""
    return {"v": VERSION, **asdict(person)}


def run_to_json(run: Run) -> dict[str, Any]:
    """A JSON object with its version under ``v``."""
    return {"v": VERSION, **asdict(run)}


def person_from_json(data: dict[str, Any]) -> Person:
    """The person that was stored."""
    data = {name: value for name, value in data.items() if name != "v"}
    data["consents"] = {name: Consent(**item) for name, item in data["consents"].items()}
    data["last"] = _last(data["last"]) if data["last"] else None
    data["handover"] = Handover(**data["handover"]) if data.get("handover") else None
    return Person(**data)


def _last(data: dict[str, Any]) -> LastQuestion:
    return LastQuestion(**{**data, "trail": [Step(**step) for step in data.get("trail", ())]})


def run_from_json(data: dict[str, Any]) -> Run:
    """The run that was stored."""
    data = {name: value for name, value in data.items() if name != "v"}
    data["plays"] = [_play(item) for item in data["plays"]]
    data["series"] = {name: SeriesRun(**item) for name, item in data["series"].items()}
    return Run(**data)


def conversation_to_json(conversation: Conversation) -> dict[str, Any]:
    """The whole conversation as one JSON object, for tests and tools."""
    runs = [run_to_json(run) for run in conversation.runs]
    return {"person": person_to_json(conversation.person), "runs": runs}


def conversation_from_json(data: dict[str, Any]) -> Conversation:
    """The conversation that was stored."""
    runs = [run_from_json(item) for item in data["runs"]]
    return Conversation(person_from_json(data["person"]), runs)


def _play(data: dict[str, Any]) -> Play:
    rest = Rest(**data["rest"]) if data["rest"] else None
    pause = Pause(**data["pause"]) if data.get("pause") else None
    trail = [Step(**step) for step in data["trail"]]
    return Play(**{**data, "rest": rest, "pause": pause, "trail": trail})
